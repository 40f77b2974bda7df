"""The last changes of this device, with the values before them."""

import json
import os
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from reader.library.durable_io import AppendFile, atomic_write, open_plain_file
from reader.library.journal_codec import encode

MAX_STEPS_KEPT: Final = 100
"""Steps that stay when the file is trimmed."""
MAX_BYTES: Final = 16 << 20
"""Bytes of the file from which it is trimmed to half: 66,000 marks take 1 MB."""
_FIRST_READ_BYTES: Final = 1 << 16
"""Bytes at the end of the file that are read first: several parts of bulk work."""

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
    """A line with an entry."""

    line: bytes
    message: str
    run: str
    size: int


class _UndoneMark(NamedTuple):
    """A note that an entry before it is undone: the newest, or with a run the newest of that run.

    `is_whole` says that every entry of the run before it is undone.
    """

    run: str
    is_whole: bool = False


class UndoLog:
    """A file of lines: an entry with the former values of a change, or a mark about an entry before.

    A mark says that the newest entry is undone (`undone`, with a run the newest of that run), or that
    its change was never written (`unwritten`). Entries of one run are undone together.

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
        """Return the newest change that was not undone. Raises OSError.

        Reads the file from its end, no further than the step begins; all of it for a step of a run.
        """
        parts: list[_EntryLine] = []
        for entry in self._live_entries():
            # A step counts as being as recent as its last part.
            if not parts or _is_part(entry, parts[0]):
                parts.append(entry)
            if not parts[0].run:
                break
        if not parts:
            return None
        return UndoStep(
            parts[0].message,
            parts[0].run,
            tuple(part.size for part in parts),
            tuple(part.line for part in parts),
        )

    def _live_entries(self) -> Iterator[_EntryLine]:
        """Yield the changes that were not undone, newest first. Raises OSError."""
        marks: list[_UndoneMark] = []
        unwritten = 0
        for line in self._lines_from_end():
            value = _decode_line(line) or {}
            entry = _decode_entry(value)
            if "unwritten" in value:
                unwritten += 1
            elif "undone" not in value and entry is None:
                pass
            elif unwritten:
                unwritten -= 1
            elif entry is None:
                marks.append(_UndoneMark(str(value.get("part_of", ""))))
            elif not _take_mark(marks, entry.run):
                yield _EntryLine(line, entry.message, entry.run, len(entry.after))

    def _last_line(self) -> dict[str, Any] | None:
        """Return the last good line. Raises OSError."""
        values = map(_decode_line, self._lines_from_end())
        return next((value for value in values if value is not None), None)

    def _lines_from_end(self) -> Iterator[bytes]:
        """Yield the lines, newest first, reading no more of the file than is asked for.

        Raises OSError.
        """
        with suppress(FileNotFoundError), open_plain_file(self.path) as stream:
            end, length, rest = stream.seek(0, os.SEEK_END), _FIRST_READ_BYTES, b""
            while end:
                start = max(0, end - length)
                stream.seek(start)
                rest, *lines = (stream.read(end - start) + rest).split(b"\n")
                yield from reversed(lines)
                # A long line is not copied for each piece.
                end, length = start, length * 8
            yield rest

    def _write_line(self, value: dict[str, Any]) -> None:
        self._settled_size = self._file.append(encode(value))

    def _trim(self) -> None:
        """Keep the newest steps that take half of the bound, and at least one."""
        with suppress(OSError):
            entries = list(self._live_entries())
            lines = [
                entries[at].line + b"\n" for at in sorted(_newest_steps(entries), reverse=True)
            ]
            atomic_write(self.path, b"".join(lines))


def _newest_steps(entries: Sequence[_EntryLine]) -> set[int]:
    """Return the places of the entries to keep, among all of them, newest first."""
    kept: set[int] = set()
    size = 0
    for _ in range(MAX_STEPS_KEPT):
        first = next((at for at in range(len(entries)) if at not in kept), None)
        if first is None:
            break
        parts = {
            at for at, each in enumerate(entries) if at == first or _is_part(each, entries[first])
        }
        size += sum(len(entries[at].line) + 1 for at in parts)
        if kept and size > MAX_BYTES // 2:
            break
        kept |= parts
    return kept


def _take_mark(marks: list[_UndoneMark], run: str) -> bool:
    """Return whether one of the marks behind an entry of this run undoes it.

    The first mark that follows the entry and fits is used up, unless it undoes the whole run.
    """
    for at in range(len(marks) - 1, -1, -1):
        mark = marks[at]
        if mark.is_whole:
            if mark.run == run:
                return True
        elif mark.run in ("", run):
            if run and not mark.run:
                marks[at] = _UndoneMark(run, is_whole=True)
            else:
                del marks[at]
            return True
    return False


def _is_part(entry: _EntryLine, newest: _EntryLine) -> bool:
    return bool(newest.run) and entry.run == newest.run


def _encode_entry(entry: UndoEntry) -> dict[str, Any]:
    """Group records in which the same fields had and have the same values.

    ⏱ 2,000 marks take 40 instead of 200 KB, and a third of the time.
    """
    alike: dict[tuple[object, ...], list[str]] = {}
    single: list[str] = []
    known: Mapping[str, Any] | None = None
    values: tuple[object, ...] = ()
    for name, fields in entry.after.items():
        if fields is not known:
            known, values = fields, tuple(fields.items())
        try:
            alike.setdefault((values, *entry.before[name].items()), []).append(name)
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
