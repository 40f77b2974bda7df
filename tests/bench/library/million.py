"""`python -m tests.bench.library.million FOLDER [--make SECONDS]`: a library of a million beside one of 100,000.

With `--make`, the two libraries are made below FOLDER, in as many runs as it takes: a tenth of each
has texts, which are indexed. Without, each figure is measured in both and beside each other; 1 if one
is more than 1.5 times that of the smaller library. Takes 4 GB of disk.
"""

import argparse
import hashlib
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from reader.library.device_identity import claim_device, create_library_folders
from reader.library.journal_codec import FORMAT, encode
from reader.model.query import parse
from reader.model.urls import id_for
from reader.paths import Paths
from reader.search.store.cache import Cache
from reader.services.cache_sync import catch_up
from tests.bench.library.opening import ROOT, Watch
from tests.bench.search.latency import FILTERS, NOW
from tests.bench.search.made import markdown, vocabulary
from tests.bench.ui.starting import FIRST, answered, first_byte, shown, started

SIZES: Final = (100_000, 1_000_000)
MAX_RATIO: Final = 1.5
_FIRST_DAY: Final = datetime(2006, 1, 1, tzinfo=UTC)
_TEXT_SHARE: Final = 10
_WORDS: Final = 150
_RUNS: Final = 7


def places_of(folder: Path, size: int) -> Paths:
    """Return where the library of this size lies."""
    base = folder / str(size)
    return Paths(base / "lib", base / "state/reader", base / "cache/reader", base / "c.toml")


def lines(home: Path, size: int) -> Iterator[bytes]:
    """Write the texts; yield the journal lines, oldest first."""
    dice = random.Random(7)
    words = vocabulary("en", 60_000, dice)
    step = timedelta(days=7000) / size
    for number in range(size):
        at = _FIRST_DAY + number * step
        url = f"https://site{number % 997}.example/{at.year}/article-{number}"
        name = str(id_for(url))
        title = FIRST if number == size - 1 else f"{' '.join(words.text(dice, 6))} {number}"
        fields: dict[str, Any] = {
            "url": url,
            "title": title,
            "site": f"site{number % 997}.example",
            "added": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "deleted": False,
        }
        for topic in {int(dice.random() ** 2 * 200) for _ in range(dice.randrange(3))}:
            fields[f"tag:field{topic // 10}/topic{topic}"] = f"field{topic // 10}/topic{topic}"
        if dice.random() < 0.3:
            fields |= {"finished": True, "progress": 1.0}
        if number % _TEXT_SHARE == 0:
            fields |= _write_text(home, name, at.year, markdown(dice, words, _WORDS))
        clock = [int(at.timestamp() * 1000), 0]
        yield encode({"c": clock, "o": "set", "i": name, "f": fields})


def _write_text(home: Path, name: str, year: int, body: str) -> dict[str, Any]:
    digest = hashlib.sha256(body.encode()).hexdigest()
    folder = f"articles/{year}/text-{name}-{digest[:8]}"
    (home / folder).mkdir(parents=True)
    (home / folder / "article.md").write_text(f"---\nid: {name}\n---\n\n{body}", "utf-8")
    return {"text": digest, "folder": folder, "words": _WORDS, "language": "en"}


def make(folder: Path, size: int, deadline: float) -> bool:
    """Make what is missing of a library until the deadline; return whether it is whole."""
    places = places_of(folder, size)
    if not (places.home.parent / "written").exists():
        create_library_folders(places)
        device = claim_device(places).id
        with (places.home / "journal" / f"{device}-1.log").open("wb") as stream:
            stream.write(encode({"format": FORMAT, "device": device, "n": 1}))
            stream.writelines(lines(places.home, size))
        (places.home.parent / "written").touch()
    if time.monotonic() > deadline:
        return False
    cache = Cache(places)
    begin = time.process_time()
    if catch_up(places, cache):
        print(f"{size}: filled in {time.process_time() - begin:.0f} s of processor time")
    cache.index_texts(going_on=lambda done, total: time.monotonic() < deadline)
    left = cache.unindexed_count()
    cache.close()
    print(f"{size}: {left} left to index", flush=True)
    return not left


