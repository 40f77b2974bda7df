"""Spelling correction with the words of the library's texts."""

import sqlite3
from collections.abc import Iterator
from typing import Final

from reader.model.query import And, Or, Query, Term, TextTerm
from reader.model.tokenizer import tokenize
from reader.search.store.fts_index import count_matches

_MIN_LETTERS: Final = 4
"""Minimum letters of a word to correct; shorter words are close to too many others."""


def edit_distance(one: str, other: str, most: int) -> int:
    """Return the edit distance, or `most` + 1 if it is larger.

    Optimal string alignment within a band of `most` around the diagonal.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        last, before, row = before, row, [at] + [most + 1] * len(other)
        for beside in range(max(1, at - most), min(len(other), at + most) + 1):
            cost = min(
                before[beside] + 1,
                row[beside - 1] + 1,
                before[beside - 1] + (letter != other[beside - 1]),
            )
            if at > 1 < beside and letter == other[beside - 2] and one[at - 2] == other[beside - 1]:
                cost = min(cost, last[beside - 2] + 1)
            row[beside] = cost
        if min(row) > most:
            return most + 1
    return row[-1]


def nearest_word(connection: sqlite3.Connection, word: str) -> str | None:
    """Return the most similar word of the texts, ties broken by frequency.

    `None` if the word is known, too short, or nothing is close.
    """
    found = connection.execute("select 1 from words where word = ?", (word,)).fetchone()
    if found or len(word) < _MIN_LETTERS or not word[0].isalpha():
        return None
    most = 1 if len(word) < 7 else 2
    ranked = sorted(
        (edit_distance(word, other, most), other[:1] != word[:1], other)
        for other in _similar_words(connection, word, most)
    )
    near = [each for each in ranked if each[0] <= most]
    if not near:
        return None
    best = [other for far, start, other in near if (far, start) == near[0][:2]][:12]
    return max(best, key=lambda other: (count_matches(connection, other), other))


def _similar_words(connection: sqlite3.Connection, word: str, most: int) -> Iterator[str]:
    """Yield known words of similar length that begin or end alike. Scans the vocabulary once."""
    begins = {word[:2], word[1] + word[0], word[0] + word[2:3]}
    marks = ", ".join("?" * len(begins))
    sql = (
        "select word from words where length(word) between ? and ?"
        f" and (substr(word, 1, 2) in ({marks}) or substr(word, -3) = ?)"
    )
    values = (len(word) - most, len(word) + most, *begins, word[-3:])
    return (other for (other,) in connection.execute(sql, values))


def correct_query(connection: sqlite3.Connection, query: Query) -> Query | None:
    """Replace unknown words of the query by the nearest known ones; `None` if none is close."""
    if query.where is None:
        return None
    where = _correct_term(connection, query.where)
    return None if where == query.where else Query(where, query.sort)


def _correct_term(connection: sqlite3.Connection, term: Term) -> Term:
    if isinstance(term, TextTerm):
        words = tokenize(term.text)
        right = [nearest_word(connection, word) or word for word in words]
        return term if right == words else TextTerm(" ".join(right), term.prefix, term.is_exact)
    if isinstance(term, And):
        return And(tuple(_correct_term(connection, part) for part in term.terms))
    if isinstance(term, Or):
        return Or(tuple(_correct_term(connection, part) for part in term.terms))
    return term
