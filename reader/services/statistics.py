"""Statistics of a library, from the cache's rows and the times in its documents."""

from collections.abc import Iterable
from datetime import UTC, datetime

from reader.library import lww_document
from reader.model.entry import EntryId
from reader.model.query import Query
from reader.search.discovery.statistics import Statistics, make_statistics
from reader.search.store.cache import Cache
from reader.services.workspace import Workspace


def collect_statistics(workspace: Workspace) -> Statistics:
    """Compute statistics of everything outside the trash. Blocks, linear in the library."""
    cache = workspace.synced_cache()
    entries = list(cache.listing(Query(), now=workspace.now()))
    finished = finished_times(cache, (entry.id for entry in entries if entry.finished))
    return make_statistics(entries, finished, workspace.now())


def finished_times(cache: Cache, ids: Iterable[EntryId]) -> dict[EntryId, datetime]:
    """Return when each entry was finished, by that change's clock; samples have none."""
    found: dict[EntryId, datetime] = {}
    for entry_id, text in cache.documents(ids).items():
        stamp = lww_document.load(text).stamp("finished")
        if stamp is not None and stamp.ms > 0:
            found[entry_id] = datetime.fromtimestamp(min(stamp.ms / 1000, 253_402_300_000), UTC)
    return found
