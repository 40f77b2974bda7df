"""Journal cursors and the generation counter of a cache file."""

import sqlite3
from collections.abc import Mapping
from typing import Final, NamedTuple


class JournalCursor(NamedTuple):
    """Read position in a journal file, and the stamp that the file had.

    `stamp` is (inode, size, mtime, ctime), times in nanoseconds; with `is_settled` no other
    content can have it. `end` is where the last good line ends, `crc` the CRC-32 of all before.
    `damage` counts bad stretches. A file that is not `is_read` does not count, because a snapshot
    of its device stands for it. The rest is as in `library.journal_files.FileProgress`.
    """

    stamp: tuple[int, int, int, int]
    is_read: bool = False
    is_settled: bool = False
    end: int = 0
    crc: int = 0
    changes: int = 0
    has_header: bool = False
    has_trailer: bool = False
    is_complete: bool = False
    is_short: bool = False
    damage: int = 0
    format: int = 1

    @property
    def is_damaged(self) -> bool:
        """Return whether lines of the file could not be read."""
        return bool(self.damage or self.is_short)


_COLUMNS = (
    "inode, size, modified, changed, is_read, is_settled, end, crc, changes, has_header, has_trailer, "
    "is_complete, is_short, damage, format"
)


def read_cursors(connection: sqlite3.Connection) -> dict[str, JournalCursor]:
    """By file name, how far each journal was read."""
    rows = connection.execute(f"select name, {_COLUMNS} from journals")
    return {
        name: JournalCursor(
            (inode, size, modified, changed),
            bool(is_read),
            bool(is_settled),
            end,
            crc,
            changes,
            bool(has_header),
            bool(has_trailer),
            bool(is_complete),
            bool(is_short),
            damage,
            format_,
        )
        for (
            name, inode, size, modified, changed, is_read, is_settled, end, crc, changes,
            has_header, has_trailer, is_complete, is_short, damage, format_,
        ) in rows
    }  # fmt: skip


def write_cursors(connection: sqlite3.Connection, cursors: Mapping[str, JournalCursor]) -> None:
    """Note that these journals, and no others, were read so far."""
    connection.execute("delete from journals")
    connection.executemany(
        f"insert into journals (name, {_COLUMNS}) values ({', '.join('?' * 16)})",
        [
            (
                name, *at.stamp, at.is_read, at.is_settled, at.end, at.crc, at.changes,
                at.has_header, at.has_trailer, at.is_complete, at.is_short, at.damage, at.format,
            )
            for name, at in cursors.items()
        ],
    )  # fmt: skip


class CacheState(NamedTuple):
    """The state of the documents in a cache.

    `filling` names the time at which the cache was last filled from nothing. `clock` is the newest
    clock adopted from the journals; None if it is not known, or a device's clock is in the future.
    """

    filling: str
    clock: tuple[int, int] | None


def read_state(connection: sqlite3.Connection) -> CacheState:
    """Return the state; an empty `filling` for a cache that was never filled."""
    found = connection.execute("select value from settled where name = 'documents'").fetchone()
    filling, *clock = found[0].split() if found else ("",)
    return CacheState(filling, (int(clock[0]), int(clock[1])) if len(clock) == 2 else None)


def write_state(connection: sqlite3.Connection, state: CacheState) -> None:
    """Store the state."""
    value = " ".join([state.filling, *map(str, state.clock or ())])
    connection.execute("insert or replace into settled values ('documents', ?)", (value,))


class NextGeneration(NamedTuple):
    """The number of a generation, and the filling that it belongs to."""

    version: int
    filling: str


def advance(
    connection: sqlite3.Connection,
    file: str,
    start: tuple[int, int],
    cursor: JournalCursor,
    clock: tuple[int, int],
) -> NextGeneration | None:
    """Move the cursor of one file, and start the next generation, in the caller's transaction.

    The file was read to `start`, an end and its checksum; `clock` is that of a line that is newer
    than all before, and one that is unknown stays so. Returns None if the cursor stands elsewhere
    or the cache has no state; then the caller must roll back.
    """
    columns = [name.strip() for name in _COLUMNS.split(",")]
    changed = connection.execute(
        f"update journals set {', '.join(f'{name} = ?' for name in columns)}"
        " where name = ? and is_read and end = ? and crc = ?",
        (
            *cursor.stamp, cursor.is_read, cursor.is_settled, cursor.end, cursor.crc,
            cursor.changes, cursor.has_header, cursor.has_trailer, cursor.is_complete,
            cursor.is_short, cursor.damage, cursor.format, file, *start,
        ),
    )  # fmt: skip
    if changed.rowcount != 1:
        return None
    found = connection.execute(
        "update settled set value = case when name = 'version' then value + 1"
        " when instr(value, ' ') then substr(value, 1, instr(value, ' ')) || ? else value end"
        " where name in ('version', 'documents') returning name, value",
        (f"{clock[0]} {clock[1]}",),
    ).fetchall()
    values = dict(found)
    if len(values) < 2:
        return None
    return NextGeneration(int(values["version"]), values["documents"].split()[0])


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
    sql = "update settled set value = value + 1 where name = 'version' returning value"
    found = connection.execute(sql).fetchone()
    if found is None:
        raise sqlite3.DatabaseError("the version is gone")
    return int(found[0])


def invalidate_all(connection: sqlite3.Connection) -> None:
    """Invalidate every in-memory bitmap after deletions, in the caller's transaction."""
    _advance(connection, _MAX_GENERATIONS)


def _advance(connection: sqlite3.Connection, number: int) -> None:
    sql = "update settled set value = value + ? where name = 'version'"
    connection.execute(sql, (number,))
