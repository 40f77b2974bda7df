"""Search field with completions below it."""

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive, reactive
from textual.widgets import Input, Static

from reader.ui.commands import Scope
from reader.ui.keymap import bindings
from reader.ui.plain_content import plain_content

OPEN_CLASS = "-open"
"""Class of a shown field. It is always displayed: Textual drops keys of hidden widgets."""


class SearchField(Input):
    """Input whose keys come from the command table.

    `on_value_change` is called with the value as soon as it changes: Textual posts its own message
    after the line is painted, ⏱ 5 ms later.
    """

    BINDINGS = bindings(Scope.SEARCH)

    # A blinking cursor draws the screen twice a second.
    cursor_blink = reactive(False, init=False)

    virtual_size = Reactive(Size(0, 0))
    """The length of the value, which does not affect the layout: ⏱ 2 ms saved."""

    on_value_change: Callable[[str], None] | None = None

    def watch_value(self, value: str) -> None:
        if self.on_value_change:
            self.on_value_change(value)


class CompletionList(Static):
    """Lines of completions, at most one of them highlighted."""

    _shown: tuple[Sequence[str], int | None] = ((), None)

    def show_completions(self, rows: Sequence[str], at: int | None) -> None:
        """Show these completions; hide the list if there are none."""
        if (rows, at) == self._shown:
            return
        self._shown = rows, at
        lines = [
            Content.styled("› ", "$accent") + plain_content(row, "bold")
            if number == at
            else Content("  ") + plain_content(row)
            for number, row in enumerate(rows)
        ]
        self.update(Content("\n").join(lines))
        self.set_class(bool(rows), OPEN_CLASS)
