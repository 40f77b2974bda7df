"""Inserting, changing and removing rows of the cache."""

import sqlite3
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice, repeat
from operator import attrgetter
from typing import Any, Final

from reader.model.entry import Entry, EntryId, FetchStatus, minutes_left_of
from reader.model.sort_keys import published_sort_key, random_key
from reader.model.text import reading_minutes
from reader.model.tokenizer import fold_accents
from reader.search.store.cache_state import invalidate_all, next_generation
from reader.search.store.interner import Interner
from reader.search.store.rows import (
    ENTRY_COLUMNS,
    ENTRY_WIDTH,
    ROWS_PER_STATEMENT,
    CacheRow,
    FlagRow,
    HiddenRecord,
    LinkRow,
    Rows,
    clock_text,
    entry_from_row,
    state_of,
)

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
    " updated, fetch, highlights, noted, pictured, offline, words, minutes, minutes_left,"
    f" progress, language, published) values (?{', ?' * 11}, 1, 0, 0, 0, 0, 0, 0, 0, 0.0, '', '')"
)
"""⏱ Two thirds of the time with all columns as parameters."""
_INSERT_TITLE: Final = "insert into titles values (?, ?)"
_INSERT_DOCUMENT: Final = "insert into documents values (?, ?, ?, ?, ?)"
_INSERT_LINK_DOCUMENT: Final = "insert into documents values (?, ?, ?, '', '')"
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
    " and sql not like 'create index % where %'"
)
"""Indexes and triggers of the large tables, which `fill` drops and creates again."""
_FILL_TAGGED: Final = 200_000
"""Rows of `tagged` sorted in memory at once: about 30 MB."""
_Tagged = tuple[int, int, int, int, int]
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


def upsert(
    connection: sqlite3.Connection,
    rows: Iterable[CacheRow | LinkRow],
    values: Interner | None = None,
) -> set[EntryId]:
    """Insert or replace the rows and queue changed texts for indexing; return changed ids.

    Runs inside the caller's transaction.
    """
    version = next_generation(connection)
    values = values or Interner(connection)
    changed: set[EntryId] = set()
    remaining = (row if isinstance(row, CacheRow) else row.as_cache_row() for row in rows)
    while batch := {row.entry.id: row for row in islice(remaining, ROWS_PER_STATEMENT)}:
        changed |= _upsert_batch(connection, list(batch.values()), version, values)
    return changed


def fill(
    connection: sqlite3.Connection,
    rows: Iterable[CacheRow | LinkRow],
    values: Interner | None = None,
) -> set[EntryId]:
    """Do as `fill_by_lists` with single rows."""
    remaining = iter(rows)
    lists = iter(lambda: list(islice(remaining, ROWS_PER_STATEMENT)), [])
    return fill_by_lists(connection, lists, values)


def fill_by_lists(
    connection: sqlite3.Connection,
    parts: Iterable[Rows],
    values: Interner | None = None,
) -> set[EntryId]:
    """Insert lists of rows, each id once, into a cache without entries; return the ids.

    Indexes and triggers are created after the rows: ⏱ 0.5 s instead of 3 s at 100,000. Runs inside
    the caller's transaction.
    """
    # No reader asks which rows changed since then: none has to be marked.
    invalidate_all(connection)
    rebuilt = connection.execute(_REBUILT).fetchall()
    for kind, name, _ in rebuilt:
        connection.execute(f"drop {kind} {name}")
    values, ids, number = values or Interner(connection), set[EntryId](), 1
    tagged: list[_Tagged] = []
    for batch in parts:
        links = [row for row in batch if isinstance(row, LinkRow)]
        others = [row for row in batch if isinstance(row, CacheRow)]
        entries: list[LinkRow | Entry] = [*links, *[row.entry for row in others]]
        ids.update([entry.id for entry in entries])
        for at, entry in enumerate(entries, number):
            if entry.tags:
                tagged += _tagged_rows(at, entry, values)
        if links:
            _insert_links(connection, number, links, values)
        _insert(connection, list(enumerate(others, number + len(links))), None, values)
        number += len(batch)
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
    version: int | None,
    values: Interner,
) -> None:
    """Insert rows of unknown ids, except for their tags."""
    entries, facts, titles, documents = [], [], [], []
    for number, row in numbered:
        entry = row.entry
        documents.append(
            (number, row.document, _text_fingerprint(row), row.note, "\0".join(row.highlights))
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
    first: int,
    links: Sequence[LinkRow],
    values: Interner,
) -> None:
    """Insert links of unknown ids from row `first` on, as `_insert` would, except for their tags.

    ⏱ By columns: half of the time of row by row.
    """
    (ids, urls, titles, added, sites, tags, finished, starred, archived, trashed, created,
     documents, updated) = zip(*links, strict=True)  # fmt: skip
    rows = range(first, first + len(links))
    tagged = ["\n".join(each) if each else "" for each in tags]
    # ⏱ As integers, see `_entry_columns`.
    is_finished, is_starred, is_archived, is_trashed = (
        list(map(int, flags)) for flags in (finished, starred, archived, trashed)
    )
    entries = zip(
        rows, ids, urls, titles, added, sites, tagged, is_finished, is_starred, is_archived, is_trashed,
        *zip(*created, strict=True), strict=True,
    )  # fmt: skip
    byline = values.number("byline", "", "")
    facts = zip(
        rows, [when + clock_text(*clock) for when, clock in zip(added, created, strict=True)],
        ids, is_trashed, [2 * flag for flag in is_finished], is_starred, is_archived, map(int, map(bool, tagged)),
        map(values.site_number, sites, urls), repeat(byline), map(random_key, ids), updated,
        strict=False,
    )  # fmt: skip
    keys = [title.lower() if title.isascii() else fold_accents(title) for title in titles]
    fingerprints = [_fingerprint(title + "\0\0\0") for title in titles]
    connection.executemany(_INSERT_LINK, entries)
    connection.executemany(_INSERT_LINK_FACTS, facts)
    connection.executemany(_INSERT_TITLE, zip(rows, keys, strict=True))
    connection.executemany(_INSERT_LINK_DOCUMENT, zip(rows, documents, fingerprints, strict=True))


