"""A note, over several lines."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static, TextArea

from reader.model.text import clean
from reader.ui.content import literal
from reader.ui.screens.dialogs.dialog import Dialog


class NoteDialog(Dialog[str]):
    """Returns the note; an empty one removes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+s", "keep", show=False, priority=True),
        Binding("ctrl+j,alt+enter", "line", show=False, priority=True),
    ]
    keys = (("enter", "keep"), ("ctrl+j", "new line"), ("esc", "back"))

    def __init__(self, title: str, note: str = "", quote: str = ""):
        super().__init__()
        self.title_words = title
        self._note = note
        self._quote = quote

    def body(self) -> list[Widget]:
        quoted = (
            [Static(literal(f"“{self._quote}”"), classes="dialog-quote")] if self._quote else []
        )
        return [*quoted, TextArea(clean(self._note), compact=True)]

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)

    def action_keep(self) -> None:
        self.dismiss(self.query_one(TextArea).text.strip())

    def action_line(self) -> None:
        self.query_one(TextArea).insert("\n")
