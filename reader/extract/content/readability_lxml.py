"""The blocks that readability-lxml selects, without another parse of the page."""

import copy
import logging
from collections.abc import Sequence

from lxml.html import HtmlElement
from readability import Document
from readability.readability import Unparseable

from reader.extract.content.segmenter import Block, RunPart

logging.getLogger("readability").setLevel(logging.CRITICAL)


class _TreeDocument(Document):  # type: ignore[misc]  # readability-lxml has no types
    """A readability document that starts from a parsed tree and ends with one."""

    def __init__(self, root: HtmlElement) -> None:
        super().__init__("")
        self._root = root
        self.chosen: HtmlElement | None = None
        self.originals: dict[HtmlElement, HtmlElement] = {}

    def _parse(self, _input: object) -> HtmlElement:
        """Return a copy of the tree, and remember the original of each element."""
        copied = copy.deepcopy(self._root)
        self.originals = dict(zip(copied.iter(), self._root.iter(), strict=True))
        return copied

    def get_clean_html(self) -> str:
        """Keep the chosen tree; the length of the text returned tells it from a failure."""
        self.chosen = self.html
        return str(self.html.text_content()) + "." * 200


def readability_blocks(root: HtmlElement, blocks: Sequence[Block]) -> list[bool]:
    """Return for each block whether readability-lxml keeps it; the tree does not change."""
    document = _TreeDocument(root)
    try:
        document.summary()
    except Unparseable:
        return [False] * len(blocks)
    if document.chosen is None:
        return [False] * len(blocks)
    originals = document.originals
    chosen = {originals[element] for element in document.chosen.iter() if element in originals}
    return [_is_chosen(block, chosen) for block in blocks]


def _is_chosen(block: Block, chosen: set[HtmlElement]) -> bool:
    holders = (
        element.getparent() if part is RunPart.TAIL else element for part, element in block.parts
    )
    return 2 * sum(holder in chosen for holder in holders) > len(block.parts)
