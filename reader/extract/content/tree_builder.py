"""The article's tree, built from the chosen blocks with the structure and images between them."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from lxml.html import HtmlElement

from reader.extract.content.figures import is_caption
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

_ICON: Final = re.compile(
    r"avatar|icon|logo|emoji|spacer|pixel|tracking|gravatar|badge|button|spinner|loading|author|sprite|blank\.|1x1"
)
_LOGO: Final = re.compile(r"[/_.-]logos?(?:[_.-][^/]*)?\.(?:png|gif|svg|jpe?g|webp)", re.I)
MIN_CONTEXT_CHARS: Final = 150
"""Characters of text around an image from which it decides: fewer are buttons and counters."""
MIN_IMAGE_PIXELS: Final = 48
"""Pixels of a side below which an image is an ornament."""
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


def keep_media(
    media: Sequence[Media], boxes: Sequence[Box], blocks: Sequence[Block], kept: Sequence[bool]
) -> list[Media]:
    """Return images and players among the chosen blocks, and the one that leads them in."""
    if not media or not any(kept):
        return []
    chosen: list[int] = []
    shares = {box: [0, 0] for box in boxes}
    for number, (block, keep) in enumerate(zip(blocks, kept, strict=True)):
        if is_caption(block):
            continue
        pair = shares[block.box]
        pair[1] += len(block.text)
        if keep:
            pair[0] += len(block.text)
            chosen.append(number)
    if not chosen:
        return []
    for box in reversed(boxes):
        if box.parent is not None:
            above, pair = shares[box.parent], shares[box]
            above[0] += pair[0]
            above[1] += pair[1]
    return [one for one in media if _stands_inside(one, shares, chosen)]


def _stands_inside(one: Media, shares: Mapping[Box, list[int]], chosen: Sequence[int]) -> bool:
    """Return whether the text around a medium is kept, or adjoins the kept text."""
    around = one.box
    while around.parent is not None and shares[around][1] < MIN_CONTEXT_CHARS:
        around = around.parent
    share, whole = shares[around]
    if chosen[0] < one.block_index <= chosen[-1]:
        stands = 2 * share >= whole
    elif one.block_index <= chosen[0]:
        stands = 2 * share >= whole or (3 * share >= whole and chosen[0] - one.block_index < 8)
        stands = stands and not all(map(_is_logo, one.elements))
    else:
        stands = 10 * share >= 9 * whole and one.block_index - chosen[-1] < 3
    return stands and not all(map(_is_ornament, one.elements))


def _is_logo(element: HtmlElement) -> bool:
    """Return whether the file of each image is named as a logo."""
    images = list(element.iter("img", "amp-img"))
    return bool(images) and all(_LOGO.search(image.get("src") or "") for image in images)


def _is_ornament(element: HtmlElement) -> bool:
    if element.tag == "svg":
        return True
    images = list(element.iter("img", "amp-img"))
    if not images:
        return False
    return all(_is_small(image) or _leads_home(image) for image in images)


def _leads_home(image: HtmlElement) -> bool:
    """Return whether an image is a link to the site's first page: its logo."""
    link = next(image.iterancestors("a"), None)
    return link is not None and (link.get("href") or "").strip() in ("/", "./", "../")


def _is_small(image: HtmlElement) -> bool:
    get = image.get
    for side in ("width", "height"):
        size = re.match(r"\d+", get(side) or "")
        if size and 0 < int(size[0]) < MIN_IMAGE_PIXELS:
            return True
    names = f"{get('class') or ''} {get('id') or ''}".lower()
    return bool(_ICON.search(names))


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
        if inner[0].tag in (
            "ul",
            "ol",
            "dl",
            "table",
            "blockquote",
            "pre",
            "figure",
            "p",
            "details",
        ):
            return element
        element = inner[0]
