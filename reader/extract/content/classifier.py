"""The block classifier: boosted trees, scores of the surroundings, and labels over the tree."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from itertools import accumulate
from pathlib import Path
from typing import Final

from reader.extract.content.segmenter import Block, Box, ancestors

FOREST_FILE: Final = Path(__file__).with_name("weights.json")
EARLY_TREES: Final = 30
"""Trees after which a block that is clearly chrome is not judged further."""
EARLY_LOG_ODDS: Final = -2.5
"""Log-odds after those trees that mean boilerplate: right for 99.8 % of blocks."""
MIN_COMPILED_ROWS: Final = 2_000
"""Rows from which a forest is compiled: 12 ms for 60 trees, which 700 rows give back."""
SPLIT_COST: Final = 2.0
"""Price, in log-odds, of labelling the parts of a box differently; tuned out of fold."""
MAX_WORD_CHARS: Final = 8
"""Characters from which a run without spaces counts as more than one word."""
MAX_LOG_ODDS: Final = 4.0
"""Bound of one block's log-odds, so that no block decides for its whole box."""

_WINDOWS: Final = (3, 8)
_BOX_LEVELS: Final = 5
"""Boxes around a block whose other text is a feature: the trees were trained with five."""
_COPIED_FEATURES: Final = (0, 2, 6, 8)
"""Numbers of both neighbours that are copied: length, link share, sentence end, stop words."""
_NO_NEIGHBOUR: Final = (0.0,) * 9
_CORE_SHARES: Final = (0.6, 0.9)
"""Shares of the likely text that the innermost boxes hold in which the article lies."""
MAX_RUN_DISTANCE: Final = 30
"""Blocks from which the distance to the article's run no longer counts."""

CONTEXT_FEATURES: Final = (
    "chance",
    *(f"chance{step:+}" for step in (-3, -2, -1, 1, 2, 3)),
    *(f"within{window}" for window in _WINDOWS),
    "text_before",
    "text_after",
    *(f"beside{level}" for level in range(_BOX_LEVELS)),
    "best_after",
    "best_before",
    *(f"own{which}{step:+}" for which in _COPIED_FEATURES for step in (-1, 1)),
    "same_shape",
    "same_shape_count",
    "page_mean",
    "run_start",
    "run_end",
    "in_run",
    "run_share",
    "run_mean",
    *(f"core{share}_{side}" for share in ("60", "90") for side in ("up", "down")),
)

Judge = Callable[[Sequence[float]], float]
"""The sum of a forest's trees for a row of features, in log-odds."""
Node = tuple[int, float, "Node", "Node"] | tuple[int, float, None, None]
"""(feature, threshold, node up to it, node above); a leaf is (-1, value, None, None)."""


class Forest:
    """Boosted trees, made by the training script in tests/bench/extraction."""

    def __init__(self, names: Sequence[str], trees: Sequence[Node]) -> None:
        self.names, self.trees = tuple(names), tuple(trees)
        self._early: Judge = partial(_add_trees, self.trees[:EARLY_TREES])
        self._late: Judge = partial(_add_trees, self.trees[EARLY_TREES:])
        self._rows_left = MIN_COMPILED_ROWS

    @property
    def is_compiled(self) -> bool:
        """True once enough rows were judged for the trees to be compiled."""
        return self._rows_left <= 0

    def chances(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """Return for each row of features the chance that its block is article text."""
        if not self.is_compiled:
            self._rows_left -= len(rows)
            if self.is_compiled:
                self._early = _compile(self.trees[:EARLY_TREES], len(self.names))
                self._late = _compile(self.trees[EARLY_TREES:], len(self.names))
        early, late = self._early, self._late
        found: list[float] = []
        for row in rows:
            total = early(row)
            if total > EARLY_LOG_ODDS:
                total += late(row)
            found.append(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))))
        return found


def _compile(trees: Sequence[Node], width: int) -> Judge:
    """Return a function that adds up the trees for a row of `width` features, as `_add_trees` does.

    Features are local variables and nodes are conditions, which takes a third of the time.
    """
    features = [f"f{number}" for number in range(width)]
    sums = [f" total += {_expression(tree)}" for tree in trees]
    source = "\n".join(
        (
            "def judge(row):",
            f" {', '.join(features)}, = row",
            " total = 0.0",
            *sums,
            " return total",
        )
    )
    made: dict[str, Judge] = {}
    # The source has nothing but the numbers of the nodes, which are `int` and `float`.
    exec(source, made)
    return made["judge"]


