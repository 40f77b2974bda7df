"""`python -m tests.bench.library.bulk [--rows N] [--beside CHECKOUT]`: bulk commands, by processor time.

A CSV of links is imported, changed in bulk, deleted, purged and imported again, each command in a
process of its own. With another checkout, which has its own `.venv`, every command runs in both, in
turns; 1 if one misses its limit of speed, takes more than half of the memory, or if in the end the
state folder is larger than the library.
"""

import argparse
import csv
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
MIN_SPEEDUP: Final = 5.0
MAX_MEMORY: Final = 0.5
COMMANDS: Final = (
    ("import", "import {file}"),
    ("list, the cache is filled", "list --limit 1"),
    ("list, from nothing", "list --limit 1"),
    ("mark ID", "mark {id} --star"),
    ("mark --query, two thirds", "mark --query -tag:reading --read --yes"),
    ("undo of it", "undo"),
    ("tags rename, 2.7 %", "tags rename seldom rarely"),
    ("undo of it", "undo"),
    ("second import, all known", "import {file}"),
    ("rm --query, all", "rm --query words:<1 --yes"),
    ("undo of it", "undo"),
    ("rm --query, again", "rm --query words:<1 --yes"),
    ("trash --empty", "trash --empty --yes"),
    ("second import, all purged", "import {file}"),
    ("undo of it", "undo"),
    ("doctor", "doctor"),
)
_SHORT: Final = (*COMMANDS[:3], *COMMANDS[4:10], *COMMANDS[12:14])
"""The commands that have limits, each once, and those before them."""
_FROM_NOTHING: Final = "list, from nothing"
"""The command before which the cache is deleted."""
REQUIRED: Final = {
    "import": 2.0,
    _FROM_NOTHING: 4.0,
    **dict.fromkeys(
        ("mark --query", "undo", "tags rename", "second import", "rm", "trash"), MIN_SPEEDUP
    ),
}
"""By the beginnings of the names of commands, how many times as fast they are asked to be.

Those with `MIN_SPEEDUP` have the limit of memory, too.
"""


@dataclass(slots=True)
class Measured:
    """Processor seconds and peak memory in megabytes of one command."""

    seconds: float
    memory: float


