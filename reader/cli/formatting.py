"""A library's entry as `--json` says it, and as one line for people."""

from datetime import UTC, datetime
from typing import Any

from reader.model.entry import Entry, State

_MARKS = {State.UNREAD: "●", State.READING: "◐", State.READ: "○"}


def json_row(entry: Entry) -> dict[str, Any]:
    """The row of `list --json`, keys in the order of the documentation."""
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


def list_cells(entry: Entry, shown_id: str) -> list[str]:
    """What `list` prints: id, state, title, then site, minutes and tags."""
    marks = _MARKS[entry.state] + ("★" if entry.starred else "")
    about = [entry.site or "", f"{entry.minutes} min" if entry.words else str(entry.fetch)]
    tags = " ".join(f"#{tag}" for tag in entry.tags)
    return [shown_id, marks, entry.title, " · ".join(part for part in about if part), tags]


def age(added: str, now: datetime) -> str:
    """How long ago, in the largest whole unit: `now`, `5 min`, `2 h`, `3 d`, `4 w`, `5 mo`, `6 y`."""
    seconds = (now.astimezone(UTC) - datetime.fromisoformat(added)).total_seconds()
    for size, unit in (
        (31_557_600, "y"),
        (2_629_800, "mo"),
        (604_800, "w"),
        (86_400, "d"),
        (3600, "h"),
        (60, "min"),
    ):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return "now"
