"""The details of one article: facts, a summary, related articles to open or to save."""

from collections.abc import Callable
from typing import ClassVar, Literal

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from reader.model.article import Related
from reader.model.entry import Entry
from reader.ui.backend import ArticleDetails
from reader.ui.commands import Scope
from reader.ui.dialogs.dialog import SCROLL_BAR_CELLS, Dialog, content_width
from reader.ui.dialogs.picker import Row, row_content
from reader.ui.keymap import Keymap, bindings
from reader.ui.plain_content import plain_content, plain_lines

DetailsChoice = tuple[Literal["open", "save"], Entry | Related]
_LABEL_CELLS = 12
"""Cells of the column of labels: the longest one and two spaces."""
_RELATED_LINES = 2
"""Lines of a related article: its title, and its source below."""


class DetailsDialog(Dialog[DetailsChoice]):
    """Returns the related article to open or to save."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.DETAILS)]
    width = 76

    def __init__(
        self, details: ArticleDetails, keys: Keymap, on_cancel: Callable[[], object] | None = None
    ):
        """`on_cancel` cancels a summary that is being written, which `show_summary` would show."""
        super().__init__()
        self._on_cancel = on_cancel
        self.heading = details.title
        self._details = details
        self._related: list[Entry | Related] = [*details.similar, *details.linked]
        key = keys.key
        related = ((key("details-open"), "open"), (key("details-save"), "save"))
        move = (f"{key('details-down')} {key('details-up')}", "move" if self._related else "scroll")
        stopping = ((key("details-stop"), "stop the summary"),) if on_cancel else ()
        self.key_hints = (*(related if self._related else ()), move, *stopping, ("esc", "back"))
        self.add_class("-wide-dialog")

    def body(self) -> list[Widget]:
        parts: list[Widget] = [Static(self._facts())]
        if self._details.summary:
            text = Static(plain_lines(self._details.summary), id="summary")
            parts += [Static(self._summary_head(), id="summary-head"), text]
        if self._related:
            cells = content_width(self) - SCROLL_BAR_CELLS
            rows = (self._row(item) for item in self._related)
            options = OptionList(*(Option(row_content(row, cells)) for row in rows), compact=True)
            parts += [Static(self._head("Related")), options]
        return [VerticalScroll(*parts)]

    def _summary_head(self) -> Content:
        coming = "  a better one is being written" if self._on_cancel else ""
        return self._head("Summary") + Content.styled(coming, "$text-muted")

    def show_summary(self, text: str) -> None:
        """Show this summary instead of the article's own sentences."""
        self._on_cancel = None
        if self.is_open and text:
            self.query_one("#summary", Static).update(plain_lines(text))
            self.query_one("#summary-head", Static).update(self._head("Summary"))

    def on_unmount(self) -> None:
        """Cancel the pending summary."""
        self._cancel_summary()

    def _cancel_summary(self) -> None:
        if self._on_cancel is not None:
            self._on_cancel()
            self._on_cancel = None

    def on_mount(self) -> None:
        if self._related:
            options = self.query_one(OptionList)
            options.highlighted = None
            options.focus(scroll_visible=False)
            self.call_after_refresh(self._start_in_list)

    def _start_in_list(self) -> None:
        """Put the cursor on the first related article if it is visible; else j goes there."""
        if self.is_open and self._sees_related(0):
            self.query_one(OptionList).highlighted = 0

    def _region_of(self, related: int) -> Region:
        """Return the lines of a related article in the scrolled text."""
        region = self.query_one(OptionList).virtual_region
        return Region(region.x, region.y + related * _RELATED_LINES, region.width, _RELATED_LINES)

    def _sees_related(self, related: int) -> bool:
        region, scroll = self._region_of(related), self.query_one(VerticalScroll)
        top = scroll.scroll_offset.y
        return top <= region.y and region.bottom <= top + scroll.size.height

    def _facts(self) -> Content:
        lines = [
            Content.styled(f"{name:<{_LABEL_CELLS}}", "$text-muted") + plain_content(value)
            for name, value in self._details.facts
        ]
        return Content("\n").join(lines)

    def _head(self, words: str) -> Content:
        return Content("\n") + Content.styled(words, "$accent bold")

    def _row(self, item: Entry | Related) -> Row[Entry | Related]:
        facts = (
            (item.site, f"{item.minutes} min")
            if isinstance(item, Entry)
            else (item.source, item.age, "not saved")
        )
        return Row(item.title, item, more=" · ".join(part for part in facts if part))

    # The actions of keys.

    def action_stop_summary(self) -> None:
        """Stop writing the summary."""
        self._cancel_summary()
        if self._details.summary:
            self.query_one("#summary-head", Static).update(self._head("Summary"))

    def action_move(self, rows: int) -> None:
        """Scroll the text, and move among the related articles below it."""
        scroll, options = self.query_one(VerticalScroll), self.query(OptionList)
        at = options.first().highlighted if options else None
        if not options or (at is None and (rows < 0 or not self._sees_related(0))):
            scroll.scroll_relative(y=rows, animate=False, immediate=True)
            return
        after = (-1 if at is None else at) + rows
        if after < 0:
            # The text above is reached line by line again.
            options.first().highlighted = None
            scroll.scroll_relative(y=after, animate=False, immediate=True)
        else:
            options.first().highlighted = after = min(after, len(self._related) - 1)
            scroll.scroll_to_region(self._region_of(after), animate=False, immediate=True)

    def action_choose(self, use: Literal["open", "save"]) -> None:
        """Open the related article under the cursor, or add it to the library."""
        at = self.query_one(OptionList).highlighted if self._related else None
        if at is not None:
            self.dismiss((use, self._related[at]))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(("open", self._related[event.option_index]))
