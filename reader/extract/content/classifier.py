"""What the blocks around a block are taken for: a second look, after the first judgement."""

import json
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from reader.extract.content.segmenter import Block, Box

_OFFSETS: Final = (-3, -2, -1, 1, 2, 3)
_WINDOWS: Final = (3, 8)
_LEVELS: Final = 5
_COPIED_FEATURES: Final = (0, 2, 6, 8)
"""Which of a neighbour's own numbers are looked at: length, links, a sentence's end, small words."""

CONTEXT_FEATURES: Final = (
    "chance",
    *(f"chance{step:+}" for step in _OFFSETS),
    *(f"within{window}" for window in _WINDOWS),
    "text_before",
    "text_after",
    *(f"beside{level}" for level in range(_LEVELS)),
    "best_after",
    "best_before",
    *(f"own{which}{step:+}" for which in _COPIED_FEATURES for step in (-1, 1)),
)


def add_context_scores(
    blocks: Sequence[Block],
    own: Sequence[Sequence[float]],
    chances: Sequence[float],
    judged: Sequence[int],
) -> list[list[float]]:
    """For each judged block the chances of those before, after and beside it, in `NAMES`' order.

    Long blocks count as 300 characters, so that one does not decide for all.
    """
    count = len(blocks)
    sizes = [min(len(block.text), 300) + 10.0 for block in blocks]
    weighed = [chance * size for chance, size in zip(chances, sizes, strict=True)]
    text, whole = _cumulative_sums(weighed), _cumulative_sums(sizes)
    total = text[-1] + 1e-9
    before = _cumulative_max(chances)
    after = _cumulative_max(chances[::-1])[::-1]
    kept, held = _sums_by_box(blocks, weighed, sizes)
    rows = []
    for at in judged:
        row = [chances[at]]
        row += [chances[at + step] if 0 <= at + step < count else 0.0 for step in _OFFSETS]
        for window in _WINDOWS:
            low, high = max(0, at - window), min(count, at + window + 1)
            row.append((text[high] - text[low]) / (whole[high] - whole[low]))
        row += [text[at] / total, (text[-1] - text[at + 1]) / total]
        box: Box = blocks[at].box
        for _ in range(_LEVELS):
            rest = held[box] - sizes[at]
            row.append((kept[box] - weighed[at]) / rest if rest > 1e-6 else -1.0)
            box = box.parent or box
        row += [after[at + 1] if at + 1 < count else 0.0, before[at - 1] if at else 0.0]
        for which in _COPIED_FEATURES:
            row.append(own[at - 1][which] if at else 0.0)
            row.append(own[at + 1][which] if at + 1 < count else 0.0)
        rows.append(row)
    return rows


def _cumulative_sums(values: Sequence[float]) -> list[float]:
    sums = [0.0]
    for value in values:
        sums.append(sums[-1] + value)
    return sums


def _cumulative_max(values: Sequence[float]) -> list[float]:
    best: list[float] = []
    for value in values:
        best.append(max(value, best[-1]) if best else value)
    return best


def _sums_by_box(
    blocks: Sequence[Block], weighed: Sequence[float], sizes: Sequence[float]
) -> tuple[dict[Box, float], dict[Box, float]]:
    kept: dict[Box, float] = {}
    held: dict[Box, float] = {}
    for block, text, size in zip(blocks, weighed, sizes, strict=True):
        box: Box | None = block.box
        while box is not None:
            kept[box] = kept.get(box, 0.0) + text
            held[box] = held.get(box, 0.0) + size
            box = box.parent
    return kept, held


FOREST_FILE: Final = Path(__file__).with_name("weights.json")

Node = tuple[int, float, "Node", "Node"] | float
"""A leaf's value, or (index of the number, threshold, where it is at most that, else)."""


class Forest:
    """Boosted trees; made by the training script in tests/bench/extraction."""

    def __init__(self, names: Sequence[str], start: float, trees: Sequence[Node]) -> None:
        self.names, self.start, self.trees = tuple(names), start, tuple(trees)

    def chances(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """For each row of numbers the chance, 0 to 1."""
        found: list[float] = []
        for row in rows:
            total = self.start
            for tree in self.trees:
                node = tree
                while type(node) is tuple:
                    node = node[2] if row[node[0]] <= node[1] else node[3]
                total += node  # type: ignore[operator]  # a leaf: the loop ends at a number
            found.append(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))))
        return found


@cache
def load_forest(name: str) -> Forest:
    """The forest of that name in the data file."""
    told = json.loads(FOREST_FILE.read_text("utf-8"))[name]
    return Forest(told["names"], told["start"], [_parse_node(tree) for tree in told["trees"]])


def _parse_node(told: list[object] | float) -> Node:
    if not isinstance(told, list):
        return float(told)
    feature, threshold, low, high = told
    return (int(feature), float(threshold), _parse_node(low), _parse_node(high))  # type: ignore[call-overload,arg-type]


SPLIT_COST: Final = 2.0
"""What it costs, in log-odds, to treat the parts of one box differently."""
KEEP_BIAS: Final = 0.4
"""Log-odds a block must pass: a line of chrome hurts more than it seems, it is read each time."""
MAX_LOG_ODDS: Final = 4.0


def smooth_labels(
    blocks: Sequence[Block], boxes: Sequence[Box], chances: Sequence[float]
) -> list[bool]:
    """Which blocks to keep: the best labelling when each split box has its price.

    A block weighs with the square root of its words. Exact, linear in boxes and blocks: from the
    leaves up each box knows its worth kept whole, left whole, and split; then from the root down.
    """
    worth = [_block_weight(block, chance) for block, chance in zip(blocks, chances, strict=True)]
    whole = dict.fromkeys(boxes, 0.0)
    split = dict.fromkeys(boxes, 0.0)
    parts = dict.fromkeys(boxes, 0)
    for block, value in zip(blocks, worth, strict=True):
        whole[block.box] += value
        split[block.box] += max(0.0, value)
        parts[block.box] += 1
    verdict: dict[Box, bool | None] = {}
    for box in reversed(boxes):
        apart = split[box] - (SPLIT_COST if parts[box] > 1 else 0.0)
        best = max(whole[box], 0.0, apart)
        verdict[box] = None if best == apart and best > max(whole[box], 0.0) else whole[box] > 0
        if box.parent is not None and box.end_block > box.first_block:
            whole[box.parent] += whole[box]
            split[box.parent] += best
            parts[box.parent] += 1
    for box in boxes:
        if box.parent is not None and verdict[box.parent] is not None:
            verdict[box] = verdict[box.parent]
    return [
        value > 0 if (decided := verdict[block.box]) is None else decided
        for block, value in zip(blocks, worth, strict=True)
    ]


def _block_weight(block: Block, chance: float) -> float:
    odds = math.log(max(chance, 1e-9) / max(1 - chance, 1e-9)) - KEEP_BIAS
    words = max(1, len(block.text.split()))
    return max(-MAX_LOG_ODDS, min(MAX_LOG_ODDS, odds)) * math.sqrt(words)
