"""A dialog to pick a row, by typing or with the keys of a list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from reader.layout.text_width import shorten, width
from reader.model.text import fold_case, one_line
from reader.ui.dialogs.dialog import SCROLL_BAR_CELLS, Dialog, content_width
from reader.ui.plain_content import plain_content

T = TypeVar("T")

_MAX_OPTIONS = 200
"""Rows shown at once: an option list takes 0.1 ms for each of them."""


@dataclass(frozen=True, slots=True)
class Row(Generic[T]):
    """A row: `side` is dim at its right, `more` dim below it, `depth` indents it.

    The filter also finds the row by `words`, which are not shown. `name` is the part of the label
    by which it ranks, as if the label began with it.
    """

    label: str
    value: T
    side: str = ""
    more: str = ""
    depth: int = 0
    words: str = ""
    name: str = ""


class PickerDialog(Dialog[T], Generic[T]):
    """Returns the value of the picked row.

    `on_highlight` gets the value under the cursor, for previews; `on_cancel` takes them back.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "step(1)", show=False),
        Binding("up,ctrl+p", "step(-1)", show=False),
        Binding("pagedown", "step(10)", show=False),
        Binding("pageup", "step(-10)", show=False),
    ]

    def __init__(
        self,
        title: str,
        rows: Sequence[Row[T]],
        *,
        has_filter: bool = True,
        answer: str = "go",
        empty: str = "Nothing here.",
        at: int = 0,
        on_highlight: Callable[[T], object] | None = None,
        on_cancel: Callable[[], object] | None = None,
    ):
        super().__init__()
        self.heading = title
        choose = (("enter", answer), ("↑ ↓" if has_filter else "j k", "choose"))
        self.key_hints = (*(choose if rows else ()), ("esc", "back"))
        self._rows = rows
        self._shown = list(rows)
        self._has_filter = has_filter
        self._empty = empty
        self._at = at
        self._on_highlight = on_highlight
        self._on_cancel = on_cancel
        self._keeps_height = False

    def body(self) -> list[Widget]:
        field = [Input(placeholder="type to filter")] if self._has_filter and self._rows else []
        return [
            *field,
            OptionList(compact=True),
            Static(plain_content(self._empty), classes="dialog-empty"),
        ]

    def on_mount(self) -> None:
        self._fill()
        options = self.query_one(OptionList)
        if options.option_count:
            options.highlighted = min(self._at, options.option_count - 1)
        if not self._has_filter:
            options.focus()

    def _fill(self) -> None:
        options = self.query_one(OptionList)
        # One more cell, so that the right column does not touch the bar.
        cells = content_width(self) - SCROLL_BAR_CELLS - 1
        options.clear_options()
        # A dim side cannot be seen on the bar of the cursor.
        dim = "" if self.app.has_class("-few-colors") else "$text-muted"
        options.add_options(
            [Option(row_content(row, cells, dim)) for row in self._shown[:_MAX_OPTIONS]]
        )
        # The empty list keeps its place, so that the field does not move while the user types.
        options.display = bool(self._shown) or self._keeps_height
        is_empty_list = self._keeps_height and not self._shown
        if is_empty_list:
            options.add_option(Option(plain_content(self._empty, "$text-muted"), disabled=True))
        more = len(self._shown) - _MAX_OPTIONS
        below = self.query_one(".dialog-empty", Static)
        below.update(plain_content(f"and {more:,} more" if more > 0 else self._empty))
        below.display = not is_empty_list and (more > 0 or not self._shown)
        if self._shown:
            options.highlighted = 0

    @on(Input.Changed)
    def _on_filter(self, event: Input.Changed) -> None:
        if not self.is_open:
            return
        options = self.query_one(OptionList)
        if not self._keeps_height and options.size.height:
            self._keeps_height = True
            options.styles.min_height = options.size.height
        words = fold_case(event.value).split()
        found = [
            row
            for row in self._rows
            if all(w in fold_case(f"{row.label} {row.more} {row.words}") for w in words)
        ]
        self._shown = sorted(found, key=lambda row: _rank(row, words))
        self._fill()

    def on_key(self, event: events.Key) -> None:
        if self._has_filter:
            return
        steps = {"j": 1, "k": -1, "g": -len(self._rows), "G": len(self._rows)}
        if event.key in steps:
            event.stop()
            self.action_step(steps[event.key])

    @property
    def current(self) -> Row[T] | None:
        """The row under the cursor."""
        at = self.query_one(OptionList).highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else None

    @on(OptionList.OptionHighlighted)
    def _on_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if (
            self._on_highlight is not None
            and self.is_open
            and event.option_index < len(self._shown)
        ):
            self._on_highlight(self._shown[event.option_index].value)

    def action_cancel(self) -> None:
        if self._on_cancel is not None and self.is_open:
            self._on_cancel()
        super().action_cancel()

    @on(Input.Submitted)
    def _on_submit(self) -> None:
        if self.current is not None:
            self.dismiss(self.current.value)

    @on(OptionList.OptionSelected)
    def _on_option(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._shown[event.option_index].value)


def _rank(row: Row[T], words: Sequence[str]) -> int:
    """Return the row's rank, lower first.

    Label or name is the words, starts with them, or with the first; the label has them all; else 4.
    """
    names = (fold_case(row.label), fold_case(row.name))
    typed = " ".join(words)
    if typed and typed in names:
        return 0
    for rank, start in enumerate([typed, *words[:1]], 1):
        if start and any(name.startswith(start) for name in names):
            return rank
    return 3 if all(word in names[0] for word in words) else 4


def row_content(row: Row[T], cells: int, dim: str = "$text-muted") -> Content:
    """Return the line of a row: label left, side right, and `more` on a second line.

    Side and `more` have the style `dim`.
    """
    side = one_line(row.side, 40)
    label = one_line(row.label)
    indent = "  " * row.depth
    space = cells - width(side) - width(indent) - 2
    label = shorten(label, max(2, space))
    gap = " " * max(1, cells - width(indent) - width(label) - width(side))
    line = Content(indent) + plain_content(label) + Content(gap) + Content.styled(side, dim)
    if row.more:
        more = shorten(one_line(row.more), cells - 2)
        line = Content("\n").join([line, Content("  ") + plain_content(more, dim)])
    return line
