"""The last hundred steps of this device, with the values before them, so that they can be undone."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reader.library.durable_io import AppendFile, atomic_write, write_all
from reader.library.journal_codec import decode, encode

MAX_ENTRIES: Final = 100
_MAX_LINES: Final = 400
_MAX_BYTES: Final = 64 << 20

Fields = dict[str, dict[str, Any]]
"""Values by id and field name."""


@dataclass(frozen=True, slots=True)
class UndoEntry:
    """One change by a person. `before` and `after` hold the fields it wrote, by id.

    `clock` is the one that its first line carries: (milliseconds, counter). Steps of the same
    `run` are written one by one and undone as one, with the sentence of the last.
    """

    message: str
    before: Fields
    after: Fields
    clock: tuple[int, int] = (0, 0)
    run: str = ""

    def merge(self, later: "UndoEntry") -> "UndoEntry":
        """This step and a later one of the same run as one: a field goes back to its first value."""
        before, after = dict(self.before), dict(self.after)
        for name, fields in later.after.items():
            after[name] = {**after.get(name, {}), **fields}
            before[name] = {**later.before.get(name, {}), **before.get(name, {})}
        return UndoEntry(later.message, before, after, self.clock, self.run)


class UndoLog:
    """A file of lines: a step, or a mark that the newest was taken back or never written.

    It is written before the change and without fsync: losing it costs an undo, never a change.
    Only `note` raises for a disk that fails. Readers and writers hold the library's lock.
    """

    def __init__(self, state: Path):
        self.state = state
        self.path = state / "steps.log"
        self._tail = AppendFile(self.path)

    def close(self) -> None:
        """Let go of the file."""
        self._tail.close()

    def append(self, step: UndoEntry) -> None:
        """Remember a step. Raises OSError; then the change would have no undo."""
        self._write_line(_encode_entry(step))

    def mark_undone(self) -> None:
        """Forget the newest step."""
        with suppress(OSError):
            self._write_line({"undone": 1})

    def discard_last(self) -> None:
        """Forget what was noted last, and nothing else of its run."""
        with suppress(OSError):
            self._write_line({"unwritten": 1})

    def latest(self, happened: Callable[[UndoEntry], bool]) -> UndoEntry | None:
        """The newest step that was neither taken back nor cut short before it was written.

        Those newer than it are forgotten.
        """
        for step in reversed(self._entries()):
            if happened(step):
                return step
            self.mark_undone()
        return None

    def _entries(self) -> list[UndoEntry]:
        """The last steps, oldest first; one whose parts lie apart stands where its last part is."""
        try:
            content = self.path.read_bytes()
        except OSError:
            return []
        parts: list[UndoEntry] = []
        lines = content.split(b"\n")
        for line in lines:
            value = decode(line)
            if value is None:
                continue
            if "undone" in value:
                run = parts[-1].run if parts else ""
                parts = [part for part in parts[:-1] if not run or part.run != run]
            elif "unwritten" in value:
                del parts[-1:]
            else:
                step = _decode_entry(value)
                if step is not None:
                    parts.append(step)
        steps = _merge_runs(parts)[-MAX_ENTRIES:]
        if len(lines) > _MAX_LINES or len(content) > _MAX_BYTES:
            self._trim(steps)
        return steps

    def _write_line(self, value: dict[str, Any]) -> None:
        descriptor, status = self._tail.open()
        try:
            write_all(descriptor, encode(value))
        except OSError:
            # Half a line would take the next one with it.
            os.ftruncate(descriptor, status.st_size)
            raise

    def _trim(self, steps: list[UndoEntry]) -> None:
        kept: list[bytes] = []
        size = 0
        for step in reversed(steps):
            line = encode(_encode_entry(step))
            size += len(line)
            if size > _MAX_BYTES // 2 and kept:
                break
            kept.append(line)
        try:
            atomic_write(self.path, b"".join(reversed(kept)))
        except OSError:
            return


def _merge_runs(parts: list[UndoEntry]) -> list[UndoEntry]:
    steps: dict[str, UndoEntry] = {}
    for number, part in enumerate(parts):
        former = steps.pop(part.run, None) if part.run else None
        steps[part.run or str(number)] = former.merge(part) if former else part
    return list(steps.values())


def _encode_entry(step: UndoEntry) -> dict[str, Any]:
    return {
        "said": step.message,
        "before": step.before,
        "after": step.after,
        "clock": list(step.clock),
        "run": step.run,
    }


def _decode_entry(value: dict[str, Any]) -> UndoEntry | None:
    try:
        ms, counter = value["clock"]
        return UndoEntry(
            value["said"], value["before"], value["after"], (ms, counter), value.get("run", "")
        )
    except (KeyError, TypeError, ValueError):
        return None
