"""Inflected forms of a word among the words of the library's texts."""

import re
import sqlite3
from collections.abc import Sequence
from typing import Final

from reader.model.tokenizer import fold_accents
from reader.search.text.stemming import ALGORITHMS, MAX_WORD, MIN_STEM, stem, stems

MAX_LANGUAGES: Final = 6
"""Languages of the library whose stemmers are asked, those with the most articles."""
_MAX_CANDIDATES: Final = 300
"""Words with the beginning of a stem: ⏱ stemming them takes 0.15 ms."""
_OTHER_SCRIPTS: Final = frozenset(("ar", "el", "fa", "hi", "hy", "ne", "ru", "ta", "yi"))
"""Languages that are not written in Latin letters."""
_RESPELLING: Final = frozenset(("da", "de", "fi", "nb", "nn", "no", "sv"))
"""Languages that are typed `ae` for `ä` where a keyboard lacks it."""
_TWO_LETTERS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_ONE_LETTER: Final = re.compile("([aou])e|(?<=a)a")
_MIN_RESPELLED: Final = 5
"""Letters from which a word with one letter less is hardly another word."""
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


def respelled(word: str, written: str, languages: Sequence[str]) -> tuple[str, ...]:
    """Return the folded word with two letters for ä, ö, ü, å, ø, or one where it has two.

    `written` is the word as it was typed. Only for languages that are typed so without the letters.
    """
    if len(word) < _MIN_RESPELLED or _RESPELLING.isdisjoint(languages):
        return ()
    longer = fold_accents(written.casefold().translate(_TWO_LETTERS))
    shorter = _ONE_LETTER.sub(r"\1", word)
    return tuple(each for each in (longer, shorter) if each != word and each.isalpha())


def find_forms(
    connection: sqlite3.Connection, word: str, languages: Sequence[str], written: str = ""
) -> tuple[str, ...]:
    """Return the word and its other known forms in any of the languages. Reads the vocabulary.

    `written` is the word as it was typed.
    """
    forms: dict[str, None] = {}
    for each in (word, *respelled(word, written or word, languages)):
        forms |= dict.fromkeys(_inflected(connection, each, languages))
    return tuple(forms)[:_MAX_FORMS]


def _inflected(
    connection: sqlite3.Connection, word: str, languages: Sequence[str]
) -> tuple[str, ...]:
    """Return the word and the known words with its stem in one of the languages."""
    forms = {word: None}
    if not MIN_STEM <= len(word) <= MAX_WORD or word.isdecimal():
        return (word,)
    known: dict[str, list[str]] = {}
    for language in languages:
        # ⏱ Of another script, it changes no word: 0.05 ms.
        if word.isascii() == (language in _OTHER_SCRIPTS):
            continue
        root = stem(word, language)
        if len(root) < MIN_STEM:
            continue
        if root not in known:
            known[root] = _read_words(connection, root)
        roots = zip(known[root], stems(known[root], language), strict=True)
        forms |= {other: None for other, its_root in roots if its_root == root}
    return tuple(forms)


def _read_words(connection: sqlite3.Connection, root: str) -> list[str]:
    """Return known words with the beginning of a stem."""
    # A stem may end in a letter that its forms have not: happi, happy.
    begin = root[:-1] if len(root) > MIN_STEM else root
    sql = "select word from words where word >= ? and word < ? limit ?"
    values = (begin, begin + "\U0010ffff", _MAX_CANDIDATES)
    return [other for (other,) in connection.execute(sql, values)]


def find_prefixed(connection: sqlite3.Connection, begin: str) -> tuple[str, ...]:
    """Return a few known words with this beginning, in alphabetical order."""
    sql = "select word from words where word >= ? and word < ? limit ?"
    values = (begin, begin + "\U0010ffff", _MAX_FORMS)
    return tuple(word for (word,) in connection.execute(sql, values)) or (begin,)
