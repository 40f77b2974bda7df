"""Lists and links of word processors as HTML means them.

Word saves each item of a list as a paragraph with `mso-list` in its style, Google Docs each run of
one level as a list with the level in its class, and each link as one through its own server.
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, urlsplit

from lxml.html import HtmlElement
from lxml.html.builder import E

from reader.extract.dom import ElementIndex, detach
from reader.model.urls import is_web_url

_REDIRECT: Final = "https://www.google.com/url?q="
_WORD_LEVEL: Final = re.compile(r"mso-list\s*:\s*l\d+ level(\d)", re.I)
_DOCS_LEVEL: Final = re.compile(r"lst-kix_[\w.]+-(\d)(?:\s|$)")
_NUMBER: Final = re.compile(r"\s*\(?(\d{1,4}|[a-z]{1,4})[.)]", re.I)
_SPLIT_LISTS: Final = (
    "//ol[@start]"
    "|//ul[contains(@class, 'bulleted-list') or contains(@class, 'to-do-list')][preceding-sibling::*[1][self::ul]]"
)
"""Lists that may continue the one before: numbered ones, and Notion's of one item each."""
_MARK: Final = re.compile(
    r"\s*(?:[·•§o\uf0b7\uf0a7-]|\(?(?:\d{1,4}|[a-z]{1,4})[.)])[\s\xa0]{2,}", re.I
)
"""Bullet or number and the spaces after it, in an item of Word."""
_MARGIN: Final = re.compile(r"margin-left\s*:\s*(\d*\.?\d+)(in|pt|cm)")
_WORD_ITEM: Final = re.compile("mso-list")
_UNITS: Final = {"in": 1.0, "pt": 72.0, "cm": 2.54}
_EMPTY: Final = frozenset(" \t\n\r\xa0")


def normalise(index: ElementIndex) -> None:
    """Nest the items of word processors by their levels, and make their links direct. Linear."""
    root = index.root
    for link in root.iter("a"):
        href = link.get("href")
        if href is not None and href.startswith(_REDIRECT):
            query = parse_qs(urlsplit(href).query)
            if is_web_url(target := query.get("q", [""])[0]):
                link.set("href", target)
    done: set[HtmlElement] = set()
    for item in list(root.iter("p")) if _has_word_items(index) else ():
        is_item = "mso-list" in (item.get("style") or "") or "MsoListPara" in (
            item.get("class") or ""
        )
        if is_item and item not in done:
            run = [(one, level) for one in _run(item, "p") if (level := _word_level(one))]
            done.update(one for one, _ in run)
            _nest_paragraphs(run)
    ends: dict[HtmlElement, int] = {}
    may_split = index.has_attribute("start") or index.names_class("bulleted-list", "to-do-list")
    for following in root.xpath(_SPLIT_LISTS) if may_split else ():
        _join_list(following, ends)
    for first in list(root.iter("ul", "ol")) if index.names_class("lst-kix") else ():
        if "lst-kix" in (first.get("class") or "") and first not in done:
            lists = [one for one in _run(first, "ul", "ol") if _docs_level(one) is not None]
            done.update(lists)
            _nest_lists(lists)


def _has_word_items(index: ElementIndex) -> bool:
    """Return whether any element has the style or the class of an item of Word."""
    return index.names_class("MsoListPara") or bool(index.styled(_WORD_ITEM))


def _join_list(following: HtmlElement, ends: dict[HtmlElement, int]) -> None:
    """Add a list to the one directly before it that it continues.

    `ends` holds the number after the last item of each numbered list that was joined.
    """
    before = following.getprevious()
    if before is None or before.tag != following.tag or (before.tail or "").strip():
        return
    if before.get("class") != following.get("class") or before.get("reversed") is not None:
        return
    if following.tag == "ol":
        number = (following.get("start") or "").strip()
        end = ends.get(before)
        if end is None:
            end = _end_of(before)
        if not number.isdecimal() or int(number) != end:
            return
        ends[before] = end + sum(item.tag == "li" for item in following)
    before.extend(list(following))
    detach(following)


