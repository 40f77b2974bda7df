"""Choosing words by the keyboard: a stretch of text that grows by paragraph, sentence or word."""

import re
from enum import StrEnum
from typing import Final, NamedTuple

from reader.layout.document import Document


class Unit(StrEnum):
    """By what a stretch grows."""

    PARAGRAPH = "paragraph"
    SENTENCE = "sentence"
    WORD = "word"


class Place(NamedTuple):
    """An offset in a block's text."""

    block: int
    offset: int


_STOP: Final = re.compile(
    r"(?<![A-Z])(?<!\b[Mm]r)(?<!\b[Dd]r)(?<!\bMrs)(?<!\bSt)(?<!\bvs)(?<!\be\.g)(?<!\bi\.e)"
    r"[.!?…]+[\"'”’»)\]¹²³⁴⁵⁶⁷⁸⁹⁰]*\s+(?=[^a-z\s])|[。！？]+[」』）”]*|\n"
)
_WORD: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W_]+(?:[-'’.][^\W_]+)*"
)


def pieces(text: str, unit: Unit) -> list[tuple[int, int]]:
    """Offsets of the text's sentences or words, or of all of it; no white space at their ends."""
    if unit is Unit.WORD:
        return [found.span() for found in _WORD.finditer(text)]
    cuts = [0, *(m.end() for m in _STOP.finditer(text)), len(text)] if unit is Unit.SENTENCE else []
    spans: list[tuple[int, int]] = []
    for start, end in zip(cuts or [0], cuts[1:] or [len(text)], strict=False):
        stripped = text[start:end].strip()
        if stripped:
            begin = start + text[start:end].index(stripped[0])
            spans.append((begin, begin + len(stripped)))
    return spans


class Marking:
    """The stretch being chosen. It never is empty and never leaves the article's text."""

    def __init__(self, document: Document, place: Place):
        self._document = document
        self.unit = Unit.PARAGRAPH
        self._moves_end = True
        block = self._textual(place.block, 1) or self._textual(place.block, -1)
        self.is_possible = block is not None
        self.start = self.end = Place(block or 0, 0)
        if block is not None:
            self._choose(block, 0)

    @property
    def moving(self) -> Place:
        """The end that `grow` moves, to be kept in sight."""
        return self.end if self._moves_end else self.start

    def paragraph(self, step: int) -> None:
        """Choose the next (1) or the former (-1) paragraph, or again all of this one."""
        was, self.unit = self.unit, Unit.PARAGRAPH
        here = self.end.block if step > 0 else self.start.block
        block = self._textual(here + step, step) if was is Unit.PARAGRAPH else here
        self._choose(here if block is None else block, 0)

    def advance(self, unit: Unit) -> None:
        """Choose the first sentence or word of the stretch, or after such a one the next."""
        again, self.unit = self.unit is unit, unit
        if not again:
            spans = self._pieces(self.start.block)
            index = next((i for i, s in enumerate(spans) if s[1] > self.start.offset), 0)
            self._choose(self.start.block, index)
            return
        spans = self._pieces(self.end.block)
        index = next((i for i, s in enumerate(spans) if s[0] >= self.end.offset), -1)
        if index >= 0:
            self._choose(self.end.block, index)
        elif (block := self._textual(self.end.block + 1, 1)) is not None:
            self._choose(block, 0)

    def grow(self, step: int) -> None:
        """Move one end by a unit: outwards or back, never past the other end."""
        if self._moves_end:
            moved = self._next_end(self.end) if step > 0 else self._former_end(self.end)
            if moved and moved > self.start:
                self.end = moved
        else:
            moved = self._next_start(self.start) if step > 0 else self._former_start(self.start)
            if moved and moved < self.end:
                self.start = moved

    def other_end(self) -> None:
        """Let `grow` move the other end."""
        self._moves_end = not self._moves_end

    def span(self, block: int) -> tuple[int, int] | None:
        """The offsets of what is chosen of a block; None where nothing is."""
        if not self.start.block <= block <= self.end.block:
            return None
        start = self.start.offset if block == self.start.block else 0
        size = len(self._document.prose(block).text)
        end = self.end.offset if block == self.end.block else size
        return (start, end) if self._document.is_article(block) and end > start else None

    def _choose(self, block: int, index: int) -> None:
        spans = self._pieces(block)
        if not spans:
            return
        start, end = spans[min(index, len(spans) - 1)]
        self.start, self.end = Place(block, start), Place(block, end)
        self._moves_end = True

    def _pieces(self, block: int) -> list[tuple[int, int]]:
        return pieces(self._document.prose(block).text, self.unit)

    def _textual(self, block: int, step: int) -> int | None:
        """The nearest block from here on in a direction that has words."""
        while 0 <= block < len(self._document.blocks):
            if self._document.is_article(block) and self._pieces(block):
                return block
            block += step
        return None

    def _next_end(self, place: Place) -> Place | None:
        for _, end in self._pieces(place.block):
            if end > place.offset:
                return Place(place.block, end)
        block = self._textual(place.block + 1, 1)
        return Place(block, self._pieces(block)[0][1]) if block is not None else None

    def _former_end(self, place: Place) -> Place | None:
        for _, end in reversed(self._pieces(place.block)):
            if end < place.offset:
                return Place(place.block, end)
        block = self._textual(place.block - 1, -1)
        return Place(block, self._pieces(block)[-1][1]) if block is not None else None

    def _next_start(self, place: Place) -> Place | None:
        for start, _ in self._pieces(place.block):
            if start > place.offset:
                return Place(place.block, start)
        block = self._textual(place.block + 1, 1)
        return Place(block, self._pieces(block)[0][0]) if block is not None else None

    def _former_start(self, place: Place) -> Place | None:
        for start, _ in reversed(self._pieces(place.block)):
            if start < place.offset:
                return Place(place.block, start)
        block = self._textual(place.block - 1, -1)
        return Place(block, self._pieces(block)[-1][0]) if block is not None else None
