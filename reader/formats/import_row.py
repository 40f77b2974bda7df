"""Rows of import files, before anything of them is in the library."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from reader.model.highlight import Highlight
from reader.model.labels import clean_word, parse_color
from reader.model.text import one_line
from reader.model.urls import is_web_url, without_credentials


class ImportRow(NamedTuple):
    """One article or link of an import file.

    `row` is its number in the file, from 1. `added` is `YYYY-MM-DDTHH:MM:SSZ` or None. `page` is
    HTML or MHTML with the article's text if the file has it, as hostile as any page; `markdown`
    replaces it if the file has Markdown. Texts are not cleaned yet; the library cleans them.
    """

    row: int
    url: str | None
    title: str = ""
    tags: tuple[str, ...] = ()
    added: str | None = None
    archived: bool = False
    starred: bool = False
    finished: bool = False
    progress: float = 0.0
    note: str = ""
    highlights: tuple[Highlight, ...] = ()
    byline: str | None = None
    site: str | None = None
    published: str | None = None
    language: str | None = None
    description: str | None = None
    page: bytes | None = None
    markdown: str | None = None


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that cannot be imported: its number, and the reason.

    `is_expected` rows are no pages to anybody: bookmarklets, folders of a browser, mail addresses.
    """

    row: int
    reason: str
    is_expected: bool = False


Row = ImportRow | RejectedRow

_OTHER_SCHEMES: Final = frozenset(
    "about blob chrome chrome-extension data edge feed javascript magnet mailto moz-extension"
    " opera place sms tel view-source vivaldi".split()
)
"""Schemes of bookmarks that no browser saves as a page."""


def reject_url(row: int, value: object) -> RejectedRow:
    """Reject a row without a web address; bookmarklets and the like are expected."""
    text = value if isinstance(value, str) else ""
    scheme, colon, _ = text.strip().partition(":")
    if colon and scheme.casefold() in _OTHER_SCHEMES:
        return RejectedRow(row, f"not a web page: {scheme.casefold()}:", is_expected=True)
    return RejectedRow(row, f"no web address: {one_line(repr(value), 120)}")


MAX_TIME_LENGTH: Final = 80
"""Characters of a time; the longest seen is a mail's date with its zone."""
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
_EARLIEST_SECOND: Final = int(_EARLIEST.timestamp())
_LATEST_SECOND: Final = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp())
"""Seconds since 1970 between which a number is taken as it is."""


def parse_time(value: object) -> str | None:
    """Parse a time (Unix, ISO 8601, as in mail) to UTC, or return None.

    Years outside 1990–2200 count as no time: exports write 0 for "unknown".
    """
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip()
    if len(text) > MAX_TIME_LENGTH:
        return None
    try:
        if text.isdecimal() and _EARLIEST_SECOND <= int(text) < _LATEST_SECOND:
            # ⏱ Nearly all rows of a large export: half of the time.
            return f"{datetime.fromtimestamp(int(text), UTC).isoformat()[:19]}Z"
        if text.isdecimal() or re.fullmatch(r"\d+(\.\d+)?", text):
            seconds = float(text)
            seconds /= 1e6 if seconds > 1e14 else 1e3 if seconds > 1e11 else 1
            found = datetime.fromtimestamp(seconds, UTC)
        else:
            found = _parse_time_text(text)
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    if not found >= _EARLIEST or found.year > 2200:
        return None
    # ⏱ A fifth of the time of a format.
    return f"{found.isoformat()[:19]}Z"


def _parse_time_text(text: str) -> datetime:
    """Parse a time in words. Raises ValueError."""
    if text[:1].isdecimal():
        zone = re.sub(r"\s*([+-]\d\d):?(\d\d)$", r"\1:\2", text)
        return datetime.fromisoformat(zone.removesuffix(" UTC"))
    # Few files write times as mail does, and its module brings half of the standard library.
    from email.utils import parsedate_to_datetime

    return parsedate_to_datetime(text)


def parse_date(value: object) -> str | None:
    """Parse a publication date, as precise as in the file; None without a date."""
    text = str(value or "").strip()
    if re.fullmatch(r"\d{4}(-\d\d){0,2}", text):
        return text
    return parse_time(value)


def parse_bool(value: object) -> bool:
    """Return whether a cell is `true`, `1` or `yes`, in any case."""
    return str(value).strip().casefold() in ("true", "1", "yes")


def parse_fraction(value: object) -> float:
    """Parse a position from 0 to 1; 0 if it is not a number.

    A number above 1 or with a `%` is a percentage.
    """
    text = str(value).strip()
    try:
        number = float(text.rstrip("%"))
    except ValueError:
        return 0.0
    if number != number:
        return 0.0
    return min(1.0, max(0.0, number / 100 if number > 1 or "%" in text else number))


def parse_tags(values: Iterable[object]) -> tuple[str, ...]:
    """Return the tags in a list of texts, or of objects with `label` or `name`."""
    found: dict[str, None] = {}
    for value in values:
        if isinstance(value, dict):
            value = value.get("label") or value.get("name") or ""
        found[str(value).strip()] = None
    found.pop("", None)
    return tuple(found)


def make_highlight(
    quote: object,
    *,
    note: object = "",
    at: str | None = None,
    color: object = "",
    label: object = "",
) -> Highlight | None:
    """Return a highlight with an id made from its words; None without words.

    Importing the highlight twice adds it once. `color` is a name of the other program.
    """
    text = " ".join(str(quote or "").split())
    if not text:
        return None
    identity = hashlib.sha256(text.casefold().encode("utf-8", "replace")).hexdigest()[:16]
    return Highlight(
        id=identity,
        quote=text,
        note=str(note or "").strip(),
        at=at or "",
        color=parse_color(color),
        label=clean_word(str(label or "")),
    )


def unique_highlights(quotes: Iterable[Highlight | None]) -> tuple[Highlight, ...]:
    """Return each highlight once. Their places are unknown, so their order is kept."""
    found = {mark.id: mark for mark in quotes if mark is not None}
    return tuple(replace(mark, start=number) for number, mark in enumerate(found.values()))


def parse_text(value: object) -> str | None:
    """Return a field's text on one line; None if it holds no text."""
    return one_line(value) or None if isinstance(value, str) else None


def as_list(value: Any) -> list[Any]:
    """Return the items of a list; none if the file has another value in its place."""
    return value if isinstance(value, list) else []


def parse_url(value: object) -> str | None:
    """Return the text as a web address, or None unless it is `http` or `https`."""
    text = str(value or "").strip()
    return without_credentials(text) if is_web_url(text) else None
