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
    AgeTerm,
    And,
    DateRangeTerm,
    DateTerm,
    Not,
    NumberField,
    Or,
    Query,
    Sort,
    SortKey,
    Term,
    TextTerm,
    TimeField,
    includes_trash,
    search_words,
    sort_of,
    time_bounds,
)
from reader.model.query.sorting import MODULUS
from reader.model.tokenizer import tokenize
from reader.search.store.bitmaps import NEWEST, OLDEST, Snapshot
from reader.search.store.row_order import Bitmap, count_rows
from reader.search.store.sql_conditions import MEASURES, TRASHED, condition_of

MAX_RANKED: Final = 2_500
"""Articles up to which hits are ranked: words that more of them have tell nothing of any, and ⏱ each
takes 2 to 3 µs. Beyond, those with the words in the title, a note or a highlight come first."""
MAX_RANKED_PREFIX: Final = 1_000
"""The same for a word that may go on, whose rank says less still."""
_TELLING: Final = "{title byline notes highlights}"


@dataclass(frozen=True, slots=True)
class Selection:
    """What a query finds: those of the `rows` whose texts `match`, an expression of FTS5 or empty."""

    rows: Bitmap
    match: str = ""


def count(moment: Snapshot, selection: Selection) -> int:
    """How many rows it finds."""
    return count_rows(_found(moment, selection))


def select(moment: Snapshot, query: Query, now: datetime) -> Selection:
    """What the query finds at this moment."""
    match, others = _split(query.where)
    rows = moment.all_rows()
    if not includes_trash(query):
        rows &= ~moment.bitmap(TRASHED)
    for term in others:
        rows &= _holding(moment, term, now)
    return Selection(rows, match)


def sorted_rows(moment: Snapshot, query: Query, selection: Selection, seed: int) -> Sequence[int]:
    """The rows of the selection as the query orders them, the same as `model.query.in_order`."""
    sort = sort_of(query)
    if sort.key is SortKey.RELEVANCE:
        words = search_words(query)
        most = MAX_RANKED_PREFIX if words and words[-1].prefix else MAX_RANKED
        rows = _by_relevance(moment, selection, most)
        return rows[::-1] if sort.reverse and selection.match else rows
    ties = OLDEST if sort.reverse else NEWEST
    order = ties if sort.key is SortKey.ADDED else f"{_key(sort, seed)}, {ties}"
    return moment.sorted_rows(_found(moment, selection), order, kept=sort.key is not SortKey.RANDOM)


def _by_relevance(moment: Snapshot, selection: Selection, most: int) -> Sequence[int]:
    if not selection.match:
        return moment.sorted_rows(selection.rows, NEWEST)
    if moment.matches_more(selection.match, most):
        return moment.newest_first(*_telling_and_found(moment, selection))
    return moment.ranked(selection.match, selection.rows)


def preload_word(moment: Snapshot, word: str) -> None:
    """Have the rows of a frequent word at hand: who types goes through the same ones again."""
    match, _ = _split(TextTerm(word))
    _telling_and_found(moment, Selection(0, match))


def _telling_and_found(moment: Snapshot, selection: Selection) -> tuple[Bitmap, Bitmap]:
    """Those with the words in the title, a note or a highlight, and all those found."""
    found = _found(moment, selection)
    return found & moment.matching_rows(f"{_TELLING} : {selection.match}"), found


def _found(moment: Snapshot, selection: Selection) -> Bitmap:
    return (
        selection.rows & moment.matching_rows(selection.match)
        if selection.match
        else selection.rows
    )


def _split(where: Term | None) -> tuple[str, list[Term]]:
    """One expression for all words that stand together, and the terms besides."""
    terms = where.terms if isinstance(where, And) else (where,)
    positive: list[str] = []
    negative: list[tuple[Term, str]] = []
    others: list[Term] = []
    for term in terms:
        if term is None:
            continue
        if (match := fts_expression(term)) is not None:
            positive.append(match)
        elif isinstance(term, Not) and (match := fts_expression(term.term)) is not None:
            negative.append((term, match))
        else:
            others.append(term)
    if positive:
        return _joined(positive, [match for _, match in negative]), others
    return "", others + [term for term, _ in negative]


def fts_expression(term: Term) -> str | None:
    """The term as an expression of FTS5, where it is made of words and not only of negated ones."""
    if isinstance(term, TextTerm):
        return f'"{" ".join(tokenize(term.text))}"{" *" if term.prefix else ""}'
    if isinstance(term, Or):
        parts = [fts_expression(part) for part in term.terms]
        return None if None in parts else f"({' OR '.join(part or '' for part in parts)})"
    if isinstance(term, And):
        positive = [fts_expression(part) for part in term.terms if not isinstance(part, Not)]
        negative = [fts_expression(part.term) for part in term.terms if isinstance(part, Not)]
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


def _holding(moment: Snapshot, term: Term, now: datetime) -> Bitmap:
    """The rows that the term holds for."""
    if (match := fts_expression(term)) is not None:
        return moment.matching_rows(match)
    if isinstance(term, Not):
        return moment.all_rows() & ~_holding(moment, term.term, now)
    if isinstance(term, And):
        return reduce(and_, (_holding(moment, part, now) for part in term.terms))
    if isinstance(term, Or):
        return reduce(or_, (_holding(moment, part, now) for part in term.terms))
    if isinstance(term, AgeTerm | DateTerm | DateRangeTerm) and term.field is TimeField.ADDED:
        return moment.added_within(*time_bounds(term, now))
    return moment.bitmap(condition_of(term, now))


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
            return f"(f.lot + 1) * {seed % (MODULUS - 1) + 1} % {MODULUS} {direction}"
        case SortKey.PROGRESS:
            return f"f.progress {direction}"
        case SortKey.WORDS | SortKey.MINUTES | SortKey.LEFT:
            return f"{MEASURES[NumberField(sort.key.value)]} {direction}"
    raise ValueError(f"{sort.key} has no column of its own")
