"""All rows in an order, and those of a mask picked out of it: the first at once, the others when asked.

A mask is an integer with one byte, 0 or 1, for each row, the lowest for row 0.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, compress, islice
from operator import itemgetter
from typing import Final, overload

from reader.model.entry import Entry, EntryId

Bitmap = int

HEAD_SIZE: Final = 256
"""Rows picked at once out of many: some screens of them."""
_MANY: Final = 3
"""Times what is wanted from which the first are found sooner than all: ⏱ 0.1 to 2 ms and not 3 to 8."""


def count_rows(mask: Bitmap) -> int:
    """How many rows are in it."""
    return mask.bit_count()


def to_bytes(mask: Bitmap, least: int = 0) -> bytes:
    """A byte for each row as far as the mask reaches, and no fewer than so many."""
    return mask.to_bytes(max(least, mask.bit_length() // 8 + 1), "little")


class RowOrder:
    """All `rows` in an order."""

    def __init__(self, rows: list[int]) -> None:
        self.rows = rows
        self._beyond = max(rows, default=0) + 1
        # ⏱ A third of the time of asking for one row after the other. For fewer than two it would
        # give no tuple; what it gives beyond the rows is not looked at.
        self._holding = itemgetter(*rows, 0, 0)

    def rows_in(self, mask: Bitmap) -> list[int]:
        """The rows of the mask in this order."""
        return list(compress(self.rows, self._holding(to_bytes(mask, self._beyond))))

    def first_rows_in(self, mask: Bitmap, most: int) -> list[int]:
        """The first of them, no more than so many."""
        if count_rows(mask) < _MANY * most:
            return self.rows_in(mask)[:most]
        holding = map(to_bytes(mask, self._beyond).__getitem__, self.rows)
        return list(islice(compress(self.rows, holding), most))


class LazyRows(Sequence[int]):
    """The rows of each mask in turn, in an order; no row may be in two of the masks.

    Safe to use from several threads: the worst is that two of them pick the same rows.
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
            return self._whole()[index]
        return self._head[index] if 0 <= index < len(self._head) else self._whole()[index]

    def index(self, row: int, start: int = 0, stop: int | None = None) -> int:
        """Where the row stands. Raises ValueError where it is not among them."""
        return self._whole().index(row, start, self._size if stop is None else stop)

    def _whole(self) -> list[int]:
        if self._all is None:
            self._all = [row for mask in self._masks for row in self._order.rows_in(mask)]
        return self._all


WINDOW: Final = 24
"""Entries read at a time where someone looks: ⏱ each is another page of a cold disk."""
_ALL: Final = 256
"""The same where all are gone through."""
_KEPT: Final = 64
"""Windows kept, the last used ones."""

PLACEHOLDER: Final = Entry(EntryId(""), None, "", "")
"""Stands for entries of a cache that was made anew meanwhile, until the list is asked for again."""

ReadEntries = Callable[[Sequence[int]], list[Entry]]
"""Entries of these rows, in the order asked for."""


class Listing(Sequence[Entry]):
    """A frozen result: its length and order stay, whatever the library does meanwhile.

    Indexing reads a window of entries from the cache, where it was not read before.
    """

    def __init__(
        self, rows: Sequence[int], read: ReadEntries, row_of: Callable[[EntryId], int | None]
    ):
        self._rows = rows
        self._read = read
        self._row_of = row_of
        self._windows: dict[int, list[Entry]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        if isinstance(index, slice):
            return [self._at(position) for position in range(*index.indices(len(self._rows)))]
        position = index + len(self._rows) if index < 0 else index
        if not 0 <= position < len(self._rows):
            raise IndexError(index)
        return self._at(position)

    def __iter__(self) -> Iterator[Entry]:
        starts = range(0, len(self._rows), _ALL)
        return chain.from_iterable(self._read(self._rows[at : at + _ALL]) for at in starts)

    def index_of(self, entry_id: EntryId) -> int | None:
        """Where the entry stands, `None` where it is not among these."""
        row = self._row_of(entry_id)
        try:
            return None if row is None else self._rows.index(row)
        except ValueError:
            return None

    def ids(self) -> list[EntryId]:
        """The ids of all, in order. Reads every entry."""
        return [entry.id for entry in self]

    def _at(self, position: int) -> Entry:
        number, offset = divmod(position, WINDOW)
        window = self._windows.get(number)
        if window is None:
            start = number * WINDOW
            rows = self._rows[start : start + WINDOW]
            window = self._read(rows)
            window += [PLACEHOLDER] * (len(rows) - len(window))
            if len(self._windows) >= _KEPT:
                self._windows.pop(next(iter(self._windows)), None)
            self._windows[number] = window
        return window[offset]
