"""The cache as a source of documents, so that a change need not load the library."""

from collections.abc import Collection, Mapping
from functools import partial

from reader.library import lww_document
from reader.library.hlc import MAX_DRIFT_MS
from reader.library.journal_files import FileProgress, FileStamp
from reader.library.journal_reader import CoveredFile
from reader.library.lww_document import Document
from reader.model.entry import EntryId
from reader.search.store.cache import Cache
from reader.search.store.cache_state import JournalCursor
from reader.services.cache_rows import MIN_BULK
from reader.services.cache_sync import covered_of, progress_of


class CachedDocuments:
    """Documents of a cache, in its state when this was made or a later one.

    See `library.partial_documents.DocumentSource`.
    """

    def __init__(
        self,
        cache: Cache,
        filling: str,
        clock: tuple[int, int],
        cursors: Mapping[str, JournalCursor],
    ):
        self._cache = cache
        self._filling = filling
        self.clock = clock
        self.cursors = cursors
        self.progress: Mapping[str, FileProgress] = {
            file: progress_of(at) for file, at in cursors.items() if at.is_read
        }
        self.covered: Mapping[str, CoveredFile] = {
            file: covered_of(at) for file, at in cursors.items() if not at.is_read
        }
        self.stamps: Mapping[str, FileStamp] = {
            file: FileStamp(*at.stamp) for file, at in cursors.items()
        }

    def load(self, ids: Collection[str]) -> Mapping[str, Document] | None:
        """Load those of the documents that exist; None if the cache was filled again since."""
        texts = self._cache.documents_of(self._filling, [EntryId(name) for name in ids])
        if texts is None:
            return None
        load = lww_document.load_all if len(texts) >= MIN_BULK else partial(map, lww_document.load)
        return dict(zip(texts, load(texts.values()), strict=True))


def open_source(cache: Cache, now: float) -> CachedDocuments | None:
    """Return the cache as a source; None if it is empty or read damaged journals.

    None, too, if a device's clock is in the future, which only the whole library can answer: that
    of another device, or of this one before it was set back. `now` is in seconds since 1970.
    """
    state, cursors = cache.state()
    if not cursors or not state.filling or state.clock is None:
        return None
    if state.clock[0] > now * 1000 + MAX_DRIFT_MS:
        return None
    if any(cursor.is_damaged for cursor in cursors.values()):
        return None
    return CachedDocuments(cache, state.filling, state.clock, cursors)
