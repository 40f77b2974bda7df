"""Saved views: lines under [views] of the settings file."""

from pathlib import Path

from reader.model.query import parse
from reader.model.text import one_line
from reader.services.settings_file import delete_value, set_value


def save_view(path: Path, name: str, query: str) -> None:
    """Save the query under a name in the settings file. Raises QueryError, SettingsError."""
    parse(query)
    set_value(path, "views", one_line(name, 80), query)


def delete_view(path: Path, name: str) -> None:
    """Delete the view of that name from the settings file. Raises SettingsError."""
    delete_value(path, "views", name)
