"""Search for words in the text of a document."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from reader.layout.blocks import BlockKind
from reader.layout.document import Document

Finder = Callable[[str], Iterable[tuple[int, int]]]
"""Returns the ranges of a text that match, in order."""

MAX_MATCHES: Final = 10_000
"""Matches that are counted; `n` is not pressed more often."""
_EQUIVALENTS: Final = (
    "'\u2018\u2019\u201a\u2032",
    '"\u201c\u201d\u201e\u00ab\u00bb',
    "-\u2010\u2011\u2012\u2013\u2014",
)


class Match(NamedTuple):
    """A range of a block's text."""

    block: int
    start: int
    end: int


def is_searched(document: Document, block: int) -> bool:
    """Return whether a search covers the block: the text and its title."""
    return document.is_body(block) or document.blocks[block].kind is BlockKind.TITLE


class Matches:
    """All matches of a finder in a document, and the index of the current one."""

    def __init__(self, document: Document, finder: Finder):
        found: list[Match] = []
        document.parse_all()
        for block in range(len(document.blocks)):
            if is_searched(document, block):
                text = document.inline_text(block).text
                found += [Match(block, start, end) for start, end in finder(text)]
            if len(found) > MAX_MATCHES:
                break
        self.matches = tuple(found[:MAX_MATCHES])
        self._by_block: dict[int, list[Match]] = {}
        for match in self.matches:
            self._by_block.setdefault(match.block, []).append(match)
        self.index = -1

    def __len__(self) -> int:
        return len(self.matches)

    @property
    def current(self) -> Match | None:
        return self.matches[self.index] if 0 <= self.index < len(self.matches) else None

    def in_block(self, block: int) -> list[Match]:
        return self._by_block.get(block, [])

    def select_from(self, block: int, offset: int) -> Match | None:
        """Select the first match at or after a position, or else the first of all."""
        self.index = bisect_left(self.matches, (block, offset, 0))
        if self.index == len(self.matches):
            self.index = 0
        return self.current

    def step(self, by: int) -> Match | None:
        """Select the next (1) or previous (-1) match, wrapping around."""
        if self.matches:
            self.index = (self.index + by) % len(self.matches)
        return self.current


def make_finder(wording: str) -> Finder:
    """Build a finder for words as the user types them."""
    pattern = _pattern(wording)
    if pattern is None:
        return lambda _: ()
    return lambda text: (match.span() for match in pattern.finditer(text))


def _pattern(wording: str) -> re.Pattern[str] | None:
    """Build the pattern: case counts only if the words have capitals; spaces, quotes and dashes
    match their variants.
    """
    words = wording.split()
    if not words:
        return None
    parts = ["".join(map(_equivalent_class, word)) for word in words]
    flags = 0 if wording != wording.lower() else re.IGNORECASE
    return re.compile(r"\s+".join(parts), flags)


def _equivalent_class(character: str) -> str:
    for group in _EQUIVALENTS:
        if character in group:
            return f"[{re.escape(group)}]"
    return re.escape(character)
