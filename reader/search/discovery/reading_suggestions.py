"""Suggestions of articles to read: by available time, or long neglected."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from reader.model.entry import Entry, FetchStatus, minutes_left_at

_NEGLECTED_AFTER_DAYS: Final = 60
"""Days after which an unopened article counts as neglected."""


def within_minutes(
    entries: Iterable[Entry], minutes: int, *, speed: int = 0, limit: int = 10
) -> list[Entry]:
    """Return unfinished articles whose remaining text fits the minutes, best first.

    Begun articles come before others, then starred ones, then those that fill the time best.
    """
    found = [
        (entry.progress < 0.02, not entry.starred, -left, entry)
        for entry in entries
        if _is_waiting(entry) and 0 < (left := minutes_left_at(entry, speed)) <= minutes
    ]
    found.sort(key=lambda each: (*each[:3], each[3].id))
    return [entry for *_, entry in found[:limit]]


def neglected(entries: Iterable[Entry], now: datetime, *, limit: int = 5) -> list[Entry]:
    """Return unfinished old articles that have a star, tag, note or highlight.

    The choice changes daily and is stable within a day. Entries with more annotations are drawn
    more often.
    """
    today = now.astimezone().date().isoformat()
    found = [
        (_daily_draw(entry, today) ** (1.0 / _value_score(entry)), entry)
        for entry in entries
        if _is_waiting(entry)
        and _value_score(entry)
        and _age_in_days(entry, now) >= _NEGLECTED_AFTER_DAYS
    ]
    found.sort(key=lambda each: (-each[0], each[1].id))
    return [entry for _, entry in found[:limit]]


def _is_waiting(entry: Entry) -> bool:
    """Return whether the article is unread or begun, and neither archived nor in the trash."""
    put_away = entry.finished or entry.archived or entry.trashed
    return not put_away and entry.fetch is FetchStatus.DONE and entry.words > 0


def _value_score(entry: Entry) -> int:
    return (
        3 * entry.starred
        + min(len(entry.tags), 3)
        + 2 * bool(entry.highlights)
        + 2 * entry.has_note
    )


def _age_in_days(entry: Entry, now: datetime) -> float:
    """Return the days since the entry was added; 0.0 for an invalid date."""
    try:
        added = datetime.strptime(entry.added, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return 0.0
    return (now.astimezone(UTC) - added).total_seconds() / 86_400


def _daily_draw(entry: Entry, today: str) -> float:
    """Return a number in (0, 1] for this entry and day (weighted draw, Efraimidis 2006)."""
    digest = hashlib.sha256(f"{today}{entry.id}".encode()).digest()
    return (int.from_bytes(digest[:6], "big") + 1) / (1 << 48)
