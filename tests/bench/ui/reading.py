"""The reader pane beside Textual's Markdown widget: first screen, scrolling, memory.

    python -m tests.bench.ui.reading [--starts N] [--pages N] [--no-peer]

Times run from a key to the end of the refresh that it caused, in a headless app of 120 × 40 that
does not wait for the next of sixty frames a second.
"""

import argparse
import asyncio
import gc
import os
import resource
import statistics
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import ClassVar

# Textual paints sixty times a second; unpaced, the work itself is measured and not the wait.
os.environ.setdefault("TEXTUAL_FPS", "1000")

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import Markdown

from reader.layout.document import ShownArticle
from reader.resources import styles
from reader.ui import themes
from reader.ui.app import GC_THRESHOLDS
from reader.ui.widgets.article_view import ArticleView
from tests.bench.table import Figure, listed
from tests.bench.ui.articles import made_article

SHORT, LONG = 1_000, 50_000
SIZE = (120, 40)


class Bench(App[None]):
    """Shows by a key what is in `showing`, and notes when it is on the screen."""

    BINDINGS: ClassVar = [("s", "do", "show")]

    def __init__(self, peer: bool) -> None:
        super().__init__(css_path=styles() / "article.tcss")
        self._peer = peer
        self.todo: Callable[[], object] = lambda: None
        self.painted = 0.0

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.variable_defaults()

    def compose(self) -> ComposeResult:
        if self._peer:
            yield VerticalScroll(Markdown(), can_focus=True)
        else:
            yield ArticleView()

    async def action_do(self) -> None:
        done = self.todo()
        if asyncio.isfuture(done) or hasattr(done, "__await__"):
            await done  # AwaitComplete of the peer
        self.call_after_refresh(self._note)

    def _note(self) -> None:
        self.painted = perf_counter()


async def timed(pilot: Pilot[None], todo: Callable[[], object]) -> float:
    """Milliseconds from the key to the painted screen."""
    app = pilot.app
    assert isinstance(app, Bench)
    app.todo, app.painted = todo, 0.0
    begun = perf_counter()
    app.simulate_key("s")
    while not app.painted:
        await asyncio.sleep(0)
    return (app.painted - begun) * 1000


async def settled(view: ArticleView) -> None:
    while view.is_measuring:
        await asyncio.sleep(0.01)


async def ours(starts: int, pages: int) -> tuple[float, list[Figure]]:
    """The median first screen of the long article in milliseconds, and the pane's figures."""
    texts = {words: made_article(words) for words in (SHORT, LONG)}
    app = Bench(peer=False)
    times: dict[int, list[float]] = {SHORT: [], LONG: []}
    async with app.run_test(size=SIZE) as pilot:
        view = app.query_one(ArticleView)
        view.focus()
        view.show_article(ShownArticle("warm", "Warm", texts[SHORT]))
        await settled(view)
        # As the app does when its list is there.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        before = rss()
        view.show_article(ShownArticle("memory", "A title", texts[LONG]))
        await settled(view)
        grown = rss() - before
        turns = [await timed(pilot, lambda: view.action_move_page(1)) for _ in range(pages)]
        spread = [
            await timed(pilot, partial(view.scroll_to_percent, n * 37 % 100)) for n in range(pages)
        ]
        grown_after = rss() - before
        for number in range(starts):
            for words in (SHORT, LONG):
                shown = ShownArticle(f"{words}-{number}", "A title", texts[words])
                times[words].append(await timed(pilot, partial(view.show_article, shown)))
                await settled(view)
    middle = {words: statistics.median(values) for words, values in times.items()}
    return middle[LONG], [
        Figure(f"first screen of {SHORT:,} words, ms", middle[SHORT]),
        Figure(f"first screen of {LONG:,} words, ms", middle[LONG]),
        Figure("first screen, long / short", middle[LONG] / middle[SHORT], 1.5),
        Figure("a page on, p95, ms", p95(turns), 16),
        Figure("a page on, median, ms", statistics.median(turns)),
        Figure("a jump anywhere, p95, ms", p95(spread), 16),
        Figure("a jump anywhere, median, ms", statistics.median(spread)),
        Figure("memory of the long article, MB", grown, 20),
        Figure("memory after reading on in it, MB", grown_after),
    ]


async def peer() -> tuple[float, float]:
    """First screen in milliseconds, and memory in megabytes, of Textual's own widget."""
    text = made_article(LONG)
    app = Bench(peer=True)
    async with app.run_test(size=SIZE) as pilot:
        widget = app.query_one(Markdown)
        app.query_one(VerticalScroll).focus()
        await timed(pilot, lambda: widget.update(made_article(SHORT)))
        gc.collect()
        before = rss()
        took = await timed(pilot, lambda: widget.update(text))
        return took, rss() - before


def p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def rss() -> float:
    """Megabytes that the process holds; where it is not told, the most it ever held."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 1e6
    except OSError:
        scale = 1e6 if sys.platform == "darwin" else 1e3
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures of issue 6 that concern the text; 1 where one missed its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=15)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--no-peer", action="store_true")
    options = parser.parse_args(argv)
    long, figures = asyncio.run(ours(options.starts, options.pages))
    met = listed(figures)
    if not options.no_peer:
        took, grown = asyncio.run(peer())
        peers = Figure("Textual's Markdown / our first screen", took / long, 30, least=True)
        met &= listed([peers, Figure("memory of Textual's Markdown, MB", grown)])
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
