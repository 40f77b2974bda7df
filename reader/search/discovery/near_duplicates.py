"""Articles that say nearly the same: one wire story on two sites, one page under two addresses.

Two texts are compared by the runs of four words that they share (shingles, Broder 1997), which
only a copied text does; who to compare with comes from the index.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import combinations
from pathlib import Path
from typing import Final

from reader.model.entry import Entry
from reader.model.tokenizer import tokenize
from reader.search.discovery.similarity import key_terms, similar
from reader.search.store.article_files import read_plain_text
from reader.search.store.rows import read_entries

SHINGLE_LENGTH: Final = 4
MIN_OVERLAP: Final = 0.6
"""Of the shorter text's runs that the longer one must have."""
_FEWEST: Final = 40
"""Words below which a text is too short to be told from a notice that many pages carry."""
_CANDIDATES: Final = 6
_LONGEST: Final = 20_000


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """An article of nearly the same text; `shared` is the part of the shorter one's runs, to 1.0."""

    entry: Entry
    overlap: float


def text_overlap(one: str, other: str) -> float:
    """How much of the shorter text stands in the longer one word for word, 0.0 to 1.0."""
    runs, others = _runs(one), _runs(other)
    fewest = min(len(runs), len(others))
    return len(runs & others) / fewest if fewest >= _FEWEST - SHINGLE_LENGTH else 0.0


def _runs(text: str) -> set[int]:
    words = tokenize(text)[:_LONGEST]
    return {
        hash(tuple(words[at : at + SHINGLE_LENGTH]))
        for at in range(len(words) - SHINGLE_LENGTH + 1)
    }


def find_near_duplicates(
    connection: sqlite3.Connection, home: Path, entry: Entry, body: str
) -> list[NearDuplicate]:
    """Other articles of the library with nearly the same text, the nearest first. Reads a few files.

    Much longer ones that merely quote the article are none.
    """
    near = similar(connection, key_terms(connection, entry.title, body), entry.id, _CANDIDATES)
    found = []
    for other in read_entries(connection, [each.row for each in near]):
        if not 0.5 <= (other.words or 1) / (entry.words or 1) <= 2.0:
            continue
        shared = text_overlap(body, read_plain_text(home, other))
        if shared >= MIN_OVERLAP:
            found.append(NearDuplicate(other, shared))
    return sorted(found, key=lambda double: (-double.overlap, double.entry.id))


SKETCH_SIZE: Final = 24
"""Runs that stand for a text: those whose hashes are the smallest (Broder 1997)."""
_ALIKE: Final = 2
"""Runs that two sketches share where it is worth comparing the texts."""
_NOTICE: Final = 40
"""Texts from which a run that all of them have is a notice, and says nothing."""


def minhash(text: str) -> frozenset[int]:
    """A few runs of the text that a copy of it most probably has too; none of a short text."""
    runs = _runs(text)
    return (
        frozenset(nsmallest(SKETCH_SIZE, runs))
        if len(runs) >= _FEWEST - SHINGLE_LENGTH
        else frozenset()
    )


def group_duplicates(
    sketches: Sequence[frozenset[int]], text_of: Callable[[int], str]
) -> list[tuple[int, ...]]:
    """Places of texts that say nearly the same, each in one group at most, in order.

    Linear in the sketches, but for texts that share parts of theirs: those are read and compared.
    """
    leader = list(range(len(sketches)))

    def led(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    for one, other in _candidates(sketches):
        if led(one) != led(other) and text_overlap(text_of(one), text_of(other)) >= MIN_OVERLAP:
            leader[max(led(one), led(other))] = min(led(one), led(other))
    found: dict[int, list[int]] = defaultdict(list)
    for place in range(len(sketches)):
        found[led(place)].append(place)
    return [tuple(places) for places in found.values() if len(places) > 1]


def _candidates(sketches: Sequence[frozenset[int]]) -> Iterator[tuple[int, int]]:
    """Pairs whose sketches share enough, those that share most first."""
    bearers: dict[int, list[int]] = defaultdict(list)
    for place, runs in enumerate(sketches):
        for run in runs:
            bearers[run].append(place)
    shared: Counter[tuple[int, int]] = Counter()
    for places in bearers.values():
        if 1 < len(places) <= _NOTICE:
            shared.update(combinations(places, 2))
    return (pair for pair, count in shared.most_common() if count >= _ALIKE)


def pick_survivor(entries: Iterable[Entry]) -> Entry:
    """Of doubles the one to keep: most worked on, then longest, then saved first."""
    return min(
        entries,
        key=lambda entry: (
            -entry.highlights, not entry.has_note, not entry.starred, -entry.progress, -entry.words,
            entry.added, entry.id,
        ),
    )  # fmt: skip
