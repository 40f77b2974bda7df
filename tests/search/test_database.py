"""The file under the cache, with other threads and other processes at work on it."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reader.search.store.database import Database

OTHER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("select 1 from facts").fetchall()
connection.close()
"""


def written(connection: sqlite3.Connection) -> None:
    connection.execute("insert into unindexed values (1)")


def test_another_process_does_not_clear_away_the_log_that_is_read(tmp_path: Path) -> None:
    """It does where it takes itself for the last one, since nobody else holds a lock on the file."""
    database = Database(tmp_path / "cache.sqlite")
    database.run(written)
    with ThreadPoolExecutor(1) as threads:
        threads.submit(database.run, lambda connection: connection.total_changes).result()
    log = Path(f"{database.path}-wal")
    before = log.stat().st_ino
    subprocess.run([sys.executable, "-c", OTHER, database.path], check=True)
    assert log.stat().st_ino == before
    database.close()


def test_the_file_is_for_nobody_else_to_read(tmp_path: Path) -> None:
    database = Database(tmp_path / "folder" / "cache.sqlite")
    database.run(written)
    assert database.path.stat().st_mode & 0o777 == 0o600
    assert database.path.parent.stat().st_mode & 0o777 == 0o700
    database.close()


def test_a_file_that_cannot_be_deleted_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache of another version in a read-only folder: a temporary one stands in for it."""
    path = tmp_path / "cache.sqlite"
    path.write_bytes(b"another version of the cache" * 100)

    def refuse(self: Path, *, missing_ok: bool = False) -> None:
        if self.parent == tmp_path:
            raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "unlink", refuse)
    database = Database(path)
    assert database.run(lambda c: c.execute("select count(*) from entries").fetchone()) == (0,)
    assert database.is_temporary
    assert path.exists()
    monkeypatch.undo()
    database.close()
