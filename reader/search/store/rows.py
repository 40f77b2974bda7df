"""Conversion between entries and cache rows."""

import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from typing import Any, Final, NamedTuple

from reader.model.entry import MIN_READING_PROGRESS, Entry, EntryId, FetchStatus, minutes_left_of
from reader.model.sort_keys import published_sort_key, random_key
from reader.model.text import fold_case, reading_minutes
from reader.model.tokenizer import fold_accents
from reader.model.urls import MIN_PREFIX, host_of
from reader.search.store.cache_state import invalidate_all, next_generation

ENTRY_COLUMNS: Final = (
    "id, url, title, added, byline, site, published, language, tags, words, progress, finished, "
    "starred, archived, trashed, fetch, reason, highlights, noted, pictured, offline, folder, "
    "milliseconds, counter, device, labels"
)
"""Columns of `entries` in the order of `entry_from_row`: the fields of `Entry`."""
ENTRY_WIDTH: Final = len(ENTRY_COLUMNS.split(", "))

_BATCH: Final = 500
"""Rows of one statement: SQLite before 3.32 allows 999 parameters."""
_FETCH_STATES: Final = (FetchStatus.DONE, FetchStatus.QUEUED, FetchStatus.FAILED)
_FETCH_TEXTS: Final = tuple(map(str, _FETCH_STATES))
_FACT_COLUMNS: Final = (
    "stamp, id, trashed, state, starred, archived, fetch, highlights, noted, pictured, tagged, "
    "offline, words, minutes, minutes_left, progress, language, site, byline, published, lot, "
    "updated, version"
)
_INSERT_ENTRY: Final = f"insert into entries (row, {ENTRY_COLUMNS}) values (?{', ?' * ENTRY_WIDTH})"
_INSERT_FACTS: Final = f"insert into facts (row, {_FACT_COLUMNS}) values (?{', ?' * 23})"
_LINK_ENTRY_COLUMNS: Final = (
    "row, id, url, title, added, site, tags, finished, starred, archived, trashed, milliseconds,"
    " counter, device"
)
_INSERT_LINK: Final = (
    f"insert into entries ({_LINK_ENTRY_COLUMNS}, words, progress, fetch, highlights, noted, pictured,"
    f" offline, labels) values (?{', ?' * 13}, 0, 0.0, 'queued', 0, 0, 0, 0, '')"
)
_INSERT_LINK_FACTS: Final = (
    "insert into facts (row, stamp, id, trashed, state, starred, archived, tagged, site, byline, lot,"
    " updated, version, fetch, highlights, noted, pictured, offline, words, minutes, minutes_left,"
    f" progress, language, published) values (?{', ?' * 12}, 1, 0, 0, 0, 0, 0, 0, 0, 0.0, '', '')"
)
"""⏱ Two thirds of the time with all columns as parameters."""
_INSERT_TITLE: Final = "insert into titles values (?, ?)"
_INSERT_DOCUMENT: Final = "insert into documents values (?, ?, ?, ?, ?)"
_INSERT_TAGGED: Final = "insert into tagged values (?, ?, ?, ?, ?)"
_ENTRY_NAMES: Final = tuple(ENTRY_COLUMNS.split(", "))
_REPLACE_ENTRY: Final = (
    f"update entries set {', '.join(f'{name} = ?' for name in _ENTRY_NAMES[1:])} where row = ?"
)
_FACT_NAMES: Final = tuple(_FACT_COLUMNS.split(", "))
_UNKNOWN: Final = (None,) * len(_FACT_NAMES)
"""Columns of `facts` that are not compared."""
_DELETE_UNUSED_TAG: Final = "delete from tags where tag = ? and not exists (select 1 from tagged where tagged.tag = tags.tag)"
_COUNT_TAGS: Final = (
    "update tags set live = (select count(*) from tagged where tagged.tag = tags.tag and live),"
    " own = (select count(*) from tagged where tagged.tag = tags.tag and live and own)"
)
_REBUILT: Final = (
    "select type, name, sql from sqlite_master where sql is not null"
    " and tbl_name in ('entries', 'facts', 'tagged') and type in ('index', 'trigger')"
)
"""Indexes and triggers of the large tables, which `fill` drops and creates again."""
_MIN_ALL_IDS: Final = 2_000
"""Ids from which reading all of 100,000 takes less time than two look-ups for each."""
_FILL_BATCH: Final = 2_000
"""Rows inserted by one call while a cache is filled: bounds the memory."""
_MAX_KNOWN_NUMBERS: Final = 50_000
"""Sites and bylines whose numbers are kept between transactions: about 10 MB."""
_SCHEMES: Final = ("https://", "http://")
_MIN_HOST_PLACE: Final = len("https://")
"""Characters of an address before the host, so that a slash behind them ends it."""
_FILL_TAGGED: Final = 200_000
"""Rows of `tagged` sorted in memory at once: about 30 MB."""
_Tagged = tuple[int, int, bool, bool, bool]
"""A row of `tagged`: tag, row, own, nested, live."""
_FLAG_COLUMNS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "finished": (("finished",), ("state", "minutes_left")),
    "progress": (("progress",), ("state", "progress", "minutes_left")),
    "starred": (("starred",), ("starred",)),
    "archived": (("archived",), ("archived",)),
    "deleted": (("trashed",), ("trashed",)),
    "position": ((), ()),
}
FLAG_FIELDS: Final = frozenset(_FLAG_COLUMNS)
"""Fields of a document that change only the columns named here, in `entries` and `facts`."""
TAG_FIELDS: Final = "tag:"
"""Stands for all tags among the fields that `update_flags` takes."""


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
        """Return the number of the state, as `state_number` does."""
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
    for at in range(0, len(rows), _BATCH):
        chunk = list(rows[at : at + _BATCH])
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


