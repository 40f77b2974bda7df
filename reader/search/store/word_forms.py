"""Inflected forms of a word among the words of the library's texts."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from reader.search.text.stemming import ALGORITHMS, MAX_WORD, MIN_STEM, stem, stems

MAX_LANGUAGES: Final = 6
"""Languages of the library whose stemmers are asked, those with the most articles."""
_MAX_CANDIDATES: Final = 300
"""Words with the beginning of a stem: ⏱ stemming them takes 0.15 ms."""
_MAX_FORMS: Final = 24
"""Forms of one word that are looked up."""


def read_languages(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the languages of the library that have a stemmer, most frequent first."""
    found = connection.execute(
        "select language from facts where trashed = 0 and language <> ''"
        " group by language order by count(*) desc"
    )
    codes = dict.fromkeys(language.partition("-")[0] for (language,) in found)
    return tuple(code for code in codes if code in ALGORITHMS)[:MAX_LANGUAGES]


def find_forms(
    connection: sqlite3.Connection, word: str, languages: Sequence[str]
) -> tuple[str, ...]:
    """Return the word and its other known forms in any of the languages. Reads the vocabulary."""
    forms = {word: None}
    if not MIN_STEM <= len(word) <= MAX_WORD or word.isdecimal():
        return (word,)
    for root, language in {stem(word, each): each for each in languages}.items():
        if len(root) < MIN_STEM:
            continue
        # A stem may end in a letter that its forms have not: happi, happy.
        begin = root[:-1] if len(root) > MIN_STEM else root
        sql = "select word from words where word >= ? and word < ? limit ?"
        values = (begin, begin + "\U0010ffff", _MAX_CANDIDATES)
        known = [other for (other,) in connection.execute(sql, values)]
        forms |= {
            other: None
            for other, its_root in zip(known, stems(known, language), strict=True)
            if its_root == root
        }
    return tuple(forms)[:_MAX_FORMS]


def find_prefixed(connection: sqlite3.Connection, begin: str) -> tuple[str, ...]:
    """Return a few known words with this beginning, in alphabetical order."""
    sql = "select word from words where word >= ? and word < ? limit ?"
    values = (begin, begin + "\U0010ffff", _MAX_FORMS)
    return tuple(word for (word,) in connection.execute(sql, values)) or (begin,)
