"""The chosen blocks put together again, with the structure and the pictures between them."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from lxml.html import HtmlElement, fragment_fromstring

from reader.extract.content.figures import is_caption
from reader.extract.content.segmenter import Block, Box, Media, RunPart, ancestors

_ICON: Final = re.compile(
    r"avatar|icon|logo|emoji|spacer|pixel|tracking|gravatar|badge|button|spinner|loading|author|sprite|blank\.|1x1"
)
MIN_CONTEXT_CHARS: Final = 150
"""Characters up to which the text around a picture says nothing of it: buttons, counters."""
MIN_IMAGE_PIXELS: Final = 48
"""Pixels of a side below which a picture is an ornament."""
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
    media: Sequence[Media], blocks: Sequence[Block], kept: Sequence[bool]
) -> list[Media]:
    """Pictures and players that stand among the chosen blocks, and the one that leads them in."""
    chosen = [
        number
        for number, (block, keep) in enumerate(zip(blocks, kept, strict=True))
        if keep and not is_caption(block)
    ]
    if not chosen:
        return []
    sums = _kept_shares(blocks, kept)
    return [one for one in media if _stands_inside(one, blocks, kept, sums, chosen)]


def _kept_shares(blocks: Sequence[Block], kept: Sequence[bool]) -> Mapping[Box, list[int]]:
    sums: dict[Box, list[int]] = {}
    for block, keep in zip(blocks, kept, strict=True):
        if is_caption(block):
            continue
        for box in ancestors(block.box):
            pair = sums.setdefault(box, [0, 0])
            pair[0] += len(block.text) * keep
            pair[1] += len(block.text)
    return sums


def _stands_inside(
    one: Media,
    blocks: Sequence[Block],
    kept: Sequence[bool],
    sums: Mapping[Box, list[int]],
    chosen: Sequence[int],
) -> bool:
    if all(_is_ornament(element) for element in one.elements):
        return False
    around: Box | None = one.box
    while around is not None and (around not in sums or sums[around][1] < MIN_CONTEXT_CHARS):
        around = around.parent
    if around is None:
        return False
    share, whole = sums[around]
    inside = chosen[0] < one.block_index <= chosen[-1]
    if inside:
        return 2 * share >= whole
    if one.block_index <= chosen[0]:
        return 2 * share >= whole or (3 * share >= whole and chosen[0] - one.block_index < 8)
    return 10 * share >= 9 * whole and one.block_index - chosen[-1] < 3


def _is_ornament(element: HtmlElement) -> bool:
    if element.tag == "svg":
        return True
    images = list(element.iter("img", "amp-img"))
    if not images:
        return False
    return all(_is_small(image) for image in images)


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
    """One element that holds the chosen blocks and pictures in their structure; empty where none.

    Works in place: the page's tree is used up.
    """
    used: set[tuple[RunPart, HtmlElement]] = set()
    boxes: set[HtmlElement] = set()
    for block, keep in zip(blocks, kept, strict=True):
        if keep:
            used.update(block.parts)
            boxes.update(box.element for box in ancestors(block.box))
    for one in media:
        used.update((RunPart.WHOLE, element) for element in one.elements)
        boxes.update(box.element for box in ancestors(one.box))
    article = fragment_fromstring("<div></div>")
    if root.element in boxes:
        _prune(root.element, boxes, used)
        top = _innermost(root.element, boxes, used)
        article.append(top)
        top.tail = None
        if top.tag in _UNWRAPPED:
            top.tag = "div"
    return article


def _prune(
    top: HtmlElement, boxes: set[HtmlElement], used: set[tuple[RunPart, HtmlElement]]
) -> None:
    waiting = [top]
    while waiting:
        element = waiting.pop()
        if element.text and not element.text.isspace() and (RunPart.TEXT, element) not in used:
            element.text = None
        for child in list(element):
            if child.tail and not child.tail.isspace() and (RunPart.TAIL, child) not in used:
                child.tail = " "
            if (RunPart.WHOLE, child) in used:
                continue
            if child in boxes:
                waiting.append(child)
            elif not _is_kept_when_empty(child):
                child.drop_tree()


def _is_kept_when_empty(child: HtmlElement) -> bool:
    """Whether an element without text matters all the same: a break, a rule, a link's target."""
    if child.tag not in _KEPT_EMPTY:
        return False
    return child.tag != "a" or bool(
        (child.get("id") or child.get("name")) and not len(child) and not (child.text or "").strip()
    )


def _innermost(
    element: HtmlElement, boxes: set[HtmlElement], used: set[tuple[RunPart, HtmlElement]]
) -> HtmlElement:
    """The element itself, or the only box in it that holds everything, however deep."""
    while True:
        inner = [child for child in element if child in boxes or (RunPart.WHOLE, child) in used]
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
