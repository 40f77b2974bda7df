"""Links that wait for their text, worked off in the background."""

import asyncio
import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reader.fetch.wayback import Wayback
from reader.model.entry import EntryId, FetchStatus, Record
from reader.model.errors import LibraryBusyError, UnknownIdError
from reader.paths import Paths
from reader.services.fetch_results import FetchResultWriter
from reader.services.fetch_scheduler import FetchProgress, FetchScheduler, QueuedLink
from reader.services.fetched_pages import FetchedPages
from reader.services.image_archiver import NormaliseImage
from reader.services.page_capture import PageCapture, PageSource
from reader.services.pagination import Extract
from reader.services.workspace import Workspace

if TYPE_CHECKING:
    from reader.fetch.client import Client

MAX_ATTEMPTS: Final = 5
"""Runs after which a link that may pass is only tried where a person asks for it."""


@dataclass(frozen=True, slots=True)
class QueueReport:
    """What came of one run.

    `same` links proved to be known articles, `kept` articles were fetched again and stayed as
    they were, because the new page was the same or worse. `failures` are ids with their reasons,
    in the order in which they came. `gone` says that the run ended because the network is not there, `cancelled`
    that a person stopped it; `left` links still wait.
    """

    done: int = 0
    failed: int = 0
    left: int = 0
    same: int = 0
    kept: int = 0
    failures: tuple[tuple[EntryId, str], ...] = ()
    gone: bool = False
    cancelled: bool = False


def pending(shelf: Workspace, *, retry: bool = False) -> list[Record]:
    """Links that a run would fetch, newest first.

    Queued ones, and failed ones that may pass; with `retry` all failed ones.
    """

    def waits(record: Record) -> bool:
        entry = record.entry
        if entry.trashed or record.digest is not None or not entry.url or record.same:
            return False
        return entry.fetch is FetchStatus.QUEUED or retry or 0 < record.attempts < MAX_ATTEMPTS

    found = [record for record in shelf.library.records() if waits(record)]
    return sorted(found, key=_sort_key, reverse=True)


def process_queue(
    shelf: Workspace,
    *,
    only: Sequence[EntryId] | None = None,
    retry: bool = False,
    wayback: bool = False,
    progress: Callable[[FetchProgress], None] = lambda progress: None,
    cancelled: Callable[[], bool] = lambda: False,
    client: "Callable[[], Client] | None" = None,
    extract: Extract | None = None,
    settle: NormaliseImage | None = None,
) -> QueueReport:
    """Fetch what waits, newest first, and save it; blocks until that is done or stopped.

    With `wayback` the Wayback Machine is asked instead of the sites themselves. With `only`, just these: links in any state, and articles whose page is fetched again. Every
    result is on the disk when it is counted; a run that is killed goes on where it was. Raises
    LibraryBusy where another reader fetches, LibraryError where results cannot be saved.
    """
    with _exclusive(shelf.places):
        records = pending(shelf, retry=retry) if only is None else _records_of(shelf, only)
        links = [QueuedLink(record.entry.id, record.entry.url or "") for record in records]
        if not links:
            return QueueReport()
        added = {record.entry.id: record.entry.added for record in records}
        spool = FetchedPages(shelf.places)
        keeping = FetchResultWriter(shelf.library, spool)

        async def run() -> tuple[FetchScheduler, FetchProgress]:
            async with _open_client(shelf, client) as direct:
                source: PageSource = direct
                if wayback:
                    source = Wayback(direct, {link.url: added[link.id] for link in links})
                capture = PageCapture(
                    source,
                    extract or shelf.extractors.extract,
                    settle or shelf.images.normalise,
                    spool,
                    with_images=shelf.settings.fetch.images,
                )
                crawl = FetchScheduler(
                    links, capture, keeping, progress=progress, cancelled=cancelled
                )
                return crawl, await crawl.run()

        crawl, last = asyncio.run(run())
        if last.left == 0:
            spool.clear()
        if keeping.saved and shelf.settings.rules:
            from reader.services import rules

            # What a rule asks for may only be known now: words, site, language.
            rules.apply_rules(shelf, frozenset(keeping.saved))
        return QueueReport(
            done=last.done,
            failed=last.failed,
            left=last.left,
            same=keeping.merged_count,
            kept=keeping.unchanged_count,
            failures=tuple(keeping.failures),
            gone=crawl.is_offline,
            cancelled=crawl.was_cancelled,
        )


def _records_of(shelf: Workspace, ids: Sequence[EntryId]) -> list[Record]:
    """The records of these ids that have an address, newest first; unknown ids are passed over."""
    found: dict[EntryId, Record] = {}
    for wanted in ids:
        try:
            record = shelf.library.get(wanted)
        except UnknownIdError:
            continue
        if record.entry.url and not record.entry.trashed:
            found.setdefault(record.entry.id, record)
    return sorted(found.values(), key=_sort_key, reverse=True)


def _sort_key(record: Record) -> tuple[str, tuple[int, int, str]]:
    return record.entry.added, record.entry.created


def _open_client(shelf: Workspace, client: "Callable[[], Client] | None") -> "Client":
    if client is not None:
        return client()
    from reader.fetch.client import Client

    return Client(shelf.settings.fetch)


@contextmanager
def _exclusive(places: Paths) -> Iterator[None]:
    """Hold what only one run of this library may hold; the kernel lets go of it after a kill."""
    library = hashlib.sha256(os.fsencode(places.home.resolve())).hexdigest()[:16]
    places.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (places.state / f"fetching-{library}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise LibraryBusyError(
                "another reader is fetching already: wait until it is done"
            ) from None
        yield
