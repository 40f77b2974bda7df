"""A query whose last word is still being typed."""

import sqlite3
from typing import Final

from reader.model.query import And, Or, Query, Term, TextTerm
from reader.model.query.parser import tokenize_query
from reader.model.tokenizer import tokenize

_FEWEST: Final = 3
"""Letters from which a word is left open; CJK from the first."""
_MOST_WORDS: Final = 120
"""Words that may go on from what was typed: ⏱ the index reads all their articles, 0.3 ms each."""


def unfinished_word(text: str) -> TextTerm | None:
    """The bare word that the text ends with; `None` where it ends with anything else."""
    last = None
    for last in tokenize_query(text):  # noqa: B007
        continue
    if last is None or last.kind != "text" or last.prefix or last.end != len(text):
        return None
    return None if text[last.start] == '"' else TextTerm(last.text)


def as_prefix_query(connection: sqlite3.Connection, query: Query, last: TextTerm) -> Query:
    """The query with that word as a prefix, where few enough words go on from it."""
    words = tokenize(last.text)
    if not words or len(words[-1]) < _FEWEST:
        return query
    begin = words[-1]
    sql = "select count(*) from (select 1 from words where word >= ? and word < ? limit ?)"
    values = (begin, begin + "\U0010ffff", _MOST_WORDS + 1)
    if connection.execute(sql, values).fetchone()[0] > _MOST_WORDS:
        return query
    return with_prefix(query, last)


def with_prefix(query: Query, last: TextTerm) -> Query:
    """The query with its last word as a prefix, where that is the word."""
    return query if query.where is None else Query(_opened(query.where, last), query.sort)


def _opened(term: Term, last: TextTerm) -> Term:
    """The term with its last leaf open, where that is the word."""
    if term == last:
        return TextTerm(last.text, prefix=True)
    if isinstance(term, And):
        return And((*term.terms[:-1], _opened(term.terms[-1], last)))
    if isinstance(term, Or):
        return Or((*term.terms[:-1], _opened(term.terms[-1], last)))
    return term
