"""A dialog that asks for a confirmation."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from reader.ui.dialogs.dialog import Dialog
from reader.ui.plain_content import plain_lines


class ConfirmDialog(Dialog[bool]):
    """Returns True for `y` or `enter`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "confirm", show=False),
        Binding("n", "cancel", show=False),
    ]

    def __init__(self, title: str, text: str = "", answer: str = "yes"):
        super().__init__()
        self.heading = title
        self.key_hints = (("y", answer), ("esc", "back"))
        self._text = text

    def body(self) -> list[Widget]:
        return [Static(plain_lines(self._text))] if self._text else []

    def action_confirm(self) -> None:
        self.dismiss(True)
