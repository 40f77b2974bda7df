"""Table layout without boxes: cells wrap, columns keep their alignment, a line ends the head."""

from collections.abc import Sequence
from typing import Final

from reader.layout.inline_text import InlineText
from reader.layout.line_breaking import TextRow, wrap
from reader.layout.spans import Line, Slice
from reader.layout.text_styles import ColorRole, Decoration
from reader.layout.text_width import width

COLUMN_GAP: Final = 2
"""Cells between two columns."""
MIN_COLUMN: Final = 6
"""Minimal cells of a column; a table that needs more scrolls sideways."""


def layout_table(
    prose: InlineText, aligns: str, room: int, wider: int, before: tuple[Decoration, ...]
) -> list[Line]:
    """Lay out the table in `room` cells, else in `wider`, else wider than both."""
    cells = [[prose.text[start:end] for start, end in row] for row in prose.cells]
    columns = max((len(row) for row in cells), default=0)
    if not columns:
        return []
    widths = _column_widths(cells, columns, room, wider)
    is_wide = sum(widths) + COLUMN_GAP * (columns - 1) > room
    lines: list[Line] = []
    wrapped_any = False
    body: list[list[Line]] = []
    for number, spans in enumerate(prose.cells):
        rows = _layout_row(prose.text, spans, widths, aligns, before, is_wide, number == 0)
        wrapped_any = wrapped_any or (number > 0 and len(rows) > 1)
        body.append(rows)
    for number, rows in enumerate(body):
        if number > 1 and wrapped_any:
            lines.append(Line(before, wide=is_wide))
        lines += rows
        if not number:
            rule = (" " * COLUMN_GAP).join("─" * cells_wide for cells_wide in widths)
            lines.append(Line((*before, Decoration(rule, ColorRole.RULE)), wide=is_wide))
    return lines


def _column_widths(
    cells: Sequence[Sequence[str]], columns: int, room: int, wider: int
) -> list[int]:
    """Return the width of each column: natural if all fit, else the widest shrink first."""
    natural = [1] * columns
    least = [1] * columns
    for row in cells:
        for index, cell in enumerate(row):
            natural[index] = max(natural[index], width(cell))
            longest = max((width(word) for word in cell.split()), default=1)
            least[index] = max(least[index], min(longest, 24))
    between = COLUMN_GAP * (columns - 1)
    for total in (room - between, wider - between):
        if sum(natural) <= total:
            return natural
        if sum(least) <= total:
            return _shrink(natural, least, total)
    loose = [max(low, min(full, MIN_COLUMN)) for low, full in zip(least, natural, strict=True)]
    return [max(low, min(full, 30)) for low, full in zip(loose, natural, strict=True)]


def _shrink(natural: Sequence[int], least: Sequence[int], total: int) -> list[int]:
    """Cap the columns at the largest width at which all fit; none below its minimum."""
    low, high = 1, max(natural)
    while low < high:
        cap = (low + high + 1) // 2
        if sum(_cap(natural, least, cap)) <= total:
            low = cap
        else:
            high = cap - 1
    widths = _cap(natural, least, low)
    for index, full in enumerate(natural):
        if widths[index] < full and sum(widths) < total:
            widths[index] += 1
    return widths


def _cap(natural: Sequence[int], least: Sequence[int], cap: int) -> list[int]:
    return [max(low, min(full, cap)) for low, full in zip(least, natural, strict=True)]


def _layout_row(
    text: str,
    spans: Sequence[tuple[int, int]],
    widths: Sequence[int],
    aligns: str,
    before: tuple[Decoration, ...],
    is_wide: bool,
    is_head: bool,
) -> list[Line]:
    wrapped: list[list[TextRow]] = []
    for (start, end), cells in zip(spans, widths, strict=False):
        rows = wrap(text[start:end], cells)
        wrapped.append([TextRow(row.start + start, row.end + start) for row in rows])
    lines: list[Line] = []
    for number in range(max((len(rows) for rows in wrapped), default=0)):
        parts: list[Decoration | Slice] = list(before)
        shown: list[TextRow] = []
        for index, rows in enumerate(wrapped):
            row = rows[number] if number < len(rows) else None
            free = widths[index] - (width(text[row.start : row.end]) if row else 0)
            align = aligns[index : index + 1]
            left = free if align == "r" else free // 2 if align == "c" else 0
            after = free - left + (COLUMN_GAP if index + 1 < len(wrapped) else 0)
            if left:
                parts.append(Decoration(" " * left))
            if row and row.end > row.start:
                parts.append(Slice(row.start, row.end))
                shown.append(row)
            if after:
                parts.append(Decoration(" " * after))
        role = ColorRole.HEADING if is_head else ColorRole.TEXT
        start = min((row.start for row in shown), default=spans[0][0] if spans else 0)
        end = max((row.end for row in shown), default=start)
        lines.append(Line(tuple(parts), start, end, role, is_wide))
    return lines
