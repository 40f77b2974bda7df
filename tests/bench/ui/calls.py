"""Trace the key `s`: the calls to the journal line and to the painted row, and the SQL statements.

    python -m tests.bench.ui.calls [--list]

A call is counted once a function, in the order of the first one. Three figures each: all named
functions of `reader`; those on the way, in which or below which something happens outside of the
process's own values (work is handed on, a lock is taken, a file or the cache is read or written, a
row is painted); and all calls. Lambdas and comprehensions have no names.
"""

import argparse
import asyncio
import os
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from types import CodeType, FrameType
from typing import Any, Final

from textual.geometry import Region
from textual.strip import Strip

import reader
from reader.services.workspace import Workspace
from reader.settings import Settings
from reader.ui.app import ReaderApp
from reader.ui.library_backend import LibraryBackend
from reader.ui.screens.main import MainScreen
from reader.ui.widgets.entry_list import EntryList
from tests.bench.table import Figure, listed
from tests.bench.ui.starting import fill

_PACKAGE: Final = str(Path(reader.__file__).parent) + os.sep
_SYNCS: Final = ("fsync", "fdatasync")
_OUTSIDE: Final = frozenset(
    (*_SYNCS, "flock", "lockf", "open", "write", "read", "pread", "stat", "lstat", "fstat", "scandir",
     "truncate", "execute", "executemany")
)  # fmt: skip
"""Functions in C that reach the disk or the cache."""
_HANDED_ON: Final = frozenset(
    ("run_worker", "post_message", "refresh", "call_later", "set_timer", "update", "set_focus")
)
"""Textual's methods by which a row, a message or a thread gets its work."""
_SECONDS: Final = 2.0
"""Seconds for which the star is traced: ⏱ it takes 0.1, and the second look of the watcher 1."""


@dataclass
class Call:
    """The first call of a function of `reader`."""

    name: str
    thread: str
    seconds: float
    times: int = 1
    is_on_way: bool = False


@dataclass
class Trace:
    """What one key ran, in all threads."""

    calls: dict[CodeType, Call] = field(default_factory=dict)
    stacks: dict[int, list[CodeType]] = field(default_factory=dict)
    statements: list[str] = field(default_factory=list)
    paints: list[float] = field(default_factory=list)
    synced: float | None = None
    started: float | None = None

    def follow(self, frame: FrameType, event: str, argument: Any) -> None:
        """Count a call; the profile function of every thread."""
        if self.started is None:
            return
        if event == "call":
            self._enter(frame.f_code)
        elif event == "c_call":
            name = getattr(argument, "__name__", "")
            if name in _OUTSIDE:
                self._mark()
                if name in _SYNCS and self.synced is None:
                    self.synced = self._now()

    def _enter(self, code: CodeType) -> None:
        if not code.co_filename.startswith(_PACKAGE):
            if code.co_name in _HANDED_ON and "textual" in code.co_filename:
                self._mark()
            return
        if code.co_name.startswith("<"):
            return
        call = self.calls.get(code)
        if call:
            call.times += 1
            return
        name = f"{code.co_filename[len(_PACKAGE) :]}:{code.co_firstlineno} {code.co_qualname}"
        self.calls[code] = Call(name, threading.current_thread().name[:12], self._now())

    def _mark(self) -> None:
        """Mark the functions that are running in this thread."""
        frame: FrameType | None = sys._getframe(2)
        while frame is not None:
            call = self.calls.get(frame.f_code)
            if call:
                call.is_on_way = True
            frame = frame.f_back

    def _now(self) -> float:
        assert self.started is not None
        return perf_counter() - self.started

    def note_paint(self) -> None:
        """Note that the row of the star is painted."""
        if self.started is not None:
            self._mark()
            self.paints.append(self._now())

    def until(self, seconds: float) -> list[Call]:
        """Return the calls up to this time."""
        return [call for call in self.calls.values() if call.seconds <= seconds]


async def trace_star(workspace: Workspace) -> Trace:
    """Press `s` in the list of an app that has settled, and return its trace."""
    trace = Trace()
    connect, render = sqlite3.connect, EntryList.render_lines

    def connect_traced(*words: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*words, **options)
        connection.set_trace_callback(
            lambda text: trace.statements.append(text) if trace.started is not None else None
        )
        return connection

    def render_traced(self: EntryList, crop: Region) -> list[Strip]:
        strips = render(self, crop)
        top = self.cursor * self.lines_per_row - self.scroll_offset.y
        if crop.y < top + self.lines_per_row and top < crop.bottom:
            trace.note_paint()
        return strips

    sqlite3.connect = connect_traced  # type: ignore[assignment]
    EntryList.render_lines = render_traced  # type: ignore[method-assign]
    threading.setprofile(trace.follow)
    sys.setprofile(trace.follow)
    try:
        app = ReaderApp(lambda: LibraryBackend(workspace), Settings())
        async with app.run_test(size=(130, 36)) as pilot:
            await _settle(app, pilot.pause)
            for key in ("j", "s", "j"):
                await pilot.press(key)
                await asyncio.sleep(_SECONDS)
            trace.started = perf_counter()
            app.simulate_key("s")
            await asyncio.sleep(_SECONDS)
            sys.setprofile(None)
            calls = dict(trace.calls)
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        sqlite3.connect = connect
        EntryList.render_lines = render  # type: ignore[method-assign]
    # Leaving the app runs functions of its own.
    trace.calls = calls
    return trace


async def _settle(app: ReaderApp, pause: Callable[[float], Any]) -> None:
    while True:
        await pause(0.1)
        screen = app.screen
        controllers = screen._controllers if isinstance(screen, MainScreen) else None
        if controllers and controllers.context.state.counts.tags and not controllers.jobs._jobs:
            return


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures, and with `--list` every function; 1 if a limit was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=300)
    parser.add_argument("--list", action="store_true")
    chosen = parser.parse_args(argv)
    with (
        tempfile.TemporaryDirectory() as folder,
        Workspace(fill(Path(folder), chosen.entries), Settings()) as workspace,
    ):
        workspace.synced_cache(text=True)
        trace = asyncio.run(trace_star(workspace))
    if trace.synced is None or not trace.paints:
        raise SystemExit("the star was not saved, or its row not painted")
    journal, painted = trace.until(trace.synced), trace.until(trace.paints[-1])
    if chosen.list:
        for number, call in enumerate(trace.calls.values(), 1):
            way = "→" if call.is_on_way else " "
            print(
                f"{number:4} {1000 * call.seconds:7.1f} {call.thread:12} {way} {call.name} ×{call.times}"
            )
        print(*trace.statements, sep="\n")
        print("synced", trace.synced, "paints", trace.paints)
    met = listed(
        [
            Figure("functions on the way to the journal line", _on_way(journal), 35),
            Figure("functions on the way to the painted row", _on_way(painted), 60),
            Figure("functions called to the journal line", len(journal)),
            Figure("functions called to the painted row", len(painted)),
            Figure("calls in all", sum(call.times for call in trace.calls.values())),
            Figure("SQL statements", len(trace.statements), 8),
            Figure("times that the row is painted", len(trace.paints), 2),
        ]
    )
    return int(not met)


def _on_way(calls: Sequence[Call]) -> int:
    return sum(call.is_on_way for call in calls)


if __name__ == "__main__":
    sys.exit(main())
