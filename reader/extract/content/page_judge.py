"""The judgement of a whole page: one article or something else, and how much unsure text to keep."""

import math
from collections.abc import Sequence
from typing import Final

from reader.extract.content.features import FEATURES
from reader.extract.content.segmenter import Block, Box

ARTICLE_BIAS: Final = 0.1
"""Log-odds that a block of an article must pass to be kept; tuned out of fold."""
MIN_OTHER_CHANCE: Final = 0.6
"""Chance from which a page is not a single article; tuned out of fold."""
MIN_LONG_PROSE: Final = 150
"""Characters of running text that make a block a paragraph."""
MIN_KEPT: Final = 0.5
"""Chance from which a block counts as kept in the measures of a page."""
MIN_DOUBTFUL, MAX_DOUBTFUL = 0.15, 0.85
"""Chances between which a block is in doubt."""

_OF_PAGE: Final = tuple(name for name in FEATURES if name.startswith("page_"))
PAGE_FEATURES: Final = (
    *_OF_PAGE,
    "core_share",
    "core_chars",
    "paragraphs",
    "paragraph_share",
    "expected_f1",
    "mean_chance",
    "kept_linked",
    "doubtful",
    "kept_length",
    "kept_chars",
    "first_kept",
    "last_kept",
)


def page_row(
    blocks: Sequence[Block],
    prose: Sequence[int],
    page_features: Sequence[float],
    chances: Sequence[float],
) -> list[float]:
    """Return the `PAGE_FEATURES` of a page, given its running text and the chances by block."""
    cores: dict[Box, int] = {}
    for block, size in zip(blocks, prose, strict=True):
        if size:
            box = block.box
            around = box.parent if box.tag == "p" and box.parent is not None else box
            cores[around] = cores.get(around, 0) + size
    core = max(cores.values(), default=0)
    count = max(1, len(blocks))
    sizes = [len(block.text) for block in blocks]
    chars = max(1, sum(sizes))
    kept = [number for number, chance in enumerate(chances) if chance > MIN_KEPT]
    kept_chars = sum(sizes[number] for number in kept)
    paragraphs = sum(size > MIN_LONG_PROSE for size in prose)
    doubtful = sum(
        size
        for size, chance in zip(sizes, chances, strict=True)
        if MIN_DOUBTFUL < chance < MAX_DOUBTFUL
    )
    return [
        *page_features,
        core / max(1, sum(prose)),
        math.log1p(core),
        float(paragraphs),
        paragraphs / count,
        expected_f1(sizes, chances),
        sum(chance * size for chance, size in zip(chances, sizes, strict=True)) / chars,
        sum(blocks[number].linked_chars for number in kept) / max(1, kept_chars),
        doubtful / chars,
        kept_chars / max(1, len(kept)),
        math.log1p(kept_chars),
        kept[0] / count if kept else 1.0,
        kept[-1] / count if kept else 0.0,
    ]


def is_article(other: float) -> bool:
    """Return whether a page counts as one article, given the chance that it is another page."""
    return other < MIN_OTHER_CHANCE


def expected_f1(sizes: Sequence[int], chances: Sequence[float]) -> float:
    """Return the best F1 that a choice of blocks can expect, if the chances are right."""
    hits = chosen = best = 0.0
    whole = sum(chance * size for chance, size in zip(chances, sizes, strict=True))
    for chance, size in sorted(zip(chances, sizes, strict=True), reverse=True):
        hits += chance * size
        chosen += size
        best = max(best, 2 * hits / (chosen + whole + 1e-9))
    return best


def keep_bias(sizes: Sequence[int], chances: Sequence[float], *, is_article: bool) -> float:
    """Return the log-odds that a block must pass to be kept.

    For pages without a single article half the expected F1 is the threshold with the best F1:
    Lipton, Elkan and Naryanaswamy, "Optimal Thresholding of Classifiers to Maximize F1" (2014).
    """
    if is_article:
        return ARTICLE_BIAS
    threshold = min(0.49, max(0.02, expected_f1(sizes, chances) / 2))
    return math.log(threshold / (1 - threshold))
