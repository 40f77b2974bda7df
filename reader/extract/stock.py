"""readability-lxml's opinion, asked without parsing the page again."""

import copy
import logging
from collections.abc import Sequence

from lxml.html import HtmlElement
from readability import Document
from readability.readability import Unparseable

from reader.extract.blocks import Block, Piece

_MARK = "data-reader-at"
logging.getLogger("readability").setLevel(logging.CRITICAL)


class _Shared(Document):  # type: ignore[misc]  # readability-lxml has no types
    """A readability document that starts from a parsed tree and ends with one, never with text."""

    def __init__(self, root: HtmlElement) -> None:
        super().__init__("")
        self._root = root
        self.chosen: HtmlElement | None = None

    def _parse(self, _input: object) -> HtmlElement:
        return copy.deepcopy(self._root)

    def get_clean_html(self) -> str:
        """Keep the chosen tree; the text returned only tells its length apart from a failure."""
        self.chosen = self.html
        return str(self.html.text_content()) + "." * 200


def kept(root: HtmlElement, blocks: Sequence[Block]) -> list[float]:
    """For each block the part of it, 0 to 1, that readability-lxml keeps.

    Elements carry their number while a copy is judged; the tree is as before afterwards.
    """
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    for number, element in enumerate(elements):
        element.set(_MARK, str(number))
    document = _Shared(root)
    try:
        document.summary()
    except Unparseable:
        document.chosen = None
    finally:
        for element in elements:
            del element.attrib[_MARK]
    if document.chosen is None:
        return [0.0] * len(blocks)
    chosen = {
        elements[int(mark)] for element in document.chosen.iter() if (mark := element.get(_MARK))
    }
    return [_share(block, chosen) for block in blocks]


def _share(block: Block, chosen: set[HtmlElement]) -> float:
    hits = 0
    for piece, element in block.pieces:
        holder = element.getparent() if piece is Piece.TAIL else element
        hits += holder in chosen
    return hits / len(block.pieces)
