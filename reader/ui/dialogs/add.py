"""The dialog that takes everything that can be added."""

from textual import events, on
from textual.widget import Widget
from textual.widgets import Input, Static

from reader.model.text import clean_tag
from reader.ui.dialogs.dialog import Dialog

AddRequest = tuple[str, tuple[str, ...]]
"""The input, and the tags of everything that it adds."""


class SourceField(Input):
    """A field that takes every line of a paste, not only the first."""

    def _on_paste(self, event: events.Paste) -> None:
        self.insert_text_at_cursor(" ".join(event.text.split()))
        event.prevent_default()
        event.stop()


class AddDialog(Dialog[AddRequest]):
    """Returns the input and the tags."""

    heading = "Add"
    key_hints = (("enter", "add"), ("tab", "tags"), ("esc", "back"))

    def __init__(self, source: str = ""):
        super().__init__()
        self._source = source

    def body(self) -> list[Widget]:
        return [
            SourceField(
                self._source,
                placeholder="addresses, a file, a folder, or an export",
                select_on_focus=False,
                id="source",
            ),
            Input(placeholder="comma-separated tags", select_on_focus=False, id="tags"),
            Static(
                "Several addresses at once, and exports of other programs.", classes="dialog-hint"
            ),
        ]

    @on(Input.Submitted)
    def _on_submit(self) -> None:
        source = self.query_one("#source", Input).value.strip()
        words = self.query_one("#tags", Input).value.split(",")
        tags = tuple(tag for word in words if (tag := clean_tag(word)))
        self.dismiss((source, tags) if source else None)
