"""Blocks of a document from top to bottom, laid out only near the visible lines.

Unknown heights are estimated. When a height becomes known, the caller learns by how many lines
the visible text moved, so that it can scroll along.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate
from typing import Final, NamedTuple

from reader.layout.block_layout import (
    NO_EXTRAS,
    BlockExtras,
    LayoutOptions,
    layout_block,
    prefix_width,
)
from reader.layout.blocks import Block, BlockKind
from reader.layout.document import Document
from reader.layout.spans import Line

MAX_CACHED_BLOCKS: Final = 160
"""Blocks whose lines are cached; others are laid out again when they are visible."""

_KINDS_WITHOUT_SPACING: Final = frozenset(
    {
        BlockKind.CODE,
        BlockKind.TABLE,
        BlockKind.IMAGE,
        BlockKind.TITLE,
        BlockKind.BYLINE,
        BlockKind.TAGS,
    }
)


class LinePosition(NamedTuple):
    """A line of the document: its block, and its row there, counting the gap above."""

    block: int
    row: int


class Viewport:
    """The position of each line, counted from the top of the document."""

    def __init__(
        self,
        document: Document,
        column: LayoutOptions,
        extras: Callable[[int], BlockExtras] | None = None,
    ):
        self.document = document
        self.options = column
        self._extras_of = extras or (lambda index: NO_EXTRAS)
        self._gaps: list[int] = []
        self._heights: list[int] = []
        self._known: list[bool] = []
        self._tops: list[int] = []
        self._lines: OrderedDict[int, list[Line]] = OrderedDict()
        self._unknown = 0
        self._add_estimates()

    def _add_estimates(self) -> None:
        """Estimate the heights of blocks that the document gained."""
        begin, end = len(self._heights), len(self.document.blocks)
        for index in range(begin, end):
            gap = self._gap(index)
            self._gaps.append(gap)
            self._heights.append(gap + _estimate_height(self.document.blocks[index], self.options))
        self._known += [False] * (end - begin)
        self._unknown += end - begin
        self._tops = []

    @property
    def is_measured(self) -> bool:
        """Return whether every height is known."""
        return not self._unknown and not self.document.pending

    def _gap(self, index: int) -> int:
        if index and self._is_indented(index):
            return 0
        block = self.document.blocks[index]
        gap = max(block.gap, int(index > 0 and _ends_header(self.document, index)))
        # Blocks stay further apart than the lines of one.
        return gap + self.options.line_spacing if gap or _is_spaced(self.document, index) else 0

    def _is_indented(self, index: int) -> bool:
        """Return whether the paragraph begins with an indent instead of a blank line."""
        if not self.options.indented:
            return False
        before, block = self.document.blocks[index - 1 : index + 1]
        return (
            block.kind is before.kind is BlockKind.PARAGRAPH
            and not block.rest_prefix
            and not before.rest_prefix
            and bool(block.gap)
        )

    @property
    def height(self) -> int:
        """The lines of the whole document, as far as they are known."""
        return self._top_list()[-1] + _estimate_rest(self.document.pending, self.options)

    def _top_list(self) -> list[int]:
        if len(self._heights) < len(self.document.blocks):
            self._add_estimates()
        if not self._tops:
            self._tops = list(accumulate(self._heights, initial=0))
        return self._tops

    def top(self, block: int) -> int:
        """Return the line at which the block begins, including the gap above it."""
        return self._top_list()[block]

    def gap(self, block: int) -> int:
        return self._gaps[block]

    def ensure_line(self, line: int) -> None:
        """Parse until the document has blocks for a line."""
        while self._top_list()[-1] <= line and self.document.parse_next():
            self._add_estimates()

    def ensure_block(self, block: int) -> None:
        """Parse until the document has a block."""
        while block >= len(self._heights) and (
            block < len(self.document.blocks) or self.document.parse_next()
        ):
            self._add_estimates()

    def position_at(self, line: int) -> LinePosition:
        """Return the block that holds a line; the nearest one for a line outside."""
        self.ensure_line(line)
        tops = self._top_list()
        if len(tops) < 2:
            return LinePosition(0, 0)
        line = min(max(line, 0), tops[-1] - 1)
        block = bisect_right(tops, line) - 1
        return LinePosition(block, line - tops[block])

    def lines(self, block: int) -> list[Line]:
        """Return the block's lines without gaps; corrects its height on first layout."""
        self.ensure_block(block)
        kept = self._lines.get(block)
        if kept is not None:
            self._lines.move_to_end(block)
            return kept
        lines = self._layout(block)
        self._lines[block] = lines
        if len(self._lines) > MAX_CACHED_BLOCKS:
            self._lines.popitem(last=False)
        return lines

    def _layout(self, block: int) -> list[Line]:
        extras = self._extras_of(block)
        if block and self._is_indented(block):
            extras = replace(extras, indented=True)
        content = self.document.blocks[block]
        lines = layout_block(content, self.document.inline_text(block), self.options, extras)
        spread = len(lines) + max(0, len(lines) - 1) * self._line_spacing(block)
        height = self._gaps[block] + spread
        if height != self._heights[block]:
            self._heights[block] = height
            self._tops = []
        if not self._known[block]:
            self._known[block] = True
            self._unknown -= 1
        return lines

    def _line_spacing(self, block: int) -> int:
        if self.document.blocks[block].kind in _KINDS_WITHOUT_SPACING:
            return 0
        return self.options.line_spacing

    def line(self, spot: LinePosition) -> Line | None:
        """Return the text line at a position; None for a blank line."""
        row = spot.row - self._gaps[spot.block]
        lines = self.lines(spot.block)
        step = 1 + self._line_spacing(spot.block)
        if row < 0 or row % step or row // step >= len(lines):
            return None
        return lines[row // step]

    def row_at(self, block: int, offset: int) -> int:
        """Return the row in the block that holds an offset of its text."""
        lines = self.lines(block)
        found = 0
        for number, line in enumerate(lines):
            if line.start <= offset and (line.end > line.start or not number):
                found = number
            if line.start > offset:
                break
        return self._gaps[block] + found * (1 + self._line_spacing(block))

    def line_at(self, block: int, offset: int) -> int:
        """Return the line of the document that holds an offset of a block."""
        row = self.row_at(block, offset)
        return self.top(block) + row

    def layout_around(self, line: int, size: int) -> int:
        """Lay out `size` lines from `line`, and as many before and after them.

        The text at `line` keeps its place; returns the number of lines by which it moved.
        """
        if not self._heights:
            return 0
        self.ensure_line(line + 2 * size)
        block, row = self.position_at(line)
        before = self.top(block)
        need = row + 2 * size
        index = block
        while index < len(self._heights) and need > 0:
            self.lines(index)
            need -= self._heights[index]
            index += 1
        need, index = size - row, block - 1
        while index >= 0 and need > 0:
            self.lines(index)
            need -= self._heights[index]
            index -= 1
        return self.top(block) - before

    def blocks_in(self, line: int, size: int) -> range:
        """Return the blocks that have a line among `size` lines from `line`."""
        if not self._heights:
            return range(0)
        return range(
            self.position_at(max(line, 0)).block, self.position_at(line + size - 1).block + 1
        )

    def measure_next(self, begin: int) -> int:
        """Parse more, or once complete lay out the first block without a known height.

        Returns the index from which to continue.
        """
        if self.document.parse_next() or len(self._heights) < len(self.document.blocks):
            self._add_estimates()
            return begin
        try:
            index = self._known.index(False, begin)
        except ValueError:
            return 0
        self._layout(index)
        return index + 1

    def invalidate(self, block: int) -> None:
        """Lay out the block again: its extras have changed."""
        self.ensure_block(block)
        self._lines.pop(block, None)
        self._layout(block)


def _is_spaced(document: Document, index: int) -> bool:
    """Return whether lines with spacing stand on both sides of the block's start."""
    return (
        index > document.header_size and document.blocks[index].kind not in _KINDS_WITHOUT_SPACING
    )


def _ends_header(document: Document, index: int) -> bool:
    return document.is_body(index) and not document.is_body(index - 1)


def _estimate_rest(characters: int, column: LayoutOptions) -> int:
    """Estimate the lines of the Markdown not yet parsed."""
    return characters * (103 + 100 * column.measure // 500) // (100 * column.measure)


def _estimate_height(block: Block, column: LayoutOptions) -> int:
    """Estimate the lines of the block from its source."""
    if block.kind is BlockKind.CODE:
        return block.content.text.count("\n") + 1
    if block.kind is BlockKind.TABLE:
        return len(block.content.cells) + 1
    room = max(column.measure - prefix_width(block.rest_prefix), 8)
    lines = max(1, -(-len(block.alt or block.content.text) * 103 // (100 * room)))
    return lines + (lines - 1) * (
        0 if block.kind in _KINDS_WITHOUT_SPACING else column.line_spacing
    )
