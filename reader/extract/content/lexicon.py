"""Words that chrome uses and words that articles use, learned from pages.

Three tables: of words in short blocks, of class and id names on the boxes close to a block, and of
names further out. The weight of a word is the log of how much more often it occurred in text that
was kept than in text that was not.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Final

from reader.extract.content.patterns import split_names
from reader.extract.content.segmenter import Block, Box

LEXICON_FILE: Final = Path(__file__).with_name("lexicon.json")
MAX_WORDS: Final = 40
"""Words up to which a block is short; longer blocks are judged without their words."""
MAX_CHARS: Final = 400
"""Characters up to which a block is short: 40 words of ten characters."""
MAX_PAIRS: Final = 10
"""Words at the start of a block whose pairs are looked up."""
MAX_CACHED_NAMES: Final = 20_000
"""Class names whose weights are kept between pages: bounds the memory."""
_WORD: Final = re.compile(r"[^\W\d_]{2,}|[©#@|»]")
_ASCII_WORD: Final = re.compile("[a-z]{2,}|[#@|]")
"""The same in ASCII text in lower case, which takes two thirds of the time."""
_NONE: Final = (0.0, 0.0, 0.0, 0.0)

LEXICON_FEATURES: Final = (
    "words_sum",
    "words_min",
    "words_max",
    *(f"names{level}_{what}" for level in range(4) for what in ("sum", "min")),
    "names_total",
    "names_min",
    "names_max",
)


def word_features(text: str) -> set[str]:
    """Return the words, the marked ends and the first pairs of a short text."""
    if len(text) > MAX_CHARS:
        return set()
    lowered = text.lower()
    words = (_ASCII_WORD if lowered.isascii() else _WORD).findall(lowered)
    if not words or len(words) > MAX_WORDS:
        return set()
    found = set(words)
    found.update((f"^{words[0]}", f"${words[-1]}"))
    found.update([f"{one} {two}" for one, two in pairwise(words[:MAX_PAIRS])])
    return found


@dataclass(slots=True)
class Lexicon:
    """The three tables, each from word to weight."""

    words: Mapping[str, float]
    near: Mapping[str, float]
    far: Mapping[str, float]
    _cache: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)

    def rows(
        self, blocks: Sequence[Block], boxes: Sequence[Box], judged: Sequence[int]
    ) -> list[list[float]]:
        """Return for each judged block its numbers, in the order of `LEXICON_FEATURES`."""
        of_boxes = self._name_scores(boxes, {blocks[at].box for at in judged})
        # Lines of menus and lists come again.
        of_texts = {text: self._word_scores(text) for text in {blocks[at].text for at in judged}}
        return [[*of_texts[blocks[at].text], *of_boxes[blocks[at].box]] for at in judged]

    def _word_scores(self, text: str) -> tuple[float, float, float]:
        table = self.words
        weights = map(table.get, word_features(text))
        known = [weight for weight in weights if weight is not None]
        if not known:
            return (0.0, 0.0, 0.0)
        return (sum(known) / sqrt(len(known)), min(0.0, *known), max(0.0, *known))

    def _name_scores(self, boxes: Sequence[Box], wanted: Collection[Box]) -> dict[Box, list[float]]:
        """Return for the wanted boxes the scores of their names and of the names around them."""
        rows: dict[Box, list[float]] = {}
        own: dict[Box, tuple[float, float, float, float]] = {}
        sums: dict[Box | None, tuple[float, float, float]] = {None: (0.0, 0.0, 0.0)}
        for box in boxes:
            if box.first_block == box.end_block:
                continue
            scores = own[box] = self._scores_of(box.names) if box.names else _NONE
            one = box.parent
            total, least, most = sums[one]
            total, least, most = total + scores[2], min(least, scores[3]), max(most, scores[2])
            sums[box] = (total, least, most)
            if box not in wanted:
                continue
            two = one.parent if one is not None else None
            three = two.parent if two is not None else None
            first = own[one] if one is not None else _NONE
            second = own[two] if two is not None else _NONE
            third = own[three] if three is not None else _NONE
            rows[box] = [
                scores[0],
                scores[1],
                first[0],
                first[1],
                second[2],
                second[3],
                third[2],
                third[3],
                total,
                least,
                most,
            ]
        return rows

    def _scores_of(self, names: str) -> tuple[float, float, float, float]:
        """Return sum and minimum of the near weights, then of the far weights."""
        found = self._cache.get(names)
        if found is None:
            if len(self._cache) >= MAX_CACHED_NAMES:
                self._cache.clear()
            words = split_names(names)
            near = [self.near[word] for word in words if word in self.near]
            far = [self.far[word] for word in words if word in self.far]
            found = self._cache[names] = (
                sum(near) / sqrt(len(near)) if near else 0.0,
                min(0.0, *near) if near else 0.0,
                sum(far) / sqrt(len(far)) if far else 0.0,
                min(0.0, *far) if far else 0.0,
            )
        return found


@cache
def load_lexicon() -> Lexicon:
    """Return the tables of the data file, which the training script writes."""
    tables = json.loads(LEXICON_FILE.read_text("utf-8"))
    return Lexicon(tables["words"], tables["near"], tables["far"])