def _insert_tagged(connection: sqlite3.Connection, tagged: list[_Tagged]) -> None:
    """Insert and clear the list; sorted rows append to the table's tree."""
    tagged.sort()
    connection.executemany(_INSERT_TAGGED, tagged)
    tagged.clear()


def _upsert_batch(
    connection: sqlite3.Connection, batch: list[CacheRow], version: int, values: Interner
) -> set[EntryId]:
    former = _existing_rows(connection, [row.entry.id for row in batch])
    following = connection.execute("select coalesce(max(row), 0) + 1 from entries").fetchone()[0]
    new: list[tuple[int, CacheRow]] = []
    known = _KnownRowChanges(version, values)
    for row in batch:
        existing = former.get(row.entry.id)
        if existing is None:
            new.append((following + len(new), row))
        else:
            known.add(row, *existing)
    known.write(connection)
    if new:
        _insert(connection, new, version, values)
    unindexed = known.unindexed + [number for number, _ in new]
    connection.executemany(
        "insert or ignore into unindexed values (?)", [(number,) for number in unindexed]
    )
    tagged = (_tagged_rows(number, row.entry, values) for number, row in new + known.back)
    _insert_tagged(connection, [each for rows in tagged for each in rows])
    if known.retagged:
        _replace_tags(connection, known.retagged, values)
    marks = ", ".join("?" * len(batch))
    connection.execute(f"delete from gone where id in ({marks})", [row.entry.id for row in batch])
    return known.changed | {row.entry.id for _, row in new}


