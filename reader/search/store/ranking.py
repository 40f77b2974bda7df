"""Ranked search: articles with all of a query's words first, then those with some of them.

Each word scores by its rarity in the library and its frequency in the article (BM25, Robertson
1994), counted by field; words that stand near each other add to it. Inflected forms count less than
the word itself. The weights were chosen on judged questions by `tests/bench/search`.
"""

import json
import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from heapq import nlargest
from itertools import compress, pairwise
from operator import itemgetter
from typing import Final

from reader.model.query import And, Query, TagTerm, Term, TextTerm, and_, loose_words, search_words
from reader.model.tokenizer import joined_words, tokenize
from reader.search.store.bitmaps import NEWEST, Snapshot
from reader.search.store.query_planner import matching_rows, select
from reader.search.store.row_order import Bitmap, count_rows, to_bytes
from reader.search.store.sql_conditions import condition_of
from reader.search.store.word_forms import find_forms, find_prefixed
from reader.search.text.stopwords import STOPWORDS

MAX_WORDS: Final = 32
"""Words of one query that are looked up."""
MAX_POSTINGS: Final = 3_000
"""Articles of the looked-up words, all together: ⏱ 1.5 µs each; judged questions lose nothing."""
_MAX_INSTANCES: Final = 500
"""Places of a word up to which they are read at once, without counting its articles before."""
_MAX_SCORED: Final = 200
"""Candidates whose length is read, those with the most and rarest words."""
_MAX_NEAR: Final = 60
"""Candidates whose words are compared by position."""
_SCORED_SHARE: Final = 8
"""Candidates whose length is read, for each hit: judged questions lose none of their first ten."""
_NEAR_SHARE: Final = 4
"""Candidates that are compared by position, for each hit: from the same questions."""
_MAX_POSITIONS: Final = 400
"""Positions of all words in one article that are compared."""
MAX_MARKED: Final = 8
"""Words and forms marked in a text: ⏱ each takes 0.1 ms."""
_FIELD_OFFSETS: Final = {
    "body": 0, "title": 1 << 40, "byline": 2 << 40, "notes": 3 << 40, "highlights": 4 << 40,
}  # fmt: skip
"""Added to positions, so that no words of two fields are near each other."""
_MAX_MARKED_FORMS: Final = 3
"""Forms of one word among them, the most frequent."""
_MAX_TAGGED: Final = 1_000
"""Articles with a tag of the query's word from which the tag says too little."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Parameters of the order; `length` is the words of an average article."""

    saturation: float = 1.6
    length_share: float = 0.9
    length: float = 800
    form: float = 0.7
    exact_share: float = 0.5
    stopword: float = 0.3
    nearness: float = 0.8
    window: int = 40
    fields: Mapping[str, float] = field(
        default_factory=lambda: {
            "body": 1.0, "title": 3.0, "byline": 2.0, "notes": 2.0, "highlights": 2.0,
        }
    )  # fmt: skip
    tag: float = 3.0


WEIGHTS: Final = Weights()


@dataclass(frozen=True, slots=True)
class RankedRow:
    """A row of the cache and the words of the query that it lacks."""

    row: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best rows, and `words` of the query in every form to mark."""

    rows: tuple[RankedRow, ...] = ()
    words: tuple[TextTerm, ...] = ()

    def merge(
        self, complete: Sequence[int], limit: int
    ) -> tuple[Sequence[int], dict[int, tuple[str, ...]]]:
        """Return the complete rows and those ranked below them, and what each of these lacks."""
        first = set(complete)
        others = [each for each in self.rows if each.row not in first][: limit - len(complete)]
        rows = [*complete, *(each.row for each in others)]
        return rows, {each.row: each.missing for each in others if each.missing}


@dataclass(slots=True)
class _Word:
    """A word, or a pair of characters in scripts without spaces, of the query.

    `label` is the query's text that it belongs to, `counts` the weighted frequency by row,
    `exact_counts` that of the word itself, `positions` those of all forms. `places` are the rows of
    the index for those forms of which they were read.
    """

    label: str
    tokens: tuple[str, ...]
    is_exact: bool = False
    is_prefix: bool = False
    is_stopword: bool = False
    frequency: int = 0
    forms: dict[str, int] = field(default_factory=dict)
    counts: dict[int, float] = field(default_factory=dict)
    exact_counts: dict[int, float] = field(default_factory=dict)
    positions: dict[int, list[int]] = field(default_factory=dict)
    places: dict[str, list[tuple[int, str, int]]] = field(default_factory=dict)
    holds: bytes = b""
    rarity: float = 0.0
    exact_rarity: float = 0.0

    def is_in(self, row: int) -> bool:
        """Return whether the article has the word in any form."""
        return row in self.counts or _holds(self.holds, row)


def _holds(rows: bytes, row: int) -> bool:
    """Return whether the row is set in a bitmap's bytes."""
    return row < len(rows) and rows[row] == 1


