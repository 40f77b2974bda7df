"""A dialog to choose the label of a highlight: a colour, a word, or both."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from reader.model.labels import HIGHLIGHT_COLORS, HighlightLabel, label_key, parse_label
from reader.ui.dialogs.dialog import Dialog, quotation
from reader.ui.plain_content import plain_content

_MAX_WORDS: Final = 12
"""Words offered below the colours; typing reaches the others."""


COLOR_KEYS: Final = {str(number): color for number, color in enumerate(HIGHLIGHT_COLORS, 1)}
"""The keys that stand for a colour while text is highlighted and in the notebook."""


def label_content(label: HighlightLabel) -> Content:
    """Return the label as lists show it: the colour's name on the colour, then the word."""
    word = f"#{label.word}" if label.word else ""
    if not label.color:
        return plain_content(word, "$secondary")
    color = Content.styled(f" {label.color} ", f"$foreground on $marked-{label.color}")
    return color + Content(" " if word else "") + plain_content(word, "$secondary")


class LabelDialog(Dialog[HighlightLabel]):
    """Returns the label; an empty one removes it. `known` are the words used before."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "step(1)", show=False),
        Binding("up,ctrl+p", "step(-1)", show=False),
    ]
    heading = "Label of the highlight"
    key_hints = (("enter", "save"), ("↑ ↓", "choose"), ("esc", "back"))

    def __init__(self, label: HighlightLabel, known: Sequence[str], quote: str = ""):
        super().__init__()
        self._label = label
        self._known = [word for word in known if word not in HIGHLIGHT_COLORS]
        self._quote = quote
        self._shown: list[HighlightLabel] = []

    def body(self) -> list[Widget]:
        return [
            *quotation(self._quote),
            Input(
                str(self._label),
                placeholder="a colour, a word, or both",
                select_on_focus=True,
            ),
            OptionList(compact=True),
        ]

    def on_mount(self) -> None:
        # The dialog only counts as mounted after this.
        self.call_later(self._show_choices)

    @property
    def _typed(self) -> HighlightLabel:
        return parse_label(self.query_one(Input).value)

    def _choices(self) -> list[HighlightLabel]:
        """Return the labels to offer; the one that is typed stands first."""
        typed = self._typed
        start = label_key(typed.word)
        if typed == self._label:
            words = [HighlightLabel(typed.color, word) for word in self._known]
            rows = [
                typed,
                *(HighlightLabel(color, typed.word) for color in HIGHLIGHT_COLORS),
                *words,
            ]
            return [*dict.fromkeys(rows), HighlightLabel()] if any(typed) else rows[1:]
        colors = [color for color in HIGHLIGHT_COLORS if start and color.startswith(start)]
        words = [
            HighlightLabel(typed.color, word) for word in self._known if start and start in word
        ]
        rows = [typed, *(HighlightLabel(color) for color in colors if not typed.color), *words]
        return list(dict.fromkeys(rows))

    @on(Input.Changed)
    def _show_choices(self) -> None:
        if not self.is_open:
            return
        self._shown = self._choices()[: len(HIGHLIGHT_COLORS) + _MAX_WORDS]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(
            [
                Option(label_content(each) if any(each) else plain_content("no label"))
                for each in self._shown
            ]
        )
        if self._shown:
            options.highlighted = 0

    @on(Input.Submitted)
    def _on_submit(self) -> None:
        at = self.query_one(OptionList).highlighted
        chosen = self._shown[at] if at is not None and at < len(self._shown) else self._typed
        self.dismiss(chosen)

    @on(OptionList.OptionSelected)
    def _on_option(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._shown[event.option_index])
