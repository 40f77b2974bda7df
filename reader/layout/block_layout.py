"""One block set as lines of a column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from reader.layout.bidi import is_right_to_left, visual_order
from reader.layout.blocks import Block, Kind
from reader.layout.half_block_image import Picture
from reader.layout.inline_parser import Prose
from reader.layout.line_breaking import Hyphens, Row, wrap
from reader.layout.spans import Line, Slice
from reader.layout.table_layout import set_table
from reader.layout.text_styles import Ink, Piece
from reader.layout.text_width import chop, width

NARROWEST = 16


@dataclass(frozen=True, slots=True)
class Column:
    """`measure` and `room` (the whole pane) in cells, `spacing` in blank lines between lines.

    `indented` paragraphs begin with an indent instead of a blank line. `reorder` puts right-to-left
    text in visual order for terminals that do not.
    """

    measure: int = 68
    room: int = 80
    spacing: int = 0
    indented: bool = False
    justified: bool = False
    reorder: bool = False
    hyphens: Hyphens | None = None


PARAGRAPH_INDENT: Final = 2
WRAPPED: Final = "↪ "
_GAPS: Final = re.compile(r"(?<=\S) (?=\S)")


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown with a block though it is not of it.

    `remarks` are the reader's notes on highlights in it, `opened` the footnotes opened in it,
    `picture` the image that it stands for, `behind` the colour that shows through it.
    """

    indented: bool = False
    remarks: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    picture: Picture | None = None
    behind: tuple[int, int, int] = (0, 0, 0)


NOTHING: Final = Beside()


def set_block(block: Block, prose: Prose, column: Column, beside: Beside = NOTHING) -> list[Line]:
    """The block's lines, without the blank ones above it."""
    lines = _SETTERS.get(block.kind, _set_prose)(block, prose, column, beside)
    for remark in beside.opened:
        lines += _aside(remark, block, column, Ink.DIM)
    for remark in beside.remarks:
        lines += [Line(), *_aside(remark, block, column, Ink.NOTE)]
    return lines


def prefix_width(pieces: Sequence[Piece]) -> int:
    return sum(width(piece.text) for piece in pieces)


def room_of(block: Block, column: Column) -> int:
    """Cells left for the text, never fewer than can be read."""
    return max(column.measure - prefix_width(block.rest), min(NARROWEST, column.measure))


def _set_prose(block: Block, prose: Prose, column: Column, beside: Beside) -> list[Line]:
    room = room_of(block, column)
    indent = PARAGRAPH_INDENT if beside.indented else 0
    hyphens = column.hyphens if block.kind is Kind.PARAGRAPH else None
    rows = wrap(prose.text, room, room - indent, hyphens)
    leftward = is_right_to_left(prose.text)
    justified = column.justified and block.kind is Kind.PARAGRAPH and not leftward
    lines: list[Line] = []
    for number, row in enumerate(rows):
        before = block.rest if number else block.first
        if indent and not number and not leftward:
            before = (*before, Piece(" " * indent))
        parts: tuple[Piece | Slice, ...] = (Slice(row.start, row.end),)
        if leftward:
            pad = room - width(prose.text[row.start : row.end]) - (0 if number else indent)
            parts = (Piece(" " * pad), *_leftward(prose.text, row, column))
        elif justified and number + 1 < len(rows) and prose.text[row.end : row.end + 1] != "\n":
            parts = _justified(prose.text, row, room - (0 if number else indent))
        if row.hyphen:
            parts = (*parts, Piece("-", block.ink))
        lines.append(Line((*before, *parts), row.start, row.end, block.ink))
    return lines


def _leftward(text: str, row: Row, column: Column) -> tuple[Slice, ...]:
    if not column.reorder:
        return (Slice(row.start, row.end),)
    return visual_order(text, row.start, row.end, True)


