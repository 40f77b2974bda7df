"""Attributes of visibility, reduced to what a reader of the page sees.

Sources: HTML 6.1 (`hidden`), 6.12 (`popover`), 4.11.4 (`dialog`); WAI-ARIA 1.3 (`aria-hidden`,
which hides an element from screen readers and not from the screen).
"""

import re
from typing import Final

from lxml.html import HtmlElement

from reader.extract.dom import ElementIndex

_WORD: Final = re.compile(r"[^\W\d_]{2}")
_ICON: Final = re.compile(
    r"(?:^|[\s_-])(?:icons?|material-symbols\w*|glyphicon|fa[srb]?|emoji|anchor|permalink|katex\w*"
    r"|mjx\w*|mathjax\w*)(?:$|[\s_-])",
    re.I,
)
_SPOKEN: Final = re.compile(
    r"(?:^|[\s_-])(?:sr-only|screen-?reader(?:-text)?|visually-?hidden|visuallyhidden|a11y|offscreen"
    r"|assistive(?:-text)?)(?:$|[\s_-])",
    re.I,
)
_UNSEEN: Final = re.compile(
    r"(?:^|\s)(?:(?:u-|is-|util-)?(?:sr-only|visually-?hidden|screen-?reader(?:-text|-only)?)|screenreader(?:text|only)?|offscreen|material-(?:icons|symbols)[\w-]*)(?:$|\s)",
    re.I,
)
"""Names of words for screen readers only, and of icons drawn by the name of their glyph."""
_UNSEEN_PARTS: Final = ("sr-only", "hidden", "reader", "offscreen", "material-")
"""Parts of which each of these names has one."""
_UNSEEN_STYLE: Final = re.compile(
    r"(?:^|[;\s])(?:left|top|right|text-indent)\s*:\s*-\d{4,}(?:px|em|rem)?|(?:^|[;\s])clip\s*:\s*rect\((?:[01](?:px)?[\s,]*){4}\)"
    r"|(?:^|[;\s])font-size\s*:\s*0(?:px|em)?\s*(?:;|$)",
    re.I,
)
_SHOWN_STYLE: Final = re.compile(r"(?:^|[;\s])display\s*:\s*(?!none)\w", re.I)
MAX_UNSEEN: Final = 200
"""Characters of words for screen readers; longer text may be shown on the page after all."""
_NOT_TEXT: Final = frozenset((
    "a", "button", "svg", "i", "img", "input", "label", "mjx-container", "math",
))  # fmt: skip


def normalise(index: ElementIndex) -> None:
    """Leave `hidden` on the elements that no reader of the page can bring into view. Linear."""
    root = index.root
    for element in index.with_attribute("hidden", "popover"):
        if (element.get("hidden") or "").strip().lower() == "until-found":
            del element.attrib["hidden"]
        elif element.get("popover") is None and _SHOWN_STYLE.search(element.get("style") or ""):
            # A page's own style outweighs the one that browsers have for the attribute.
            element.attrib.pop("hidden", None)
        elif element.get("popover") is not None:
            element.set("hidden", "")
    unseen = [
        element
        for names, elements in index.classes_with(*_UNSEEN_PARTS)
        if _UNSEEN.search(names)
        for element in elements
    ]
    unseen += index.styled(_UNSEEN_STYLE)
    for element in unseen:
        if _is_short(element):
            element.set("hidden", "")
    for dialog in root.iter("dialog"):
        if dialog.get("open") is None:
            dialog.set("hidden", "")
        dialog.tag = "div"
    for element in index.with_attribute("aria-hidden"):
        is_hidden = element.get("aria-hidden") == "true" and element.tag not in ("html", "body")
        if is_hidden and _is_seen_text(element):
            del element.attrib["aria-hidden"]


def _is_short(element: HtmlElement) -> bool:
    """Return whether the element holds a few words and nothing else."""
    return (
        element.tag not in ("html", "body")
        and len(element.text_content()) <= MAX_UNSEEN
        and next(element.iter("img", "math", "script", "iframe", "a", "pre", "input"), None) is None
    )


def _is_seen_text(element: HtmlElement) -> bool:
    """Return whether the element shows words that stand nowhere else: no icon, no spoken copy."""
    if element.tag in _NOT_TEXT or _ICON.search(element.get("class") or ""):
        return False
    text = element.text_content()
    if _WORD.search(text) is None:
        return False
    parent = element.getparent()
    if parent is None or parent.get("aria-label") or parent.get("aria-hidden") == "true":
        return False
    return not any(
        _SPOKEN.search(other.get("class") or "") or other.text_content().strip() == text.strip()
        for other in (*element.itersiblings(preceding=True), *element.itersiblings())
        if isinstance(other.tag, str)
    )
