"""The rows of the cache as values, and reading entries from them."""

import sqlite3
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from reader.model.entry import MIN_READING_PROGRESS, Entry, EntryId, FetchStatus, minutes_left_of
from reader.model.urls import MIN_PREFIX

ENTRY_COLUMNS: Final = (
    "id, url, title, added, byline, site, published, language, tags, words, progress, finished, "
    "starred, archived, trashed, fetch, reason, highlights, noted, pictured, offline, folder, "
    "milliseconds, counter, device, labels"
)
"""Columns of `entries` in the order of `entry_from_row`: the fields of `Entry`."""
ENTRY_WIDTH: Final = len(ENTRY_COLUMNS.split(", "))
ROWS_PER_STATEMENT: Final = 500
"""Rows of one statement: SQLite before 3.32 allows 999 parameters."""
_MIN_ALL_IDS: Final = 2_000
"""Ids from which reading all of 100,000 takes less time than two look-ups for each."""


class CacheRow(NamedTuple):
    """An entry with its library document, note and highlights.

    `document` is the record as the library stores it, so that later changes can be folded into it
    without the library. `highlights` are quotes, each followed by its note. `updated` is the time of
    the last change, in milliseconds since 1970.
    """

    entry: Entry
    document: str
    note: str = ""
    highlights: tuple[str, ...] = ()
    updated: int = 0


class LinkRow(NamedTuple):
    """A link that waits for its page, without note and highlights: most rows of an import.

    ⏱ Making a `CacheRow` and its columns takes twice as long as inserting them.
    """

    id: EntryId
    url: str | None
    title: str
    added: str
    site: str | None
    tags: tuple[str, ...]
    finished: bool
    starred: bool
    archived: bool
    trashed: bool
    created: tuple[int, int, str]
    document: str
    updated: int

    def as_cache_row(self) -> CacheRow:
        """Return the row with all its fields."""
        entry = Entry(
            self.id, self.url, self.title, self.added, site=self.site, tags=self.tags,
            finished=self.finished, starred=self.starred, archived=self.archived,
            trashed=self.trashed, fetch=FetchStatus.QUEUED, created=self.created,
        )  # fmt: skip
        return CacheRow(entry, self.document, updated=self.updated)


Rows = Sequence[CacheRow | LinkRow]


class FlagRow(NamedTuple):
    """The fields of an entry that `update_flags` reads, with its library document.

    ⏱ A tuple, because making an `Entry` takes as long as updating its rows.
    """

    id: EntryId
    document: str
    words: int
    progress: float
    finished: bool
    starred: bool
    archived: bool
    trashed: bool
    updated: int = 0
    tags: tuple[str, ...] = ()

    @property
    def state(self) -> int:
        """Return the number of the state, as `state_of` does."""
        return state_of(self.finished, self.progress)

    @property
    def minutes_left(self) -> int:
        """Return the minutes left of the text."""
        return minutes_left_of(self.words, self.progress, self.finished)


class HiddenRecord(NamedTuple):
    """A record that lists never show: purged, or merged into the article `same`."""

    document: str
    same: str | None = None


def entry_from_row(values: Sequence[Any]) -> Entry:
    """Return the entry in a row of `ENTRY_COLUMNS`."""
    (entry_id, url, title, added, byline, site, published, language, tags, words, progress, finished,
     starred, archived, trashed, fetch, reason, highlights, noted, pictured, offline, folder,
     milliseconds, counter, device, labels) = values[:ENTRY_WIDTH]  # fmt: skip
    return Entry(
        entry_id, url, title, added, byline, site, published, language,
        tuple(tags.split("\n")) if tags else (), words, progress, bool(finished), bool(starred),
        bool(archived), bool(trashed), FetchStatus(fetch), reason, highlights, bool(noted),
        bool(pictured), bool(offline), folder, (milliseconds, counter, device),
        tuple(labels.split("\n")) if labels else (),
    )  # fmt: skip


def read_entries(connection: sqlite3.Connection, rows: Sequence[int]) -> list[Entry]:
    """Return the entries of these rows, in the given order."""
    found: dict[int, Entry] = {}
    for at in range(0, len(rows), ROWS_PER_STATEMENT):
        chunk = list(rows[at : at + ROWS_PER_STATEMENT])
        marks = ", ".join("?" * len(chunk))
        sql = f"select {ENTRY_COLUMNS}, row from entries where row in ({marks})"
        found.update(
            (values[ENTRY_WIDTH], entry_from_row(values))
            for values in connection.execute(sql, chunk)
        )
    return [found[row] for row in rows if row in found]


def shortest_prefix(connection: sqlite3.Connection, entry_id: EntryId) -> str:
    """Return the shortest unique prefix of the id, at least 4 characters."""
    neighbours = connection.execute(
        "select max(id) from entries where id < :id union all"
        " select min(id) from entries where id > :id",
        {"id": entry_id},
    )
    shared = max(_common_prefix_length(entry_id, other or "") for (other,) in neighbours)
    return entry_id[: max(shared + 1, MIN_PREFIX)]


def shortest_prefixes(
    connection: sqlite3.Connection, ids: Collection[EntryId]
) -> dict[EntryId, str]:
    """Return for each id what `shortest_prefix` does; for many ids all are read once."""
    if len(ids) < _MIN_ALL_IDS:
        return {each: shortest_prefix(connection, each) for each in ids}
    known = [each for (each,) in connection.execute("select id from entries order by id")]
    shared = [0, *map(_common_prefix_length, known, known[1:]), 0]
    lengths = dict(zip(known, map(max, shared, shared[1:]), strict=True))
    return {
        each: each[: max(lengths[each] + 1, MIN_PREFIX)]
        if each in lengths
        else shortest_prefix(connection, each)
        for each in ids
    }


def _common_prefix_length(one: str, other: str) -> int:
    return next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        len(other),
    )


@lru_cache(maxsize=64)
def clock_text(milliseconds: int, counter: int, device: str) -> str:
    """Return a clock as text that sorts. ⏱ Hundreds of records of a bulk change share one."""
    return f"{max(milliseconds, 0):015d}{max(counter, 0):010d}{device}"


def is_empty(connection: sqlite3.Connection) -> bool:
    """Return whether no entry was ever inserted."""
    return connection.execute("select 1 from entries limit 1").fetchone() is None


def state_of(finished: bool, progress: float) -> int:
    """Return 0 for unread, 1 for reading, 2 for read.

    ⏱ Without the enumeration, whose members hash in Python.
    """
    if finished:
        return 2
    return 1 if progress >= MIN_READING_PROGRESS else 0
