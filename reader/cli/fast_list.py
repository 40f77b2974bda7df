"""The fast path of `list` without a query, straight from a fresh cache.

Imports neither argparse nor dataclasses nor platformdirs, each of which takes longer than all of
this. Any other case is left to `reader.cli.list`, which prints the same.
"""

# ruff: noqa: PTH100, PTH111 - importing pathlib costs as much as reading the rows

from __future__ import annotations

import os
import sys

from reader.cli import stdio
from reader.cli.settings_check import is_known_good
from reader.user_folders import user_folder

# Importing typing costs as much as reading the rows; type checkers know this name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence
    from typing import Any

_STATES = ("unread", "reading", "read")
_MARKS = ("●", "◐", "○")
_SHOWN = (
    "id", "id_before", "id_after", "state", "starred", "title", "site", "words", "minutes", "fetch",
    "tags",
)  # fmt: skip
"""Columns of a line, in the order of the arguments of `_line`."""
_FETCHES = ("done", "queued", "failed")


def list_newest(words: Sequence[str], environ: Mapping[str, str] = os.environ) -> bool:
    """Print the newest rows for `list [--limit N] [--json]`; return False for other cases."""
    asked = _parse_arguments(words)
    if asked is None:
        return False
    from reader.search.store.fast_listing import newest_rows

    limit, as_json = asked
    if not as_json and sys.stdout.isatty():
        # A terminal gets aligned columns.
        return False
    folders = library_and_cache(environ)
    if folders is None:
        return False
    home, cache = folders
    config = config_file(environ)
    if config is None or not is_known_good(config, cache):
        # The settings may have errors, which every command reports.
        return False
    rows = newest_rows(cache, home, limit)
    if rows is None:
        return False
    written = _json(rows) if as_json else _lines(rows)
    stdio.write(_clean(written))
    return True


def _clean(written: str) -> str:
    """Clean text for a terminal again, although it was cleaned when it was saved.

    Printable text needs no cleaning, so that the tables of the allow-list, which take as long to
    load as all else here, are not loaded.
    """
    if all(line.isprintable() for line in written.split("\n")):
        return written
    from reader.model.text import clean

    return clean(written)


def _parse_arguments(words: Sequence[str]) -> tuple[int, bool] | None:
    limit, as_json = -1, False
    if not words or words[0] != "list":
        return None
    rest = iter(words[1:])
    for word in rest:
        if word == "--json":
            as_json = True
        elif word == "--limit":
            value = next(rest, "")
            if not (value.isdecimal() and value.isascii() and len(value) <= 7):
                return None
            limit = int(value)
        else:
            return None
    return limit, as_json


def library_and_cache(environ: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the library's home and the cache folder, as `paths.find` does.

    None where only platformdirs knows them.
    """
    data, cache = user_folder("data", environ), user_folder("cache", environ)
    if data is None or cache is None:
        return None
    home = environ.get("READER_HOME")
    library = os.path.abspath(os.path.expanduser(home)) if home else f"{data}/reader"
    return library, f"{cache}/reader"


def config_file(environ: Mapping[str, str]) -> str | None:
    """Return the settings file, as `paths.find` does; None where only platformdirs knows it."""
    named = environ.get("READER_CONFIG")
    if named:
        return os.path.abspath(os.path.expanduser(named))
    folder = user_folder("config", environ)
    return None if folder is None else f"{folder}/reader/config.toml"


def _lines(rows: Sequence[sqlite3.Row]) -> str:
    """Return the lines of a list. ⏱ Names of columns are searched once: half of the time."""
    if not rows:
        return ""
    names = rows[0].keys()
    places = [names.index(name) for name in _SHOWN]
    lines = []
    for row in rows:
        values = tuple(row)
        lines.append(_line(*[values[place] for place in places]))
    return "\n".join([*lines, ""])


def _line(
    entry_id: str, before: str | None, after: str | None, state: int, starred: int, title: str,
    site: str | None, words: int, minutes: int, fetch: str | int, tags: str,
) -> str:  # fmt: skip
    marks = _MARKS[state] + ("★" if starred else "")
    about = f"{minutes} min" if words else _fetch_text(fetch)
    if site and about:
        about = f"{site} · {about}"
    named = " ".join([f"#{tag}" for tag in tags.split("\n")]) if tags else ""
    cells = (_shortest(entry_id, before, after), marks, title, about or site or "", named)
    return "  ".join([cell for cell in cells if cell])


def _shortest(entry_id: str, *others: str | None) -> str:
    length = 4
    for other in others:
        if other:
            while length < len(entry_id) and other[:length] == entry_id[:length]:
                length += 1
    return entry_id[:length]


def _json(rows: Sequence[sqlite3.Row]) -> str:
    import json

    values: list[dict[str, Any]] = [
        {
            **{
                name: row[name]
                for name in (
                    "id",
                    "url",
                    "title",
                    "byline",
                    "site",
                    "published",
                    "added",
                    "language",
                )
            },
            "tags": _tags(row),
            "state": _STATES[row["state"]],
            "starred": bool(row["starred"]),
            "archived": bool(row["archived"]),
            "progress": round(row["progress"], 4),
            "words": row["words"],
            "minutes": row["minutes"],
            "fetch": _fetch_text(row["fetch"]),
            "reason": row["reason"],
            "highlights": row["highlights"],
        }
        for row in rows
    ]
    return json.dumps(values, ensure_ascii=not stdio.is_unicode(), indent=1) + "\n"


def _tags(row: sqlite3.Row) -> list[str]:
    return row["tags"].split("\n") if row["tags"] else []


def _fetch_text(value: str | int) -> str:
    return value if isinstance(value, str) else _FETCHES[value]
