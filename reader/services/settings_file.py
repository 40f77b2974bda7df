"""Single values of the settings file, written without touching its other lines."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from reader.library.durable_io import atomic_write, refuse_special
from reader.model.errors import SettingsError
from reader.model.text import one_line
from reader.paths import real_path

_ESCAPED: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}

_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")


def set_value(path: Path, section: str, name: str, value: str) -> None:
    """Set a value in a section of the file, which is created if needed. Raises SettingsError."""
    key = name if _BARE_KEY.fullmatch(name) else _toml_string(name)
    line = f"{key} = {_toml_string(value)}"
    lines = _lines_without(_lines(path), section, name)
    head = next((n for n, text in enumerate(lines) if text.strip() == f"[{section}]"), None)
    if head is None:
        lines += [*([""] if lines and lines[-1].strip() else []), f"[{section}]", line]
    else:
        lines.insert(head + 1, line)
    _write(path, lines, section, name)


def delete_value(path: Path, section: str, name: str) -> None:
    """Delete a value from a section of the file. Raises SettingsError."""
    _write(path, _lines_without(_lines(path), section, name))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{path}: cannot be read, so nothing was saved") from None


def _lines_without(lines: list[str], section: str, name: str) -> list[str]:
    """Return the lines without those of the section that assign the name."""
    kept, inside = [], False
    for line in lines:
        if line.lstrip().startswith("["):
            inside = line.strip() == f"[{section}]"
        if not (inside and _assigned_name(line) == name):
            kept.append(line)
    return kept


def _assigned_name(line: str) -> str | None:
    try:
        table = tomllib.loads(line)
    except ValueError:
        return None
    return next(iter(table), None)


def _write(path: Path, lines: list[str], section: str = "", name: str = "") -> None:
    """Replace the file, if the result is a valid settings file with that name in the section."""
    text = "\n".join(lines) + "\n"
    try:
        tables: dict[str, Any] = tomllib.loads(text)
    except ValueError as error:
        # A TOMLDecodeError, or a number of more digits than Python takes.
        raise SettingsError(f"{path}: fix this first: {one_line(str(error), 200)}") from None
    if section and name not in tables.get(section, {}):
        raise SettingsError(
            f"{path}: write [{section}] as a section, not as an inline table, to add {name} to it"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A link stays one: programs that manage settings files make links to their own copies.
        refuse_special(path)
        atomic_write(real_path(path), text.encode())
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written: {error.strerror}") from None


def _toml_string(text: str) -> str:
    return '"' + "".join(_ESCAPED.get(character, character) for character in text) + '"'
