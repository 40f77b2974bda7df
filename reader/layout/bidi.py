"""Right-to-left paragraphs, and their visual order for terminals that do not reorder text."""

import re
import unicodedata
from typing import Final

from reader.layout.spans import Slice

_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")


def is_right_to_left(text: str) -> bool:
    """Return whether the first letter with a direction runs leftwards (UAX #9, rule P2)."""
    if not _RIGHT_TO_LEFT.search(text):
        return False
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


def _levels(text: str, base: int) -> list[int]:
    """Return embedding levels by the implicit rules; clean text holds no explicit marks."""
    kinds = [unicodedata.bidirectional(character) for character in text]
    levels: list[int] = []
    last = "R" if base else "L"
    for kind in kinds:
        if kind in ("L", "R", "AL"):
            last = "R" if kind == "AL" else kind
            levels.append(1 if last == "R" else 2 * base)
        elif kind in ("EN", "AN"):
            levels.append(2 if base or last == "R" else 0)
        else:
            levels.append(-1)
    start = 0
    while start < len(levels):
        if levels[start] >= 0:
            start += 1
            continue
        end = start
        while end < len(levels) and levels[end] < 0:
            end += 1
        before = levels[start - 1] if start else base
        after = levels[end] if end < len(levels) else base
        between = before if before % 2 == after % 2 and before % 2 != base % 2 else base
        if kinds[start] == "NSM" and start:
            between = before
        levels[start:end] = [between] * (end - start)
        start = end
    return levels


def visual_order(text: str, start: int, end: int, right_to_left: bool) -> tuple[Slice, ...]:
    """Return the slices of a line from left to right (UAX #9, rule L2)."""
    base = int(right_to_left)
    levels = _levels(text[start:end], base)
    runs: list[tuple[int, Slice]] = []
    at = 0
    for index in range(1, len(levels) + 1):
        if index == len(levels) or levels[index] != levels[at]:
            runs.append((levels[at], Slice(start + at, start + index, levels[at] % 2 == 1)))
            at = index
    for level in range(max((level for level, _ in runs), default=0), 0, -1):
        index = 0
        while index < len(runs):
            upto = index
            while upto < len(runs) and runs[upto][0] >= level:
                upto += 1
            runs[index:upto] = runs[index:upto][::-1]
            index = max(upto, index + 1)
    return tuple(part for _, part in runs)