def write_rows(path: Path, rows: int) -> None:
    """Write a CSV of links: every third has two tags, and some a rare one."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["title", "url", "time_added", "tags", "status"])
        for number in range(rows):
            tags = [f"tag{number % 40}", "reading"] if number % 3 == 0 else []
            # Two in 75 rows.
            tags += ["seldom"] if number % 75 in (1, 38) else []
            address = f"https://site{number % 997}.example/2021/0{number % 9 + 1}/article-{number}"
            title = f"What was learned about harbours, tides and the {number} ways between them"
            table.writerow([title, address, 1_500_000_000 + number * 4_001, "|".join(tags), ""])


class Checkout:
    """One build of the program, with a library of its own."""

    def __init__(self, root: Path, python: str, home: Path, prefix: Sequence[str]):
        self._root = root
        self._words = [*prefix, python, "-m", "reader"]
        names = {"XDG_STATE_HOME": "state", "XDG_CACHE_HOME": "cache", "XDG_CONFIG_HOME": "config"}
        self.folders = {name: home / folder for name, folder in names.items()}
        self.home = home / "library"
        folders = {name: str(folder) for name, folder in self.folders.items()}
        self._variables = {**os.environ, **folders, "READER_HOME": str(self.home)}
        # An installed program has its compiled modules, and so has each checkout from its first run.
        self._variables.pop("PYTHONDONTWRITEBYTECODE", None)

    def run(self, words: Sequence[str]) -> Measured:
        """Run a command; return its cost. Exits where the command fails."""
        running = subprocess.Popen(
            [*self._words, *words],
            cwd=self._root,
            env=self._variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        assert running.stderr is not None
        message = running.stderr.read()
        running.stderr.close()
        _, status, usage = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        if running.returncode not in (0, 1) or b"bug in reader" in message:
            raise SystemExit(f"{words} ended with {running.returncode}: {message.decode()[-500:]}")
        peak = usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
        return Measured(usage.ru_utime + usage.ru_stime, peak)

    def first_id(self) -> str:
        """Return the id of one entry."""
        words = [*self._words, "list", "--limit", "1", "--json"]
        done = subprocess.run(
            words, cwd=self._root, env=self._variables, check=True, capture_output=True, text=True
        )
        return done.stdout.partition('"id": "')[2][:12]

    def sizes(self) -> dict[str, float]:
        """Return the megabytes of library, state folder, its parts, and cache."""
        state = self.folders["XDG_STATE_HOME"]
        return {
            "library": _size_of(self.home),
            "state": _size_of(state),
            "backups": _size_of(state, "journals-*"),
            "copies of recent lines": _size_of(state, "*.since"),
            "steps of undo": _size_of(state, "steps.log"),
            "cache": _size_of(self.folders["XDG_CACHE_HOME"]),
        }


def _size_of(folder: Path, names: str = "*") -> float:
    return sum(path.stat().st_size for path in folder.rglob(names) if path.is_file()) / 1e6


def run(
    rows: int,
    other: Path | None,
    prefix: Sequence[str],
    folder: Path,
    commands: Sequence[tuple[str, str]] = COMMANDS,
) -> int:
    """Run all commands; return the exit code."""
    file = folder / "links.csv"
    write_rows(file, rows)
    checkouts = [Checkout(ROOT, sys.executable, folder / "here", prefix)]
    if other is not None:
        python = str(other / ".venv" / "bin" / "python")
        checkouts.append(Checkout(other, python, folder / "beside", prefix))
    missed = 0
    heads = "s" if other is None else "s   before    times   memory   before   share"
    print(f"{rows} rows{'':20} {heads}", flush=True)
    for name, command in commands:
        costs: list[Measured] = []
        for checkout in checkouts:
            names = {"{file}": str(file)}
            if name == _FROM_NOTHING:
                shutil.rmtree(checkout.folders["XDG_CACHE_HOME"])
            if "{id}" in command:
                names["{id}"] = checkout.first_id()
            costs.append(checkout.run([names.get(word, word) for word in shlex.split(command)]))
        line = f"{name:28} {costs[0].seconds:7.2f}"
        if other is None:
            line += f"   {costs[0].memory:6.0f} MB"
        else:
            faster, share = costs[1].seconds / costs[0].seconds, costs[0].memory / costs[1].memory
            asked = next((REQUIRED[each] for each in REQUIRED if name.startswith(each)), 0.0)
            is_missed = faster < asked or (asked == MIN_SPEEDUP and share > MAX_MEMORY)
            missed += is_missed
            line += f"  {costs[1].seconds:7.2f}  {faster:6.1f}   {costs[0].memory:5.0f} MB {costs[1].memory:5.0f} MB"
            line += f"    {share:.2f}{'  MISSED' * is_missed}"
        print(line, flush=True)
    for number, checkout in enumerate(checkouts):
        sizes = checkout.sizes()
        is_missed = not number and sizes["state"] > sizes["library"]
        missed += is_missed
        parts = ", ".join(f"{name} {size:.0f} MB" for name, size in sizes.items())
        print(parts + "  MISSED" * is_missed)
    return int(missed > 0)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--beside", type=Path, help="a checkout to compare with")
    parser.add_argument("--short", action="store_true", help="only what has limits, and before")
    parser.add_argument("--prefix", default="", help="words before each command, such as nice")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        prefix = shlex.split(arguments.prefix)
        commands = _SHORT if arguments.short else COMMANDS
        return run(arguments.rows, arguments.beside, prefix, Path(folder), commands)


if __name__ == "__main__":
    sys.exit(main())
