"""What opening costs, each figure out of a process of its own: `python -m … KIND FOLDER`."""

import gc
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tinydb import TinyDB

from reader.library import Library
from tests.bench.library.made import places_in

ROOT: Final = Path(__file__).parents[3]


def measured(kind: str, folder: Path, times: int = 3) -> float:
    """The median of this kind over fresh processes."""
    words = [sys.executable, "-m", "tests.bench.library.opening", kind, str(folder)]
    runs = (
        subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True)
        for _ in range(times)
    )
    return statistics.median(float(run.stdout) for run in runs)


def library(folder: Path) -> float:
    """Seconds until a library can be changed."""
    begin = time.perf_counter()
    opened = Library.open(places_in(folder))
    took = time.perf_counter() - begin
    opened.close()
    return took


def stock(folder: Path) -> float:
    """Seconds until TinyDB has opened the same documents from its own JSON."""
    begin = time.perf_counter()
    len(TinyDB(folder / "stock.json"))
    return time.perf_counter() - begin


def stock_mark(folder: Path) -> float:
    """Seconds in which TinyDB's own storage changes one document, after one change before."""
    base = TinyDB(folder / "stock.json")
    base.update({"archived": True}, doc_ids=[2])
    begin = time.perf_counter()
    base.update({"archived": True}, doc_ids=[1])
    return time.perf_counter() - begin


def memory(folder: Path) -> float:
    """Bytes resident after opening less those before."""
    gc.collect()
    before = _resident()
    opened = Library.open(places_in(folder))
    gc.collect()
    more = _resident() - before
    opened.close()
    return more


def wait(folder: Path) -> float:
    """The longest time in seconds that another thread got no turn while a library is opened."""
    watch = Watch()
    opened = Library.open(places_in(folder))
    waited = watch.stop()
    # Letting go of it takes its time too, and is no part of opening.
    opened.close()
    return waited


class Watch:
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
        """End it; the longest wait in seconds."""
        self._done.set()
        self._thread.join()
        return self._worst


def _resident() -> int:
    status = Path("/proc/self/statm").read_text(encoding="ascii")
    return int(status.split()[1]) * os.sysconf("SC_PAGE_SIZE")


_KINDS: Final[dict[str, Callable[[Path], float]]] = {
    each.__name__: each for each in (library, stock, stock_mark, memory, wait)
}

if __name__ == "__main__":
    print(_KINDS[sys.argv[1]](Path(sys.argv[2])))
