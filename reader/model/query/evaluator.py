"""Evaluation of a query against an entry, without any index.

This is the meaning of the language: the cache must give the same, and tests hold it to that.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from string import ascii_lowercase, ascii_uppercase
from typing import Final, assert_never

from reader.model.entry import Entry, FetchStatus
from reader.model.labels import label_key
from reader.model.query.ast import (
    AgeTerm,
    And,
    Comparison,
    DateRangeTerm,
    DateTerm,
    FieldTerm,
    Flag,
    HasTerm,
    LabelTerm,
    LanguageTerm,
    Leaf,
    Not,
    NumberField,
    NumberRangeTerm,
    NumberTerm,
    Or,
    Part,
    Query,
    StateTerm,
    TagTerm,
    Term,
    TextField,
    TextTerm,
    TimeField,
    includes_trash,
)
from reader.model.query.time_bounds import time_bounds
from reader.model.sort_keys import published_sort_key
from reader.model.text import fold_case
from reader.model.tokenizer import fold_accents, tokenize
from reader.model.urls import host_of

Texts = Callable[[Entry], Iterable[str]]
"""Callback for the texts that bare words search; a phrase never spans two."""


def title_and_byline(entry: Entry) -> tuple[str, ...]:
    """Return the texts that need no file."""
    return (entry.title, entry.byline or "")


def matches(query: Query, entry: Entry, now: datetime, texts: Texts = title_and_byline) -> bool:
    """Return whether the entry matches at `now`; trashed ones only if the query asks for them."""
    if entry.trashed and not includes_trash(query):
        return False
    return query.where is None or _matches_term(query.where, entry, now, texts)


def _matches_term(term: Term, entry: Entry, now: datetime, texts: Texts) -> bool:
    if isinstance(term, And):
        return all(_matches_term(part, entry, now, texts) for part in term.terms)
    if isinstance(term, Or):
        return any(_matches_term(part, entry, now, texts) for part in term.terms)
    if isinstance(term, Not):
        return not _matches_term(term.term, entry, now, texts)
    return _matches_leaf(term, entry, now, texts)


def _matches_leaf(term: Leaf, entry: Entry, now: datetime, texts: Texts) -> bool:
    match term:
        case TextTerm(text, prefix):
            wanted = tokenize(text)
            return any(
                find_phrase(tokenize(each), wanted, prefix) is not None for each in texts(entry)
            )
        case TagTerm(tag, beneath):
            wanted_tag = fold_case(tag)
            return any(_tag_matches(fold_case(each), wanted_tag, beneath) for each in entry.tags)
        case StateTerm(flag):
            return _has_state(flag, entry)
        case HasTerm(part):
            return _has_part(part, entry)
        case FieldTerm(field, text):
            return fold_accents(text) in field_text(field, entry)
        case LabelTerm(label):
            return label_key(label) in entry.labels
        case LanguageTerm(code):
            language = (entry.language or "").casefold().replace("_", "-")
            return language == code or language.startswith(code + "-")
        case NumberTerm(measure, comparison, number):
            return _compare(_number_of(measure, entry), comparison, number)
        case NumberRangeTerm(measure, low, high):
            value = _number_of(measure, entry)
            return (low is None or low <= value) and (high is None or value <= high)
        case AgeTerm() | DateTerm() | DateRangeTerm():
            value_at = (
                entry.added
                if term.field is TimeField.ADDED
                else published_sort_key(entry.published)
            )
            earliest, beyond = time_bounds(term, now)
            return earliest <= value_at < beyond
    assert_never(term)


def find_phrase(words: Sequence[str], wanted: Sequence[str], prefix: bool) -> int | None:
    """Return the position of the consecutive words; with `prefix` the last may be longer."""
    count = len(wanted)
    if not count:
        return None
    for start in range(len(words) - count + 1):
        last = words[start + count - 1]
        if (
            (words[start] == wanted[0] or (count == 1 and prefix))
            and list(words[start : start + count - 1]) == list(wanted[:-1])
            and (last == wanted[-1] or (prefix and last.startswith(wanted[-1])))
        ):
            return start
    return None


def _tag_matches(tag: str, wanted: str, beneath: bool) -> bool:
    return tag.startswith(wanted + "/") or (not beneath and tag == wanted)


def _has_state(flag: Flag, entry: Entry) -> bool:
    match flag:
        case Flag.UNREAD | Flag.READING | Flag.READ:
            return entry.state.value == flag.value
        case Flag.STARRED:
            return entry.starred
        case Flag.ARCHIVED:
            return entry.archived
        case Flag.TRASHED:
            return entry.trashed
        case Flag.QUEUED:
            return entry.fetch is FetchStatus.QUEUED
        case Flag.FAILED:
            return entry.fetch is FetchStatus.FAILED
        case Flag.OFFLINE:
            return entry.has_text
    assert_never(flag)


def _has_part(part: Part, entry: Entry) -> bool:
    match part:
        case Part.HIGHLIGHTS:
            return entry.highlights > 0
        case Part.NOTES:
            return entry.has_note
        case Part.IMAGES:
            return entry.has_images
        case Part.TAGS:
            return bool(entry.tags)
    assert_never(part)


_LOWER_ASCII: Final = str.maketrans(ascii_uppercase, ascii_lowercase)


def field_text(field: TextField, entry: Entry) -> str:
    """Return the folded text that `site:`, `by:` or `title:` searches; a site includes its host.

    Reasons are folded as SQLite's `lower` does it, which compares them without an index.
    """
    match field:
        case TextField.SITE:
            return fold_accents(f"{entry.site or ''}\n{host_of(entry.url)}")
        case TextField.BY:
            return fold_accents(entry.byline or "")
        case TextField.TITLE:
            return fold_accents(entry.title)
        case TextField.REASON:
            return (entry.reason or "").translate(_LOWER_ASCII)
    assert_never(field)


def _number_of(measure: NumberField, entry: Entry) -> int:
    match measure:
        case NumberField.WORDS:
            return entry.words
        case NumberField.MINUTES:
            return entry.minutes
        case NumberField.LEFT:
            return entry.minutes_left
    assert_never(measure)


def _compare(value: int, comparison: Comparison, number: int) -> bool:
    match comparison:
        case Comparison.LESS:
            return value < number
        case Comparison.AT_MOST:
            return value <= number
        case Comparison.MORE:
            return value > number
        case Comparison.AT_LEAST:
            return value >= number
        case Comparison.EQUAL:
            return value == number
    assert_never(comparison)
