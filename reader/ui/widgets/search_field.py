"""The line in which the list's filter is typed, and what is offered below it."""

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input, Static

from reader.ui.commands import Scope
from reader.ui.keymap import bindings
from reader.ui.plain_content import plain_content

OPEN_CLASS = "-open"
"""Class of a line that is shown. It is never undisplayed: Textual drops keys of what was."""


class SearchField(Input):
    """A line to type in whose keys are those of the command table.

    `follow` is called with what stands in it as soon as that changes: Textual's own message comes
    when the line has been painted, ⏱ 5 ms later.
    """

    BINDINGS = bindings(Scope.SEARCH)

    virtual_size = Reactive(Size(0, 0))
    """How long the words are, which changes nothing of the layout: ⏱ 2 ms for each key."""

    on_value_change: Callable[[str], None] | None = None

    def watch_value(self, value: str) -> None:
        if self.on_value_change:
            self.on_value_change(value)


class CompletionList(Static):
    """Lines that what is typed may become, one of them chosen or none."""

    _shown: tuple[Sequence[str], int | None] = ((), None)

    def show_completions(self, rows: Sequence[str], at: int | None) -> None:
        """Show these; nothing where there are none."""
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
