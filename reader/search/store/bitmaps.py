"""Cached bitmaps of matching rows, one per query condition, and cached sort orders.

⏱ Combining two bitmaps of 100,000 rows takes 0.02 ms; asking SQLite about each row takes 8 ms
or more. Cached values are updated by asking for the changed rows only.
"""

import json
import re
import sqlite3
import threading
from array import array
from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, Final, Generic, NamedTuple, TypeVar

from reader.search.store.cache_state import can_catch_up, current_generation, last_text_id
from reader.search.store.row_order import (
    Bitmap,
    LazyRows,
    RowOrder,
    bitmap_of,
    count_rows,
    to_bytes,
)
from reader.search.store.sql_conditions import ALL_ENTRIES, FACTS, TRASHED, Condition

NEWEST: Final = "f.stamp desc, f.id"
"""Default order of lists, the same as `model.query.in_order`."""
OLDEST: Final = "f.stamp, f.id desc"

MAX_BITMAPS: Final = 48
"""Bitmaps kept, most recently used: 5 MB at 100,000 articles."""
MAX_ORDERS: Final = 4
"""Orders kept, most recently used: 5 MB each."""
MAX_MATCHES: Final = 160
"""FTS5 expressions kept with their rows: 16 MB at 100,000 articles."""
_MAX_CHANGED: Final = 500
"""Changed rows from which reading all rows again is not slower."""
_MAX_MOVED: Final = 64
"""Changed rows that are moved within the order: 1,100 look-ups at 100,000 entries."""
_LANGUAGE_GENERATIONS: Final = 200
"""Changes after which the languages are read again: ⏱ 5 ms at 100,000 entries."""
_SAMPLE_SIZE: Final = 64
"""Rows sampled to estimate the selectivity of a condition: ⏱ 0.2 ms."""
_BROAD_SHARE: Final = 0.25
"""Share of rows from which scanning them all is faster."""
SMALL_RESULT: Final = 1_000
"""Rows that are sorted faster on their own than by making an order of all rows."""
_SORTED_SHARE: Final = 200
"""Share of all rows up to which rows are sorted faster than a known order of all is filtered."""

_DIGITS: Final = bytes(byte & 1 for byte in range(256))
_RUN: Final = re.compile(rb"\x01+")

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


_PARSED_CHARACTERS: Final = 200_000
"""Characters of a list of rows parsed in one call: ⏱ 5 ms."""


class _Cached(NamedTuple, Generic[_Value]):
    version: int
    value: _Value


def rows_of(mask: Bitmap) -> Iterator[int]:
    """Yield the rows of a bitmap in their order: ⏱ 0.1 ms if few of a million are set."""
    holds = to_bytes(mask)
    row = holds.find(1)
    while row >= 0:
        yield row
        row = holds.find(1, row + 1)


