"""The article's tree, built from the chosen blocks with the structure and images between them."""

from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from reader.extract.content.segmenter import (
    TAIL,
    TEXT,
    WHOLE,
    Block,
    Box,
    Media,
    RunPart,
    ancestors,
)

_KEPT_EMPTY: Final = frozenset(("br", "hr", "wbr", "a"))
_UNWRAPPED: Final = frozenset(
    [
        "body",
        "html",
        "td",
        "tr",
        "th",
        "tbody",
        "thead",
        "li",
        "dd",
        "dt",
        "p",
        "form",
        "center",
        "main",
        "article",
        "section",
    ]
)
_STRUCTURES: Final = frozenset(
    ("ul", "ol", "dl", "table", "blockquote", "pre", "figure", "p", "details")
)
MIN_COLUMN_PARAGRAPHS: Final = 3
"""Paragraphs of the only kept item of a list from which the list is the page's columns."""


def build_tree(
    root: Box, blocks: Sequence[Block], kept: Sequence[bool], media: Sequence[Media]
) -> HtmlElement:
    """Return one element with the chosen blocks and media in their structure; empty if none.

    Works in place: the page's tree is used up.
    """
    used: set[tuple[RunPart, HtmlElement]] = set()
    boxes: set[HtmlElement] = set()
    for block, keep in zip(blocks, kept, strict=True):
        if keep:
            used.update(block.parts)
            boxes.update(box.element for box in ancestors(block.box))
    for one in media:
        used.update((WHOLE, element) for element in one.elements)
        boxes.update(box.element for box in ancestors(one.box))
    # Of the page's own parser: lxml's calls Python for the class of every element that is visited.
    article = root.element.makeelement("div")
    if root.element in boxes:
        _prune(root.element, boxes, used)
        top = _innermost(root.element, boxes, used)
        article.append(top)
        top.tail = None
        if top.tag in _UNWRAPPED:
            top.tag = "div"
        _drop_repeated_images(article)
    return article


def _drop_repeated_images(article: HtmlElement) -> None:
    """Keep the first of the same images that stand alone: slides come with their thumbnails."""
    shown: set[str] = set()
    for image in list(article.iter("img")):
        source = image.get("src") or ""
        if source not in shown:
            shown.add(source)
            continue
        if (
            not source
            or next(image.iterancestors("table", "figure", "img", "amp-img"), None) is not None
        ):
            continue
        box = image
        parent = box.getparent()
        while parent is not None and parent is not article and _is_wordless(parent, box):
            box, parent = parent, parent.getparent()
        if parent is not None and (box is not image or _is_wordless(parent, None)):
            box.drop_tree()


def _is_wordless(parent: HtmlElement, box: HtmlElement | None) -> bool:
    """Return whether an element has no text, and no child but the given one."""
    others = box is not None and any(child is not box for child in parent)
    return not others and not "".join(parent.itertext()).strip()


def _prune(
    top: HtmlElement, boxes: set[HtmlElement], used: set[tuple[RunPart, HtmlElement]]
) -> None:
    waiting = [top]
    while waiting:
        element = waiting.pop()
        if element.text and not element.text.isspace() and (TEXT, element) not in used:
            element.text = None
        for child in list(element):
            if child.tail and not child.tail.isspace() and (TAIL, child) not in used:
                child.tail = " "
            if (WHOLE, child) in used:
                continue
            if child in boxes:
                waiting.append(child)
            elif not _is_kept_when_empty(child):
                child.drop_tree()


def _is_kept_when_empty(child: HtmlElement) -> bool:
    """Return whether an element without text is kept: a break, a rule, a link's target."""
    if child.tag not in _KEPT_EMPTY:
        return False
    return child.tag != "a" or bool(
        (child.get("id") or child.get("name")) and not len(child) and not (child.text or "").strip()
    )


def _is_column(element: HtmlElement, boxes: set[HtmlElement]) -> bool:
    """Return whether a list has all kept paragraphs in one of its items, as columns of a page do."""
    if element.tag not in ("ul", "ol"):
        return False
    items = [child for child in element if child in boxes]
    return len(items) == 1 and len(list(items[0].iter("p"))) >= MIN_COLUMN_PARAGRAPHS


def _innermost(
    element: HtmlElement, boxes: set[HtmlElement], used: set[tuple[RunPart, HtmlElement]]
) -> HtmlElement:
    """Return the element, or the innermost box that still contains everything kept."""
    while True:
        inner = [child for child in element if child in boxes or (WHOLE, child) in used]
        if len(inner) != 1 or inner[0] not in boxes or (element.text or "").strip():
            return element
        if any((child.tail or "").strip() for child in element):
            return element
        if inner[0].tag in _STRUCTURES and not _is_column(inner[0], boxes):
            return element
        element = inner[0]
