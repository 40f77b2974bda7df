"""The sequence of entries that the list widget shows.

It stands apart from the backend, whose imports the first screen does not wait for.
"""

from typing import Protocol

from reader.model.entry import Entry, EntryId


class EntrySequence(Protocol):
    """A frozen result of a query, in its order."""

    def __len__(self) -> int: ...
    def __getitem__(self, row: int, /) -> Entry: ...
    def index_of(self, entry_id: EntryId, /) -> int | None:
        """Return the row of an entry; None if it is not listed."""

    def ids(self) -> list[EntryId]:
        """Return all ids in order. Linear in their number."""

    def ids_between(self, start: int, stop: int, /) -> list[EntryId]:
        """Return the ids of these rows; reads nothing else of their entries."""
