"""A page's bare text without a parser: what is left to save of a page that breaks every limit."""

import html
import re
from typing import Final

_SILENT: Final = re.compile(r"<(script|style|noscript|template|svg|title|head)\b", re.IGNORECASE)
_COMMENT: Final = "<!--"
# Neither pattern can look further than to the next angle bracket, so both are linear.
_BREAK: Final = re.compile(
    r"</?(?:p|div|br|li|tr|h[1-6]|article|section|blockquote|pre|table|ul|ol|dd|dt|figure|td|th)"
    r"(?:[\s/][^<>]*)?>",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"</?[a-zA-Z!][^<>]*>")
_TITLE: Final = re.compile(r"<title[^<>]*>([^<]{1,2000})", re.IGNORECASE)


def title(page: str) -> str:
    """What stands in the first `title` element of the first 200,000 characters, or nothing."""
    found = _TITLE.search(page, 0, 200_000)
    return html.unescape(found[1]) if found else ""


def lines(page: str) -> list[str]:
    """The page's paragraphs in order, tags and references resolved, spaces folded; none is empty."""
    text = _BREAK.sub("\n", _visible(page))
    text = html.unescape(_TAG.sub("", text))
    return [line for line in (" ".join(line.split()) for line in text.split("\n")) if line]


def _visible(page: str) -> str:
    """The page without comments and elements that show nothing."""
    parts: list[str] = []
    lowered = page.casefold() if page.isascii() else page.lower()
    if len(lowered) != len(page):
        lowered = page
    at = 0
    while True:
        silent = _SILENT.search(page, at)
        comment = page.find(_COMMENT, at, silent.start() if silent else len(page))
        if comment >= 0:
            end = page.find("-->", comment)
            parts.append(page[at:comment])
            at = end + 3 if end >= 0 else comment + len(_COMMENT)
        elif silent:
            parts.append(page[at : silent.start()])
            end = lowered.find(f"</{silent[1].lower()}", silent.end())
            at = end if end >= 0 else silent.end()
        else:
            parts.append(page[at:])
            return "".join(parts)
