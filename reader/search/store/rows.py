"""Conversion between entries and cache rows."""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from reader.model.entry import Entry, EntryId, FetchStatus
from reader.model.text import fold_case
from reader.model.tokenizer import fold_accents
from reader.model.urls import MIN_PREFIX, host_of
from reader.search.store.cache_state import invalidate_all, next_generation

ENTRY_COLUMNS: Final = (
    "id, url, title, added, byline, site, published, language, tags, words, progress, finished, "
    "starred, archived, trashed, fetch, reason, highlights, noted, pictured, offline, folder, "
    "milliseconds, counter, device"
)
"""Columns of `entries` in the order of `entry_from_row`: the fields of `Entry`."""

_STATES: Final = {"unread": 0, "reading": 1, "read": 2}
_FETCHES: Final = {FetchStatus.DONE: 0, FetchStatus.QUEUED: 1, FetchStatus.FAILED: 2}
_BATCH: Final = 500
_UPSERT_ENTRY: Final = (
    f"insert into entries (row, {ENTRY_COLUMNS}) values (?{', ?' * 25}) on conflict (row) do update set "
    + ", ".join(f"{name} = excluded.{name}" for name in ENTRY_COLUMNS.split(", "))
)
_FACT_COLUMNS: Final = (
    "stamp, id, trashed, state, starred, archived, fetch, highlights, noted, pictured, tagged, "
    "offline, words, minutes, minutes_left, progress, language, site, byline, published, lot, version"
)
_UPSERT_FACTS: Final = (
    f"insert into facts (row, {_FACT_COLUMNS}) values (?{', ?' * 22}) on conflict (row) do update set "
    + ", ".join(f"{name} = excluded.{name}" for name in _FACT_COLUMNS.split(", "))
)


@dataclass(frozen=True, slots=True)
class CacheRow:
    """An entry with its library document, note and highlights.

    `document` is the record as the library stores it, so that later changes can be folded into it
    without the library. `highlights` are quotes, each followed by its note.
    """

    entry: Entry
    document: str
    note: str = ""
    highlights: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HiddenRecord:
    """A record that lists never show: purged, or merged into the article `same`."""

    document: str
    same: str | None = None


def entry_from_row(values: Sequence[Any]) -> Entry:
    """Return the entry in a row of `ENTRY_COLUMNS`."""
    (entry_id, url, title, added, byline, site, published, language, tags, words, progress, finished,
     starred, archived, trashed, fetch, reason, highlights, noted, pictured, offline, folder,
     milliseconds, counter, device) = values[:25]  # fmt: skip
    return Entry(
        entry_id, url, title, added, byline, site, published, language,
        tuple(tags.split("\n")) if tags else (), words, progress, bool(finished), bool(starred),
        bool(archived), bool(trashed), FetchStatus(fetch), reason, highlights, bool(noted),
        bool(pictured), bool(offline), folder, (milliseconds, counter, device),
    )  # fmt: skip


def read_entries(connection: sqlite3.Connection, rows: Sequence[int]) -> list[Entry]:
    """Return the entries of these rows, in the given order."""
    found: dict[int, Entry] = {}
    for at in range(0, len(rows), _BATCH):
        chunk = list(rows[at : at + _BATCH])
        marks = ", ".join("?" * len(chunk))
        sql = f"select {ENTRY_COLUMNS}, row from entries where row in ({marks})"
        found.update(
            (values[25], entry_from_row(values)) for values in connection.execute(sql, chunk)
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


def _common_prefix_length(one: str, other: str) -> int:
    return next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        len(other),
    )


def sort_stamp(entry: Entry) -> str:
    """Return a text that sorts like the entry's times: `added`, then the creation clock."""
    milliseconds, counter, device = entry.created
    return f"{entry.added}{max(milliseconds, 0):015d}{max(counter, 0):010d}{device}"


def upsert(connection: sqlite3.Connection, rows: Iterable[CacheRow]) -> set[EntryId]:
    """Insert or replace the rows and queue changed texts for indexing; return changed ids.

    Runs inside the caller's transaction.
    """
    version = next_generation(connection)
    changed: set[EntryId] = set()
    remaining = iter(rows)
    while batch := {row.entry.id: row for row in islice(remaining, _BATCH)}:
        changed |= _upsert_batch(connection, list(batch.values()), version)
    return changed


def _upsert_batch(
    connection: sqlite3.Connection, batch: list[CacheRow], version: int
) -> set[EntryId]:
    former = _existing_rows(connection, [row.entry.id for row in batch])
    following = connection.execute("select coalesce(max(row), 0) + 1 from entries").fetchone()[0]
    entries, facts, titles, documents, unindexed = [], [], [], [], []
    changed: set[EntryId] = set()
    for row in batch:
        entry = row.entry
        number, known, textual, present = former.get(entry.id, (None, None, None, False))
        if number is None:
            number, following = following, following + 1
        documents.append(
            (number, row.document, text_fingerprint(row), row.note, "\0".join(row.highlights))
        )
        if textual != text_fingerprint(row) or not present:
            unindexed.append((number,))
        if known == entry and present:
            continue
        changed.add(entry.id)
        entries.append((number, *_entry_columns(entry)))
        facts.append((number, *_fact_columns(connection, entry), version))
        if known is None or not present or known.title != entry.title:
            titles.append((number, fold_accents(entry.title)))
        if (
            known is None
            or not present
            or (known.tags, known.trashed) != (entry.tags, entry.trashed)
        ):
            write_tags(connection, number, entry, known is not None)
    connection.executemany(_UPSERT_ENTRY, entries)
    connection.executemany(_UPSERT_FACTS, facts)
    connection.executemany("insert or replace into titles values (?, ?)", titles)
    connection.executemany("insert or replace into documents values (?, ?, ?, ?, ?)", documents)
    connection.executemany("insert or ignore into unindexed values (?)", unindexed)
    connection.executemany("delete from gone where id = ?", [(row.entry.id,) for row in batch])
    return changed


