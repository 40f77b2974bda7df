"""From chances to a choice: boxes are kept or left whole where their blocks do not say otherwise."""

import math
from collections.abc import Sequence
from typing import Final

from reader.extract.blocks import Block, Box

SPLIT: Final = 2.0
"""What it costs, in log-odds, to treat the parts of one box differently."""
BIAS: Final = 0.4
"""Log-odds a block must pass: a line of chrome hurts more than it seems, it is read each time."""
SURE: Final = 4.0


def choose(blocks: Sequence[Block], boxes: Sequence[Box], chances: Sequence[float]) -> list[bool]:
    """Which blocks to keep: the best labelling when each split box has its price.

    A block weighs with the square root of its words. Exact, linear in boxes and blocks: from the
    leaves up each box knows its worth kept whole, left whole, and split; then from the root down.
    """
    worth = [_worth(block, chance) for block, chance in zip(blocks, chances, strict=True)]
    whole = dict.fromkeys(boxes, 0.0)
    split = dict.fromkeys(boxes, 0.0)
    parts = dict.fromkeys(boxes, 0)
    for block, value in zip(blocks, worth, strict=True):
        whole[block.box] += value
        split[block.box] += max(0.0, value)
        parts[block.box] += 1
    verdict: dict[Box, bool | None] = {}
    for box in reversed(boxes):
        apart = split[box] - (SPLIT if parts[box] > 1 else 0.0)
        best = max(whole[box], 0.0, apart)
        verdict[box] = None if best == apart and best > max(whole[box], 0.0) else whole[box] > 0
        if box.parent is not None and box.last > box.first:
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


def _worth(block: Block, chance: float) -> float:
    odds = math.log(max(chance, 1e-9) / max(1 - chance, 1e-9)) - BIAS
    words = max(1, len(block.text.split()))
    return max(-SURE, min(SURE, odds)) * math.sqrt(words)
