"""Layout of one block as lines of a column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from reader.layout.bidi import is_right_to_left, visual_order
from reader.layout.blocks import Block, BlockKind
from reader.layout.half_block_image import Image
from reader.layout.inline_text import InlineText
from reader.layout.line_breaking import Hyphenator, TextRow, wrap
from reader.layout.spans import Line, Slice
from reader.layout.table_layout import layout_table
from reader.layout.text_styles import ColorRole, Decoration
from reader.layout.text_width import split_by_width, width

MIN_MEASURE = 16
"""Cells that are left for text inside any number of quotes and lists."""


@dataclass(frozen=True, slots=True)
class LayoutOptions:
    """Options of the text column; widths in cells, line spacing in blank lines.

    `indented` paragraphs begin with an indent instead of a blank line. `visual_order` puts
    right-to-left text in visual order for terminals that do not.
    """

    measure: int = 68
    pane_width: int = 80
    line_spacing: int = 0
    indented: bool = False
    justified: bool = False
    visual_order: bool = False
    hyphens: Hyphenator | None = None


INDENT_WIDTH: Final = 2
"""Cells of an indented first line."""
TITLE_RULE: Final = "━"
WRAP_MARK: Final = "↪ "
_GAPS: Final = re.compile(r"(?<=\S) (?=\S)")


@dataclass(frozen=True, slots=True)
class BlockExtras:
    """Decorations around a block: notes, open footnotes, its image, its background."""

    indented: bool = False
    notes: tuple[str, ...] = ()
    expanded: tuple[str, ...] = ()
    image: Image | None = None
    background: tuple[int, int, int] = (0, 0, 0)


NO_EXTRAS: Final = BlockExtras()


def layout_block(
    block: Block, prose: InlineText, column: LayoutOptions, extras: BlockExtras = NO_EXTRAS
) -> list[Line]:
    """Lay out the block as lines, without the blank lines above it."""
    lines = _LAYOUTS.get(block.kind, _layout_text)(block, prose, column, extras)
    for remark in extras.expanded:
        lines += _layout_note(remark, block, column, ColorRole.DIM)
    for remark in extras.notes:
        lines += [Line(), *_layout_note(remark, block, column, ColorRole.NOTE)]
    return lines


def prefix_width(pieces: Sequence[Decoration]) -> int:
    return sum(width(piece.text) for piece in pieces)


def text_width(block: Block, column: LayoutOptions) -> int:
    """Return the cells left for the text, never fewer than can be read."""
    return max(column.measure - prefix_width(block.rest_prefix), min(MIN_MEASURE, column.measure))


def _layout_text(
    block: Block, prose: InlineText, column: LayoutOptions, extras: BlockExtras
) -> list[Line]:
    room = text_width(block, column)
    indent = INDENT_WIDTH if extras.indented else 0
    hyphens = column.hyphens if block.kind is BlockKind.PARAGRAPH else None
    rows = wrap(prose.text, room, room - indent, hyphens)
    leftward = is_right_to_left(prose.text)
    justified = column.justified and block.kind is BlockKind.PARAGRAPH and not leftward
    lines: list[Line] = []
    for number, row in enumerate(rows):
        before = block.rest_prefix if number else block.first_prefix
        if indent and not number and not leftward:
            before = (*before, Decoration(" " * indent))
        parts: tuple[Decoration | Slice, ...] = (Slice(row.start, row.end),)
        if leftward:
            pad = room - width(prose.text[row.start : row.end]) - (0 if number else indent)
            parts = (Decoration(" " * pad), *_right_to_left_line(prose.text, row, column))
        elif justified and number + 1 < len(rows) and prose.text[row.end : row.end + 1] != "\n":
            parts = _justify(prose.text, row, room - (0 if number else indent))
        if row.has_hyphen:
            parts = (*parts, Decoration("-", block.color))
        lines.append(Line((*before, *parts), row.start, row.end, block.color))
    return lines


def _right_to_left_line(text: str, row: TextRow, column: LayoutOptions) -> tuple[Slice, ...]:
    if not column.visual_order:
        return (Slice(row.start, row.end),)
    return visual_order(text, row.start, row.end, True)


def _justify(text: str, row: TextRow, room: int) -> tuple[Decoration | Slice, ...]:
    """Widen the spaces of the row to fill the width, within limits."""
    words = text[row.start : row.end]
    missing = room - width(words) - int(row.has_hyphen)
    gaps = [found.start() for found in _GAPS.finditer(words)]
    if missing <= 0 or not gaps or missing > 2 * len(gaps):
        return (Slice(row.start, row.end),)
    parts: list[Decoration | Slice] = []
    begin = row.start
    for number, gap in enumerate(gaps):
        # Bresenham's spreading: the wider gaps are evenly far apart.
        extra = (number + 1) * missing // len(gaps) - number * missing // len(gaps)
        if extra:
            end = row.start + gap + 1
            parts += [Slice(begin, end), Decoration(" " * extra)]
            begin = end
    return (*parts, Slice(begin, row.end))


def _layout_code(
    block: Block, prose: InlineText, column: LayoutOptions, extras: BlockExtras
) -> list[Line]:
    """Lay out code on a shade of the whole measure; long lines continue after a mark."""
    room = max(text_width(block, column) - 2, 4)
    wrapped = Decoration(" " + WRAP_MARK, ColorRole.CODE_MARK)
    lines: list[Line] = []
    start = 0
    for source in prose.text.split("\n"):
        for begin, end in split_by_width(source, room, room - width(WRAP_MARK)):
            mark = wrapped if begin else Decoration(" ", ColorRole.CODE)
            free = room + 2 - width(mark.text) - width(source[begin:end])
            parts = (
                mark,
                Slice(start + begin, start + end),
                Decoration(" " * free, ColorRole.CODE),
            )
            before = block.rest_prefix if lines else block.first_prefix
            lines.append(Line((*before, *parts), start + begin, start + end, ColorRole.CODE))
        start += len(source) + 1
    return lines


def _layout_title(
    block: Block, prose: InlineText, column: LayoutOptions, extras: BlockExtras
) -> list[Line]:
    """Lay out the title above a heavy line, so that it outweighs every heading."""
    lines = _layout_text(block, prose, column, extras)
    longest = max((width(prose.text[line.start : line.end]) for line in lines), default=0)
    rule = Decoration(TITLE_RULE * min(longest, column.measure), ColorRole.TITLE_RULE)
    is_leftward = is_right_to_left(prose.text)
    indent = Decoration(" " * (column.measure - longest) if is_leftward else "")
    return [*lines, Line((indent, rule))]


def _layout_end(
    block: Block, prose: InlineText, column: LayoutOptions, extras: BlockExtras
) -> list[Line]:
    """Lay out the end mark, and below it the actions offered there."""
    mark = _layout_rule(block, prose, column, extras)
    return [*mark, Line(), *_layout_text(block, prose, column, extras)] if prose.text else mark


def _layout_rule(
    block: Block, prose: InlineText, column: LayoutOptions, extras: BlockExtras
) -> list[Line]:
    return [
        Line(
            (
                *block.first_prefix,
                Decoration("· · ·".center(text_width(block, column)).rstrip(), ColorRole.RULE),
            )
        )
    ]


def _layout_image(
    block: Block, prose: InlineText, column: LayoutOptions, extras: BlockExtras
) -> list[Line]:
    """Center the image in the column; until it is loaded, show its description."""
    room = text_width(block, column)
    if extras.image and extras.image.fits(room, extras.background):
        rows = extras.image.rows(room, extras.background)
        left = Decoration(" " * ((room - sum(part.cells for part in rows[0])) // 2))
        return [Line((*block.rest_prefix, left, *parts)) for parts in rows]
    label = f"▨ {block.alt or 'image'}"
    return [
        Line(
            (
                *(block.rest_prefix if n else block.first_prefix),
                Decoration(label[row.start : row.end], ColorRole.DIM),
            )
        )
        for n, row in enumerate(wrap(label, room))
    ]


def _layout_math(
    block: Block, prose: InlineText, column: LayoutOptions, extras: BlockExtras
) -> list[Line]:
    """Center the formula in the column; one that is too long starts at the left."""
    room = text_width(block, column)
    lines: list[Line] = []
    for number, row in enumerate(wrap(prose.text, room)):
        left = max(0, (room - width(prose.text[row.start : row.end])) // 2)
        parts = (Decoration(" " * left), Slice(row.start, row.end))
        before = block.rest_prefix if number else block.first_prefix
        lines.append(Line((*before, *parts), row.start, row.end, block.color))
    return lines


def _layout_table_block(
    block: Block, prose: InlineText, column: LayoutOptions, extras: BlockExtras
) -> list[Line]:
    room = text_width(block, column)
    wider = max(room, column.pane_width - (column.measure - room))
    lines = layout_table(prose, block.aligns, room, wider, block.rest_prefix)
    if lines and block.first_prefix != block.rest_prefix:
        lines[0] = replace(
            lines[0], parts=(*block.first_prefix, *lines[0].parts[len(block.rest_prefix) :])
        )
    return lines


def _layout_note(text: str, block: Block, column: LayoutOptions, role: ColorRole) -> list[Line]:
    """Lay out a note below the block, after a bar."""
    before = (
        *block.rest_prefix,
        Decoration("▎ ", ColorRole.CALLOUT if role is ColorRole.NOTE else ColorRole.BAR),
    )
    rows = wrap(text, max(column.measure - prefix_width(before), MIN_MEASURE))
    return [Line((*before, Decoration(text[row.start : row.end], role))) for row in rows]


_LAYOUTS: Final = {
    BlockKind.TITLE: _layout_title,
    BlockKind.END: _layout_end,
    BlockKind.CODE: _layout_code,
    BlockKind.RULE: _layout_rule,
    BlockKind.IMAGE: _layout_image,
    BlockKind.MATH: _layout_math,
    BlockKind.TABLE: _layout_table_block,
}
