"""Many processes of the program at once, each forked from one that has loaded it already."""

import fcntl
import json
import os
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

ROOT = Path(__file__).parents[1]


def run_in_child(
    words: Sequence[str], variables: Mapping[str, str], size: tuple[int, int] | None = None
) -> NoReturn:
    """Become a program after a fork, its path first, in a terminal of this size; else exit.

    A child that returned into the tests, because Python was removed meanwhile, would run them again.
    """
    try:
        if size is not None:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        os.execve(words[0], list(words), variables)
    finally:
        os._exit(127)


class Forks:
    """Starts jobs in processes of their own; what they print comes as (number of the job, line)."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forking"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        self._ids: dict[int, int] = {}
        self._count = 0

    def start(self, job: str, *words: object) -> int:
        """Begin `links FOLDER FIRST LAST` or `reader WORDS…`; returns the number of the job."""
        self._count += 1
        self._send([self._count, job, *map(str, words)])
        return self._count

    def printed(self) -> tuple[int, str]:
        """The next line that any job prints; waits for it."""
        assert self._process.stdout is not None
        while line := self._process.stdout.readline():
            number, _, said = line.rstrip("\n").partition(" ")
            if not said.startswith("begins "):
                return int(number), said
            self._ids[int(number)] = int(said.split()[1])
        raise AssertionError("the process that forks is gone")

    def wait_begun(self, number: int) -> None:
        """Wait until a job runs; only for jobs that print nothing themselves."""
        assert self._process.stdout is not None
        while number not in self._ids:
            job, _, said = self._process.stdout.readline().rstrip("\n").partition(" ")
            self._ids[int(job)] = int(said.removeprefix("begins "))

    def kill(self, number: int) -> None:
        """End a job that has printed something, wherever it is now."""
        os.kill(self._ids[number], signal.SIGKILL)

    def rest(self) -> Iterator[tuple[int, str]]:
        """What all jobs print until they have ended, then `ended CODE` of each, negative if killed."""
        self._send([0, "wait"])
        while (said := self.printed()) != (0, "all"):
            yield said

    def _send(self, words: list[object]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number in self._ids if kind else ():
            with suppress(ProcessLookupError):
                self.kill(number)
        self._process.communicate()


def _say(number: int, words: str) -> None:
    """One write, so that lines of several processes do not mix."""
    os.write(1, f"{number} {words}\n".encode())


def _links(number: int, folder: str, first: str, last: str) -> int:
    from reader.library import Library
    from tests.library.libraries import link, places_in

    library = Library.open(places_in(Path(folder)), clock=time.time)
    for at in range(int(first), int(last)):
        (added,) = library.add([link(at)], step="added")
        _say(number, added.record.entry.id)
    return 0


def _reader(number: int, *words: str) -> int:
    from reader.__main__ import main

    sys.argv = ["reader", *words]
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return main()


_JOBS: dict[str, Callable[..., int]] = {"links": _links, "reader": _reader}


# What each process would import for itself.
_LOADED = ("reader.cli.main", "reader.cli.add", "reader.services.add", "tests.library.libraries")


def _serve() -> None:
    for module in _LOADED:
        import_module(module)
    begun: dict[int, int] = {}
    # Not by `readline` of a buffer that a child would inherit half read.
    for line in iter(sys.stdin.readline, ""):
        number, job, *words = json.loads(line)
        if job == "wait":
            for identity, each in begun.items():
                _say(each, f"ended {os.waitstatus_to_exitcode(os.waitpid(identity, 0)[1])}")
            begun.clear()
            _say(0, "all")
        elif identity := os.fork():
            begun[identity] = number
        else:
            code = 70
            try:
                _say(number, f"begins {os.getpid()}")
                code = _JOBS[job](number, *words)
            finally:
                os._exit(code)


if __name__ == "__main__":
    _serve()
