"""Choices made in the app that hold for its next start: theme, measure, rows, sort, speed."""

import contextlib
import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Final

from reader.library.durable_io import atomic_write, read_plain_file

FILE_NAME: Final = "app.json"
MAX_BYTES: Final = 10_000
"""More than the file needs; a larger one was not written by the app."""


@dataclass(frozen=True, slots=True)
class AppState:
    """The latest choices; 0 and empty leave the settings in force.

    `configured_…` is the value of the settings file at the time of the choice. Once the file names
    another value, the file is the latest choice.
    """

    theme: str = ""
    configured_theme: str = ""
    measure: int = 0
    configured_measure: int = 0
    rows: int = 0
    configured_rows: int = 0
    sort: str = ""
    sidebar_width: int = 0
    list_width: int = 0
    words_a_minute: int = 0

    def theme_for(self, configured: str) -> str:
        """Return the theme to start with: the remembered one, unless the settings changed since."""
        return self.theme if self.theme and self.configured_theme == configured else configured

    def measure_for(self, configured: int) -> int:
        """Return the measure to start with in cells, by the same rule."""
        is_latest = self.measure > 0 and self.configured_measure == configured
        return self.measure if is_latest else configured

    def rows_for(self, configured: int) -> int:
        """Return the lines of a list row to start with, by the same rule."""
        is_latest = self.rows in (1, 2, 3) and self.configured_rows == configured
        return self.rows if is_latest else configured


def load_state(folder: Path) -> AppState:
    """Read the state; the defaults if the file is missing or invalid. Blocks on disk."""
    try:
        values = json.loads(read_plain_file(folder / FILE_NAME, MAX_BYTES))
    except (OSError, ValueError, RecursionError):
        return AppState()
    if not isinstance(values, dict):
        return AppState()
    default = AppState()
    known = {
        field.name: values[field.name]
        for field in fields(default)
        if type(values.get(field.name)) is type(getattr(default, field.name))
    }
    return replace(default, **known)


def save_state(folder: Path, state: AppState) -> None:
    """Replace the state's file, or leave it if the folder is read-only. Blocks on disk."""
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        atomic_write(folder / FILE_NAME, json.dumps(asdict(state)).encode())
