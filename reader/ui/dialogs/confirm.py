"""A question that is answered yes or not at all."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from reader.ui.dialogs.dialog import Dialog
from reader.ui.plain_content import literal_lines


class ConfirmDialog(Dialog[bool]):
    """Returns True for `y` or `enter`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "agree", show=False),
        Binding("n", "leave", show=False),
    ]

    def __init__(self, title: str, said: str = "", answer: str = "yes"):
        super().__init__()
        self.title_words = title
        self.keys = (("y", answer), ("esc", "back"))
        self._said = said

    def body(self) -> list[Widget]:
        return [Static(literal_lines(self._said))] if self._said else []

    def action_agree(self) -> None:
        self.dismiss(True)