def sort_stamp(entry: Entry) -> str:
    """Return a text that sorts like the entry's times: `added`, then the creation clock."""
    return _stamp(entry.added, *entry.created)


def _stamp(added: str, milliseconds: int, counter: int, device: str) -> str:
    return added + _clock_text(milliseconds, counter, device)


@lru_cache(maxsize=64)
def _clock_text(milliseconds: int, counter: int, device: str) -> str:
    """Return a clock as text that sorts. ⏱ Hundreds of records of a bulk change share one."""
    return f"{max(milliseconds, 0):015d}{max(counter, 0):010d}{device}"


def upsert(
    connection: sqlite3.Connection,
    rows: "Iterable[CacheRow | LinkRow]",
    values: "Interner | None" = None,
) -> set[EntryId]:
    """Insert or replace the rows and queue changed texts for indexing; return changed ids.

    Runs inside the caller's transaction.
    """
    version = next_generation(connection)
    values = values or Interner(connection)
    changed: set[EntryId] = set()
    remaining = (row if isinstance(row, CacheRow) else row.as_cache_row() for row in rows)
    while batch := {row.entry.id: row for row in islice(remaining, _BATCH)}:
        changed |= _upsert_batch(connection, list(batch.values()), version, values)
    return changed


def is_empty(connection: sqlite3.Connection) -> bool:
    """Return whether no entry was ever inserted."""
    return connection.execute("select 1 from entries limit 1").fetchone() is None


def fill(
    connection: sqlite3.Connection,
    rows: "Iterable[CacheRow | LinkRow]",
    values: "Interner | None" = None,
) -> set[EntryId]:
    """Insert the rows, each id once, into a cache without entries; return the ids.

    Indexes and triggers are created after the rows: ⏱ 0.5 s instead of 3 s at 100,000. Runs inside
    the caller's transaction.
    """
    version = next_generation(connection)
    rebuilt = connection.execute(_REBUILT).fetchall()
    for kind, name, _ in rebuilt:
        connection.execute(f"drop {kind} {name}")
    values, ids, number = values or Interner(connection), set[EntryId](), 1
    tagged: list[_Tagged] = []
    remaining = iter(rows)
    while batch := list(islice(remaining, _FILL_BATCH)):
        others: list[tuple[int, CacheRow]] = []
        links: list[tuple[int, LinkRow]] = []
        for row in batch:
            if isinstance(row, LinkRow):
                links.append((number, row))
                entry: Entry | LinkRow = row
            else:
                others.append((number, row))
                entry = row.entry
            ids.add(entry.id)
            if entry.tags:
                tagged += _tagged_rows(number, entry, values)
            number += 1
        _insert_links(connection, links, version, values)
        _insert(connection, others, version, values)
        if len(tagged) >= _FILL_TAGGED:
            _insert_tagged(connection, tagged)
    _insert_tagged(connection, tagged)
    connection.execute("insert or ignore into unindexed select row from entries")
    for _, _, sql in rebuilt:
        connection.execute(sql)
    connection.execute(
        "delete from gone where exists (select 1 from entries where entries.id = gone.id)"
    )
    connection.execute(_COUNT_TAGS)
    return ids


