"""Ingredients of a recipe: lists of few words each, which the text needs all the same."""

import re
from collections.abc import Collection, Sequence
from typing import Final

from reader.extract.content.segmenter import HEADINGS, Block, Box, ancestors

_NAMED: Final = re.compile(
    r"(?:^|[\s_-])(?:recipe-?)?(?:ingredients?|ingredientes|ingrédients|zutaten)(?:-?list[ae]?)?(?:$|[\s_-])", re.I
)  # fmt: skip
"""Names of boxes with ingredients, those of microdata among them."""
MIN_LETTERS: Final = 4
"""Letters and digits of the shortest line that is compared with the ingredients."""
MIN_MATCHES: Final = 2
"""Ingredients of a list."""
MIN_SHARE: Final = 0.8
"""Share of the ingredients on a page that the box of its list holds."""
MAX_LIST_CHARS: Final = 6_000
"""Characters of the longest list; a larger box holds the page."""
MAX_HEADING_DISTANCE: Final = 3
"""Lines between a list and the heading above it: servings, buttons."""


def ingredient_blocks(
    blocks: Sequence[Block], boxes: Sequence[Box], ingredients: Sequence[str]
) -> set[int]:
    """Return the numbers of the blocks in lists of ingredients, with the heading above. Linear.

    A list is known by the names of its box, or by the page's JSON-LD, whose lines it shows.
    """
    found: set[int] = set()
    for box in boxes:
        if (
            box.names
            and box.first_block < box.end_block
            and box.first_block not in found
            and _is_list(box)
            and _NAMED.search(box.names)
        ):
            found.update(range(box.first_block, box.end_block))
    shown = _shown_ingredients(blocks, ingredients)
    if len(shown) >= MIN_MATCHES and found.isdisjoint(shown):
        found.update(_list_around(blocks, shown))
    headings = {
        above
        for number in found
        if number - 1 not in found
        for above in range(number - 1, max(-1, number - 1 - MAX_HEADING_DISTANCE), -1)
        if blocks[above].box.tag in HEADINGS
    }
    return found | headings


def _is_list(box: Box) -> bool:
    return box.chars <= MAX_LIST_CHARS and 2 * box.linked_chars < box.chars


def _shown_ingredients(blocks: Sequence[Block], ingredients: Sequence[str]) -> list[int]:
    """Return the numbers of the blocks that are an ingredient or part of one; a table, of several."""
    lines = [line for line in map(_letters, ingredients) if len(line) >= MIN_LETTERS]
    known = "\n".join(lines)
    found = []
    for number, block in enumerate(blocks) if len(lines) >= MIN_MATCHES else ():
        text = _letters(block.text)
        if len(text) >= MIN_LETTERS and (
            text in known
            or (block.box.tag == "table" and sum(line in text for line in lines) >= MIN_MATCHES)
        ):
            found.append(number)
    return found


def _list_around(blocks: Sequence[Block], shown: Sequence[int]) -> Collection[int]:
    """Return the blocks from the first to the last ingredient in the box that holds most of them."""
    for box in ancestors(blocks[shown[len(shown) // 2]].box):
        inside = [number for number in shown if box.first_block <= number < box.end_block]
        if not _is_list(box):
            break
        if len(inside) >= MIN_SHARE * len(shown):
            return range(inside[0], inside[-1] + 1)
    return shown


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
