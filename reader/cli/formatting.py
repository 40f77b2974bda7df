"""Format an entry as a JSON row, or as the cells of a line."""

from typing import Any

from reader.cli.columns import Column, Style
from reader.model.entry import Entry, State

_MARKS = {State.UNREAD: "●", State.READING: "◐", State.READ: "○"}


def json_row(entry: Entry) -> dict[str, Any]:
    """Return the row of `list --json`, keys in the order of the documentation."""
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "byline": entry.byline,
        "site": entry.site,
        "published": entry.published,
        "added": entry.added,
        "language": entry.language,
        "tags": list(entry.tags),
        "state": str(entry.state),
        "starred": entry.starred,
        "archived": entry.archived,
        "progress": round(entry.progress, 4),
        "words": entry.words,
        "minutes": entry.minutes,
        "fetch": str(entry.fetch),
        "reason": entry.reason,
        "highlights": entry.highlights,
    }


LIST_COLUMNS = (
    Column(Style.ID),
    Column(Style.MARK),
    Column(is_flexible=True),
    Column(Style.DIM, max_width=32),
    Column(Style.DIM, max_width=28),
)
"""Columns of `list_cells`."""


def list_cells(entry: Entry, shown_id: str) -> list[str]:
    """Return the cells of `list`: id, state, title, site and minutes, tags."""
    marks = _MARKS[entry.state] + ("★" if entry.starred else "")
    about = [entry.site or "", f"{entry.minutes} min" if entry.words else str(entry.fetch)]
    tags = " ".join(f"#{tag}" for tag in entry.tags)
    return [shown_id, marks, entry.title, " · ".join(part for part in about if part), tags]


def format_duration(seconds: float) -> str:
    """Return a time in words: seconds, minutes or hours."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
