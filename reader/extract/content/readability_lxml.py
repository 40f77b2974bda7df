"""readability-lxml's opinion, asked without parsing the page again."""

import copy
import logging
from collections.abc import Sequence

from lxml.html import HtmlElement
from readability import Document
from readability.readability import Unparseable

from reader.extract.content.segmenter import Block, RunPart

logging.getLogger("readability").setLevel(logging.CRITICAL)


class _TreeDocument(Document):  # type: ignore[misc]  # readability-lxml has no types
    """A readability document that starts from a parsed tree and ends with one, never with text."""

    def __init__(self, root: HtmlElement) -> None:
        super().__init__("")
        self._root = root
        self.chosen: HtmlElement | None = None
        self.originals: dict[HtmlElement, HtmlElement] = {}

    def _parse(self, _input: object) -> HtmlElement:
        """A copy of the tree; the elements of the copy remember what they were copied from."""
        copied = copy.deepcopy(self._root)
        self.originals = dict(zip(copied.iter(), self._root.iter(), strict=True))
        return copied

    def get_clean_html(self) -> str:
        """Keep the chosen tree; the text returned only tells its length apart from a failure."""
        self.chosen = self.html
        return str(self.html.text_content()) + "." * 200


def readability_blocks(root: HtmlElement, blocks: Sequence[Block]) -> list[float]:
    """For each block the part of it, 0 to 1, that readability-lxml keeps; the tree stays as it is."""
    document = _TreeDocument(root)
    try:
        document.summary()
    except Unparseable:
        return [0.0] * len(blocks)
    if document.chosen is None:
        return [0.0] * len(blocks)
    originals = document.originals
    chosen = {originals[element] for element in document.chosen.iter() if element in originals}
    return [_share(block, chosen) for block in blocks]


def _share(block: Block, chosen: set[HtmlElement]) -> float:
    hits = 0
    for piece, element in block.parts:
        holder = element.getparent() if piece is RunPart.TAIL else element
        hits += holder in chosen
    return hits / len(block.parts)
