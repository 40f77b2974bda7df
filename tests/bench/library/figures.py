"""What a library costs at one size, beside a raw append with fsync, SQLite and TinyDB's own storage."""

import gc
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from reader.library import Library
from reader.library.journal_codec import decode_file
from reader.model.change import Change
from reader.model.entry import EntryId
from reader.paths import Paths
from tests.bench.library.made import library
from tests.bench.library.opening import measured
from tests.bench.table import Figure

_MARKS: Final = 320
_WARM: Final = 20


def figures(folder: Path, size: int, smallest: list[Library]) -> Iterator[Figure]:
    """Every figure of a library of this size, made in `folder`.

    `smallest` holds the libraries before, and gains this one where it is the first: a mark in it
    is measured in turns with marks here.
    """
    places = library(folder, size)
    text = _as_stock(places, folder / "stock.json")
    yield Figure("memory / JSON text of the entries", measured("memory", folder) / text, 4.5)
    opening, stock = measured("library", folder), measured("stock", folder)
    yield Figure("open for writing, s", opening)
    yield Figure("TinyDB opens the same from JSON, s", stock)
    yield Figure("open / TinyDB's open", opening / stock, 1.5)
    wait = measured("wait", folder)
    yield Figure("longest wait of another thread while opening, ms", wait * 1e3, 20)
    here = Library.open(places)
    smallest.append(here)
    mark, small, raw, lite = _marks(folder, places, here, smallest[0])
    stock_mark = measured("stock_mark", folder)
    yield Figure("mark one, durable, ms", mark * 1e3)
    yield Figure("raw append and fsync of the same bytes, ms", raw * 1e3)
    yield Figure("SQLite WAL, synchronous=FULL, ms", lite * 1e3)
    yield Figure("TinyDB's JSONStorage, ms", stock_mark * 1e3)
    yield Figure("mark less raw, ms", (mark - raw) * 1e3, 0.4)
    yield Figure("JSONStorage / mark", stock_mark / mark, 100, least=True)
    yield Figure("mark / SQLite", mark / lite)
    yield Figure("mark / mark at the smallest size", mark / small, 1.2)
    held, longest = _compacted(here, places)
    yield Figure("compaction holds the lock, ms", held * 1e3, 50)
    yield Figure("longest mark or read while another process compacts, ms", longest * 1e3, 50)
    python, listed, marked = _processes(places)
    yield Figure("python -c pass, ms", python * 1e3)
    yield Figure("reader list --limit 50 / python -c pass", listed / python, 3.5)
    yield Figure("the same after a mark", marked / python, 3.5)


def _as_stock(places: Paths, stock: Path) -> int:
    """Write the same documents as TinyDB's JSON; returns the bytes of their texts."""
    documents: dict[str, dict[str, Any]] = {}
    (log,) = (places.home / "journal").glob("*.log")
    for line in decode_file(log.read_bytes()):
        if "i" in line:
            documents.setdefault(line["i"], {}).update(line["f"])
    rows = enumerate(documents.values(), 1)
    stock.write_text(json.dumps({"_default": {str(at): row for at, row in rows}}), "utf-8")
    return sum(
        len(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode())
        for row in documents.values()
    )


def _marks(
    folder: Path, places: Paths, here: Library, smallest: Library
) -> tuple[float, float, float, float]:
    """Seconds for a mark here, one in the smallest library, an append of the same bytes, SQLite.

    Medians, measured in turns: the machine is faster in one minute than in the next.
    """
    raw = os.open(folder / "raw", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    base = sqlite3.connect(folder / "base.sqlite", isolation_level=None)
    base.execute("pragma journal_mode = wal")
    base.execute("pragma synchronous = full")
    base.execute("create table entries (id text primary key, archived integer)")
    names = [record.entry.id for record in islice(here.records(), _MARKS)]
    others = [record.entry.id for record in islice(smallest.records(), _MARKS)]
    base.executemany("insert into entries values (?, 0)", [(name,) for name in names])
    sql = "update entries set archived = 1 - archived where id = ?"
    (log,) = (places.home / "journal").glob("*.log")
    times: tuple[list[float], ...] = ([], [], [], [])

    def timed(kept: list[float], job: Callable[[], object]) -> None:
        begin = time.perf_counter()
        job()
        kept.append(time.perf_counter() - begin)

    def append(content: bytes) -> None:
        os.write(raw, content)
        os.fdatasync(raw)

    gc.collect()

    def mark(library: Library, name: EntryId, kept: list[float]) -> None:
        change = Change(archived=not library.get(name).entry.archived)
        timed(kept, lambda: library.change({name: change}, step="marked"))

    for name, other in zip(names, others, strict=True):
        before = log.stat().st_size
        mark(here, name, times[0])
        content = b"0" * (log.stat().st_size - before)
        timed(times[2], lambda content=content: append(content))  # type: ignore[misc]
        mark(smallest, other, times[1])
        timed(times[3], lambda name=name: base.execute(sql, (name,)))  # type: ignore[misc]
    os.close(raw)
    base.close()
    marked, small, plain, lite = (statistics.median(kept[_WARM:]) for kept in times)
    return marked, small, plain, lite


def _compacted(here: Library, places: Paths) -> tuple[float, float]:
    """How long the lock is held, and the longest mark or read while another process compacts."""
    begin = time.perf_counter()
    begun = here.start_generation(even_if_small=True)
    held = time.perf_counter() - begin
    if begun is None:
        raise AssertionError("nothing to compact")
    words = [str(places.home), begun[0], str(begun[1])]
    child = subprocess.Popen([sys.executable, "-m", "reader.library", *words])
    names = [record.entry.id for record in islice(here.records(), 50)]
    longest, at = 0.0, 0
    while child.poll() is None:
        name = names[at % len(names)]
        begin = time.perf_counter()
        starred = here.get(name).entry.starred
        here.change({name: Change(starred=not starred)}, step=None)
        here.refresh()
        longest = max(longest, time.perf_counter() - begin)
        at += 1
        time.sleep(0.02)
    if child.returncode:
        raise AssertionError("compaction failed")
    return held, longest


def _processes(places: Paths) -> tuple[float, float, float]:
    """Seconds of `python -c pass`, of a list, and of a list after a mark: medians, in turns."""
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
    for row in shown[:9]:
        python.append(run([sys.executable, "-c", "pass"])[0])
        listed.append(run(listing)[0])
        run([sys.executable, "-m", "reader", "mark", row["id"], "--star"])
        marked.append(run(listing)[0])
    return statistics.median(python), statistics.median(listed), statistics.median(marked)
