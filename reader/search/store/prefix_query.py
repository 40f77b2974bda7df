"""Queries whose last word the user is still typing."""

import sqlite3
from typing import Final

from reader.model.query import And, Or, Query, Term, TextTerm
from reader.model.query.parser import tokenize_query
from reader.model.tokenizer import tokenize

_MIN_LETTERS: Final = 3
"""Minimum letters of a prefix; CJK needs one."""
_MAX_EXPANSIONS: Final = 120
"""Maximum words with the prefix: ⏱ the index reads all their articles, 0.3 ms each."""


def unfinished_word(text: str) -> TextTerm | None:
    """Return the bare word at the end of the text; `None` if it ends otherwise."""
    last = None
    for last in tokenize_query(text):  # noqa: B007
        continue
    if last is None or last.kind != "text" or last.prefix or last.end != len(text):
        return None
    return None if last.is_exact else TextTerm(last.text)


def as_prefix_query(connection: sqlite3.Connection, query: Query, last: TextTerm) -> Query:
    """Turn that word into a prefix if few enough words begin with it."""
    words = tokenize(last.text)
    if not words or len(words[-1]) < _MIN_LETTERS:
        return query
    begin = words[-1]
    sql = "select count(*) from (select 1 from words where word >= ? and word < ? limit ?)"
    values = (begin, begin + "\U0010ffff", _MAX_EXPANSIONS + 1)
    if connection.execute(sql, values).fetchone()[0] > _MAX_EXPANSIONS:
        return query
    return with_prefix(query, last)


def with_prefix(query: Query, last: TextTerm) -> Query:
    """Return the query with its last word as a prefix if that is the word."""
    return query if query.where is None else Query(_term_with_prefix(query.where, last), query.sort)


def _term_with_prefix(term: Term, last: TextTerm) -> Term:
    """Turn the last leaf of the term into a prefix if it is the word."""
    if term == last:
        return TextTerm(last.text, prefix=True)
    if isinstance(term, And):
        return And((*term.terms[:-1], _term_with_prefix(term.terms[-1], last)))
    if isinstance(term, Or):
        return Or((*term.terms[:-1], _term_with_prefix(term.terms[-1], last)))
    return term
