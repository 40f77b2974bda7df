"""A dialog that asks for a path, with completion."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from reader.ui.dialogs.dialog import Dialog
from reader.ui.plain_content import plain_content
from reader.ui.widgets.path_field import PathField

MAX_NAMES = 6
"""Names shown below the field, on one or two lines."""


def list_names(names: Sequence[str]) -> str:
    """Return the first names of a completion for the line below the field."""
    more = f"  and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return "  ".join(names[:MAX_NAMES]) + more


class PathPrompt(Dialog[str]):
    """Returns the path as it was typed; an empty one cancels."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", show=False)]

    def __init__(self, title: str, *, value: str = "", answer: str = "save"):
        super().__init__()
        self.heading = title
        self.key_hints = (("enter", answer), ("tab", "complete"), ("esc", "back"))
        self._value = value

    def body(self) -> list[Widget]:
        return [PathField(self._value), Static("", classes="dialog-hint")]

    async def action_complete(self) -> None:
        """Complete the path, and show the names to choose from."""
        names = await self.query_one(PathField).complete()
        shown = list_names(names) if len(names) > 1 else ""
        self.query_one(".dialog-hint", Static).update(plain_content(shown))

    @on(Input.Submitted)
    def _on_submit(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip() or None)
