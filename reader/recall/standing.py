"""How far the cache has read each journal, which tells whether it is fresh."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JournalRead:
    """How far a journal file was read: its inode, the bytes, and the last line read.

    `last` is the offset of that line, `crc` its checksum as written there, `bad` how many
    stretches before it could not be read.
    """

    inode: int
    bytes: int
    last: int
    crc: str
    bad: int = 0


def journals_in(connection: sqlite3.Connection) -> dict[str, JournalRead]:
    """By file name, how far each journal was read."""
    found = connection.execute("select name, inode, bytes, last, crc, bad from journals")
    return {name: JournalRead(*values) for name, *values in found}


def keep_journals(connection: sqlite3.Connection, journals: Mapping[str, JournalRead]) -> None:
    """Note that these journals, and no others, were read so far."""
    connection.execute("delete from journals")
    connection.executemany(
        "insert into journals (name, inode, bytes, last, crc, bad) values (?, ?, ?, ?, ?, ?)",
        [(name, at.inode, at.bytes, at.last, at.crc, at.bad) for name, at in journals.items()],
    )
