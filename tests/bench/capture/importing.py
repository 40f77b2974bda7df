"""How long a large Pocket export takes to come in, beside reading it and writing it as JSON.

    python -m tests.bench.capture.importing [--rows N]

Whole processes, less `python -c pass`; the shortest of three. Memory is what importing the rows
adds to importing one. In the end an import is killed half-way and run again. Exit 1 where a limit
is missed, or a row is not there exactly once.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ASKED_TIMES = 20.0
ASKED_MEMORY = 100.0
"""Megabytes."""
STOCK = """
import csv, json, os, sys
with open(sys.argv[1], newline="", encoding="utf-8") as stream:
    rows = list(csv.DictReader(stream))
with open(sys.argv[2], "w", encoding="utf-8") as stream:
    json.dump(rows, stream)
    stream.flush()
    os.fsync(stream.fileno())
"""


def export(path: Path, rows: int) -> None:
    """A Pocket CSV: titles of a usual length, every third row with tags, every fifth archived."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["title", "url", "time_added", "tags", "status"])
        for number in range(rows):
            table.writerow(
                [
                    f"What was learned about harbours, tides and the {number} ways between them",
                    f"https://site{number % 997}.example/2021/0{number % 9 + 1}/article-{number}?utm_source=pocket",
                    1_500_000_000 + number * 4_001,
                    f"tag{number % 40}|reading" if number % 3 == 0 else "",
                    "archive" if number % 5 == 0 else "unread",
                ]
            )


def variables(home: Path) -> dict[str, str]:
    names = {"XDG_STATE_HOME": "state", "XDG_CACHE_HOME": "cache", "XDG_CONFIG_HOME": "config"}
    folders = {name: str(home / folder) for name, folder in names.items()}
    return {**os.environ, **folders, "READER_HOME": str(home / "library")}


def measured(words: Sequence[str], home: Path) -> tuple[float, float]:
    """Seconds, and the most megabytes that the process held."""
    began = time.perf_counter()
    running = subprocess.Popen(
        [sys.executable, *words],
        env=variables(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise SystemExit(f"{words[0]} ended with {running.returncode}")
    peak = usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
    return time.perf_counter() - began, peak


def once_each(home: Path, rows: int) -> bool:
    """Whether every row is in the library, and nothing else."""
    from reader.library import Library
    from reader.paths import find

    library = Library.open(find(variables(home)))
    numbers = sorted(
        int((record.entry.url or "").rpartition("-")[2]) for record in library.records()
    )
    return numbers == list(range(rows))


def killed_half_way(file: Path, home: Path, seconds: float) -> None:
    """Kill an import after half of its time, and run it to its end."""
    words = ["-m", "reader", "import", str(file)]
    running = subprocess.Popen(
        [sys.executable, *words],
        env=variables(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(seconds / 2)
    running.kill()
    running.wait()
    measured(words, home)


def run(rows: int, folder: Path) -> int:
    file, one = folder / "part_000000.csv", folder / "one.csv"
    export(file, rows)
    export(one, 1)
    empty, stock, ours, few = [], [], [], []
    for turn in range(3):
        empty.append(measured(["-c", "pass"], folder)[0])
        stock.append(measured(["-c", STOCK, str(file), str(folder / "rows.json")], folder)[0])
        ours.append(measured(["-m", "reader", "import", str(file)], folder / f"home{turn}"))
        few.append(measured(["-m", "reader", "import", str(one)], folder / f"few{turn}")[1])
    seconds = min(time for time, _ in ours)
    times = (seconds - min(empty)) / (min(stock) - min(empty))
    memory = min(peak for _, peak in ours) - min(few)
    print(f"import: {rows} rows in {seconds:.2f} s: {rows / seconds:.0f} rows/s")
    print(f"csv, json and one fsync: {times:.1f} times (asked: {ASKED_TIMES:g})")
    print(f"memory: {memory:.0f} MB more than for one row (asked: {ASKED_MEMORY:g})")
    killed = folder / "killed"
    killed_half_way(file, killed, seconds)
    whole = once_each(folder / "home0", rows) and once_each(killed, rows)
    print(f"killed half-way and run again: {'each row once' if whole else 'WRONG'}")
    return int(not (whole and times <= ASKED_TIMES and memory <= ASKED_MEMORY))


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    with tempfile.TemporaryDirectory() as folder:
        return run(parser.parse_args(argv).rows, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
