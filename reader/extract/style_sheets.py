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


@dataclass(frozen=True, slots=True)
class _AtRule:
    """An at-rule: the depth of braces inside it, and whether its rules and those around it hold."""

    depth: int
    holds: bool
    around: "_AtRule | None"


class StyleSheets:
    """The style sheets of a page that hold on a wide screen, without comments, read once."""

    def __init__(self, root: HtmlElement) -> None:
        self._sheets: list[_Sheet] = []
        read = 0
        for style in root.iter("style"):
            text = style.text or ""
            begin = read
            read += len(text)
            if read > MAX_STYLE_CHARS:
                break
            if text and media_query_holds(style.get("media") or "all"):
                # Up to the last end of a comment: a search from each open one would be quadratic.
                last = text.rfind("*/") + 2 if "/*" in text else 0
                text = _COMMENT.sub("", text[:last]) + text[last:] if last > 1 else text
                self._sheets.append(_Sheet(text, begin))

    def rules(
        self, declaration: re.Pattern[str], is_wanted: Callable[[str], bool] = bool
    ) -> Iterator[StyleRule]:
        """Yield each selector of the rules with a match of the declaration, in order. Linear.

        `is_wanted` is asked once about all selectors of a rule.
        """
        for sheet in self._sheets:
            for selectors, match in sheet.find_matches(declaration, is_wanted):
                place = sheet.begin + match.start()
                for selector in selectors.split(","):
                    yield StyleRule(selector.strip(), match[0], place)

    def selectors(self, declaration: re.Pattern[str]) -> Iterator[str]:
        """Yield the selectors of rules with a match of a declaration. Linear."""
        for rule in self.rules(declaration):
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


class _Sheet:
    """One style sheet, and the place of its first character among those of all."""

    __slots__ = ("_at_rules", "begin", "text")

    def __init__(self, text: str, begin: int) -> None:
        self.text, self.begin = text, begin
        self._at_rules: list[tuple[int, int, _AtRule]] | None = None

    def find_matches(
        self, declaration: re.Pattern[str], is_wanted: Callable[[str], bool]
    ) -> Iterator[tuple[str, re.Match[str]]]:
        """Yield the selectors and the match of each declaration whose rule holds.

        Rules nested in other rules are passed over.
        """
        sheet = self.text
        depth = counted = 0
        around: _AtRule | None = None
        at_rules: Iterator[tuple[int, int, _AtRule]] | None = None
        following: tuple[int, int, _AtRule] | None = None
        for match in declaration.finditer(sheet):
            place = match.start()
            selectors = _selectors_before(sheet, place)
            if not is_wanted(selectors):
                continue
            if at_rules is None:
                at_rules = iter(self._find_at_rules())
                following = next(at_rules, None)
            while following is not None and following[0] < place:
                _, counted, around = following
                depth = around.depth
                following = next(at_rules, None)
            depth += _depth_change(sheet, counted, place)
            counted = place
            around = _around(around, depth - 1)
            if depth - 1 == (around.depth if around else 0) and (around is None or around.holds):
                yield selectors, match

    def _find_at_rules(self) -> list[tuple[int, int, _AtRule]]:
        """Return the at-rules of the sheet, each with its first place and that of its rules."""
        if self._at_rules is None:
            self._at_rules = []
            depth = counted = 0
            around: _AtRule | None = None
            for match in _AT_RULE.finditer(self.text):
                depth += _depth_change(self.text, counted, match.start())
                counted = match.end()
                around = _around(around, depth)
                depth += 1
                holds = _at_rule_holds(match[1], match[2]) and (around is None or around.holds)
                around = _AtRule(depth, holds, around)
                self._at_rules.append((match.start(), counted, around))
        return self._at_rules


def _around(at_rule: _AtRule | None, depth: int) -> _AtRule | None:
    """Return the innermost at-rule that is still open at a depth of braces."""
    while at_rule is not None and at_rule.depth > depth:
        at_rule = at_rule.around
    return at_rule


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
