"""Sort orders over row ids, filtered lazily by a bitmap.

A bitmap is an integer with one byte, 0 or 1, per row; row 0 is the lowest byte.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, compress, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple, overload

from reader.model.entry import Entry, EntryId

if TYPE_CHECKING:
    from reader.model.query import TextTerm

Bitmap = int

_MAX_BEGINNINGS: Final = 6
"""Bitmaps of the beginning of an order that are kept: six bytes an entry."""

HEAD_SIZE: Final = 256
"""Rows selected eagerly: several screens."""
_PIECE: Final = 4096
"""Rows of an order that are looked at together."""
_PARTIAL_FACTOR: Final = 3
"""Matches per wanted row from which selecting a part is faster: ⏱ 0.1 to 2 ms."""


def count_rows(mask: Bitmap) -> int:
    """Return the number of rows set."""
    return mask.bit_count()


def bitmap_of(rows: Sequence[int]) -> Bitmap:
    """Return the bitmap with these rows set."""
    holds = bytearray(max(rows, default=0) + 1)
    for row in rows:
        holds[row] = 1
    return int.from_bytes(holds, "little")


def to_bytes(mask: Bitmap, least: int = 0) -> bytes:
    """Return one byte per row up to the highest set row, and at least `least`."""
    return mask.to_bytes(max(least, mask.bit_length() // 8 + 1), "little")


class RowOrder:
    """All rows in one order."""

    def __init__(self, rows: list[int]) -> None:
        self.rows = rows
        self._beyond = max(rows, default=0) + 1
        # ⏱ A third of the time of single lookups. With fewer than two rows it would return no tuple;
        # the padding is ignored.
        self._holding = itemgetter(*rows, 0, 0)
        self._beginnings: OrderedDict[int, Bitmap] = OrderedDict({0: 0})

    def rows_between(self, first: int, beyond: int) -> Bitmap:
        """Return the rows from one position to before another as a bitmap.

        ⏱ Linear in the rows between the positions and the nearest ones asked for lately, 30 ns each:
        the same range costs nothing again, and one that ends a minute later hardly more.
        """
        return self._beginning(max(first, beyond)) ^ self._beginning(first)

    def _beginning(self, beyond: int) -> Bitmap:
        """Return the rows before the position as a bitmap."""
        beyond = min(beyond, len(self.rows))
        near = min(tuple(self._beginnings), key=lambda position: abs(position - beyond))
        value = self._beginnings[near]
        if near != beyond:
            value ^= bitmap_of(self.rows[min(near, beyond) : max(near, beyond)])
            self._beginnings[beyond] = value
            if len(self._beginnings) > _MAX_BEGINNINGS:
                self._beginnings.popitem(last=False)
        return value

    def rows_in(self, mask: Bitmap) -> list[int]:
        """Return the rows of the bitmap in this order."""
        return list(compress(self.rows, self._holding(to_bytes(mask, self._beyond))))

    def first_rows_in(self, mask: Bitmap, most: int) -> list[int]:
        """Return the first rows of the bitmap, at most `most`."""
        if count_rows(mask) < _PARTIAL_FACTOR * most:
            return self.rows_in(mask)[:most]
        holds = to_bytes(mask, self._beyond).__getitem__
        # ⏱ Nothing of an old range of days is among the newest rows: 20 ms at a million.
        skipped = (at for at, rows in self._beginnings.items() if not rows & mask)
        found: list[int] = []
        for at in range(max(skipped, default=0), len(self.rows), _PIECE):
            piece = self.rows[at : at + _PIECE]
            found += islice(compress(piece, map(holds, piece)), most - len(found))
            if len(found) == most:
                break
        return found


class LazyRows(Sequence[int]):
    """The rows of each bitmap in turn, in one order; bitmaps must be disjoint.

    Thread-safe: at worst two threads select the same rows.
    """

    def __init__(self, order: RowOrder, *masks: Bitmap) -> None:
        self._order = order
        self._masks = masks
        self._size = sum(map(count_rows, masks))
        self._head: list[int] = []
        for mask in masks:
            if mask and len(self._head) < HEAD_SIZE:
                self._head += order.first_rows_in(mask, HEAD_SIZE - len(self._head))
        self._all = self._head if self._size <= len(self._head) else None

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> list[int]: ...
    def __getitem__(self, index: int | slice) -> int | list[int]:
        if isinstance(index, slice):
            start, stop, step = index.indices(self._size)
            if step > 0 and stop <= len(self._head):
                return self._head[start:stop:step]
            return self._all_rows()[index]
        return self._head[index] if 0 <= index < len(self._head) else self._all_rows()[index]

    def __iter__(self) -> Iterator[int]:
        return iter(self._all_rows())

    def index(self, row: int, start: int = 0, stop: int | None = None) -> int:
        """Return the position of the row. Raises ValueError if missing."""
        return self._all_rows().index(row, start, self._size if stop is None else stop)

    def _all_rows(self) -> list[int]:
        if self._all is None:
            self._all = [row for mask in self._masks for row in self._order.rows_in(mask)]
        return self._all


WINDOW: Final = 24
"""Entries read at a time: ⏱ each is another page of a cold disk."""
_ITERATION_BATCH: Final = 256
"""Entries read at a time while iterating."""
_MAX_WINDOWS: Final = 64
"""Windows kept, most recently used."""

PLACEHOLDER: Final = Entry(EntryId(""), None, "", "")
"""Stand-in for entries of a rebuilt cache until the list is queried again."""

ReadEntries = Callable[[Sequence[int]], list[Entry]]
"""Returns the entries of these rows, in the given order."""


class RankedListing(NamedTuple):
    """Entries of a ranked search: `complete` ones with all words, then those with some.

    `missing` names the words that are not in the article at a position; `words` are those to mark.
    """

    entries: "Listing"
    complete: int
    missing: Mapping[int, tuple[str, ...]]
    words: "tuple[TextTerm, ...]"


class Listing(Sequence[Entry]):
    """A frozen query result: length and order never change.

    Indexing reads a window of entries from the cache on first use.
    """

    def __init__(
        self,
        rows: Sequence[int],
        read: ReadEntries,
        row_of: Callable[[EntryId], int | None],
        read_ids: Callable[[Sequence[int]], list[EntryId]] | None = None,
    ):
        self._rows = rows
        self._read = read
        self._row_of = row_of
        self._read_ids = read_ids
        self._windows: dict[int, list[Entry]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        if isinstance(index, slice):
            return [self._entry_at(position) for position in range(*index.indices(len(self._rows)))]
        position = index + len(self._rows) if index < 0 else index
        if not 0 <= position < len(self._rows):
            raise IndexError(index)
        return self._entry_at(position)

    def __iter__(self) -> Iterator[Entry]:
        starts = range(0, len(self._rows), _ITERATION_BATCH)
        return chain.from_iterable(
            self._read(self._rows[at : at + _ITERATION_BATCH]) for at in starts
        )

    def index_of(self, entry_id: EntryId) -> int | None:
        """Return the position of the entry; `None` if it is not listed."""
        row = self._row_of(entry_id)
        try:
            return None if row is None else self._rows.index(row)
        except ValueError:
            return None

    def ids(self) -> list[EntryId]:
        """Return all ids in order. Linear in their number."""
        if self._read_ids is None:
            return [entry.id for entry in self]
        return self._read_ids(self._rows)

    def ids_between(self, start: int, stop: int) -> list[EntryId]:
        """Return the ids at these positions; reads nothing else of the entries."""
        rows = self._rows[start:stop]
        if self._read_ids is None:
            return [entry.id for entry in self._read(rows)]
        return self._read_ids(rows)

    def _entry_at(self, position: int) -> Entry:
        number, offset = divmod(position, WINDOW)
        window = self._windows.get(number)
        if window is None:
            start = number * WINDOW
            rows = self._rows[start : start + WINDOW]
            window = self._read(rows)
            window += [PLACEHOLDER] * (len(rows) - len(window))
            if len(self._windows) >= _MAX_WINDOWS:
                self._windows.pop(next(iter(self._windows)), None)
            self._windows[number] = window
        return window[offset]