def _insert(
    connection: sqlite3.Connection,
    numbered: Sequence[tuple[int, CacheRow]],
    version: int,
    values: "Interner",
) -> None:
    """Insert rows of unknown ids, except for their tags."""
    entries, facts, titles, documents = [], [], [], []
    for number, row in numbered:
        entry = row.entry
        documents.append(
            (number, row.document, text_fingerprint(row), row.note, "\0".join(row.highlights))
        )
        entries.append((number, *_entry_columns(entry)))
        facts.append((number, *_fact_columns(values, entry), row.updated, version))
        titles.append((number, fold_accents(entry.title)))
    connection.executemany(_INSERT_ENTRY, entries)
    connection.executemany(_INSERT_FACTS, facts)
    connection.executemany(_INSERT_TITLE, titles)
    connection.executemany(_INSERT_DOCUMENT, documents)


def _insert_links(
    connection: sqlite3.Connection,
    numbered: "Sequence[tuple[int, LinkRow]]",
    version: int,
    values: "Interner",
) -> None:
    """Insert links of unknown ids as `_insert` would, except for their tags."""
    entries, facts, titles, documents = [], [], [], []
    byline = values.number("byline", "", "") if numbered else 0
    for number, row in numbered:
        (entry_id, url, title, added, site, tags, finished, starred, archived, trashed,
         created, document, updated) = row  # fmt: skip
        entries.append(
            (number, entry_id, url, title, added, site, "\n".join(tags) if tags else "", finished,
             starred, archived, trashed, *created)
        )  # fmt: skip
        facts.append(
            (number, added + _clock_text(*created), entry_id, trashed, 2 if finished else 0,
             starred, archived, bool(tags), values.site_number(site, url), byline,
             random_key(entry_id), updated, version)
        )  # fmt: skip
        titles.append((number, title.lower() if title.isascii() else fold_accents(title)))
        documents.append((number, document, _fingerprint(title + "\0\0\0"), "", ""))
    connection.executemany(_INSERT_LINK, entries)
    connection.executemany(_INSERT_LINK_FACTS, facts)
    connection.executemany(_INSERT_TITLE, titles)
    connection.executemany(_INSERT_DOCUMENT, documents)


def _insert_tagged(connection: sqlite3.Connection, tagged: "list[_Tagged]") -> None:
    """Insert and clear the list; sorted rows append to the table's tree."""
    tagged.sort()
    connection.executemany(_INSERT_TAGGED, tagged)
    tagged.clear()


def _upsert_batch(
    connection: sqlite3.Connection, batch: list[CacheRow], version: int, values: "Interner"
) -> set[EntryId]:
    former = _existing_rows(connection, [row.entry.id for row in batch])
    following = connection.execute("select coalesce(max(row), 0) + 1 from entries").fetchone()[0]
    new: list[tuple[int, CacheRow]] = []
    # Known and not listed: `remove` has taken their facts and tags.
    back: list[tuple[int, CacheRow]] = []
    retagged: list[tuple[int, Entry | FlagRow]] = []
    entries = _ColumnChanges("entries", _ENTRY_NAMES)
    facts = _ColumnChanges("facts", _FACT_NAMES)
    replaced, listed, titles, documents, unindexed = [], [], [], [], []
    changed: set[EntryId] = set()
    for row in batch:
        entry = row.entry
        existing = former.get(entry.id)
        if existing is None:
            new.append((following, row))
            following += 1
            changed.add(entry.id)
            continue
        number, known, textual = existing
        fingerprint = text_fingerprint(row)
        documents.append((number, row.document, fingerprint, row.note, "\0".join(row.highlights)))
        if textual != fingerprint or known is None:
            unindexed.append((number,))
        if known == entry:
            # A note or a position changed: lists show the same.
            facts.add(number, _UNKNOWN, (*_UNKNOWN[:-2], row.updated, version))
            continue
        changed.add(entry.id)
        if known is None:
            replaced.append((*_entry_columns(entry)[1:], number))
            listed.append((number, *_fact_columns(values, entry), row.updated, version))
            titles.append((number, fold_accents(entry.title)))
            back.append((number, row))
            continue
        entries.add(number, _entry_columns(known), _entry_columns(entry))
        before = _fact_columns(values, known)
        facts.add(
            number, (*before, None, None), (*_fact_columns(values, entry), row.updated, version)
        )
        if known.title != entry.title:
            titles.append((number, fold_accents(entry.title)))
        if (known.tags, known.trashed) != (entry.tags, entry.trashed):
            retagged.append((number, entry))
    entries.write(connection)
    facts.write(connection)
    connection.executemany(_REPLACE_ENTRY, replaced)
    connection.executemany(_INSERT_FACTS, listed)
    connection.executemany("insert or replace into titles values (?, ?)", titles)
    connection.executemany("insert or replace into documents values (?, ?, ?, ?, ?)", documents)
    if new:
        _insert(connection, new, version, values)
        unindexed += [(row_number,) for row_number, _ in new]
    connection.executemany("insert or ignore into unindexed values (?)", unindexed)
    tagged = (_tagged_rows(number, row.entry, values) for number, row in new + back)
    _insert_tagged(connection, [each for rows in tagged for each in rows])
    if retagged:
        _replace_tags(connection, retagged, values)
    marks = ", ".join("?" * len(batch))
    connection.execute(f"delete from gone where id in ({marks})", [row.entry.id for row in batch])
    return changed