def _justified(text: str, row: Row, room: int) -> tuple[Piece | Slice, ...]:
    """The row with its spaces widened to fill the room, unless that would tear it apart."""
    words = text[row.start : row.end]
    missing = room - width(words) - int(row.hyphen)
    gaps = [found.start() for found in _GAPS.finditer(words)]
    if missing <= 0 or not gaps or missing > 2 * len(gaps):
        return (Slice(row.start, row.end),)
    parts: list[Piece | Slice] = []
    begin = row.start
    for number, gap in enumerate(gaps):
        # Bresenham's spreading: the wider gaps are evenly far apart.
        extra = (number + 1) * missing // len(gaps) - number * missing // len(gaps)
        if extra:
            end = row.start + gap + 1
            parts += [Slice(begin, end), Piece(" " * extra)]
            begin = end
    return (*parts, Slice(begin, row.end))


def _set_code(block: Block, prose: Prose, column: Column, beside: Beside) -> list[Line]:
    """Lines on a shade of the whole measure; one that is too long goes on behind a mark."""
    room = max(room_of(block, column) - 2, 4)
    wrapped = Piece(" " + WRAPPED, Ink.CODE_MARK)
    lines: list[Line] = []
    start = 0
    for source in prose.text.split("\n"):
        for begin, end in chop(source, room, room - width(WRAPPED)):
            mark = wrapped if begin else Piece(" ", Ink.CODE)
            free = room + 2 - width(mark.text) - width(source[begin:end])
            parts = (mark, Slice(start + begin, start + end), Piece(" " * free, Ink.CODE))
            before = block.rest if lines else block.first
            lines.append(Line((*before, *parts), start + begin, start + end, Ink.CODE))
        start += len(source) + 1
    return lines


def _set_rule(block: Block, prose: Prose, column: Column, beside: Beside) -> list[Line]:
    return [Line((*block.first, Piece("· · ·".center(room_of(block, column)).rstrip(), Ink.RULE)))]


def _set_image(block: Block, prose: Prose, column: Column, beside: Beside) -> list[Line]:
    """The image in the middle of the column; while it is absent, its description in its place."""
    room = room_of(block, column)
    if beside.picture and beside.picture.fits(room, beside.behind):
        rows = beside.picture.rows(room, beside.behind)
        left = Piece(" " * ((room - sum(part.cells for part in rows[0])) // 2))
        return [Line((*block.rest, left, *parts)) for parts in rows]
    said = f"▨ {block.raw or 'image'}"
    return [
        Line((*(block.rest if n else block.first), Piece(said[row.start : row.end], Ink.DIM)))
        for n, row in enumerate(wrap(said, room))
    ]


def _set_math(block: Block, prose: Prose, column: Column, beside: Beside) -> list[Line]:
    """A formula in the middle of the column, or from its left where it is too long for that."""
    room = room_of(block, column)
    lines: list[Line] = []
    for number, row in enumerate(wrap(prose.text, room)):
        left = max(0, (room - width(prose.text[row.start : row.end])) // 2)
        parts = (Piece(" " * left), Slice(row.start, row.end))
        before = block.rest if number else block.first
        lines.append(Line((*before, *parts), row.start, row.end, block.ink))
    return lines


def _set_table(block: Block, prose: Prose, column: Column, beside: Beside) -> list[Line]:
    room = room_of(block, column)
    wider = max(room, column.room - (column.measure - room))
    lines = set_table(prose, block.aligns, room, wider, block.rest)
    if lines and block.first != block.rest:
        lines[0] = replace(lines[0], parts=(*block.first, *lines[0].parts[len(block.rest) :]))
    return lines


def _aside(text: str, block: Block, column: Column, ink: Ink) -> list[Line]:
    """A remark below the block, behind a bar."""
    before = (*block.rest, Piece("▎ ", Ink.CALLOUT if ink is Ink.NOTE else Ink.BAR))
    rows = wrap(text, max(column.measure - prefix_width(before), NARROWEST))
    return [Line((*before, Piece(text[row.start : row.end], ink))) for row in rows]


_SETTERS: Final = {
    Kind.CODE: _set_code,
    Kind.RULE: _set_rule,
    Kind.IMAGE: _set_image,
    Kind.MATH: _set_math,
    Kind.TABLE: _set_table,
}
