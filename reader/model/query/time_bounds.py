"""Date terms as bounds on the texts that are stored; days are local ones."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from reader.model.query.ast import AgeTerm, Comparison, DateRangeTerm, DateTerm, TimeField, TimeUnit

MIN_TIME: Final = "0"
MAX_TIME: Final = "~"
"""Below and above every stored time; an absent time is stored as empty text, below both."""

Bounds = tuple[str, str]
"""A half-open span: from the first, before the second, compared as text."""


def time_bounds(term: AgeTerm | DateTerm | DateRangeTerm, now: datetime) -> Bounds:
    """Return the bounds of `added` (UTC text) or `published_key` for the term at `now`.

    `now` is an instant with its zone; days begin at midnight of the system's zone.
    """
    if isinstance(term, AgeTerm):
        edge = _format_edge(term.field, _subtract(now.astimezone(), term.amount, term.unit))
        younger = term.comparison in (Comparison.LESS, Comparison.AT_MOST)
        return (edge, MAX_TIME) if younger else (MIN_TIME, edge)
    today = now.astimezone().date()
    if isinstance(term, DateRangeTerm):
        low = (
            MIN_TIME
            if term.first is None
            else _start_of_day(term.field, _first_day(term.first, today))
        )
        high = (
            MAX_TIME
            if term.last is None
            else _start_of_day(term.field, _day_after(term.last, today))
        )
        return low, high
    begins = _start_of_day(term.field, _first_day(term.day, today))
    ends = _start_of_day(term.field, _day_after(term.day, today))
    spans: dict[Comparison, Bounds] = {
        Comparison.EQUAL: (begins, ends),
        Comparison.LESS: (MIN_TIME, begins),
        Comparison.AT_MOST: (MIN_TIME, ends),
        Comparison.MORE: (ends, MAX_TIME),
        Comparison.AT_LEAST: (begins, MAX_TIME),
    }
    return spans[term.comparison]


def _first_day(day: str, today: date) -> date:
    if day == "today":
        return today
    if day == "yesterday":
        return today - timedelta(days=1)
    return date(int(day[:4]), int(day[5:7] or 1), int(day[8:10] or 1))


def _day_after(day: str, today: date) -> date | None:
    """Return the first day after the term; None beyond the calendar's end."""
    first = _first_day(day, today)
    try:
        if len(day) == 4:
            return first.replace(year=first.year + 1)
        if len(day) == 7:
            return (first + timedelta(days=31)).replace(day=1)
        return first + timedelta(days=1)
    except (OverflowError, ValueError):
        return None


def _start_of_day(field: TimeField, day: date | None) -> str:
    """Return the start of the local day, in the field's own form."""
    if day is None:
        return MAX_TIME
    if field is TimeField.PUBLISHED:
        return day.isoformat()
    try:
        return _format_utc(datetime(day.year, day.month, day.day))
    except (OverflowError, ValueError, OSError):
        return MIN_TIME if day.year < 1970 else MAX_TIME


def _format_edge(field: TimeField, moment: datetime | None) -> str:
    if moment is None:
        return MIN_TIME
    return moment.date().isoformat() if field is TimeField.PUBLISHED else _format_utc(moment)


def _format_utc(local: datetime) -> str:
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def _subtract(now: datetime, amount: int, unit: TimeUnit) -> datetime | None:
    """Return the local time that much earlier; None before the calendar's beginning."""
    wall = now.replace(tzinfo=None)
    try:
        if unit is TimeUnit.HOURS:
            return now - timedelta(hours=amount)
        if unit is TimeUnit.DAYS:
            return wall - timedelta(days=amount)
        if unit is TimeUnit.WEEKS:
            return wall - timedelta(weeks=amount)
        months = wall.year * 12 + wall.month - 1 - amount * (12 if unit is TimeUnit.YEARS else 1)
        year, month = divmod(months, 12)
        return _clamp_day(wall, year, month + 1)
    except (OverflowError, ValueError):
        return None


def _clamp_day(wall: datetime, year: int, month: int) -> datetime:
    """Return the same day of that month, or the last day of a shorter month."""
    for day in (wall.day, 30, 29, 28):
        try:
            return wall.replace(year=year, month=month, day=day)
        except ValueError:
            if year < 1:
                raise
    raise ValueError(f"no day in {year}-{month}")