def _required(query: Query, loose: Sequence[TextTerm]) -> Query:
    """Return the query without its loose words."""
    terms = query.where.terms if isinstance(query.where, And) else (query.where,)
    rest: list[Term] = [term for term in terms if term is not None and term not in loose]
    return Query(and_(*rest) if rest else None)


def prepare(connection: sqlite3.Connection) -> None:
    """Create the temporary views of the index; call before a transaction begins."""
    for name, kind in (("instances", "instance"), ("frequencies", "row")):
        connection.execute(
            f"create virtual table if not exists temp.{name} using fts5vocab (main, text, {kind})"
        )


def rank(
    connection: sqlite3.Connection,
    snapshot: Snapshot,
    query: Query,
    now: datetime,
    languages: Sequence[str],
    *,
    limit: int,
    known: Sequence[int] | None = None,
    weights: Weights = WEIGHTS,
) -> Ranking:
    """Rank the articles: those with all words as written, with all in any form, with some.

    Everything else that the query asks for holds for each of them. `known` are the rows with all
    words, if they were found before. Blocks on disk; linear in the articles of the rarer words, up
    to `MAX_POSTINGS`.
    """
    loose = loose_words(query)
    among = matching_rows(snapshot, select(snapshot, _required(query, loose), now))
    if known is None:
        holds = to_bytes(matching_rows(snapshot, select(snapshot, Query(query.where), now)))
        is_complete: Callable[[int], bool] = partial(_holds, holds)
    else:
        is_complete = frozenset(known).__contains__
    exact = [term for term in search_words(query) if term.is_exact]
    words = _look_up(connection, snapshot, [*loose, *exact], languages, weights)
    content_words = [word for word in words if not word.is_stopword]
    for word in content_words:
        _add_tagged(snapshot, word, now, weights)
    scores = _score(connection, words, among, is_complete, limit, weights)

    def tier(row: int) -> int:
        if is_complete(row):
            return 0
        return 1 if all(word.is_in(row) for word in content_words) else 2

    # Scores are in the order of the newest articles.
    ranked = [(tier(row), -score, row) for row, score in scores.items()]
    ranked.sort(key=itemgetter(0, 1))
    rows = (
        RankedRow(row, tuple(_missing(content_words, row)) if number == 2 else ())
        for number, _, row in ranked[:limit]
    )
    return Ranking(tuple(rows), _marked(query, loose, content_words))


def _marked(
    query: Query, loose: Sequence[TextTerm], words: Sequence[_Word]
) -> tuple[TextTerm, ...]:
    """Return the words to mark: those asked for exactly, then the rarest with their forms."""
    exact = [term for term in search_words(query) if term not in loose]
    rarest = sorted(words, key=lambda word: -word.rarity)
    own = [TextTerm(" ".join(word.tokens)) for word in rarest if word.rarity]
    forms = [
        TextTerm(form)
        for word in rarest
        for form, _ in sorted(word.forms.items(), key=lambda pair: -pair[1])[:_MAX_MARKED_FORMS]
    ]
    return tuple(dict.fromkeys((*exact, *own[:MAX_MARKED], *forms)))[: MAX_MARKED + len(exact)]


def _look_up(
    connection: sqlite3.Connection,
    snapshot: Snapshot,
    loose: Sequence[TextTerm],
    languages: Sequence[str],
    weights: Weights,
) -> list[_Word]:
    """Return the words with their articles; of very frequent ones only which articles have them."""
    words = list(_split(loose))[:MAX_WORDS]
    if all(word.is_stopword for word in words):
        for word in words:
            word.is_stopword = False
    total = count_rows(snapshot.all_rows())
    room = MAX_POSTINGS
    for word in words:
        _count(connection, word, languages)
    for word in sorted(words, key=lambda word: (word.is_stopword, word.frequency)):
        is_first = room == MAX_POSTINGS and word.frequency <= 3 * MAX_POSTINGS
        if not word.frequency:
            continue
        if not word.is_stopword and (word.frequency <= room or is_first):
            room -= word.frequency
            _read_postings(connection, snapshot, word, weights)
            word.rarity = _rarity(len(word.counts), total)
            word.exact_rarity = _rarity(len(word.exact_counts), total)
        else:
            expression = " OR ".join(f'"{form}"' for form in word.forms)
            word.holds = to_bytes(snapshot.matching_rows(f"({expression})"))
            word.rarity = word.exact_rarity = _rarity(word.frequency, total)
    return words


