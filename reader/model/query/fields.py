"""What may stand behind the colon of each field."""

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from reader.model.query.ast import (
    Aged,
    Comparison,
    Dated,
    DatedBetween,
    Flag,
    Has,
    Is,
    Language,
    Measure,
    Measured,
    MeasuredBetween,
    Named,
    Naming,
    Part,
    Sort,
    SortKey,
    Tagged,
    Term,
    Time,
    Unit,
)
from reader.model.query.errors import wrong, wrong_value
from reader.model.text import clean_tag

_COMPARED: Final = re.compile(r"(<=|>=|<|>|=)?(.*)", re.DOTALL)
_AGE: Final = re.compile(r"([0-9]{1,6})([hdwmy])", re.IGNORECASE)
_DAY: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?|today|yesterday")
_NUMBER: Final = re.compile(r"[0-9]{1,12}")

_Chosen = TypeVar("_Chosen", bound=StrEnum)


def _choice(field: str, kind: type[_Chosen], value: str, start: int, end: int) -> _Chosen:
    known = [str(member) for member in kind]
    if value.casefold() not in known:
        raise wrong_value(field, value, known, start, end)
    return kind(value.casefold())


def sort_value(value: str, start: int, end: int) -> Sort:
    """The order named by `KEY` or `-KEY`. Raises WrongQuery with the nearest key."""
    reverse = value.startswith("-")
    return Sort(_choice("sort", SortKey, value.removeprefix("-"), start + reverse, end), reverse)


def _tagged(field: str, value: str, start: int, end: int) -> Term:
    beneath = value.endswith("/*")
    tag = clean_tag(value.removesuffix("/*"))
    if not tag:
        raise wrong("tag: needs the name of a tag", start, end)
    return Tagged(tag, beneath)


def _is(field: str, value: str, start: int, end: int) -> Term:
    return Is(_choice(field, Flag, value, start, end))


def _has(field: str, value: str, start: int, end: int) -> Term:
    return Has(_choice(field, Part, value, start, end))


def _named(field: str, value: str, start: int, end: int) -> Term:
    if not value.strip():
        raise wrong(f"{field}: needs some text", start, end)
    return Named(Naming(field), value)


def _language(field: str, value: str, start: int, end: int) -> Term:
    code = value.strip().casefold().replace("_", "-")
    if not re.fullmatch(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*", code):
        raise wrong("lang: needs a code such as 'en' or 'pt-br'", start, end)
    return Language(code)


def _measured(field: str, value: str, start: int, end: int) -> Term:
    measure = Measure(field)
    low, dots, high = value.partition("..")
    if dots and (low or high) and all(_NUMBER.fullmatch(part) for part in (low, high) if part):
        lowest, highest = int(low) if low else None, int(high) if high else None
        if lowest is not None and highest is not None and lowest > highest:
            raise wrong(f"{field}: ends before it begins", start, end, f"{field}:{high}..{low}")
        return MeasuredBetween(measure, lowest, highest)
    match = _COMPARED.fullmatch(value)
    assert match is not None
    if not _NUMBER.fullmatch(match[2]):
        raise wrong(f"{field}: needs a number such as '>10', '<10' or '5..10'", start, end)
    return Measured(measure, _comparison(match[1]), int(match[2]))


def _comparison(sign: str | None) -> Comparison:
    return Comparison.EQUAL if sign in (None, "=") else Comparison(sign)


def _timed(field: str, value: str, start: int, end: int) -> Term:
    time = Time(field)
    first, dots, last = value.casefold().partition("..")
    if dots:
        return _dated_between(time, first, last, start, end)
    match = _COMPARED.fullmatch(value.casefold())
    assert match is not None
    comparison = _comparison(match[1])
    age = _AGE.fullmatch(match[2])
    if age is None:
        return Dated(time, comparison, _day(field, match[2], start + len(match[1] or ""), end))
    if comparison is Comparison.EQUAL:
        meant = f"{field}:<{match[2]}"
        raise wrong(f"{field}: needs '<' for younger or '>' for older", start, end, meant)
    return Aged(time, comparison, int(age[1]), Unit(age[2]))


def _dated_between(time: Time, first: str, last: str, start: int, end: int) -> Term:
    if not first and not last:
        raise wrong(f"{time}: needs a date beside '..'", start, end)
    begins = _day(time, first, start, start + len(first)) if first else None
    ends = _day(time, last, end - len(last), end) if last else None
    if first[:1].isdigit() and last[:1].isdigit() and last < first[: len(last)]:
        raise wrong(f"{time}: ends before it begins", start, end, f"{time}:{last}..{first}")
    return DatedBetween(time, begins, ends)


def _day(field: str, text: str, start: int, end: int) -> str:
    if not _DAY.fullmatch(text):
        form = "a date such as '2026-01-31' or '2026-01', or an age such as '<7d'"
        raise wrong(f"{field}: needs {form}", start, end, _nearest_time(text))
    if text[:1].isdigit():
        try:
            date.fromisoformat(
                text + "-01-01"[: 10 - len(text)] if len(text) == 4 else (text + "-01")[:10]
            )
        except ValueError:
            raise wrong(f"{field}: there is no day {text!r}", start, end) from None
    return text


_LOOSE_DAY: Final = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?")
_LOOSE_AGE: Final = re.compile(r"(?:last|past)?\s*([0-9]{0,6})\s*([hdwmy])[a-z]*")


def _nearest_time(text: str) -> str | None:
    """The day or the age as it is written here, where it can be told."""
    if day := _LOOSE_DAY.fullmatch(text):
        return "-".join([day[1], *(part.zfill(2) for part in day.groups()[1:] if part)])
    if age := _LOOSE_AGE.fullmatch(text):
        return f"<{age[1] or 1}{age[2]}"
    return f"<{text}d" if _NUMBER.fullmatch(text) and len(text) < 4 else None


_Reading = Callable[[str, str, int, int], Term]
FIELDS: Final[dict[str, _Reading]] = {
    "tag": _tagged,
    "is": _is,
    "has": _has,
    "site": _named,
    "by": _named,
    "title": _named,
    "lang": _language,
    "added": _timed,
    "published": _timed,
    "words": _measured,
    "minutes": _measured,
    "left": _measured,
}
"""Every field but `sort`, in the order that completion offers them."""


def field_term(field: str, value: str, start: int, end: int) -> Term:
    """The term of a known field; `start` and `end` say where its value stands."""
    return FIELDS[field](field, value, start, end)