class _Library:
    """One of the libraries, and the environment of programs that use it."""

    def __init__(self, folder: Path, size: int):
        self.places, self.size = places_of(folder, size), size
        base = self.places.home.parent
        self.variables = {
            **os.environ,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "PYTHONPATH": str(ROOT),
            "HOME": str(base),
            "READER_HOME": str(self.places.home),
            "READER_CONFIG": str(self.places.config),
            "XDG_STATE_HOME": str(base / "state"),
            "XDG_CACHE_HOME": str(base / "cache"),
        }
        self.cache = Cache(self.places)
        self.ids = self.cache.listing(parse(""), now=NOW)[:_RUNS]

    def command(self, *words: str) -> float:
        """Return milliseconds of processor time of a command."""
        running = subprocess.Popen(
            [sys.executable, "-m", "reader", *words],
            cwd=ROOT,
            env=self.variables,
            stdout=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        if running.returncode:
            raise SystemExit(f"{words} ended with {running.returncode}")
        return (usage.ru_utime + usage.ru_stime) * 1e3

    def mark(self, number: int) -> float:
        """Star an entry, or take its star, by the command line."""
        return self.command("mark", self.ids[number % 3].id, "--star" if number % 2 else "--unstar")

    def first_screen(self) -> float:
        """Return milliseconds until the app shows the first title."""
        return first_byte(["-m", "reader"], self.variables, FIRST.encode()) * 1e3

    def key_delays(self) -> tuple[list[float], float]:
        """Return the delays of keys while the app opens the library for writing, and its memory.

        In milliseconds and in megabytes.
        """
        delays: list[float] = []
        with started(["-m", "reader"], self.variables) as terminal:
            shown(terminal, FIRST.encode())
            begin = time.perf_counter()
            children = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()
            while time.perf_counter() - begin < 8:
                key = b"s" if len(delays) in (8, 9) else (b"j", b"k")[len(delays) % 2]
                delays.append(answered(terminal, key) * 1e3)
            memory = Path(f"/proc/{children[-1]}/statm").read_text("ascii").split()[1]
        return delays, int(memory) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _timed(job: Callable[[], object]) -> float:
    begin = time.process_time()
    job()
    return (time.process_time() - begin) * 1e3


def figures(libraries: Sequence[_Library]) -> Iterator[tuple[str, list[float]]]:
    """Yield each figure with its values in the libraries, medians of runs in turns."""

    def both(measure: Callable[[_Library, int], float]) -> list[float]:
        runs = [[measure(each, number) for each in libraries] for number in range(_RUNS)]
        return [statistics.median(values) for values in zip(*runs, strict=True)]

    yield "list, CPU ms", both(lambda each, _: each.command("list", "--limit", "50"))
    yield "mark ID, CPU ms", both(lambda each, number: each.mark(number))
    yield "first screen, ms", both(lambda each, _: each.first_screen())
    keys = [each.key_delays() for each in libraries]
    yield "key, median ms", [statistics.median(delays) for delays, _ in keys]
    yield "key, longest ms", [max(delays) for delays, _ in keys]
    yield (
        "app, bytes an entry",
        [memory * 1e6 / each.size for (_, memory), each in zip(keys, libraries, strict=True)],
    )
    for each in libraries:
        each.cache.preload(going_on=lambda: True)
    for text in FILTERS:
        yield f"filter {text or '(all)'}, CPU ms", both(partial(_filter, text=text))
    dice = random.Random(3)
    rare = vocabulary("en", 60_000, random.Random(7)).words[4_000:9_000]
    for count in (1, 2, 3):
        asked = [" ".join(dice.choices(rare, k=count)) for _ in range(_RUNS)]
        yield (
            f"search, {count} words, CPU ms",
            both(partial(_search, asked=asked)),
        )
    yield "longest wait of a thread while opening, ms", [_wait(each.places) for each in libraries]


def _filter(library: _Library, number: int, text: str) -> float:
    return _timed(lambda: library.cache.listing(parse(text), now=NOW)[:40])


def _search(library: _Library, number: int, asked: Sequence[str]) -> float:
    return _timed(lambda: library.cache.search(parse(asked[number]), now=NOW))


def _wait(places: Paths) -> float:
    from reader.services.workspace import Workspace
    from reader.settings import Settings

    with Workspace(places, Settings()) as workspace:
        watch = Watch()
        assert workspace.library
        return watch.stop() * 1e3


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--make", type=float, metavar="SECONDS", default=0.0)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    asked = parser.parse_args(argv)
    if asked.make:
        deadline = time.monotonic() + asked.make
        return int(sum(not make(asked.folder, size, deadline) for size in asked.sizes) > 0)
    libraries = [_Library(asked.folder, size) for size in asked.sizes]
    missed = 0
    print(f"{'entries':44}" + "".join(f"{size:>12,}" for size in asked.sizes) + "   times")
    for name, values in figures(libraries):
        times = values[-1] / values[0] if values[0] else 0.0
        is_missed = times > MAX_RATIO
        missed += is_missed
        shown_values = "".join(f"{value:12.1f}" for value in values)
        print(f"{name:44}{shown_values}  {times:6.2f}{'  over' * is_missed}", flush=True)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
