"""The user's library and cache, opened on first use and closed together."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from reader.model.entry import EntryId
from reader.model.errors import JobCancelledError, ReaderError
from reader.paths import Paths
from reader.settings import Settings

if TYPE_CHECKING:
    # A list must not wait for TinyDB, nor a library for the parser of pages.
    from reader.library import Library
    from reader.library.compaction import WrittenSnapshot
    from reader.model.change import Change
    from reader.search.store.cache import Cache
    from reader.search.store.cache_state import JournalCursor
    from reader.services.cached_documents import CachedDocuments
    from reader.services.sandbox.extractors import Extractors
    from reader.services.sandbox.image_processor import ImageProcessor


Progress = Callable[[int, int], object]
"""Called with the number of items done and their total."""
BATCH: Final = 2_000
"""Records changed at once: ⏱ a tenth of a second, and a few megabytes."""
_CACHE_BATCH: Final = 10_000
"""Records after which the cache follows bulk work: ⏱ half the time of single batches."""
_FIRST_CACHE_BATCH: Final = 100_000
"""Records that an empty cache takes at once: ⏱ half of the time, because its indexes come last."""


def _ignore(done: int, total: int) -> None:
    """Report nothing."""


def _never() -> bool:
    return False


class Job(NamedTuple):
    """Progress and cancel callbacks of a long task."""

    progress: Progress = _ignore
    cancelled: Callable[[], bool] = _never


QUIET: Final = Job()
"""Work that reports nothing and is never stopped."""


class Workspace:
    """The library, cache and child processes that services use; safe from any thread."""

    def __init__(
        self,
        places: Paths,
        settings: Settings,
        *,
        clock: Callable[[], float] = time.time,
        tell: Callable[[str], None] | None = None,
    ):
        """Store the paths and settings; nothing is opened yet.

        `tell` is called, from any thread, with warnings for the user.
        """
        self.places = places
        self.settings = settings
        self.clock = clock
        self.warnings: list[str] = []
        self.warn = tell or self.warnings.append
        self._has_warned_of_damage = False
        self._has_warned_of_cache = False
        self._has_texts = False
        self._lock = threading.RLock()
        self._library: Library | None = None
        self._pushed: Mapping[str, JournalCursor] | None = None
        self._done_ids: list[str] = []
        self._cache: Cache | None = None
        self._extractors: Extractors | None = None
        self._images: ImageProcessor | None = None

    @property
    def library(self) -> "Library":
        """Return the library, ready for writing. Blocks while it loads, the first time."""
        with self._lock:
            if self._library is None:
                from reader.library import Library
                from reader.services.cache_sync import cursors_of

                source = self._source()
                self._library = Library.open(
                    self.places, clock=self.clock, tell=self.warn, source=source
                )
                if source is None or not self._library.store.has_tracked_changes:
                    self._library.store.take_changes()
                    self._pushed = cursors_of(self._library.store.reader)
                else:
                    self._pushed = source.cursors
                self._warn_of_damage(self._library.damaged_journals())
            return self._library

    def _source(self) -> "CachedDocuments | None":
        """Return the cache as a source of documents, if it exists and can be one."""
        if not self._has_cache():
            return None
        from reader.services.cached_documents import open_source

        try:
            return open_source(self.cache, self.clock())
        except ReaderError:
            # No change depends on the cache.
            return None

    def change(
        self,
        changes: "Mapping[EntryId, Change]",
        *,
        step: str,
        run: str = "",
        job: Job = QUIET,
    ) -> int:
        """Change records as one undo step, or as a part of a run; return how many are different now.

        Many are changed in batches, each of them all or none, and the cache follows each. Raises
        JobCancelledError between batches: `undo` takes back what was changed by then. Also raises what
        `Library.change` does. Two fsyncs a batch.
        """
        if len(changes) <= BATCH:
            return self.library.change(changes, step=step, run=run)
        run, changed, done = run or os.urandom(8).hex(), 0, 0
        remaining = iter(changes.items())
        while batch := dict(islice(remaining, BATCH)):
            if job.cancelled():
                raise JobCancelledError(
                    f"stopped after {done} of {len(changes)}: `reader undo` reverts them"
                )
            changed += self.library.change(batch, step=step, run=run)
            self.release(batch)
            done += len(batch)
            job.progress(done, len(changes))
        return changed

    def prepare_change(self, ids: Sequence[EntryId]) -> None:
        """Read what a change of these records needs, if the library is open.

        Otherwise the change reads it, while its user waits. Blocks on disk.
        """
        library = self._library
        if library is not None:
            library.refresh()
            library.prefetch(ids)

    def release(self, ids: Iterable[str]) -> None:
        """Drop these records from memory as soon as the cache has them.

        The cache follows from time to time, and at the end: ⏱ for each batch it would write the
        same pages of its indexes again.
        """
        with self._lock:
            self._done_ids += ids
            if len(self._done_ids) >= _CACHE_BATCH and not self._waits_for_fill():
                self.update_cache()

    def _waits_for_fill(self) -> bool:
        """Return whether an empty cache should wait for more of the rows of an import.

        All documents are in memory then.
        """
        if len(self._done_ids) >= _FIRST_CACHE_BATCH or self.library.store.documents.is_partial:
            return False
        with suppress(ReaderError):
            return self.cache.is_empty()
        return False

    def resolve(self, prefix: str) -> EntryId:
        """Return the one id with this prefix, or that of the article it was merged into.

        Asks the cache if there is one. Raises UnknownIdError, AmbiguousIdError, UsageError for
        less than 4 characters.
        """
        if self._has_cache():
            return self.synced_cache().resolve(prefix)
        return self.library.resolve(prefix)

    def _has_cache(self) -> bool:
        from reader.search.store.fast_listing import cache_file_name

        file = self.places.cache / cache_file_name(str(self.places.home))
        # pathlib raises PermissionError for a folder that may not be entered.
        return self._cache is not None or os.path.exists(file)  # noqa: PTH110

    def update_cache(self) -> bool:
        """Apply to the cache what this process changed; return whether it has all of it.

        A cache that cannot be written is left as it is.
        """
        with self._lock:
            if self._library is None or not self._has_cache():
                return False
            store = self._library.store
            if store.has_changes and not self._push():
                return False
            store.documents.release(self._done_ids)
            self._done_ids.clear()
            return True

    def _push(self) -> bool:
        from reader.services.cache_sync import catch_up_if_cheap, cursors_of, push

        # None if changes were not taken: no later push has them, so they must come from the journal.
        store, known, self._pushed = self.library.store, self._pushed, None
        with suppress(ReaderError):
            if known is not None and push(self.cache, store, known):
                self._pushed = cursors_of(store.reader)
                return True
            store.take_changes()
            catch_up_if_cheap(self.places, self.cache, now=self.clock())
            if self.cache.is_fresh():
                # Positions may be the same, and stamps of another time.
                self._pushed = self.cache.journal_cursors()
        return False

    def adopt_snapshot(self, snapshot: "WrittenSnapshot") -> None:
        """Tell the cache, if there is one, of a snapshot of what it has read."""
        with self._lock:
            if not self._has_cache():
                return
            from reader.services import cache_sync

            self.update_cache()
            store = self.library.store
            # Else cache and library read everything again when they are next asked.
            with suppress(ReaderError), store.lock:
                is_same = not store.has_changes and cache_sync.have_same_changes(
                    self.cache.journal_cursors(), cache_sync.cursors_of(store.reader)
                )
                if cache_sync.adopt_snapshot(self.places, self.cache, snapshot):
                    self._pushed = self.cache.journal_cursors()
                    if is_same:
                        store.reader = cache_sync.reader_at(self.places, self._pushed)

    @property
    def cache(self) -> "Cache":
        """Return the cache as it is, perhaps out of date; see `synced_cache`."""
        with self._lock:
            if self._cache is None:
                from reader.search.store.cache import Cache

                self._cache = Cache(self.places, self._refill_cache)
            return self._cache

    def _fill_cache(self, progress: Progress | None = None) -> None:
        # Imported here: the journal modules take as long to import as the list takes to print.
        from reader.services.cache_sync import catch_up

        catch_up(self.places, self.cache, progress=progress, now=self.clock())

    def _refill_cache(self) -> None:
        """Fill a file in the place of the known one, with texts if that had them."""
        self._fill_cache()
        if self._has_texts:
            self.cache.index_texts()

    def synced_cache(
        self,
        *,
        text: bool = False,
        progress: Progress | None = None,
        going_on: Callable[[int, int], bool] = lambda done, total: True,
    ) -> "Cache":
        """Bring the cache, and with `text` the full-text index, up to date, and return it.

        `progress` is called with the number of rows written and their total while the cache is
        filled, `going_on` with those of indexed texts. Blocks on disk, linear in new lines and
        texts.
        """
        self.update_cache()
        if not self.cache.is_fresh():
            self._fill_cache(progress)
        if self.cache.is_temporary and not self._has_warned_of_cache:
            self._has_warned_of_cache = True
            self.warn(
                f"{self.places.cache} cannot be written, so each command reads the whole library:"
                " make it a folder that you may write to"
            )
        self._warn_of_damage(
            [file for file, read in self.cache.journal_cursors().items() if read.is_damaged]
        )
        if text:
            self._has_texts = True
            self.cache.index_texts(going_on=going_on)
        return self.cache

    def _warn_of_damage(self, damaged: Sequence[str]) -> None:
        """Warn once that lines of these journals cannot be read."""
        if damaged and not self._has_warned_of_damage:
            self._has_warned_of_damage = True
            self.warn(
                f"some lines of {', '.join(damaged)} cannot be read: `reader doctor` shows details"
            )

    @property
    def extractors(self) -> "Extractors":
        """Return the child processes for pages; started with the first page."""
        with self._lock:
            if self._extractors is None:
                from reader.services.sandbox.extractors import Extractors

                self._extractors = Extractors()
            return self._extractors

    @property
    def images(self) -> "ImageProcessor":
        """Return the child process for images; started with the first image."""
        with self._lock:
            if self._images is None:
                from reader.services.sandbox.image_processor import ImageProcessor

                self._images = ImageProcessor()
            return self._images

    def end_idle_children(self) -> None:
        """End the child processes without work; the next page or image starts another."""
        with self._lock:
            for part in (self._extractors, self._images):
                if part is not None:
                    part.end_idle()

    def now(self) -> datetime:
        """Return the clock's time, in UTC."""
        return datetime.fromtimestamp(self.clock(), UTC)

    def close(self) -> None:
        """Close all open parts, after bringing the cache up to this process's changes.

        A failure of one of them is raised once the others are closed.
        """
        with self._lock, ExitStack() as opened:
            for part in (self._library, self._cache, self._images, self._extractors):
                if part is not None:
                    opened.callback(part.close)
            try:
                self.update_cache()
            finally:
                self._extractors = self._images = self._cache = self._library = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
