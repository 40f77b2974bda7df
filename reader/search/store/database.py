"""A disposable SQLite file that may disappear, break or be locked at any time.

Every thread has its own connection. A damaged, replaced or differently versioned file is abandoned
and created again, empty; the library provides its content. No job reads the new file before that.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final, TypeVar

from reader.model.errors import LibraryBusyError, LibraryError
from reader.search.store.schema import TABLES, VERSION

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

TIMEOUT: Final = 5.0
"""Seconds to wait for another writing process."""
_RETRY_INTERVAL: Final = 0.01
"""Seconds between two attempts to switch, which SQLite does not wait for itself."""
_PRAGMAS: Final = (
    "pragma synchronous = normal",
    "pragma temp_store = memory",
    "pragma cache_size = -16000",
)
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_DISK_ERRORS: Final = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
)

_CREATION_LOCK: Final = threading.Lock()
"""Prevents connections to a file while this process creates it."""

_Result = TypeVar("_Result")


class _OtherVersionError(Exception):
    """The file has tables of another version."""


class Database:
    """The SQLite file at `path`, or a temporary one if that cannot be written."""

    def __init__(self, path: Path, refill: Callable[[], object] | None = None):
        self.path = path
        self._refill = refill
        self._mine = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._generation = 0
        self._spare: TemporaryDirectory[str] | None = None
        self.filled: tuple[int, int] | None = None

    @property
    def is_temporary(self) -> bool:
        """Return whether the file's folder could not be written, so that nothing stays."""
        return self._spare is not None

    def run(self, job: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """Run the job and return its result; retry on an empty file after damage.

        Blocks on disk. Raises LibraryBusyError if another process writes for more than five seconds.
        """
        for last in (False, False, True):
            try:
                connection = self._connection()
                if self.filled is not None and self._file() != self.filled:
                    self._fill_again()
                    connection = self._connection()
                return job(connection)
            except _OtherVersionError:
                self.discard()
            except sqlite3.DatabaseError as error:
                self._recover(error, last)
        raise LibraryError("the cache cannot be used: delete the cache folder")

    def mark_filled(self) -> None:
        """Remember that the file has its content, so that another in its place is filled first."""
        self.filled = self._file()

    def _fill_again(self) -> None:
        """Fill the file that this thread has just opened, by jobs that see it as it is."""
        if self._refill is None or getattr(self._mine, "is_filling", False):
            return
        self._mine.is_filling = True
        try:
            self._refill()
        finally:
            self._mine.is_filling = False

    def _file(self) -> tuple[int, int] | None:
        """Return the generation and inode of the file that this thread has open."""
        held: tuple[int, int, sqlite3.Connection] | None = getattr(self._mine, "held", None)
        return None if held is None else held[:2]

    @contextmanager
    def transaction(self, connection: sqlite3.Connection) -> Iterator[None]:
        """Run the block as one transaction; roll back on any error."""
        connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            if connection.in_transaction:
                connection.execute("rollback")
            raise
        connection.execute("commit")

    @contextmanager
    def snapshot(self, connection: sqlite3.Connection) -> Iterator[None]:
        """One state of the file for all reads inside."""
        connection.execute("begin")
        try:
            yield
        finally:
            if connection.in_transaction:
                connection.execute("rollback")

    def close(self) -> None:
        """Close the connections of all threads, none of which may be in use."""
        with self._guard:
            for connection in self._opened:
                connection.close()
            self._opened.clear()
            self._generation += 1
        if self._spare is not None:
            self._spare.cleanup()
            self._spare = None

    def discard(self) -> None:
        """Abandon the file; the next use starts with an empty one."""
        with self._guard:
            self._generation += 1
        try:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        except OSError:
            if self._spare is None:
                self._use_temporary_file()

    def _recover(self, error: sqlite3.DatabaseError, last: bool) -> None:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code in _BUSY:
            raise LibraryBusyError("the cache is held by another process: try again") from error
        if code in _DISK_ERRORS and self._spare is None:
            self._use_temporary_file()
        elif code in _DAMAGED or "no such" in str(error):
            self.discard()
        else:
            last = True
        if last:
            raise LibraryError(f"the cache cannot be used: {error}: delete {self.path}") from error

    def _use_temporary_file(self) -> None:
        from tempfile import TemporaryDirectory

        try:
            self._spare = TemporaryDirectory(prefix="reader-")
        except OSError as error:
            raise LibraryError(f"no place for the cache: {error.strerror}") from error
        with self._guard:
            self.path = Path(self._spare.name) / self.path.name
            self._generation += 1

    def _connection(self) -> sqlite3.Connection:
        held: tuple[int, int, sqlite3.Connection] | None = getattr(self._mine, "held", None)
        with suppress(OSError):
            if held is not None and held[:2] == (self._generation, self.path.stat().st_ino):
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
        self._create_private_file()
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
        if _stored_version(connection) != VERSION:
            with self.transaction(connection):
                _create_tables(connection)
        return connection

    def _create_private_file(self) -> None:
        """Create the file with private permissions if it does not exist.

        An existing file is not opened: closing it would drop every lock that SQLite holds on it in this
        process, and other processes would remove the write-ahead log in use.
        """
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _CREATION_LOCK:
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            return
        except OSError as error:
            if self._spare is not None:
                raise LibraryError(f"no place for the cache: {error.strerror}") from error
            self._use_temporary_file()
            self._create_private_file()


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch the connection to write-ahead logging.

    SQLite does not wait for its lock here: when several connections open a new file at the same time,
    all but one fail immediately.
    """
    deadline = monotonic() + TIMEOUT
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _BUSY or monotonic() > deadline:
                raise
            sleep(_RETRY_INTERVAL)
        else:
            return


def _create_tables(connection: sqlite3.Connection) -> None:
    """Create the tables in an empty file, unless another process just did."""
    if _stored_version(connection) == VERSION:
        return
    if connection.execute("select count(*) from sqlite_master").fetchone()[0]:
        raise _OtherVersionError
    for statement in TABLES.split("\n\n"):
        connection.execute(statement)
    connection.execute(f"pragma user_version = {VERSION}")


def _stored_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])
