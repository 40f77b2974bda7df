"""One person's library and cache, opened when first asked for and closed together."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from reader.paths import Paths
from reader.settings import Settings

if TYPE_CHECKING:
    # A list must not wait for TinyDB, nor a library for the parser of pages.
    from reader.library import Library
    from reader.search.store.cache import Cache
    from reader.services.sandbox.extractors import Extractors
    from reader.services.sandbox.images import ImageProcessor


class Workspace:
    """What services work on. Each part is opened once, by the first that needs it, from any thread."""

    def __init__(
        self,
        places: Paths,
        settings: Settings,
        *,
        clock: Callable[[], float] = time.time,
        tell: Callable[[str], None] | None = None,
    ):
        """`tell` hears, from any thread, what a person should know beside the results."""
        self.places = places
        self.settings = settings
        self.clock = clock
        self.warnings: list[str] = []
        self.warn = tell or self.warnings.append
        self._has_warned_of_damage = False
        self._lock = threading.RLock()
        self._library: Library | None = None
        self._cache: Cache | None = None
        self._extractors: Extractors | None = None
        self._images: ImageProcessor | None = None

    @property
    def library(self) -> "Library":
        """The library, ready for writing. Blocks while it loads, the first time."""
        with self._lock:
            if self._library is None:
                from reader.library import Library

                self._library = Library.open(self.places, clock=self.clock, tell=self.warn)
                self._warn_of_damage(self._library.damaged_journals())
            return self._library

    @property
    def cache(self) -> "Cache":
        """The cache as it is, perhaps behind; see `fresh_cache`."""
        with self._lock:
            if self._cache is None:
                from reader.search.store.cache import Cache

                self._cache = Cache(self.places)
            return self._cache

    def synced_cache(
        self,
        *,
        text: bool = False,
        going_on: Callable[[int, int], bool] = lambda done, total: True,
    ) -> "Cache":
        """The cache after it has caught up with the journals, with `text` the full text as well.

        `going_on` is told how many texts are in of how many. Blocks on disk, in proportion to what
        is new.
        """
        if not self.cache.is_fresh():
            # Imported here: what reads journals takes as long to import as the list to print.
            from reader.services.cache_sync import catch_up

            catch_up(self.places, self.cache)
        self._warn_of_damage(
            [file for file, read in self.cache.journal_cursors().items() if read.bad]
        )
        if text:
            self.cache.index_texts(going_on=going_on)
        return self.cache

    def _warn_of_damage(self, damaged: Sequence[str]) -> None:
        """Say once that something of these journals is missing from what is shown."""
        if damaged and not self._has_warned_of_damage:
            self._has_warned_of_damage = True
            self.warn(
                f"lines of {', '.join(damaged)} cannot be read, all others count: `reader doctor` says more"
            )

    @property
    def extractors(self) -> "Extractors":
        """Guarded child processes for pages; started with the first page."""
        with self._lock:
            if self._extractors is None:
                from reader.services.sandbox.extractors import Extractors

                self._extractors = Extractors()
            return self._extractors

    @property
    def images(self) -> "ImageProcessor":
        """The guarded child for pictures; started with the first."""
        with self._lock:
            if self._images is None:
                from reader.services.sandbox.images import ImageProcessor

                self._images = ImageProcessor()
            return self._images

    def now(self) -> datetime:
        """The clock's time, in UTC."""
        return datetime.fromtimestamp(self.clock(), UTC)

    def close(self) -> None:
        """Close what was opened; the cache is left caught up with what was written here."""
        with self._lock:
            self._update_cache()
            for part in (self._extractors, self._images, self._cache, self._library):
                if part is not None:
                    part.close()
            self._extractors = self._images = self._cache = self._library = None

    def _update_cache(self) -> None:
        """Let the next `list` find the cache fresh after this process changed the library."""
        if self._library is None:
            return
        from reader.search.store.fast_listing import cache_file_name

        file = self.places.cache / cache_file_name(str(self.places.home))
        if self._cache is not None or file.exists():
            from reader.services.cache_sync import catch_up_if_cheap

            catch_up_if_cheap(self.places, self.cache)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
