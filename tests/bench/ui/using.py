"""The whole app over a library on the disk: filtering at any size, and some minutes of use.

    python -m tests.bench.ui.using [--entries N] [--minutes N]

It runs headless and unpaced, over the cache and services as they are. A step is what the event
loop does without looking up: the longest one that follows a key is what a person waits for.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
from asyncio.events import Handle
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, Final

# Textual paints sixty times a second; unpaced, the work itself is measured and not the wait.
os.environ.setdefault("TEXTUAL_FPS", "1000")

from textual.pilot import Pilot

from reader.model.article import Article
from reader.model.change import SaveRequest
from reader.paths import Paths
from reader.services.workspace import Workspace
from reader.settings import Settings
from reader.ui.app import ReaderApp
from reader.ui.controllers.main import Controllers
from reader.ui.library_backend import LibraryBackend
from reader.ui.screens.main import MainScreen
from reader.ui.startup_rows import load_startup_rows
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.sidebar import Sidebar
from tests.bench.table import Figure, listed
from tests.bench.ui.articles import made_article
from tests.bench.ui.starting import fill

STALL: Final = 0.05
"""Seconds of one step from which it counts as a stall."""
TEXTS: Final = 300
"""Articles with a text, the newest ones; the others are links, which lists show alike."""

READING: Final = ("space", "space", "space", "b", "j", "j", "k", "G", "g", "v,s,enter", "plus",
                  "minus", "slash,t,h,e,enter,n,n", "right_square_bracket", "h")  # fmt: skip
LISTING: Final = ("j", "j", "j", "k", "ctrl+d", "ctrl+u", "G", "g", "s", "r", "u", "x", "S", "space",
                  "n", "slash,f,e,r,enter,escape", "t,x,y,enter,u", "i,escape", "question_mark,escape",
                  "ctrl+p,s,t,escape", "1,j,j,enter,2", "H,escape")  # fmt: skip


class Steps:
    """Times every step of the event loop, and says where the long ones were."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.stalls: Counter[str] = Counter()
        self._run = Handle._run

    def __enter__(self) -> "Steps":
        run, steps = self._run, self

        def timed(handle: Handle) -> None:
            begun = perf_counter()
            run(handle)
            spent = perf_counter() - begun
            steps.longest = max(steps.longest, spent)
            if spent > STALL:
                steps.stalls[_place(handle)] += 1

        Handle._run = timed  # type: ignore[method-assign,assignment]
        return self

    def __exit__(self, *error: object) -> None:
        Handle._run = self._run  # type: ignore[method-assign]


def _place(handle: Handle) -> str:
    """The task or callback that a step belongs to."""
    callback = getattr(handle, "_callback", None)
    owner = getattr(callback, "__self__", None)
    return owner.get_name() if isinstance(owner, asyncio.Task) else repr(callback)[:80]


def opened(workspace: Workspace) -> ReaderApp:
    return ReaderApp(
        lambda: LibraryBackend(workspace), Settings(), load_startup_rows(workspace.places)
    )


async def ready(pilot: Pilot[Any]) -> Controllers:
    """The controllers, once rows and tags are there and nothing is being prepared."""
    screen = pilot.app.screen
    assert isinstance(screen, MainScreen)
    while True:
        controllers = screen._controllers
        if controllers and controllers.context.state.counts.tags and not controllers.jobs._jobs:
            return controllers
        await pilot.pause(0.05)


async def filtering(workspace: Workspace, rounds: int = 15) -> list[float]:
    """Milliseconds from the key on a tag to the painted list, for several tags in turn."""
    times = []
    app = opened(workspace)
    async with app.run_test(size=(130, 36)) as pilot:
        await ready(pilot)
        entries, tree = app.screen.query_one(EntryList), app.screen.query_one(Sidebar)
        await pilot.press("1")
        tags = [row for row, line in enumerate(tree._lines) if line.kind == "tag"]
        for number in range(rounds):
            tree.cursor = tags[number % len(tags)]
            before = entries.entries
            await pilot.pause()
            begun = perf_counter()
            app.simulate_key("enter")
            while entries.entries is before:
                await asyncio.sleep(0)
            painted = asyncio.Event()
            entries.call_after_refresh(painted.set)
            await painted.wait()
            times.append((perf_counter() - begun) * 1000)
    return times


async def using(workspace: Workspace, minutes: float) -> tuple[list[float], Counter[str]]:
    """Milliseconds of the longest step after each key, and how often each place stalled."""
    dice = random.Random(5)
    waits = []
    app = opened(workspace)
    async with app.run_test(size=(130, 36)) as pilot:
        await ready(pilot)
        until = perf_counter() + 60 * minutes
        with Steps() as steps:
            while perf_counter() < until:
                way = ["enter", *dice.choices(READING, k=8), "h"]
                for keys in [*dice.choices(LISTING, k=8), *way]:
                    for key in keys.split(","):
                        steps.longest = 0.0
                        app.simulate_key(key)
                        await pilot.pause(dice.uniform(0.05, 0.3))
                        waits.append(steps.longest * 1000)
                await pilot.press("escape", "escape", "2")
    return waits, steps.stalls


def with_texts(places: Paths) -> None:
    """Give the library articles that can be read, newer than all the rest."""
    with Workspace(places, Settings()) as workspace:
        for row in range(TEXTS):
            text = made_article(800 + 40 * (row % 50), seed=row)
            article = Article(f"A ferry {row}", text, len(text.split()), site="ferry.example")
            added = f"2026-03-{1 + row % 28:02d}T{row % 24:02d}:00:00Z"
            workspace.library.add(
                [SaveRequest(article, b"<p>", given=f"https://ferry.example/{row}", added=added)],
                step=None,
            )
        workspace.synced_cache(text=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures of issue 6 that concern the whole app; 1 where one is above its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--used", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=10.0)
    chosen = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        places = fill(Path(folder), chosen.entries)
        with Workspace(places, Settings()) as workspace:
            workspace.synced_cache(text=True)
            filtered = asyncio.run(filtering(workspace))
    met = listed(
        [
            Figure(f"filtered by a tag, {chosen.entries:,}, ms", statistics.median(filtered), 50),
            Figure("the longest of them, ms", max(filtered)),
        ]
    )
    with tempfile.TemporaryDirectory() as folder:
        places = fill(Path(folder), chosen.used)
        with_texts(places)
        with Workspace(places, Settings()) as workspace:
            waits, stalls = asyncio.run(using(workspace, chosen.minutes))
    met &= listed(
        [
            Figure("keys typed", len(waits)),
            Figure("longest step after a key, median, ms", statistics.median(waits)),
            Figure("longest step after a key, p99, ms", sorted(waits)[int(len(waits) * 0.99)], 16),
            Figure("stalls above 50 ms", sum(stalls.values()), 3),
            Figure("most stalls at one place", max(stalls.values(), default=0), 1),
        ]
    )
    for place, count in stalls.most_common(8):
        print(f"    {count} × {place}")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
