"""Ruby annotations in parentheses after their base, as browsers without ruby show them.

Source: HTML 4.5.10; `rb` and `rtc` of the older W3C module.
"""

import re
from typing import Final

from lxml.html import HtmlElement

from reader.extract.dom import append_text

_RUBY_TAGS: Final = ("rb", "rt", "rtc", "rp", "rbc")
_WIDE: Final = re.compile(
    "[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)

_Group = tuple[str, list[str | HtmlElement]]
"""`base` or `rt`, and the texts and elements of that part in order."""


def normalise(root: HtmlElement) -> None:
    """Write each ruby element as `base（reading）`."""
    for ruby in reversed(list(root.iter("ruby"))):
        parent = ruby.getparent()
        if parent is not None:
            groups: list[_Group] = []
            _collect(ruby, "base", groups)
            span = _written(ruby, groups)
            span.tail = ruby.tail
            parent.replace(ruby, span)


def _collect(element: HtmlElement, part: str, groups: list[_Group]) -> None:
    """Add the content to the groups; without end tags `rt` nests in `rt`."""
    _add(groups, part, element.text)
    for child in list(element):
        tail = child.tail
        tag = child.tag
        if not isinstance(tag, str):
            pass
        elif tag in ("rt", "rtc", "rb", "rp", "rbc"):
            if tag == "rtc":
                groups.append(("rt", []))
            _collect(child, {"rb": "base", "rbc": "base", "rp": "rp"}.get(tag, "rt"), groups)
        elif next(child.iter(*_RUBY_TAGS), None) is not None:
            _collect(child, part, groups)
        else:
            child.tail = None
            _add(groups, part, child)
        _add(groups, part, tail)


def _add(groups: list[_Group], part: str, item: str | HtmlElement | None) -> None:
    if part == "rp" or item is None or (isinstance(item, str) and not item.strip()):
        return
    if not groups or groups[-1][0] != part:
        groups.append((part, []))
    groups[-1][1].append(item)


def _written(ruby: HtmlElement, groups: list[_Group]) -> HtmlElement:
    wide = _WIDE.search("".join(ruby.itertext())) is not None
    opening, closing = ("（", "）") if wide else (" (", ")")
    span = ruby.makeelement("span", dict(ruby.attrib))
    for part, items in groups:
        if not items:
            continue
        if isinstance(items[0], str):
            items[0] = items[0].lstrip()
        if isinstance(items[-1], str):
            items[-1] = items[-1].rstrip()
        if part == "rt":
            items = [opening, *items, closing]
        for item in items:
            if isinstance(item, str):
                append_text(span, item)
            else:
                span.append(item)
    return span
