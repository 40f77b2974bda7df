"""A page cut into blocks: the runs of text between one paragraph break and the next."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

MAX_DEPTH: Final = 300
"""Levels that are walked; what lies deeper is one block with its ancestor."""

BLOCK_TAGS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hgroup",
        "hr",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "html",
        "marquee",
        "frameset",
        "amp-sidebar",
        "option",
    ]
)
TEXTLESS_TAGS: Final = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "canvas",
        "button",
        "select",
        "textarea",
        "input",
        "iframe",
        "object",
        "embed",
        "title",
        "meta",
        "link",
        "audio",
        "video",
        "datalist",
        "map",
        "area",
        "progress",
        "noframes",
    ]
)
MEDIA_TAGS: Final = frozenset(
    ["img", "picture", "video", "audio", "iframe", "object", "embed", "svg", "amp-img"]
)


class RunPart(Enum):
    """Which part of an element belongs to a run: its leading text, what follows it, all of it."""

    TEXT = 0
    TAIL = 1
    WHOLE = 2


@dataclass(slots=True, eq=False)
class Box:
    """A container on the way down to the blocks, with sums over everything inside it.

    Lengths are in characters of folded text; `good` counts only running text.
    """

    element: HtmlElement
    parent: "Box | None"
    depth: int
    first_block: int = 0
    end_block: int = 0
    chars: int = 0
    linked_chars: int = 0
    prose_chars: int = 0
    child_count: int = 0
    in_link: bool = False


@dataclass(slots=True, eq=False)
class Block:
    """One run of text: where it stands, the pieces it is made of, and what it says."""

    box: Box
    parts: list[tuple[RunPart, HtmlElement]] = field(repr=False)
    text: str
    linked_chars: int
    link_count: int
    bold_chars: int
    has_media: bool = False


@dataclass(slots=True, eq=False)
class Media:
    """Pictures, players and frames that stand without text, before block number `at`."""

    box: Box
    elements: list[HtmlElement]
    block_index: int


def tag_of(element: HtmlElement) -> str:
    """The element's name; empty for comments and processing instructions."""
    tag = element.tag
    return tag if isinstance(tag, str) else ""


def text_of(element: HtmlElement) -> str:
    """All text inside, spaces folded."""
    return collapse_whitespace("".join(element.itertext()))


def collapse_whitespace(text: str) -> str:
    """The text on one line with single spaces and without soft hyphens."""
    return " ".join((text.replace("\xad", "") if "\xad" in text else text).split())


