"""The commands `browser` and `watch`: pages that browsers save."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from reader import paths
from reader.cli import output, stdio
from reader.cli.arguments import Arguments
from reader.cli.command_context import open_workspace
from reader.model.errors import UsageError
from reader.services.browser_manifests import (
    Browser,
    BrowserStatus,
    ManifestState,
    install,
    select,
    status,
    uninstall,
)
from reader.services.watch_folder import WatchFolder

_SCAN_INTERVAL: Final = 1.0
"""Seconds between two scans of the drop folder.

A new file is imported at its second scan.
"""


def run_browser(arguments: Arguments) -> int:
    """Connect or disconnect browsers, show their state, or print the bookmarklet."""
    match arguments.words:
        case ["bookmarklet"]:
            from reader.services.bookmarklet import bookmarklet

            output.print_line(bookmarklet())
            return 0
        case ["install", *names]:
            return _install(names, arguments)
        case ["uninstall", *names]:
            return _uninstall(names, arguments)
        case [] | ["status"]:
            places = paths.find()
            return _show([status(each, places) for each in select([], Path.home())], arguments)
        case ["status", *names]:
            places = paths.find()
            return _show([status(each, places) for each in select(names, Path.home())], arguments)
    raise UsageError(
        f"browser: unknown word {arguments.words[0]!r}; use install, uninstall, status or bookmarklet"
    )


def _install(names: Sequence[str], arguments: Arguments) -> int:
    places = paths.find()
    skipped = 0
    chosen = select(names, Path.home())
    for browser in chosen:
        found = status(browser, places)
        if found.state is ManifestState.OTHER and not _may_replace(found, arguments.yes):
            output.print_message(
                f"{browser.name}: not changed, since {browser.manifest} starts another program"
            )
            skipped += 1
            continue
        install(browser, places, os.environ)
    _show([status(each, places) for each in chosen], arguments)
    if skipped < len(chosen):
        output.print_message(
            "in SingleFile's options, under Destination, choose “save with SingleFile Companion”"
        )
    return 1 if skipped else 0


def _may_replace(found: BrowserStatus, yes: bool) -> bool:
    if not yes and not output.is_interactive():
        return False
    return output.confirm(
        f"replace the companion {found.program or 'of another program'} of"
        f" {found.browser.name}? `reader browser uninstall` puts it back",
        yes=yes,
    )


def _uninstall(names: Sequence[str], arguments: Arguments) -> int:
    places = paths.find()
    chosen = select(names, Path.home())
    removed: list[Browser] = [each for each in chosen if uninstall(each, places)]
    if not removed:
        output.print_message("nothing to uninstall")
    return _show([status(each, places) for each in chosen], arguments)


def _show(found: Sequence[BrowserStatus], arguments: Arguments) -> int:
    if arguments.json:
        output.print_json(
            [
                {
                    "browser": each.browser.name,
                    "state": str(each.state),
                    "program": each.program or None,
                    "manifest": str(each.browser.manifest),
                }
                for each in found
            ]
        )
    else:
        output.print_rows((each.browser.name, str(each.state)) for each in found)
    return 0


def run_watch(arguments: Arguments) -> int:
    """Import pages from the drop folder until interrupted."""
    with open_workspace(reports_problems=True) as opened:
        if not opened.settings.fetch.drop:
            raise UsageError("no folder to watch: set `drop` under [fetch] in the settings")
        folder = WatchFolder(opened)
        output.print_message(f"watching {opened.settings.fetch.drop}; ctrl+c stops")
        while True:
            for one in folder.scan():
                if one.saved is None:
                    output.print_message(f"{one.name}: {one.reason}")
                else:
                    output.print_line(f"{one.saved.entry.id} {one.saved.entry.title}")
            stdio.flush()
            time.sleep(_SCAN_INTERVAL)