def _expression(node: Node) -> str:
    feature, value, low, high = node
    if low is None or high is None:
        return repr(value)
    return f"({_expression(low)} if f{feature} <= {value!r} else {_expression(high)})"


def _add_trees(trees: Sequence[Node], row: Sequence[float]) -> float:
    total = 0.0
    # Unpacking a node takes two thirds of the time of four subscripts.
    for feature, value, low, high in trees:
        while feature >= 0:
            feature, value, low, high = low if row[feature] <= value else high  # type: ignore[misc]
        total += value
    return total


def load_forest(name: str) -> Forest:
    """Return the forest of that name in the data file, which is read once."""
    return _forests()[name]


@cache
def _forests() -> dict[str, Forest]:
    return {
        name: Forest(forest["names"], [_parse_node(tree) for tree in forest["trees"]])
        for name, forest in json.loads(FOREST_FILE.read_text("utf-8")).items()
    }


def _parse_node(node: list[object] | float) -> Node:
    if not isinstance(node, list):
        return (-1, float(node), None, None)
    feature, threshold, low, high = node
    return (int(feature), float(threshold), _parse_node(low), _parse_node(high))  # type: ignore[call-overload,arg-type]


def context_rows(
    blocks: Sequence[Block],
    boxes: Sequence[Box],
    own: Sequence[Sequence[float]],
    shapes: Mapping[Box, int],
    chances: Sequence[float],
    judged: Sequence[int],
) -> list[list[float]]:
    """Return for each judged block its `CONTEXT_FEATURES`: the chances of blocks around it.

    `own` are the features of each block alone, `shapes` the shape number of each box. Blocks
    count up to 300 characters, so that a long one does not decide for all. Linear.
    """
    if not judged:
        return []
    count = len(blocks)
    sizes = [min(len(block.text), 300) + 10.0 for block in blocks]
    weighed = [chance * size for chance, size in zip(chances, sizes, strict=True)]
    text = [0.0, *accumulate(weighed)]
    whole = [0.0, *accumulate(sizes)]
    total = text[-1] + 1e-9
    page_mean = text[-1] / (whole[-1] + 1e-9)
    before = list(accumulate(chances, max))
    after = list(accumulate(reversed(chances), max))[::-1]
    kept, held = _sums_by_box(blocks, boxes, weighed, sizes)
    shape_kept: dict[int, float] = {}
    shape_held: dict[int, float] = {}
    shape_count: dict[int, int] = {}
    for block, part, size in zip(blocks, weighed, sizes, strict=True):
        shape = shapes[block.box]
        shape_kept[shape] = shape_kept.get(shape, 0.0) + part
        shape_held[shape] = shape_held.get(shape, 0.0) + size
        shape_count[shape] = shape_count.get(shape, 0) + 1
    padded = [0.0, 0.0, 0.0, *chances, 0.0, 0.0, 0.0]
    start, end = _likely_run(chances, sizes)
    of_run = (
        (text[end] - text[start]) / total,
        (text[end] - text[start]) / (whole[end] - whole[start] + 1e-9),
    )
    cores = [_core_depths(boxes, text, share * total) for share in _CORE_SHARES]
    rows = []
    for at in judged:
        mine, size = weighed[at], sizes[at]
        row = [chances[at], *padded[at : at + 3], *padded[at + 4 : at + 7]]
        for window in _WINDOWS:
            low, high = max(0, at - window), min(count, at + window + 1)
            row.append((text[high] - text[low]) / (whole[high] - whole[low]))
        row += (text[at] / total, (text[-1] - text[at + 1]) / total)
        box: Box = blocks[at].box
        for _ in range(_BOX_LEVELS):
            rest = held[box] - size
            row.append((kept[box] - mine) / rest if rest > 1e-6 else -1.0)
            box = box.parent or box
        row += (after[at + 1] if at + 1 < count else 0.0, before[at - 1] if at else 0.0)
        previous = own[at - 1] if at else _NO_NEIGHBOUR
        following = own[at + 1] if at + 1 < count else _NO_NEIGHBOUR
        for which in _COPIED_FEATURES:
            row += (previous[which], following[which])
        shape = shapes[blocks[at].box]
        rest = shape_held[shape] - size
        row += (
            (shape_kept[shape] - mine) / rest if rest > 1e-6 else -1.0,
            float(min(30, shape_count[shape])),
            page_mean,
            float(max(-MAX_RUN_DISTANCE, min(MAX_RUN_DISTANCE, at - start))),
            float(max(-MAX_RUN_DISTANCE, min(MAX_RUN_DISTANCE, end - 1 - at))),
            1.0 if start <= at < end else 0.0,
            *of_run,
        )
        box = blocks[at].box
        for depth, meeting in cores:
            row += (float(depth - meeting[box]), float(box.depth - meeting[box]))
        rows.append(row)
    return rows


