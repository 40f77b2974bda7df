"""Whether an entry answers a query, without any index.

This is the meaning of the language: the cache must give the same, and tests hold it to that.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import assert_never

from reader.model.entry import Entry, Fetch
from reader.model.query.ast import (
    Aged,
    And,
    Comparison,
    Dated,
    DatedBetween,
    Flag,
    Has,
    Is,
    Language,
    Leaf,
    Measure,
    Measured,
    MeasuredBetween,
    Named,
    Naming,
    Not,
    Or,
    Part,
    Query,
    Tagged,
    Term,
    Text,
    Time,
    shows_trash,
)
from reader.model.query.dates import bounds, published_key
from reader.model.text import folded
from reader.model.tokenizer import tokens, unaccented
from reader.model.urls import host_of

Texts = Callable[[Entry], Iterable[str]]
"""The texts of an entry that bare words search, each on its own: a phrase never spans two."""


def names_only(entry: Entry) -> tuple[str, ...]:
    """The texts that are at hand without opening a file."""
    return (entry.title, entry.byline or "")


def matches(query: Query, entry: Entry, now: datetime, texts: Texts = names_only) -> bool:
    """Whether the entry answers the query at `now`; what is in the trash only if it is asked for."""
    if entry.trashed and not shows_trash(query):
        return False
    return query.where is None or _holds(query.where, entry, now, texts)


def _holds(term: Term, entry: Entry, now: datetime, texts: Texts) -> bool:
    if isinstance(term, And):
        return all(_holds(part, entry, now, texts) for part in term.terms)
    if isinstance(term, Or):
        return any(_holds(part, entry, now, texts) for part in term.terms)
    if isinstance(term, Not):
        return not _holds(term.term, entry, now, texts)
    return _leaf_holds(term, entry, now, texts)


def _leaf_holds(term: Leaf, entry: Entry, now: datetime, texts: Texts) -> bool:
    match term:
        case Text(text, prefix):
            wanted = tokens(text)
            return any(run_at(tokens(each), wanted, prefix) is not None for each in texts(entry))
        case Tagged(tag, beneath):
            wanted_tag = folded(tag)
            return any(_is_under(folded(each), wanted_tag, beneath) for each in entry.tags)
        case Is(flag):
            return _is(flag, entry)
        case Has(part):
            return _has(part, entry)
        case Named(field, text):
            return unaccented(text) in named(field, entry)
        case Language(code):
            language = (entry.language or "").casefold().replace("_", "-")
            return language == code or language.startswith(code + "-")
        case Measured(measure, comparison, number):
            return _compares(_measure(measure, entry), comparison, number)
        case MeasuredBetween(measure, low, high):
            value = _measure(measure, entry)
            return (low is None or low <= value) and (high is None or value <= high)
        case Aged() | Dated() | DatedBetween():
            value_at = entry.added if term.field is Time.ADDED else published_key(entry.published)
            earliest, beyond = bounds(term, now)
            return earliest <= value_at < beyond
    assert_never(term)


def run_at(words: Sequence[str], wanted: Sequence[str], prefix: bool) -> int | None:
    """Where the wanted words stand beside each other; with `prefix` the last may go on."""
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


def _is_under(tag: str, wanted: str, beneath: bool) -> bool:
    return tag.startswith(wanted + "/") or (not beneath and tag == wanted)


def _is(flag: Flag, entry: Entry) -> bool:
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
            return entry.fetch is Fetch.QUEUED
        case Flag.FAILED:
            return entry.fetch is Fetch.FAILED
        case Flag.OFFLINE:
            return entry.offline
    assert_never(flag)


def _has(part: Part, entry: Entry) -> bool:
    match part:
        case Part.HIGHLIGHTS:
            return entry.highlights > 0
        case Part.NOTES:
            return entry.noted
        case Part.IMAGES:
            return entry.pictured
        case Part.TAGS:
            return bool(entry.tags)
    assert_never(part)


def named(field: Naming, entry: Entry) -> str:
    """The folded text that `site:`, `by:` or `title:` looks into; a site has its host beside it."""
    match field:
        case Naming.SITE:
            return unaccented(f"{entry.site or ''}\n{host_of(entry.url)}")
        case Naming.BY:
            return unaccented(entry.byline or "")
        case Naming.TITLE:
            return unaccented(entry.title)
    assert_never(field)


def _measure(measure: Measure, entry: Entry) -> int:
    match measure:
        case Measure.WORDS:
            return entry.words
        case Measure.MINUTES:
            return entry.minutes
        case Measure.LEFT:
            return entry.left
    assert_never(measure)


def _compares(value: int, comparison: Comparison, number: int) -> bool:
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
