"""The thumb at the right edge of a list, which shows what part of the list is on the screen.

Textual's scroll bars take a column more, and change the layout when they appear.
"""

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


def thumb_rows(height: int, lines: int, offset: int) -> range:
    """Return the rows of the screen that the thumb covers; none if all lines fit.

    The first row is covered only at the start, the last one only at the end.
    """
    if height < 3 or lines <= height:
        return range(0)
    size = max(1, height * height // lines)
    space, hidden = height - size, lines - height
    top = round(offset * space / hidden)
    if 0 < offset < hidden:
        top = max(1, min(top, space - 1))
    return range(min(top, space), min(top, space) + size)


def draw_thumb(strip: Strip, glyph: str, color: Style) -> Strip:
    """Return the strip with the mark in its last cell, on the background that it has there."""
    cells = strip.cell_length
    last = [segment.style or Style() for segment in strip.crop(cells - 1, cells)]
    style = (last[-1] if last else Style()) + Style(color=color.color, dim=color.dim)
    return Strip([*strip.crop(0, cells - 1), Segment(glyph, style)], cells)