class _ColumnChanges:
    """The columns of known rows that get other values.

    ⏱ Setting a column writes all indexes that have it, even if its value stays: a change of tags
    in a fifth of the time of writing all columns.
    """

    def __init__(self, table: str, names: Sequence[str]):
        self._table = table
        self._names = names
        self._rows: dict[tuple[int, ...], list[tuple[Any, ...]]] = {}
        """By the places of the columns, their values and the row's number."""

    def add(self, number: int, before: Sequence[Any], after: Sequence[Any]) -> None:
        """Note a row's values before and after, in the order of the names."""
        if before == after:
            return
        places = tuple(
            [at for at, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
        )
        self._rows.setdefault(places, []).append((*[after[at] for at in places], number))

    def write(self, connection: sqlite3.Connection) -> None:
        """Write the columns that differ."""
        for places, rows in self._rows.items():
            assigned = ", ".join(f"{self._names[at]} = ?" for at in places)
            connection.executemany(f"update {self._table} set {assigned} where row = ?", rows)


def update_flags(
    connection: sqlite3.Connection,
    rows: Iterable[FlagRow],
    fields: Collection[str],
    version: int | None = None,
    numbers: Mapping[str, int] | None = None,
    values: "Interner | None" = None,
) -> set[EntryId]:
    """Update only the columns of `fields`; return the ids.

    The fields are in `FLAG_FIELDS`, or `TAG_FIELDS`. Every row's entry must be listed; of a batch
    with one that is not, no id is returned. `numbers` are rows that are known already. ⏱ An eighth
    of the time of `upsert`, with tags a third. Runs inside the caller's transaction.
    """
    version = next_generation(connection) if version is None else version
    columns = [_FLAG_COLUMNS[name] for name in sorted(fields) if name != TAG_FIELDS]
    in_entries = sorted({name for names, _ in columns for name in names})
    in_facts = sorted({name for _, names in columns for name in names})
    changed: set[EntryId] = set()
    # By tag, how many more live entries it has, and how many of its own.
    counts: dict[int, tuple[int, int]] = {}
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        known = numbers
        if known is None or not all(row.id in known for row in batch):
            known = _row_numbers(connection, [row.id for row in batch])
        found = [(known[row.id], row) for row in batch if row.id in known]
        written = connection.executemany(
            "update documents set document = ? where row = ?",
            [(row.document, number) for number, row in found],
        )
        if written.rowcount == len(found):
            changed.update([row.id for _, row in found])
        _update_columns(connection, "entries", in_entries, found)
        _update_columns(connection, "facts", [*in_facts, "updated"], found, version)
        if "deleted" in fields:
            for live in (True, False):
                moved = [number for number, row in found if row.trashed is not live]
                if moved:
                    _set_live(connection, moved, live, counts)
        if TAG_FIELDS in fields:
            _update_tags(connection, found, values or Interner(connection))
    connection.executemany(
        "update tags set live = live + ?, own = own + ? where tag = ?",
        [(entries, own, tag) for tag, (entries, own) in counts.items()],
    )
    return changed


def _update_tags(
    connection: sqlite3.Connection, found: Sequence[tuple[int, FlagRow]], values: "Interner"
) -> None:
    """Write the tags of these rows."""
    connection.executemany(
        "update entries set tags = ? where row = ?",
        [("\n".join(row.tags), number) for number, row in found],
    )
    # An index has this column: it is written only where it differs.
    connection.executemany(
        "update facts set tagged = ?1 where row = ?2 and tagged <> ?1",
        [(bool(row.tags), number) for number, row in found],
    )
    _replace_tags(connection, found, values)


def _set_live(
    connection: sqlite3.Connection,
    rows: Sequence[int],
    live: bool,
    counts: dict[int, tuple[int, int]],
) -> None:
    """Mark the tags of these rows as those of listed entries or not; add to the counts of tags."""
    marks = ", ".join("?" * len(rows))
    found = connection.execute(
        f"select tag, count(*), sum(own) from tagged where row in ({marks}) and live <> ? group by tag",
        (*rows, live),
    )
    for tag, entries, own in found.fetchall():
        before = counts.get(tag, (0, 0))
        counts[tag] = (
            (before[0] + entries, before[1] + own)
            if live
            else (before[0] - entries, before[1] - own)
        )
    connection.execute(f"update tagged set live = ? where row in ({marks})", (live, *rows))


def _update_columns(
    connection: sqlite3.Connection,
    table: str,
    names: Sequence[str],
    found: Sequence[tuple[int, FlagRow]],
    version: int | None = None,
) -> None:
    """Update columns of these rows; those that get the same values share a statement.

    ⏱ Half of the time of one statement for each row.
    """
    if not names:
        return
    alike: dict[Any, list[int]] = {}
    values_of = attrgetter(*names)
    for number, row in found:
        alike.setdefault(values_of(row), []).append(number)
    assigned = ", ".join(f"{name} = ?" for name in names)
    versions: tuple[int, ...] = ()
    if version is not None:
        assigned, versions = f"{assigned}, version = ?", (version,)
    for values, numbers in alike.items():
        marks = ", ".join("?" * len(numbers))
        written = values if len(names) > 1 else (values,)
        connection.execute(
            f"update {table} set {assigned} where row in ({marks})", (*written, *versions, *numbers)
        )


def _row_numbers(connection: sqlite3.Connection, ids: Sequence[EntryId]) -> dict[str, int]:
    """Return the rows of those ids that are listed."""
    marks = ", ".join("?" * len(ids))
    return dict(
        connection.execute(
            f"select entries.id, row from entries join facts using (row) where entries.id in ({marks})",
            ids,
        )
    )


def _existing_rows(
    connection: sqlite3.Connection, ids: Sequence[EntryId]
) -> dict[str, tuple[int, Entry | None, int]]:
    """Return row, entry and text fingerprint of the ids that have one.

    The entry is None if it is not listed.
    """
    marks = ", ".join("?" * len(ids))
    known = connection.execute(f"select id, row from entries where id in ({marks})", ids)
    found: dict[str, tuple[int, Entry | None, int]] = {
        entry_id: (row, None, 0) for entry_id, row in known
    }
    if found:
        marks = ", ".join("?" * len(found))
        listed = connection.execute(
            f"select {ENTRY_COLUMNS}, row, textual from entries join documents using (row)"
            f" where row in ({marks})",
            [row for row, _, _ in found.values()],
        )
        for *values, row, textual in listed:
            found[values[0]] = (row, entry_from_row(values), textual)
    return found


def text_fingerprint(row: CacheRow) -> int:
    """Return a checksum of everything the full text consists of."""
    entry = row.entry
    text = f"{entry.title}\0{entry.byline or ''}\0{entry.folder or ''}\0{row.note}"
    if row.highlights:
        text = "\0".join((text, *row.highlights))
    return _fingerprint(text)


def _fingerprint(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def _entry_columns(entry: Entry) -> tuple[Any, ...]:
    (entry_id, url, title, added, byline, site, published, language, tags, words, progress, finished,
     starred, archived, trashed, fetch, reason, highlights, noted, pictured, offline, folder,
     (milliseconds, counter, device), labels) = entry  # fmt: skip
    return (
        entry_id, url, title, added, byline, site, published, language, "\n".join(tags), words,
        progress, finished, starred, archived, trashed, _FETCH_TEXTS[_fetch_number(fetch)], reason, highlights,
        noted, pictured, offline, folder, milliseconds, counter, device, "\n".join(labels),
    )  # fmt: skip


def _fact_columns(values: "Interner", entry: Entry) -> tuple[Any, ...]:
    # ⏱ Unpacked once, and without properties: half of the time.
    (entry_id, url, _, added, byline, site, published, language, tags, words, progress, finished,
     starred, archived, trashed, fetch, _, highlights, noted, pictured, offline, _,
     (milliseconds, counter, device), _) = entry  # fmt: skip
    site_number = values.site_number(site, url)
    # The same text as `field_text` gives for `by:`.
    byline_number = values.number("byline", byline or "", byline or "")
    return (
        _stamp(added, milliseconds, counter, device), entry_id, trashed, state_of(finished, progress),
        starred, archived, _fetch_number(fetch), highlights, noted, pictured, bool(tags), offline,
        words, reading_minutes(words) if words else 0,
        minutes_left_of(words, progress, finished) if words else 0, progress,
        language.casefold().replace("_", "-") if language else "", site_number, byline_number,
        published_sort_key(published) if published else "", random_key(entry_id),
    )  # fmt: skip


def state_number(entry: Entry) -> int:
    """Return 0 for unread, 1 for reading, 2 for read.

    ⏱ Without the enumeration, whose members hash in Python.
    """
    return state_of(entry.finished, entry.progress)


def state_of(finished: bool, progress: float) -> int:
    """Return the number of the state, as `state_number` does."""
    if finished:
        return 2
    return 1 if progress >= MIN_READING_PROGRESS else 0


def _fetch_number(fetch: FetchStatus) -> int:
    # ⏱ Not by a mapping: members of an enumeration hash in Python.
    if fetch is _FETCH_STATES[0]:
        return 0
    return 1 if fetch is _FETCH_STATES[1] else 2


class Interner:
    """Numbers of sites, bylines and tags, each looked up once in a transaction.

    `known` are numbers of sites and bylines by kind and text, from earlier transactions.
    """

    def __init__(
        self, connection: sqlite3.Connection, known: dict[tuple[str, str], int] | None = None
    ):
        self._connection = connection
        self._known = {} if known is None else known
        self._numbers: dict[tuple[str, str], int] = {}
        self._by_start: dict[tuple[str | None, str], int] = {}
        self._spellings: dict[int, str] = {}
        self._levels: dict[str, list[tuple[str, str, bool]]] = {}

    def number(self, kind: str, text: str, shown: str) -> int:
        """Return the number of a site or byline by its unfolded text, creating it if new."""
        key = kind, text
        found = self._numbers.get(key) or self._known.get(key)
        if found is None:
            found = intern_value(self._connection, kind, fold_accents(text), shown)
            self._numbers[key] = found
        return found

    def site_number(self, site: str | None, url: str | None) -> int:
        """Return the number of an entry's site, creating it if new.

        The same text as `field_text` gives for `site:`. ⏱ The host is found once for each start of
        an address.
        """
        start = url or ""
        if start.startswith(_SCHEMES):
            start = start[: start.find("/", _MIN_HOST_PLACE) + 1] or start
        found = self._by_start.get((site, start))
        if found is None:
            host = host_of(url)
            found = self.number("site", f"{site or ''}\n{host}", site or host)
            if len(self._by_start) >= _MAX_KNOWN_NUMBERS:
                self._by_start.clear()
            self._by_start[site, start] = found
        return found

    def remember(self) -> None:
        """Add what was looked up to the known numbers; the transaction must be committed."""
        if len(self._known) > _MAX_KNOWN_NUMBERS:
            self._known.clear()
        self._known.update({key: row for key, row in self._numbers.items() if key[0] != "tag"})

    def tag(self, key: str, shown: str, own: bool) -> int:
        """Return the number of a tag, creating it if new; `own` updates its spelling."""
        found = self._numbers.get(("tag", key))
        if found is None:
            found = self._numbers["tag", key] = intern_value(self._connection, "tag", key, shown)
        if own and self._spellings.get(found) != shown:
            self._spellings[found] = shown
            self._connection.execute(
                "update tags set shown = ? where tag = ? and shown <> ?", (shown, found, shown)
            )
        return found

    def forget_tags(self) -> None:
        """Look tags up again, because unused ones were deleted."""
        self._numbers = {key: value for key, value in self._numbers.items() if key[0] != "tag"}
        self._spellings.clear()

    def levels(self, name: str) -> list[tuple[str, str, bool]]:
        """Return key, spelling and ownership of a tag and of its parent levels."""
        found = self._levels.get(name)
        if found is None:
            found = [(fold_case(above), above, is_own) for above, is_own in _tag_levels(name)]
            self._levels[name] = found
        return found


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


def _tagged_rows(
    number: int, entry: Entry | FlagRow | LinkRow, values: Interner
) -> "list[_Tagged]":
    """Return the rows of `tagged` for the entry's tags and all their parent levels."""
    levels: dict[str, tuple[str, bool, bool]] = {}
    for name in entry.tags:
        for key, above, is_own in values.levels(name):
            shown, own, nested = levels.get(key, (above, False, False))
            levels[key] = (above if is_own else shown, own or is_own, nested or not is_own)
    live = not entry.trashed
    return [
        (values.tag(key, shown, own), number, own, nested, live)
        for key, (shown, own, nested) in levels.items()
    ]


def _replace_tags(
    connection: sqlite3.Connection,
    entries: Sequence[tuple[int, Entry | FlagRow]],
    values: Interner,
) -> None:
    """Replace the tags of known entries; delete tags that no entry has any more."""
    marks = ", ".join("?" * len(entries))
    listed = connection.execute(
        f"select tag, row, own, nested, live from tagged where row in ({marks})",
        [number for number, _ in entries],
    )
    former = {
        (tag, row, bool(own), bool(nested), bool(live)) for tag, row, own, nested, live in listed
    }
    following = {each for number, entry in entries for each in _tagged_rows(number, entry, values)}
    connection.executemany(
        "delete from tagged where tag = ? and row = ?",
        sorted((tag, row) for tag, row, _, _, _ in former - following),
    )
    _insert_tagged(connection, list(following - former))
    _delete_unused(
        connection, {tag for tag, _, _, _, _ in former} - {each[0] for each in following}, values
    )


def _delete_unused(connection: sqlite3.Connection, tags: Collection[int], values: Interner) -> None:
    deleted = 0
    for tag in tags:
        deleted += connection.execute(_DELETE_UNUSED_TAG, (tag,)).rowcount
    if deleted:
        values.forget_tags()


def _tag_levels(name: str) -> Iterator[tuple[str, bool]]:
    """Yield the tag and each parent level, with whether it is the tag itself."""
    yield name, True
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name, False


def put_hidden(connection: sqlite3.Connection, gone: Mapping[EntryId, HiddenRecord]) -> None:
    """Store records that lists do not show, so that later changes can be folded in."""
    connection.executemany(
        "insert into gone (id, document, same) values (?, ?, ?) on conflict (id) do update set"
        " document = excluded.document, same = excluded.same",
        # ⏱ In the order of the index: three quarters of the time.
        sorted([(entry_id, each.document, each.same) for entry_id, each in gone.items()]),
    )


def remove(
    connection: sqlite3.Connection,
    ids: Iterable[EntryId],
    known: Mapping[str, int] | None = None,
) -> set[EntryId]:
    """Remove the entries from every list; return those that were listed.

    `known` are rows of listed ones. Runs inside the caller's transaction. Their rows in `entries`
    stay for lists still on a screen.
    """
    gone: set[EntryId] = set()
    tags: set[int] = set()
    remaining = iter(ids)
    while batch := list(islice(remaining, _BATCH)):
        if known is not None and all(each in known for each in batch):
            numbers = {str(each): known[each] for each in batch}
        else:
            numbers = _row_numbers(connection, batch)
        if not numbers:
            continue
        gone.update(each for each in batch if each in numbers)
        rows = list(numbers.values())
        marks = ", ".join("?" * len(rows))
        sql = f"select distinct tag from tagged where row in ({marks})"
        tags.update(tag for (tag,) in connection.execute(sql, rows))
        for table in ("facts", "titles", "documents", "unindexed", "tagged"):
            connection.execute(f"delete from {table} where row in ({marks})", rows)
    connection.executemany(_DELETE_UNUSED_TAG, [(tag,) for tag in tags])
    if gone:
        invalidate_all(connection)
    return gone
