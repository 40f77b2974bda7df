"""The command `fetch`: import the drop folder and download queued articles."""

from dataclasses import asdict
from datetime import datetime

from reader.cli import output
from reader.cli.arguments import Arguments
from reader.cli.command_context import cache_for, open_workspace, query_of
from reader.cli.formatting import format_duration
from reader.model.entry import EntryId, FetchStatus
from reader.model.failure_reason import is_private_address
from reader.model.text import plural
from reader.services.fetch_queue import QueueReport, pending, process_queue
from reader.services.fetch_scheduler import FetchProgress
from reader.services.watch_folder import WatchFolder
from reader.services.workspace import Workspace

MAX_FAILURES_SHOWN = 50
"""Failed links listed after a run; the view Failed has all of them."""


def run_fetch(arguments: Arguments) -> int:
    """Fetch the queue; return 1 if something failed or is still queued."""
    with open_workspace(reports_problems=True) as opened:
        dropped = [] if arguments.words else WatchFolder(opened).scan(settled=True)
        wanted = _select_ids(opened, arguments)
        report = process_queue(
            opened, only=wanted, wayback=arguments.wayback, progress=_print_progress
        )
    output.show_progress("")
    if arguments.json:
        values = asdict(report)
        values["failures"] = [{"id": known, "reason": reason} for known, reason in report.failures]
        output.print_json(values)
    else:
        output.print_line(_summary(report) if wanted else _nothing_to_fetch(arguments))
    for one in dropped:
        reason = one.reason if one.saved is None else f"saved {one.saved.entry.title}"
        output.print_message(f"{one.name}: {reason}")
    for known, reason in report.failures[:MAX_FAILURES_SHOWN]:
        output.print_message(f"{known}: {reason}")
    if len(report.failures) > MAX_FAILURES_SHOWN:
        more = len(report.failures) - MAX_FAILURES_SHOWN
        output.print_message(f"and {more:,} more: `reader list is:failed --json` has their reasons")
    are_private = [is_private_address(reason) for _, reason in report.failures]
    if any(are_private):
        output.print_message("if you trust an address: `reader add --allow-private ADDRESS`")
    if not all(are_private) and not arguments.wayback:
        output.print_message(
            "`reader fetch --wayback` asks the Wayback Machine for copies of dead pages"
        )
    if report.gone:
        output.print_message("no network: the remaining links stay queued")
    missed = any(one.saved is None for one in dropped)
    return 1 if report.failed or report.left or missed else 0


def _select_ids(opened: Workspace, arguments: Arguments) -> list[EntryId]:
    """Return the ids to fetch, newest first: queued, matching the query, up to the limit.

    With `--wayback`, only failed links.
    """
    records = pending(opened, retry=arguments.retry or arguments.wayback)
    ids = [
        record.entry.id
        for record in records
        if not arguments.wayback or record.entry.fetch is FetchStatus.FAILED
    ]
    if arguments.words:
        query = query_of(arguments.words)
        now = datetime.now().astimezone()
        found = set(cache_for(opened, query).listing(query, now=now).ids())
        ids = [known for known in ids if known in found]
    return ids if arguments.limit is None else ids[: arguments.limit]


def _nothing_to_fetch(arguments: Arguments) -> str:
    """Return the sentence for a run without links, which names what was looked for."""
    found = "nothing that the query finds" if arguments.words else "nothing"
    if arguments.wayback:
        return f"{found} has failed"
    return f"{found} is queued{' or failed' if arguments.retry else ''}"


def _print_progress(progress: FetchProgress) -> None:
    left = f"{progress.left} left"
    if progress.seconds is not None and progress.left:
        left += f", about {format_duration(progress.seconds)}"
    failed = f", {progress.failed} failed" if progress.failed else ""
    output.show_progress(f"{progress.done} fetched{failed}, {left}")


def _summary(report: QueueReport) -> str:
    parts = [
        f"{plural(report.done)} fetched",
        f"{report.same} of them already in the library" if report.same else "",
        f"{report.failed} failed" if report.failed else "",
        f"{report.left} left" if report.left else "",
    ]
    return ", ".join(part for part in parts if part)
