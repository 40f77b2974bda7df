"""The cache: lists, counts and search of one library without opening the library.

The cache is never authoritative: `apply` fills it from the library's journals and records how far
each was read. It may be deleted, damaged or stale, and is then filled again.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from reader.model.entry import EntryId
from reader.model.errors import AmbiguousIdError, UnknownIdError, UsageError
from reader.model.text import fold_case, one_line
from reader.model.urls import MIN_PREFIX
from reader.search.store.cache_state import (
    CacheState,
    JournalCursor,
    advance,
    read_cursors,
    read_state,
    write_cursors,
    write_state,
)
from reader.search.store.database import Database
from reader.search.store.fast_listing import cache_file_name, is_fresh
from reader.search.store.interner import Interner
from reader.search.store.row_order import Listing, RankedListing
from reader.search.store.row_writer import (
    fill,
    fill_by_lists,
    put_hidden,
    remove,
    update_flags,
    upsert,
)
from reader.search.store.rows import (
    CacheRow,
    FlagRow,
    HiddenRecord,
    LinkRow,
    Rows,
    is_empty,
    read_entries,
    shortest_prefixes,
)

if TYPE_CHECKING:
    # Commands that mark one article need neither the query language nor the full text, so each
    # method imports its own dependencies.
    from datetime import datetime

    from reader.model.entry import Entry
    from reader.model.query import Query, TextTerm
    from reader.paths import Paths
    from reader.search.discovery.similarity import RelatedArticle
    from reader.search.discovery.tag_suggestions import TagSuggestion
    from reader.search.store.bitmaps import BitmapCache
    from reader.search.store.facets import Facets, SiteCount
    from reader.search.store.fts_index import Vocabulary
    from reader.search.store.ranking import Ranking
    from reader.search.store.url_hashes import UrlHashes
    from reader.search.text.query_completion import CompletionValues
    from reader.search.text.snippets import Snippet

_MAX_IDS_PER_QUERY: Final = 500
"""Variables of a statement: SQLite allows 999 in old builds."""
_CROCKFORD_LOOKALIKES: Final = str.maketrans("oil", "011")
_PRELOADED_WORDS: Final = 64
"""Frequent words whose articles are cached before the first query."""
ENOUGH_HITS: Final = 10
"""Hits from which a search adds no articles that have only some of the words."""
MAX_RANKED_ROWS: Final = 50
"""Articles with some of the words that a list shows below those with all."""
_HIT_BATCH: Final = 5
"""Entries of hits read per batch."""
_MAX_ROW_NUMBERS: Final = 100_000
"""Ids whose rows are remembered between reading documents and writing them: 15 MB."""
_INDEX_BATCH: Final = 32
"""Articles indexed per transaction: short enough that other writers barely wait."""


class SearchHit(NamedTuple):
    """A found entry with a snippet of its text and the matches within it.

    `missing` are words of the query that the article lacks; empty if it has all of them.
    """

    entry: Entry
    snippet: str
    marks: tuple[tuple[int, int], ...] = ()
    missing: tuple[str, ...] = ()


class FilledFrom(NamedTuple):
    """The hidden records, cursors and clock with which `Cache.fill` ends."""

    gone: Mapping[EntryId, HiddenRecord]
    journals: Mapping[str, JournalCursor]
    clock: tuple[int, int] | None


def cache_file(places: Paths) -> Path:
    """Return the cache file of this library."""
    return places.cache / cache_file_name(str(places.home))


def _always_continue(done: int, total: int) -> bool:
    return True


class _NotAppliedError(Exception):
    """Raised inside a transaction that does not fit the state of the cache."""


class Cache:
    """Rows and full text of the library at `places.home`; thread-safe.

    Every method blocks on disk. LibraryBusyError means that another process writes for too long.
    If the file disappears or breaks once it was filled, `refill` is called before the next read.
    """

    def __init__(self, places: Paths, refill: Callable[[], object] | None = None):
        self.home = places.home
        self._database = Database(cache_file(places), refill)
        self._masks: BitmapCache | None = None
        self._vocabulary: Vocabulary | None = None
        self._url_hashes: UrlHashes | None = None
        self._known: tuple[int, CompletionValues] | None = None
        # Of one filling, in which neither changes.
        self._filling = ""
        self._row_numbers: dict[str, int] = {}
        self._value_numbers: dict[tuple[str, str], int] = {}

    @property
    def path(self) -> Path:
        return self._database.path

    @property
    def is_temporary(self) -> bool:
        """Return whether the cache folder could not be written, so that nothing stays."""
        return self._database.is_temporary

    def close(self) -> None:
        self._database.close()

    def release_memory(self) -> None:
        """Drop kept query results, and the pages of this thread's connection."""
        if self._masks is not None:
            self._masks.release()
        self._known = None
        self._database.run(lambda connection: connection.execute("pragma shrink_memory"))

    def close_connections(self) -> None:
        """Close the connections of all threads, none of which may be in use; the file stays."""
        if not self.is_temporary:
            self._database.close()

    def mark_filled(self) -> None:
        """Remember that the cache has its content now; called at the end of filling it."""
        self._database.mark_filled()

    @property
    def filled_file(self) -> tuple[int, int] | None:
        """The file that was filled last; another value after it was exchanged and filled again."""
        return self._database.filled

    def discard(self) -> None:
        """Delete all content; the next synchronisation fills the cache again."""
        self._database.discard()

    # State of the cache.

    def journal_cursors(self) -> dict[str, JournalCursor]:
        """Return how far each journal file was read, by name; empty for an empty cache."""
        return self._database.run(read_cursors)

    def is_fresh(self) -> bool:
        """Return whether every journal was read completely. Costs a few `stat` calls."""
        journal = str(self.home / "journal")
        fresh = self._database.run(lambda connection: is_fresh(connection, journal))
        if fresh:
            self.mark_filled()
        return fresh

    def is_empty(self) -> bool:
        """Return whether the cache never had an entry."""
        return self._database.run(is_empty)

    def state(self) -> tuple[CacheState, dict[str, JournalCursor]]:
        """Return the state of the documents and the journal cursors, read together."""

        def read(connection: sqlite3.Connection) -> tuple[CacheState, dict[str, JournalCursor]]:
            with self._database.snapshot(connection):
                return read_state(connection), read_cursors(connection)

        return self._database.run(read)

    def documents_of(self, filling: str, ids: Iterable[EntryId]) -> dict[EntryId, str] | None:
        """Return the documents of these records; None if the cache was filled again since."""
        read = partial(_read_documents, wanted=list(ids), known=self._rows_known(filling))
        found, numbers, states = self._database.run(read)
        if any(state.split()[:1] != [filling] for state in states):
            return None
        self._remember_rows(filling, numbers)
        return found

    def _rows_known(self, filling: str) -> dict[str, int]:
        """Return rows by id that were seen in this filling of the cache."""
        return self._row_numbers if filling and filling == self._filling else {}

    def _remember_rows(self, filling: str, numbers: dict[str, int]) -> None:
        if not filling or len(numbers) > _MAX_ROW_NUMBERS:
            return
        if filling != self._filling:
            self._filling, self._row_numbers, self._value_numbers = filling, {}, {}
        if len(self._row_numbers) + len(numbers) > _MAX_ROW_NUMBERS:
            self._row_numbers = {}
        self._row_numbers.update(numbers)

    def documents(self, ids: Iterable[EntryId]) -> dict[EntryId, str]:
        """Return the stored library documents of these records."""
        wanted = list(ids)
        return self._database.run(lambda connection: _read_documents(connection, wanted, {})[0])

    def fill(
        self,
        rows: Callable[[], Iterable[Rows]],
        finish: Callable[[], FilledFrom | None],
        *,
        known: Mapping[str, JournalCursor],
    ) -> frozenset[EntryId] | None:
        """Fill the cache with lists of rows, each id once, in one transaction; return the ids.

        `rows` begins again with the first row if it is called again, and `finish` is called after
        the last. Nothing is changed, and None returned, if that returns None, the cache has entries,
        or its cursors are not the `known` ones.
        """

        def write(connection: sqlite3.Connection) -> frozenset[EntryId] | None:
            try:
                with self._database.transaction(connection):
                    if read_cursors(connection) != known or not is_empty(connection):
                        raise _NotAppliedError
                    changed = fill_by_lists(connection, rows())
                    done = finish()
                    if done is None:
                        raise _NotAppliedError
                    connection.execute("delete from gone")
                    put_hidden(connection, done.gone)
                    write_cursors(connection, done.journals)
                    write_state(connection, CacheState(os.urandom(8).hex(), done.clock))
            except _NotAppliedError:
                return None
            return frozenset(changed)

        return self._database.run(write)

    def apply(
        self,
        rows: Iterable[CacheRow | LinkRow],
        gone: Mapping[EntryId, HiddenRecord],
        journals: Mapping[str, JournalCursor],
        *,
        whole: bool = False,
        known: Mapping[str, JournalCursor] | None = None,
        clock: tuple[int, int] | None = None,
        flagged: Mapping[frozenset[str], Iterable[FlagRow]] | None = None,
        are_many: bool = False,
    ) -> frozenset[EntryId] | None:
        """Apply rows and journal cursors in one transaction; return the changed ids.

        `flagged` rows are known ones of which only these fields changed, see `update_flags`. That
        rows `are_many`, each once, is worth creating the indexes after them in an empty cache.
        With `whole`, the rows replace all others. With `known`, the change is applied only if the
        cursors still equal it; otherwise `None` is returned because another process was faster or
        the file broke meanwhile.
        """
        is_begun = False

        def write(connection: sqlite3.Connection) -> frozenset[EntryId] | None:
            nonlocal is_begun
            if is_begun:
                # The file broke meanwhile, and some of the rows are gone.
                return None
            is_begun = True
            with self._database.transaction(connection):
                state = read_state(connection)
                if known is not None and read_cursors(connection) != known:
                    return None
                present: set[EntryId] = set()
                is_filled = (whole or are_many) and is_empty(connection)
                is_same = bool(state.filling) and state.filling == self._filling
                values = Interner(connection, self._value_numbers if is_same else {})
                if is_filled:
                    changed = fill(connection, rows, values)
                else:
                    changed = upsert(connection, _collect_ids(rows, present), values)
                absent: Iterable[EntryId] = gone
                if whole:
                    if not is_filled:
                        listed = connection.execute("select id from facts")
                        absent = {*gone, *({EntryId(each) for (each,) in listed} - present)}
                    connection.execute("delete from gone")
                # Rows of documents that were read at these cursors: they are listed still.
                known_rows = self._rows_known(state.filling) if known is not None else None
                for fields, some in (flagged or {}).items():
                    changed |= update_flags(
                        connection, some, fields, numbers=known_rows, values=values
                    )
                changed |= remove(connection, absent, None if whole else known_rows)
                put_hidden(connection, gone)
                write_cursors(connection, journals)
                filling = os.urandom(8).hex() if whole or not state.filling else state.filling
                write_state(connection, CacheState(filling, clock))
            if is_same:
                values.remember()
            return frozenset(changed)

        return self._database.run(write)

    def apply_own_flags(
        self,
        rows: Sequence[FlagRow],
        fields: Collection[str],
        file: str,
        start: tuple[int, int],
        cursor: JournalCursor,
        clock: tuple[int, int],
    ) -> bool:
        """Apply flags that this process has just appended to its journal, without reading it.

        `clock` is that of the last line.

        The cache must have read the file up to `start`, its former end and checksum. Returns False,
        and changes nothing, if that is not so or a row is missing: then catch up.
        """

        def write(connection: sqlite3.Connection) -> bool:
            try:
                with self._database.transaction(connection):
                    state = advance(connection, file, start, cursor, clock)
                    if state is None:
                        raise _NotAppliedError
                    known = self._rows_known(state.filling)
                    changed = update_flags(connection, rows, fields, state.version, known)
                    if len(changed) < len(rows):
                        raise _NotAppliedError
            except _NotAppliedError:
                return False
            return True

        return self._database.run(write)

    # Lists.

    def listing(self, query: Query, *, now: datetime, seed: int | None = None) -> Listing:
        """Return the entries matching the query in its order. `seed` selects an order of `sort:random`."""
        rows = self._find_rows(query, now, seed)
        return Listing(rows, self._read_entries, self._find_row, self._read_ids)

    def changes(self, query: Query, *, since: int, by_change: bool, now: datetime) -> Listing:
        """Return the entries matching the query that changed after `since`.

        `since` is in milliseconds since 1970. The latest change comes first with `by_change`, else
        the newest entry.
        """
        from reader.search.store.query_planner import (
            changed_after,
            rows_by_change,
            select,
            sorted_rows,
        )

        def read(connection: sqlite3.Connection) -> Sequence[int]:
            with self._bitmap_cache().snapshot(connection) as moment:
                chosen = select(moment, query, now)
                if since > 0:
                    chosen = changed_after(moment, chosen, since)
                if by_change:
                    return rows_by_change(moment, chosen)
                return sorted_rows(moment, query, chosen, 0)

        rows = self._database.run(read)
        return Listing(rows, self._read_entries, self._find_row, self._read_ids)

    def count(self, query: Query, *, now: datetime) -> int:
        """Return the number of entries matching the query."""
        from reader.search.store.query_planner import count, select

        def read(connection: sqlite3.Connection) -> int:
            with self._bitmap_cache().snapshot(connection) as moment:
                return count(moment, select(moment, query, now))

        return self._database.run(read)

    def preload(self, *, going_on: Callable[[], bool]) -> None:
        """Cache the data of the first queries: ⏱ two seconds at 100,000 entries.

        `going_on` is asked after each step whether to continue.
        """
        from reader.search.store.fts_index import most_frequent_words
        from reader.search.store.query_planner import preload_word

        def read(connection: sqlite3.Connection) -> None:
            with self._bitmap_cache().snapshot(connection) as moment:
                moment.preload()
            for word in most_frequent_words(connection, _PRELOADED_WORDS):
                if not going_on():
                    return
                with self._bitmap_cache().snapshot(connection) as moment:
                    preload_word(moment, word)

        self.completions()
        self._database.run(read)

    def facets(self) -> Facets:
        """Count entries of each kind and under each tag."""
        from reader.search.store.facets import count_facets

        return self._database.run(count_facets)

    def failure_reasons(self) -> tuple[tuple[str, int], ...]:
        """Return the reasons of failed links with their counts."""
        from reader.search.store.facets import count_reasons

        return self._database.run(count_reasons)

    def sites(self) -> tuple[SiteCount, ...]:
        """Return the sites, most entries first."""
        from reader.search.store.facets import count_sites

        return self._database.run(count_sites)

    def entry(self, entry_id: EntryId) -> Entry | None:
        """Return the entry as lists show it, also from the trash; `None` if missing."""
        return next(iter(self.entries([entry_id])), None)

    def entries(self, ids: Iterable[EntryId]) -> list[Entry]:
        """Return the existing entries among the ids, in the given order."""
        rows = [row for row in map(self._find_row, ids) if row is not None]
        return self._read_entries(rows)

    def find_hashed(self, hashes: Collection[str]) -> dict[str, EntryId]:
        """Map SHA-1 hashes of addresses to the entries that have them, outside the trash."""
        if self._url_hashes is None:
            from reader.search.store.url_hashes import UrlHashes

            self._url_hashes = UrlHashes()
        index = self._url_hashes
        return self._database.run(lambda connection: index.find(connection, hashes))

    def entries_under(self, tags: Iterable[str]) -> list[Entry]:
        """Return the entries with one of the tags or a tag below it, those in the trash too."""
        keys = [fold_case(tag) for tag in tags]

        def read(connection: sqlite3.Connection) -> list[Entry]:
            marks = ", ".join("?" * len(keys))
            sql = f"select distinct row from tagged join tags using (tag) where folded in ({marks})"
            return read_entries(connection, [row for (row,) in connection.execute(sql, keys)])

        return self._database.run(read)

    def resolve(self, prefix: str) -> EntryId:
        """Return the only id with the prefix, following merged articles.

        Raises UnknownIdError, AmbiguousIdError, or UsageError below 4 characters.
        """
        begins = prefix.strip().casefold().translate(_CROCKFORD_LOOKALIKES)
        if len(begins) < MIN_PREFIX:
            raise UsageError(
                f"{one_line(prefix, 40)!r} is too short for an id: {MIN_PREFIX} characters at least"
            )
        sql = (
            "select id from facts where row in (select row from entries where id >= :begins and id < :beyond)"
            " union select same from gone join entries on entries.id = same"
            " join facts on facts.row = entries.row"
            " where gone.id >= :begins and gone.id < :beyond order by 1 limit 9"
        )
        within = {"begins": begins, "beyond": begins + "~"}
        found = (
            self._database.run(lambda c: c.execute(sql, within).fetchall())
            if begins.isascii()  # no id has other characters, and SQLite refuses surrogates
            else []
        )
        if not found:
            raise UnknownIdError(
                f"no article {one_line(prefix, 40)!r}: `reader list` shows the ids"
            )
        if len(found) > 1:
            raise AmbiguousIdError(one_line(prefix, 40), [entry_id for (entry_id,) in found])
        return EntryId(found[0][0])

    def shortest_prefixes(self, ids: Iterable[EntryId]) -> dict[EntryId, str]:
        """Return for each id its shortest unique prefix of at least 4 characters."""
        wanted = list(ids)
        return self._database.run(lambda c: shortest_prefixes(c, wanted))

    def _find_rows(self, query: Query, now: datetime, seed: int | None = None) -> Sequence[int]:
        from reader.search.store.query_planner import select, sorted_rows

        def read(connection: sqlite3.Connection) -> Sequence[int]:
            with self._bitmap_cache().snapshot(connection) as moment:
                chosen = select(moment, query, now)
                return sorted_rows(
                    moment, query, chosen, int(now.timestamp()) if seed is None else seed
                )

        return self._database.run(read)

    def _bitmap_cache(self) -> BitmapCache:
        if self._masks is None:
            from reader.search.store.bitmaps import BitmapCache

            self._masks = BitmapCache()
        return self._masks

    def _find_row(self, entry_id: EntryId) -> int | None:
        sql = "select row from facts where row = (select row from entries where id = ?)"
        found = self._database.run(lambda c: c.execute(sql, (entry_id,)).fetchone())
        return None if found is None else int(found[0])

    def _read_ids(self, rows: Sequence[int]) -> list[EntryId]:
        wanted = list(rows)

        def read(connection: sqlite3.Connection) -> list[EntryId]:
            with self._database.snapshot(connection):
                found = _ids_of_rows(connection, wanted)
                filling = read_state(connection).filling
            present = list(filter(found.__contains__, wanted))
            ids = list(map(found.__getitem__, present))
            self._remember_rows(filling, dict(zip(ids, present, strict=True)))
            return ids

        return self._database.run(read)

    def _read_entries(self, rows: Sequence[int]) -> list[Entry]:
        return self._database.run(lambda connection: read_entries(connection, rows))

    # Full text.

    def search(
        self, query: Query, *, limit: int = 20, enough: int = ENOUGH_HITS, now: datetime
    ) -> list[SearchHit]:
        """Return the best hits with snippets: all words first, then some, unless it has an order.

        Articles with some of the words are added up to `enough` hits: each costs its snippet.
        """
        from reader.model.query import Query, Sort, SortKey, search_words
        from reader.search.text.snippets import Snippet

        ordered = query if query.sort else Query(query.where, Sort(SortKey.RELEVANCE))
        words: tuple[TextTerm, ...] = search_words(query)
        rows = self._find_rows(ordered, now)[:limit]
        missing: Mapping[int, tuple[str, ...]] = {}
        enough = min(limit, enough)
        if len(rows) < enough:
            ranking = self._rank(query, now, enough, rows)
            rows, missing = ranking.merge(rows, enough)
            words = ranking.words or words
        entries: list[Entry] = []

        def coming() -> Iterator[Entry]:
            # In batches, so that files of the first hits are prefetched while entries are read.
            for at in range(0, len(rows), _HIT_BATCH):
                some = self._read_entries(rows[at : at + _HIT_BATCH])
                entries.extend(some)
                yield from some

        cuts = self.snippets(coming(), words) if words else [Snippet("") for _ in coming()]
        return [
            SearchHit(entry, cut.text, cut.marks, missing.get(row, ()))
            for row, entry, cut in zip(rows, entries, cuts, strict=True)
        ]

    def ranked_listing(
        self, query: Query, *, now: datetime, limit: int = MAX_RANKED_ROWS
    ) -> RankedListing:
        """Return the complete hits, then up to `limit` articles with some words."""
        complete = self._find_rows(query, now)
        ranking = self._rank(query, now, limit)
        rows, missing = ranking.merge(complete, len(complete) + limit)
        listing = Listing(rows, self._read_entries, self._find_row, self._read_ids)
        places = {at: missing[row] for at, row in enumerate(rows) if row in missing}
        return RankedListing(listing, len(rows) - len(places), places, ranking.words)

    def _rank(
        self, query: Query, now: datetime, limit: int, known: Sequence[int] | None = None
    ) -> Ranking:
        """Rank by the bare words of the query; nothing if it has none or another order.

        `known` are all rows with all words, if they were found before.
        """
        from reader.model.query import Sort, SortKey, loose_words
        from reader.search.store.ranking import Ranking, prepare, rank

        if query.sort not in (None, Sort(SortKey.RELEVANCE)) or not loose_words(query):
            return Ranking()

        def read(connection: sqlite3.Connection) -> Ranking:
            prepare(connection)
            with self._bitmap_cache().snapshot(connection) as moment:
                languages = moment.languages()
                return rank(connection, moment, query, now, languages, limit=limit, known=known)

        return self._database.run(read)

    def snippets(
        self, entries: Iterable[Entry], words: Sequence[TextTerm], length: int = 0
    ) -> list[Snippet]:
        """Cut a line of each article around the words, read from its file.

        If its text has none of them, the line comes from its notes and highlights. It has about
        `length` characters; 0 selects the width of a large terminal.
        """
        from reader.search.store.article_files import read_markdowns
        from reader.search.text.snippets import SNIPPET_LENGTH, make_snippet

        seen: list[Entry] = []

        def coming() -> Iterator[Entry]:
            for entry in entries:
                seen.append(entry)
                yield entry

        size = length or SNIPPET_LENGTH
        cuts = [make_snippet(text, words, size) for text in read_markdowns(self.home, coming())]
        noted = [
            at
            for at, entry in enumerate(seen)
            if not cuts[at].marks and (entry.has_note or entry.highlights)
        ]
        for at, notes in zip(noted, self._read_notes([seen[at] for at in noted]), strict=True):
            cut = make_snippet(notes, words, size)
            cuts[at] = cut if cut.marks else cuts[at]
        return cuts

    def _read_notes(self, entries: Sequence[Entry]) -> list[str]:
        """Return each entry's note and highlights with their notes, as one text."""
        if not entries:
            return []

        def read(connection: sqlite3.Connection) -> list[str]:
            select = "select note, quotes from documents join entries using (row) where id = ?"
            rows = (connection.execute(select, (entry.id,)).fetchone() for entry in entries)
            return ["\n\n".join(row).replace("\0", "\n\n") if row else "" for row in rows]

        return self._database.run(read)

    def as_prefix_query(self, query: Query, typed: str) -> Query:
        """Treat the query's last word as a prefix while the user types, if that is cheap.

        `typed` is the text of the search box, which ends the query. Raises QueryError.
        """
        from reader.search.store.prefix_query import as_prefix_query, unfinished_word

        last = unfinished_word(typed)
        if last is None:
            return query
        return self._database.run(lambda c: as_prefix_query(c, query, last))

    def completions(self) -> CompletionValues:
        """Return the values that the search box completes: tags, sites, bylines and languages."""
        from reader.search.store.cache_state import current_generation
        from reader.search.store.facets import read_completions

        def read(connection: sqlite3.Connection) -> CompletionValues:
            version = current_generation(connection)
            # ⏱ 170 ms at 100,000 entries, while the user is typing.
            if self._known is None or self._known[0] != version:
                self._known = version, read_completions(connection)
            return self._known[1]

        return self._database.run(read)

    def related(self, entry: Entry, *, limit: int = 8) -> list[RelatedArticle]:
        """Return the most similar articles by text and tags, best first."""
        from reader.search.discovery.similarity import find_related
        from reader.search.store.article_files import read_plain_text

        body = read_plain_text(self.home, entry)
        return self._database.run(lambda c: find_related(c, entry, body, limit))

    def suggest_tags(
        self,
        title: str,
        body: str,
        *,
        offered: Sequence[str] = (),
        own_tags: Sequence[str] = (),
        besides: str = "",
        limit: int = 6,
    ) -> list[TagSuggestion]:
        """Return tags that fit the text: see `search.discovery.tag_suggestions`."""
        from reader.search.discovery.tag_suggestions import suggest_tags

        return self._database.run(
            lambda c: suggest_tags(
                c, title, body, offered=offered, own_tags=own_tags, besides=besides, limit=limit
            )
        )

    def spell_corrected(self, query: Query) -> Query | None:
        """Replace unknown words of the query by the nearest known ones; `None` if none is close."""
        from reader.search.discovery.spell_correction import correct_query

        return self._database.run(lambda c: correct_query(c, query))

    def unindexed_count(self) -> int:
        """Return the number of entries not yet in the full-text index."""
        sql = "select count(*) from unindexed"
        return int(self._database.run(lambda c: c.execute(sql).fetchone()[0]))

    def mark_unindexed(self, ids: Sequence[EntryId]) -> None:
        """Have these entries indexed again: their texts have come. Blocks on disk."""
        rows = [(str(each),) for each in ids]
        sql = "insert or ignore into unindexed select row from entries where id = ?"

        def mark(connection: sqlite3.Connection) -> None:
            with self._database.transaction(connection):
                connection.executemany(sql, rows)

        self._database.run(mark)

    def index_texts(self, *, going_on: Callable[[int, int], bool] = _always_continue) -> int:
        """Update the full-text index in short steps; return the number of indexed entries.

        `going_on` receives the done and total counts after each step and returns whether to continue;
        the next call does the rest. About 2 ms per article.
        """
        total = self.unindexed_count()
        if not total:
            return 0
        return self._database.run(lambda c: self._index_steps(c, total, going_on))

    def _index_steps(
        self,
        connection: sqlite3.Connection,
        total: int,
        going_on: Callable[[int, int], bool],
    ) -> int:
        from reader.search.store import fts_index

        # Unset until the step succeeds: words of a failed step are not in the table.
        vocabulary, self._vocabulary = self._vocabulary or fts_index.Vocabulary(), None
        if fts_index.needs_rebuild(connection):
            with self._database.transaction(connection):
                fts_index.clear(connection)
        indexing, done = fts_index.Indexer(connection, self.home, vocabulary), 0
        while True:
            with self._database.transaction(connection):
                step = indexing.index_batch(_INDEX_BATCH)
            done += step
            if not step or not going_on(done, max(total, done)) or done >= total:
                if indexing.has_enough_samples:
                    with self._database.transaction(connection):
                        indexing.write_common_words()
                vocabulary.trim()
                self._vocabulary = vocabulary
                return done


