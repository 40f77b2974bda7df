"""Articles with nearly the same text, such as one wire story on two sites.

Two texts are compared by their shared runs of four words (shingles, Broder 1997). The full-text
index supplies the candidates.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import nsmallest
from itertools import combinations
from typing import Final
from zlib import crc32

from reader.model.entry import Entry
from reader.model.tokenizer import tokenize

SHINGLE_LENGTH: Final = 4
"""Words of a shingle: one changed word changes four shingles."""
MIN_OVERLAP: Final = 0.6
"""Minimum share of the shorter text's shingles that the longer text has."""
_MIN_WORDS: Final = 40
"""Word count below which a text may be a notice that many pages carry."""
_MAX_WORDS: Final = 20_000
"""Words of a text that are compared: a set of as many shingles takes 3 MB."""


def text_overlap(one: str, other: str) -> float:
    """Return the share of the shorter text found verbatim in the longer one, 0.0 to 1.0."""
    runs, others = _shingles(one), _shingles(other)
    fewest = min(len(runs), len(others))
    return len(runs & others) / fewest if fewest >= _MIN_WORDS - SHINGLE_LENGTH else 0.0


def _shingles(text: str) -> set[int]:
    # Python's hash of a string differs from run to run, which made the sketches differ, too.
    words = [crc32(word.encode()) for word in tokenize(text)[:_MAX_WORDS]]
    return {
        hash(tuple(words[at : at + SHINGLE_LENGTH]))
        for at in range(len(words) - SHINGLE_LENGTH + 1)
    }


def _have_similar_length(one: int, other: int) -> bool:
    """Return whether neither text is more than twice as long as the other: quotations differ."""
    return 0.5 <= (one or 1) / (other or 1) <= 2.0


SKETCH_SIZE: Final = 24
"""Shingles that represent a text: those with the smallest hashes (Broder 1997)."""
_MIN_SHARED: Final = 2
"""Shared shingles of two sketches from which their texts are compared."""
_MAX_BEARERS: Final = 40
"""Number of texts from which a shared shingle is taken for a boilerplate notice."""


def minhash(text: str) -> frozenset[int]:
    """Return the shingles with the smallest hashes; empty for a short text."""
    runs = _shingles(text)
    return (
        frozenset(nsmallest(SKETCH_SIZE, runs))
        if len(runs) >= _MIN_WORDS - SHINGLE_LENGTH
        else frozenset()
    )


def group_duplicates(
    sketches: Sequence[frozenset[int]], text_of: Callable[[int], str]
) -> list[tuple[int, ...]]:
    """Return groups of positions whose texts are nearly the same, in order.

    Linear in the sketches; texts whose sketches overlap are read and compared.
    """
    leader = list(range(len(sketches)))

    def led(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    for one, other in _candidate_pairs(sketches):
        if led(one) == led(other):
            continue
        text, other_text = text_of(one), text_of(other)
        is_near = _have_similar_length(len(text), len(other_text))
        if is_near and text_overlap(text, other_text) >= MIN_OVERLAP:
            leader[max(led(one), led(other))] = min(led(one), led(other))
    found: dict[int, list[int]] = defaultdict(list)
    for place in range(len(sketches)):
        found[led(place)].append(place)
    return [tuple(places) for places in found.values() if len(places) > 1]


def _candidate_pairs(sketches: Sequence[frozenset[int]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of positions whose sketches overlap enough, largest overlap first."""
    bearers: dict[int, list[int]] = defaultdict(list)
    for place, runs in enumerate(sketches):
        for run in runs:
            bearers[run].append(place)
    shared: Counter[tuple[int, int]] = Counter()
    for places in bearers.values():
        if 1 < len(places) <= _MAX_BEARERS:
            shared.update(combinations(places, 2))
    return (pair for pair, count in shared.most_common() if count >= _MIN_SHARED)


def pick_survivor(entries: Iterable[Entry]) -> Entry:
    """Pick the entry to keep: most annotated, then longest, then oldest."""
    return min(
        entries,
        key=lambda entry: (
            -entry.highlights, not entry.has_note, not entry.starred, -entry.progress, -entry.words,
            entry.added, entry.id,
        ),
    )  # fmt: skip