def _rarity(number: int, total: int) -> float:
    """Return the inverse document frequency of a word."""
    number = min(number, total)
    return math.log(1 + (total - number + 0.5) / (number + 0.5)) if number else 0.0


def _split(loose: Sequence[TextTerm]) -> Iterator[_Word]:
    """Yield the words of the terms, each once; pairs of characters in scripts without spaces."""
    seen: set[tuple[str, ...]] = set()
    for term in loose:
        tokens = tokenize(term.text)
        label = term.text
        parts: list[tuple[tuple[str, ...], str]] = []
        if len(tokens) > 2 and all(len(token) == 1 and not token.isascii() for token in tokens):
            # As it was typed: tokens have one form for variants of a character.
            letters = label if len(label) == len(tokens) else "".join(tokens)
            pairs = zip(pairwise(tokens), pairwise(letters), strict=True)
            parts = [(pair, one + two) for pair, (one, two) in pairs]
        elif all(len(token) == 1 and not token.isascii() for token in tokens):
            parts = [(tuple(tokens), label)]
        elif len(tokens) > 1 and (joined := joined_words(label)):
            # The index has it with and without signs.
            parts = [((word,), label) for word in joined]
        else:
            parts = [((token,), label) for token in tokens]
        for part, name in parts:
            if part not in seen:
                seen.add(part)
                is_prefix = term.prefix and (part[-1] == tokens[-1] or len(parts) == 1)
                is_stopword = not is_prefix and len(part) == 1 and part[0] in STOPWORDS
                yield _Word(name, part, term.is_exact, is_prefix, is_stopword)


def _count(connection: sqlite3.Connection, word: _Word, languages: Sequence[str]) -> None:
    """Find the word's forms and how many articles have each."""
    if len(word.tokens) > 1:
        phrase = " ".join(word.tokens)
        sql = "select count(*) from (select 1 from text where text match ? limit ?)"
        values = (f'"{phrase}"', MAX_POSTINGS + 1)
        word.frequency = int(connection.execute(sql, values).fetchone()[0])
        word.forms = {phrase: word.frequency}
        return
    token = word.tokens[0]
    if word.is_prefix:
        forms = find_prefixed(connection, token)
    else:
        is_fixed = word.is_stopword or word.is_exact
        forms = (token,) if is_fixed else find_forms(connection, token, languages, word.label)
    for form in forms:
        if not word.is_stopword:
            # ⏱ Counting the articles takes as long as reading the places of a rare word.
            sql = "select doc, col, offset from temp.instances where term = ? limit ?"
            places = connection.execute(sql, (form, _MAX_INSTANCES + 1)).fetchall()
            if len(places) <= _MAX_INSTANCES:
                if places:
                    word.places[form] = places
                    word.forms[form] = len({text for text, _, _ in places})
                continue
        sql = "select doc from temp.frequencies where term = ?"
        found = connection.execute(sql, (form,)).fetchone()
        if found is not None:
            word.forms[form] = int(found[0])
    word.frequency = sum(word.forms.values())


def _read_postings(
    connection: sqlite3.Connection, snapshot: Snapshot, word: _Word, weights: Weights
) -> None:
    """Read which articles have the word, how often in which field, and where in the body."""
    if len(word.tokens) > 1:
        sql = "select json_group_array(rowid) from text where text match ?"
        found = connection.execute(sql, (f'"{" ".join(word.tokens)}"',)).fetchone()
        rows = snapshot.rows_of_texts(json.loads(found[0]))
        word.counts = word.exact_counts = dict.fromkeys((row for row in rows if row), 1.0)
        return
    counts: dict[int, float] = defaultdict(float)
    exact: dict[int, float] = defaultdict(float)
    positions: dict[int, list[int]] = defaultdict(list)
    for form in word.forms:
        share = 1.0 if word.is_prefix or form == word.tokens[0] else weights.form
        found = word.places.get(form)
        if found is None:
            sql = "select doc, col, offset from temp.instances where term = ?"
            found = connection.execute(sql, (form,)).fetchall()
        for row, (_, column, offset) in zip(
            snapshot.rows_of_texts([text for text, _, _ in found]), found, strict=True
        ):
            value = weights.fields[column]
            counts[row] += share * value
            if share == 1.0:
                exact[row] += value
            positions[row].append(offset + _FIELD_OFFSETS[column])
    counts.pop(0, None)
    exact.pop(0, None)
    word.counts, word.exact_counts, word.positions = dict(counts), dict(exact), dict(positions)


