"""Finding words in the text of a document."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from reader.layout.document import Document

Finder = Callable[[str], Iterable[tuple[int, int]]]
"""The stretches of a text that match, in order."""

MOST: Final = 10_000
_ALIKE: Final = (
    "'\u2018\u2019\u201a\u2032",
    '"\u201c\u201d\u201e\u00ab\u00bb',
    "-\u2010\u2011\u2012\u2013\u2014",
)


class Match(NamedTuple):
    """A stretch of a block's text."""

    block: int
    start: int
    end: int


class Matches:
    """All places that a finder finds, and which of them one stands at."""

    def __init__(self, document: Document, finder: Finder):
        found: list[Match] = []
        document.complete()
        for block in range(len(document.blocks)):
            if document.is_article(block):
                text = document.prose(block).text
                found += [Match(block, start, end) for start, end in finder(text)]
            if len(found) > MOST:
                break
        self.all = tuple(found[:MOST])
        self._by_block: dict[int, list[Match]] = {}
        for match in self.all:
            self._by_block.setdefault(match.block, []).append(match)
        self.at = -1

    def __len__(self) -> int:
        return len(self.all)

    @property
    def current(self) -> Match | None:
        return self.all[self.at] if 0 <= self.at < len(self.all) else None

    def of(self, block: int) -> list[Match]:
        return self._by_block.get(block, [])

    def start_from(self, block: int, offset: int) -> Match | None:
        """Stand at the first match from a place on, or at the first of all."""
        self.at = bisect_left(self.all, (block, offset, 0))
        if self.at == len(self.all):
            self.at = 0
        return self.current

    def step(self, by: int) -> Match | None:
        """Stand at the next (1) or the one before (-1), around the ends."""
        if self.all:
            self.at = (self.at + by) % len(self.all)
        return self.current


def finder_of(wording: str) -> Finder:
    """Finds a wording as it is typed."""
    pattern = _pattern(wording)
    if pattern is None:
        return lambda _: ()
    return lambda text: (match.span() for match in pattern.finditer(text))


def _pattern(wording: str) -> re.Pattern[str] | None:
    """Case counts only where the wording has capitals; spaces, quotes and dashes match their kin."""
    words = wording.split()
    if not words:
        return None
    parts = ["".join(map(_alike, word)) for word in words]
    flags = 0 if wording != wording.lower() else re.IGNORECASE
    return re.compile(r"\s+".join(parts), flags)


def _alike(character: str) -> str:
    for kin in _ALIKE:
        if character in kin:
            return f"[{re.escape(kin)}]"
    return re.escape(character)
