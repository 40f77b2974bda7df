"""Tags of a whole library: what renaming, merging and deleting would change, and near-duplicates.

Everything here is a plan; carrying it out is one step of the library, with one undo.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from reader.model.entry import Entry, EntryId
from reader.model.errors import WrongUsage
from reader.model.text import clean_tag, folded
from reader.model.words import unaccented
from reader.recall.counts import TagCount
from reader.recall.spelling import distance


@dataclass(frozen=True, slots=True)
class Retagging:
    """What changes on one entry: removals first, so that a tag can change its spelling."""

    id: EntryId
    removed: tuple[str, ...]
    added: tuple[str, ...]


def renamed(entries: Iterable[Entry], old: str, new: str) -> list[Retagging]:
    """`old` and all beneath it become `new` and what lies beneath; entries without it stay.

    Raises WrongUsage where a name is empty or `new` lies beneath `old`.
    """
    return merged(entries, [old], new)


def merged(entries: Iterable[Entry], olds: Sequence[str], new: str) -> list[Retagging]:
    """Every one of `olds`, and what lies beneath it, becomes `new`. Raises WrongUsage."""
    into = _named(new)
    froms = [_named(old) for old in olds]
    for old in froms:
        if folded(into).startswith(folded(old) + "/"):
            raise WrongUsage(f"{into!r} lies beneath {old!r}: a tag cannot move into itself")
    plan = (_moved(entry, froms, into) for entry in entries)
    return [each for each in plan if each is not None]


def deleted(entries: Iterable[Entry], tag: str) -> list[Retagging]:
    """The tag goes, with all beneath it. Raises WrongUsage for an empty name."""
    name = _named(tag)
    found: list[Retagging] = []
    for entry in entries:
        gone = tuple(each for each in entry.tags if _beneath(each, name) is not None)
        if gone:
            found.append(Retagging(entry.id, gone, ()))
    return found


def _named(tag: str) -> str:
    name = clean_tag(tag)
    if not name:
        raise WrongUsage(f"{tag[:40]!r} is not the name of a tag")
    return name


def _beneath(tag: str, name: str) -> str | None:
    """What follows the name in a tag that is it or lies beneath it; `None` for any other."""
    depth = name.count("/") + 1
    levels = tag.split("/")
    if folded("/".join(levels[:depth])) != folded(name):
        return None
    return "".join(f"/{level}" for level in levels[depth:])


def _moved(entry: Entry, froms: Sequence[str], into: str) -> Retagging | None:
    removed, added = [], []
    for tag in entry.tags:
        for old in froms:
            rest = _beneath(tag, old)
            if rest is not None and tag != into + rest:
                removed.append(tag)
                added.append(into + rest)
                break
    held = set(entry.tags) - set(removed)
    missing = {folded(tag): tag for tag in added if tag not in held}
    return Retagging(entry.id, tuple(removed), tuple(missing.values())) if removed else None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Tags that probably mean the same; `keep` is the one borne most, `why` a word for people."""

    keep: str
    others: tuple[str, ...]
    why: str


_ENDINGS: Final = ("s", "es", "n", "en", "e", "er", "x")


def near_duplicates(tags: Sequence[TagCount]) -> list[Proposal]:
    """Tags that differ in signs, accents, plural or a slip of the pen, the most used first.

    Tags on different levels, and numbers (`2024`, `2025`), are never alike.
    """
    own = sorted((tag for tag in tags if tag.own), key=lambda tag: (-tag.own, folded(tag.tag)))
    taken: set[str] = set()
    found: list[Proposal] = []
    for position, tag in enumerate(own):
        if tag.tag in taken:
            continue
        alike = [
            (other.tag, why)
            for other in own[position + 1 :]
            if other.tag not in taken and (why := _why_alike(tag.tag, other.tag))
        ]
        if alike:
            taken.update(name for name, _ in alike)
            found.append(Proposal(tag.tag, tuple(name for name, _ in alike), alike[0][1]))
    return found


def _why_alike(one: str, other: str) -> str:
    above, _, name = unaccented(one).rpartition("/")
    other_above, _, other_name = unaccented(other).rpartition("/")
    if above != other_above:
        return ""
    plain, other_plain = (re.sub(r"[\W_]+", "", each) for each in (name, other_name))
    if plain == other_plain:
        return "written differently"
    if any(each.isdecimal() for each in re.findall(r"\d+|\D+", plain + other_plain)):
        return ""
    shorter, longer = sorted((plain, other_plain), key=len)
    if len(shorter) >= 3 and (
        longer in {shorter + ending for ending in _ENDINGS}
        or (shorter.endswith("y") and longer == shorter[:-1] + "ies")
    ):
        return "singular and plural"
    allowed = 1 if len(shorter) >= 5 else 0
    allowed = 2 if len(shorter) >= 9 else allowed
    if allowed and distance(plain, other_plain, allowed) <= allowed:
        return "spelt alike"
    return ""
