"""Fast path of `list`: the newest rows with minimal imports.

⏱ Importing dataclasses alone takes as long as starting Python. If the cache is not completely
fresh, the functions return nothing and the caller takes the normal path.
"""

# Importing pathlib costs as much as the rest of this module.
# ruff: noqa: PTH110, PTH118, PTH208

import hashlib
import os
import sqlite3
import zlib

from reader.model.journal_names import may_be_journal
from reader.search.store.schema import VERSION

_MAX_COMPARED = 8 << 20
"""Bytes of a journal that are compared here; a larger one takes the long way."""
_MAX_INTEGER = (1 << 63) - 1
"""The largest integer of SQLite: inode numbers of some file systems have 64 bits without a sign."""

_NEWEST = """
select e.*, f.minutes, f.minutes_left, f.state,
    (select max(id) from entries where id < e.id) as id_before,
    (select min(id) from entries where id > e.id) as id_after
from facts f indexed by facts_in_order join entries e using (row)
where f.trashed = 0 order by f.stamp desc, f.id limit ?
"""


def cache_file_name(home: str) -> str:
    """Return the cache file name, a hash of the real path: copies of a library differ."""
    key = hashlib.sha256(os.fsencode(os.path.realpath(home))).hexdigest()
    return f"{key[:32]}-{VERSION}.sqlite"


def newest_rows(cache: str, home: str, limit: int) -> list[sqlite3.Row] | None:
    """Return the newest rows of `entries`, or `None` if the cache may be stale.

    At most `limit` rows, all for -1. The columns `minutes`, `minutes_left` and `state` (0 unread,
    1 reading, 2 read) are added, and the ids before and after each row, from which its shortest
    prefix follows. Tags are joined by newlines. Blocks on disk.
    """
    file = os.path.join(cache, cache_file_name(home))
    if not os.path.exists(file):
        return None
    try:
        connection = sqlite3.connect(f"file:{_quote_path(file)}?mode=rw", uri=True)
        try:
            connection.row_factory = sqlite3.Row
            if connection.execute("pragma user_version").fetchone()[0] != VERSION:
                return None
            if not is_fresh(connection, os.path.join(home, "journal")):
                return None
            return connection.execute(_NEWEST, (limit,)).fetchall()
        finally:
            connection.close()
    except sqlite3.Error:
        return None


def is_fresh(connection: sqlite3.Connection, journal: str) -> bool:
    """Return whether every file of the journal folder was read wholly, and no other was.

    One `stat` for each file. A file whose stamp could stand for another content is read.
    """
    known = {
        row[0]: row[1:]
        for row in connection.execute(
            "select name, inode, size, modified, changed, is_settled, end, crc"
            " from journals where not damage and not is_short"
        )
    }
    return (
        bool(known)
        and known.keys() == _journal_names(journal)
        and all(_is_unchanged(os.path.join(journal, name), *at) for name, at in known.items())
    )


def _journal_names(journal: str) -> set[str]:
    try:
        return {name for name in os.listdir(journal) if may_be_journal(name)}
    except OSError:
        return set()


def _is_unchanged(
    path: str, inode: int, size: int, modified: int, changed: int,
    is_settled: int, end: int, crc: int,
) -> bool:  # fmt: skip
    try:
        status = os.lstat(path)
    except OSError:
        return False
    stamp = (status.st_ino & _MAX_INTEGER, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    if stamp != (inode, size, modified, changed):
        return False
    if is_settled:
        return True
    return end == size <= _MAX_COMPARED and _checksum(path, size) == crc


def _checksum(path: str, size: int) -> int:
    """Return the CRC-32 of a file's first bytes; -1 if it cannot be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            return zlib.crc32(os.read(descriptor, size))
        finally:
            os.close(descriptor)
    except OSError:
        return -1


def _quote_path(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
