"""One SQLite file that may vanish, break or be locked at any time without anyone's loss.

Every thread has its own connection. A file that is damaged, of another version or replaced by
another process is left behind and made anew, empty: what it held comes again from the library.
"""

import os
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Final, TypeVar

from reader.model.errors import LibraryBusyError, LibraryError
from reader.search.store.schema import TABLES, VERSION

TIMEOUT: Final = 5.0
"""Seconds to wait for another process that writes."""
_BREATH: Final = 0.01
_PRAGMAS: Final = (
    "pragma synchronous = normal",
    "pragma temp_store = memory",
    "pragma cache_size = -16000",
)
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_NO_DISK: Final = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
)

_MAKING: Final = threading.Lock()
"""Nobody in this process connects to a file between its making and the end of that."""

_Result = TypeVar("_Result")


class _OtherVersion(Exception):
    """The file has tables, but not those of this version."""


class Database:
    """The file at `path`, or one in a temporary folder where that cannot be written."""

    def __init__(self, path: Path):
        self.path = path
        self._mine = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._generation = 0
        self._spare: tempfile.TemporaryDirectory[str] | None = None

    def run(self, job: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """What the job returns, run once more on an empty file if this one proved damaged.

        Blocks on disk. Raises LibraryBusy where another process writes for over five seconds.
        """
        for last in (False, False, True):
            try:
                return job(self._connection())
            except _OtherVersion:
                self.discard()
            except sqlite3.DatabaseError as error:
                self._recover(error, last)
        raise LibraryError("the cache cannot be used: delete the cache folder")

    @contextmanager
    def transaction(self, connection: sqlite3.Connection) -> Iterator[None]:
        """One transaction: all of it, or nothing where an error leaves the block."""
        connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            if connection.in_transaction:
                connection.execute("rollback")
            raise
        connection.execute("commit")

    def close(self) -> None:
        """Close the connections of all threads; none of them may be at work."""
        with self._guard:
            for connection in self._opened:
                connection.close()
            self._opened.clear()
            self._generation += 1
        if self._spare is not None:
            self._spare.cleanup()
            self._spare = None

    def discard(self) -> None:
        """Leave the file behind; the next use begins with an empty one."""
        with self._guard:
            self._generation += 1
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    def _recover(self, error: sqlite3.DatabaseError, last: bool) -> None:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code in _BUSY:
            raise LibraryBusyError("the cache is held by another process: try again") from error
        if code in _NO_DISK and self._spare is None:
            self._move_aside()
        elif code in _DAMAGED or "no such" in str(error):
            self.discard()
        else:
            last = True
        if last:
            raise LibraryError(f"the cache cannot be used: {error}: delete {self.path}") from error

    def _move_aside(self) -> None:
        try:
            self._spare = tempfile.TemporaryDirectory(prefix="reader-")
        except OSError as error:
            raise LibraryError(f"no place for the cache: {error.strerror}") from error
        with self._guard:
            self.path = Path(self._spare.name) / self.path.name
            self._generation += 1

    def _connection(self) -> sqlite3.Connection:
        held: tuple[int, int, sqlite3.Connection] | None = getattr(self._mine, "held", None)
        if held is not None and held[0] == self._generation and held[1] == self._inode():
            return held[2]
        connection = self._open()
        self._mine.held = (self._generation, self._inode(), connection)
        return connection

    def _inode(self) -> int:
        try:
            return self.path.stat().st_ino
        except OSError:
            return -1

    def _open(self) -> sqlite3.Connection:
        self._make_private()
        connection = sqlite3.connect(
            self.path,
            timeout=TIMEOUT,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        with self._guard:
            self._opened.append(connection)
        _use_wal(connection)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        if _version(connection) != VERSION:
            with self.transaction(connection):
                _lay_out(connection)
        return connection

    def _make_private(self) -> None:
        """Make the file where there is none, for nobody else to read.

        A file that is there is not opened: closing it would let go of every lock that SQLite holds
        on it in this process, and other processes would clear away the log that is being read.
        """
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _MAKING:
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            return
        except OSError as error:
            if self._spare is not None:
                raise LibraryError(f"no place for the cache: {error.strerror}") from error
            self._move_aside()
            self._make_private()


def _use_wal(connection: sqlite3.Connection) -> None:
    """Write beside the file from now on.

    SQLite does not wait for its lock here: of several that open a new file at once, all but one
    are refused at once.
    """
    deadline = monotonic() + TIMEOUT
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _BUSY or monotonic() > deadline:
                raise
            sleep(_BREATH)
        else:
            return


def _lay_out(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty file, unless another process just has."""
    if _version(connection) == VERSION:
        return
    if connection.execute("select count(*) from sqlite_master").fetchone()[0]:
        raise _OtherVersion
    for statement in TABLES.split("\n\n"):
        connection.execute(statement)
    connection.execute(f"pragma user_version = {VERSION}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])
