"""The cache: lists, counts and search over one library, without opening it.

It never holds the truth. What it knows comes from the library's journals, through `apply`, with
how far each was read; it may be deleted, damaged or out of date, and is then filled again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reader.model.entry import EntryId
from reader.model.errors import AmbiguousIdError, UnknownIdError, UsageError
from reader.model.urls import MIN_PREFIX
from reader.search.store.cache_state import JournalCursor, read_cursors, write_cursors
from reader.search.store.database import Database
from reader.search.store.fast_listing import cache_file_name, is_fresh
from reader.search.store.row_order import Listing
from reader.search.store.rows import (
    CacheRow,
    HiddenRecord,
    put_hidden,
    read_entries,
    remove,
    shortest_prefix,
    upsert,
)

if TYPE_CHECKING:
    # A command that marks one article waits for no query language and no full text: each method
    # imports what it alone needs.
    from datetime import datetime

    from reader.model.entry import Entry
    from reader.model.query import Query, TextTerm
    from reader.paths import Paths
    from reader.search.discovery.near_duplicates import NearDuplicate
    from reader.search.discovery.similarity import RelatedArticle
    from reader.search.discovery.tag_suggestions import TagSuggestion
    from reader.search.store.bitmaps import BitmapCache
    from reader.search.store.facets import Facets, SiteCount
    from reader.search.store.fts_index import Vocabulary
    from reader.search.text.query_completion import CompletionValues
    from reader.search.text.snippets import Snippet

_CHUNK: Final = 500
_CROCKFORD: Final = str.maketrans("oil", "011")
_FREQUENT: Final = 64
"""Words whose articles are remembered before anyone asks."""
_HITS_AT_ONCE: Final = 5
"""Entries of hits read together."""
_TEXTS_AT_ONCE: Final = 32
"""Articles indexed in one transaction: short enough that nobody waits for it."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An entry that a search found, with a line of its text and where the words stand in it."""

    entry: Entry
    snippet: str
    marks: tuple[tuple[int, int], ...] = ()


def cache_file(places: Paths) -> Path:
    """The cache file of this library."""
    return places.cache / cache_file_name(str(places.home))


def _always(done: int, total: int) -> bool:
    return True


