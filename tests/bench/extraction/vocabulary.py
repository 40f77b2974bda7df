"""The lexicon's tables, counted from labelled pages."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from reader.extract.content.lexicon import Lexicon, word_features
from reader.extract.content.patterns import split_names
from reader.extract.content.segmenter import Box
from tests.bench.extraction.samples import Sample

Table = dict[str, list[float]]
MAX_VOTE = 2.0
"""Weight that one page may add to a word, so that no page speaks for all."""
MIN_VOTES = 4.0
"""Votes below which a word is not kept: it takes more than two pages to reach them."""
MIN_ODDS = 0.2
"""Log-odds below which a word says nothing."""
MAX_ODDS = 4.0


class Counts:
    """Votes of words and names for text left out and for text kept."""

    def __init__(self) -> None:
        self.tables: list[Table] = [defaultdict(lambda: [0.0, 0.0]) for _ in range(3)]

    def add(self, other: "Counts") -> None:
        for mine, theirs in zip(self.tables, other.tables, strict=True):
            for word, (left, kept) in theirs.items():
                mine[word][0] += left
                mine[word][1] += kept

    def lexicon(self) -> Lexicon:
        words, near, far = map(_odds, self.tables)
        return Lexicon(words, near, far)


def count(samples: Iterable[Sample]) -> Counts:
    """Return the counts over pages; each page's vote for a word is bounded."""
    whole = Counts()
    for sample in samples:
        page = Counts()
        words, near, far = page.tables
        names = _names(sample.boxes)
        for block, label, weight in zip(sample.blocks, sample.labels, sample.weights, strict=True):
            if not weight or label is None:
                continue
            keep = label > 0.5
            close, distant = names[block.box]
            for table, found in (
                (words, word_features(block.text)),
                (near, close),
                (far, distant),
            ):
                for word in found:
                    table[word][keep] += weight
        for table in page.tables:
            for votes in table.values():
                share = min(sum(votes), MAX_VOTE) / sum(votes)
                votes[0] *= share
                votes[1] *= share
        whole.add(page)
    return whole


def _names(boxes: Sequence[Box]) -> dict[Box, tuple[set[str], set[str]]]:
    """Return for each box the names on it and its parent, and those further out."""
    own: dict[Box, set[str]] = {}
    around: dict[Box, set[str]] = {}
    found: dict[Box, tuple[set[str], set[str]]] = {}
    for box in boxes:
        own[box] = set(split_names(box.names)) if box.names else set()
        parent = box.parent
        close = own[box] | own[parent] if parent is not None else own[box]
        outside = around[parent] if parent is not None else set()
        around[box] = outside | own[box]
        found[box] = (close, outside - close)
    return found


def _odds(table: Table) -> dict[str, float]:
    left = sum(votes[0] for votes in table.values()) + 1
    kept = sum(votes[1] for votes in table.values()) + 1
    ratio = kept / left
    share = ratio / (1 + ratio)
    odds = {}
    for word, (out, into) in table.items():
        if out + into >= MIN_VOTES:
            value = math.log((into + share) / (out + 1 - share) / ratio)
            if abs(value) >= MIN_ODDS:
                odds[word] = round(max(-MAX_ODDS, min(MAX_ODDS, value)), 2)
    return dict(sorted(odds.items()))
