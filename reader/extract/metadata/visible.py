"""Short lines around the main heading, in which pages show author and date."""

import re
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

from reader.model.text import one_line

MAX_LINE: Final = 140
LINES_BEFORE: Final = 14
LINES_AFTER: Final = 24
"""Lines around the heading that are read: menus and share buttons may stand between."""
MAX_ELEMENTS: Final = 20_000
_BLOCKS: Final = frozenset(
    "address article aside blockquote dd div dl dt fieldset figcaption footer form h1 h2 h3 h4 h5 h6"
    " header li main nav ol p section table td th tr ul body".split(" ")
)
_SILENT: Final = frozenset(("script", "style", "template", "noscript", "svg", "head", "select"))
_AWAY: Final = ("comment", "related", "sidebar", "recommend", "footer", "widget", "popular")


_DATED: Final = re.compile(
    r"(?:^|[\s_-])(?:date|published|pubdate|posted|publish-?date|timestamp)(?:$|[\s_-])"
)


@dataclass(frozen=True, slots=True)
class VisibleLine:
    """A short line with the names of its element, in lower case."""

    text: str
    names: str


def lines_near_heading(root: HtmlElement, title: str) -> list[VisibleLine]:
    """Return the lines after the main heading, then those before it, the nearest first.

    Lines further down count only if their elements are named as dates. Lines in asides, footers,
    comments and lists of other articles are left out.
    """
    body = root.find(".//body")
    heading = _main_heading(root, title)
    far: list[VisibleLine] = []
    before: list[VisibleLine] = []
    after: list[VisibleLine] = []
    seen = heading is None
    skipped: HtmlElement | None = None
    for number, element in enumerate((root if body is None else body).iter()):
        if number > MAX_ELEMENTS:
            break
        tag = element.tag
        if not isinstance(tag, str) or (skipped is not None and _is_inside(element, skipped)):
            continue
        skipped = None
        if element is heading:
            seen = True
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}".casefold()
        if (
            tag in _SILENT
            or tag in ("footer", "aside", "nav")
            or any(one in names for one in _AWAY)
        ):
            if heading is None or not _is_inside(heading, element):
                skipped = element
            continue
        if tag not in _BLOCKS or any(child.tag in _BLOCKS for child in element):
            continue
        text = one_line(" ".join(element.itertext()), MAX_LINE + 1)
        if 1 < len(text) <= MAX_LINE:
            parent = element.getparent()
            above = parent.get("class") or "" if parent is not None else ""
            line = VisibleLine(text, f"{names} {above}".casefold())
            if not seen:
                before.append(line)
            elif len(after) < LINES_AFTER:
                after.append(line)
            elif _DATED.search(line.names):
                far.append(line)
    return [*after, *reversed(before[-LINES_BEFORE:]), *far[:LINES_BEFORE]]


def _main_heading(root: HtmlElement, title: str) -> HtmlElement | None:
    """Return the heading with most words of the title, the first of those with text."""
    words = set(title.casefold().split())
    headings = [one for one in root.iter("h1") if one.text_content().strip()]
    if not headings:
        return next((one for one in root.iter("h2") if one.text_content().strip()), None)
    return max(headings, key=lambda one: len(words & set(one.text_content().casefold().split())))


def _is_inside(element: HtmlElement, container: HtmlElement) -> bool:
    return any(one is container for one in element.iterancestors())
