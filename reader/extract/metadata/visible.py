"""Short lines around the main heading, in which pages show author and date."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from reader.extract.dom import ElementIndex
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


_DATE_NAMES: Final = ("date", "publish", "posted", "timestamp")
"""Parts of which each of these names has one."""
_DATED: Final = re.compile(
    r"(?:^|[\s_-])(?:date|published|pubdate|posted|publish-?date|timestamp)(?:$|[\s_-])"
)


@dataclass(frozen=True, slots=True)
class VisibleLine:
    """A short line with the names of its element, in lower case."""

    text: str
    names: str


def lines_near_heading(index: ElementIndex, title: str) -> list[VisibleLine]:
    """Return the lines after the main heading, then those before it, the nearest first.

    Lines further down count only in the article's footer, or if their elements are named as dates.
    Lines in asides, page footers, comments and lists of other articles are left out. `index` is that
    of the unchanged page.
    """
    root = index.root
    body = root.find(".//body")
    top = root if body is None else body
    heading = _main_heading(root, title)
    if heading is not None and top not in heading.iterancestors():
        return list(_shown(_Walk(None).backwards([top]), LINES_BEFORE))
    walk = _Walk(heading)
    following = walk.forwards(top)
    after: list[VisibleLine] = []
    last: HtmlElement | None = None
    for last, names in following:
        if (line := _visible_line(last, names)) is not None:
            after.append(line)
            if len(after) == LINES_AFTER:
                break
    far = walk.named(index, top, last) if len(after) == LINES_AFTER else ()
    before = walk.backwards(_preceding(heading, top)) if heading is not None else ()
    return [*after, *_shown(before, LINES_BEFORE), *_shown(far, LINES_BEFORE)]


class _Walk:
    """Walks away from the heading, which end when enough lines are found."""

    def __init__(self, heading: HtmlElement | None) -> None:
        self._heading = heading
        self._around = set() if heading is None else set(heading.iterancestors())
        # Pages repeat their names.
        self._away: dict[str, bool] = {"": False, " ": False}

    def forwards(self, top: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
        """Yield the lines after the heading with their names, of all of `top` without a heading."""
        waiting = [top]
        if self._heading is not None:
            path = [self._heading, *self._heading.iterancestors()]
            waiting = []
            for element in reversed(path[: path.index(top)]):
                waiting += reversed(list(element.itersiblings()))
            waiting += reversed(self._heading)
        for _ in range(MAX_ELEMENTS):
            if not waiting:
                break
            element = waiting.pop()
            if not isinstance(element.tag, str):
                continue
            names = _own_names(element)
            if self._is_skipped(element, names):
                continue
            children = list(element)
            waiting += reversed(children)
            if self._is_line(element, children):
                yield element, _with_parent(element, names)

    def backwards(self, starts: Iterable[HtmlElement]) -> Iterator[tuple[HtmlElement, str]]:
        """Yield the lines in these elements with their names, the last one first.

        Elements around the heading are taken alone.
        """
        for start in starts:
            waiting = [(start, False)]
            for _ in range(MAX_ELEMENTS):
                if not waiting:
                    break
                element, is_opened = waiting.pop()
                if not isinstance(element.tag, str):
                    continue
                names = _own_names(element)
                if not is_opened and self._is_skipped(element, names):
                    continue
                children = list(element)
                if is_opened or not children or element in self._around:
                    if self._is_line(element, children):
                        yield element, _with_parent(element, names)
                    continue
                waiting.append((element, True))
                waiting += ((child, False) for child in children)

    def named(
        self, index: ElementIndex, top: HtmlElement, last: HtmlElement | None
    ) -> Iterator[tuple[HtmlElement, str]]:
        """Yield the lines below the last one that are named as dates, with their names.

        Those in the article's footer need no such name.
        """
        named = {
            element
            for footer in index.root.iter("footer")
            if is_article_footer(footer)
            for element in footer.iterdescendants()
        }
        for names, elements in index.classes_with(*_DATE_NAMES):
            if _DATED.search(names.casefold()):
                named.update(elements)
                for element in elements:
                    named.update(element)
        named.update(
            element
            for element in index.with_attribute("id")
            if _DATED.search((element.get("id") or "").casefold())
        )
        is_below = False
        for element in index.in_order({*named, last}) if named else ():
            if element is last:
                is_below = True
            elif is_below and isinstance(element.tag, str) and self._is_reached(element, top):
                names = _own_names(element)
                if not self._is_skipped(element, names) and self._is_line(element, list(element)):
                    yield element, _with_parent(element, names)

    def _is_reached(self, element: HtmlElement, top: HtmlElement) -> bool:
        """Return whether a walk down from `top` comes to the element."""
        for above in element.iterancestors():
            if above is top:
                return True
            if above not in self._around and self._is_skipped(above, _own_names(above)):
                return False
        return False

    def _is_skipped(self, element: HtmlElement, names: str) -> bool:
        if element.tag in _SKIPPED and not is_article_footer(element):
            return True
        is_away = self._away.get(names)
        if is_away is None:
            is_away = self._away[names] = any(map(names.casefold().__contains__, _AWAY))
        return is_away

    def _is_line(self, element: HtmlElement, children: Sequence[HtmlElement]) -> bool:
        """Return whether an element that is not skipped is a line: a block without blocks inside.

        An inline element between blocks is a line, too.
        """
        if _hold_blocks(children):
            return False
        if element.tag in _BLOCKS:
            return True
        parent = element.getparent()
        return (
            parent is not None
            and parent is not self._heading
            and _hold_blocks(parent)
            and not self._is_skipped(parent, _own_names(parent))
        )


def _preceding(heading: HtmlElement, top: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements before the heading up to `top`, the nearest first, and those around it."""
    element = heading
    while element is not top:
        yield from element.itersiblings(preceding=True)
        element = element.getparent()
        yield element


def _hold_blocks(children: Iterable[HtmlElement]) -> bool:
    return not _BLOCKS.isdisjoint([child.tag for child in children])


def _own_names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _with_parent(element: HtmlElement, names: str) -> str:
    """Return names with those of the parent's class, in lower case."""
    parent = element.getparent()
    above = parent.get("class") or "" if parent is not None else ""
    return f"{names} {above}".casefold()


def _shown(lines: Iterable[tuple[HtmlElement, str]], count: int) -> Iterator[VisibleLine]:
    """Return the first lines that are neither empty nor too long."""
    found = (_visible_line(element, names) for element, names in lines)
    return islice(filter(None, found), count)


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
