"""Words inside graphics and objects: SVG text, HTML in SVG, fallback of `<object>`.

Sources: SVG 2 (`text`, `foreignObject`), HTML 4.8.7 (`object`), 4.8.14 (`area`).
"""

import re
from typing import Final

from lxml.html import HtmlElement

from reader.extract.dom import detach, replace

_LABEL: Final = re.compile(r"[^\W\d_]{2}")
MAX_LABELS: Final = 200
"""Texts of one graphic that are kept; maps and charts of more hold data points."""
_INLINE_PARENTS: Final = frozenset((
    "p", "span", "a", "em", "strong", "b", "i", "li", "td", "th", "h1", "h2", "h3", "h4",
    "h5", "h6", "dt", "dd",
))  # fmt: skip
_IMAGE_TYPE: Final = re.compile(r"image/", re.I)
_IMAGE_NAME: Final = re.compile(r"\.(?:svg|png|jpe?g|gif|webp|avif)(?:$|[?#])", re.I)


def normalise(root: HtmlElement) -> None:
    """Put the words of graphics in their place. Linear."""
    for graphic in list(root.iter("svg")):
        if graphic.getparent() is not None:
            _replace_graphic(graphic)
    for element in list(root.iter("object", "applet")):
        if element.getparent() is not None:
            _replace_object(element)
    for image_map in list(root.iter("map")):
        _link_areas(image_map)


def unwrap_foreign(root: HtmlElement) -> None:
    """Replace each SVG that holds paragraphs by them. Linear."""
    for graphic in list(root.iter("svg")):
        if graphic.getparent() is not None and any(
            next(inner.iter("p", "h1", "h2", "h3"), None) is not None
            for inner in graphic.iter("foreignobject")
        ):
            _replace_graphic(graphic)


def _replace_graphic(graphic: HtmlElement) -> None:
    """Replace an SVG by the HTML it holds, or by its texts; keep one without words."""
    foreign = list(graphic.iter("foreignobject"))
    if any(inner.text_content().strip() for inner in foreign):
        box = graphic.makeelement("div")
        for inner in foreign:
            inner.tag = "div"
            inner.attrib.clear()
            box.append(inner)
            inner.tail = None
        if labels := _labels(graphic):
            line = graphic.makeelement("p")
            line.text = " · ".join(labels)
            box.append(line)
        replace(graphic, box)
        return
    labels = _labels(graphic)
    if not 0 < len(labels) <= MAX_LABELS or not any(map(_LABEL.search, labels)):
        return
    parent = graphic.getparent()
    box = graphic.makeelement("span" if parent.tag in _INLINE_PARENTS else "p")
    box.text = " · ".join(labels)
    replace(graphic, box)


def _labels(graphic: HtmlElement) -> list[str]:
    """Return the texts that a graphic shows."""
    return [
        words
        for text in graphic.iter("text")
        if (words := " ".join("".join(text.itertext()).split()))
        and next(text.iterancestors("defs", "symbol", "clippath", "mask"), None) is None
    ]


def _replace_object(element: HtmlElement) -> None:
    """Replace an object by its image, player or fallback."""
    inner = next(element.iter("iframe", "embed", "video", "audio"), None)
    if inner is not None:
        replace(element, detach(inner))
        return
    source = (element.get("data") or "").strip()
    if _IMAGE_TYPE.match(element.get("type") or "") or _IMAGE_NAME.search(source):
        image = element.find(".//img")
        if image is None:
            words = " ".join(element.text_content().split())
            image = element.makeelement("img", {"src": source, "alt": words[:1000]})
        replace(element, detach(image))
    elif element.text_content().strip() or element.find(".//img") is not None:
        for parameter in list(element.iter("param")):
            parameter.drop_tree()
        element.tag = "div"
    elif source:
        element.tag = "iframe"


def _link_areas(image_map: HtmlElement) -> None:
    """Replace the areas of an image map by links of their alternative texts."""
    areas = [area for area in image_map.iter("area") if area.get("href") and area.get("alt")]
    if not areas:
        return
    image_map.tag = "span"
    image_map.text = " "
    for area in areas:
        area.tag = "a"
        area.text = area.get("alt")
        area.tail = f" {area.tail or ''}"
