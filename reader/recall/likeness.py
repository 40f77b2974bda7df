"""Which articles of the library are most like a text, by the words that set it apart.

The rarer words of the text, weighed by how often it says them and how few articles do, are asked
for at once; the index ranks what it finds, and what has none of them is never looked at.
"""

import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Final

from reader.model.words import tokens
from reader.recall.stopwords import STOPWORDS

TERMS: Final = 24
"""Words asked for; more cost time and find the same."""
_LOOKED_UP: Final = 90
"""Words of a text whose frequency in the library is looked up, those it says most first."""
_POSTINGS: Final = 25_000
"""Articles that the words may stand in, all together: ⏱ ranking that many takes 20 ms."""
_COMMON: Final = 0.12
"""Words in more than this share of the articles set nothing apart."""


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """A word that sets a text apart, with its weight: frequency in the text by rarity outside."""

    word: str
    weight: float


@dataclass(frozen=True, slots=True)
class Alike:
    """A row of the cache and how much of the text's weight it shares, 0.0 to 1.0."""

    row: int
    share: float


def key_terms(connection: sqlite3.Connection, title: str, body: str) -> list[KeyTerm]:
    """The words that set the text apart from the rest of the library, the heaviest first."""
    counted = Counter(tokens(body))
    for word in tokens(title):
        counted[word] += 3
    total = max(connection.execute("select count(text_id) from facts").fetchone()[0], 1)
    candidates = [
        (number, word)
        for word, number in counted.items()
        if word not in STOPWORDS and not (len(word) < 3 and word.isascii()) and not word.isdecimal()
    ]
    # Of words said equally often, longer ones are rarer.
    candidates.sort(key=lambda pair: (-pair[0], -len(pair[1]), pair[1]))
    weighed: list[tuple[float, int, str]] = []
    for number, word in candidates[:_LOOKED_UP]:
        among = _articles_with(connection, word)
        if among >= 1 and among <= max(total * _COMMON, 20):
            weighed.append(((1 + math.log(number)) * math.log(1 + total / among), among, word))
    weighed.sort(reverse=True)
    return _affordable(weighed)


def _affordable(weighed: list[tuple[float, int, str]]) -> list[KeyTerm]:
    chosen: list[KeyTerm] = []
    postings = 0
    for weight, among, word in weighed:
        if len(chosen) >= TERMS:
            break
        if postings + among > _POSTINGS and chosen:
            continue
        postings += among
        chosen.append(KeyTerm(word, weight))
    return chosen


def _articles_with(connection: sqlite3.Connection, word: str) -> int:
    found = connection.execute("select doc from vocabulary where term = ?", (word,)).fetchone()
    return int(found[0]) if found else 0


def alike(
    connection: sqlite3.Connection, terms: Sequence[KeyTerm], besides: str, limit: int
) -> list[Alike]:
    """The rows that share most of the weight of the terms, best first, without the entry `besides`.

    An article in the trash is not among them. Empty where the library has nothing of the kind.
    """
    shared: dict[int, float] = defaultdict(float)
    for term in terms:
        for (text_id,) in connection.execute(
            "select rowid from text where text match ?", (f'"{term.word}"',)
        ):
            shared[text_id] += term.weight
    whole = sum(term.weight for term in terms)
    found: list[Alike] = []
    best = nlargest(3 * limit + 20, shared.items(), key=lambda pair: pair[1])
    for text_id, weight in best:
        row = connection.execute(
            "select row from facts where text_id = ? and trashed = 0 and id <> ?",
            (text_id, besides),
        ).fetchone()
        if row is not None:
            found.append(Alike(row[0], weight / whole))
        if len(found) == limit:
            break
    return found