class Cache:
    """Rows and full text of the library at `places.home`; safe to use from several threads.

    Every method blocks on disk. LibraryBusy means that another process writes for too long.
    """

    def __init__(self, places: Paths):
        self.home = places.home
        self._database = Database(cache_file(places))
        self._masks: BitmapCache | None = None
        self._vocabulary: Vocabulary | None = None
        self._known: tuple[int, CompletionValues] | None = None

    @property
    def path(self) -> Path:
        return self._database.path

    def close(self) -> None:
        self._database.close()

    def discard(self) -> None:
        """Forget everything: the next `journals` is empty, and the next catching up fills it."""
        self._database.discard()

    # What it knows, and how it comes to know it.

    def journal_cursors(self) -> dict[str, JournalCursor]:
        """By file name, how far each journal was read; empty where the cache is."""
        return self._database.run(read_cursors)

    def is_fresh(self) -> bool:
        """Whether the journals hold nothing that was not read; a few calls of `stat`."""
        journal = str(self.home / "journal")
        return self._database.run(lambda connection: is_fresh(connection, journal))

    def documents(self, ids: Iterable[EntryId]) -> dict[EntryId, str]:
        """The library's own form of those records that are known here."""
        wanted = list(ids)

        def read(connection: sqlite3.Connection) -> dict[EntryId, str]:
            found: dict[EntryId, str] = {}
            for at in range(0, len(wanted), _CHUNK):
                chunk = wanted[at : at + _CHUNK]
                marks = ", ".join("?" * len(chunk))
                listed = f"select id, document from facts join documents using (row) where row in (select row from entries where id in ({marks}))"
                others = f"select id, document from gone where id in ({marks})"
                found.update(connection.execute(others, chunk))
                found.update(connection.execute(listed, chunk))
            return found

        return self._database.run(read)

    def apply(
        self,
        rows: Iterable[CacheRow],
        gone: Mapping[EntryId, HiddenRecord],
        journals: Mapping[str, JournalCursor],
        *,
        whole: bool = False,
        known: Mapping[str, JournalCursor] | None = None,
    ) -> frozenset[EntryId] | None:
        """Take in the rows and where the journals now stand, in one transaction; the changed ids.

        With `whole` the rows are all there are, and every other entry goes. With `known` the step
        is only taken where the cache still stands there, else nothing happens and `None` comes
        back: another process was faster.
        """

        def write(connection: sqlite3.Connection) -> frozenset[EntryId] | None:
            with self._database.transaction(connection):
                if known is not None and read_cursors(connection) != known:
                    return None
                present: set[EntryId] = set()
                changed = upsert(connection, _noted(rows, present))
                absent = set(gone)
                if whole:
                    listed = connection.execute("select id from facts")
                    absent |= {EntryId(each) for (each,) in listed} - present
                    connection.execute("delete from gone")
                changed |= remove(connection, absent)
                put_hidden(connection, gone)
                write_cursors(connection, journals)
                return frozenset(changed)

        return self._database.run(write)

    # Lists.

    def listing(self, query: Query, *, now: datetime, seed: int | None = None) -> Listing:
        """What the query finds, in its order. `seed` names one order of `sort:random`."""
        return Listing(self._rows(query, now, seed), self._read, self._row_of)

    def count(self, query: Query, *, now: datetime) -> int:
        """How many entries the query finds."""
        from reader.search.store.query_planner import count, select

        def read(connection: sqlite3.Connection) -> int:
            with self._remembered().snapshot(connection) as moment:
                return count(moment, select(moment, query, now))

        return self._database.run(read)

    def preload(self, *, going_on: Callable[[], bool]) -> None:
        """Remember what the first questions would wait for: ⏱ two seconds at 100,000 entries.

        `going_on` says after each step whether to take the next.
        """
        from reader.search.store.fts_index import most_frequent_words
        from reader.search.store.query_planner import preload_word

        def read(connection: sqlite3.Connection) -> None:
            with self._remembered().snapshot(connection) as moment:
                moment.preload()
            for word in most_frequent_words(connection, _FREQUENT):
                if not going_on():
                    return
                with self._remembered().snapshot(connection) as moment:
                    preload_word(moment, word)

        self.completions()
        self._database.run(read)

    def facets(self) -> Facets:
        """Entries of each kind and under each tag."""
        from reader.search.store.facets import count_facets

        return self._database.run(count_facets)

    def sites(self) -> tuple[SiteCount, ...]:
        """Sites, those with the most entries first."""
        from reader.search.store.facets import count_sites

        return self._database.run(count_sites)

    def entry(self, entry_id: EntryId) -> Entry | None:
        """The entry as lists show it, also from the trash; `None` where there is none."""
        return next(iter(self.entries([entry_id])), None)

    def entries(self, ids: Iterable[EntryId]) -> list[Entry]:
        """Those of the entries that are there, in the order asked for."""
        rows = [row for row in map(self._row_of, ids) if row is not None]
        return self._read(rows)

    def resolve(self, prefix: str) -> EntryId:
        """The one id that begins so; of the article that it turned out to be, where it has.

        Raises UnknownId, AmbiguousId, or WrongUsage below 4 letters.
        """
        begins = prefix.strip().casefold().translate(_CROCKFORD)
        if len(begins) < MIN_PREFIX:
            raise UsageError(f"{prefix[:40]!r} is too short for an id: give at least 4 characters")
        sql = (
            "select id from facts where row in (select row from entries where id >= :begins and id < :beyond)"
            " union select same from gone join entries on entries.id = same join facts using (row)"
            " where gone.id >= :begins and gone.id < :beyond order by 1 limit 9"
        )
        within = {"begins": begins, "beyond": begins + "~"}
        found = self._database.run(lambda c: c.execute(sql, within).fetchall())
        if not found:
            raise UnknownIdError(f"there is no article {prefix[:40]!r}")
        if len(found) > 1:
            raise AmbiguousIdError(prefix, [entry_id for (entry_id,) in found])
        return EntryId(found[0][0])

    def shortest_prefixes(self, ids: Iterable[EntryId]) -> dict[EntryId, str]:
        """For each id the shortest beginning, of at least 4 characters, that no other id shares."""
        wanted = list(ids)
        return self._database.run(lambda c: {each: shortest_prefix(c, each) for each in wanted})

    def _rows(self, query: Query, now: datetime, seed: int | None = None) -> Sequence[int]:
        from reader.search.store.query_planner import select, sorted_rows

        def read(connection: sqlite3.Connection) -> Sequence[int]:
            with self._remembered().snapshot(connection) as moment:
                chosen = select(moment, query, now)
                return sorted_rows(
                    moment, query, chosen, int(now.timestamp()) if seed is None else seed
                )

        return self._database.run(read)

    def _remembered(self) -> BitmapCache:
        if self._masks is None:
            from reader.search.store.bitmaps import BitmapCache

            self._masks = BitmapCache()
        return self._masks

    def _row_of(self, entry_id: EntryId) -> int | None:
        sql = "select row from facts where row = (select row from entries where id = ?)"
        found = self._database.run(lambda c: c.execute(sql, (entry_id,)).fetchone())
        return None if found is None else int(found[0])

    def _read(self, rows: Sequence[int]) -> list[Entry]:
        return self._database.run(lambda connection: read_entries(connection, rows))

    # The full text.

    def search(self, query: Query, *, limit: int = 20, now: datetime) -> list[SearchHit]:
        """The best hits with snippets; by relevance where the query names no order."""
        from reader.model.query import Query, Sort, SortKey, search_words
        from reader.search.text.snippets import Snippet

        ranked = query if query.sort else Query(query.where, Sort(SortKey.RELEVANCE))
        words = search_words(query)
        rows = self._rows(ranked, now)[:limit]
        entries: list[Entry] = []

        def coming() -> Iterator[Entry]:
            # A few at a time, so that the disk is asked for the files of the first meanwhile.
            for at in range(0, len(rows), _HITS_AT_ONCE):
                some = self._read(rows[at : at + _HITS_AT_ONCE])
                entries.extend(some)
                yield from some

        cuts = self.snippets(coming(), words) if words else [Snippet("") for _ in coming()]
        return [
            SearchHit(entry, cut.text, cut.marks) for entry, cut in zip(entries, cuts, strict=True)
        ]

    def snippets(
        self, entries: Iterable[Entry], words: Sequence[TextTerm], length: int = 0
    ) -> list[Snippet]:
        """A line of each article around the words, read from its file.

        Of about `length` characters; 0 stands for those of a wide terminal.
        """
        from reader.search.store.article_files import read_markdowns
        from reader.search.text.snippets import SNIPPET_LENGTH, make_snippet

        return [
            make_snippet(text, words, length or SNIPPET_LENGTH)
            for text in read_markdowns(self.home, entries)
        ]

    def as_prefix_query(self, query: Query, typed: str) -> Query:
        """The query whose last words are being typed: the last one may go on, where that is cheap.

        `typed` is the text of a search box, which the query ends with. Raises WrongQuery.
        """
        from reader.search.store.prefix_query import as_prefix_query, unfinished_word

        last = unfinished_word(typed)
        if last is None:
            return query
        return self._database.run(lambda c: as_prefix_query(c, query, last))

    def completions(self) -> CompletionValues:
        """What the search box completes with: tags, sites, bylines and languages."""
        from reader.search.store.cache_state import current_generation
        from reader.search.store.facets import read_completions

        def read(connection: sqlite3.Connection) -> CompletionValues:
            version = current_generation(connection)
            # ⏱ 170 ms at 100,000 entries, while someone types already.
            if self._known is None or self._known[0] != version:
                self._known = version, read_completions(connection)
            return self._known[1]

        return self._database.run(read)

    def related(self, entry: Entry, *, limit: int = 8) -> list[RelatedArticle]:
        """The articles of the library most like this one, by text and tags, best first."""
        from reader.search.discovery.similarity import find_related
        from reader.search.store.article_files import read_plain_text

        body = read_plain_text(self.home, entry)
        return self._database.run(lambda c: find_related(c, entry, body, limit))

    def near_duplicates(self, entry: Entry) -> list[NearDuplicate]:
        """Other articles with nearly the same text, the nearest first."""
        from reader.search.discovery.near_duplicates import find_near_duplicates
        from reader.search.store.article_files import read_plain_text

        body = read_plain_text(self.home, entry)
        return self._database.run(lambda c: find_near_duplicates(c, self.home, entry, body))

    def suggest_tags(
        self,
        title: str,
        body: str,
        *,
        offered: Sequence[str] = (),
        borne: Sequence[str] = (),
        besides: str = "",
        limit: int = 6,
    ) -> list[TagSuggestion]:
        """Tags that fit the text: see `recall.suggesting`."""
        from reader.search.discovery.tag_suggestions import suggest_tags

        return self._database.run(
            lambda c: suggest_tags(
                c, title, body, offered=offered, borne=borne, besides=besides, limit=limit
            )
        )

    def spell_corrected(self, query: Query) -> Query | None:
        """The query with words that no text has replaced by the nearest; `None` if none is near."""
        from reader.search.discovery.spell_correction import correct_query

        return self._database.run(lambda c: correct_query(c, query))

    def unindexed_count(self) -> int:
        """How many entries are not in the full text yet."""
        sql = "select count(*) from unindexed"
        return int(self._database.run(lambda c: c.execute(sql).fetchone()[0]))

    def index_texts(self, *, going_on: Callable[[int, int], bool] = _always) -> int:
        """Bring the full text up to date in short steps; how many were indexed.

        `going_on` is told how many are done of how many after each step, and says whether to go
        on; what is left is done by the next call. About 2 ms for an article.
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

        # Taken away until all is well: words of a step that failed are not in the table.
        vocabulary, self._vocabulary = self._vocabulary or fts_index.Vocabulary(), None
        if fts_index.needs_rebuild(connection):
            with self._database.transaction(connection):
                fts_index.clear(connection)
        indexing, done = fts_index.Indexer(connection, self.home, vocabulary), 0
        while True:
            with self._database.transaction(connection):
                step = indexing.index_batch(_TEXTS_AT_ONCE)
            done += step
            if not step or not going_on(done, max(total, done)) or done >= total:
                if indexing.has_enough_samples:
                    with self._database.transaction(connection):
                        indexing.write_common_words()
                vocabulary.trim()
                self._vocabulary = vocabulary
                return done


def _noted(rows: Iterable[CacheRow], present: set[EntryId]) -> Iterator[CacheRow]:
    for row in rows:
        present.add(row.entry.id)
        yield row