class _KnownRowChanges:
    """The changes of rows whose ids are known, collected to be written by few statements.

    `back` are rows that were not listed: `remove` has taken their facts and tags.
    """

    def __init__(self, version: int, values: Interner):
        self._version = version
        self._values = values
        self.changed: set[EntryId] = set()
        self.back: list[tuple[int, CacheRow]] = []
        self.retagged: list[tuple[int, Entry | FlagRow]] = []
        self.unindexed: list[int] = []
        self._entries = _ColumnChanges("entries", _ENTRY_NAMES)
        self._facts = _ColumnChanges("facts", _FACT_NAMES)
        self._replaced: list[tuple[Any, ...]] = []
        self._listed: list[tuple[Any, ...]] = []
        self._titles: list[tuple[int, str]] = []
        self._documents: list[tuple[int, str, int, str, str]] = []

    def add(self, row: CacheRow, number: int, known: Entry | None, textual: int) -> None:
        """Compare a row with its former entry, None if that is not listed, and its fingerprint."""
        entry, values = row.entry, self._values
        fingerprint = _text_fingerprint(row)
        highlights = "\0".join(row.highlights)
        self._documents.append((number, row.document, fingerprint, row.note, highlights))
        if textual != fingerprint or known is None:
            self.unindexed.append(number)
        versions = row.updated, self._version
        if known == entry:
            # A note or a position changed: lists show the same.
            self._facts.add(number, _UNKNOWN, (*_UNKNOWN[:-2], *versions))
            return
        self.changed.add(entry.id)
        if known is None:
            self._replaced.append((*_entry_columns(entry)[1:], number))
            self._listed.append((number, *_fact_columns(values, entry), *versions))
            self.back.append((number, row))
        else:
            self._entries.add(number, _entry_columns(known), _entry_columns(entry))
            before, after = _fact_columns(values, known), _fact_columns(values, entry)
            self._facts.add(number, (*before, None, None), (*after, *versions))
            if (known.tags, known.trashed) != (entry.tags, entry.trashed):
                self.retagged.append((number, entry))
        if known is None or known.title != entry.title:
            self._titles.append((number, fold_accents(entry.title)))

    def write(self, connection: sqlite3.Connection) -> None:
        """Write all but the tags and the places in the full-text index."""
        self._entries.write(connection)
        self._facts.write(connection)
        connection.executemany(_REPLACE_ENTRY, self._replaced)
        connection.executemany(_INSERT_FACTS, self._listed)
        connection.executemany("insert or replace into titles values (?, ?)", self._titles)
        connection.executemany(
            "insert or replace into documents values (?, ?, ?, ?, ?)", self._documents
        )


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
    values: Interner | None = None,
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
    while batch := list(islice(remaining, ROWS_PER_STATEMENT)):
        batch, places = _listed_rows(connection, batch, numbers)
        documents = zip([row.document for row in batch], places, strict=True)
        written = connection.executemany(
            "update documents set document = ? where row = ?", documents
        )
        if written.rowcount == len(batch):
            changed.update([row.id for row in batch])
        _update_columns(connection, "entries", in_entries, batch, places)
        _update_columns(connection, "facts", [*in_facts, "updated"], batch, places, version)
        if "deleted" in fields:
            for live, moved in _alike(batch, places, ["trashed"]).items():
                _set_live(connection, moved, not live, counts)
        if TAG_FIELDS in fields:
            found = list(zip(places, batch, strict=True))
            _update_tags(connection, found, values or Interner(connection))
    connection.executemany(
        "update tags set live = live + ?, own = own + ? where tag = ?",
        [(entries, own, tag) for tag, (entries, own) in counts.items()],
    )
    return changed


def _listed_rows(
    connection: sqlite3.Connection, batch: list[FlagRow], known: Mapping[str, int] | None
) -> tuple[list[FlagRow], list[int]]:
    """Return those that are listed, and the numbers of their rows; `known` are some of these."""
    if known is not None:
        with suppress(KeyError):
            return batch, [known[row.id] for row in batch]
    known = _row_numbers(connection, [row.id for row in batch])
    batch = [row for row in batch if row.id in known]
    return batch, [known[row.id] for row in batch]


def _alike(
    batch: Sequence[FlagRow], places: Sequence[int], names: Sequence[str]
) -> dict[Any, Sequence[int]]:
    """Return the rows' numbers by the values that they have in common."""
    values = list(map(attrgetter(*names), batch))
    if len({*values}) == 1:
        # Nearly always, in bulk work.
        return {values[0]: places}
    found: dict[Any, list[int]] = {}
    for value, number in zip(values, places, strict=True):
        found.setdefault(value, []).append(number)
    return {**found}