def _add_tagged(snapshot: Snapshot, word: _Word, now: datetime, weights: Weights) -> None:
    """Count a tag that is the word like the word itself."""
    tagged = snapshot.bitmap(condition_of(TagTerm(" ".join(word.tokens)), now))
    if not 0 < count_rows(tagged) <= _MAX_TAGGED:
        return
    holds = to_bytes(tagged)
    for row in compress(range(len(holds)), holds):
        word.counts[row] = word.counts.get(row, 0.0) + weights.tag
        word.exact_counts[row] = word.exact_counts.get(row, 0.0) + weights.tag
    if not word.rarity:
        word.rarity = word.exact_rarity = _rarity(
            count_rows(tagged), count_rows(snapshot.all_rows())
        )


def _score(
    connection: sqlite3.Connection,
    words: Sequence[_Word],
    among: Bitmap,
    is_complete: Callable[[int], bool],
    limit: int,
    weights: Weights,
) -> dict[int, float]:
    """Return the score of the best candidates, newest first."""
    listed = to_bytes(among)
    chances: dict[int, float] = defaultdict(float)
    for word in words:
        for row, count in word.counts.items():
            chances[row] += word.rarity * count / (count + weights.saturation)
    rows = [row for row in chances if row < len(listed) and listed[row]]
    scored = min(_MAX_SCORED, _SCORED_SHARE * limit)
    if len(rows) > scored:
        rows = nlargest(scored, rows, key=lambda row: (is_complete(row), chances[row]))
    sql = (
        "select row, words from facts f where row in (select value from json_each(?))"
        f" order by {NEWEST}"
    )
    scores: dict[int, float] = {}
    share = weights.length_share
    for row, length in connection.execute(sql, (json.dumps(rows),)):
        pivot = weights.saturation * (1 - share + share * length / weights.length)
        # ⏱ Most candidates of a partial search have one word: it is not worth a call for the others.
        scores[row] = sum(
            [
                _value(word, row, pivot, weights)
                for word in words
                if row in word.counts or word.holds
            ]
        )
    for row in nlargest(min(_MAX_NEAR, _NEAR_SHARE * limit), scores, key=scores.__getitem__):
        scores[row] += weights.nearness * _nearness(words, row, weights.window)
    return scores


def _value(word: _Word, row: int, pivot: float, weights: Weights) -> float:
    """Return the share of the word in the score of an article.

    `pivot` is the frequency at which a word counts half, by the article's length.
    """
    scale = weights.saturation + 1
    count = word.counts.get(row, 0.0)
    if not count:
        if not word.is_in(row):
            return 0.0
        share = weights.stopword if word.is_stopword else 1.0
        return share * word.rarity * scale / (1.0 + pivot)
    exact = word.exact_counts.get(row, 0.0)
    mixed = weights.exact_share
    value = (1 - mixed) * word.rarity * count / (count + pivot)
    if exact:
        value += mixed * word.exact_rarity * exact / (exact + pivot)
    return value * scale


def _nearness(words: Sequence[_Word], row: int, window: int) -> float:
    """Return the rarity of the words in the best stretch of one field, `window` words long."""
    events: list[tuple[int, int]] = []
    present = [number for number, word in enumerate(words) if row in word.positions]
    if len(present) < 2:
        return words[present[0]].rarity if present else 0.0
    for number in present:
        positions = words[number].positions[row]
        events += [(position, number) for position in positions[:_MAX_POSITIONS]]
    events.sort()
    inside: Counter[int] = Counter()
    best = current = 0.0
    first = 0
    for position, number in events:
        inside[number] += 1
        if inside[number] == 1:
            current += words[number].rarity
        while events[first][0] < position - window:
            gone = events[first][1]
            inside[gone] -= 1
            if not inside[gone]:
                current -= words[gone].rarity
            first += 1
        best = max(best, current)
    return best


def _missing(words: Iterable[_Word], row: int) -> Iterator[str]:
    """Yield the query's texts that the article lacks, each once; pairs of characters joined."""
    seen: set[str] = set()
    pairs = ""
    for word in words:
        is_pair = len(word.tokens) > 1
        if word.is_in(row):
            if pairs:
                yield pairs
            pairs = ""
        elif is_pair:
            pairs = pairs + word.label[-1] if pairs[-1:] == word.label[:1] else word.label
        elif word.label not in seen:
            seen.add(word.label)
            yield word.label
    if pairs:
        yield pairs
