"""Which pane one is in, which panes there is room for, and what going back means."""

from collections.abc import Callable
from typing import Any

from textual.containers import Horizontal
from textual.widget import Widget

from reader.ui.commands import Scope
from reader.ui.controllers.context import UIContext
from reader.ui.controllers.entry_list import ListController
from reader.ui.controllers.search import SearchController
from reader.ui.messages import ArticleMode
from reader.ui.widgets.entry_list import ROW_HEIGHTS

_NAMES = ("tags", "list", "reader")


class PaneController:
    """The style sheet shows and hides panes; classes on their container say where one is."""

    def __init__(
        self, stage: UIContext, box: Horizontal, browsing: ListController, fields: SearchController
    ):
        self._context = stage
        self._box = box
        self._entry_list = browsing
        self._search = fields

    def on_focus(self, widget: Widget) -> None:
        """A widget has the focus: its pane is where one is."""
        pane = next((p for p in widget.ancestors if p.id and p.id.endswith("-pane")), None)
        if pane is not None:
            for name in _NAMES:
                self._box.set_class(pane.id == f"{name}-pane", f"-at-{name}", update=False)
            self._style_panes()

    def _style_panes(self) -> None:
        """Apply the classes to the panes: all that is in them looks as before, and is much more."""
        self._box.app.stylesheet.update_nodes(self._box.children)

    @property
    def scope(self) -> Scope:
        """Whose keys hold."""
        article = self._context.article
        if article.mode is ArticleMode.SELECTING:
            return Scope.HIGHLIGHTING
        if self._context.has_focus(article):
            return Scope.READER
        if self._context.has_focus(self._context.filter):
            return Scope.SEARCH
        return Scope.TAGS if self._context.has_focus(self._context.sidebar) else Scope.LIST

    def step(self, panes: int) -> None:
        """Go to the next pane, or the one before."""
        order: list[Widget] = [self._context.sidebar, self._context.entries, self._context.article]
        at = next((n for n, pane in enumerate(order) if self._context.has_focus(pane)), 1)
        self._context.focus(order[(at + panes) % len(order)])

    def toggle_focus_mode(self) -> None:
        """Hide the other panes, or show them again."""
        self._set_focus_mode(not self._box.has_class("-alone"))
        if self._box.has_class("-alone"):
            if self._context.has_focus(self._context.entries):
                self._context.run("open")
            else:
                self._context.focus(self._context.article)

    def _set_focus_mode(self, is_alone: bool) -> None:
        self._box.set_class(is_alone, "-alone", update=False)
        self._style_panes()

    def back(self) -> bool:
        """Close, clear or go back, whichever is nearest; whether there was anything to do."""
        stage = self._context
        if self._search.leave():
            return True
        if stage.has_focus(stage.article):
            if stage.article.action_leave():
                return True
            self._set_focus_mode(False)
            stage.focus(stage.entries)
        elif stage.entries.selection:
            stage.entries.set_selection(())
        elif self._entry_list.clear_filter():
            self._search.show_filter()
        elif stage.has_focus(stage.sidebar):
            stage.focus(stage.entries)
        else:
            return False
        return True

    def next_row_height(self) -> None:
        """Three lines for each row, two, one, and three again."""
        entries = self._context.entries
        entries.row_height = ROW_HEIGHTS[entries.row_height]

    def commands(self) -> dict[str, Callable[[], Any]]:
        """Keys that only move about."""
        entries, tree, article = self._context.entries, self._context.sidebar, self._context.article
        go = self._context.focus
        return {
            "tags-pane": lambda: go(tree),
            "list-pane": lambda: go(entries),
            "reader-pane": lambda: go(article),
            "next-pane": lambda: self.step(1),
            "last-pane": lambda: self.step(-1),
            "to-tags": lambda: go(tree),
            "to-list": lambda: go(entries),
            **entries.motions(),
            "select": entries.toggle_selected,
            "select-range": entries.toggle_range,
            "row-height": self.next_row_height,
            "tags-down": lambda: tree.move_cursor(1),
            "tags-up": lambda: tree.move_cursor(-1),
            "tags-top": tree.go_to_top,
            "tags-bottom": tree.go_to_end,
            "fold": tree.fold,
            "unfold": lambda: tree.unfold() or go(entries),
            "alone": self.toggle_focus_mode,
            "back": self.back,
        }
