"""Which articles of the library are most like a text, by the words that set it apart.

The rarer words of the text, weighed by how often it says them and how few articles do, are asked
for at once; the index ranks what it finds, and what has none of them is never looked at.
"""

import json
import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice, zip_longest
from operator import itemgetter
from typing import Final

from reader.model.entry import Entry
from reader.model.tokenizer import tokenize
from reader.search.store.fts_index import count_matches
from reader.search.store.rows import read_entries
from reader.search.text.stopwords import STOPWORDS

_LOOKED_UP: Final = 32
"""Words of a text whose frequency in the library is looked up, those it says most first; more cost
time and find the same."""
_POSTINGS: Final = 8_000
"""Articles that the words may stand in, all together: ⏱ counting that many takes 10 ms."""
_COMMON: Final = 0.35
"""Words in more than this share of the articles set nothing apart."""
_MOST: Final = 4_000
"""Nor do words in so many of a large library: ⏱ counting further takes up to 3 ms each."""
_MOST_PAIRS: Final = 500
"""The same for two characters, whose places are compared in each article: ⏱ up to 5 ms each."""


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """A word that sets a text apart, with its weight: frequency in the text by rarity outside."""

    word: str
    weight: float


@dataclass(frozen=True, slots=True)
class SimilarityScore:
    """A row of the cache and how much of the text's weight it shares, 0.0 to 1.0."""

    row: int
    share: float


def key_terms(connection: sqlite3.Connection, title: str, body: str) -> list[KeyTerm]:
    """The words that set the text apart, the heaviest first, then those that no article has.

    Words that are strange to the library find nothing, but count: a text that is mostly made of
    them is like none of its articles.
    """
    counted = Counter(_terms(body))
    for word in _terms(title):
        counted[word] += 3
    total = max(_texts(connection), 1)
    candidates = [
        (number, word)
        for word, number in counted.items()
        if word not in STOPWORDS and not (len(word) < 3 and word.isascii()) and not word.isdecimal()
    ]
    # Of words said equally often, longer ones are rarer.
    candidates.sort(key=lambda pair: (_is_grammar(pair[1]), -pair[0], -len(pair[1]), pair[1]))
    weighed: list[tuple[float, int, str]] = []
    strange: list[KeyTerm] = []
    telling = (pair for pair in candidates if not _is_common(connection, pair[1]))
    for number, word in islice(telling, _LOOKED_UP):
        most = _MOST_PAIRS if " " in word else _MOST
        among = count_matches(connection, word, most)
        weight = (1 + math.log(number)) * math.log(1 + total / max(among, 1))
        if among == 0 and number > 1:
            strange.append(KeyTerm(word, weight))
        elif 0 < among < most and among <= max(total * _COMMON, 20):
            weighed.append((weight, among, word))
    weighed.sort(reverse=True)
    return _affordable(weighed) + strange


def _texts(connection: sqlite3.Connection) -> int:
    """How many articles are in the index; all but those that wait for it, which need no counting."""
    sql = "select (select count(*) from facts) - (select count(*) from unindexed)"
    return int(connection.execute(sql).fetchone()[0])


def _terms(text: str) -> list[str]:
    """The words of the text; of scripts without spaces, each two characters that stand together.

    One such character says little, and stands in too many articles.
    """
    words = tokenize(text)
    if text.isascii():
        return words
    found: list[str] = []
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        if len(word) > 1 or word.isascii():
            found.append(word)
        elif len(following) == 1 and not following.isascii():
            found.append(f"{word} {following}")
    return found


def _is_grammar(word: str) -> bool:
    """Whether it is two characters of hiragana, which Japanese writes endings and particles in."""
    return len(word) == 3 and all("\u3041" <= sign <= "\u3096" for sign in word[::2])


def _affordable(weighed: list[tuple[float, int, str]]) -> list[KeyTerm]:
    chosen: list[KeyTerm] = []
    postings = 0
    for weight, among, word in weighed:
        if postings + among > _POSTINGS:
            continue
        postings += among
        chosen.append(KeyTerm(word, weight))
    return chosen


def _is_common(connection: sqlite3.Connection, word: str) -> bool:
    # Told without counting, and such words take no other's place among those looked up.
    return connection.execute("select 1 from common where word = ?", (word,)).fetchone() is not None


def similar(
    connection: sqlite3.Connection, terms: Sequence[KeyTerm], besides: str, limit: int
) -> list[SimilarityScore]:
    """The rows that share most of the weight of the terms, best first, without the entry `besides`.

    An article in the trash is not among them. Empty where the library has nothing of the kind.
    """
    shared: dict[int, float] = defaultdict(float)
    for term in terms:
        sql = "select json_group_array(rowid) from text where text match ?"
        texts, weight = connection.execute(sql, (f'"{term.word}"',)).fetchone()[0], term.weight
        for text_id in json.loads(texts):
            shared[text_id] += weight
    whole = sum(term.weight for term in terms)
    found: list[SimilarityScore] = []
    best = nlargest(3 * limit + 20, shared.items(), key=itemgetter(1))
    for text_id, weight in best:
        row = connection.execute(
            "select row from facts where text_id = ? and trashed = 0 and id <> ?",
            (text_id, besides),
        ).fetchone()
        if row is not None:
            found.append(SimilarityScore(row[0], weight / whole))
        if len(found) == limit:
            break
    return found


_LEAST: Final = 0.12
_TAGS: Final = 0.3
"""What sharing all tags adds, beside the share of the text's weight."""


@dataclass(frozen=True, slots=True)
class RelatedArticle:
    """An alike article; `likeness` grows from 0.0, `shared` are tags that both bear."""

    entry: Entry
    score: float
    shared_tags: tuple[str, ...] = ()


def find_related(
    connection: sqlite3.Connection, entry: Entry, body: str, limit: int = 8
) -> list[RelatedArticle]:
    """The most alike articles out of the trash, best first; empty where nothing is alike."""
    own = {tag.casefold() for tag in entry.tags}
    near = similar(connection, key_terms(connection, entry.title, body), entry.id, 4 * limit)
    shares = {each.row: each.share for each in near}
    found: list[RelatedArticle] = []
    for row, other in zip(shares, read_entries(connection, list(shares)), strict=True):
        shared = tuple(tag for tag in other.tags if tag.casefold() in own)
        either = len(own) + len(other.tags) - len(shared)
        found.append(
            RelatedArticle(other, shares[row] + _TAGS * len(shared) / max(either, 1), shared)
        )
    found.sort(key=lambda kin: (-kin.score, kin.entry.id))
    return [kin for kin in found[:limit] if kin.score >= _LEAST]
