"""The lexicon's tables, counted from labelled pages."""

import math
from collections import defaultdict
from collections.abc import Sequence

from reader.extract.content.features import FEATURES
from reader.extract.content.lexicon import LEVELS, Lexicon, ancestor_names, word_features
from tests.bench.extraction.samples import Sample

Table = dict[str, list[float]]
VOTE = 2.0
"""What one page may add to a word, so that no page speaks for all."""
LEAST = 2.5
"""Votes below which a word is not kept; one page alone never reaches them."""
_SCORES, _STOCK = FEATURES.index("scores_keeps"), FEATURES.index("readability_keeps")


class Counts:
    """How often words and names stood in text left out, and in text kept."""

    def __init__(self) -> None:
        self.words: Table = defaultdict(lambda: [0.0, 0.0])
        self.names: list[Table] = [defaultdict(lambda: [0.0, 0.0]) for _ in range(LEVELS)]

    def tables(self) -> list[Table]:
        return [self.words, *self.names]

    def add(self, other: "Counts") -> None:
        for mine, theirs in zip(self.tables(), other.tables(), strict=True):
            for word, (left, kept) in theirs.items():
                mine[word][0] += left
                mine[word][1] += kept

    def lexicon(self) -> Lexicon:
        words, *names = [_odds(table) for table in self.tables()]
        return Lexicon(words, names)


def count(samples: Sequence[Sample]) -> Counts:
    """Counts over pages, each page's vote for a word bounded."""
    whole = Counts()
    for sample in samples:
        page = Counts()
        for number, (keep, weight) in enumerate(_weak_labels(sample)):
            if weight:
                block = sample.seen.blocks[number]
                for word in word_features(block.text):
                    page.words[word][keep] += weight
                for table, names in zip(page.names, ancestor_names(block.box), strict=True):
                    for name in names:
                        table[name][keep] += weight
        for table in page.tables():
            for votes in table.values():
                share = min(sum(votes), VOTE) / sum(votes)
                votes[0] *= share
                votes[1] *= share
        whole.add(page)
    return whole


def _weak_labels(sample: Sample) -> list[tuple[bool, float]]:
    """For each block a label and how far it is trusted; without one, what all opinions share."""
    rows = dict(zip(sample.seen.judged, sample.seen.rows, strict=True))
    found: list[tuple[bool, float]] = []
    for number, label in enumerate(sample.labels):
        if label is not None:
            found.append((label > 0.5, 1.0))
        elif number not in rows:
            found.append((False, 0.5))
        else:
            ours, stock = rows[number][_SCORES] > 0.5, rows[number][_STOCK] > 0.5
            found.append((ours and stock, 0.3 if ours == stock else 0.0))
    return found


def _odds(table: Table) -> dict[str, float]:
    left = sum(votes[0] for votes in table.values()) + 1
    kept = sum(votes[1] for votes in table.values()) + 1
    ratio = kept / left
    share = ratio / (1 + ratio)
    odds = {}
    for word, (out, into) in table.items():
        if out + into >= LEAST:
            value = math.log((into + share) / (out + 1 - share) / ratio)
            odds[word] = round(max(-4.0, min(4.0, value)), 2)
    return dict(sorted(odds.items()))
