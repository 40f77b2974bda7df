"""`fetch`: pages left in the drop folder taken in, and the texts of links that wait brought home."""

from argparse import Namespace
from dataclasses import asdict
from datetime import datetime

from reader.cli import output
from reader.cli.context import cache_for, query_of, shelf
from reader.model.entry import EntryId, Fetch
from reader.services.entries import counted
from reader.services.fetch_queue import QueueReport, waiting, work_off
from reader.services.fetch_scheduler import Progress
from reader.services.watch_folder import DropFolder
from reader.services.workspace import Shelf

MOST_TOLD = 50


def run_fetch(arguments: Namespace) -> int:
    """Work the queue off; exit 1 where something failed or still waits."""
    with shelf(telling=True) as opened:
        dropped = [] if arguments.words else DropFolder(opened).look(settled=True)
        wanted = _wanted(opened, arguments)
        report = work_off(opened, only=wanted, wayback=arguments.wayback, progress=_shown)
    output.progress("")
    if arguments.json:
        values = asdict(report)
        values["failures"] = [{"id": known, "reason": said} for known, said in report.failures]
        output.as_json(values)
    else:
        output.line(_summary(report) if wanted else "nothing waits to be fetched")
    for one in dropped:
        said = one.reason if one.saved is None else f"saved {one.saved.entry.title}"
        output.say(f"{one.name}: {said}")
    for known, reason in report.failures[:MOST_TOLD]:
        output.say(f"{known}: {reason}")
    if len(report.failures) > MOST_TOLD:
        more = len(report.failures) - MOST_TOLD
        output.say(f"and {more} more: `reader list is:failed` shows them with their reasons")
    if report.failures and not arguments.wayback:
        output.say("`reader fetch --wayback` asks the Wayback Machine for copies of what is dead")
    if report.gone:
        output.say("there is no network: what is left waits, nothing was given up")
    missed = any(one.saved is None for one in dropped)
    return 1 if report.failed or report.left or missed else 0


def _wanted(opened: Shelf, arguments: Namespace) -> list[EntryId]:
    """Newest first: what waits, of that what the query finds, of that at most the limit.

    The Wayback Machine is asked for what failed only.
    """
    records = waiting(opened, retry=arguments.retry or arguments.wayback)
    ids = [
        record.entry.id
        for record in records
        if not arguments.wayback or record.entry.fetch is Fetch.FAILED
    ]
    if arguments.words:
        query = query_of(arguments.words)
        now = datetime.now().astimezone()
        found = set(cache_for(opened, query).listing(query, now=now).ids())
        ids = [known for known in ids if known in found]
    return ids if arguments.limit is None else ids[: arguments.limit]


def _shown(progress: Progress) -> None:
    left = f"{progress.left} left"
    if progress.seconds is not None and progress.left:
        left += f", about {_spoken(progress.seconds)}"
    failed = f", {progress.failed} failed" if progress.failed else ""
    output.progress(f"{progress.done} fetched{failed}, {left}")


def _spoken(seconds: float) -> str:
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _summary(report: QueueReport) -> str:
    parts = [
        f"{counted(report.done)} fetched",
        f"{report.same} of them known already" if report.same else "",
        f"{report.failed} failed" if report.failed else "",
        f"{report.left} left" if report.left else "",
    ]
    return ", ".join(part for part in parts if part)
