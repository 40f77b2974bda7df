"""The last hundred steps of this device, with the values before them, so that they can be undone."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reader.library.durable_io import Tail, write_all, write_whole
from reader.library.journal_codec import decode, encode

KEPT: Final = 100
_TRIM_LINES: Final = 400
_TRIM_BYTES: Final = 64 << 20

Fields = dict[str, dict[str, Any]]
"""Values by id and field name."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change by a person. `before` and `after` hold the fields it wrote, by id.

    `clock` is the one that its first line carries: (milliseconds, counter). Steps of the same
    `run` are written one by one and undone as one, with the sentence of the last.
    """

    said: str
    before: Fields
    after: Fields
    clock: tuple[int, int] = (0, 0)
    run: str = ""

    def joined(self, later: "Step") -> "Step":
        """This step and a later one of the same run as one: a field goes back to its first value."""
        before, after = dict(self.before), dict(self.after)
        for name, fields in later.after.items():
            after[name] = {**after.get(name, {}), **fields}
            before[name] = {**later.before.get(name, {}), **before.get(name, {})}
        return Step(later.said, before, after, self.clock, self.run)


class Steps:
    """A file of lines: a step, or a mark that the newest was taken back or never written.

    It is written before the change and without fsync: losing it costs an undo, never a change.
    Only `note` raises for a disk that fails. Readers and writers hold the library's lock.
    """

    def __init__(self, state: Path):
        self.state = state
        self.path = state / "steps.log"
        self._tail = Tail(self.path)

    def close(self) -> None:
        """Let go of the file."""
        self._tail.close()

    def note(self, step: Step) -> None:
        """Remember a step. Raises OSError; then the change would have no undo."""
        self._append(_value(step))

    def taken_back(self) -> None:
        """Forget the newest step."""
        with suppress(OSError):
            self._append({"undone": 1})

    def unwritten(self) -> None:
        """Forget what was noted last, and nothing else of its run."""
        with suppress(OSError):
            self._append({"unwritten": 1})

    def newest(self, happened: Callable[[Step], bool]) -> Step | None:
        """The newest step that was neither taken back nor cut short before it was written.

        Those newer than it are forgotten.
        """
        for step in reversed(self._steps()):
            if happened(step):
                return step
            self.taken_back()
        return None

    def _steps(self) -> list[Step]:
        """The last steps, oldest first; one whose parts lie apart stands where its last part is."""
        try:
            content = self.path.read_bytes()
        except OSError:
            return []
        parts: list[Step] = []
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
                step = _step(value)
                if step is not None:
                    parts.append(step)
        steps = _joined(parts)[-KEPT:]
        if len(lines) > _TRIM_LINES or len(content) > _TRIM_BYTES:
            self._trim(steps)
        return steps

    def _append(self, value: dict[str, Any]) -> None:
        descriptor, status = self._tail.opened()
        try:
            write_all(descriptor, encode(value))
        except OSError:
            # Half a line would take the next one with it.
            os.ftruncate(descriptor, status.st_size)
            raise

    def _trim(self, steps: list[Step]) -> None:
        kept: list[bytes] = []
        size = 0
        for step in reversed(steps):
            line = encode(_value(step))
            size += len(line)
            if size > _TRIM_BYTES // 2 and kept:
                break
            kept.append(line)
        try:
            write_whole(self.path, b"".join(reversed(kept)))
        except OSError:
            return


def _joined(parts: list[Step]) -> list[Step]:
    steps: dict[str, Step] = {}
    for number, part in enumerate(parts):
        former = steps.pop(part.run, None) if part.run else None
        steps[part.run or str(number)] = former.joined(part) if former else part
    return list(steps.values())


def _value(step: Step) -> dict[str, Any]:
    return {
        "said": step.said,
        "before": step.before,
        "after": step.after,
        "clock": list(step.clock),
        "run": step.run,
    }


def _step(value: dict[str, Any]) -> Step | None:
    try:
        ms, counter = value["clock"]
        return Step(
            value["said"], value["before"], value["after"], (ms, counter), value.get("run", "")
        )
    except (KeyError, TypeError, ValueError):
        return None
