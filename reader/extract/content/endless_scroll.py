"""Further articles that a page loads below its own as the reader scrolls."""

from collections.abc import Collection, Sequence
from typing import Final

from reader.extract.content.segmenter import HEADINGS, Block, Box

MIN_ARTICLE_CHARS: Final = 500
"""Characters of the page's own article."""
MAX_LINES_ABOVE: Final = 6
"""Blocks above the heading of an article: a section of the site, a date."""
MIN_TITLE_LETTERS: Final = 8
"""Letters of the page's own title from which it is recognised; section names are shorter."""
MIN_HEADLINE_LETTERS: Final = 12
"""Letters of the shortest headline of a further article; Chinese ones have few."""


def further_articles(
    blocks: Sequence[Block], boxes: Sequence[Box], titles: Collection[str]
) -> set[int]:
    """Return the numbers of blocks in articles next to the one that has the page's title. Linear.

    The boxes have one tag and class, each its own heading, and a sign of being an article: the
    element, a heading that is a link, or an address in an attribute.
    """
    names = {letters for title in titles if len(letters := _letters(title)) >= MIN_TITLE_LETTERS}
    if not names:
        return set()
    series: dict[tuple[int, str, str], list[Box]] = {}
    for box in boxes:
        if box.parent is not None and box.end_block - box.first_block > 1:
            series.setdefault((id(box.parent), box.tag, box.class_name), []).append(box)
    found: set[int] = set()
    for members in series.values():
        if len(members) < 2:
            continue
        headings = [_heading(blocks, box) for box in members]
        own = [
            (box, blocks[heading].box.tag)
            for box, heading in zip(members, headings, strict=True)
            if heading is not None and _letters(blocks[heading].text) in names
        ]
        if len(own) != 1 or _chars(blocks, own[0][0]) < MIN_ARTICLE_CHARS:
            continue
        end, level = own[0][0].end_block, own[0][1]
        for box, heading in zip(members, headings, strict=True):
            if heading is None or box.first_block < end or blocks[heading].box.tag != level:
                continue
            words = _letters(blocks[heading].text)
            # "Re: title" is a reply, "Answer" a part of the page's thread.
            is_own = any(name in words or words in name for name in names)
            if (
                not is_own
                and len(words) >= MIN_HEADLINE_LETTERS
                and _is_article(box, blocks[heading])
            ):
                found.update(range(box.first_block, box.end_block))
    return found


def _heading(blocks: Sequence[Block], box: Box) -> int | None:
    """Return the number of the heading at the top of a box."""
    top = range(box.first_block, min(box.end_block, box.first_block + MAX_LINES_ABOVE))
    return next((at for at in top if blocks[at].box.tag in HEADINGS), None)


def _is_article(box: Box, heading: Block) -> bool:
    element = box.element
    return (
        box.tag == "article"
        or heading.linked_chars >= 0.9 * len(heading.text)
        or any("url" in name or name == "data-href" for name in element.attrib)
    )


def _chars(blocks: Sequence[Block], box: Box) -> int:
    return sum(len(blocks[at].text) for at in range(box.first_block, box.end_block))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
