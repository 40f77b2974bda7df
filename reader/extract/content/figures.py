"""Figures: images with their captions."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from reader.extract.content.segmenter import Block, Box, Media, RunPart, ancestors

MAX_CAPTION_CHARS: Final = 600
"""Characters of the longest caption that only its name shows to be one."""
_CAPTION: Final = re.compile(
    r"(?<![a-z])(?:caption|cutline|wp-caption-text|imagecaption)|caption(?![a-z])"
)
_CREDIT: Final = re.compile(
    r"(?<![a-z])(?:credits?|copyright|attribution|source|photographer|count(?:er)?)(?![a-z])"
)
_MAX_CREDIT_CHARS: Final = 80
"""Characters of a credit, or of the number of an image in a gallery."""
_MAX_DISTANCE: Final = 5
"""Boxes outwards from an image that may be its figure."""
_MAX_LINES: Final = 10
"""Lines of the longest figure."""
_CONTENT_TAGS: Final = ("blockquote", "pre", "table", "ul", "ol", "dl", "math", "p")
_CELLS: Final = frozenset(("td", "th", "dd"))
_EXCLUDED_TAGS: Final = frozenset(("body", "html", "article", "main", "table", "tr", "ul", "ol"))


_CAPTION_BOXES: Final = 3
"""Boxes around a line whose names may call it a caption."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A box with only images and captions; `captions` are numbers of blocks, in order."""

    box: Box
    captions: tuple[int, ...]
    images: list[Media] = field(default_factory=list)


def is_caption(block: Block) -> bool:
    """Return whether a block is an image's caption, by its element or by its names."""
    if block.box.in_figure:
        return True
    if len(block.text) >= MAX_CAPTION_CHARS:
        return False
    box: Box | None = block.box
    for _ in range(_CAPTION_BOXES):
        if box is None:
            break
        if box.names and _names_caption(box.names):
            return True
        box = box.parent
    return False


def has_other_content(block: Block, shown: Collection[Media]) -> bool:
    """Return whether a caption's figure shows more than it: kept media, a quote, code, text."""
    figure = next((box.element for box in ancestors(block.box) if box.tag == "figure"), None)
    if figure is None:
        return False
    if not _is_inside_caption(block.box):
        # The text of the figure itself, or a picture and its words in one link.
        if next(figure.iter("figcaption", *_CONTENT_TAGS), None) is not None:
            return True
        return any(next(element.iter("img"), None) is not None for _, element in block.parts)
    if _has_loose_text(figure) or any(
        next(element.iterancestors("figcaption", "figure"), figure) is figure
        for element in figure.iter(*_CONTENT_TAGS)
    ):
        return True
    elements = {element for one in shown for element in one.elements}
    return any(element in elements for element in figure.iter())


def _has_loose_text(figure: HtmlElement) -> bool:
    """Return whether a figure has text directly in it, such as a quotation."""
    return any(text and text.strip() for text in (figure.text, *(child.tail for child in figure)))


@lru_cache(maxsize=4096)
def _names_caption(names: str) -> bool:
    return bool(_CAPTION.search(names.lower()))


def find_figures(blocks: Sequence[Block], media: Sequence[Media]) -> list[Figure]:
    """Return the figures with captions around these images, in order; no two share a line."""
    found: dict[Box, Figure] = {}
    for one in media:
        figure = _figure_around(one, blocks) if _shows_image(one) else None
        if figure is not None:
            found.setdefault(figure.box, figure).images.append(one)
    return list(found.values())


def _shows_image(one: Media) -> bool:
    return any(next(element.iter("img", "amp-img"), None) is not None for element in one.elements)


def _figure_around(one: Media, blocks: Sequence[Block]) -> Figure | None:
    """Return the outermost box near an image in which every line is a caption or credit."""
    found = None
    for level, box in enumerate(ancestors(one.box)):
        if (
            level > _MAX_DISTANCE
            or box.end_block - box.first_block > _MAX_LINES
            or box.tag in _EXCLUDED_TAGS
        ):
            break
        lines = range(box.first_block, box.end_block)
        if not all(is_caption(blocks[number]) or _is_credit(blocks[number]) for number in lines):
            break
        if lines:
            found = Figure(box, tuple(lines))
            if box.tag in ("figure", "li"):
                break
    if found is None or not any(is_caption(blocks[number]) for number in found.captions):
        return None
    return found


def _is_credit(block: Block) -> bool:
    if len(block.text) > _MAX_CREDIT_CHARS:
        return False
    boxes = [box.element for box in islice(ancestors(block.box), 2)]
    own = [element for piece, element in block.parts if piece is RunPart.WHOLE]
    return any(_CREDIT.search(_names(element)) for element in (*own, *boxes))


def _names(element: HtmlElement) -> str:
    get = element.get
    return f"{get('class') or ''} {get('itemprop') or ''}".lower()


def deduplicate_captions(
    figure: Figure, blocks: Sequence[Block], known_texts: Collection[str] = ()
) -> tuple[int, ...]:
    """Return the captions without those that another one contains: a cut form, a copy.

    `known_texts` are texts of earlier figures.
    """
    texts = {
        number: blocks[number].text.rstrip(".… ")
        for number in figure.captions
        if blocks[number].text not in known_texts
    }
    kept: list[int] = []
    for number, text in texts.items():
        others = ((at, other) for at, other in texts.items() if at != number and text in other)
        if not any(len(text) < len(other) or at in kept for at, other in others):
            kept.append(number)
    return tuple(kept)


def build(figure: Figure, captions: Sequence[int], blocks: Sequence[Block]) -> None:
    """Turn the box and its captions into the elements of a figure."""
    if figure.box.element.tag not in _CELLS:
        figure.box.element.tag = "figure"
    for number in captions:
        box = blocks[number].box
        if box is not figure.box and not _is_inside_caption(box):
            box.element.tag = "figcaption"


def _is_inside_caption(box: Box) -> bool:
    return any(around.element.tag == "figcaption" for around in ancestors(box))
