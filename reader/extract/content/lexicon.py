"""Words that chrome uses and words that articles use, learned from pages.

Two tables: of words in short blocks, and of class and id names on the boxes around a block, by
how far out they stand. A word's number is the log of how much more often it stood in text that
was kept than in text that was not.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Final

from lxml.html import HtmlElement

from reader.extract.content.segmenter import Block, Box

LEXICON_FILE: Final = Path(__file__).with_name("lexicon.json")
MAX_WORDS: Final = 40
"""Words from which a block speaks for itself, and its words are not looked up."""
LEVELS: Final = 5
"""Boxes outwards whose names count: four one by one, those beyond together."""
MAX_LEVELS: Final = 9
_WORD: Final = re.compile(r"[^\W\d_]{2,}|[©#@|»]")
_TOKEN: Final = re.compile(r"\w+")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\s:./]+")
_LETTERS: Final = re.compile(r"[a-z]{2,}")

LEXICON_FEATURES: Final = (
    "words_sum",
    "words_least",
    "words_most",
    *(f"names{level}_{what}" for level in range(LEVELS) for what in ("sum", "least")),
)


def word_features(text: str) -> set[str]:
    """The words of a short text, its first and last word marked, and its first pairs of words."""
    if len(text) > 400 or len(_TOKEN.findall(text)) > MAX_WORDS:
        return set()
    words = _WORD.findall(text.lower())
    found = set(words)
    if words:
        found.update((f"^{words[0]}", f"${words[-1]}"))
    found.update(f"{one} {two}" for one, two in pairwise(words[:13]))
    return found


def element_names(element: HtmlElement) -> str:
    """What an element is called: class, id, role and what else sites name their parts by."""
    get = element.get
    named = (
        get("class"),
        get("id"),
        get("role"),
        get("itemprop"),
        get("data-testid"),
        get("data-component"),
    )
    return " ".join(filter(None, named))[:300]


@lru_cache(maxsize=4096)
def split_names(called: str) -> frozenset[str]:
    """The words in an element's names, camel case and signs taken apart."""
    return frozenset(_LETTERS.findall(_CAMEL.sub("-", called).lower()))


def ancestor_names(box: Box) -> list[frozenset[str]]:
    """For each level outwards the names there."""
    levels: list[frozenset[str]] = []
    around: Box | None = box
    far: set[str] = set()
    for level in range(MAX_LEVELS):
        found = split_names(element_names(around.element)) if around is not None else frozenset()
        if level < LEVELS - 1:
            levels.append(found)
        else:
            far |= found
        around = around.parent if around is not None else None
    return [*levels, frozenset(far)]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The two tables."""

    words: Mapping[str, float]
    names: Sequence[Mapping[str, float]]

    def word_scores(self, block: Block) -> list[float]:
        """Sum, least and most of a block's words."""
        known = [self.words[word] for word in word_features(block.text) if word in self.words]
        if not known:
            return [0.0, 0.0, 0.0]
        return [sum(known) / sqrt(len(known)), min(0.0, *known), max(0.0, *known)]

    def name_scores(self, box: Box) -> list[float]:
        """Sum and least of the names on each level outwards."""
        hints: list[float] = []
        for table, found in zip(self.names, ancestor_names(box), strict=True):
            known = [table[name] for name in found if name in table]
            if known:
                hints += [sum(known) / sqrt(len(known)), min(0.0, *known)]
            else:
                hints += [0.0, 0.0]
        return hints


@cache
def load_lexicon() -> Lexicon:
    """The tables of the data file, made by the training script."""
    told = json.loads(LEXICON_FILE.read_text("utf-8"))
    return Lexicon(told["words"], told["names"])
