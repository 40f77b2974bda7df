"""Entry list: only visible rows are drawn, so that 100,000 rows cost as much as 100."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.reactive import Reactive, reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from reader.model.entry import Entry, EntryId, State
from reader.ui.commands import Scope
from reader.ui.entry_sequence import EntrySequence
from reader.ui.glyphs import UNICODE, Glyphs
from reader.ui.keymap import bindings
from reader.ui.messages import ControllerMessage
from reader.ui.widgets.entry_row_renderer import Line, RowPart, RowRenderer
from reader.ui.widgets.row_style import style_on_row
from reader.ui.widgets.scroll_thumb import draw_thumb, thumb_rows

if TYPE_CHECKING:
    from reader.model.query import TextTerm
    from reader.search.text.snippets import Snippet

REST_DELAY: Final = 0.15
"""Seconds that the cursor rests on a row before its preview."""


class EntryList(ScrollView, can_focus=True):
    """Rows of entries with a cursor and a selection. It posts messages and changes no entry."""

    BINDINGS = bindings(Scope.LIST)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"entry--{part}" for part in RowPart),
        "entry--unread",
        "entry--finished",
        "entry--finished-mark",
        "entry--cursor",
        "entry--cursor-unfocused",
        "entry--selected",
    }

    virtual_size = Reactive(Size(0, 0))
    """Lines of all rows. They do not affect the layout."""
    cursor = reactive(0, repaint=False)
    row_height = reactive(3, layout=True)
    reading_speed = reactive(0)
    """Words per minute for the minutes-left column; 0 uses the default speed."""

    @dataclass
    class CursorRested(ControllerMessage):
        """The cursor stayed on this entry for `REST_DELAY`."""

        entry: Entry

    @dataclass
    class SelectionChanged(ControllerMessage):
        """The number of selected entries changed."""

        count: int

    @dataclass
    class RequestSnippets(ControllerMessage):
        """These rows are visible, and their snippets are not known."""

        entries: Sequence[Entry]
        words: "tuple[TextTerm, ...]"
        cells: int

    @dataclass
    class OpenRow(ControllerMessage):
        """Open the entry; posted by the mouse."""

        entry: Entry

    def __init__(self, glyphs: Glyphs = UNICODE):
        super().__init__()
        self._entries: EntrySequence | tuple[()] = ()
        self._changed: dict[EntryId, Entry] = {}
        self._words: tuple[TextTerm, ...] = ()
        self._snippets: dict[EntryId, Snippet] = {}
        self._missing: Mapping[EntryId, Sequence[str]] = {}
        self._snippet_width = 0
        self._painter: Callable[[int], list[Strip]] | None = None
        self._glyphs = glyphs
        self._selected: set[EntryId] = set()
        self._range_start: int | None = None
        self._range_rows: range | None = None
        self._before_range: frozenset[EntryId] = frozenset()
        self._rest_timer: Timer | None = None
        self._styles: dict[tuple[str, str], Style] = {}

    def show_entries(
        self,
        entries: EntrySequence,
        cursor: int | None = None,
        *,
        top: bool = False,
        words: "tuple[TextTerm, ...]" = (),
        snippets: "Mapping[EntryId, Snippet] | None" = None,
        missing: Mapping[EntryId, Sequence[str]] | None = None,
    ) -> None:
        """Show these rows with the cursor on one, which keeps its line of the screen.

        With the cursor on the first row the list stays at its top, so that rows added above become
        visible. With `top` the list scrolls to its first row. If `cursor` is None it stays on its
        row, or on the last one. During a search each row has a snippet of its text around the `words`;
        `snippets` are the known ones, and words in `missing` are struck out before them.
        """
        line = self.cursor * self.lines_per_row - self.scroll_offset.y
        was_at_top = not self.cursor and not self.scroll_offset.y
        if words != self._words:
            self._words = words
            self._snippets.clear()
        self._snippets.update(snippets or {})
        self._missing = missing or {}
        former, self._entries = self._entries, entries
        self._changed.clear()
        at = max(0, min(self.cursor if cursor is None else cursor, len(entries) - 1))
        self._range_start = self._find_range_start(former, at - self.cursor)
        self._range_rows = None
        self._measure()
        self.set_reactive(EntryList.cursor, at)
        stays = was_at_top and (at + 1) * self.lines_per_row <= self.size.height
        first = 0 if top or stays else at * self.lines_per_row - line
        self.scroll_to(y=max(0, first), animate=False, force=True, immediate=True)
        self._reveal()
        self.refresh()
        self._restart_rest_timer()
        self._request_snippets()

    def show_snippets(
        self, words: "tuple[TextTerm, ...]", snippets: "Mapping[EntryId, Snippet]"
    ) -> None:
        """Show these snippets, unless the search words have changed."""
        if words == self._words:
            self._snippets.update(snippets)
            self.refresh()

    def _request_snippets(self) -> None:
        """Request the snippets of visible rows."""
        if not self._words or not self.size.height:
            return
        visible = [self._entries[row] for row in self._visible_rows]
        unknown = [entry for entry in visible if entry.id not in self._snippets]
        if unknown:
            self.post_message(self.RequestSnippets(unknown, self._words, self.text_cells))

    @property
    def visible_line_count(self) -> int:
        """The lines available for rows, also while a message covers them."""
        pane = self.parent
        return self.size.height or (pane.size.height if isinstance(pane, Widget) else 0)

    @property
    def text_cells(self) -> int:
        """The cells of a snippet."""
        return max(20, self.size.width - 4)

    @property
    def lines_per_row(self) -> int:
        """The lines of each row; a snippet replaces the last of three."""
        return min(self.row_height, 2) + 1 if self._words else self.row_height

    def repaint(self, ids: Iterable[EntryId], change: Callable[[Entry], Entry]) -> None:
        """Paint the visible rows of these entries as changed, until other rows are shown."""
        wanted = set(ids)
        for row in self._visible_rows:
            entry = self._entry(row)
            if entry.id in wanted:
                self._changed[entry.id] = change(entry)
                self._refresh_row(row)

    def update_rows(self, entries: Iterable[Entry]) -> None:
        """Show these versions of entries until other rows are shown."""
        self._changed.update((entry.id, entry) for entry in entries)
        for row in self._visible_rows:
            if self._entries[row].id in self._changed:
                self._refresh_row(row)
                if row == self.cursor:
                    self._restart_rest_timer()

    @property
    def _visible_rows(self) -> range:
        """The rows on the screen, whose entries are loaded."""
        first = self.scroll_offset.y // self.lines_per_row
        beyond = (self.scroll_offset.y + self.size.height) // self.lines_per_row + 1
        return range(first, min(beyond, len(self._entries)))

    @property
    def entries(self) -> EntrySequence | tuple[()]:
        return self._entries

    @property
    def current(self) -> Entry | None:
        """The entry under the cursor."""
        return self._entry(self.cursor) if self._entries else None

    def current_version(self, entry: Entry) -> Entry:
        """Return the latest version of the entry."""
        return self._changed.get(entry.id, entry)

    def _entry(self, index: int) -> Entry:
        return self.current_version(self._entries[index])

    def now(self) -> datetime:
        """Return the time from which ages are computed."""
        return datetime.now(UTC)

    def move_cursor(self, rows: int) -> None:
        """Move the cursor by rows, down for positive numbers; it stops at the ends."""
        self.go_to(self.cursor + rows)

    def move_page(self, direction: int) -> None:
        """Move the cursor by half a screen, up (-1) or down (1)."""
        self.move_cursor(direction * max(1, self.size.height // self.lines_per_row // 2))

    def go_to(self, index: int) -> None:
        """Move the cursor to a row, or to the nearest one that exists."""
        if self._entries:
            self.cursor = max(0, min(index, len(self._entries) - 1))

    def go_to_end(self) -> None:
        self.go_to(len(self._entries) - 1)

    # The actions of keys, which work before the controllers are loaded.
    action_move_cursor = move_cursor
    action_move_page = move_page
    action_go_to = go_to
    action_go_to_end = go_to_end

    def watch_cursor(self, old: int, new: int) -> None:
        if old == new:
            return
        if self._range_start is not None:
            self._extend_range(new)
        self._reveal()
        for row in (old, new):
            self._refresh_row(row)
        self._restart_rest_timer()

    def _reveal(self) -> None:
        """Scroll just enough to show the cursor's row."""
        top = self.cursor * self.lines_per_row
        height = self.size.height
        first = self.scroll_offset.y
        if top < first:
            self.scroll_to(y=top, animate=False, force=True, immediate=True)
        elif height and top + self.lines_per_row > first + height:
            last = top + self.lines_per_row - height
            self.scroll_to(y=last, animate=False, force=True, immediate=True)

    def _restart_rest_timer(self) -> None:
        if self._rest_timer is not None:
            self._rest_timer.stop()
        self._rest_timer = self.set_timer(REST_DELAY, self._post_rested)

    def _post_rested(self) -> None:
        if self.current is not None:
            self.post_message(self.CursorRested(self.current))

    @property
    def selection(self) -> frozenset[EntryId]:
        return frozenset(self._selected)

    @property
    def first_selected(self) -> Entry | None:
        """The first selected entry on the screen, else any selected one; None without any."""
        for row in self._visible_rows:
            if self._entries[row].id in self._selected:
                return self._entry(row)
        row_of = self._entries.index_of if self._entries else None
        at = row_of(next(iter(self._selected))) if row_of and self._selected else None
        return None if at is None else self._entry(at)

    def keep_selected(self, asked: Collection[EntryId], present: Collection[EntryId]) -> None:
        """Deselect entries that were looked for in new rows and are not among them."""
        gone = {each for each in self._selected if each in asked and each not in present}
        if gone:
            self._selected -= gone
            self._before_range -= gone
            self._post_selection()

    def toggle_selected(self) -> None:
        """Toggle the selection of the row under the cursor, and move down; ends a range."""
        entry = self.current
        self._range_start = None
        if entry is not None:
            self._selected ^= {entry.id}
            self._post_selection()
            self.move_cursor(1)

    def _find_range_start(self, former: EntrySequence | tuple[()], rows: int) -> int | None:
        """Return the first row of the selected range among new rows; None if it is gone."""
        start = self._range_start
        if start is None:
            return None
        begin = start + rows
        stays = 0 <= begin < len(self._entries) and start < len(former)
        return begin if stays and self._entries[begin].id == former[start].id else None

    def toggle_range(self) -> None:
        """Start or end the selection of a range."""
        if self._range_start is None:
            self._range_start, self._range_rows = self.cursor, None
            self._before_range = frozenset(self._selected)
            self._extend_range(self.cursor)
        else:
            self._range_start = None

    def set_selection(self, ids: Iterable[EntryId]) -> None:
        """Select exactly these entries."""
        self._selected = set(ids)
        self._range_start = None
        self._post_selection()

    def _extend_range(self, to: int) -> None:
        """Select the rows from the start of the range to this one, and what was selected before.

        Reads only the ids of rows that enter or leave the range.
        """
        start = self._range_start if self._range_start is not None else to
        rows = range(min(start, to), min(max(start, to) + 1, len(self._entries)))
        former, self._range_rows = self._range_rows, rows
        if former is None:
            self._selected = {*self._before_range, *self._ids(rows.start, rows.stop)}
        else:
            # Both contain the start of the range, so they differ at their ends only.
            gone = {
                *self._ids(former.start, rows.start),
                *self._ids(rows.stop, former.stop),
            }
            self._selected -= gone - self._before_range
            self._selected.update(self._ids(rows.start, former.start))
            self._selected.update(self._ids(former.stop, rows.stop))
        self._post_selection()

    def _ids(self, start: int, stop: int) -> list[EntryId]:
        """Return the ids of these rows; none if `stop` is not above `start`."""
        if start >= stop or isinstance(self._entries, tuple):
            return []
        return self._entries.ids_between(start, stop)

    def _post_selection(self) -> None:
        self.refresh()
        self.post_message(self.SelectionChanged(len(self._selected)))

    def on_click(self, event: events.Click) -> None:
        row = (event.y + self.scroll_offset.y) // self.lines_per_row
        if 0 <= row < len(self._entries):
            again = row == self.cursor and event.chain > 1
            self.cursor = row
            if again:
                self.post_message(self.OpenRow(self._entry(row)))

    def on_resize(self, event: events.Resize) -> None:
        self._measure()
        self._reveal()
        if self.text_cells != self._snippet_width:
            # Snippets were cut for another width.
            self._snippets.clear()
            self._snippet_width = self.text_cells
        self._request_snippets()

    def watch_scroll_y(self, old: float, new: float) -> None:
        super().watch_scroll_y(old, new)
        self._request_snippets()

    def watch_row_height(self, old: int, new: int) -> None:
        if self._words:
            old, new = min(old, 2) + 1, self.lines_per_row
        line = (self.cursor * old - self.scroll_offset.y) // max(1, old)
        self._measure()
        self.scroll_to(
            y=max(0, (self.cursor - line) * new), animate=False, force=True, immediate=True
        )
        self._reveal()
        self._request_snippets()
        self.refresh()

    def watch_has_focus(self, _focused: bool) -> None:
        self._refresh_row(self.cursor)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles.clear()

    def _measure(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._entries) * self.lines_per_row)

    def _refresh_row(self, row: int) -> None:
        self.refresh_lines(row * self.lines_per_row, self.lines_per_row)

    def render_lines(self, crop: Region) -> list[Strip]:
        self._painter = self._row_painter()
        try:
            return super().render_lines(crop)
        finally:
            self._painter = None

    def render_line(self, y: int) -> Strip:
        row, line = divmod(y + self.scroll_offset.y, self.lines_per_row)
        strips = (self._painter or self._row_painter())(row)
        strip = strips[line] if strips else Strip.blank(self.size.width, self._blank)
        shown = thumb_rows(self.size.height, self.virtual_size.height, self.scroll_offset.y)
        if y not in shown:
            return strip
        return draw_thumb(strip, self._glyphs.thumb, self._style("", RowPart.AGE, ()))

    def _row_painter(self) -> Callable[[int], list[Strip]]:
        """Return a function that draws the lines of a row, laying out each row once."""
        cells = self.size.width
        height = self.lines_per_row - 1 if self._words else self.row_height
        rows = RowRenderer(cells, height, self.now(), self._glyphs, self.reading_speed)

        @cache
        def strips(row: int) -> list[Strip]:
            if row >= len(self._entries) or cells < 4:
                return []
            entry = self._entry(row)
            selected = entry.id in self._selected
            lines = rows.lines(entry, selected=selected)
            if self._words:
                found = self._snippets.get(entry.id)
                text, marks = (found.text, found.marks) if found else ("", ())
                lines.append(rows.snippet(text, marks, self._missing.get(entry.id, ())))
            ground = self._background_of(row, selected)
            return [self._strip(line, entry, ground).adjust_cell_length(cells) for line in lines]

        return strips

    @property
    def _blank(self) -> Style:
        return self._style("", RowPart.GAP, ())

    def _background_of(self, row: int, selected: bool) -> str:
        """Return the name of a row's background."""
        if row == self.cursor:
            return "cursor" if self.has_focus else "cursor-unfocused"
        return "selected" if selected else ""

    def _strip(self, pieces: Line, entry: Entry, ground: str) -> Strip:
        kinds = {State.UNREAD: ("unread",), State.READ: ("finished",)}.get(entry.state, ())
        return Strip(
            [Segment(text, self._style(ground, part, kinds)) for text, part in pieces if text]
        )

    def _style(self, ground: str, part: RowPart, kinds: tuple[str, ...]) -> Style:
        """Return the style of a cell on the background of its row."""
        names = [f"entry--{part}"]
        if part is RowPart.TITLE:
            names += [f"entry--{kind}" for kind in kinds]
        elif part is RowPart.MARK and "finished" in kinds:
            names.append("entry--finished-mark")
        key = (ground, " ".join(names))
        style = self._styles.get(key)
        if style is None:
            style = self.get_component_rich_style(*names)
            if ground:
                row = self.get_component_rich_style(f"entry--{ground}", partial=True)
                plain = self.get_component_rich_style("entry--title")
                style = style_on_row(style, plain, row)
            self._styles[key] = style
        return style


NEXT_ROW_HEIGHT: Final[Mapping[int, int]] = {3: 2, 2: 1, 1: 3}
"""Row height to the next one of the row-height command."""
