"""Sidebar: views at the top, nested tags below, counts at the right edge."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from reader.layout.text_width import shorten, width
from reader.model.failure_reason import short_reason
from reader.model.text import fold_case, one_line
from reader.ui.commands import Scope
from reader.ui.glyphs import UNICODE, Glyphs
from reader.ui.keymap import bindings
from reader.ui.messages import ControllerMessage
from reader.ui.widgets.row_style import style_on_row
from reader.ui.widgets.scroll_thumb import draw_thumb, thumb_rows


class SidebarItemKind(StrEnum):
    """The kind of a sidebar line."""

    HEADING = "heading"
    VIEW = "view"
    TAG = "tag"
    REASON = "reason"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class SidebarItem:
    """A view or tag with its count; None while it is unknown."""

    kind: SidebarItemKind
    name: str
    count: int | None = None


_CHOOSABLE: Final = (SidebarItemKind.VIEW, SidebarItemKind.TAG, SidebarItemKind.REASON)
"""Kinds of lines that the cursor stops at."""


class Sidebar(ScrollView, can_focus=True):
    """Pane of views and tags. It shows the filter and does not change it."""

    BINDINGS = bindings(Scope.TAGS)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "tree--heading",
        "tree--name",
        "tree--count",
        "tree--chosen",
        "tree--excluded",
        "tree--empty",
        "tree--reason",
        "tree--cursor",
        "tree--resting",
    }

    cursor = reactive(1, repaint=False)

    @dataclass
    class ItemClicked(ControllerMessage):
        """A line was clicked; the cursor is on it."""

    def __init__(self, glyphs: Glyphs = UNICODE):
        super().__init__()
        self._glyphs = glyphs
        self._views: Sequence[SidebarItem] = ()
        self._tags: Sequence[SidebarItem] = ()
        self._lines: list[SidebarItem] = []
        self._folded: set[str] = set()
        self._parents: frozenset[str] = frozenset()
        self._chosen: frozenset[tuple[SidebarItemKind, str]] = frozenset()
        self._excluded: frozenset[str] = frozenset()
        self._reason = ""
        self._renamed = ""
        self._wanted_view = ""

    def show_items(self, views: Sequence[SidebarItem], tags: Sequence[SidebarItem]) -> None:
        """Show these views and tags; the cursor keeps its item."""
        self._views, self._tags = views, tags
        self._parents = frozenset(
            fold_case(item.name.rpartition("/")[0]) for item in tags if "/" in item.name
        )
        self._build_lines()

    def mark_filter(self, view: str, tags: Sequence[str], without: Sequence[str]) -> None:
        """Mark the filter's view, tags and excluded tags."""
        chosen = frozenset(
            {(SidebarItemKind.TAG, fold_case(tag)) for tag in tags}
            | {(SidebarItemKind.VIEW, fold_case(view))}
        )
        excluded = frozenset(map(fold_case, without))
        if (chosen, excluded) != (self._chosen, self._excluded):
            self._chosen, self._excluded = chosen, excluded
            self._wanted_view = "" if tags or without else fold_case(view)
            self._show_wanted_view()
            self.refresh()

    def _show_wanted_view(self) -> None:
        """Put the cursor on the view of the filter once it is listed, unless the user moves it."""
        for row, line in enumerate(self._lines if self._wanted_view and not self.has_focus else ()):
            if line.kind is SidebarItemKind.VIEW and fold_case(line.name) == self._wanted_view:
                self._wanted_view, self.cursor = "", row
                self._scroll_to_cursor()
                return

    def mark_reason(self, reason: str) -> None:
        """Mark the kind of failures that the list shows; empty for none."""
        if reason != self._reason:
            self._reason = reason
            self.refresh()

    @property
    def current(self) -> SidebarItem | None:
        """The view or tag under the cursor."""
        if self.cursor < len(self._lines):
            item = self._lines[self.cursor]
            return item if item.kind in _CHOOSABLE else None
        return None

    def _build_lines(self) -> None:
        current = self.current
        shown = [item for item in self._tags if not self._is_hidden(item)]
        lines = [SidebarItem(SidebarItemKind.HEADING, "Views"), *self._views]
        if self._tags:
            lines += [
                SidebarItem(SidebarItemKind.BLANK, ""),
                SidebarItem(SidebarItemKind.HEADING, "Tags"),
                *shown,
            ]
        self._lines = lines
        self.virtual_size = Size(self.size.width, len(lines))
        if any(fold_case(tag.name) == self._renamed for tag in shown):
            current, self._renamed = SidebarItem(SidebarItemKind.TAG, self._renamed), ""
        self.cursor = self._find_row(current)
        if self.has_focus:
            # Fewer lines may have scrolled the row away.
            self._scroll_to_cursor()
        self._show_wanted_view()
        self.refresh()

    def follow_rename(self, tag: str) -> None:
        """Put the cursor on this tag as soon as it is listed."""
        self._renamed = fold_case(tag)

    def _find_row(self, item: SidebarItem | None) -> int:
        for row, line in enumerate(self._lines):
            if item and (line.kind, fold_case(line.name)) == (
                item.kind,
                fold_case(item.name),
            ):
                return row
        return min(max(1, self.cursor), max(1, len(self._lines) - 1))

    def _is_hidden(self, item: SidebarItem) -> bool:
        levels = fold_case(item.name).split("/")
        return any("/".join(levels[:depth]) in self._folded for depth in range(1, len(levels)))

    def move_cursor(self, lines: int) -> None:
        """Move the cursor, skipping headings and blank lines."""
        step = 1 if lines > 0 else -1
        row = self.cursor + lines
        while 0 <= row < len(self._lines):
            if self._lines[row].kind in _CHOOSABLE:
                self.cursor = row
                return
            row += step

    def go_to_top(self) -> None:
        self.cursor = 1

    def go_to_end(self) -> None:
        self.cursor = max(1, len(self._lines) - 1)

    def unfold(self) -> bool:
        """Show the tags below this one; return False if they are shown already."""
        item = self.current
        if item is None or fold_case(item.name) not in self._folded:
            return False
        self._folded.discard(fold_case(item.name))
        self._build_lines()
        return True

    def fold(self) -> None:
        """Hide the tags below this one, or those of its parent."""
        item = self.current
        if item is None or item.kind is not SidebarItemKind.TAG:
            return
        name = fold_case(item.name)
        if name not in self._parents or name in self._folded:
            name = name.rpartition("/")[0]
        if name:
            self._folded.add(name)
            self._build_lines()
            self.cursor = self._find_row(SidebarItem(SidebarItemKind.TAG, name))

    # The actions of keys.
    action_move_cursor = move_cursor
    action_go_to_top = go_to_top
    action_go_to_end = go_to_end
    action_fold = fold

    def watch_cursor(self, old: int, new: int) -> None:
        self._scroll_to_cursor()
        for row in (old, new):
            self.refresh(Region(0, row - self.scroll_offset.y, self.size.width, 1))

    def _scroll_to_cursor(self) -> None:
        row, height = self.cursor, self.size.height
        if row <= 1:
            self.scroll_to(y=0, animate=False, immediate=True, force=True)
        elif row < self.scroll_offset.y:
            self.scroll_to(y=row, animate=False, immediate=True, force=True)
        elif height and row >= self.scroll_offset.y + height:
            self.scroll_to(y=row - height + 1, animate=False, immediate=True, force=True)

    def watch_has_focus(self, _focused: bool) -> None:
        self.refresh()

    def on_resize(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._lines))

    def on_click(self, event: events.Click) -> None:
        row = event.y + self.scroll_offset.y
        if row < len(self._lines) and self._lines[row].kind in _CHOOSABLE:
            self.cursor = row
            self.post_message(self.ItemClicked())

    def render_line(self, y: int) -> Strip:
        strip = self._line_strip(y)
        if y not in thumb_rows(self.size.height, len(self._lines), self.scroll_offset.y):
            return strip
        return draw_thumb(strip, self._glyphs.thumb, self.get_component_rich_style("tree--count"))

    def _line_strip(self, y: int) -> Strip:
        row = y + self.scroll_offset.y
        cells = self.size.width
        plain = self.get_component_rich_style("tree--name")
        if row >= len(self._lines) or self._lines[row].kind is SidebarItemKind.BLANK or cells < 6:
            return Strip.blank(cells, plain)
        item = self._lines[row]
        if item.kind is SidebarItemKind.HEADING:
            style = self.get_component_rich_style("tree--heading")
            return Strip([Segment(f" {item.name}", style)]).adjust_cell_length(cells, style)
        ground = ""
        if row == self.cursor and self.has_focus:
            ground = "cursor"
        elif self._is_shown(item):
            ground = "resting"
        return self._item_strip(item, cells, ground)

    def _is_shown(self, item: SidebarItem) -> bool:
        """Return whether the list shows this view or kind of failures."""
        if item.kind is SidebarItemKind.REASON:
            return item.name == self._reason
        is_view = item.kind is SidebarItemKind.VIEW
        return is_view and (item.kind, fold_case(item.name)) in self._chosen

    def _item_strip(self, item: SidebarItem, cells: int, ground: str) -> Strip:
        lead, name, style = self._item_label(item)
        count = "" if item.count is None else f"{item.count:,}"
        room = cells - width(lead) - len(count) - 3
        name = shorten(name, max(room, 1), self._glyphs.ellipsis)
        gap = " " * max(1, cells - width(lead) - width(name) - len(count) - 2)
        dim = self.get_component_rich_style("tree--count")
        if ground == "resting" or (ground == "cursor" and item.kind is SidebarItemKind.VIEW):
            style += Style(bold=True)
        if ground:
            plain = self.get_component_rich_style("tree--name")
            row = self.get_component_rich_style(f"tree--{ground}", partial=True)
            style, dim = style_on_row(style, plain, row), style_on_row(dim, plain, row)
        segments = [
            Segment(lead, style),
            Segment(name, style),
            Segment(gap, style),
            Segment(count, dim),
            Segment("  ", style),
        ]
        return Strip(segments).adjust_cell_length(cells, style)

    def _item_label(self, item: SidebarItem) -> tuple[str, str, Style]:
        """Return the mark before the name, the name, and its style."""
        name = fold_case(item.name)
        if item.kind is SidebarItemKind.VIEW:
            chosen = (SidebarItemKind.VIEW, name) in self._chosen
            kind = "tree--empty" if item.count == 0 and not chosen else "tree--name"
            style = self.get_component_rich_style(kind)
            return " ", one_line(item.name, 60), style + Style(bold=chosen or None)
        if item.kind is SidebarItemKind.REASON:
            kind = one_line(short_reason(item.name), 60)
            return "   ", kind, self.get_component_rich_style("tree--reason")
        depth = name.count("/")
        signs = self._glyphs
        sign = " "
        if name in self._parents:
            sign = signs.collapsed if name in self._folded else signs.expanded
        kind = "tree--name" if item.count else "tree--empty"
        if (SidebarItemKind.TAG, name) in self._chosen:
            sign, kind = signs.selected, "tree--chosen"
        elif name in self._excluded:
            sign, kind = signs.excluded, "tree--excluded"
        label = one_line(item.name.rpartition("/")[2], 60)
        return f" {' ' * depth}{sign} ", label, self.get_component_rich_style(kind)
