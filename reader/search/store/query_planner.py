"""What a query finds, and in which order.

Words are answered by the full text, all else by masks. Words that stand together become one
expression of FTS5; those that stand beside other conditions in an `or` are looked up alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Final

from reader.model.query import (
    Aged,
    And,
    Dated,
    DatedBetween,
    Measure,
    Not,
    Or,
    Query,
    Sort,
    SortKey,
    Term,
    Text,
    Time,
    bounds,
    order_of,
    shows_trash,
    sought,
)
from reader.model.query.sorting import PRIME
from reader.model.tokenizer import tokens
from reader.search.store.bitmaps import NEWEST, OLDEST, Moment
from reader.search.store.row_order import Mask, size_of
from reader.search.store.sql_conditions import MEASURES, TRASHED, condition_of

RANKED: Final = 2_500
"""Articles up to which hits are ranked: words that more of them have tell nothing of any, and ⏱ each
takes 2 to 3 µs. Beyond, those with the words in the title, a note or a highlight come first."""
RANKED_OPEN: Final = 1_000
"""The same for a word that may go on, whose rank says less still."""
_TELLING: Final = "{title byline notes highlights}"


@dataclass(frozen=True, slots=True)
class Selection:
    """What a query finds: those of the `rows` whose texts `match`, an expression of FTS5 or empty."""

    rows: Mask
    match: str = ""


def count(moment: Moment, selection: Selection) -> int:
    """How many rows it finds."""
    return size_of(_found(moment, selection))


def select(moment: Moment, query: Query, now: datetime) -> Selection:
    """What the query finds at this moment."""
    match, others = _split(query.where)
    rows = moment.everything()
    if not shows_trash(query):
        rows &= ~moment.mask(TRASHED)
    for term in others:
        rows &= _holding(moment, term, now)
    return Selection(rows, match)


def in_order(moment: Moment, query: Query, selection: Selection, seed: int) -> Sequence[int]:
    """The rows of the selection as the query orders them, the same as `model.query.in_order`."""
    sort = order_of(query)
    if sort.key is SortKey.RELEVANCE:
        words = sought(query)
        most = RANKED_OPEN if words and words[-1].prefix else RANKED
        rows = _by_relevance(moment, selection, most)
        return rows[::-1] if sort.reverse and selection.match else rows
    ties = OLDEST if sort.reverse else NEWEST
    order = ties if sort.key is SortKey.ADDED else f"{_key(sort, seed)}, {ties}"
    return moment.in_order(_found(moment, selection), order, kept=sort.key is not SortKey.RANDOM)


def _by_relevance(moment: Moment, selection: Selection, most: int) -> Sequence[int]:
    if not selection.match:
        return moment.in_order(selection.rows, NEWEST)
    if moment.matches_more(selection.match, most):
        return moment.newest(*_telling_and_found(moment, selection))
    return moment.ranked(selection.match, selection.rows)


def remember(moment: Moment, word: str) -> None:
    """Have the rows of a frequent word at hand: who types goes through the same ones again."""
    match, _ = _split(Text(word))
    _telling_and_found(moment, Selection(0, match))


def _telling_and_found(moment: Moment, selection: Selection) -> tuple[Mask, Mask]:
    """Those with the words in the title, a note or a highlight, and all those found."""
    found = _found(moment, selection)
    return found & moment.texts(f"{_TELLING} : {selection.match}"), found


def _found(moment: Moment, selection: Selection) -> Mask:
    return selection.rows & moment.texts(selection.match) if selection.match else selection.rows


def _split(where: Term | None) -> tuple[str, list[Term]]:
    """One expression for all words that stand together, and the terms besides."""
    terms = where.terms if isinstance(where, And) else (where,)
    positive: list[str] = []
    negative: list[tuple[Term, str]] = []
    others: list[Term] = []
    for term in terms:
        if term is None:
            continue
        if (match := match_of(term)) is not None:
            positive.append(match)
        elif isinstance(term, Not) and (match := match_of(term.term)) is not None:
            negative.append((term, match))
        else:
            others.append(term)
    if positive:
        return _joined(positive, [match for _, match in negative]), others
    return "", others + [term for term, _ in negative]


def match_of(term: Term) -> str | None:
    """The term as an expression of FTS5, where it is made of words and not only of negated ones."""
    if isinstance(term, Text):
        return f'"{" ".join(tokens(term.text))}"{" *" if term.prefix else ""}'
    if isinstance(term, Or):
        parts = [match_of(part) for part in term.terms]
        return None if None in parts else f"({' OR '.join(part or '' for part in parts)})"
    if isinstance(term, And):
        positive = [match_of(part) for part in term.terms if not isinstance(part, Not)]
        negative = [match_of(part.term) for part in term.terms if isinstance(part, Not)]
        if not positive or None in positive or None in negative:
            return None
        return _joined([part or "" for part in positive], [part or "" for part in negative])
    return None


def _joined(positive: list[str], negative: list[str]) -> str:
    """All of the first and none of the second."""
    expression = f"({' AND '.join(positive)})"
    for part in negative:
        expression = f"({expression} NOT ({part}))"
    return expression


def _holding(moment: Moment, term: Term, now: datetime) -> Mask:
    """The rows that the term holds for."""
    if (match := match_of(term)) is not None:
        return moment.texts(match)
    if isinstance(term, Not):
        return moment.everything() & ~_holding(moment, term.term, now)
    if isinstance(term, And):
        return reduce(and_, (_holding(moment, part, now) for part in term.terms))
    if isinstance(term, Or):
        return reduce(or_, (_holding(moment, part, now) for part in term.terms))
    if isinstance(term, Aged | Dated | DatedBetween) and term.field is Time.ADDED:
        return moment.added_within(*bounds(term, now))
    return moment.mask(condition_of(term, now))


def _key(sort: Sort, seed: int) -> str:
    """What the order compares before it compares times."""
    ascending = sort.key in (SortKey.TITLE, SortKey.RANDOM)
    direction = "asc" if ascending != sort.reverse else "desc"
    match sort.key:
        case SortKey.PUBLISHED:
            return f"f.published = '', f.published {direction}"
        case SortKey.TITLE:
            return f"(select key from titles where titles.row = f.row) {direction}"
        case SortKey.RANDOM:
            return f"(f.lot + 1) * {seed % (PRIME - 1) + 1} % {PRIME} {direction}"
        case SortKey.PROGRESS:
            return f"f.progress {direction}"
        case SortKey.WORDS | SortKey.MINUTES | SortKey.LEFT:
            return f"{MEASURES[Measure(sort.key.value)]} {direction}"
    raise ValueError(f"{sort.key} has no column of its own")