def _end_of(ordered: HtmlElement) -> int:
    """Return the number after a list's last item; -1 if the items have numbers."""
    start = (ordered.get("start") or "1").strip()
    items = ordered.findall("li")
    if not start.isdecimal() or any(item.get("value") for item in items):
        return -1
    return int(start) + len(items)


def _run(first: HtmlElement, *tags: str) -> Iterator[HtmlElement]:
    """Yield an element and its siblings of these tags up to the first other content."""
    element: HtmlElement | None = first
    while element is not None and (not isinstance(element.tag, str) or element.tag in tags):
        if isinstance(element.tag, str):
            if not (_word_level(element) or _docs_level(element) is not None):
                return
            yield element
        if element.tail and not _EMPTY.issuperset(element.tail):
            return
        element = element.getnext()


def _word_level(item: HtmlElement) -> int:
    style = item.get("style") or ""
    if found := _WORD_LEVEL.search(style):
        return int(found[1])
    if "MsoListPara" in (item.get("class") or "") and _MARK.match(item.text_content()):
        # "Web page, filtered" keeps only how far the item is moved to the right.
        margin = _MARGIN.search(style)
        size = float(margin[1]) / _UNITS[margin[2]] if margin else 0.5
        return max(1, min(9, round(2 * size)))
    return 0


def _docs_level(item: HtmlElement) -> int | None:
    found = _DOCS_LEVEL.search(item.get("class") or "")
    return int(found[1]) if found else None


def _nest_paragraphs(run: list[tuple[HtmlElement, int]]) -> None:
    """Turn Word's paragraphs into items, each in the list of its level."""
    open_lists: list[tuple[int, HtmlElement]] = []
    for paragraph, level in run:
        mark = _take_mark(paragraph)
        tag = "ol" if _NUMBER.match(mark) else "ul"
        while open_lists and open_lists[-1][0] > level:
            open_lists.pop()
        if open_lists and open_lists[-1][0] == level and open_lists[-1][1].tag != tag:
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < level:
            found = E.ul() if tag == "ul" else E.ol()
            if open_lists:
                open_lists[-1][1][-1].append(found)
            else:
                paragraph.addprevious(found)
            open_lists.append((level, found))
        paragraph.tail = None
        paragraph.tag = "li"
        open_lists[-1][1].append(paragraph)


def _take_mark(paragraph: HtmlElement) -> str:
    """Take the bullet or number out of a paragraph of Word and return it."""
    for span in paragraph.xpath(".//span[contains(@style, 'mso-list')]"):
        if "ignore" in (span.get("style") or "").lower():
            mark = str(span.text_content())
            detach(span)
            return mark
    found = _MARK.match(paragraph.text_content())
    if found is None or "MsoListPara" not in (paragraph.get("class") or ""):
        return ""
    rest = found.end()
    for text in paragraph.xpath(".//text()"):
        element = text.getparent()
        setattr(element, "text" if text.is_text else "tail", text[rest:])
        rest -= len(text)
        if rest <= 0:
            break
    return found[0]


def _nest_lists(lists: list[HtmlElement]) -> None:
    """Put each list of a deeper level into the item above it; join those of one level."""
    open_lists: list[tuple[int, HtmlElement]] = []
    for found in lists:
        level = _docs_level(found) or 0
        while open_lists and open_lists[-1][0] > level:
            open_lists.pop()
        if open_lists and open_lists[-1][0] == level and open_lists[-1][1].tag == found.tag:
            open_lists[-1][1].extend(list(found))
            detach(found)
            continue
        if open_lists and open_lists[-1][0] < level and len(open_lists[-1][1]):
            open_lists[-1][1][-1].append(detach(found))
        open_lists.append((level, found))
