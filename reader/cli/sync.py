"""The command `sync`."""

import getpass
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Final

from reader.cli import output
from reader.cli.arguments import Arguments
from reader.cli.command_context import cache_for, interruptible, open_workspace, query_of, with_text
from reader.model.errors import UsageError
from reader.model.text import plural
from reader.services import sync
from reader.services.sync import SyncJob
from reader.services.workspace import Workspace
from reader.sync.session import SyncProgress

_MAX_PROBLEMS_SHOWN: Final = 20
"""Problems printed by one run: a screen of 24 lines; the rest is counted."""
_REPORT_SECONDS: Final = 0.1
"""Seconds between two lines of progress on a terminal."""


def run_sync(arguments: Arguments) -> int:
    """Synchronise, or do one of the other jobs; return 1 if something was refused."""
    match arguments.words:
        case []:
            return _sync(arguments)
        case ["restore", url]:
            arguments.init = url
            return _sync(arguments)
        case ["restore"]:
            return _sync(arguments)
        case ["texts", *words]:
            return _bring_texts(arguments, words)
        case ["verify"]:
            return _verify(arguments)
        case ["key", "show"]:
            from reader.services import sync_keys

            with open_workspace() as workspace:
                output.print_line(sync_keys.show_key(workspace))
            return 0
        case ["key", "inbox"]:
            from reader.services import sync_keys

            with open_workspace() as workspace:
                output.print_line(sync_keys.show_inbox_key(workspace))
            return 0
        case ["key", "passphrase"]:
            from reader.services import sync_keys

            with open_workspace() as workspace:
                sync_keys.change_passphrase(workspace, SyncJob(ask=_ask))
            output.print_line("the key has a new passphrase")
            return 0
        case ["key", "change" | "seal"]:
            return _change_key(arguments)
        case ["devices"]:
            return _list_devices(arguments)
        case ["remove", device]:
            return _remove(arguments, device)
        case _:
            raise UsageError(
                f"sync: unknown words {' '.join(arguments.words)!r}; see `reader sync --help`"
            )


def _sync(arguments: Arguments) -> int:
    on_demand = True if arguments.texts_on_demand else False if arguments.texts else None
    with interruptible("") as interrupt, open_workspace() as workspace:
        job = SyncJob(_progress_printer(), interrupt.cancelled, _ask)
        if arguments.sealed and not arguments.init:
            raise UsageError(
                "--sealed works only with --init URL; `reader sync key seal` seals a remote"
            )
        if arguments.init:
            if arguments.dry_run:
                raise UsageError("--dry-run works only with an existing remote: leave --init out")
            sync.init_remote(
                workspace,
                arguments.init,
                sealed=arguments.sealed,
                on_demand=bool(on_demand),
                job=job,
            )
        if arguments.dry_run:
            return _print_plan(workspace, job, arguments.json)
        report = sync.run_sync(
            workspace, job, on_demand=on_demand, skips_damaged=arguments.skip_damaged
        )
    output.show_progress("")
    if arguments.json:
        output.print_json(asdict(report))
    else:
        output.print_line(f"{sync.describe_report(report)} ({plural(report.requests, 'request')})")
    return _print_problems(report.problems)


def _print_problems(problems: list[str]) -> int:
    for problem in problems[:_MAX_PROBLEMS_SHOWN]:
        output.print_message(problem)
    if len(problems) > _MAX_PROBLEMS_SHOWN:
        output.print_message(f"and {len(problems) - _MAX_PROBLEMS_SHOWN} more")
    return 1 if problems else 0


def _print_plan(workspace: Workspace, job: SyncJob, as_json: bool) -> int:
    plan = sync.plan_sync(workspace, job)
    if as_json:
        output.print_json(asdict(plan))
    elif plan.is_empty:
        output.print_line("nothing new")
    else:
        output.print_line(
            f"would send {plural(plan.send_articles)} and {_size(plan.send_bytes)} of changes,"
            f" receive {_size(plan.receive_bytes)} of changes"
            + (f", add {plan.inbox} from the inbox" if plan.inbox else "")
        )
    return 0


