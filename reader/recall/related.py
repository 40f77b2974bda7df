"""The articles of the library that are most like one of them, by text and by tags."""

import sqlite3
from dataclasses import dataclass
from typing import Final

from reader.model.entry import Entry
from reader.recall.likeness import alike, key_terms
from reader.recall.rows import entries_of

_LEAST: Final = 0.12
_TAGS: Final = 0.3
"""What sharing all tags adds, beside the share of the text's weight."""


@dataclass(frozen=True, slots=True)
class Kin:
    """An alike article; `likeness` grows from 0.0, `shared` are tags that both bear."""

    entry: Entry
    likeness: float
    shared: tuple[str, ...] = ()


def related(connection: sqlite3.Connection, entry: Entry, body: str, limit: int = 8) -> list[Kin]:
    """The most alike articles out of the trash, best first; empty where nothing is alike."""
    own = {tag.casefold() for tag in entry.tags}
    near = alike(connection, key_terms(connection, entry.title, body), entry.id, 4 * limit)
    shares = {each.row: each.share for each in near}
    found: list[Kin] = []
    for row, other in zip(shares, entries_of(connection, list(shares)), strict=True):
        shared = tuple(tag for tag in other.tags if tag.casefold() in own)
        either = len(own) + len(other.tags) - len(shared)
        found.append(Kin(other, shares[row] + _TAGS * len(shared) / max(either, 1), shared))
    found.sort(key=lambda kin: (-kin.likeness, kin.entry.id))
    return [kin for kin in found[:limit] if kin.likeness >= _LEAST]
