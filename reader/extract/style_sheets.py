"""Selectors of the rules in a page's own style sheets that have a certain declaration."""

import re
from collections.abc import Iterator
from typing import Final

from lxml.html import HtmlElement

MAX_STYLE_CHARS: Final = 400_000
"""Characters of a page's style sheets that are read; larger ones are frameworks of all sites."""
MAX_RULE_CHARS: Final = 2000
"""Characters of a style rule before a declaration; bounds the search backwards."""
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.S)


def find_selectors(root: HtmlElement, *declarations: re.Pattern[str]) -> Iterator[str]:
    """Yield the selectors of top-level rules with a match of a declaration. Linear.

    Rules inside `@` blocks hold for some screens only, and sheets of other media for none.
    """
    read = 0
    for style in root.iter("style"):
        sheet = style.text or ""
        read += len(sheet)
        if read > MAX_STYLE_CHARS:
            break
        if (style.get("media") or "all") in ("all", "screen"):
            for declaration in declarations:
                yield from _selectors(sheet, declaration)


def _selectors(sheet: str, declaration: re.Pattern[str]) -> Iterator[str]:
    if declaration.search(sheet) is None:
        return
    if "/*" in sheet:
        sheet = _COMMENT.sub("", sheet)
    depth = counted = 0
    for match in declaration.finditer(sheet):
        start = match.start()
        depth += sheet.count("{", counted, start) - sheet.count("}", counted, start)
        counted = start
        if depth != 1:
            continue
        lowest = max(0, start - MAX_RULE_CHARS)
        opening = sheet.rfind("{", lowest, start)
        if opening >= 0:
            before = max(sheet.rfind("}", lowest, opening), sheet.rfind(";", lowest, opening))
            yield from map(str.strip, sheet[max(before + 1, lowest) : opening].split(","))
