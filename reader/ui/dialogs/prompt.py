"""A dialog that asks for one line of text."""

from collections.abc import Sequence

from textual import on
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input

from reader.ui.dialogs.dialog import Dialog


class PromptDialog(Dialog[str]):
    """Returns the stripped input; an empty one cancels."""

    def __init__(
        self,
        title: str,
        *,
        value: str = "",
        placeholder: str = "",
        answer: str = "save",
        known: Sequence[str] = (),
    ):
        super().__init__()
        self.heading = title
        self.key_hints = (("enter", answer), ("esc", "back"))
        self._value = value
        self._placeholder = placeholder
        self._known = known

    def body(self) -> list[Widget]:
        suggester = SuggestFromList(self._known, case_sensitive=False) if self._known else None
        return [
            Input(
                self._value,
                placeholder=self._placeholder,
                suggester=suggester,
                select_on_focus=False,
            )
        ]

    @on(Input.Submitted)
    def _on_submit(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip() or None)
