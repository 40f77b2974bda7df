"""Decision trees read from a data file: numbers of a block in, the chance that it is text out."""

import json
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

WEIGHTS: Final = Path(__file__).with_name("weights.json")

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
def trained(name: str) -> Forest:
    """The forest of that name in the data file."""
    told = json.loads(WEIGHTS.read_text("utf-8"))[name]
    return Forest(told["names"], told["start"], [_node(tree) for tree in told["trees"]])


def _node(told: list[object] | float) -> Node:
    if not isinstance(told, list):
        return float(told)
    feature, threshold, low, high = told
    return (int(feature), float(threshold), _node(low), _node(high))  # type: ignore[call-overload,arg-type]
