"""`python -m tests.bench.library.shell [--rows N] [--beside CHECKOUT]`: single changes from the shell.

Each command is a process of its own, measured by processor time in turns: in a library of N links, in
one of 100, with another checkout in its libraries of the same sizes, and beside the `sqlite3` shell
with one durable update. Then the import, the first list after it, and a cache filled from nothing.
Exit code 1 if a limit is missed.
"""

import argparse
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.bench.library.bulk import ROOT, Checkout, write_rows
from tests.bench.table import Figure, listed

SMALL: Final = 100
ROUNDS: Final = 5
MAX_GROWTH: Final = 1.5
MAX_SHARE: Final = 0.1
"""Of the processor time of the build before."""
MAX_IMPORT, MAX_FILLING = 0.5, 0.25
"""Shares of the build before."""
COMMANDS: Final = (
    ("mark", "mark {id} --{archive}"),
    ("tag", "tag {id} {sign}seen"),
    ("undo", "undo"),
    ("add", "add --later https://example.org/{number}"),
    ("rm", "rm {id}"),
    ("restore", "restore {id}"),
)


@dataclass
class SizedLibrary:
    """One library of one build, and what its commands took, in seconds, by name."""

    build: str
    rows: int
    checkout: Checkout
    entry: str = ""
    times: dict[str, list[float]] = field(default_factory=dict)

    def run(self, name: str, command: str, number: int) -> None:
        """Run a command and note its time."""
        words = command.format(
            id=self.entry,
            archive="unarchive" if number % 2 else "archive",
            sign="-" if number % 2 else "+",
            number=number,
        )
        self.times.setdefault(name, []).append(self.checkout.run(words.split()).seconds)

    def median(self, name: str) -> float:
        return statistics.median(self.times[name])


def prepare(folder: Path, rows: int, other: Path | None) -> list[SizedLibrary]:
    """Import `rows` and 100 links with each build; note the times of import and first list."""
    builds = [("here", ROOT, sys.executable)]
    if other is not None:
        builds.append(("before", other, str(other / ".venv" / "bin" / "python")))
    libraries: list[SizedLibrary] = []
    for size in (SMALL, rows):
        file = folder / f"{size}.csv"
        write_rows(file, size)
        for build, root, python in builds:
            # The first run of a checkout writes its bytecode.
            checkout = Checkout(
                root, python, folder / f"{build}{size}", ["env", "-u", "PYTHONDONTWRITEBYTECODE"]
            )
            sized = SizedLibrary(build, size, checkout)
            sized.run("import", f"import {file}", 0)
            sized.run("first list", "list --limit 50", 0)
            shutil.rmtree(checkout.folders["XDG_CACHE_HOME"])
            sized.run("filling", "list --limit 50", 0)
            sized.entry = checkout.first_id()
            sized.run("warm", "mark {id} --star", 0)
            libraries.append(sized)
    return libraries


def sqlite_shell(folder: Path) -> float | None:
    """Return the processor time of the `sqlite3` shell for one durable update; None without it."""
    shell = shutil.which("sqlite3")
    if shell is None:
        return None
    file = folder / "plain.sqlite"
    if not file.exists():
        with sqlite3.connect(file) as base:
            base.execute("create table entries (id integer primary key, archived integer)")
            base.execute("insert into entries values (1, 0)")
    return _processor_time(
        [shell, str(file), "pragma synchronous = full; update entries set archived = 1 - archived"]
    )


def _processor_time(words: Sequence[str]) -> float:

    running = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def figures(folder: Path, rows: int, other: Path | None) -> Iterator[Figure]:
    libraries = prepare(folder, rows, other)
    python, shell = [], []
    for number in range(ROUNDS):
        python.append(_processor_time([sys.executable, "-c", "pass"]))
        shell.append(sqlite_shell(folder))
        for name, command in COMMANDS:
            for sized in libraries:
                sized.run(name, command, number)
    found = {(sized.build, sized.rows): sized for sized in libraries}
    small, here, before = found["here", SMALL], found["here", rows], found.get(("before", rows))
    yield Figure("python -c pass, ms of processor time", statistics.median(python) * 1e3)
    lite = [each for each in shell if each is not None]
    if lite:
        yield Figure("sqlite3 shell, one durable update, ms", statistics.median(lite) * 1e3)
        yield Figure("mark / sqlite3 shell", here.median("mark") / statistics.median(lite))
    for name, _ in COMMANDS:
        yield Figure(f"{name}, ms", here.median(name) * 1e3)
        yield Figure(
            f"{name} / {name} at {SMALL}", here.median(name) / small.median(name), MAX_GROWTH
        )
        if before is not None:
            yield Figure(f"{name} / before", here.median(name) / before.median(name), MAX_SHARE)
    for name, limit in (("import", MAX_IMPORT), ("first list", None), ("filling", MAX_FILLING)):
        yield Figure(f"{name}, s", here.median(name))
        if before is not None:
            yield Figure(f"{name} / before", here.median(name) / before.median(name), limit)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--beside", type=Path, help="a checkout to compare with, with its .venv")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        return 0 if listed(figures(Path(folder), arguments.rows, arguments.beside)) else 1


if __name__ == "__main__":
    sys.exit(main())
