"""What a library costs, beside a raw append with fsync, SQLite and TinyDB's own storage."""

import argparse
import gc
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tinydb import TinyDB

from reader.library import Library
from reader.library.lines import Reading, read
from reader.model.change import Change
from reader.places import Places
from tests.bench.library.made import library


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table for each size; a figure and, where one was set, its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    for size in parser.parse_args(argv).sizes:
        with tempfile.TemporaryDirectory() as folder:
            places = library(Path(folder), size)
            print(f"{size} entries")
            for name, figure, limit in _figures(Path(folder), places):
                print(f"  {name:<58} {figure:>12}  {limit}")
    return 0


def _figures(folder: Path, places: Places) -> list[tuple[str, str, str]]:
    stock = folder / "stock.json"
    size = _as_stock(places, stock)
    gc.collect()
    before = _resident()
    opening, here = _opened(places)
    gc.collect()
    memory = (_resident() - before) / size
    rows = _marks(folder, places, here)
    whole, begin = _compacted(here, places, folder)
    here.close()
    gap = _waited(places)
    tiny, json_storage = _stock(stock)
    ratio = opening / tiny
    python, listed, marked = _processes(places)
    return [
        ("memory / JSON text of the entries", f"{memory:.2f}", "≤ 4.5"),
        ("open for writing, s", f"{opening:.2f}", ""),
        ("TinyDB opens the same from JSON, s", f"{tiny:.2f}", ""),
        ("open / TinyDB's open", f"{ratio:.2f}", "≤ 1.5"),
        ("longest wait of another thread while opening, ms", f"{gap * 1e3:.1f}", "≤ 20"),
        *rows,
        ("mark with JSONStorage, ms", f"{json_storage * 1e3:.0f}", ""),
        ("compaction: lock held, ms", f"{begin * 1e3:.2f}", "≤ 50"),
        ("compaction: longest mark or read meanwhile, ms", f"{whole * 1e3:.1f}", "≤ 50"),
        ("python -c pass, ms", f"{python * 1e3:.0f}", ""),
        ("reader list --limit 50 / python -c pass", f"{listed / python:.2f}", "≤ 3.5"),
        ("the same after a mark", f"{marked / python:.2f}", "≤ 3.5"),
    ]


def _as_stock(places: Places, stock: Path) -> int:
    """Write the same documents as TinyDB's JSON; returns the bytes of their texts."""
    documents: dict[str, dict[str, Any]] = {}
    (log,) = (places.home / "journal").glob("*.log")
    for line in read(log.read_bytes(), Reading()):
        if "i" in line:
            documents.setdefault(line["i"], {}).update(line["f"])
    rows = enumerate(documents.values(), 1)
    stock.write_text(json.dumps({"_default": {str(at): row for at, row in rows}}), "utf-8")
    return sum(
        len(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode())
        for row in documents.values()
    )


