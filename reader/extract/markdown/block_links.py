"""Links around whole blocks, put inside the blocks that they hold.

Source: HTML 4.5.1, which allows flow content inside `<a>`.
"""

from typing import Final

from lxml.html import HtmlElement

_BLOCKS: Final = frozenset((
    "p", "div", "section", "article", "center", "header", "li", "h1", "h2", "h3", "h4", "h5",
    "h6", "figcaption", "dt", "dd", "blockquote", "figure", "ul", "ol", "pre", "table",
))  # fmt: skip
_INLINE_CONTENT: Final = frozenset((
    "p", "div", "section", "article", "center", "header", "li", "h1", "h2", "h3", "h4", "h5",
    "h6", "figcaption", "dt", "dd",
))  # fmt: skip
MIN_PROSE: Final = 60
"""Characters of a neighbouring paragraph that show a link to stand in running text."""


def normalise(root: HtmlElement) -> None:
    """Unwrap links to the same page around blocks; push others down in running text.

    Links side by side are teasers of other pages and stay as they are. Linear.
    """
    for link in list(root.iter("a")):
        if not len(link) or _BLOCKS.isdisjoint([child.tag for child in link]):
            continue
        if link.getparent() is None:
            continue
        href = link.get("href")
        if href is None or href.startswith("#"):
            _unwrap(link)
        elif _is_prose(link.getprevious()) and _is_prose(link.getnext()):
            push_down(link)
            link.tag = "div"
            link.attrib.clear()


def _unwrap(link: HtmlElement) -> None:
    """Turn the link into a box, which keeps its name as a target."""
    link.tag = "div"
    link.attrib.pop("href", None)


def _is_prose(element: HtmlElement | None) -> bool:
    """Return whether the sibling is a paragraph of text, or missing."""
    if element is None:
        return True
    return element.tag == "p" and len(element.text_content()) >= MIN_PROSE


def push_down(element: HtmlElement) -> None:
    """Put a copy of the inline element inside each block that it holds."""
    tag = element.tag
    for child in element:
        if child.tag in _INLINE_CONTENT and (len(child) or (child.text or "").strip()):
            inner = element.makeelement(tag, dict(element.attrib))
            inner.text = child.text
            child.text = None
            inner.extend(list(child))
            child.append(inner)
            # The mark must not count as an ancestor of its own copies.
            element.tag = "span"
