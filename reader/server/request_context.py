"""The parts that every route uses: workspace, secret, and threads for blocking work."""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from starlette.requests import Request

from reader.model.errors import LibraryBusyError, ReaderError
from reader.search.store.cache import Cache
from reader.services.background_fetch import BackgroundFetch
from reader.services.workspace import Workspace

_Result = TypeVar("_Result")

MAX_WAITING: Final = 256
"""Jobs that wait for a thread at once; further requests have to be repeated later."""
IDLE_SECONDS: Final = 20.0
"""Seconds without a request after which the child processes for pages end (⏱ 90 MB each), and
memory is given back: ⏱ 40 to 90 MB at 100,000 entries."""
_PAGE_THREADS: Final = 2
"""Pages that are extracted at once, as many as a small machine has cores."""


class ServerContext:
    """The library as routes see it; made in the event loop's thread.

    Reading has one thread, because SQLite keeps a cache of pages for each; short changes have one,
    so that they never wait for a page that is being extracted; pages and exports have two.
    """

    def __init__(self, workspace: Workspace, secret: str, fetch: BackgroundFetch):
        self.workspace = workspace
        self.secret = secret
        self.fetch = fetch
        self._reading = ThreadPoolExecutor(1, "read")
        self._changing = ThreadPoolExecutor(1, "change")
        self._pages = ThreadPoolExecutor(_PAGE_THREADS, "page")
        self._waiting = 0
        self._resting: asyncio.TimerHandle | None = None

    async def read(self, job: Callable[[Cache], _Result]) -> _Result:
        """Run a job that reads the cache, which has every change that was acknowledged."""
        return await self._run(self._reading, lambda: job(self.workspace.synced_cache()))

    async def change(self, job: Callable[[], _Result]) -> _Result:
        """Run a short change of the library."""
        return await self._run(self._changing, job)

    async def work(self, job: Callable[[], _Result]) -> _Result:
        """Run a job that extracts a page or writes a file; seconds at most."""
        return await self._run(self._pages, job)

    async def _run(self, threads: ThreadPoolExecutor, job: Callable[[], _Result]) -> _Result:
        if self._waiting >= MAX_WAITING:
            raise LibraryBusyError("too many requests at once: try again")
        self._waiting += 1
        try:
            # A request whose client has gone is finished all the same: it may be acknowledged.
            return await asyncio.shield(asyncio.get_running_loop().run_in_executor(threads, job))
        finally:
            self._waiting -= 1
            self._rest_later()

    def _rest_later(self) -> None:
        """End idle child processes and give memory back after a while."""
        if self._resting is not None:
            self._resting.cancel()
        self._resting = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._rest)

    def _rest(self) -> None:
        self._resting = None
        if self._waiting:
            self._rest_later()
        else:
            self._pages.submit(self.workspace.end_idle_children)
            for threads in (self._pages, self._pages, self._changing, self._reading):
                threads.submit(self._release_memory)

    def _release_memory(self) -> None:
        """Give back what a thread keeps between requests."""
        with contextlib.suppress(ReaderError):
            self.workspace.cache.release_memory()
        _trim_heap()

    def close(self) -> None:
        """Finish what was begun."""
        if self._resting is not None:
            self._resting.cancel()
        self.fetch.close()
        for threads in (self._pages, self._changing, self._reading):
            threads.shutdown()


def _trim_heap() -> None:
    """Return free memory to the system, which glibc does only for the end of its heap."""
    # Imported here: only an idle server needs it.
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def context_of(request: Request) -> ServerContext:
    """Return the context that the app was made with."""
    context: ServerContext = request.state.context
    return context
