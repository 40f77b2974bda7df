"""Statistics of a library: its rows from the cache, and from its documents when each was finished."""

from collections.abc import Iterable
from datetime import UTC, datetime

from reader.library import lww_document
from reader.model.entry import EntryId
from reader.model.query import Query
from reader.search.discovery.statistics import Statistics, make_statistics
from reader.search.store.cache import Cache
from reader.services.workspace import Workspace


def collect_statistics(shelf: Workspace) -> Statistics:
    """The statistics of everything out of the trash. Blocks on disk, linear in the library."""
    cache = shelf.synced_cache()
    entries = list(cache.listing(Query(), now=shelf.now()))
    finished = finished_times(cache, (entry.id for entry in entries if entry.finished))
    return make_statistics(entries, finished, shelf.now())


def finished_times(cache: Cache, ids: Iterable[EntryId]) -> dict[EntryId, datetime]:
    """When each was marked finished, by the clock of that change; not for samples, which have none."""
    found: dict[EntryId, datetime] = {}
    for entry_id, text in cache.documents(ids).items():
        stamp = lww_document.load(text).stamp("finished")
        if stamp is not None and stamp.ms > 0:
            found[entry_id] = datetime.fromtimestamp(min(stamp.ms / 1000, 253_402_300_000), UTC)
    return found
