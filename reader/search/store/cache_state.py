"""Which state of the rows a cache file is in: what was remembered of another may be brought up to it."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class JournalCursor:
    """How far a journal file was read: its inode, the bytes, and the last line read.

    `last` is the offset of that line, `crc` its checksum as written there, `bad` how many
    stretches before it could not be read.
    """

    inode: int
    bytes: int
    last: int
    crc: str
    bad: int = 0


def read_cursors(connection: sqlite3.Connection) -> dict[str, JournalCursor]:
    """By file name, how far each journal was read."""
    found = connection.execute("select name, inode, bytes, last, crc, bad from journals")
    return {name: JournalCursor(*values) for name, *values in found}


def write_cursors(connection: sqlite3.Connection, journals: Mapping[str, JournalCursor]) -> None:
    """Note that these journals, and no others, were read so far."""
    connection.execute("delete from journals")
    connection.executemany(
        "insert into journals (name, inode, bytes, last, crc, bad) values (?, ?, ?, ?, ?, ?)",
        [(name, at.inode, at.bytes, at.last, at.crc, at.bad) for name, at in journals.items()],
    )


_MOST_STATES: Final = 1_000
"""Changes that what is remembered may be behind; a file made anew is further from any other."""


def current_generation(connection: sqlite3.Connection) -> int:
    """The number of this state. Raises sqlite3.DatabaseError where the file has lost it."""
    found = connection.execute("select value from settled where name = 'version'").fetchone()
    if found is None:
        raise sqlite3.DatabaseError("the version is gone")
    return int(found[0])


def last_text_id(connection: sqlite3.Connection) -> int:
    """The number of the text that was indexed last; 0 where none was."""
    found = connection.execute("select value from settled where name = 'text_id'").fetchone()
    return int(found[0]) if found else 0


def can_catch_up(before: int, now: int) -> bool:
    """Whether what was remembered of the one state can be brought up to the other."""
    return 0 <= now - before < _MOST_STATES


def next_generation(connection: sqlite3.Connection) -> int:
    """Begin the next state, inside the caller's transaction; rows that change bear its number."""
    _add(connection, 1)
    return current_generation(connection)


def invalidate_all(connection: sqlite3.Connection) -> None:
    """Have all that is remembered forgotten, inside the caller's transaction: rows or texts went."""
    _add(connection, _MOST_STATES)


def _add(connection: sqlite3.Connection, number: int) -> None:
    sql = "update settled set value = value + ? where name = 'version'"
    connection.execute(sql, (number,))
