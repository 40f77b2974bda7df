"""The user's library and cache, opened on first use and closed together."""

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
        self._lock = threading.RLock()
        self._library: Library | None = None
        self._cache: Cache | None = None
        self._extractors: Extractors | None = None
        self._images: ImageProcessor | None = None

    @property
    def library(self) -> "Library":
        """Return the library, ready for writing. Blocks while it loads, the first time."""
        with self._lock:
            if self._library is None:
                from reader.library import Library

                self._library = Library.open(self.places, clock=self.clock, tell=self.warn)
                self._warn_of_damage(self._library.damaged_journals())
            return self._library

    @property
    def cache(self) -> "Cache":
        """Return the cache as it is, perhaps out of date; see `synced_cache`."""
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
        """Bring the cache, and with `text` the full-text index, up to date, and return it.

        `going_on` is called with the number of indexed texts and their total. Blocks on disk,
        linear in the new lines and texts.
        """
        if not self.cache.is_fresh():
            # Imported here: the journal modules take as long to import as the list takes to print.
            from reader.services.cache_sync import catch_up

            catch_up(self.places, self.cache)
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
                from reader.services.sandbox.images import ImageProcessor

                self._images = ImageProcessor()
            return self._images

    def now(self) -> datetime:
        """Return the clock's time, in UTC."""
        return datetime.fromtimestamp(self.clock(), UTC)

    def close(self) -> None:
        """Close all open parts, after bringing the cache up to this process's changes."""
        with self._lock:
            self._update_cache()
            for part in (self._extractors, self._images, self._cache, self._library):
                if part is not None:
                    part.close()
            self._extractors = self._images = self._cache = self._library = None

    def _update_cache(self) -> None:
        """Bring the cache up to date after this process changed the library."""
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
