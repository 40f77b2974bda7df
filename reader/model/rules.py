"""Rules of the settings: what matches a query is tagged, archived or starred."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reader.model.change import Change
from reader.model.entry import Entry
from reader.model.errors import QueryError, SettingsError
from reader.model.query import Query, parse
from reader.model.text import clean_tag, fold_case


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: entries that `when` matches gain tags, a star, or are archived."""

    when: Query
    tags: tuple[str, ...] = ()
    archive: bool = False
    star: bool = False

    def __str__(self) -> str:
        done = [f"tag {', '.join(self.tags)}"] if self.tags else []
        done += ["archive"] if self.archive else []
        done += ["star"] if self.star else []
        return f"{self.when or 'everything'}: {' and '.join(done)}"


def parse_rules(rows: Sequence[Mapping[str, str]]) -> list[Rule]:
    """Return the rules of the settings' `[[rules]]`; raises as `rule_of` does."""
    return [parse_rule(row) for row in rows]


def parse_rule(row: Mapping[str, str]) -> Rule:
    """Parse a row of rules: `query`, `tag` (comma-separated names), `do`.

    `do` holds `archive`, `star` or both. Raises SettingsError with the fault.
    """
    if unknown := sorted(row.keys() - {"query", "tag", "do"}):
        raise SettingsError(f"rule: {unknown[0]!r} is none of query, tag, do")
    try:
        when = parse(row.get("query", ""))
    except QueryError as error:
        raise SettingsError(f"rule: {error}") from error
    if when.where is None:
        raise SettingsError("rule: needs a query, else it would match everything")
    actions = set(row.get("do", "").replace(",", " ").casefold().split())
    if wrong := sorted(actions - {"archive", "star"}):
        raise SettingsError(f"rule: do knows archive and star, not {wrong[0]!r}")
    tags = tuple(tag for tag in (clean_tag(name) for name in row.get("tag", "").split(",")) if tag)
    if not tags and not actions:
        raise SettingsError("rule: says nothing to do: give tag or do")
    return Rule(when, tags, "archive" in actions, "star" in actions)


def change_for(matching: Iterable[Rule], entry: Entry) -> Change | None:
    """Return the change that matching rules make to an entry; `None` if there is none."""
    borne = {fold_case(tag) for tag in entry.tags}
    tags: dict[str, str] = {}
    archive = star = False
    for rule in matching:
        tags.update(
            {fold_case(tag): tag for tag in rule.tags if fold_case(tag) not in borne | tags.keys()}
        )
        archive |= rule.archive and not entry.archived
        star |= rule.star and not entry.starred
    if not (tags or archive or star):
        return None
    return Change(
        add_tags=tuple(tags.values()),
        archived=True if archive else None,
        starred=True if star else None,
    )
