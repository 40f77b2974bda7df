"""The last hundred steps of this device, with the values before them, so that they can be undone."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reader.library.devices import write_whole
from reader.library.lines import decode, encode

KEPT: Final = 100
_TRIM_AT: Final = 400


@dataclass(frozen=True, slots=True)
class Step:
    """One change by a person. `before` and `after` hold the fields it wrote, by id."""

    said: str
    before: dict[str, dict[str, Any]]
    after: dict[str, dict[str, Any]]


class Steps:
    """A file of lines: a step, or a mark that the newest step was taken back.

    It is written before the change and without fsync: losing it costs an undo, never a change.
    Nothing here raises for a disk that fails.
    """

    def __init__(self, state: Path):
        self._path = state / "steps.log"

    def note(self, step: Step) -> None:
        """Remember a step."""
        self._append({"said": step.said, "before": step.before, "after": step.after})

    def taken_back(self) -> None:
        """Forget the newest step."""
        self._append({"undone": 1})

    def newest(self) -> Step | None:
        """The newest step that was not taken back."""
        steps = self._steps()
        return Step(**steps[-1]) if steps else None

    def _steps(self) -> list[dict[str, Any]]:
        try:
            content = self._path.read_bytes()
        except OSError:
            return []
        steps: list[dict[str, Any]] = []
        lines = content.split(b"\n")
        for line in lines:
            value = decode(line)
            if value is None:
                continue
            if "undone" in value:
                del steps[-1:]
            elif value.keys() == {"said", "before", "after"}:
                steps.append(value)
        steps = steps[-KEPT:]
        if len(lines) > _TRIM_AT:
            self._trim(steps)
        return steps

    def _append(self, value: dict[str, Any]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(
                os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab"
            ) as stream:
                stream.write(encode(value))
        except OSError:
            return

    def _trim(self, steps: list[dict[str, Any]]) -> None:
        try:
            write_whole(self._path, b"".join(encode(step) for step in steps))
        except OSError:
            return
