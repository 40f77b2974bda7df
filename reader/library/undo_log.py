"""The last changes of this device, with the values before them."""

import json
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from reader.library.durable_io import AppendFile, atomic_write, read_plain_file
from reader.library.journal_codec import encode

MAX_STEPS_KEPT: Final = 100
"""Steps that stay when the file is trimmed."""
MAX_BYTES: Final = 16 << 20
"""Bytes of the file from which it is trimmed to half: 66,000 marks take 1 MB."""

Fields = dict[str, dict[str, Any]]
"""Values by id and field name."""
Clock = tuple[int, int]
"""Milliseconds since 1970 and a counter."""


class UndoEntry(NamedTuple):
    """One change by a user. `before` and `after` hold the fields it wrote, by id.

    `clock` is the one that its first journal line carries. Entries of the same `run` are written
    one by one and undone as one, with the sentence of the last.
    """

    message: str
    before: Fields
    after: Fields
    clock: Clock = (0, 0)
    run: str = ""


class UndoStep(NamedTuple):
    """The newest change that can be undone; its parts are decoded one by one.

    `sizes` are the numbers of records in the parts, newest first.
    """

    message: str
    run: str
    sizes: tuple[int, ...]
    lines: tuple[bytes, ...]

    def parts(self) -> Iterator[UndoEntry]:
        """Yield the entries, newest first, which is the order to undo them in."""
        for line in self.lines:
            entry = _decode_entry(_decode_line(line) or {})
            if entry is not None:
                yield entry


class _EntryLine(NamedTuple):
    """A line with an entry: its bytes are `content[start:end]`."""

    start: int
    end: int
    message: str
    run: str
    size: int


class _UndoneLine(NamedTuple):
    """The mark that the newest entry is undone, or with a run the newest entry of that run."""

    run: str


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
        self._settled_size = size
        if last is None or "clock" not in last:
            return
        entry = _decode_entry(last)
        if has_happened(_as_clock(last["clock"]), entry.after if entry else {}):
            return
        try:
            self._write_line({"unwritten": 1})
        except OSError:
            # The next change tries again: no file has this size.
            self._settled_size = 0

    def append(self, entry: UndoEntry) -> None:
        """Record a change about to be written. Raises OSError; the change then cannot be undone."""
        line = encode(_encode_entry(entry))
        # Only here: a mark is about the last line, which trimming may remove.
        if self._settled_size + len(line) > MAX_BYTES:
            self._trim()
        self._settled_size = self._file.append(line)

    def mark_undone(self, clock: Clock | None, run: str = "") -> None:
        """Note that the next change, with this clock, undoes the newest entry.

        With a run, only the newest entry of that run: its other parts are still to be undone. The
        clock is None if nothing has to be written for it. Raises OSError.
        """
        mark: dict[str, Any] = {"undone": 1}
        if clock is not None:
            mark["clock"] = list(clock)
        if run:
            mark["part_of"] = run
        self._write_line(mark)

    def discard_last(self) -> None:
        """Void the last line: the journal line that it is about could not be written."""
        with suppress(OSError):
            self._write_line({"unwritten": 1})

    def latest(self) -> UndoStep | None:
        """Return the newest change that was not undone. Raises OSError."""
        content = self._read()
        entries = _live_entries(content)
        if not entries:
            return None
        newest = entries[-1]
        # A step counts as being as recent as its last part.
        parts = [each for each in reversed(entries) if each is newest or _is_part(each, newest)]
        return UndoStep(
            newest.message,
            newest.run,
            tuple(part.size for part in parts),
            tuple(content[part.start : part.end] for part in parts),
        )

    def _read(self) -> bytes:
        try:
            return read_plain_file(self.path)
        except FileNotFoundError:
            return b""

    def _last_line(self) -> dict[str, Any] | None:
        """Return the last good line. Reads no more of the file than that."""
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
        self._settled_size = self._file.append(encode(value))

    def _trim(self) -> None:
        """Keep the newest steps that take half of the bound, and at least one."""
        try:
            content = self._read()
        except OSError:
            return
        entries = _live_entries(content)
        size = steps = 0
        kept: list[_EntryLine] = []
        while entries and steps < MAX_STEPS_KEPT:
            newest = entries[-1]
            parts = [each for each in entries if each is newest or _is_part(each, newest)]
            size += sum(part.end - part.start + 1 for part in parts)
            if steps and size > MAX_BYTES // 2:
                break
            kept += parts
            steps += 1
            entries = [each for each in entries if each not in parts]
        kept.sort(key=lambda part: part.start)
        with suppress(OSError):
            lines = [content[part.start : part.end] + b"\n" for part in kept]
            atomic_write(self.path, b"".join(lines))


def _live_entries(content: bytes) -> list[_EntryLine]:
    """Return the changes that were not undone, oldest first."""
    lines: list[_EntryLine | _UndoneLine] = []
    start = 0
    while (end := content.find(b"\n", start)) >= 0:
        value = _decode_line(content[start:end])
        if value is None:
            pass
        elif "unwritten" in value:
            del lines[-1:]
        elif "undone" in value:
            lines.append(_UndoneLine(str(value.get("part_of", ""))))
        elif (entry := _decode_entry(value)) is not None:
            lines.append(_EntryLine(start, end, entry.message, entry.run, len(entry.after)))
        start = end + 1
    return _undo(lines)


def _undo(lines: list[_EntryLine | _UndoneLine]) -> list[_EntryLine]:
    """Drop the changes that were undone."""
    entries: list[_EntryLine] = []
    for line in lines:
        if isinstance(line, _EntryLine):
            entries.append(line)
        elif line.run:
            for at in range(len(entries) - 1, -1, -1):
                if entries[at].run == line.run:
                    del entries[at]
                    break
        elif entries:
            newest = entries.pop()
            entries = [each for each in entries if not _is_part(each, newest)]
    return entries


def _is_part(entry: _EntryLine, newest: _EntryLine) -> bool:
    return bool(newest.run) and entry.run == newest.run


def _encode_entry(entry: UndoEntry) -> dict[str, Any]:
    """Group records in which the same fields had and have the same values.

    ⏱ 2,000 marks take 40 instead of 200 KB, and a third of the time.
    """
    alike: dict[tuple[object, ...], list[str]] = {}
    single: list[str] = []
    for name, fields in entry.after.items():
        try:
            alike.setdefault((*entry.before[name].items(), *fields.items()), []).append(name)
        except TypeError:
            # A value is a list.
            single.append(name)
    groups = [names for names in alike.values() if len(names) > 1]
    single += [names[0] for names in alike.values() if len(names) == 1]
    value: dict[str, Any] = {
        "said": entry.message,
        "before": {name: entry.before[name] for name in single},
        "after": {name: entry.after[name] for name in single},
        "clock": list(entry.clock),
        "run": entry.run,
    }
    if groups:
        value["groups"] = [
            [entry.before[names[0]], entry.after[names[0]], names] for names in groups
        ]
    return value


def _decode_entry(value: Mapping[str, Any]) -> UndoEntry | None:
    try:
        before, after = dict(value["before"]), dict(value["after"])
        for former, fields, names in value.get("groups", ()):
            before.update(dict.fromkeys(names, former))
            after.update(dict.fromkeys(names, fields))
        return UndoEntry(
            str(value["said"]), before, after, _as_clock(value["clock"]), str(value.get("run", ""))
        )
    except (KeyError, TypeError, ValueError):
        return None


def _decode_line(line: bytes) -> dict[str, Any] | None:
    """Return the value of a line of any length; the file is this device's own."""
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
