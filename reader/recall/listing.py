"""What a query found, in its order: row numbers at once, entries only where someone looks."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Final, overload

from reader.model.entry import Entry, EntryId

WINDOW: Final = 24
"""Entries read at a time where someone looks: ⏱ each is another page of a cold disk."""
_ALL: Final = 256
"""The same where all are gone through."""
_KEPT: Final = 64
"""Windows kept, the last used ones."""

VANISHED: Final = Entry(EntryId(""), None, "", "")
"""Stands for entries of a cache that was made anew meanwhile, until the list is asked for again."""

Read = Callable[[Sequence[int]], list[Entry]]
"""Entries of these rows, in the order asked for."""


class Listing(Sequence[Entry]):
    """A frozen result: its length and order stay, whatever the library does meanwhile.

    Indexing reads a window of entries from the cache, where it was not read before.
    """

    def __init__(self, rows: Sequence[int], read: Read, row_of: Callable[[EntryId], int | None]):
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
            window += [VANISHED] * (len(rows) - len(window))
            if len(self._windows) >= _KEPT:
                self._windows.pop(next(iter(self._windows)), None)
            self._windows[number] = window
        return window[offset]
