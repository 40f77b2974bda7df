"""Reading statistics: saved and finished articles, and words read."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from reader.model.entry import Entry, EntryId

_MONTH_COUNT: Final = 12
"""Months that are shown: a year."""
_MAX_ROWS: Final = 10
"""Sites and tags that are listed, the most frequent."""


@dataclass(frozen=True, slots=True)
class Month:
    """One local month (`2026-01`): articles saved and finished, and words of the finished ones."""

    month: str
    saved: int
    finished: int
    words: int


@dataclass(frozen=True, slots=True)
class TagHistory:
    """Articles saved with a tag in each month, oldest first."""

    tag: str
    saved: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Numbers of a library; streaks count consecutive days with a finished article.

    Today need not have one yet. `archived_unread` entries were archived without being finished.
    `months` are the last twelve, oldest first.
    """

    saved: int
    finished: int
    archived_unread: int
    words_read: int
    highlights: int
    streak: int
    longest_streak: int
    finished_this_week: int
    words_this_week: int
    days_to_finish: int | None
    months: tuple[Month, ...]
    tags: tuple[TagHistory, ...]
    sites: tuple[tuple[str, int], ...]


def make_statistics(
    entries: Iterable[Entry], finished_at: Mapping[EntryId, datetime], now: datetime
) -> Statistics:
    """Compute the statistics of all entries outside the trash. Linear.

    `finished_at` gives the time each entry was finished. Begun articles count in proportion to
    their progress. Days are local.
    """
    here = [entry for entry in entries if not entry.trashed]
    done = {entry.id: entry for entry in here if entry.finished}
    ended = {each: finished_at[each].astimezone().date() for each in done if each in finished_at}
    added = {entry.id: day for entry in here if (day := _local_day(entry.added))}
    today = now.astimezone().date()
    recent = [done[each] for each, day in ended.items() if today - timedelta(days=7) < day <= today]
    current, longest = count_streaks(ended.values(), today)
    months = _last_months(today)
    return Statistics(
        saved=len(here),
        finished=len(done),
        archived_unread=sum(entry.archived and not entry.finished for entry in here),
        words_read=sum(
            entry.words if entry.finished else int(entry.words * entry.progress) for entry in here
        ),
        highlights=sum(entry.highlights for entry in here),
        streak=current,
        longest_streak=longest,
        finished_this_week=len(recent),
        words_this_week=sum(entry.words for entry in recent),
        days_to_finish=_median(
            (day - added[each]).days for each, day in ended.items() if each in added
        ),
        months=_count_months(months, done, ended, added),
        tags=_count_tags(months, here, added),
        sites=tuple(
            Counter(entry.site for entry in done.values() if entry.site).most_common(_MAX_ROWS)
        ),
    )


def count_streaks(days: Iterable[date], today: date) -> tuple[int, int]:
    """Return the current and the longest run of consecutive days."""
    known = {day for day in days if day <= today}
    longest = run = 0
    before: date | None = None
    for day in sorted(known):
        run = run + 1 if before is not None and day - before == timedelta(days=1) else 1
        longest, before = max(longest, run), day
    is_going_on = before is not None and today - before <= timedelta(days=1)
    return (run if is_going_on else 0), longest


def _local_day(added: str) -> date | None:
    try:
        return (
            datetime.strptime(added, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).astimezone().date()
        )
    except (ValueError, OverflowError):
        return None


def _last_months(today: date) -> list[str]:
    last = today.year * 12 + today.month - 1
    return [
        f"{month // 12:04d}-{month % 12 + 1:02d}"
        for month in range(last - _MONTH_COUNT + 1, last + 1)
    ]


def _count_months(
    months: list[str],
    done: Mapping[EntryId, Entry],
    ended: Mapping[EntryId, date],
    added: Mapping[EntryId, date],
) -> tuple[Month, ...]:
    saved = Counter(f"{day:%Y-%m}" for day in added.values())
    finished = Counter(f"{day:%Y-%m}" for day in ended.values())
    words: Counter[str] = Counter()
    for each, day in ended.items():
        words[f"{day:%Y-%m}"] += done[each].words
    return tuple(Month(month, saved[month], finished[month], words[month]) for month in months)


def _count_tags(
    months: list[str], entries: list[Entry], added: Mapping[EntryId, date]
) -> tuple[TagHistory, ...]:
    counted: dict[str, Counter[str]] = {}
    for entry in entries:
        if entry.id in added:
            for tag in entry.tags:
                counted.setdefault(tag, Counter())[f"{added[entry.id]:%Y-%m}"] += 1
    over_time = [
        TagHistory(tag, tuple(by[month] for month in months)) for tag, by in counted.items()
    ]
    over_time.sort(key=lambda each: (-sum(each.saved), each.tag))
    return tuple(each for each in over_time[:_MAX_ROWS] if sum(each.saved))


def _median(numbers: Iterable[int]) -> int | None:
    ordered = sorted(max(number, 0) for number in numbers)
    return ordered[len(ordered) // 2] if ordered else None