def _ids_of_rows(connection: sqlite3.Connection, wanted: Sequence[int]) -> dict[int, EntryId]:
    """Return the ids of these rows, and perhaps of others.

    ⏱ Of most rows, reading all of an index takes a fifth of the time.
    """
    rows = connection.execute("select max(row) from entries").fetchone()[0] or 0
    if len(wanted) > rows // 2:
        return dict(connection.execute("select row, id from entries indexed by entries_by_id"))
    found: dict[int, EntryId] = {}
    for at in range(0, len(wanted), _MAX_IDS_PER_QUERY):
        chunk = wanted[at : at + _MAX_IDS_PER_QUERY]
        marks = ", ".join("?" * len(chunk))
        found.update(
            connection.execute(f"select row, id from entries where row in ({marks})", chunk)
        )
    return found


def _read_documents(
    connection: sqlite3.Connection, wanted: Sequence[EntryId], known: Mapping[str, int]
) -> tuple[dict[EntryId, str], dict[str, int], set[str]]:
    """Return the documents of these records, the rows of those listed, and the cache's states.

    `known` are rows of some: ⏱ half of the time of finding them by their ids. Each statement reads
    the state (`settled.documents`) with its rows, so no transaction is needed around them; an
    empty one stands for a cache without a state.
    """
    found: dict[EntryId, str] = {}
    numbers: dict[str, int] = {}
    states: set[str] = set()
    for at in range(0, len(wanted), _MAX_IDS_PER_QUERY):
        chunk = wanted[at : at + _MAX_IDS_PER_QUERY]
        ids = {known[each]: each for each in chunk if each in known}
        if ids:
            marks = ", ".join("?" * len(ids))
            sql = f"{_STATE_FIRST} select null, document, row from documents where row in ({marks})"
            (_, state, _), *rows = connection.execute(sql, list(ids))
            states.add(state)
            found.update([(ids[row], document) for _, document, row in rows])
            chunk = [each for each in chunk if each not in found]
        if not chunk:
            continue
        marks = ", ".join("?" * len(chunk))
        sql = (
            f"{_STATE_FIRST} select id, document, null from gone where id in ({marks}) union all"
            " select entries.id, document, row from entries join documents using (row)"
            f" where entries.id in ({marks})"
        )
        (_, state, _), *rows = connection.execute(sql, [*chunk, *chunk])
        states.add(state)
        for entry_id, document, row in rows:
            found[entry_id] = document
            if row is not None:
                numbers[entry_id] = row
    return found, numbers, states


_STATE_FIRST: Final = "select null, coalesce((select value from settled where name = 'documents'), ''), null union all"
"""The first row of a statement that reads documents; SQLite keeps the order of `union all`."""


def _collect_ids(
    rows: Iterable[CacheRow | LinkRow], present: set[EntryId]
) -> Iterator[CacheRow | LinkRow]:
    for row in rows:
        present.add(row.entry.id if isinstance(row, CacheRow) else row.id)
        yield row
