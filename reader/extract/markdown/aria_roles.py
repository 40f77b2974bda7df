"""Elements that say in attributes what they are, given the tag for it; marks of tools dropped."""

import re
from typing import Final

from lxml.html import HtmlElement

_PERMALINK: Final = re.compile(
    r"(?:^|[\s_-])(?:anchor|perma-?link|header-?link|heading-?link|hash-?link|direct-link|autolink)"
    r"(?:$|[\s_-])",
    re.I,
)
_PERMALINK_TEXT: Final = re.compile(
    r"[\s#¶§🔗⚓∞\u200b\ufe0f]*|(?:permalink|link|anchor|copy link)", re.I
)
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_TAGS: Final = frozenset(("p", "ul", "ol", "li", "blockquote", *_HEADINGS))


def normalise(root: HtmlElement) -> None:
    """Give paragraphs and headings made of other elements their tag; drop permalinks in headings."""
    for element in root.iter("span", "div"):
        said = element.get("data-as")
        if said in _TAGS:
            element.tag = said
            continue
        role = element.get("role")
        if role == "heading":
            level = element.get("aria-level") or "2"
            element.tag = f"h{level}" if level in "123456" else "h2"
        elif role == "paragraph":
            element.tag = "p"
    for heading in root.iter(*_HEADINGS):
        if len(heading):
            _drop_permalinks(heading)


def _drop_permalinks(heading: HtmlElement) -> None:
    for link in list(heading.iter("a", "button", "clipboard-copy")):
        if link.getparent() is None:
            continue
        said = "".join(link.itertext()).strip()
        names = (
            f"{link.get('class') or ''} {link.get('aria-label') or ''} {link.get('title') or ''}"
        )
        sign = _PERMALINK_TEXT.fullmatch(said) is not None
        if (
            link.find(".//img") is None
            and sign
            and (said or _PERMALINK.search(names) or not link.get("id"))
        ):
            link.drop_tree()
        elif _PERMALINK.search(link.get("class") or "") and len(said) < 3:
            link.drop_tree()
