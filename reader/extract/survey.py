"""One look at a page: its blocks, what each opinion says of them, and their numbers."""

from dataclasses import dataclass

from lxml.html import HtmlElement

from reader.extract import chrome, related, stock, told
from reader.extract.blocks import Block, Segmenter
from reader.extract.features import PageView
from reader.extract.opinion import Scores


@dataclass(frozen=True, slots=True)
class Survey:
    """All that the choice is made from; `rows` has one list of numbers per block.

    `apart` are the numbers of blocks that rules alone leave out."""

    cut: Segmenter
    told: told.Told
    beside: related.Found
    apart: set[int]
    judged: list[int]
    rows: list[list[float]]
    own: list[list[float]]
    scores: list[float]

    @property
    def blocks(self) -> list[Block]:
        return self.cut.blocks


def look(root: HtmlElement, base: str | None) -> Survey:
    """Survey the tree; scripts, styles and comments are taken out of it."""
    said = told.read(root)
    unseen = chrome.unseen(root)
    chrome.show_noscripts(root)
    chrome.strip_code(root)
    chrome.drop_unseen_words(root, unseen)
    body = root.find(".//body")
    cut = Segmenter(root if body is None else body)
    hidden = [box for box in cut.boxes if box.element in unseen]
    scores = Scores(cut.blocks, cut.boxes, hidden).kept()
    opinions = (scores, stock.kept(root, cut.blocks))
    apart = chrome.apart(cut.blocks, cut.boxes, unseen)
    beside = related.find(cut.blocks, cut.boxes, base)
    apart |= beside.blocks
    view = PageView(
        cut.blocks,
        cut.boxes,
        titles=said.titles,
        told=said.body,
        description=said.description,
        hidden=unseen,
        apart=apart,
        opinions=opinions,
    )
    judged = [number for number in range(len(cut.blocks)) if number not in apart]
    return Survey(cut, said, beside, apart, judged, view.rows(), view.own, scores)
