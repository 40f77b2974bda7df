"""Title of the list: its name, count and order, or the error of its query."""

from typing import ClassVar

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from reader.layout.text_width import fit_offset, width
from reader.model.text import one_line
from reader.ui.glyphs import UNICODE, Glyphs


class PaneTitle(Widget):
    """A title line, brighter while its pane has the focus."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "title--name",
        "title--facts",
        "title--wrong",
        "title--count",
    }

    def __init__(self, *, id: str | None = None, glyphs: Glyphs = UNICODE):
        super().__init__(id=id)
        self._glyphs = glyphs
        self._title = ""
        self._count: int | None = None
        self._order = ""
        self._wrong = ""
        self._selected = 0

    def show_title(self, name: str, count: int | None, order: str, wrong: str = "") -> None:
        """Show the list's name, its number of rows, its order, and an error."""
        self._title, self._count, self._order, self._wrong = one_line(name), count, order, wrong
        self.refresh()

    def show_selected(self, count: int) -> None:
        """Show the number of selected rows in place of the order."""
        self._selected = count
        self.refresh()

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        name, facts, wrong, count = (
            self.get_component_rich_style(f"title--{part}")
            for part in ("name", "facts", "wrong", "count")
        )
        if y:
            return Strip.blank(cells, facts)
        dot = f"  {self._glyphs.dot}  "
        segments = [Segment(" ", facts), Segment(self._cut(self._title, max(4, cells - 10)), name)]
        if self._count is not None:
            segments.append(Segment(f"  {self._count:,}", facts))
        room = cells - sum(width(segment.text) for segment in segments) - 1
        if self._wrong:
            segments.append(Segment(self._cut(f"{dot}{one_line(self._wrong)}", room), wrong))
        elif self._selected:
            segments += [Segment(dot, facts), Segment(f"{self._selected:,} selected", count)]
        elif self._order and width(dot + self._order) <= room:
            segments.append(Segment(dot + self._order, facts))
        return Strip(segments).adjust_cell_length(cells, facts)

    def _cut(self, text: str, room: int) -> str:
        if width(text) <= room:
            return text
        return (
            text[: fit_offset(text, max(room - 1, 0))].rstrip() + self._glyphs.ellipsis
            if room > 1
            else ""
        )
