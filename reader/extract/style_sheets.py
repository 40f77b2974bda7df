"""Rules of a page's own style sheets, as they hold on a wide screen.

Sources: CSS Syntax 3, Media Queries 4, CSS Cascade 5 (layers).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement

MAX_STYLE_CHARS: Final = 400_000
"""Characters of a page's style sheets that are read; larger ones are frameworks of all sites."""
MAX_RULE_CHARS: Final = 2000
"""Characters of a style rule before a declaration; bounds the search backwards."""
MAX_CACHED_QUERY: Final = 200
"""Characters of the longest media query whose result is kept: bounds the memory."""
SCREEN_WIDTH: Final = 1280
"""Pixels across the screen for which rules are read: a laptop's."""
_PIXELS: Final = {"px": 1, "em": 16, "rem": 16, "": 1}
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.S)
_AT_RULE: Final = re.compile(r"@([\w-]++)([^{};@]*+)\{")
"""An at-rule that holds rules, or descriptors as `@font-face` does."""
_MEDIA_TYPE: Final = re.compile(r"(?:only\s+)?(?:all|screen)")
_WIDTH: Final = re.compile(
    r"\(\s*(?:(min|max)-width\s*:|width\s*([<>])=?)\s*([\d.]{1,9})\s*(px|r?em|)\s*\)"
)


@dataclass(frozen=True, slots=True)
class StyleRule:
    """A selector with one of the declarations asked for, and its place in the page's style sheets."""

    selector: str
    declaration: str
    place: int

    @property
    def is_important(self) -> bool:
        """Return whether the declaration outweighs later ones without this mark."""
        return "!" in self.declaration


@dataclass(slots=True)
class _AtRule:
    """An open at-rule: the depth of braces inside it, and whether its rules hold."""

    depth: int
    holds: bool


def find_rules(
    root: HtmlElement,
    declaration: re.Pattern[str],
    is_wanted: Callable[[str], bool] = bool,
) -> Iterator[StyleRule]:
    """Yield each selector of the rules with a match of the declaration, in order. Linear.

    `is_wanted` is asked once about all selectors of a rule.
    """
    read = 0
    for style in root.iter("style"):
        sheet = style.text or ""
        begin = read
        read += len(sheet)
        if read > MAX_STYLE_CHARS:
            break
        if media_query_holds(style.get("media") or "all"):
            for selectors, match in _find_matches(sheet, declaration):
                for selector in selectors.split(",") if is_wanted(selectors) else ():
                    yield StyleRule(selector.strip(), match[0], begin + match.start())


def find_selectors(root: HtmlElement, *declarations: re.Pattern[str]) -> Iterator[str]:
    """Yield the selectors of rules with a match of a declaration. Linear."""
    for declaration in declarations:
        for rule in find_rules(root, declaration):
            yield rule.selector


def media_query_holds(query: str) -> bool:
    """Return whether a list of media queries holds on a wide screen; unknown features never do."""
    if len(query) > MAX_CACHED_QUERY:
        return _query_holds(query)
    return _short_query_holds(query)


@lru_cache(maxsize=256)
def _short_query_holds(query: str) -> bool:
    """Judge a short list of queries once: sheets repeat a few."""
    return _query_holds(query)


def _query_holds(query: str) -> bool:
    return any(
        all(_condition_holds(condition) for condition in re.split(r"\band\b", one.strip().lower()))
        for one in query.split(",")
    )


def _condition_holds(condition: str) -> bool:
    condition = condition.strip()
    if _MEDIA_TYPE.fullmatch(condition):
        return True
    width = _WIDTH.fullmatch(condition)
    if width is None or width[3].count(".") > 1 or width[3] == ".":
        return False
    pixels = float(width[3]) * _PIXELS[width[4]]
    is_least = width[1] == "min" or width[2] == ">"
    return pixels <= SCREEN_WIDTH if is_least else pixels >= SCREEN_WIDTH


def _at_rule_holds(name: str, prelude: str) -> bool:
    """Return whether the rules inside an at-rule hold; of `@supports` all but negations do."""
    name = name.lower()
    if name == "media":
        return media_query_holds(prelude)
    return name == "layer" or (name == "supports" and "not" not in prelude)


def _find_matches(sheet: str, declaration: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the selectors and the match of each declaration whose rule holds.

    Rules nested in other rules are passed over.
    """
    if declaration.search(sheet) is None:
        return
    if "/*" in sheet:
        sheet = _COMMENT.sub("", sheet)
    at_rules = list(_AT_RULE.finditer(sheet))
    at_rules.reverse()
    around: list[_AtRule] = []
    depth = counted = 0
    for match in declaration.finditer(sheet):
        while at_rules and at_rules[-1].start() < match.start():
            at_rule = at_rules.pop()
            depth += _depth_change(sheet, counted, at_rule.start())
            counted = at_rule.end()
            while around and around[-1].depth > depth:
                around.pop()
            depth += 1
            around.append(_AtRule(depth, _at_rule_holds(at_rule[1], at_rule[2])))
        depth += _depth_change(sheet, counted, match.start())
        counted = match.start()
        while around and around[-1].depth > depth - 1:
            around.pop()
        holder = around[-1].depth if around else 0
        if depth - 1 == holder and all(one.holds for one in around):
            yield _selectors_before(sheet, match.start()), match


def _depth_change(sheet: str, start: int, end: int) -> int:
    return sheet.count("{", start, end) - sheet.count("}", start, end)


def _selectors_before(sheet: str, end: int) -> str:
    """Return the selectors of the rule around a declaration, or nothing if it is too long."""
    lowest = max(0, end - MAX_RULE_CHARS)
    opening = sheet.rfind("{", lowest, end)
    if opening < 0:
        return ""
    before = max(sheet.rfind(sign, lowest, opening) for sign in "{};")
    return sheet[max(before + 1, lowest) : opening]
