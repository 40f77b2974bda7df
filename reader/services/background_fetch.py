"""Fetch saved links soon, in a child process that ends when they are done.

Fetching needs the HTTP client and, to recognise known articles, the whole library: a server that
runs for weeks must not keep either in memory. A link that is not fetched stays queued.
"""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Final

from reader import paths, settings
from reader.model.entry import EntryId
from reader.model.errors import LibraryBusyError, ReaderError
from reader.services.workspace import Workspace

MAX_BATCH: Final = 50
"""Links of one child: their ids are its arguments, and the next batch sees what was fetched."""
BUSY_DELAY: Final = 5.0
"""Seconds after which links are tried again if another reader is fetching."""
MAX_TRIES: Final = 24
"""Tries while another reader is fetching: two minutes."""
TIMEOUT: Final = 900.0
"""Seconds for a batch of 50 links, of which eight are fetched at once."""
_EXIT_BUSY: Final = 75
"""Exit status of a child while another reader is fetching: EX_TEMPFAIL of sysexits.h."""


class BackgroundFetch:
    """A queue of links with one thread, which starts with the first link; safe from any thread."""

    def __init__(self, run: Callable[[Sequence[EntryId]], bool] | None = None):
        """`run` fetches the links and returns whether it could; by default in a child process."""
        self._run = run or self._run_child
        self._queued: dict[EntryId, int] = {}
        self._condition = threading.Condition()
        self._thread: threading.Thread | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._is_closed = False

    def request(self, entry_id: EntryId) -> None:
        """Fetch the link's page soon. Returns at once."""
        with self._condition:
            if self._is_closed:
                return
            self._queued.setdefault(entry_id, 0)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="fetch", daemon=True)
                self._thread.start()
            self._condition.notify()

    def close(self) -> None:
        """Stop; links that are not fetched yet stay queued in the library."""
        with self._condition:
            self._is_closed = True
            child, thread = self._child, self._thread
            self._condition.notify()
        if child is not None:
            with contextlib.suppress(OSError):
                child.terminate()
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._queued or self._is_closed)
                if self._is_closed:
                    return
                batch = dict(list(self._queued.items())[:MAX_BATCH])
                for entry_id in batch:
                    del self._queued[entry_id]
            if self._run(list(batch)):
                continue
            with self._condition:
                for entry_id, tries in batch.items():
                    if tries < MAX_TRIES:
                        self._queued.setdefault(entry_id, tries + 1)
                self._condition.wait_for(lambda: self._is_closed, BUSY_DELAY)

    def _run_child(self, ids: Sequence[EntryId]) -> bool:
        command = [sys.executable, "-m", "reader.services.background_fetch", *ids]
        with self._condition:
            if self._is_closed:
                return True
            try:
                self._child = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )  # fmt: skip
            except OSError:
                return False
        child = self._child
        try:
            return child.wait(TIMEOUT) != _EXIT_BUSY
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            return True
        finally:
            self._child = None


def main(ids: Sequence[EntryId]) -> int:
    """Fetch the links of these ids and save them; return the exit code of the child."""
    from reader.services.fetch_queue import process_queue

    found = paths.find()
    with Workspace(found, settings.load(found.config)) as workspace:
        try:
            process_queue(workspace, only=ids)
        except LibraryBusyError:
            return _EXIT_BUSY
        except ReaderError:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main([EntryId(each) for each in sys.argv[1:]]))
