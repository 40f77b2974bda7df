"""The rows of the first screen, loaded without slow imports.

They come from the cache if that is wholly fresh; the listing follows and takes their place.
"""

from collections.abc import Iterable
from typing import Any, Final

from reader.model.entry import Entry, EntryId, FetchStatus
from reader.paths import Paths
from reader.search.store.fast_listing import newest_rows

_MAX_ROWS: Final = 96
"""Rows read: some are archived, and no screen shows more than the others."""


class StartupRows(list[Entry]):
    """The newest entries of the inbox, as an `EntrySequence`."""

    def index_of(self, entry_id: EntryId, /) -> int | None:
        return next((row for row, entry in enumerate(self) if entry.id == entry_id), None)

    def ids(self) -> list[EntryId]:
        return [entry.id for entry in self]

    def ids_between(self, start: int, stop: int, /) -> list[EntryId]:
        return [entry.id for entry in self[start:stop]]


def load_startup_rows(places: Paths) -> StartupRows:
    """Load the rows; none if the cache is stale. Blocks for milliseconds at any size."""
    found: Iterable[Any] = newest_rows(str(places.cache), str(places.home), _MAX_ROWS) or ()
    return StartupRows(_entry(row) for row in found if not row["archived"])


def _entry(row: Any) -> Entry:
    return Entry(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        added=row["added"],
        site=row["site"],
        tags=tuple(row["tags"].split("\n")) if row["tags"] else (),
        words=row["words"],
        progress=row["progress"],
        finished=bool(row["finished"]),
        starred=bool(row["starred"]),
        fetch=FetchStatus(row["fetch"]),
        reason=row["reason"],
    )