def _update_tags(
    connection: sqlite3.Connection, found: Sequence[tuple[int, FlagRow]], values: Interner
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
    where, values = _among(rows)
    found = connection.execute(
        f"select tag, count(*), sum(own) from tagged where {where} and live <> ? group by tag",
        (*values, live),
    )
    for tag, entries, own in found.fetchall():
        before = counts.get(tag, (0, 0))
        counts[tag] = (
            (before[0] + entries, before[1] + own)
            if live
            else (before[0] - entries, before[1] - own)
        )
    connection.execute(f"update tagged set live = ? where {where}", (live, *values))


def _update_columns(
    connection: sqlite3.Connection,
    table: str,
    names: Sequence[str],
    batch: Sequence[FlagRow],
    places: Sequence[int],
    version: int | None = None,
) -> None:
    """Update columns of these rows; those that get the same values share a statement.

    ⏱ Half of the time of one statement for each row.
    """
    if not names:
        return
    assigned = ", ".join(f"{name} = ?" for name in names)
    versions: tuple[int, ...] = ()
    if version is not None:
        assigned, versions = f"{assigned}, version = ?", (version,)
    for values, numbers in _alike(batch, places, names).items():
        where, of_rows = _among(numbers)
        written = values if len(names) > 1 else (values,)
        connection.execute(
            f"update {table} set {assigned} where {where}", (*written, *versions, *of_rows)
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


def _text_fingerprint(row: CacheRow) -> int:
    """Return a checksum of everything the full text consists of."""
    entry = row.entry
    text = f"{entry.title}\0{entry.byline or ''}\0{entry.folder or ''}\0{row.note}"
    if row.highlights:
        text = "\0".join((text, *row.highlights))
    return _fingerprint(text)


def _fingerprint(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def _entry_columns(entry: Entry) -> tuple[Any, ...]:
    # ⏱ The `sqlite3` module looks for an adapter of each bool: `+` saves 0.3 µs a column.
    (entry_id, url, title, added, byline, site, published, language, tags, words, progress, finished,
     starred, archived, trashed, fetch, reason, highlights, noted, pictured, offline, folder,
     (milliseconds, counter, device), labels) = entry  # fmt: skip
    return (
        entry_id, url, title, added, byline, site, published, language, "\n".join(tags), words,
        progress, +finished, +starred, +archived, +trashed, _FETCH_TEXTS[_fetch_number(fetch)], reason,
        highlights, +noted, +pictured, +offline, folder, milliseconds, counter, device, "\n".join(labels),
    )  # fmt: skip


def _fact_columns(values: Interner, entry: Entry) -> tuple[Any, ...]:
    # ⏱ Unpacked once, and without properties: half of the time.
    (entry_id, url, _, added, byline, site, published, language, tags, words, progress, finished,
     starred, archived, trashed, fetch, _, highlights, noted, pictured, offline, _,
     (milliseconds, counter, device), _) = entry  # fmt: skip
    site_number = values.site_number(site, url)
    # The same text as `field_text` gives for `by:`.
    byline_number = values.number("byline", byline or "", byline or "")
    return (
        added + clock_text(milliseconds, counter, device), entry_id, +trashed, state_of(finished, progress),
        +starred, +archived, _fetch_number(fetch), highlights, +noted, +pictured, 1 if tags else 0, +offline,
        words, reading_minutes(words) if words else 0,
        minutes_left_of(words, progress, finished) if words else 0, progress,
        language.casefold().replace("_", "-") if language else "", site_number, byline_number,
        published_sort_key(published) if published else "", random_key(entry_id),
    )  # fmt: skip


def _fetch_number(fetch: FetchStatus) -> int:
    # ⏱ Not by a mapping: members of an enumeration hash in Python.
    if fetch is _FETCH_STATES[0]:
        return 0
    return 1 if fetch is _FETCH_STATES[1] else 2


def _tagged_rows(number: int, entry: Entry | FlagRow | LinkRow, values: Interner) -> list[_Tagged]:
    """Return the rows of `tagged` for the entry's tags and all their parent levels."""
    live = 0 if entry.trashed else 1
    return [(tag, number, own, nested, live) for tag, own, nested in values.tags(entry.tags)]


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
    former: set[_Tagged] = set(listed)
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
    numbers: dict[str, int] = {}
    remaining = iter(ids)
    while batch := list(islice(remaining, ROWS_PER_STATEMENT)):
        if known is not None and all(each in known for each in batch):
            numbers.update([(each, known[each]) for each in batch])
        else:
            numbers.update(_row_numbers(connection, batch))
    tags: set[int] = set()
    rows = sorted(numbers.values())
    for at in range(0, len(rows), ROWS_PER_STATEMENT):
        where, values = _among(rows[at : at + ROWS_PER_STATEMENT])
        found = connection.execute(f"select distinct tag from tagged where {where}", values)
        tags.update(tag for (tag,) in found)
        for table in ("facts", "titles", "documents", "unindexed", "tagged"):
            connection.execute(f"delete from {table} where {where}", values)
    connection.executemany(_DELETE_UNUSED_TAG, [(tag,) for tag in tags])
    if numbers:
        invalidate_all(connection)
    return {EntryId(each) for each in numbers}


def _among(rows: Sequence[int]) -> tuple[str, Sequence[int]]:
    """Return the condition for these rows, each given once, and its parameters.

    ⏱ A range, as bulk work of all entries has it, takes three quarters of the time of a list.
    """
    first, last = min(rows), max(rows)
    if last - first + 1 == len(rows):
        return "row between ? and ?", (first, last)
    return f"row in ({', '.join('?' * len(rows))})", rows
