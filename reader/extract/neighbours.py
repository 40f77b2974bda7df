"""What the blocks around a block are taken for: a second look, after the first judgement."""

from collections.abc import Sequence
from typing import Final

from reader.extract.blocks import Block, Box

_STEPS: Final = (-3, -2, -1, 1, 2, 3)
_WINDOWS: Final = (3, 8)
_LEVELS: Final = 5
_COPIED: Final = (0, 2, 6, 8)
"""Which of a neighbour's own numbers are looked at: length, links, a sentence's end, small words."""

NAMES: Final = (
    "chance",
    *(f"chance{step:+}" for step in _STEPS),
    *(f"within{window}" for window in _WINDOWS),
    "text_before",
    "text_after",
    *(f"beside{level}" for level in range(_LEVELS)),
    "best_after",
    "best_before",
    *(f"own{which}{step:+}" for which in _COPIED for step in (-1, 1)),
)


def look_around(
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
    text, whole = _running(weighed), _running(sizes)
    total = text[-1] + 1e-9
    before = _running_best(chances)
    after = _running_best(chances[::-1])[::-1]
    kept, held = _sums(blocks, weighed, sizes)
    rows = []
    for at in judged:
        row = [chances[at]]
        row += [chances[at + step] if 0 <= at + step < count else 0.0 for step in _STEPS]
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
        for which in _COPIED:
            row.append(own[at - 1][which] if at else 0.0)
            row.append(own[at + 1][which] if at + 1 < count else 0.0)
        rows.append(row)
    return rows


def _running(values: Sequence[float]) -> list[float]:
    sums = [0.0]
    for value in values:
        sums.append(sums[-1] + value)
    return sums


def _running_best(values: Sequence[float]) -> list[float]:
    best: list[float] = []
    for value in values:
        best.append(max(value, best[-1]) if best else value)
    return best


def _sums(
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
