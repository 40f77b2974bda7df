"""All rows in an order, and those of a mask picked out of it: the first at once, the others when asked.

A mask is an integer with one byte, 0 or 1, for each row, the lowest for row 0.
"""

from collections.abc import Sequence
from itertools import compress, islice
from operator import itemgetter
from typing import Final, overload

Mask = int

HEAD: Final = 256
"""Rows picked at once out of many: some screens of them."""
_MANY: Final = 3
"""Times what is wanted from which the first are found sooner than all: ⏱ 0.1 to 2 ms and not 3 to 8."""


def size_of(mask: Mask) -> int:
    """How many rows are in it."""
    return mask.bit_count()


def bytes_of(mask: Mask, least: int = 0) -> bytes:
    """A byte for each row as far as the mask reaches, and no fewer than so many."""
    return mask.to_bytes(max(least, mask.bit_length() // 8 + 1), "little")


class Order:
    """All `rows` in an order."""

    def __init__(self, rows: list[int]) -> None:
        self.rows = rows
        self._beyond = max(rows, default=0) + 1
        # ⏱ A third of the time of asking for one row after the other. For fewer than two it would
        # give no tuple; what it gives beyond the rows is not looked at.
        self._holding = itemgetter(*rows, 0, 0)

    def those_in(self, mask: Mask) -> list[int]:
        """The rows of the mask in this order."""
        return list(compress(self.rows, self._holding(bytes_of(mask, self._beyond))))

    def first_in(self, mask: Mask, most: int) -> list[int]:
        """The first of them, no more than so many."""
        if size_of(mask) < _MANY * most:
            return self.those_in(mask)[:most]
        holding = map(bytes_of(mask, self._beyond).__getitem__, self.rows)
        return list(islice(compress(self.rows, holding), most))


class Picked(Sequence[int]):
    """The rows of each mask in turn, in an order; no row may be in two of the masks.

    Safe to use from several threads: the worst is that two of them pick the same rows.
    """

    def __init__(self, order: Order, *masks: Mask) -> None:
        self._order = order
        self._masks = masks
        self._size = sum(map(size_of, masks))
        self._head: list[int] = []
        for mask in masks:
            if mask and len(self._head) < HEAD:
                self._head += order.first_in(mask, HEAD - len(self._head))
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
            self._all = [row for mask in self._masks for row in self._order.those_in(mask)]
        return self._all
