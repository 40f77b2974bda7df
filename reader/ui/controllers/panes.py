"""Which pane one is in, which panes there is room for, and what going back means."""

from collections.abc import Callable
from typing import Any

from textual.containers import Horizontal
from textual.widget import Widget

from reader.ui.commands import Scope
from reader.ui.controllers.context import Stage
from reader.ui.controllers.entry_list import Browsing
from reader.ui.controllers.search import Fields
from reader.ui.messages import Mode
from reader.ui.widgets.entry_list import ROW_HEIGHTS

_NAMES = ("tags", "list", "reader")


class Panes:
    """The style sheet shows and hides panes; classes on their container say where one is."""

    def __init__(self, stage: Stage, box: Horizontal, browsing: Browsing, fields: Fields):
        self._stage = stage
        self._box = box
        self._browsing = browsing
        self._fields = fields

    def entered(self, widget: Widget) -> None:
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
        article = self._stage.article
        if article.mode is Mode.MARKING:
            return Scope.MARKING
        if self._stage.is_at(article):
            return Scope.READER
        if self._stage.is_at(self._stage.filter):
            return Scope.SEARCH
        return Scope.TAGS if self._stage.is_at(self._stage.tree) else Scope.LIST

    def step(self, panes: int) -> None:
        """Go to the next pane, or the one before."""
        order: list[Widget] = [self._stage.tree, self._stage.entries, self._stage.article]
        at = next((n for n, pane in enumerate(order) if self._stage.is_at(pane)), 1)
        self._stage.focus(order[(at + panes) % len(order)])

    def toggle_alone(self) -> None:
        """Hide the other panes, or show them again."""
        self._alone(not self._box.has_class("-alone"))
        if self._box.has_class("-alone"):
            if self._stage.is_at(self._stage.entries):
                self._stage.run("open")
            else:
                self._stage.focus(self._stage.article)

    def _alone(self, is_alone: bool) -> None:
        self._box.set_class(is_alone, "-alone", update=False)
        self._style_panes()

    def back(self) -> bool:
        """Close, clear or go back, whichever is nearest; whether there was anything to do."""
        stage = self._stage
        if self._fields.leave():
            return True
        if stage.is_at(stage.article):
            if stage.article.action_leave():
                return True
            self._alone(False)
            stage.focus(stage.entries)
        elif stage.entries.selection:
            stage.entries.select(())
        elif self._browsing.clear():
            self._fields.show_filter()
        elif stage.is_at(stage.tree):
            stage.focus(stage.entries)
        else:
            return False
        return True

    def next_row_height(self) -> None:
        """Three lines for each row, two, one, and three again."""
        entries = self._stage.entries
        entries.height_of_row = ROW_HEIGHTS[entries.height_of_row]

    def commands(self) -> dict[str, Callable[[], Any]]:
        """Keys that only move about."""
        entries, tree, article = self._stage.entries, self._stage.tree, self._stage.article
        go = self._stage.focus
        return {
            "tags-pane": lambda: go(tree),
            "list-pane": lambda: go(entries),
            "reader-pane": lambda: go(article),
            "next-pane": lambda: self.step(1),
            "last-pane": lambda: self.step(-1),
            "to-tags": lambda: go(tree),
            "to-list": lambda: go(entries),
            **entries.moves(),
            "select": entries.toggle,
            "select-range": entries.toggle_range,
            "row-height": self.next_row_height,
            "tags-down": lambda: tree.move(1),
            "tags-up": lambda: tree.move(-1),
            "tags-top": tree.go_to_top,
            "tags-bottom": tree.go_to_end,
            "fold": tree.fold,
            "unfold": lambda: tree.unfold() or go(entries),
            "alone": self.toggle_alone,
            "back": self.back,
        }
