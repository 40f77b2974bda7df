"""What to read next, for those who do not want to choose: by time at hand, or long forgotten."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from reader.model.entry import Entry, FetchStatus, minutes_left_at

_FORGOTTEN_AFTER: Final = 60
"""Days after which what was not opened counts as forgotten."""


def within_minutes(
    entries: Iterable[Entry], minutes: int, *, speed: int = 0, limit: int = 10
) -> list[Entry]:
    """Unfinished articles whose rest fits into the minutes, best first.

    Begun ones before others, then starred ones, then those that fill the time best.
    """
    found = [
        (entry.progress < 0.02, not entry.starred, -left, entry)
        for entry in entries
        if _is_waiting(entry) and 0 < (left := minutes_left_at(entry, speed)) <= minutes
    ]
    found.sort(key=lambda each: (*each[:3], each[3].id))
    return [entry for *_, entry in found[:limit]]


def neglected(entries: Iterable[Entry], now: datetime, *, limit: int = 5) -> list[Entry]:
    """Gems: unfinished, saved long ago, and once worth a star, a tag, a note or a highlight.

    Each day shows others, the same all day; those worth more come up more often.
    """
    today = now.astimezone().date().isoformat()
    found = [
        (_draw(entry, today) ** (1.0 / _worth(entry)), entry)
        for entry in entries
        if _is_waiting(entry) and _worth(entry) and _age(entry, now) >= _FORGOTTEN_AFTER
    ]
    found.sort(key=lambda each: (-each[0], each[1].id))
    return [entry for _, entry in found[:limit]]


def _is_waiting(entry: Entry) -> bool:
    """Whether there is something to read, and nobody said that it is done with."""
    put_away = entry.finished or entry.archived or entry.trashed
    return not put_away and entry.fetch is FetchStatus.DONE and entry.words > 0


def _worth(entry: Entry) -> int:
    return (
        3 * entry.starred
        + min(len(entry.tags), 3)
        + 2 * bool(entry.highlights)
        + 2 * entry.has_note
    )


def _age(entry: Entry, now: datetime) -> float:
    """Days since it was added; none where the date cannot be read."""
    try:
        added = datetime.strptime(entry.added, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return 0.0
    return (now.astimezone(UTC) - added).total_seconds() / 86_400


def _draw(entry: Entry, today: str) -> float:
    """A number from 0 to 1 for this entry on this day (weighted draw: Efraimidis 2006)."""
    digest = hashlib.sha256(f"{today}{entry.id}".encode()).digest()
    return (int.from_bytes(digest[:6], "big") + 1) / (1 << 48)
