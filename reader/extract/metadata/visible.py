"""Short lines around the main heading, in which pages show author and date."""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from reader.model.text import one_line

MAX_LINE: Final = 140
"""Characters of a line that may be a byline or a date; running text is longer."""
LINES_BEFORE: Final = 14
"""Lines above the heading that are read, and further dated ones below."""
LINES_AFTER: Final = 24
"""Lines below the heading that are read: share buttons may be among them."""
MAX_ELEMENTS: Final = 20_000
"""Elements of a page that are visited: bounds the time of a long page."""
_BLOCKS: Final = frozenset(
    "address article aside blockquote dd div dl dt fieldset figcaption footer form h1 h2 h3 h4 h5 h6"
    " header li main nav ol p section table td th tr ul body".split(" ")
)
_SKIPPED: Final = frozenset(
    "script style template noscript svg head select footer aside nav".split(" ")
)
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

    Lines further down count only in the article's footer, or if their elements are named as dates.
    Lines in asides, page footers, comments and lists of other articles are left out.
    """
    body = root.find(".//body")
    heading = _main_heading(root, title)
    around: set[HtmlElement] = set() if heading is None else set(heading.iterancestors())
    far: list[VisibleLine] = []
    # The texts of all lines before the heading would take longer than those that count.
    before: list[tuple[HtmlElement, str]] = []
    after: list[VisibleLine] = []
    mixed: set[HtmlElement] = set()
    footers: set[HtmlElement] = set()
    # Pages repeat their names.
    away_names = {"": False}
    seen = heading is None
    waiting: list[HtmlElement] = [root if body is None else body]
    for _ in range(MAX_ELEMENTS):
        if not waiting:
            break
        element = waiting.pop()
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if heading is not None and element is heading:
            seen = True
            waiting += reversed(element)
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        is_away = away_names.get(names)
        if is_away is None:
            is_away = any(map(names.casefold().__contains__, _AWAY))
            away_names[names] = is_away
        is_footer = is_article_footer(element)
        if is_footer:
            footers.add(element)
        is_skipped = is_away or (tag in _SKIPPED and not is_footer)
        if is_skipped and element not in around:
            continue
        children = list(element)
        waiting += reversed(children)
        if is_skipped:
            continue
        if not _BLOCKS.isdisjoint([child.tag for child in children]):
            mixed.add(element)
            continue
        parent = element.getparent()
        # Inline elements between blocks are lines of their own.
        if tag not in _BLOCKS and parent not in mixed:
            continue
        above = parent.get("class") or "" if parent is not None else ""
        names = f"{names} {above}".casefold()
        is_far = seen and len(after) >= LINES_AFTER
        if is_far and not _DATED.search(names) and footers.isdisjoint(element.iterancestors()):
            continue
        if not seen:
            before.append((element, names))
        elif (line := _visible_line(element, names)) is not None:
            (far if is_far else after).append(line)
    lines = (_visible_line(element, names) for element, names in reversed(before))
    return [*after, *islice(filter(None, lines), LINES_BEFORE), *far[:LINES_BEFORE]]


def is_article_footer(element: HtmlElement) -> bool:
    """Return whether an element is the footer of the article with the main heading.

    It names the author and the date there (HTML 4.3.8), as the footer of the page names its site.
    """
    if element.tag != "footer":
        return False
    article = next(element.iterancestors("article"), None)
    if article is None:
        return False
    others = (*article.itersiblings("article"), *article.itersiblings("article", preceding=True))
    return not others or next(article.iter("h1"), None) is not None


def _visible_line(element: HtmlElement, names: str) -> VisibleLine | None:
    """Return the line that the element shows, None if it is empty or too long."""
    text = one_line(" ".join(element.itertext()), MAX_LINE + 1)
    return VisibleLine(text, names) if 1 < len(text) <= MAX_LINE else None


def _main_heading(root: HtmlElement, title: str) -> HtmlElement | None:
    """Return the heading with most words of the title, the first of those with text."""
    words = set(title.casefold().split())
    headings = [one for one in root.iter("h1") if one.text_content().strip()]
    name = " ".join(title.casefold().split())
    if name and not any(
        name in " ".join(one.text_content().casefold().split()) for one in headings
    ):
        # Blogs give the site's name the first heading, and the post a lower one.
        for one in root.iter("h2", "h3", "h4"):
            if " ".join(one.text_content().casefold().split()) == name:
                return one
    if not headings:
        return next((one for one in root.iter("h2") if one.text_content().strip()), None)
    return max(headings, key=lambda one: len(words & set(one.text_content().casefold().split())))