def _resident() -> int:
    status = Path("/proc/self/statm").read_text(encoding="ascii")
    return int(status.split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _opened(places: Places) -> tuple[float, Library]:
    begin = time.perf_counter()
    here = Library.open(places)
    return time.perf_counter() - begin, here


def _waited(places: Places) -> float:
    """The longest time that another thread was kept from its turn while a library is opened."""
    watch = _Watch()
    here = Library.open(places)
    waited = watch.stop()
    # Letting go of it takes its time too, and is no part of opening.
    here.close()
    return waited


class _Watch:
    """A thread that would run each millisecond, and notes how long it was kept from it."""

    def __init__(self) -> None:
        self._worst = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        last = time.perf_counter()
        while not self._done.wait(0.001):
            now = time.perf_counter()
            self._worst, last = max(self._worst, now - last), now

    def stop(self) -> float:
        self._done.set()
        self._thread.join()
        return self._worst


def _marks(folder: Path, places: Places, here: Library) -> list[tuple[str, str, str]]:
    """One record marked, in turns with an append of the same bytes and with SQLite."""
    raw = os.open(folder / "raw", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    base = sqlite3.connect(folder / "base.sqlite", isolation_level=None)
    base.execute("pragma journal_mode = wal")
    base.execute("pragma synchronous = full")
    base.execute("create table entries (id text primary key, archived integer)")
    names = [record.entry.id for record, _ in zip(here.records(), range(220), strict=False)]
    base.executemany("insert into entries values (?, 0)", [(name,) for name in names])
    times: dict[str, list[float]] = {"mark": [], "raw": [], "sqlite": []}
    content = b"0" * 95 + b"\n"

    def timed(kind: str, job: Callable[[], object]) -> None:
        begin = time.perf_counter()
        job()
        times[kind].append(time.perf_counter() - begin)

    def append() -> None:
        os.write(raw, content)
        os.fdatasync(raw)

    for name in names:
        change = Change(archived=not here.get(name).entry.archived)
        sql = "update entries set archived = 1 - archived where id = ?"
        timed("mark", lambda change=change, name=name: here.change({name: change}, step="marked"))  # type: ignore[misc]
        timed("raw", append)
        timed("sqlite", lambda name=name, sql=sql: base.execute(sql, (name,)))  # type: ignore[misc]
    os.close(raw)
    base.close()
    mark, plain, lite = (statistics.median(times[kind][20:]) for kind in times)
    return [
        ("mark one, durable, ms (median)", f"{mark * 1e3:.2f}", ""),
        ("raw append and fsync, ms (median)", f"{plain * 1e3:.2f}", ""),
        ("mark less raw, ms", f"{(mark - plain) * 1e3:.2f}", "≤ 0.4"),
        ("mark / SQLite WAL FULL", f"{mark / lite:.2f}", ""),
    ]


def _compacted(here: Library, places: Places, folder: Path) -> tuple[float, float]:
    """The longest mark or read while another process compacts, and how long the lock is held."""
    begin = time.perf_counter()
    begun = here.begin_generation(even_if_small=True)
    held = time.perf_counter() - begin
    if begun is None:
        return 0.0, held
    words = [str(places.home), begun[0], str(begun[1])]
    child = subprocess.Popen([sys.executable, "-m", "reader.library", *words])
    names = [record.entry.id for record, _ in zip(here.records(), range(50), strict=False)]
    worst, at = 0.0, 0
    while child.poll() is None:
        name = names[at % len(names)]
        change = Change(starred=not here.get(name).entry.starred)
        start = time.perf_counter()
        here.change({name: change}, step=None)
        worst = max(worst, time.perf_counter() - start)
        at += 1
        time.sleep(0.02)
    return worst, held


def _stock(stock: Path) -> tuple[float, float]:
    """Seconds in which TinyDB opens its JSON, and in which it marks one."""
    gc.collect()
    begin = time.perf_counter()
    base = TinyDB(stock)
    len(base)
    opening = time.perf_counter() - begin
    begin = time.perf_counter()
    base.update({"archived": True}, doc_ids=[1])
    return opening, time.perf_counter() - begin


def _processes(places: Places) -> tuple[float, float, float]:
    """Seconds of `python -c pass`, of a list, and of a list after a mark: medians of seven."""
    environ = os.environ | {
        "READER_HOME": str(places.home),
        "READER_CONFIG": str(places.config),
        "XDG_STATE_HOME": str(places.state),
        "XDG_CACHE_HOME": str(places.cache),
    }
    listing = [sys.executable, "-m", "reader", "list", "--limit", "50"]

    def run(words: list[str]) -> tuple[float, str]:
        begin = time.perf_counter()
        done = subprocess.run(words, env=environ, check=True, capture_output=True, text=True)
        return time.perf_counter() - begin, done.stdout

    run(listing)
    shown = json.loads(run([*listing, "--json"])[1])
    python, listed, marked = [], [], []
    for row in shown[:7]:
        python.append(run([sys.executable, "-c", "pass"])[0])
        listed.append(run(listing)[0])
        run([sys.executable, "-m", "reader", "mark", row["id"], "--star"])
        marked.append(run(listing)[0])
    return statistics.median(python), statistics.median(listed), statistics.median(marked)


if __name__ == "__main__":
    raise SystemExit(main())
