"""The fields of the query language, and the values after their colons."""

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from reader.model.labels import clean_word
from reader.model.query.ast import (
    AgeTerm,
    Comparison,
    DateRangeTerm,
    DateTerm,
    FieldTerm,
    Flag,
    HasTerm,
    LabelTerm,
    LanguageTerm,
    NumberField,
    NumberRangeTerm,
    NumberTerm,
    Part,
    Sort,
    SortKey,
    StateTerm,
    TagTerm,
    Term,
    TextField,
    TimeField,
    TimeUnit,
)
from reader.model.query.query_errors import invalid_value_error, query_error
from reader.model.text import clean_tag

_COMPARISON: Final = re.compile(r"(<=|>=|<|>|=)?(.*)", re.DOTALL)
_AGE: Final = re.compile(r"([0-9]{1,6})([hdwmy])", re.IGNORECASE)
_DAY: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?|today|yesterday")
_NUMBER: Final = re.compile(r"[0-9]{1,12}")

_Chosen = TypeVar("_Chosen", bound=StrEnum)


def _parse_choice(field: str, kind: type[_Chosen], value: str, start: int, end: int) -> _Chosen:
    known = [str(member) for member in kind]
    if value.casefold() not in known:
        raise invalid_value_error(field, value, known, start, end)
    return kind(value.casefold())


def parse_sort(value: str, start: int, end: int) -> Sort:
    """Return the order named by `KEY` or `-KEY`. Raises QueryError with the nearest key."""
    reverse = value.startswith("-")
    return Sort(
        _parse_choice("sort", SortKey, value.removeprefix("-"), start + reverse, end), reverse
    )


def _parse_tag(field: str, value: str, start: int, end: int) -> Term:
    beneath = value.endswith("/*")
    tag = clean_tag(value.removesuffix("/*"))
    if not tag:
        raise query_error("tag: needs the name of a tag", start, end)
    return TagTerm(tag, beneath)


def _parse_state(field: str, value: str, start: int, end: int) -> Term:
    return StateTerm(_parse_choice(field, Flag, value, start, end))


def _parse_has(field: str, value: str, start: int, end: int) -> Term:
    return HasTerm(_parse_choice(field, Part, value, start, end))


def _parse_text(field: str, value: str, start: int, end: int) -> Term:
    if not value.strip():
        raise query_error(f"{field}: needs some text", start, end)
    return FieldTerm(TextField(field), value)


def _parse_label(field: str, value: str, start: int, end: int) -> Term:
    label = clean_word(value)
    if not label:
        raise query_error("label: needs a colour or word of a label", start, end)
    return LabelTerm(label)


def _parse_language(field: str, value: str, start: int, end: int) -> Term:
    code = value.strip().casefold().replace("_", "-")
    if not re.fullmatch(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*", code):
        raise query_error("lang: needs a code such as 'en' or 'pt-br'", start, end)
    return LanguageTerm(code)


def _parse_number(field: str, value: str, start: int, end: int) -> Term:
    measure = NumberField(field)
    low, dots, high = value.partition("..")
    if dots and (low or high) and all(_NUMBER.fullmatch(part) for part in (low, high) if part):
        lowest, highest = int(low) if low else None, int(high) if high else None
        if lowest is not None and highest is not None and lowest > highest:
            raise query_error(
                f"{field}: ends before it begins", start, end, f"{field}:{high}..{low}"
            )
        return NumberRangeTerm(measure, lowest, highest)
    match = _COMPARISON.fullmatch(value)
    assert match is not None
    if not _NUMBER.fullmatch(match[2]):
        raise query_error(f"{field}: needs a number such as '>10', '<10' or '5..10'", start, end)
    return NumberTerm(measure, _parse_comparison(match[1]), int(match[2]))


def _parse_comparison(sign: str | None) -> Comparison:
    return Comparison.EQUAL if sign in (None, "=") else Comparison(sign)


def _parse_time(field: str, value: str, start: int, end: int) -> Term:
    time = TimeField(field)
    first, dots, last = value.casefold().partition("..")
    if dots:
        return _parse_date_range(time, first, last, start, end)
    match = _COMPARISON.fullmatch(value.casefold())
    assert match is not None
    comparison = _parse_comparison(match[1])
    age = _AGE.fullmatch(match[2])
    if age is None:
        return DateTerm(
            time, comparison, _check_day(field, match[2], start + len(match[1] or ""), end)
        )
    if comparison is Comparison.EQUAL:
        meant = f"{field}:<{match[2]}"
        raise query_error(f"{field}: needs '<' for younger or '>' for older", start, end, meant)
    return AgeTerm(time, comparison, int(age[1]), TimeUnit(age[2]))


def _parse_date_range(time: TimeField, first: str, last: str, start: int, end: int) -> Term:
    if not first and not last:
        raise query_error(f"{time}: needs a date before or after '..'", start, end)
    begins = _check_day(time, first, start, start + len(first)) if first else None
    ends = _check_day(time, last, end - len(last), end) if last else None
    if first[:1].isdigit() and last[:1].isdigit() and last < first[: len(last)]:
        raise query_error(f"{time}: ends before it begins", start, end, f"{time}:{last}..{first}")
    return DateRangeTerm(time, begins, ends)


def _check_day(field: str, text: str, start: int, end: int) -> str:
    if not _DAY.fullmatch(text):
        form = "a date such as '2026-01-31' or '2026-01', or an age such as '<7d'"
        raise query_error(f"{field}: needs {form}", start, end, _suggest_time(text))
    if text[:1].isdigit():
        try:
            date.fromisoformat(
                text + "-01-01"[: 10 - len(text)] if len(text) == 4 else (text + "-01")[:10]
            )
        except ValueError:
            raise query_error(f"{field}: {text!r} is not a date", start, end) from None
    return text


_LOOSE_DAY: Final = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?")
_LOOSE_AGE: Final = re.compile(r"(?:last|past)?\s*([0-9]{0,6})\s*([hdwmy])[a-z]*")


def _suggest_time(text: str) -> str | None:
    """Return the day or age in the right form, if it can be guessed."""
    if day := _LOOSE_DAY.fullmatch(text):
        return "-".join([day[1], *(part.zfill(2) for part in day.groups()[1:] if part)])
    if age := _LOOSE_AGE.fullmatch(text):
        return f"<{age[1] or 1}{age[2]}"
    return f"<{text}d" if _NUMBER.fullmatch(text) and len(text) < 4 else None


_FieldParser = Callable[[str, str, int, int], Term]
FIELDS: Final[dict[str, _FieldParser]] = {
    "tag": _parse_tag,
    "is": _parse_state,
    "has": _parse_has,
    "label": _parse_label,
    "site": _parse_text,
    "by": _parse_text,
    "title": _parse_text,
    "reason": _parse_text,
    "lang": _parse_language,
    "added": _parse_time,
    "published": _parse_time,
    "words": _parse_number,
    "minutes": _parse_number,
    "left": _parse_number,
}
"""Every field but `sort`, in the order that completion offers them."""


def parse_field(field: str, value: str, start: int, end: int) -> Term:
    """Return the term of a known field; `start` and `end` say where its value stands."""
    return FIELDS[field](field, value, start, end)
