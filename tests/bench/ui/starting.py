"""From fork to the first title in the pseudo-terminal, beside an empty Textual app.

    python -m tests.bench.ui.starting [--entries N] [--starts N]

Starts alternate, bytes are read as they come, and medians are compared. The limit is 1.5.
"""

import argparse
import os
import pty
import random
import select
import signal
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from time import perf_counter

from reader.model.change import SaveRequest
from reader.paths import Paths
from reader.services.workspace import Workspace
from reader.settings import Settings
from tests.bench.table import Figure, listed
from tests.forking import run_in_child

ROOT = Path(__file__).parents[3]
FIRST = "Harbour lights"
EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("Hello there")
Empty().run()
"""
WORDS = [
    "ferry",
    "bridge",
    "tide",
    "salt",
    "walk",
    "night",
    "library",
    "bread",
    "index",
    "colour",
    "margin",
    "note",
    "river",
]
BATCH = 10_000


def fill(home: Path, entries: int) -> Paths:
    """A library of links with titles and tags below `home`, and a fresh cache of it."""
    places = Paths(home / "lib", home / "state/reader", home / "cache/reader", home / "c.toml")
    dice = random.Random(3)
    with Workspace(places, Settings()) as workspace:
        for start in range(0, entries, BATCH):
            rows = range(start, min(start + BATCH, entries))
            workspace.library.add([_link(row, dice) for row in rows], step=None)
        newest = SaveRequest(
            given="https://first.example/", title=FIRST, added="2026-01-02T00:00:00Z"
        )
        workspace.library.add([newest], step=None)
        workspace.synced_cache()
    return places


def _link(row: int, dice: random.Random) -> SaveRequest:
    return SaveRequest(
        given=f"https://site{row % 97}.example/{row}",
        title=f"{' '.join(dice.choices(WORDS, k=5))} {row}",
        tags=tuple(dice.sample(("asia/japan", "cooking", "essays", "sea", "walking"), 2)),
        added=f"20{10 + row % 15}-{1 + row % 12:02d}-{1 + row % 28:02d}T00:00:00Z",
    )


@contextmanager
def started(words: Sequence[str], variables: Mapping[str, str]) -> Iterator[int]:
    """The terminal of a program that runs in it, until it is ended by force."""
    child, terminal = pty.fork()
    if not child:
        run_in_child([sys.executable, *words], variables, (36, 130))
    try:
        yield terminal
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)


def shown(terminal: int, needle: bytes) -> None:
    """Wait until the needle has come through the terminal."""
    data = b""
    while needle not in data:
        if not select.select([terminal], [], [], 30)[0]:
            raise SystemExit("nothing came")
        data += os.read(terminal, 65536)


def first_byte(words: Sequence[str], variables: Mapping[str, str], needle: bytes) -> float:
    """Seconds from fork until the needle has come through the terminal."""
    began = perf_counter()
    with started(words, variables) as terminal:
        shown(terminal, needle)
        return perf_counter() - began


def key_delays(variables: Mapping[str, str], star_after: float = 1.5) -> tuple[list[float], float]:
    """Seconds from a key that moves to the bytes that answer it, from the first title on.

    After `star_after` seconds an article is starred, for which the library is loaded behind the
    list. The second figure is how long a star waits that is typed with the first title.
    """
    delays = []
    with started(["-m", "reader"], variables) as terminal:
        shown(terminal, FIRST.encode())
        began, stars = perf_counter(), [b"s"]
        for key in cycle([b"j", b"j", b"k"]):
            if stars and perf_counter() - began > star_after:
                key = stars.pop()
            delays.append(answered(terminal, key))
            if perf_counter() - began > star_after + 4:
                break
    with started(["-m", "reader"], variables) as terminal:
        shown(terminal, FIRST.encode())
        return delays, answered(terminal, b"s")


def answered(terminal: int, key: bytes) -> float:
    """Seconds until something comes after the key; what came before it is over."""
    while select.select([terminal], [], [], 0.03)[0]:
        os.read(terminal, 65536)
    sent = perf_counter()
    os.write(terminal, key)
    if not select.select([terminal], [], [], 30)[0]:
        raise SystemExit(f"{key!r} has no answer")
    return perf_counter() - sent


def main(argv: Sequence[str] | None = None) -> int:
    """Print what the start takes; exit code 1 where a limit was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--starts", type=int, default=15)
    chosen = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        places = fill(home, chosen.entries)
        variables = {
            **os.environ,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "PYTHONPATH": str(ROOT),
            "HOME": folder,
            "READER_HOME": str(places.home),
            "READER_CONFIG": str(places.config),
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_CACHE_HOME": str(home / "cache"),
        }
        empty, own = [], []
        for _ in range(chosen.starts):
            empty.append(first_byte(["-c", EMPTY], variables, b"Hello"))
            own.append(first_byte(["-m", "reader"], variables, FIRST.encode()))
        delays, star = key_delays(variables)
    first, others = statistics.median(own), statistics.median(empty)
    met = listed(
        [
            Figure("an empty app's first text, ms", 1000 * others),
            Figure(f"the first title of {chosen.entries:,}, ms", 1000 * first),
            Figure("first title / empty app", first / others, 1.5),
            Figure("keys typed while the library loads", len(delays)),
            Figure("longest delay of a key meanwhile, ms", 1000 * max(delays), 60),
            Figure("median delay of a key meanwhile, ms", 1000 * statistics.median(delays)),
            Figure("a star typed with the first title is shown after, ms", 1000 * star),
        ]
    )
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
