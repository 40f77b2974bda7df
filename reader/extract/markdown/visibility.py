"""Attributes of visibility, reduced to what a reader of the page sees.

Sources: HTML 6.1 (`hidden`), 6.12 (`popover`), 4.11.4 (`dialog`); WAI-ARIA 1.3 (`aria-hidden`,
which hides an element from screen readers and not from the screen).
"""

import re
from typing import Final

from lxml.html import HtmlElement

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
_NOT_TEXT: Final = frozenset((
    "a", "button", "svg", "i", "img", "input", "label", "mjx-container", "math",
))  # fmt: skip


def normalise(root: HtmlElement) -> None:
    """Leave `hidden` on the elements that no reader of the page can bring into view. Linear."""
    for element in root.xpath("//*[@hidden or @popover]"):
        if (element.get("hidden") or "").strip().lower() == "until-found":
            del element.attrib["hidden"]
        elif element.get("popover") is not None:
            element.set("hidden", "")
    for dialog in root.iter("dialog"):
        if dialog.get("open") is None:
            dialog.set("hidden", "")
        dialog.tag = "div"
    for element in root.xpath("//body//*[@aria-hidden='true']"):
        if _is_seen_text(element):
            del element.attrib["aria-hidden"]


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
