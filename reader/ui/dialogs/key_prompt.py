"""A dialog that takes the next key as a command's new one."""

from collections.abc import Callable

from textual import events
from textual.widget import Widget
from textual.widgets import Static

from reader.ui.dialogs.dialog import Dialog
from reader.ui.plain_content import plain_content


class KeyPrompt(Dialog[str]):
    """Returns the key that was pressed; `refuse` gives the reason why a key cannot be used."""

    key_hints = (("esc", "back"),)

    def __init__(self, title: str, text: str, refuse: Callable[[str], str]):
        super().__init__()
        self.heading = title
        self._text = text
        self._refuse = refuse

    def body(self) -> list[Widget]:
        return [Static(plain_content(self._text)), Static("", id="problem")]

    def on_key(self, event: events.Key) -> None:
        """Take every key but the one that goes back."""
        if event.key == "escape":
            return
        event.stop()
        event.prevent_default()
        character = event.character or ""
        # Spaces and commas separate keys in the settings, so they have names.
        key = character if event.is_printable and character not in " ," else event.key
        problem = self._refuse(key)
        if problem:
            self.query_one("#problem", Static).update(plain_content(problem))
        else:
            self.dismiss(key)
