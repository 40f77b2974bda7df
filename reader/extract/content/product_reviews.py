"""Reviews by customers on the page of a product: its comments."""

from collections.abc import Collection, Sequence
from typing import Final

from reader.extract.content.heading_words import REVIEWS_HEADING
from reader.extract.content.patterns import split_names
from reader.extract.content.segmenter import HEADINGS, Block, Box

_NAMES: Final = frozenset(
    "review reviews reviewer reviewers reviewlist reviewcontent bazaarvoice bv bvrr yotpo okendo judgeme"
    " jdgm stamped powerreviews trustpilot feefo reevoo".split()
)
"""Words in the names of boxes with reviews, those of programs for shops among them."""
MIN_BEFORE: Final = 150
"""Characters of other text before the first review: a page of reviews alone has none."""


def review_blocks(
    blocks: Sequence[Block], boxes: Sequence[Box], excluded: Collection[int]
) -> set[int]:
    """Return the numbers of the blocks in reviews, named so or below a heading of theirs. Linear."""
    found: set[int] = set()
    chars = 0
    first = len(blocks)
    for number, block in enumerate(blocks):
        if number not in excluded and not block.linked_chars:
            chars += len(block.text)
        if chars >= MIN_BEFORE:
            first = number + 1
            break
    headings = {number for number, block in enumerate(blocks) if block.box.tag == "h1"}
    for box in boxes:
        if (
            box.first_block >= first
            and box.first_block not in found
            and box.names
            and not _NAMES.isdisjoint(split_names(box.names))
            and headings.isdisjoint(range(box.first_block, box.end_block))
        ):
            found.update(range(box.first_block, box.end_block))
    level = 0
    for number in range(first, len(blocks)):
        block = blocks[number]
        tag = block.box.tag
        own = int(tag[1]) if tag in HEADINGS else 0
        if own and (not level or own <= level):
            level = own if REVIEWS_HEADING.fullmatch(block.text.strip()) else 0
        if level:
            found.add(number)
    return found
