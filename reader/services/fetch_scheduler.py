"""Many links at once: whose turn it is, what is tried again, and when the network is gone."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Protocol

from reader.fetch.concurrency import Turns
from reader.model.entry import EntryId
from reader.model.errors import (
    ExtractionStopped,
    FetchError,
    NetworkGone,
    NotAnArticle,
    ReaderError,
)
from reader.model.urls import host_of
from reader.services.page_capture import Capture, Captured

IN_A_ROW: Final = 3


class Outage:
    """Watches the results of one run, in the order in which they come.

    Three connection errors in a row on different hosts look like an outage; so does fewer, where
    nothing has answered yet, the run has no more hosts, and each error says itself that there is
    no network. `answered` is the last address that gave any answer, or `None`.
    """

    def __init__(self, hosts: int):
        self._enough = min(IN_A_ROW, max(hosts, 1))
        self._row: dict[str, FetchError] = {}
        self.answered: str | None = None

    @property
    def is_suspected(self) -> bool:
        """Whether the last result was a connection that could not be had."""
        return bool(self._row)

    def answer(self, url: str) -> None:
        """A server gave an answer of any kind: there is a network."""
        self.answered = url
        self._row.clear()

    def miss(self, url: str, error: FetchError) -> bool:
        """A connection could not be had; true where that looks like an outage."""
        self._row[host_of(url)] = error
        if len(self._row) >= IN_A_ROW:
            return True
        gone = all(isinstance(error, NetworkGone) for error in self._row.values())
        return gone and self.answered is None and len(self._row) >= self._enough


IN_FLIGHT: Final = 16
"""Links between request and disk; more would only wait for a core, each with its page in memory."""
TRIES: Final = 3
PAUSES: Final = (2.0, 10.0)
LONGEST_WAIT: Final = 60.0
POLL: Final = 0.1
_ABOUT_ONE_LINK: Final = (FetchError, NotAnArticle, ExtractionStopped)


@dataclass(frozen=True, slots=True)
class Link:
    """An address to bring home; `id` names its record."""

    id: EntryId
    url: str


Result = tuple[Link, Captured | ReaderError]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is; `seconds` is what is left of it by its pace so far, `None` at first."""

    done: int
    failed: int
    left: int
    seconds: float | None = None


class Sink(Protocol):
    """Where results go: called from one thread at a time, blocks on disk, raises LibraryError."""

    def keep(self, results: Sequence[Result]) -> None: ...


