"""Text similarity between a text and the articles of the library.

The distinctive words of the text, weighted by their count in the text and their rarity in the
library, are looked up in the full-text index. Articles without any of them are never read.
"""

import json
import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
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

_LENGTH_SHARE: Final = 0.2
"""Influence of a text's length on its closeness: 0.0 is none, 1.0 in proportion."""
_AVERAGE_LENGTH: Final = 500
"""Words of a text whose length does not change its closeness. No measurement of it is recorded."""
_MIN_LENGTH: Final = 100
"""Words below which the length of a text no longer raises its closeness."""
_MAX_LOOKUPS: Final = 32
"""Words whose frequency in the library is looked up; more cost time and change nothing."""
_MAX_POSTINGS: Final = 8_000
"""Total postings of the chosen words: ⏱ counting this many takes 10 ms."""
_MAX_CHARACTERS: Final = 100_000
"""Characters of a text that are read: 17,000 words; a book is like its first chapters."""
_COMMON_SHARE: Final = 0.35
"""Share of the articles from which a word is too common to distinguish a text."""
_MAX_DOCUMENTS: Final = 4_000
"""The same as a number, for large libraries: ⏱ counting further takes 3 ms each."""
_MAX_PAIR_DOCUMENTS: Final = 500
"""The same for character pairs, whose positions are compared: ⏱ up to 5 ms each."""


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """A distinctive word; its weight is count in the text times rarity in the library."""

    word: str
    weight: float


@dataclass(frozen=True, slots=True)
class SimilarityScore:
    """A row of the cache and its share of the text's weight, 0.0 to 1.0.

    `closeness` is the share divided by the relative length of the row's text.
    """

    row: int
    share: float
    closeness: float


def key_terms(connection: sqlite3.Connection, title: str, body: str) -> list[KeyTerm]:
    """Return the distinctive words of the text, heaviest first, then unknown words.

    Unknown words find nothing but count in the total, so a text made mostly of them is similar to
    no article. Reads the beginning of a very long text.
    """
    counted = _count_terms(body[:_MAX_CHARACTERS])
    for word, number in _count_terms(title).items():
        counted[word] += 3 * number
    total = max(_indexed_count(connection), 1)
    candidates = [
        (number, word)
        for word, number in counted.items()
        if word not in STOPWORDS and not (len(word) < 3 and word.isascii()) and not word.isdecimal()
    ]
    # Of equally frequent words, longer ones are rarer.
    candidates.sort(key=lambda pair: (_is_hiragana_pair(pair[1]), -pair[0], -len(pair[1]), pair[1]))
    weighed: list[tuple[float, int, str]] = []
    strange: list[KeyTerm] = []
    distinctive = (pair for pair in candidates if not _is_common(connection, pair[1]))
    for number, word in islice(distinctive, _MAX_LOOKUPS):
        most = _MAX_PAIR_DOCUMENTS if " " in word else _MAX_DOCUMENTS
        among = count_matches(connection, word, most)
        weight = (1 + math.log(number)) * math.log(1 + total / max(among, 1))
        if among == 0 and number > 1:
            strange.append(KeyTerm(word, weight))
        elif 0 < among < most and among <= max(total * _COMMON_SHARE, 20):
            weighed.append((weight, among, word))
    weighed.sort(reverse=True)
    return _within_budget(weighed) + strange


def _indexed_count(connection: sqlite3.Connection) -> int:
    """Return the number of indexed articles without counting the index."""
    sql = "select (select count(*) from facts) - (select count(*) from unindexed)"
    return int(connection.execute(sql).fetchone()[0])


def _count_terms(text: str) -> Counter[str]:
    """Count the words of the text; for scripts without spaces, adjacent character pairs.

    A single such character is in too many articles to distinguish any.
    """
    words = tokenize(text)
    if text.isascii():
        return Counter(words)
    found: Counter[str] = Counter()
    for (word, following), number in Counter(zip_longest(words, words[1:], fillvalue="")).items():
        if len(word) > 1 or word.isascii():
            found[word] += number
        elif len(following) == 1 and not following.isascii():
            found[f"{word} {following}"] += number
    return found


def _is_hiragana_pair(word: str) -> bool:
    """Return whether the pair is hiragana, which Japanese uses for endings and particles."""
    return len(word) == 3 and all("\u3041" <= sign <= "\u3096" for sign in word[::2])


