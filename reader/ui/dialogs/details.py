"""The details of one article: facts, a summary, related articles to open or to save."""

from collections.abc import Callable
from typing import ClassVar, Literal

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from reader.model.article import Related
from reader.model.entry import Entry
from reader.ui.backend import ArticleDetails
from reader.ui.commands import Scope
from reader.ui.dialogs.dialog import Dialog
from reader.ui.keymap import Keymap, bindings
from reader.ui.plain_content import plain_content, plain_lines

DetailsChoice = tuple[Literal["open", "save"], Entry | Related]
_LABEL_CELLS = 12


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
        stopping = ((key("details-stop"), "stop the summary"),) if on_cancel else ()
        self.key_hints = (*(related if self._related else ()), *stopping, ("esc", "back"))
        self.add_class("-wide-dialog")

    def body(self) -> list[Widget]:
        parts: list[Widget] = [Static(self._facts())]
        if self._details.summary:
            text = Static(plain_lines(self._details.summary), id="summary")
            parts += [Static(self._summary_head(), id="summary-head"), text]
        if self._related:
            options = OptionList(
                *(Option(self._line(item)) for item in self._related), compact=True
            )
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
            self.query_one(OptionList).highlighted = 0
            self.query_one(OptionList).focus()

    def _facts(self) -> Content:
        lines = [
            Content.styled(f"{name:<{_LABEL_CELLS}}", "$text-muted") + plain_content(value)
            for name, value in self._details.facts
        ]
        return Content("\n").join(lines)

    def _head(self, words: str) -> Content:
        return Content("\n") + Content.styled(words, "$accent bold")

    def _line(self, item: Entry | Related) -> Content:
        if isinstance(item, Entry):
            beside = f"{item.site or ''} · {item.minutes} min"
        else:
            beside = " · ".join(part for part in (item.source, item.age, "not saved") if part)
        return plain_content(item.title) + Content("  ") + plain_content(beside, "$text-muted")

    # The actions of keys.

    def action_stop_summary(self) -> None:
        """Stop writing the summary."""
        self._cancel_summary()
        if self._details.summary:
            self.query_one("#summary-head", Static).update(self._head("Summary"))

    def action_move(self, rows: int) -> None:
        """Move among the related articles, or scroll if there are none."""
        if not self._related:
            self.query_one(VerticalScroll).scroll_relative(y=rows, animate=False)
            return
        options = self.query_one(OptionList)
        at = (options.highlighted or 0) + rows
        options.highlighted = max(0, min(at, len(self._related) - 1))

    def action_choose(self, use: Literal["open", "save"]) -> None:
        """Open the related article under the cursor, or add it to the library."""
        if self._related:
            self.dismiss((use, self._related[self.query_one(OptionList).highlighted or 0]))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(("open", self._related[event.option_index]))
