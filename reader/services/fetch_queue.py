"""Fetch the text of queued links."""

import asyncio
import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reader.fetch.wayback import Wayback
from reader.library.state_folder import state_folder
from reader.model.entry import EntryId, FetchStatus, Record
from reader.model.errors import LibraryBusyError, UnknownIdError
from reader.paths import Paths
from reader.services.fetch_results import FetchResultWriter
from reader.services.fetch_scheduler import FetchProgress, FetchScheduler, QueuedLink
from reader.services.fetched_pages import FetchedPages
from reader.services.image_archiver import NormaliseImage
from reader.services.page_capture import PageCapture, PageSource
from reader.services.page_renderer import renderer_of
from reader.services.pagination import Extract
from reader.services.workspace import Workspace

if TYPE_CHECKING:
    from reader.fetch.client import Client

MAX_ATTEMPTS: Final = 5
"""Runs after which a temporary failure is only retried on request."""


@dataclass(frozen=True, slots=True)
class QueueReport:
    """The result of one run.

    `same` links proved to be known articles; `kept` articles were fetched again and left as they
    were, because the new page was the same or worse. `failures` are ids with their reasons, in
    order of arrival. `gone` is set if the run ended without a network, `cancelled` if the user
    stopped it; `left` links still wait.
    """

    done: int = 0
    failed: int = 0
    left: int = 0
    same: int = 0
    kept: int = 0
    failures: tuple[tuple[EntryId, str], ...] = ()
    gone: bool = False
    cancelled: bool = False


def pending(workspace: Workspace, *, retry: bool = False) -> list[Record]:
    """Return the links that a run would fetch, newest first.

    Queued ones, and failed ones that may pass; with `retry` all failed ones.
    """

    def waits(record: Record) -> bool:
        entry = record.entry
        if entry.trashed or record.digest is not None or not entry.url or record.same:
            return False
        return entry.fetch is FetchStatus.QUEUED or retry or 0 < record.attempts < MAX_ATTEMPTS

    found = [record for record in workspace.library.records() if waits(record)]
    return sorted(found, key=_sort_key, reverse=True)


def process_queue(
    workspace: Workspace,
    *,
    only: Sequence[EntryId] | None = None,
    retry: bool = False,
    wayback: bool = False,
    progress: Callable[[FetchProgress], None] = lambda progress: None,
    cancelled: Callable[[], bool] = lambda: False,
    client: "Callable[[], Client] | None" = None,
    extract: Extract | None = None,
    normalise: NormaliseImage | None = None,
) -> QueueReport:
    """Fetch the queued links, newest first, and save them; block until done or stopped.

    With `wayback` the Wayback Machine is asked instead of the sites. `only` names the entries:
    links in any state, and articles whose page is to be fetched again. Every result is on the
    disk when it is counted; run again after a kill to resume. Raises
    LibraryBusyError where another reader fetches, LibraryError where results cannot be saved.
    """
    with _exclusive(workspace.places):
        records = pending(workspace, retry=retry) if only is None else _records_of(workspace, only)
        links = [QueuedLink(record.entry.id, record.entry.url or "") for record in records]
        if not links:
            return QueueReport()
        added = {record.entry.id: record.entry.added for record in records}
        spool = FetchedPages(workspace.places)
        keeping = FetchResultWriter(workspace.library, spool)

        async def run() -> tuple[FetchScheduler, FetchProgress]:
            async with _open_client(workspace, client) as direct:
                source: PageSource = direct
                if wayback:
                    source = Wayback(direct, {link.url: added[link.id] for link in links})
                capture = PageCapture(
                    source,
                    extract or workspace.extractors.extract,
                    normalise or workspace.images.normalise,
                    spool,
                    with_images=workspace.settings.fetch.images,
                    render=renderer_of(workspace.settings.commands),
                )
                crawl = FetchScheduler(
                    links, capture, keeping, progress=progress, cancelled=cancelled
                )
                return crawl, await crawl.run()

        crawl, last = asyncio.run(run())
        if last.left == 0:
            spool.clear()
        if keeping.saved and workspace.settings.rules:
            from reader.services import rules

            # Rules may need what only the fetched text shows: words, site, language.
            rules.apply_rules(workspace, frozenset(keeping.saved))
        return _report(crawl, last, keeping)


def _report(crawl: FetchScheduler, last: FetchProgress, keeping: FetchResultWriter) -> QueueReport:
    """Return the counts of a run that ended with this progress."""
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


def _records_of(workspace: Workspace, ids: Sequence[EntryId]) -> list[Record]:
    """Return the records of these ids that have an address, newest first; skip unknown ids."""
    found: dict[EntryId, Record] = {}
    for wanted in ids:
        try:
            record = workspace.library.get(wanted)
        except UnknownIdError:
            continue
        if record.entry.url and not record.entry.trashed:
            found.setdefault(record.entry.id, record)
    return sorted(found.values(), key=_sort_key, reverse=True)


def _sort_key(record: Record) -> tuple[str, tuple[int, int, str]]:
    return record.entry.added, record.entry.created


def _open_client(workspace: Workspace, client: "Callable[[], Client] | None") -> "Client":
    if client is not None:
        return client()
    from reader.fetch.client import Client

    return Client(workspace.settings.fetch)


@contextmanager
def _exclusive(places: Paths) -> Iterator[None]:
    """Hold the lock of this library's only run; the kernel releases it after a kill."""
    folder = state_folder(places)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "fetch.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise LibraryBusyError("a download is running already: wait until it is done") from None
        yield