class Crawl:
    """One run over the links, in their order; made inside the event loop that runs it.

    What may pass is tried twice more, after pauses that grow or as long as the server asks,
    within a minute. Three connection errors in a row on different hosts end the run with `gone`
    set, unless a host that answered before can still be reached; the links of such a row are not
    failed.
    """

    def __init__(
        self,
        links: Sequence[Link],
        capture: Capture,
        sink: Sink,
        *,
        progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        pauses: Sequence[float] = PAUSES,
    ):
        self.gone = False
        self.cancelled = False
        self._capture = capture
        self._sink = sink
        self._report = progress
        self._is_cancelled = cancelled
        self._pauses = pauses
        self._links = {link.id: link for link in links}
        self._outage = Outage(len({host_of(link.url) for link in links}))
        self._tries: dict[EntryId, int] = {}
        self._held: list[Result] = []
        self._ready: list[Result] = []
        self._changed = asyncio.Event()
        self._over = False
        self._done = self._failed = 0
        self._turns = Turns[EntryId]()
        for link in self._links.values():
            self._turns.add(link.id, host_of(link.url))

    async def run(self) -> Progress:
        """Work the links off, until none is left, a person cancels, or the network is gone.

        What was captured when it ends is saved. Raises what the sink raises.
        """
        loop = asyncio.get_running_loop()
        # More threads than links in flight: no page waits behind another's extraction.
        loop.set_default_executor(ThreadPoolExecutor(IN_FLIGHT + 4, "capture"))
        self._began = loop.time()
        running: set[asyncio.Task[Result]] = set()
        writing = asyncio.create_task(self._write())
        try:
            while not (self.gone or self.cancelled or writing.done()):
                self._launch(running)
                if not running and not self._turns:
                    break
                running = await self._wait(running)
                self.cancelled = self._is_cancelled()
            if not self.gone:
                self._release()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            self._over = True
            self._changed.set()
            await asyncio.shield(writing)
        last = self._progress()
        self._report(last)
        return last

    def _launch(self, running: set[asyncio.Task[Result]]) -> None:
        now = asyncio.get_running_loop().time()
        while len(running) + len(self._ready) < IN_FLIGHT:
            turn = self._turns.next(now)
            if turn is None:
                return
            running.add(asyncio.create_task(self._one(self._links[turn[0]], turn[1])))

    async def _one(self, link: Link, host: str) -> Result:
        """One link's result; its host's turn is over as soon as the page is here."""
        holds = True

        def release() -> None:
            nonlocal holds
            if holds:
                holds = False
                self._turns.done(host)

        def fetched(asked: bool) -> None:
            release()
            if asked:
                self._outage.answer(link.url)

        try:
            return link, await self._capture.one(link.id, link.url, fetched)
        except _ABOUT_ONE_LINK as error:
            return link, error
        finally:
            release()

    async def _wait(self, running: set[asyncio.Task[Result]]) -> set[asyncio.Task[Result]]:
        """Wait a moment for results, and judge those that came."""
        if not running:
            wake = self._turns.wake(asyncio.get_running_loop().time())
            await asyncio.sleep(POLL if wake is None else min(POLL, wake))
            return running
        done, left = await asyncio.wait(running, timeout=POLL, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            await self._judge(*task.result())
        if done:
            self._report(self._progress())
        return left

    async def _judge(self, link: Link, result: Captured | ReaderError) -> None:
        if isinstance(result, FetchError) and result.kind == "connection":
            if self._outage.miss(link.url, result) and not await self._is_network_there():
                self.gone = True
                return
        elif isinstance(result, FetchError):
            self._outage.answer(link.url)
        if not (isinstance(result, FetchError) and self._comes_again(link, result)):
            self._held.append((link, result))
        if not self._outage.is_suspected:
            self._release()

    async def _is_network_there(self) -> bool:
        """Whether the host that answered last still takes connections: then the others are dead."""
        known = self._outage.answered
        if known is None or not await self._capture.source.reaches(known):
            return False
        self._outage.answer(known)
        return True

    def _comes_again(self, link: Link, error: FetchError) -> bool:
        """Whether a failure that may pass is to be tried once more in this run, and when."""
        tries = self._tries[link.id] = self._tries.get(link.id, 0) + 1
        if not error.passing or tries >= TRIES:
            return False
        wait = self._pauses[tries - 1] if error.retry_after is None else error.retry_after
        if wait > LONGEST_WAIT:
            return False
        due = asyncio.get_running_loop().time() + wait
        host = host_of(link.url)
        if error.retry_after is not None:
            self._turns.rest(host, due)
        self._turns.again(link.id, host, due)
        return True

    def _release(self) -> None:
        """Hand on the results that were held back because the network might have been gone."""
        for link, result in self._held:
            if isinstance(result, Captured):
                self._done += 1
            else:
                self._failed += 1
            self._ready.append((link, result))
        self._held.clear()
        self._changed.set()

    async def _write(self) -> None:
        """Hand results to the sink, as many at once as have come while it wrote."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            batch = list(self._ready)
            if batch:
                await asyncio.to_thread(self._sink.keep, batch)
                del self._ready[: len(batch)]
            elif self._over:
                return
            if self._over:
                self._changed.set()

    def _progress(self) -> Progress:
        finished = self._done + self._failed
        left = len(self._links) - finished
        elapsed = asyncio.get_running_loop().time() - self._began
        pace = elapsed / finished if finished >= IN_FLIGHT else None
        return Progress(self._done, self._failed, left, None if pace is None else pace * left)
