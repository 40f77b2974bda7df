"""A dialog to write a note of several lines."""

from dataclasses import dataclass

from textual import events, on
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from reader.model.text import clean
from reader.ui.dialogs.dialog import Dialog, quotation


class NoteArea(TextArea):
    """A text area whose `enter` submits it.

    Not a binding: one with priority would run before letters typed ahead of it.
    """

    @dataclass
    class Submitted(Message):
        """The text is complete."""

    def on_key(self, event: events.Key) -> None:
        if event.key in ("enter", "ctrl+s"):
            event.stop()
            event.prevent_default()
            self.post_message(self.Submitted())
        elif event.key in ("ctrl+j", "alt+enter"):
            event.stop()
            event.prevent_default()
            self.insert("\n")


class NoteDialog(Dialog[str]):
    """Returns the note; an empty one removes it."""

    key_hints = (("enter", "save"), ("ctrl+j", "new line"), ("esc", "back"))

    def __init__(self, title: str, note: str = "", quote: str = ""):
        super().__init__()
        self.heading = title
        self._note = note
        self._quote = quote

    def body(self) -> list[Widget]:
        return [*quotation(self._quote), NoteArea(clean(self._note), compact=True)]

    def on_mount(self) -> None:
        area = self.query_one(NoteArea)
        area.move_cursor(area.document.end)

    @on(NoteArea.Submitted)
    def _on_submit(self) -> None:
        self.dismiss(self.query_one(NoteArea).text.strip())