def _within_budget(weighed: list[tuple[float, int, str]]) -> list[KeyTerm]:
    chosen: list[KeyTerm] = []
    postings = 0
    for weight, among, word in weighed:
        if postings + among > _MAX_POSTINGS:
            continue
        postings += among
        chosen.append(KeyTerm(word, weight))
    return chosen


def _is_common(connection: sqlite3.Connection, word: str) -> bool:
    # Known without counting, so that common words do not use up lookups.
    return connection.execute("select 1 from common where word = ?", (word,)).fetchone() is not None


def similar(
    connection: sqlite3.Connection, terms: Sequence[KeyTerm], besides: str, limit: int
) -> list[SimilarityScore]:
    """Return the rows that share most of the terms' weight for their length, best first.

    A long text has many words by chance. In the bench, which cuts articles in two, 94 % of the
    second halves are among the first five without the length, and 97 % with it
    (`tests/bench/search/siblings.py`). Excludes the entry `besides` and the trash. Empty if no
    article has any of the terms.
    """
    shared: dict[int, float] = defaultdict(float)
    for term in terms:
        sql = "select json_group_array(rowid) from text where text match ?"
        texts, weight = connection.execute(sql, (f'"{term.word}"',)).fetchone()[0], term.weight
        for text_id in json.loads(texts):
            shared[text_id] += weight
    whole = sum(term.weight for term in terms)
    best = dict(nlargest(3 * limit + 20, shared.items(), key=itemgetter(1)))
    sql = (
        "select row, text_id, words from facts where text_id in (select value from json_each(?))"
        " and trashed = 0 and id <> ?"
    )
    found = [
        SimilarityScore(row, best[text_id] / whole, best[text_id] / whole / _relative_length(words))
        for row, text_id, words in connection.execute(sql, (json.dumps(list(best)), besides))
    ]
    found.sort(key=lambda each: (-each.closeness, each.row))
    return found[:limit]


def _relative_length(words: int) -> float:
    """Return the length of a text as a factor near 1.0, more for a longer one."""
    return 1 - _LENGTH_SHARE + _LENGTH_SHARE * max(words, _MIN_LENGTH) / _AVERAGE_LENGTH


_MIN_SIMILARITY: Final = 0.16
"""Score below which nine of ten judged pairs of articles had nothing in common."""
_MIN_OF_BEST: Final = 0.35
"""Share of the best score below which an article is left out."""
_TAG_WEIGHT: Final = 0.3
"""Weight of full tag overlap, added to text similarity; a tag counts more the rarer it is."""


@dataclass(frozen=True, slots=True)
class RelatedArticle:
    """A similar article; `score` grows from 0.0, `shared_tags` are tags of both."""

    entry: Entry
    score: float
    shared_tags: tuple[str, ...] = ()


def find_related(
    connection: sqlite3.Connection, entry: Entry, body: str, limit: int = 8
) -> list[RelatedArticle]:
    """Return the most similar articles outside the trash, best first."""
    own = _folded_tags(entry)
    near = similar(connection, key_terms(connection, entry.title, body), entry.id, 4 * limit)
    shares = {each.row: each.closeness for each in near}
    others = read_entries(connection, list(shares))
    rarity = _tag_rarity(connection, own.union(*(_folded_tags(other) for other in others)))
    found: list[RelatedArticle] = []
    for row, other in zip(shares, others, strict=True):
        shared = tuple(tag for tag in other.tags if tag.casefold() in own)
        both = sum(rarity[tag.casefold()] for tag in shared)
        either = sum(rarity[tag] for tag in own | _folded_tags(other))
        overlap = both / either if either else 0.0
        found.append(RelatedArticle(other, shares[row] + _TAG_WEIGHT * overlap, shared))
    found.sort(key=lambda each: (-each.score, each.entry.id))
    if not found:
        return []
    least = max(_MIN_SIMILARITY, _MIN_OF_BEST * found[0].score)
    return [each for each in found[:limit] if each.score >= least]


def _folded_tags(entry: Entry) -> set[str]:
    return {tag.casefold() for tag in entry.tags}


def _tag_rarity(connection: sqlite3.Connection, tags: Collection[str]) -> dict[str, float]:
    """Return the rarity of each folded tag: 0.0 if every article of the library has it."""
    total = max(_indexed_count(connection), 1)
    sql = "select folded, own from tags where folded in (select value from json_each(?))"
    counts = dict(connection.execute(sql, (json.dumps(list(tags)),)))
    return {tag: math.log(max(total / max(counts.get(tag, 1), 1), 1.0)) for tag in tags}
