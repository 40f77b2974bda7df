"""Schedule the fetching of many links: turns by host, retries, and network outages."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Protocol

from reader.fetch.concurrency import HostQueue
from reader.model.entry import EntryId
from reader.model.errors import (
    ExtractionLimitError,
    FetchError,
    NetworkError,
    NotAnArticleError,
    ReaderError,
)
from reader.model.urls import host_of
from reader.services.page_capture import CapturedPage, PageCapture

OUTAGE_THRESHOLD: Final = 3
"""Hosts that fail one after the other from which the network is probably down."""


class NetworkMonitor:
    """Detects a network outage from the results of one run, in order of arrival.

    Three connection errors in a row on different hosts look like an outage. So do fewer, if no
    server has answered yet, the run has no other hosts, and each error reports a missing network.
    `last_reachable` is the last address that answered, or None.
    """

    def __init__(self, hosts: int):
        self._threshold = min(OUTAGE_THRESHOLD, max(hosts, 1))
        self._failures: dict[str, FetchError] = {}
        self.last_reachable: str | None = None

    @property
    def is_suspected(self) -> bool:
        """Return whether the last result was a connection error."""
        return bool(self._failures)

    def success(self, url: str) -> None:
        """Record that a server answered, in any way: the network works."""
        self.last_reachable = url
        self._failures.clear()

    def failure(self, url: str, error: FetchError) -> bool:
        """Record a connection error; return whether it looks like an outage."""
        self._failures[host_of(url)] = error
        if len(self._failures) >= OUTAGE_THRESHOLD:
            return True
        gone = all(isinstance(error, NetworkError) for error in self._failures.values())
        return gone and self.last_reachable is None and len(self._failures) >= self._threshold


MAX_IN_FLIGHT: Final = 16
"""Links in progress; more would wait for a core, each with its page in memory."""
MAX_TRIES: Final = 3
"""Tries of one link in one run, with the pauses below between them."""
RETRY_DELAYS: Final = (2.0, 10.0)
"""Seconds before the second and the third try, unless the server names a time."""
MAX_RETRY_DELAY: Final = 60.0
"""Seconds up to which a run waits for a link; later ones are left to the next run."""
POLL_INTERVAL: Final = 0.1
"""Seconds between two checks whether the user cancelled."""
_LINK_ERRORS: Final = (FetchError, NotAnArticleError, ExtractionLimitError)


@dataclass(frozen=True, slots=True)
class QueuedLink:
    """An address to fetch; `id` names its record."""

    id: EntryId
    url: str


FetchResult = tuple[QueuedLink, CapturedPage | ReaderError]


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """The progress of a run; `seconds` estimates the time left, None at first."""

    done: int
    failed: int
    left: int
    seconds: float | None = None


class ResultSink(Protocol):
    """Receiver of results, called from one thread at a time. Raises LibraryError."""

    def write(self, results: Sequence[FetchResult]) -> None: ...


class FetchScheduler:
    """One run over the links; create it inside the event loop that runs it.

    Temporary failures are retried twice, after growing pauses or as long as the server asks,
    within a minute. Three connection errors in a row on different hosts end the run with
    `is_offline` set, unless a host that answered before can still be reached; the links of such a
    row do not count as failed.
    """

    def __init__(
        self,
        links: Sequence[QueuedLink],
        capture: PageCapture,
        sink: ResultSink,
        *,
        progress: Callable[[FetchProgress], None],
        cancelled: Callable[[], bool],
        pauses: Sequence[float] = RETRY_DELAYS,
    ):
        self.is_offline = False
        self.was_cancelled = False
        self._capture = capture
        self._sink = sink
        self._report = progress
        self._is_cancelled = cancelled
        self._pauses = pauses
        self._links = {link.id: link for link in links}
        self._network = NetworkMonitor(len({host_of(link.url) for link in links}))
        self._tries: dict[EntryId, int] = {}
        self._held: list[FetchResult] = []
        self._ready: list[FetchResult] = []
        self._changed = asyncio.Event()
        self._is_finished = False
        self._done = self._failed = 0
        self._host_queue = HostQueue[EntryId]()
        for link in self._links.values():
            self._host_queue.add(link.id, host_of(link.url))

    async def run(self) -> FetchProgress:
        """Fetch the links until none is left, the user cancels, or the network is down.

        Pages captured by then are saved. Raises what the sink raises.
        """
        loop = asyncio.get_running_loop()
        # More threads than links in flight: no page waits behind another's extraction.
        loop.set_default_executor(ThreadPoolExecutor(MAX_IN_FLIGHT + 4, "capture"))
        self._began = loop.time()
        running: set[asyncio.Task[FetchResult]] = set()
        writing = asyncio.create_task(self._write_results())
        try:
            while not (self.is_offline or self.was_cancelled or writing.done()):
                self._launch(running)
                if not running and not self._host_queue:
                    break
                running = await self._wait(running)
                self.was_cancelled = self._is_cancelled()
            if not self.is_offline:
                self._release_held()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            self._is_finished = True
            self._changed.set()
            await asyncio.shield(writing)
        last = self._progress()
        self._report(last)
        return last

    def _launch(self, running: set[asyncio.Task[FetchResult]]) -> None:
        now = asyncio.get_running_loop().time()
        while len(running) + len(self._ready) < MAX_IN_FLIGHT:
            turn = self._host_queue.pop(now)
            if turn is None:
                return
            running.add(asyncio.create_task(self._fetch_link(self._links[turn[0]], turn[1])))

    async def _fetch_link(self, link: QueuedLink, host: str) -> FetchResult:
        """Fetch one link; its host's turn ends as soon as the page has arrived."""
        holds = True

        def release() -> None:
            nonlocal holds
            if holds:
                holds = False
                self._host_queue.release(host)

        def fetched(asked: bool) -> None:
            release()
            if asked:
                self._network.success(link.url)

        try:
            return link, await self._capture.run(link.id, link.url, fetched)
        except _LINK_ERRORS as error:
            return link, error
        finally:
            release()

    async def _wait(
        self, running: set[asyncio.Task[FetchResult]]
    ) -> set[asyncio.Task[FetchResult]]:
        """Wait for results, and handle those that have arrived."""
        if not running:
            wake = self._host_queue.next_due(asyncio.get_running_loop().time())
            await asyncio.sleep(POLL_INTERVAL if wake is None else min(POLL_INTERVAL, wake))
            return running
        done, left = await asyncio.wait(
            running, timeout=POLL_INTERVAL, return_when=asyncio.FIRST_COMPLETED
        )
        for task in done:
            await self._handle_result(*task.result())
        if done:
            self._report(self._progress())
        return left

    async def _handle_result(self, link: QueuedLink, result: CapturedPage | ReaderError) -> None:
        if isinstance(result, FetchError) and result.kind == "connection":
            if self._network.failure(link.url, result) and not await self._is_network_there():
                self.is_offline = True
                return
        elif isinstance(result, FetchError):
            self._network.success(link.url)
        if not (isinstance(result, FetchError) and self._schedule_retry(link, result)):
            self._held.append((link, result))
        if not self._network.is_suspected:
            self._release_held()

    async def _is_network_there(self) -> bool:
        """Return whether the host that answered last still accepts connections."""
        known = self._network.last_reachable
        if known is None or not await self._capture.source.can_reach(known):
            return False
        self._network.success(known)
        return True

    def _schedule_retry(self, link: QueuedLink, error: FetchError) -> bool:
        """Schedule another try for a temporary failure; return whether there is one."""
        tries = self._tries[link.id] = self._tries.get(link.id, 0) + 1
        if not error.is_temporary or tries >= MAX_TRIES:
            return False
        wait = self._pauses[tries - 1] if error.retry_after is None else error.retry_after
        if wait > MAX_RETRY_DELAY:
            return False
        due = asyncio.get_running_loop().time() + wait
        host = host_of(link.url)
        if error.retry_after is not None:
            self._host_queue.pause_host(host, due)
        self._host_queue.requeue(link.id, host, due)
        return True

    def _release_held(self) -> None:
        """Pass on the results that were held back during a suspected outage."""
        for link, result in self._held:
            if isinstance(result, CapturedPage):
                self._done += 1
            else:
                self._failed += 1
            self._ready.append((link, result))
        self._held.clear()
        self._changed.set()

    async def _write_results(self) -> None:
        """Write results to the sink, all that arrived during the last write at once."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            batch = list(self._ready)
            if batch:
                await asyncio.to_thread(self._sink.write, batch)
                del self._ready[: len(batch)]
            elif self._is_finished:
                return
            if self._is_finished:
                self._changed.set()

    def _progress(self) -> FetchProgress:
        finished = self._done + self._failed
        left = len(self._links) - finished
        elapsed = asyncio.get_running_loop().time() - self._began
        pace = elapsed / finished if finished >= MAX_IN_FLIGHT else None
        return FetchProgress(self._done, self._failed, left, None if pace is None else pace * left)