def _bring_texts(arguments: Arguments, words: list[str]) -> int:
    """Bring the texts of a query's articles, for a device that has them on demand."""
    from reader.services.sync_texts import bring_entries

    query = with_text(query_of(words))
    with interruptible("") as interrupt, open_workspace() as workspace:
        now = datetime.now().astimezone()
        ids = list(cache_for(workspace, query).listing(query, now=now).ids())
        job = SyncJob(_progress_printer(), interrupt.cancelled, _ask)
        count = bring_entries(workspace, ids, job)
    output.show_progress("")
    if arguments.json:
        output.print_json({"received": count})
    else:
        output.print_line(f"received {plural(count)}")
    return 0


def _verify(arguments: Arguments) -> int:
    with interruptible("") as interrupt, open_workspace() as workspace:
        job = SyncJob(_progress_printer(), interrupt.cancelled, _ask)
        report = sync.verify_remote(workspace, job, repair=arguments.repair)
    output.show_progress("")
    if arguments.json:
        output.print_json({"ok": report.is_ok, **asdict(report)})
        return 0 if report.is_ok else 1
    for kind in ("missing", "damaged", "unnamed"):
        for name in getattr(report, kind):
            output.print_line(f"{kind}: {name}")
    message = f"checked {plural(report.checked, 'object')}: "
    message += (
        "every object is there and undamaged"
        if report.is_ok
        else "some objects are missing or damaged"
    )
    output.print_line(message + (f", repaired {report.repaired}" if report.repaired else ""))
    if not report.is_ok and not arguments.repair:
        output.print_message(
            "`reader sync verify --repair` sends them again if this device has them"
        )
    return 0 if report.is_ok else 1


def _change_key(arguments: Arguments) -> int:
    from reader.services import sync_keys

    question = "seal everything on the remote again with a new key?"
    if not output.confirm(question, yes=arguments.yes):
        return 1
    with interruptible("") as interrupt, open_workspace() as workspace:
        job = SyncJob(_progress_printer(), interrupt.cancelled, _ask)
        count = sync_keys.change_key(workspace, job)
    output.show_progress("")
    output.print_line(f"sealed {plural(count)} with a new key")
    output.print_message("on the other devices, `reader sync --init URL` asks for its passphrase")
    return 0


def _list_devices(arguments: Arguments) -> int:
    with open_workspace() as workspace:
        rows = sync.list_devices(workspace)
    if arguments.json:
        output.print_json([asdict(row) for row in rows])
        return 0
    for row in rows:
        at = f"{datetime.fromtimestamp(row.at):%Y-%m-%d}" if row.at else "          "
        output.print_line(f"{row.id}  {at}  {row.name}{'  (this device)' if row.is_this else ''}")
    return 0


def _remove(arguments: Arguments, device: str) -> int:
    question = f"remove device {device} and keep the changes that it has sent?"
    if not output.confirm(question, yes=arguments.yes):
        return 1
    with interruptible("") as interrupt, open_workspace() as workspace:
        job = SyncJob(_progress_printer(), interrupt.cancelled, _ask)
        count = sync.remove_device(workspace, device, job)
    output.show_progress("")
    if arguments.json:
        output.print_json({"removed": device, "objects": count})
        return 0
    output.print_line(f"removed {device}: {plural(count, 'object')} deleted, its changes stay")
    output.print_message(
        "if the device is lost, change the storage's access and, if sealed, `reader sync key change`"
    )
    return 0


def _progress_printer() -> Callable[[SyncProgress], None]:
    """Return a progress callback that prints counts and the time left on a terminal."""
    begun, due = time.monotonic(), time.monotonic() + 0.5

    def report(progress: SyncProgress) -> None:
        nonlocal due
        now = time.monotonic()
        if now < due:
            return
        # Imported here: most syncs are over before they report.
        from reader.cli.formatting import format_duration

        due = now + _REPORT_SECONDS
        left = (now - begun) / max(progress.done, 1) * (progress.total - progress.done)
        about = f", about {format_duration(left)} left" if progress.done >= 10 and left > 1 else ""
        output.show_progress(f"{progress.done} of {progress.total} {progress.doing}{about}")

    return report


def _ask(prompt: str) -> str:
    """Ask for a secret without showing it; empty without a terminal."""
    if not output.is_interactive():
        return ""
    output.show_progress("")
    return getpass.getpass(f"{prompt}: ", stream=sys.stderr)


def _size(count: int) -> str:
    if count < 1_000_000:
        return f"{-(-count // 1000)} kB"
    return f"{count / 1_000_000:.1f} MB"
