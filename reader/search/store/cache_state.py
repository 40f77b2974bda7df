"""Journal cursors and the generation counter of a cache file."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class JournalCursor:
    """Read position in a journal file: inode, bytes and last line.

    `last` is the offset of that line, `crc` its checksum as written, `bad` the number of unreadable
    ranges before it.
    """

    inode: int
    bytes: int
    last: int
    crc: str
    bad: int = 0


def read_cursors(connection: sqlite3.Connection) -> dict[str, JournalCursor]:
    """Return the cursor of each journal file by name."""
    found = connection.execute("select name, inode, bytes, last, crc, bad from journals")
    return {name: JournalCursor(*values) for name, *values in found}


def write_cursors(connection: sqlite3.Connection, journals: Mapping[str, JournalCursor]) -> None:
    """Replace all journal cursors with these."""
    connection.execute("delete from journals")
    connection.executemany(
        "insert into journals (name, inode, bytes, last, crc, bad) values (?, ?, ?, ?, ?, ?)",
        [(name, at.inode, at.bytes, at.last, at.crc, at.bad) for name, at in journals.items()],
    )


_MAX_GENERATIONS: Final = 1_000
"""Generations that cached bitmaps may lag behind; a new file is further away than this."""


def current_generation(connection: sqlite3.Connection) -> int:
    """Return the current generation. Raises sqlite3.DatabaseError if it is missing."""
    found = connection.execute("select value from settled where name = 'version'").fetchone()
    if found is None:
        raise sqlite3.DatabaseError("the version is gone")
    return int(found[0])


def last_text_id(connection: sqlite3.Connection) -> int:
    """Return the id of the last indexed text; 0 if there is none."""
    found = connection.execute("select value from settled where name = 'text_id'").fetchone()
    return int(found[0]) if found else 0


def can_catch_up(before: int, now: int) -> bool:
    """Return whether bitmaps of one generation can be updated to the other."""
    return 0 <= now - before < _MAX_GENERATIONS


def next_generation(connection: sqlite3.Connection) -> int:
    """Start the next generation in the caller's transaction; changed rows store its number."""
    _advance(connection, 1)
    return current_generation(connection)


def invalidate_all(connection: sqlite3.Connection) -> None:
    """Invalidate every in-memory bitmap after deletions, in the caller's transaction."""
    _advance(connection, _MAX_GENERATIONS)


def _advance(connection: sqlite3.Connection, number: int) -> None:
    sql = "update settled set value = value + ? where name = 'version'"
    connection.execute(sql, (number,))
