"""Keyboard selection: a range of text that moves by paragraph, sentence or word."""

import re
from enum import StrEnum
from typing import Final, NamedTuple

from reader.layout.document import Document
from reader.model.sentences import sentence_spans


class Granularity(StrEnum):
    """The unit by which a selection moves."""

    PARAGRAPH = "paragraph"
    SENTENCE = "sentence"
    WORD = "word"


class TextPosition(NamedTuple):
    """An offset in a block's text."""

    block: int
    offset: int


_WORD: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W_]+(?:[-'’.][^\W_]+)*"
)


def split_units(text: str, unit: Granularity) -> list[tuple[int, int]]:
    """Return the offsets of the text's paragraphs, sentences or words, without white space."""
    if unit is Granularity.WORD:
        return [found.span() for found in _WORD.finditer(text)]
    if unit is Granularity.SENTENCE:
        return sentence_spans(text)
    stripped = text.strip()
    start = len(text) - len(text.lstrip())
    return [(start, start + len(stripped))] if stripped else []


class KeyboardSelection:
    """A selected range. It is never empty and never leaves the article's text."""

    def __init__(self, document: Document, place: TextPosition):
        self._document = document
        self.unit = Granularity.PARAGRAPH
        self._moves_end = True
        block = self._nearest_with_text(place.block, 1) or self._nearest_with_text(place.block, -1)
        self.is_possible = block is not None
        self.start = self.end = TextPosition(block or 0, 0)
        if block is not None:
            self._select_unit(block, 0)

    @property
    def moving_end(self) -> TextPosition:
        """The end that `move_end` moves, to be kept visible."""
        return self.end if self._moves_end else self.start

    def step(self, by: int) -> None:
        """Select the next (1) or previous (-1) unit."""
        if by > 0:
            spans = self._units(self.end.block)
            index = next((i for i, s in enumerate(spans) if s[0] >= self.end.offset), -1)
            block, other = self.end.block, 0
        else:
            spans = self._units(self.start.block)
            before = [i for i, s in enumerate(spans) if s[1] <= self.start.offset]
            index = before[-1] if before else -1
            block, other = self.start.block, -1
        if index >= 0:
            self._select_unit(block, index)
        elif (near := self._nearest_with_text(block + by, by)) is not None:
            self._select_unit(near, other)

    def advance(self, unit: Granularity) -> None:
        """Select the first unit in the selection; if that was the unit already, the next one."""
        if self.unit is unit:
            self.step(1)
        else:
            self.set_unit(unit)

    def set_unit(self, unit: Granularity) -> None:
        """Select the unit in which the selection begins."""
        self.unit = unit
        spans = self._units(self.start.block)
        index = next((i for i, s in enumerate(spans) if s[1] > self.start.offset), 0)
        self._select_unit(self.start.block, index)

    def resize_unit(self, by: int) -> None:
        """Select by a larger (1) or smaller (-1) unit."""
        units = list(Granularity)
        at = units.index(self.unit) - by
        if 0 <= at < len(units):
            self.set_unit(units[at])

    def move_end(self, step: int) -> None:
        """Move one end by a unit, never past the other end."""
        if self._moves_end:
            moved = self._next_end(self.end) if step > 0 else self._previous_end(self.end)
            if moved and moved > self.start:
                self.end = moved
        else:
            moved = self._next_start(self.start) if step > 0 else self._previous_start(self.start)
            if moved and moved < self.end:
                self.start = moved

    def swap_ends(self) -> None:
        """Let `move_end` move the other end."""
        self._moves_end = not self._moves_end

    def span(self, block: int) -> tuple[int, int] | None:
        """Return the offsets of the selection in a block; None if there is none."""
        if not self.start.block <= block <= self.end.block:
            return None
        start = self.start.offset if block == self.start.block else 0
        size = len(self._document.inline_text(block).text)
        end = self.end.offset if block == self.end.block else size
        return (start, end) if self._document.is_body(block) and end > start else None

    def _select_unit(self, block: int, index: int) -> None:
        spans = self._units(block)
        if not spans:
            return
        start, end = spans[min(index, len(spans) - 1)]
        self.start, self.end = TextPosition(block, start), TextPosition(block, end)
        self._moves_end = True

    def _units(self, block: int) -> list[tuple[int, int]]:
        return split_units(self._document.inline_text(block).text, self.unit)

    def _nearest_with_text(self, block: int, step: int) -> int | None:
        """Return the nearest block with text in a direction, starting with this one."""
        while 0 <= block < len(self._document.blocks):
            if self._document.is_body(block) and self._units(block):
                return block
            block += step
        return None

    def _next_end(self, place: TextPosition) -> TextPosition | None:
        for _, end in self._units(place.block):
            if end > place.offset:
                return TextPosition(place.block, end)
        block = self._nearest_with_text(place.block + 1, 1)
        return TextPosition(block, self._units(block)[0][1]) if block is not None else None

    def _previous_end(self, place: TextPosition) -> TextPosition | None:
        for _, end in reversed(self._units(place.block)):
            if end < place.offset:
                return TextPosition(place.block, end)
        block = self._nearest_with_text(place.block - 1, -1)
        return TextPosition(block, self._units(block)[-1][1]) if block is not None else None

    def _next_start(self, place: TextPosition) -> TextPosition | None:
        for start, _ in self._units(place.block):
            if start > place.offset:
                return TextPosition(place.block, start)
        block = self._nearest_with_text(place.block + 1, 1)
        return TextPosition(block, self._units(block)[0][0]) if block is not None else None

    def _previous_start(self, place: TextPosition) -> TextPosition | None:
        for start, _ in reversed(self._units(place.block)):
            if start < place.offset:
                return TextPosition(place.block, start)
        block = self._nearest_with_text(place.block - 1, -1)
        return TextPosition(block, self._units(block)[-1][0]) if block is not None else None