class BitmapCache:
    """Bitmaps and orders of one cache file; thread-safe, one thread at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.bitmaps: OrderedDict[Condition, _Cached[Bitmap]] = OrderedDict()
        self.orders: OrderedDict[str, _Cached[RowOrder]] = OrderedDict()
        self.texts = IndexedTexts()
        self.languages: _Cached[tuple[str, ...]] | None = None
        self._version = 0

    @contextmanager
    def snapshot(self, connection: sqlite3.Connection) -> Iterator["Snapshot"]:
        """Hold a read transaction on the current state until the block is left."""
        with self._lock:
            connection.execute("begin")
            try:
                version = current_generation(connection)
                if not can_catch_up(self._version, version):
                    self.clear()
                self._version = version
                yield Snapshot(self, connection, version)
            finally:
                if connection.in_transaction:
                    connection.execute("rollback")

    def release(self) -> None:
        """Drop everything; the next query reads it again."""
        with self._lock:
            self.clear()

    def clear(self) -> None:
        self.bitmaps.clear()
        self.orders.clear()
        self.languages = None
        self.texts = IndexedTexts()


class IndexedTexts:
    """Mapping between text ids of the index and rows; row 0 marks an obsolete text.

    `matches` holds rows of FTS5 expressions that match many texts, with the last text id they cover.
    """

    def __init__(self) -> None:
        self._rows = array("q", [0])
        self._texts = array("q", [0])
        self.matches: OrderedDict[str, tuple[int, Bitmap]] = OrderedDict()

    @property
    def last_id(self) -> int:
        """The last text id covered."""
        return len(self._rows) - 1

    def catch_up(self, connection: sqlite3.Connection) -> None:
        """Add the texts indexed since; each row keeps only its newest text."""
        last, newest = self.last_id, last_text_id(connection)
        if newest <= last:
            return
        sql = "select json_group_array(text_id), json_group_array(row) from facts where text_id > ?"
        texts, rows = map(json.loads, connection.execute(sql, (last,)).fetchone())
        # Texts of deleted rows are still in the index, possibly the newest.
        self._rows.frombytes(bytes(8 * (newest - last)))
        self._texts.frombytes(bytes(8 * max(max(rows, default=0) - len(self._texts) + 1, 0)))
        for text, row in zip(texts, rows, strict=True):
            self._rows[self._texts[row]] = 0
            self._rows[text] = row
            self._texts[row] = text

    def rows_of(self, texts: Sequence[int]) -> list[int]:
        """Return the row of each text, 0 for obsolete ones."""
        rows = self._rows
        return [rows[text] for text in texts]

    def bitmap_of(self, texts: Sequence[int]) -> Bitmap:
        """Return the rows of the texts as a bitmap."""
        rows, holds = self._rows, bytearray(len(self._texts))
        for text in texts:
            holds[rows[text]] = 1
        holds[0] = 0
        return int.from_bytes(holds, "little")


class Snapshot:
    """Query answers within one transaction."""

    def __init__(self, masks: BitmapCache, connection: sqlite3.Connection, version: int):
        self._masks = masks
        self._connection = connection
        self._version = version

    def preload(self) -> None:
        """Cache the data that any query needs."""
        self.all_rows()
        self.order(NEWEST)
        self._masks.texts.catch_up(self._connection)

    def all_rows(self) -> Bitmap:
        """Return all listed rows, including the trash."""
        return self.bitmap(ALL_ENTRIES)

    def bitmap(self, condition: Condition) -> Bitmap:
        """Return the rows that satisfy the condition."""
        kept = self._masks.bitmaps.get(condition)
        if kept is not None and kept.version == self._version:
            self._masks.bitmaps.move_to_end(condition)
            return kept.value
        changed = None if kept is None else self._changed_since(kept.version, _MAX_CHANGED)
        if kept is None or changed is None:
            value = self._query_rows(condition)
        else:
            value = kept.value & ~bitmap_of(changed) | self._query_rows(condition, changed)
        if not condition.depends_on_time:
            _remember(self._masks.bitmaps, condition, _Cached(self._version, value), MAX_BITMAPS)
        return value

    def added_within(self, low: str, high: str) -> Bitmap:
        """Return the rows whose `stamp` is in the range from `low` to before `high`."""
        order = self.order(NEWEST)

        def older(bound: str) -> int:
            """Return the position of the first row older than the bound."""
            return bisect_left(order.rows, True, key=lambda row: self._sort_key(row)[0] < bound)

        return order.rows_between(older(high), older(low))

    def matching_rows(self, match: str) -> Bitmap:
        """Return the rows whose texts match the FTS5 expression."""
        sql = "select json_group_array(rowid) from text where text match ? and rowid > ?"
        texts = self._masks.texts
        texts.catch_up(self._connection)
        last, rows = texts.matches.get(match, (0, 0))
        if last < texts.last_id:
            found = texts.bitmap_of(self._select_ids(sql, (match, last)))
            rows = (
                rows & ~texts.bitmap_of(range(last + 1, texts.last_id + 1)) | found
                if last
                else found
            )
        if count_rows(rows) > SMALL_RESULT:
            _remember(texts.matches, match, (texts.last_id, rows), MAX_MATCHES)
        return rows & self.all_rows()

    def languages(self) -> tuple[str, ...]:
        """Return the languages of the library that have a stemmer; asked again now and then."""
        # Imported here: only a ranked search needs the stemmers.
        from reader.search.store.word_forms import read_languages

        kept = self._masks.languages
        if kept is None or self._version - kept.version > _LANGUAGE_GENERATIONS:
            kept = _Cached(self._version, read_languages(self._connection))
            self._masks.languages = kept
        return kept.value

    def rows_of_texts(self, texts: Sequence[int]) -> list[int]:
        """Return the row of each text of the index, 0 for obsolete ones."""
        self._masks.texts.catch_up(self._connection)
        return self._masks.texts.rows_of(texts)

    def count_matches(self, match: str, limit: int) -> int:
        """Return how many texts match, at most `limit`."""
        sql = "select count(*) from (select 1 from text where text match ? limit ?)"
        return int(self._connection.execute(sql, (match, limit)).fetchone()[0])

    def ranked(self, match: str, among: Bitmap) -> list[int]:
        """Return the rows of `among` whose texts match, best first, then newest first."""
        sql = "select rank, rowid from text where text match ?"
        found = sorted(self._connection.execute(sql, (match,)).fetchall())
        self._masks.texts.catch_up(self._connection)
        rows = self._masks.texts.rows_of([text for _, text in found])
        holds = to_bytes(among)
        size = len(holds)
        ranked = [
            (rank, row)
            for (rank, _), row in zip(found, rows, strict=True)
            if row < size and holds[row]
        ]
        counted = Counter(rank for rank, _ in ranked)
        if len(counted) < len(ranked):
            # The numbers of rows and texts are others once the cache is filled again.
            places = self._newest_places([row for rank, row in ranked if counted[rank] > 1])
            ranked.sort(key=lambda pair: (pair[0], places.get(pair[1], 0)))
        return [row for _, row in ranked]

    def _newest_places(self, rows: Sequence[int]) -> dict[int, int]:
        """Return the place of each of these rows among them, newest first."""
        sql = (
            "select f.row from facts f where f.row in (select value from json_each(?))"
            f" order by {NEWEST}"
        )
        found = self._connection.execute(sql, (json.dumps(rows),))
        return {row: place for place, (row,) in enumerate(found)}

    def sorted_rows(self, mask: Bitmap, order: str, *, kept: bool = True) -> Sequence[int]:
        """Return the rows of the bitmap sorted by this SQL, which is cached if `kept`."""
        if mask == 0:
            return ()
        if order == OLDEST:
            return self.sorted_rows(mask, NEWEST)[::-1]
        if not kept or count_rows(mask) < self._small_result(order):
            sql = f"select json_group_array(row) from (select f.row from facts f where f.row in (select value from json_each(?)) order by {order})"
            return self._select_ids(sql, (json.dumps(list(rows_of(mask))),))
        return LazyRows(self.order(order), mask)

    def _small_result(self, order: str) -> int:
        """Return the number of rows from which filtering an order of all rows is faster."""
        known = self._masks.orders.get(order)
        if known is None:
            return SMALL_RESULT
        return min(SMALL_RESULT, len(known.value.rows) // _SORTED_SHARE)

    def newest_first(self, first: Bitmap, rest: Bitmap) -> Sequence[int]:
        """Return the rows of `first`, newest first, then the remaining rows of `rest`."""
        return LazyRows(self.order(NEWEST), first, rest & ~first)

    def order(self, order: str) -> RowOrder:
        """Return all rows sorted by this SQL."""
        kept = self._masks.orders.get(order)
        if kept is not None and kept.version == self._version:
            self._masks.orders.move_to_end(order)
            return kept.value
        changed = None
        if kept is not None and order == NEWEST:
            changed = self._changed_since(kept.version, _MAX_MOVED)
        if kept is None or changed is None:
            by_time = " indexed by facts_in_order" if order == NEWEST else ""
            sql = f"select json_group_array(row) from (select f.row from facts f{by_time} order by {order})"
            value = RowOrder(self._select_ids(sql, ()))
        elif self._are_in_place(kept.value.rows, changed):
            # ⏱ Most changes move no row, and at a million another order takes 50 ms.
            value = kept.value
        else:
            value = RowOrder(self._reinsert(kept.value.rows, changed))
        _remember(self._masks.orders, order, _Cached(self._version, value), MAX_ORDERS)
        return value

    def _reinsert(self, newest: list[int], changed: Sequence[int]) -> list[int]:
        """Move the changed rows to their new positions."""
        moved = set(changed)
        newest = [row for row in newest if row not in moved]
        for row in changed:
            newest.insert(self._place_behind(newest, row), row)
        return newest

    def _are_in_place(self, newest: list[int], rows: Sequence[int]) -> bool:
        """Return whether these rows stand in order where they are, as all others do."""
        for row in rows:
            place = self._place_behind(newest, row)
            if place == 0 or newest[place - 1] != row:
                return False
            near = newest[max(place - 2, 0) : place + 1]
            if any(not self._is_behind(other, one) for one, other in pairwise(near)):
                return False
        return True

    def _place_behind(self, newest: list[int], row: int) -> int:
        """Return the position of the first row behind this one, which may be among them."""
        return bisect_left(newest, True, key=lambda other: self._is_behind(other, row))

    def _is_behind(self, row: int, other: int) -> bool:
        """Return whether the row comes after the other, newest first."""
        (stamp, entry_id), (its_stamp, its_id) = self._sort_key(row), self._sort_key(other)
        return stamp < its_stamp or (stamp == its_stamp and entry_id > its_id)

    def _sort_key(self, row: int) -> tuple[str, str]:
        found = self._connection.execute("select stamp, id from facts where row = ?", (row,))
        stamp, entry_id = found.fetchone()
        return stamp, entry_id

    def _changed_since(self, version: int, most: int) -> list[int] | None:
        """Return the rows changed after that generation; `None` if more than `most`."""
        sql = "select row from facts where version > ? limit ?"
        rows = [row for (row,) in self._connection.execute(sql, (version, most + 1))]
        return rows if len(rows) <= most else None

    def _query_rows(self, condition: Condition, among: Sequence[int] | None = None) -> Bitmap:
        where, values = condition.where, list(condition.values)
        if among is not None:
            where = f"({where}) and f.row in (select value from json_each(?))"
            values.append(json.dumps(among))
        elif condition == ALL_ENTRIES:
            whole = self._rows_without_gaps()
            if whole is not None:
                return whole
        elif condition != TRASHED and self._is_broad(condition):
            return self._scan_rows(condition)
        sql = f"select json_group_array(f.row) from {condition.source} where {where}"
        return bitmap_of(self._select_ids(sql, values))

    def _rows_without_gaps(self) -> Bitmap | None:
        """Return all rows if their numbers have no gaps; else None.

        ⏱ Reading the number of each row takes 300 ms at a million.
        """
        # ⏱ Three questions: one would read each row, 90 instead of 3 ms.
        sql = "select (select count(*) from facts), (select min(row) from facts), (select max(row) from facts)"
        number, least, last = self._connection.execute(sql).fetchone()
        if not number or number != last - least + 1:
            return None
        return int.from_bytes(bytes(least) + b"\1" * number, "little")

    def _is_broad(self, condition: Condition) -> bool:
        """Estimate whether a scan is faster because the condition matches many rows."""
        if condition.source != FACTS:
            return False
        last = self._connection.execute("select max(row) from facts").fetchone()[0] or 0
        sample = range(1, last + 1, last // _SAMPLE_SIZE + 1)
        sql = f"select count(*), sum({condition.where}) from {FACTS} where row in (select value from json_each(?))"
        values = (*condition.values, json.dumps(list(sample)))
        found, holding = self._connection.execute(sql, values).fetchone()
        return bool(found) and holding >= _BROAD_SHARE * found

    def _scan_rows(self, condition: Condition) -> Bitmap:
        """Evaluate the condition by scanning all rows: ⏱ 8 ms for any number of matches."""
        # An index scan returns rows in order; ⏱ an explicit `order by` costs 3 ms more.
        sql = f"select group_concat(iif({condition.where}, '1', '0'), '') from {FACTS} indexed by facts_by_row"
        digits: str | None = self._connection.execute(sql, condition.values).fetchone()[0]
        found = (digits or "").encode().translate(_DIGITS)
        rows, at = bytearray(to_bytes(self.all_rows())), 0
        for run in _RUN.finditer(bytes(rows)):
            end = at + run.end() - run.start()
            rows[run.start() : run.end()] = found[at:end]
            at = end
        return int.from_bytes(rows, "little")

    def _select_ids(self, sql: str, values: Sequence[Any]) -> list[int]:
        # One JSON text costs half of 100,000 row tuples.
        text: str = self._connection.execute(sql, values).fetchone()[0]
        found: list[int] = []
        at = 1
        while at < len(text) - 1:
            # In pieces: parsing a million numbers at once would stop every thread for 200 ms.
            end = text.find(",", at + _PARSED_CHARACTERS)
            end = len(text) - 1 if end < 0 else end
            found += json.loads(f"[{text[at:end]}]")
            at = end + 1
        return found


def _remember(kept: OrderedDict[_Key, _Value], key: _Key, value: _Value, most: int) -> None:
    """Store the value as the most recent and drop the oldest beyond `most`."""
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
