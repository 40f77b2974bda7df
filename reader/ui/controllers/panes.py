"""The panes: focus, widths, focus mode, and going back."""

from collections.abc import Callable
from typing import Final

from textual.containers import Horizontal
from textual.widget import Widget

from reader.ui.commands import Scope
from reader.ui.controllers.context import UIContext

_NAMES: Final = ("tags", "list", "reader")
FOCUS_MODE: Final = "-alone"
"""Class of the panes' container while only the text is shown."""
MIN_WIDTH: Final = 16
"""Cells of the narrowest pane; below, titles are cut after two words."""
SIDEBAR_WIDTH, LIST_WIDTH = 27, 46
"""Cells of panes that are hidden while an article is read, as in the style sheet."""
MIN_TEXT: Final = 30
"""Cells that widened panes leave to the text."""
THREE_PANES, TWO_PANES = 120, 80
"""Columns from which three panes are shown, and two, as in `MainScreen`."""


class PaneController:
    """Shows and hides panes by classes on their container, which the style sheets know."""

    def __init__(
        self,
        context: UIContext,
        box: Horizontal,
        leave_search: Callable[[], bool],
        clear_filter: Callable[[], bool],
    ):
        """`leave_search` and `clear_filter` return whether there was anything to leave or clear."""
        self._context = context
        self._box = box
        self._leave_search = leave_search
        self._clear_filter = clear_filter

    # Focus.

    def show_pane(self, widget: Widget) -> None:
        """Show the pane of the widget that has the focus, and mark it."""
        pane = next((p for p in widget.ancestors if p.id and p.id.endswith("-pane")), None)
        if pane is None:
            return
        before = self._box.classes
        for name in _NAMES:
            self._box.set_class(pane.id == f"{name}-pane", f"-at-{name}", update=False)
        if pane.id != "reader-pane":
            self._box.set_class(False, FOCUS_MODE, update=False)
        if self._box.classes != before:
            self.apply_widths()

    def _update_styles(self) -> None:
        """Apply the container's classes to the panes, whose content is not affected by them."""
        self._box.app.stylesheet.update_nodes(self._box.children)

    def focus_sidebar(self) -> None:
        self._context.focus(self._context.sidebar)

    def focus_list(self) -> None:
        self._context.focus(self._context.entries)

    def focus_article(self) -> None:
        self._context.focus(self._context.article)

    def step(self, panes: int) -> None:
        """Go to the next pane, or the previous one."""
        order: list[Widget] = [self._context.sidebar, self._context.entries, self._context.article]
        at = next((n for n, pane in enumerate(order) if self._context.has_focus(pane)), 1)
        self._context.focus(order[(at + panes) % len(order)])

    def unfold(self) -> None:
        """Show nested tags, or go to the list."""
        if not self._context.sidebar.unfold():
            self.focus_list()

    # Focus mode.

    def toggle_focus_mode(self) -> None:
        """Hide the other panes, or show them again."""
        is_on = not self._box.has_class(FOCUS_MODE)
        self._set_focus_mode(is_on)
        if is_on and not self._context.has_focus(self._context.article):
            entries = self._context.entries
            if self._context.has_focus(entries) and entries.current:
                self._context.open_entry(entries.current)
            else:
                self.focus_article()

    def _set_focus_mode(self, is_on: bool) -> None:
        self._box.set_class(is_on, FOCUS_MODE, update=False)
        self.apply_widths()

    def back(self) -> bool:
        """Close, clear or go back. Returns whether there was anything to go back from."""
        context = self._context
        if self._leave_search():
            return True
        if context.has_focus(context.article):
            if context.article.action_leave():
                return True
            self._set_focus_mode(False)
            self.focus_list()
        elif context.entries.selection:
            context.entries.set_selection(())
        elif self._clear_filter():
            return True
        elif context.has_focus(context.sidebar):
            self.focus_list()
        else:
            return False
        return True

    # Sizes.

    def widen(self, cells: int) -> None:
        """Make the focused pane wider, or narrower for a negative number."""
        total = self._box.size.width
        if total < TWO_PANES or self._box.has_class(FOCUS_MODE):
            self._context.notify_info("There is only one pane.")
            return
        sidebar, entry_list = self._widths()
        scope = self._context.scope
        if scope is Scope.TAGS:
            sidebar += cells
        else:
            entry_list += -cells if scope is Scope.READER else cells
        sidebar, entry_list = max(MIN_WIDTH, sidebar), max(MIN_WIDTH, entry_list)
        used = sidebar + entry_list if total >= THREE_PANES else entry_list
        if used + MIN_TEXT <= total:
            self._context.remember(sidebar_width=sidebar, list_width=entry_list)
            self.apply_widths()

    def _widths(self) -> tuple[int, int]:
        """Cells of sidebar and list: the remembered ones, else those of the style sheet."""
        state = self._context.state.appearance
        find = self._box.query_one
        sidebar = state.sidebar_width or find("#tags-pane").size.width or SIDEBAR_WIDTH
        return sidebar, state.list_width or find("#list-pane").size.width or LIST_WIDTH

    def apply_widths(self) -> None:
        """Give the panes their remembered widths, if the screen has room for them."""
        state, total = self._context.state.appearance, self._context.screen.size.width
        find = self._box.query_one
        widths = {"#tags-pane": state.sidebar_width, "#list-pane": state.list_width}
        is_at_tags = self._box.has_class("-at-tags")
        for name, cells in widths.items():
            pane = find(name)
            is_shown = total >= THREE_PANES or (
                total >= TWO_PANES and is_at_tags == (name == "#tags-pane")
            )
            used = sum(widths.values()) if total >= THREE_PANES else cells
            if cells and is_shown and used + MIN_TEXT <= total:
                pane.styles.width = cells
            else:
                pane.styles.clear_rule("width")
        self._context.status.allow_progress(self._shows_text(total))
        self._update_styles()

    def _shows_text(self, total: int) -> bool:
        """Return whether the text is one of the panes, by the rules of the style sheet."""
        has = self._box.has_class
        is_beside = total >= THREE_PANES or (total >= TWO_PANES and not has("-at-tags"))
        return is_beside or has("-at-reader") or has(FOCUS_MODE)
