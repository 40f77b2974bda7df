"""Saved views: lines under [views] of the settings file; other lines are preserved."""

import tomllib
from pathlib import Path
from typing import Any, Final

from reader.library.durable_io import atomic_write
from reader.model.errors import SettingsError
from reader.model.query import parse
from reader.model.text import one_line

_ESCAPED: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def save_view(path: Path, name: str, query: str) -> None:
    """Save the query under a name in the settings file. Raises QueryError, SettingsError."""
    parse(query)
    line = f"{_toml_string(one_line(name, 80))} = {_toml_string(query)}"
    lines = _lines_without(_lines(path), one_line(name, 80))
    head = next((n for n, text in enumerate(lines) if text.strip() == "[views]"), None)
    if head is None:
        lines += [*([""] if lines and lines[-1].strip() else []), "[views]", line]
    else:
        lines.insert(head + 1, line)
    _write(path, lines, name)


def delete_view(path: Path, name: str) -> None:
    """Delete the view of that name from the settings file. Raises SettingsError."""
    _write(path, _lines_without(_lines(path), name), None)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{path}: cannot be read, so the view was not saved") from None


def _lines_without(lines: list[str], name: str) -> list[str]:
    """Return the lines without those of [views] that assign the name."""
    kept, inside = [], False
    for line in lines:
        if line.lstrip().startswith("["):
            inside = line.strip() == "[views]"
        if not (inside and _assigned_name(line) == name):
            kept.append(line)
    return kept


def _assigned_name(line: str) -> str | None:
    try:
        table = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return None
    return next(iter(table), None)


def _write(path: Path, lines: list[str], wanted: str | None) -> None:
    """Replace the file, if the result is still a valid settings file."""
    text = "\n".join(lines) + "\n"
    try:
        tables: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: fix this first: {error}") from None
    if wanted is not None and one_line(wanted, 80) not in tables.get("views", {}):
        raise SettingsError(
            f"{path}: a view can only be added to a section [views], not to an inline table"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(path, text.encode())
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written: {error.strerror}") from None


def _toml_string(text: str) -> str:
    return '"' + "".join(_ESCAPED.get(character, character) for character in text) + '"'
