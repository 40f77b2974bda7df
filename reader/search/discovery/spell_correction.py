"""The word that was probably meant, among those that the library's texts have."""

import sqlite3
from collections.abc import Iterator
from typing import Final

from reader.model.query import And, Or, Query, Term, TextTerm
from reader.model.tokenizer import tokenize
from reader.search.store.fts_index import count_matches

_SHORTEST: Final = 4
"""Letters from which a word can be misspelt; below that everything is near to everything."""


def edit_distance(one: str, other: str, most: int) -> int:
    """Letters to change, add, drop or swap with their neighbour; `most` + 1 where it is more.

    Optimal string alignment, within a band of `most` about the diagonal.
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
    """The word of the texts most like this one; of equally near ones the one in most articles.

    `None` where the word itself is in the texts, is short, or nothing is near.
    """
    found = connection.execute("select 1 from words where word = ?", (word,)).fetchone()
    if found or len(word) < _SHORTEST or not word[0].isalpha():
        return None
    most = 1 if len(word) < 7 else 2
    ranked = sorted(
        (edit_distance(word, other, most), other[:1] != word[:1], other)
        for other in _candidates(connection, word, most)
    )
    near = [each for each in ranked if each[0] <= most]
    if not near:
        return None
    best = [other for far, start, other in near if (far, start) == near[0][:2]][:12]
    return max(best, key=lambda other: (count_matches(connection, other), other))


def _candidates(connection: sqlite3.Connection, word: str, most: int) -> Iterator[str]:
    """Words of about this length that begin or end alike. One pass over the words of the texts."""
    begins = {word[:2], word[1] + word[0], word[0] + word[2:3]}
    marks = ", ".join("?" * len(begins))
    sql = (
        "select word from words where length(word) between ? and ?"
        f" and (substr(word, 1, 2) in ({marks}) or substr(word, -3) = ?)"
    )
    values = (len(word) - most, len(word) + most, *begins, word[-3:])
    return (other for (other,) in connection.execute(sql, values))


def correct_query(connection: sqlite3.Connection, query: Query) -> Query | None:
    """The query with every word that no text has replaced by the nearest; `None` if none is near."""
    if query.where is None:
        return None
    where = _corrected(connection, query.where)
    return None if where == query.where else Query(where, query.sort)


def _corrected(connection: sqlite3.Connection, term: Term) -> Term:
    if isinstance(term, TextTerm):
        words = tokenize(term.text)
        right = [nearest_word(connection, word) or word for word in words]
        return term if right == words else TextTerm(" ".join(right), term.prefix)
    if isinstance(term, And):
        return And(tuple(_corrected(connection, part) for part in term.terms))
    if isinstance(term, Or):
        return Or(tuple(_corrected(connection, part) for part in term.terms))
    return term