def is_data_table(table: HtmlElement) -> bool:
    """Whether a table holds data, which is read as one; a layout table is only a box.

    Two rows of two cells at least, no table or paragraph run inside, no cell as long as a story.
    """
    rows = wide = 0
    for row in table.iter("tr"):
        rows += 1
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        wide += len(cells) > 1
        if any(len(text_of(cell)) > 600 for cell in cells):
            return False
    if rows < 2 or wide < max(2, rows // 2):
        return False
    return next(table.iterdescendants("table", "h1", "h2", "form"), None) is None


class Segmenter:
    """Walks a tree once and gathers its boxes and blocks in document order."""

    def __init__(self, root: HtmlElement) -> None:
        self.blocks: list[Block] = []
        self.boxes: list[Box] = []
        self.media: list[Media] = []
        self._transparent = _inline_with_blocks(root)
        self._walk(root, None, 0)

    def _walk(self, element: HtmlElement, parent: Box | None, depth: int) -> None:
        box = Box(element, parent, depth, first_block=len(self.blocks))
        self.boxes.append(box)
        if parent is not None:
            parent.child_count += 1
            box.in_link = parent.in_link
        if element.tag == "a" and element.get("href"):
            box.in_link = True
        run: list[tuple[RunPart, HtmlElement]] = []
        breaks = 0
        if element.text and not element.text.isspace():
            run.append((RunPart.TEXT, element))
        for child in element:
            tag = child.tag
            if not isinstance(tag, str):
                pass
            elif tag in TEXTLESS_TAGS:
                if tag in MEDIA_TAGS or (tag == "noscript" and child.find(".//img") is not None):
                    self.media.append(Media(box, [child], len(self.blocks)))
            elif tag == "hr":
                self._flush(run, box)
                run = []
            elif tag == "br":
                breaks += 1
                if breaks > 1:
                    self._flush(run, box)
                    run = []
            elif tag in BLOCK_TAGS or child in self._transparent:
                self._flush(run, box)
                run = []
                self._enter(child, box, depth + 1)
            else:
                run.append((RunPart.WHOLE, child))
                breaks = 0
            if child.tail and (run or not child.tail.isspace()):
                run.append((RunPart.TAIL, child))
                breaks = breaks if child.tail.isspace() else 0
        self._flush(run, box)
        box.end_block = len(self.blocks)

    def _split_off_images(self, run: list[tuple[RunPart, HtmlElement]], box: Box) -> None:
        """In a figure, a picture beside words is a picture all the same, and they are its caption."""
        if not any(around.element.tag == "figure" for around in ancestors(box)):
            return
        for pair in list(run):
            piece, element = pair
            if piece is RunPart.WHOLE and _is_image(element):
                self.media.append(Media(box, [element], len(self.blocks)))
                run.remove(pair)

    def _enter(self, child: HtmlElement, box: Box, depth: int) -> None:
        whole = child.tag == "pre" or depth > MAX_DEPTH
        if whole or (child.tag == "table" and is_data_table(child)):
            inner = Box(child, box, depth, first_block=len(self.blocks), in_link=box.in_link)
            box.child_count += 1
            self.boxes.append(inner)
            self._flush([(RunPart.WHOLE, child)], inner)
            inner.end_block = len(self.blocks)
        else:
            self._walk(child, box, depth)

    def _flush(self, run: list[tuple[RunPart, HtmlElement]], box: Box) -> None:
        if not run:
            return
        self._split_off_images(run, box)
        parts: list[str] = []
        linked = links = bold = 0
        media = False
        for piece, element in run:
            if piece is RunPart.TEXT:
                parts.append(element.text or "")
            elif piece is RunPart.TAIL:
                parts.append(element.tail or "")
            else:
                words = _inner_text(element)
                parts.append(words)
                tag = element.tag
                if tag in ("b", "strong"):
                    bold += len(words)
                for anchor in element.iter("a"):
                    if anchor.get("href"):
                        linked += len(collapse_whitespace("".join(anchor.itertext())))
                        links += 1
                media = (
                    media
                    or next(element.iter("img", "amp-img", "iframe", "video"), None) is not None
                )
        text = collapse_whitespace("".join(parts))
        if box.in_link:
            linked, links = len(text), max(1, links)
        if text:
            self.blocks.append(Block(box, run, text, linked, links, bold, media))
        elif media:
            pictures = [element for piece, element in run if piece is RunPart.WHOLE]
            self.media.append(Media(box, pictures, len(self.blocks)))


def _is_image(element: HtmlElement) -> bool:
    return next(element.iter("img", "amp-img"), None) is not None and not text_of(element)


def _inner_text(element: HtmlElement) -> str:
    if not len(element):
        return element.text or ""
    parts: list[str] = []
    skipping = None
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            if skipping is None:
                tag = node.tag
                if not isinstance(tag, str) or (
                    tag in TEXTLESS_TAGS
                    and not (tag == "script" and (node.get("type") or "").startswith("math/"))
                ):
                    skipping = node
                else:
                    if tag in ("br", "td", "th", "li", "p", "div", "tr"):
                        parts.append(" ")
                    parts.append(node.text or "")
        else:
            if node is skipping:
                skipping = None
            if skipping is None and node is not element:
                parts.append(node.tail or "")
    return "".join(parts)


def _inline_with_blocks(root: HtmlElement) -> set[HtmlElement]:
    """Inline elements that hold block elements: they are boxes, whatever their name."""
    found: set[HtmlElement] = set()
    for element in root.iter(*BLOCK_TAGS, "br"):
        parent = element.getparent()
        if element.tag == "br" and not _breaks_paragraph(element):
            continue
        while parent is not None and parent.tag not in BLOCK_TAGS and parent not in found:
            found.add(parent)
            parent = parent.getparent()
    return found


def _breaks_paragraph(element: HtmlElement) -> bool:
    following = element.getnext()
    return (
        following is not None
        and following.tag == "br"
        and not (element.tail and element.tail.strip())
    )


def ancestors(box: Box | None) -> Iterator[Box]:
    """The box and those around it, innermost first."""
    while box is not None:
        yield box
        box = box.parent
