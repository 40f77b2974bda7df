"""Date terms as bounds on the texts that are stored; days are local ones."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from reader.model.query.ast import Aged, Comparison, Dated, DatedBetween, Time, Unit

EARLIEST: Final = "0"
LATEST: Final = "~"
"""Below and above every stored time; an absent time is stored as empty text, below both."""

Bounds = tuple[str, str]
"""A half-open span: from the first, before the second, compared as text."""


def bounds(term: Aged | Dated | DatedBetween, now: datetime) -> Bounds:
    """The span of `added` (UTC text) or of `published_key` that the term asks for at `now`.

    `now` is an instant with its zone; days begin at midnight of the system's zone.
    """
    if isinstance(term, Aged):
        edge = _edge(term.field, _before(now.astimezone(), term.amount, term.unit))
        younger = term.comparison in (Comparison.LESS, Comparison.AT_MOST)
        return (edge, LATEST) if younger else (EARLIEST, edge)
    today = now.astimezone().date()
    if isinstance(term, DatedBetween):
        low = EARLIEST if term.first is None else _start(term.field, _first(term.first, today))
        high = LATEST if term.last is None else _start(term.field, _beyond(term.last, today))
        return low, high
    begins = _start(term.field, _first(term.day, today))
    ends = _start(term.field, _beyond(term.day, today))
    spans: dict[Comparison, Bounds] = {
        Comparison.EQUAL: (begins, ends),
        Comparison.LESS: (EARLIEST, begins),
        Comparison.AT_MOST: (EARLIEST, ends),
        Comparison.MORE: (ends, LATEST),
        Comparison.AT_LEAST: (begins, LATEST),
    }
    return spans[term.comparison]


def published_key(published: str | None) -> str:
    """The time of publication as text that sorts: as the page wrote it, missing parts the first.

    Empty where there is none, or where it does not begin with a year.
    """
    text = published or ""
    if not text[:4].isdecimal() or len(text) < 4:
        return ""
    padded = text if len(text) >= 10 else (text + "-01-01" if len(text) == 4 else text + "-01")
    return padded[:19]


def _first(day: str, today: date) -> date:
    if day == "today":
        return today
    if day == "yesterday":
        return today - timedelta(days=1)
    return date(int(day[:4]), int(day[5:7] or 1), int(day[8:10] or 1))


def _beyond(day: str, today: date) -> date | None:
    """The first day after; `None` beyond the calendar's end."""
    first = _first(day, today)
    try:
        if len(day) == 4:
            return first.replace(year=first.year + 1)
        if len(day) == 7:
            return (first + timedelta(days=31)).replace(day=1)
        return first + timedelta(days=1)
    except (OverflowError, ValueError):
        return None


def _start(field: Time, day: date | None) -> str:
    """Where the local day begins, in the field's own text."""
    if day is None:
        return LATEST
    if field is Time.PUBLISHED:
        return day.isoformat()
    try:
        return _utc(datetime(day.year, day.month, day.day))
    except (OverflowError, ValueError, OSError):
        return EARLIEST if day.year < 1970 else LATEST


def _edge(field: Time, moment: datetime | None) -> str:
    if moment is None:
        return EARLIEST
    return moment.date().isoformat() if field is Time.PUBLISHED else _utc(moment)


def _utc(local: datetime) -> str:
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def _before(now: datetime, amount: int, unit: Unit) -> datetime | None:
    """The local wall clock so much earlier; `None` before the calendar's beginning."""
    wall = now.replace(tzinfo=None)
    try:
        if unit is Unit.HOURS:
            return now - timedelta(hours=amount)
        if unit is Unit.DAYS:
            return wall - timedelta(days=amount)
        if unit is Unit.WEEKS:
            return wall - timedelta(weeks=amount)
        months = wall.year * 12 + wall.month - 1 - amount * (12 if unit is Unit.YEARS else 1)
        year, month = divmod(months, 12)
        return _clamped(wall, year, month + 1)
    except (OverflowError, ValueError):
        return None


def _clamped(wall: datetime, year: int, month: int) -> datetime:
    """The same day of that month, or its last day where it is shorter."""
    for day in (wall.day, 30, 29, 28):
        try:
            return wall.replace(year=year, month=month, day=day)
        except ValueError:
            if year < 1:
                raise
    raise ValueError(f"no day in {year}-{month}")
