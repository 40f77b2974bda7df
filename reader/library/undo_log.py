"""The last changes of this device, with the values before them."""

import json
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reader.library.durable_io import AppendFile, atomic_write, write_all
from reader.library.journal_codec import encode

MAX_ENTRIES: Final = 100
MAX_BYTES: Final = 16 << 20
"""Bytes of the file from which it is trimmed to half: 66,000 marks take 6 MB."""
_MAX_LINES: Final = 400

Fields = dict[str, dict[str, Any]]
"""Values by id and field name."""
Clock = tuple[int, int]
"""Milliseconds since 1970 and a counter."""


@dataclass(frozen=True, slots=True)
class UndoEntry:
    """One change by a user. `before` and `after` hold the fields it wrote, by id.

    `clock` is the one that its first journal line carries. Entries of the same `run` are written
    one by one and undone as one, with the sentence of the last.
    """

    message: str
    before: Fields
    after: Fields
    clock: Clock = (0, 0)
    run: str = ""

    def merge(self, later: "UndoEntry") -> "UndoEntry":
        """Join a later entry of the same run; a field keeps its first former value."""
        before, after = dict(self.before), dict(self.after)
        for name, fields in later.after.items():
            after[name] = {**after.get(name, {}), **fields}
            before[name] = {**later.before.get(name, {}), **before.get(name, {})}
        return UndoEntry(later.message, before, after, self.clock, self.run)


@dataclass(frozen=True, slots=True)
class _Undone:
    """The mark that the newest entry is undone by the change with this clock."""

    clock: Clock


class UndoLog:
    """A file of lines: a change, or a mark that undoes or voids the one before.

    Each line is written before the journal line that it is about, and without fsync: losing it
    costs an undo, never a change. A process that is killed between the two leaves a line about
    something that never happened. It is always the last one, because `settle` takes it back before
    anything else is written. Readers and writers hold the library's lock.
    """

    def __init__(self, state: Path):
        self.state = state
        self.path = state / "steps.log"
        self._file = AppendFile(self.path)
        self._settled_size = -1

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def settle(self, has_happened: Callable[[Clock, Fields], bool]) -> None:
        """Void the last line if the change that it is about was never written.

        Must run before this device writes another journal line, which would look like that change.
        Costs one `stat` if nothing was added by another process.
        """
        try:
            size = self.path.stat().st_size
        except OSError:
            size = 0
        if size == self._settled_size:
            return
        try:
            last = self._last_line() if size else None
        except OSError:
            # The next change tries again.
            return
        if last is not None and "clock" in last:
            clock = _as_clock(last["clock"])
            after = last.get("after")
            if not has_happened(clock, after if isinstance(after, dict) else {}):
                with suppress(OSError):
                    self._write_line({"unwritten": 1})
        self._note_size()

    def append(self, entry: UndoEntry) -> None:
        """Remember a change that will be written next. Raises OSError: then it has no undo.

        Raises OSError; then it would have no undo.
        """
        self._write_line(_encode_entry(entry))

    def mark_undone(self, clock: Clock | None) -> None:
        """Note that the next change, with this clock, undoes the newest entry.

        None if nothing has to be written for it. Raises OSError.
        """
        self._write_line({"undone": 1} if clock is None else {"undone": 1, "clock": list(clock)})

    def discard_last(self) -> None:
        """Void the last line: the journal line that it is about could not be written."""
        with suppress(OSError):
            self._write_line({"unwritten": 1})

    def latest(self) -> UndoEntry | None:
        """Return the newest change that was not undone. Raises OSError."""
        entries = self._entries()
        return entries[-1] if entries else None

    def _entries(self) -> list[UndoEntry]:
        """The last changes, oldest first; one whose parts lie apart stands where its last part is."""
        lines: list[UndoEntry | _Undone] = []
        for value in self._values():
            if "unwritten" in value:
                del lines[-1:]
            elif "undone" in value:
                lines.append(_Undone(_as_clock(value.get("clock"))))
            elif (entry := _decode_entry(value)) is not None:
                lines.append(entry)
        return _merge_runs(_undo(lines))[-MAX_ENTRIES:]

    def _values(self) -> Iterator[dict[str, Any]]:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return
        for line in content.split(b"\n"):
            value = _decode_line(line)
            if value is not None:
                yield value

    def _last_line(self) -> dict[str, Any] | None:
        """The last good line. Reads no more of the file than that."""
        length = 1 << 16
        try:
            with self.path.open("rb") as stream:
                size = os.fstat(stream.fileno()).st_size
                while True:
                    stream.seek(max(0, size - length))
                    content = stream.read()
                    lines = content.split(b"\n")
                    for line in reversed(lines if length >= size else lines[1:]):
                        value = _decode_line(line)
                        if value is not None:
                            return value
                    if length >= size:
                        return None
                    length *= 8
        except FileNotFoundError:
            return None

    def _write_line(self, value: dict[str, Any]) -> None:
        descriptor, status = self._file.open()
        line = encode(value)
        if status.st_size + len(line) > MAX_BYTES:
            self._trim()
            descriptor, status = self._file.open()
        try:
            write_all(descriptor, line)
        except OSError:
            # Half a line would take the next one with it.
            os.ftruncate(descriptor, status.st_size)
            raise
        self._note_size()

    def _note_size(self) -> None:
        try:
            self._settled_size = self.path.stat().st_size
        except OSError:
            self._settled_size = 0

    def _trim(self) -> None:
        """Keep the newest entries that take half of the bound, and at least one."""
        lines: list[bytes] = []
        size = 0
        try:
            entries = self._entries()
        except OSError:
            return
        for entry in reversed(entries):
            line = encode(_encode_entry(entry))
            size += len(line)
            if lines and (size > MAX_BYTES // 2 or len(lines) >= MAX_ENTRIES):
                break
            lines.append(line)
        with suppress(OSError):
            atomic_write(self.path, b"".join(reversed(lines)))


def _undo(lines: list[UndoEntry | _Undone]) -> list[UndoEntry]:
    """Drop the changes that were undone; parts of one run together."""
    entries: list[UndoEntry] = []
    for line in lines:
        if isinstance(line, UndoEntry):
            entries.append(line)
        elif entries:
            run = entries[-1].run
            entries = [each for each in entries[:-1] if not run or each.run != run]
    return entries


def _merge_runs(parts: list[UndoEntry]) -> list[UndoEntry]:
    entries: dict[str, UndoEntry] = {}
    for number, part in enumerate(parts):
        former = entries.pop(part.run, None) if part.run else None
        entries[part.run or str(number)] = former.merge(part) if former else part
    return list(entries.values())


def _encode_entry(entry: UndoEntry) -> dict[str, Any]:
    return {
        "said": entry.message,
        "before": entry.before,
        "after": entry.after,
        "clock": list(entry.clock),
        "run": entry.run,
    }


def _decode_entry(value: dict[str, Any]) -> UndoEntry | None:
    try:
        return UndoEntry(
            str(value["said"]),
            value["before"],
            value["after"],
            _as_clock(value["clock"]),
            str(value.get("run", "")),
        )
    except KeyError:
        return None


def _decode_line(line: bytes) -> dict[str, Any] | None:
    """The value of a line of any length; the file is this device's own."""
    if line[8:9] != b" " or line[:8] != b"%08x" % zlib.crc32(line[9:]):
        return None
    try:
        value = json.loads(line[9:])
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _as_clock(value: object) -> Clock:
    if isinstance(value, list) and len(value) == 2:
        return (int(value[0]), int(value[1]))
    return (0, 0)
