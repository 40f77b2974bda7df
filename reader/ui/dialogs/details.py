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
from reader.ui.backend import About
from reader.ui.commands import Scope
from reader.ui.dialogs.dialog import Dialog
from reader.ui.keymap import Keyring, bindings
from reader.ui.plain_content import literal, literal_lines

Chosen = tuple[Literal["open", "save"], Entry | Related]
_NAMES = 12


class DetailsDialog(Dialog[Chosen]):
    """Returns what is to be opened or saved of the related articles."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.DETAILS)]
    width = 76

    def __init__(self, about: About, keyring: Keyring, stop: Callable[[], object] | None = None):
        """`stop` gives up a summary that is being made, which `show_summary` would bring."""
        super().__init__()
        self._stop = stop
        self.title_words = about.title
        self._about = about
        self._related: list[Entry | Related] = [*about.near, *about.named]
        key = keyring.key
        related = ((key("details-open"), "open"), (key("details-save"), "save"))
        stopping = ((key("details-stop"), "stop the summary"),) if stop else ()
        self.keys = (*(related if self._related else ()), *stopping, ("esc", "back"))
        self.add_class("-wide-dialog")

    def body(self) -> list[Widget]:
        parts: list[Widget] = [Static(self._facts())]
        if self._about.summary:
            text = Static(literal_lines(self._about.summary), id="summary")
            parts += [Static(self._summary_head(), id="summary-head"), text]
        if self._related:
            options = OptionList(
                *(Option(self._line(item)) for item in self._related), compact=True
            )
            parts += [Static(self._head("Related")), options]
        return [VerticalScroll(*parts)]

    def _summary_head(self) -> Content:
        coming = "  a better one is being made" if self._stop else ""
        return self._head("In short") + Content.styled(coming, "$text-muted")

    def show_summary(self, text: str) -> None:
        """Show this one instead of the article's own sentences."""
        self._stop = None
        if self.is_open and text:
            self.query_one("#summary", Static).update(literal_lines(text))
            self.query_one("#summary-head", Static).update(self._head("In short"))

    def on_unmount(self) -> None:
        """Nobody waits any more for what was being made."""
        self._give_up()

    def _give_up(self) -> None:
        if self._stop is not None:
            self._stop()
            self._stop = None

    def on_mount(self) -> None:
        if self._related:
            self.query_one(OptionList).highlighted = 0
            self.query_one(OptionList).focus()

    def _facts(self) -> Content:
        lines = [
            Content.styled(f"{name:<{_NAMES}}", "$text-muted") + literal(value)
            for name, value in self._about.facts
        ]
        return Content("\n").join(lines)

    def _head(self, words: str) -> Content:
        return Content("\n") + Content.styled(words, "$accent bold")

    def _line(self, item: Entry | Related) -> Content:
        if isinstance(item, Entry):
            beside = f"{item.site or ''} · {item.minutes} min"
        else:
            beside = " · ".join(part for part in (item.source, item.age, "not saved") if part)
        return literal(item.title) + Content("  ") + literal(beside, "$text-muted")

    # -- keys -----------------------------------------------------------------------------------

    def action_command(self, command_id: str) -> None:
        """What the bindings of the details run."""
        if command_id == "details-stop":
            self._give_up()
            if self._about.summary:
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
