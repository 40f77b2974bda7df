"""The rules of the settings carried out: on what was just saved, or on demand after a preview."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from reader.model.change import Change
from reader.model.entry import Entry, EntryId
from reader.model.rules import Rule, change_for, parse_rules
from reader.services.entries import plural
from reader.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """What the rules would change on an entry."""

    entry: Entry
    change: Change

    @property
    def description(self) -> str:
        """The change in a few words: `#tag archive star`."""
        done = [f"#{tag}" for tag in self.change.add_tags]
        done += ["archive"] if self.change.archived else []
        done += ["star"] if self.change.starred else []
        return " ".join(done)


def plan_effects(
    shelf: Workspace, rules: Sequence[Rule], among: Collection[EntryId] | None = None
) -> list[RuleEffect]:
    """What would change, in the order of the first rule that says so; nothing is changed.

    `among` are the only entries to look at, all for None. Every rule judges entries as they are
    now, so the order of rules does not matter.
    """
    cache = shelf.synced_cache(text=True)
    matching: dict[EntryId, tuple[Entry, list[Rule]]] = {}
    for rule in rules:
        for entry in cache.listing(rule.when, now=shelf.now()):
            if among is None or entry.id in among:
                matching.setdefault(entry.id, (entry, []))[1].append(rule)
    found = ((entry, change_for(those, entry)) for entry, those in matching.values())
    return [RuleEffect(entry, change) for entry, change in found if change is not None]


def apply_rules(shelf: Workspace, ids: Collection[EntryId]) -> int:
    """Carry out the rules of the settings on what just came; returns how many changed.

    A step of its own.
    """
    if not shelf.settings.rules or not ids:
        return 0
    return apply_all(shelf, plan_effects(shelf, parse_rules(shelf.settings.rules), ids))


def apply_all(shelf: Workspace, planned: Sequence[RuleEffect]) -> int:
    """Change what was planned, as one step; returns how many changed. One fsync."""
    if not planned:
        return 0
    changes = {effect.entry.id: effect.change for effect in planned}
    return shelf.library.change(changes, step=f"applied rules to {plural(len(changes))}")
