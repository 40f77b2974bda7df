"""Evaluation of queries: matching rows and their order.

The full-text index answers words, bitmaps answer all other conditions. Words joined by `and` become
one FTS5 expression; words combined with other conditions by `or` are looked up separately.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from reader.search.store.sql_conditions import MEASURES, TRASHED, Condition, condition_of

MAX_RANKED: Final = 2_500
"""Matches up to which hits are ranked: more frequent words distinguish nothing, and ⏱ each match
takes 2 to 3 µs. Beyond, matches in title, notes or highlights come first."""
MAX_RANKED_PREFIX: Final = 1_000
"""The same for a prefix, whose rank says even less."""
_SHORT_COLUMNS: Final = "{title byline notes highlights}"


@dataclass(frozen=True, slots=True)
class Selection:
    """Result of a query: those of `rows` whose texts match the FTS5 expression `match`, if any."""

    rows: Bitmap
    match: str = ""


def count(moment: Snapshot, selection: Selection) -> int:
    """Count the selected rows."""
    return count_rows(matching_rows(moment, selection))


def select(moment: Snapshot, query: Query, now: datetime) -> Selection:
    """Select the rows that match the query."""
    match, others = _split_terms(query.where)
    rows = moment.all_rows()
    if not includes_trash(query):
        rows &= ~moment.bitmap(TRASHED)
    for term in others:
        rows &= _rows_of_term(moment, term, now)
    return Selection(rows, match)


def changed_after(moment: Snapshot, selection: Selection, milliseconds: int) -> Selection:
    """Limit the selection to the rows that changed after a time since 1970."""
    changed = moment.bitmap(Condition("f.updated > ?", (milliseconds,)))
    return replace(selection, rows=selection.rows & changed)


def rows_by_change(moment: Snapshot, selection: Selection) -> Sequence[int]:
    """Return the selected rows in the order of their last change, newest first."""
    return moment.sorted_rows(matching_rows(moment, selection), f"f.updated desc, {NEWEST}")


def sorted_rows(moment: Snapshot, query: Query, selection: Selection, seed: int) -> Sequence[int]:
    """Return the selected rows in the query's order, the same as `model.query.in_order`."""
    sort = sort_of(query)
    if sort.key is SortKey.RELEVANCE:
        words = search_words(query)
        most = MAX_RANKED_PREFIX if words and words[-1].prefix else MAX_RANKED
        rows = _rank(moment, selection, most)
        return rows[::-1] if sort.reverse and selection.match else rows
    ties = OLDEST if sort.reverse else NEWEST
    order = ties if sort.key is SortKey.ADDED else f"{_sort_expression(sort, seed)}, {ties}"
    return moment.sorted_rows(
        matching_rows(moment, selection), order, kept=sort.key is not SortKey.RANDOM
    )


def _rank(moment: Snapshot, selection: Selection, most: int) -> Sequence[int]:
    if not selection.match:
        return moment.sorted_rows(selection.rows, NEWEST)
    number = moment.count_matches(selection.match, most + 1)
    if not number:
        return ()
    if number > most:
        return moment.newest_first(*_short_and_all_matches(moment, selection))
    return moment.ranked(selection.match, selection.rows)


def preload_word(moment: Snapshot, word: str) -> None:
    """Cache the rows of a frequent word, which typing passes through repeatedly."""
    match, _ = _split_terms(TextTerm(word))
    _short_and_all_matches(moment, Selection(0, match))


def _short_and_all_matches(moment: Snapshot, selection: Selection) -> tuple[Bitmap, Bitmap]:
    """Return matches in title, byline, notes or highlights, and all matches."""
    found = matching_rows(moment, selection)
    return found & moment.matching_rows(f"{_SHORT_COLUMNS} : {selection.match}"), found


def matching_rows(moment: Snapshot, selection: Selection) -> Bitmap:
    """Return the selected rows as a bitmap."""
    return (
        selection.rows & moment.matching_rows(selection.match)
        if selection.match
        else selection.rows
    )


def _split_terms(where: Term | None) -> tuple[str, list[Term]]:
    """Return one expression for all words of the conjunction, and the remaining terms."""
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
        return _join_expressions(positive, [match for _, match in negative]), others
    return "", others + [term for term, _ in negative]


def fts_expression(term: Term) -> str | None:
    """Return the term as an FTS5 expression; `None` unless it consists of words, not all negated."""
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
        return _join_expressions(
            [part or "" for part in positive], [part or "" for part in negative]
        )
    return None


def _join_expressions(positive: list[str], negative: list[str]) -> str:
    """Return the expression for all of the first and none of the second."""
    expression = f"({' AND '.join(positive)})"
    for part in negative:
        expression = f"({expression} NOT ({part}))"
    return expression


def _rows_of_term(moment: Snapshot, term: Term, now: datetime) -> Bitmap:
    """Return the rows that satisfy the term."""
    if (match := fts_expression(term)) is not None:
        return moment.matching_rows(match)
    if isinstance(term, Not):
        return moment.all_rows() & ~_rows_of_term(moment, term.term, now)
    if isinstance(term, And):
        return reduce(and_, (_rows_of_term(moment, part, now) for part in term.terms))
    if isinstance(term, Or):
        return reduce(or_, (_rows_of_term(moment, part, now) for part in term.terms))
    if isinstance(term, AgeTerm | DateTerm | DateRangeTerm) and term.field is TimeField.ADDED:
        return moment.added_within(*time_bounds(term, now))
    return moment.bitmap(condition_of(term, now))


def _sort_expression(sort: Sort, seed: int) -> str:
    """Return the SQL sort key that precedes the time."""
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
    raise ValueError(f"{sort.key} cannot be sorted by a column")