def _existing_rows(
    connection: sqlite3.Connection, ids: Sequence[EntryId]
) -> dict[str, tuple[int, Entry, int, bool]]:
    """Return row, entry, text fingerprint and visibility of the existing ids."""
    marks = ", ".join("?" * len(ids))
    found = connection.execute(
        f"select {ENTRY_COLUMNS}, entries.row, textual, exists (select 1 from facts f where f.row ="
        f" entries.row) from entries left join documents using (row) where entries.id in ({marks})",
        ids,
    )
    return {
        values[0]: (values[25], entry_from_row(values), values[26], bool(values[27]))
        for values in found
    }


def text_fingerprint(row: CacheRow) -> int:
    """Return a checksum of everything the full text consists of."""
    entry = row.entry
    parts = (entry.title, entry.byline or "", entry.folder or "", row.note, *row.highlights)
    return zlib.crc32("\0".join(parts).encode("utf-8", "surrogatepass"))


def _entry_columns(entry: Entry) -> tuple[Any, ...]:
    return (
        entry.id, entry.url, entry.title, entry.added, entry.byline, entry.site, entry.published,
        entry.language, "\n".join(entry.tags), entry.words, entry.progress, entry.finished,
        entry.starred, entry.archived, entry.trashed, str(entry.fetch), entry.reason,
        entry.highlights, entry.has_note, entry.has_images, entry.has_text, entry.folder, *entry.created,
    )  # fmt: skip


def _fact_columns(connection: sqlite3.Connection, entry: Entry) -> tuple[Any, ...]:
    # Imported here: the query language takes as long to import as everything else.
    from reader.model.query import TextField, field_text, published_sort_key, random_key

    site = intern_value(
        connection, "site", field_text(TextField.SITE, entry), entry.site or host_of(entry.url)
    )
    byline = intern_value(connection, "byline", field_text(TextField.BY, entry), entry.byline or "")
    language = (entry.language or "").casefold().replace("_", "-")
    return (
        sort_stamp(entry), entry.id, entry.trashed, _STATES[entry.state], entry.starred, entry.archived,
        _FETCHES[entry.fetch], entry.highlights, entry.has_note, entry.has_images, bool(entry.tags),
        entry.has_text, entry.words, entry.minutes, entry.minutes_left, entry.progress, language, site,
        byline, published_sort_key(entry.published), random_key(entry.id),
    )  # fmt: skip


def intern_value(connection: sqlite3.Connection, kind: str, key: str, shown: str) -> int:
    """Return the number of the site, byline or tag with this key, creating it if new.

    A tag's key column is `folded`; its spelling is the last one written.
    """
    column = "folded" if kind == "tag" else "key"
    found = connection.execute(f"select {kind} from {kind}s where {column} = ?", (key,)).fetchone()
    if found is not None:
        return int(found[0])
    made = connection.execute(f"insert into {kind}s ({column}, shown) values (?, ?)", (key, shown))
    return int(made.lastrowid or 0)


def write_tags(connection: sqlite3.Connection, number: int, entry: Entry, known: bool) -> None:
    """Write the entry's tags with all their parent levels; delete unused tags."""
    dropped: list[tuple[int]] = []
    if known:
        dropped = connection.execute("select tag from tagged where row = ?", (number,)).fetchall()
        connection.execute("delete from tagged where row = ?", (number,))
    levels: dict[str, tuple[str, bool, bool]] = {}
    for name in entry.tags:
        for above, is_own in _tag_levels(name):
            key = fold_case(above)
            shown, own, nested = levels.get(key, (above, False, False))
            levels[key] = (above if is_own else shown, own or is_own, nested or not is_own)
    for key, (shown, own, nested) in levels.items():
        number_of_tag = intern_value(connection, "tag", key, shown)
        if own:
            connection.execute(
                "update tags set shown = ? where tag = ? and shown <> ?",
                (shown, number_of_tag, shown),
            )
        connection.execute(
            "insert into tagged values (?, ?, ?, ?, ?)",
            (number_of_tag, number, own, nested, not entry.trashed),
        )
    connection.executemany(
        "delete from tags where tag = ? and tag not in (select tag from tagged)",
        dropped,
    )


def _tag_levels(name: str) -> Iterator[tuple[str, bool]]:
    """Yield the tag and each parent level, with whether it is the tag itself."""
    yield name, True
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name, False


def put_hidden(connection: sqlite3.Connection, gone: Mapping[EntryId, HiddenRecord]) -> None:
    """Store records that lists do not show, so that later changes can be folded in."""
    connection.executemany(
        "insert or replace into gone values (?, ?, ?)",
        [(entry_id, each.document, each.same) for entry_id, each in gone.items()],
    )


def remove(connection: sqlite3.Connection, ids: Iterable[EntryId]) -> set[EntryId]:
    """Remove the entries from every list; return those that were listed.

    Runs inside the caller's transaction. Their rows in `entries` stay for lists still on a screen.
    """
    gone: set[EntryId] = set()
    for entry_id in ids:
        former = _existing_rows(connection, [entry_id])
        if entry_id not in former or not former[entry_id][3]:
            continue
        number, entry, _, _ = former[entry_id]
        gone.add(entry_id)
        for table in ("facts", "titles", "documents", "unindexed"):
            connection.execute(f"delete from {table} where row = ?", (number,))
        write_tags(connection, number, Entry(entry.id, None, "", entry.added), True)
    if gone:
        invalidate_all(connection)
    return gone
