"""What is known of one article: facts, a summary, related ones to open or to save."""

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
    """Returns what is to be opened or saved of the related articles."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.DETAILS)]
    width = 76

    def __init__(
        self, about: ArticleDetails, keyring: Keymap, stop: Callable[[], object] | None = None
    ):
        """`stop` gives up a summary that is being made, which `show_summary` would bring."""
        super().__init__()
        self._on_cancel = stop
        self.heading = about.title
        self._details = about
        self._related: list[Entry | Related] = [*about.similar, *about.linked]
        key = keyring.key
        related = ((key("details-open"), "open"), (key("details-save"), "save"))
        stopping = ((key("details-stop"), "stop the summary"),) if stop else ()
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
        coming = "  a better one is being made" if self._on_cancel else ""
        return self._head("In short") + Content.styled(coming, "$text-muted")

    def show_summary(self, text: str) -> None:
        """Show this one instead of the article's own sentences."""
        self._on_cancel = None
        if self.is_open and text:
            self.query_one("#summary", Static).update(plain_lines(text))
            self.query_one("#summary-head", Static).update(self._head("In short"))

    def on_unmount(self) -> None:
        """Nobody waits any more for what was being made."""
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

    # -- keys -----------------------------------------------------------------------------------

    def action_command(self, command_id: str) -> None:
        """What the bindings of the details run."""
        if command_id == "details-stop":
            self._cancel_summary()
            if self._details.summary:
                self.query_one("#summary-head", Static).update(self._head("In short"))
        elif self._related:
            self._move(command_id)

    def _move(self, command_id: str) -> None:
        options = self.query_one(OptionList)
        at = options.highlighted or 0
        match command_id:
            case "details-down":
                options.highlighted = min(at + 1, len(self._related) - 1)
            case "details-up":
                options.highlighted = max(at - 1, 0)
            case "details-open":
                self.dismiss(("open", self._related[at]))
            case "details-save":
                self.dismiss(("save", self._related[at]))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(("open", self._related[event.option_index]))
