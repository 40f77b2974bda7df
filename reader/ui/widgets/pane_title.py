"""Title of the list: its name, count and order, or the error of its query."""

from typing import ClassVar, Final

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from reader.layout.line_breaking import wrap
from reader.layout.text_width import shorten, width
from reader.model.text import one_line
from reader.ui.glyphs import UNICODE, Glyphs

MAX_ERROR_LINES: Final = 4
"""Lines of an error: enough for the list of sort orders in a list of 36 columns."""


class PaneTitle(Widget):
    """A title line, brighter while its pane has the focus."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "title--name",
        "title--facts",
        "title--wrong",
        "title--count",
    }

    def __init__(self, glyphs: Glyphs = UNICODE):
        super().__init__()
        self._glyphs = glyphs
        self._title = ""
        self._count: int | None = None
        self._order = ""
        self._wrong = ""
        self._selected = 0
        self._error_lines: list[str] = []

    def show_title(self, name: str, count: int | None, order: str, wrong: str = "") -> None:
        """Show the list's name, its number of rows, its order, and an error."""
        self._title, self._count, self._order = one_line(name), count, order
        self._wrong = one_line(wrong)
        self._fit_error()
        self.refresh()

    def show_selected(self, count: int) -> None:
        """Show the number of selected rows in place of the order."""
        self._selected = count
        self.refresh()

    def on_resize(self) -> None:
        self._fit_error()

    def _fit_error(self) -> None:
        """Give the error separate lines if it does not fit into the first."""
        self._error_lines = []
        cells = self.size.width - 2
        if self._wrong and cells > 0 and width(self._separated(self._wrong)) > self._room():
            rows = wrap(self._wrong, cells)
            shown = [self._wrong[row.start : row.end] for row in rows[: MAX_ERROR_LINES - 1]]
            rest = rows[len(shown) :]
            last = [self._shorten(self._wrong[rest[0].start :], cells)] if rest else []
            self._error_lines = [*shown, *last]
        # Without an error the style sheet sets the height.
        self.styles.height = 1 + len(self._error_lines) if self._error_lines else None

    def _separated(self, text: str) -> str:
        return f"  {self._glyphs.dot}  {text}"

    def _heading(self) -> tuple[str, str]:
        """Return the name as far as there is room, and the count."""
        count = "" if self._count is None else f"  {self._count:,}"
        return self._shorten(self._title, max(4, self.size.width - 10)), count

    def _room(self) -> int:
        """Return the cells that name and count leave free in the first line."""
        return self.size.width - 2 - width("".join(self._heading()))

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        name, facts, wrong, count = (
            self.get_component_rich_style(f"title--{part}")
            for part in ("name", "facts", "wrong", "count")
        )
        if y:
            if y > len(self._error_lines):
                return Strip.blank(cells, facts)
            text = f" {self._error_lines[y - 1]}"
            return Strip([Segment(text, wrong)]).adjust_cell_length(cells, facts)
        title, number = self._heading()
        segments = [Segment(" ", facts), Segment(title, name), Segment(number, facts)]
        order = self._separated(self._order)
        if self._wrong and not self._error_lines:
            segments.append(Segment(self._separated(self._wrong), wrong))
        elif self._selected:
            selected = Segment(f"{self._selected:,} selected", count)
            segments += [Segment(self._separated(""), facts), selected]
        elif self._order and width(order) <= self._room():
            segments.append(Segment(order, facts))
        return Strip(segments).adjust_cell_length(cells, facts)

    def _shorten(self, text: str, room: int) -> str:
        return shorten(text, room, self._glyphs.ellipsis)
