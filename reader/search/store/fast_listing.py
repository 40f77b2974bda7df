"""Fast path of `list`: the newest rows with minimal imports.

⏱ Importing dataclasses alone takes as long as starting Python. If the cache is not completely
fresh, the functions return nothing and the caller takes the normal path.
"""

# Importing pathlib costs as much as the rest of this module.
# ruff: noqa: PTH110, PTH118, PTH208

import hashlib
import os
import sqlite3

from reader.search.store.schema import VERSION

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
    """Return whether the cache has read exactly the files of the journal folder.

    Costs one `stat` per file and a read of the last line's checksum.
    """
    known = {
        name: (inode, size, last, crc)
        for name, inode, size, last, crc in connection.execute(
            "select name, inode, bytes, last, crc from journals where not bad"
        )
    }
    return (
        bool(known)
        and known.keys() == _journal_names(journal)
        and all(_is_unchanged(os.path.join(journal, name), *at) for name, at in known.items())
    )


def _journal_names(journal: str) -> set[str]:
    try:
        return {name for name in os.listdir(journal) if name.endswith((".log", ".snap"))}
    except OSError:
        return set()


def _is_unchanged(path: str, inode: int, size: int, last: int, crc: str) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        status = os.fstat(descriptor)
        beginning = os.pread(descriptor, len(crc), last)
        return status.st_ino == inode and status.st_size == size and beginning == crc.encode()
    except OSError:
        return False
    finally:
        os.close(descriptor)


def _quote_path(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