def _likely_run(chances: Sequence[float], sizes: Sequence[float]) -> tuple[int, int]:
    """Return the first block and the end of the run of blocks that are most likely text."""
    best = running = 0.0
    start = 0
    found = (0, len(chances))
    for number, (chance, size) in enumerate(zip(chances, sizes, strict=True)):
        if running <= 0:
            running, start = 0.0, number
        running += size * (2 * chance - 1)
        if running > best:
            best, found = running, (start, number + 1)
    return found


def _core_depths(
    boxes: Sequence[Box], text: Sequence[float], least: float
) -> tuple[int, dict[Box, int]]:
    """Return the depth of the innermost box with so much likely text, and of the boxes shared with it.

    `text` are the sums of likely text before each block.
    """
    core = boxes[0]
    for box in boxes:
        if box.depth >= core.depth and text[box.end_block] - text[box.first_block] >= least:
            core = box
    path = set(ancestors(core))
    shared: dict[Box, int] = {}
    for box in boxes:
        is_on_path = box in path or box.parent is None
        shared[box] = box.depth if is_on_path else shared[box.parent]  # type: ignore[index]
    return core.depth, shared


def _sums_by_box(
    blocks: Sequence[Block],
    boxes: Sequence[Box],
    weighed: Sequence[float],
    sizes: Sequence[float],
) -> tuple[dict[Box, float], dict[Box, float]]:
    kept = dict.fromkeys(boxes, 0.0)
    held = dict.fromkeys(boxes, 0.0)
    for block, part, size in zip(blocks, weighed, sizes, strict=True):
        kept[block.box] += part
        held[block.box] += size
    for box in reversed(boxes):
        if (parent := box.parent) is not None:
            kept[parent] += kept[box]
            held[parent] += held[box]
    return kept, held


def smooth_labels(
    blocks: Sequence[Block], boxes: Sequence[Box], chances: Sequence[float], bias: float = 0.0
) -> list[bool]:
    """Return which blocks to keep: the best labelling when each split box has its price.

    `bias` is the log-odds that a block must pass. A block weighs with the square root of its words. Exact, linear in boxes and blocks: from the
    leaves up each box gets its worth kept whole, left whole and split; then labels go down.
    """
    worth = [
        _block_weight(block, chance, bias) for block, chance in zip(blocks, chances, strict=True)
    ]
    whole = dict.fromkeys(boxes, 0.0)
    split = dict.fromkeys(boxes, 0.0)
    parts = dict.fromkeys(boxes, 0)
    for block, value in zip(blocks, worth, strict=True):
        whole[block.box] += value
        split[block.box] += max(0.0, value)
        parts[block.box] += 1
    decision: dict[Box, bool | None] = {}
    for box in reversed(boxes):
        if box.end_block == box.first_block:
            decision[box] = False
            continue
        apart = split[box] - (SPLIT_COST if parts[box] > 1 else 0.0)
        best = max(whole[box], 0.0, apart)
        decision[box] = None if best == apart and best > max(whole[box], 0.0) else whole[box] > 0
        if (parent := box.parent) is not None:
            whole[parent] += whole[box]
            split[parent] += best
            parts[parent] += 1
    for box in boxes:
        if box.parent is not None and (above := decision[box.parent]) is not None:
            decision[box] = above
    return [
        value > 0 if (decided := decision[block.box]) is None else decided
        for block, value in zip(blocks, worth, strict=True)
    ]


def _block_weight(block: Block, chance: float, bias: float) -> float:
    odds = math.log(max(chance, 1e-9) / max(1 - chance, 1e-9)) - bias
    # Scripts without spaces have no words to count.
    words = max(block.text.count(" ") + 1, len(block.text) / MAX_WORD_CHARS)
    return max(-MAX_LOG_ODDS, min(MAX_LOG_ODDS, odds)) * math.sqrt(words)
