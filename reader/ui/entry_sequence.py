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
        """The row of the entry, None where it is not among these."""
        ...

    def ids(self) -> list[EntryId]:
        """The ids of all, in order. Reads every entry."""
        ...
