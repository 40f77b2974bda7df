"""The plain text of a page without a parser, for pages that exceed every limit."""

import html
import re
from typing import Final

_SILENT: Final = ("script", "style", "noscript", "template", "svg", "title", "head")
_SILENT_START: Final = re.compile(rf"<(?:!--|({'|'.join(_SILENT)})\b)", re.IGNORECASE)
_ENDS: Final = {name: re.compile(f"</{name}", re.IGNORECASE) for name in _SILENT} | {
    "!": re.compile("-->")
}
# Neither pattern can look further than to the next angle bracket, so both are linear.
_BREAK: Final = re.compile(
    r"</?(?:p|div|br|li|tr|h[1-6]|article|section|blockquote|pre|table|ul|ol|dd|dt|figure|td|th)"
    r"(?:[\s/][^<>]*)?>",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"</?[a-zA-Z!][^<>]*>")
_TITLE: Final = re.compile(r"<title[^<>]*>([^<]{1,2000})", re.IGNORECASE)


def title(page: str) -> str:
    """Return the first title in the first 200,000 characters, or an empty string."""
    found = _TITLE.search(page, 0, 200_000)
    return html.unescape(found[1]) if found else ""


def paragraph_lines(page: str) -> list[str]:
    """Return the paragraphs in order, without tags and references; none is empty."""
    text = _BREAK.sub("\n", _visible(page))
    text = html.unescape(_TAG.sub("", text))
    return [line for line in (" ".join(line.split()) for line in text.split("\n")) if line]


def _visible(page: str) -> str:
    """Return the page without comments and invisible elements; unclosed ones are kept.

    The end of an element without one is searched for only once, so this is linear.
    """
    parts: list[str] = []
    endless: set[str] = set()
    at = 0
    while found := _SILENT_START.search(page, at):
        name = (found[1] or "!").lower()
        end = None
        if name not in endless:
            end = _ENDS[name].search(page, found.end())
        if end is None:
            endless.add(name)
        parts.append(page[at : found.start()])
        at = end.end() if end else found.end()
    parts.append(page[at:])
    return "".join(parts)
