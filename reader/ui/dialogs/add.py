"""The dialog that takes everything that can be added."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import events, on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from reader.model.text import clean_tag
from reader.ui.dialogs.dialog import Dialog
from reader.ui.dialogs.path_prompt import list_names
from reader.ui.plain_content import plain_content
from reader.ui.widgets.path_field import PathField
from reader.ui.widgets.tag_field import TagField

AddRequest = tuple[str, tuple[str, ...]]
"""The input, and the tags of everything that it adds."""
HINT: Final = "Several addresses at once, and exports of other programs."


class SourceField(PathField):
    """A field that takes every line of a paste, not only the first."""

    def _on_paste(self, event: events.Paste) -> None:
        self.insert_text_at_cursor(" ".join(event.text.split()))
        event.prevent_default()
        event.stop()


class AddDialog(Dialog[AddRequest]):
    """Returns the input and the tags."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete_or_step", show=False)]
    key_hints = (("enter", "add"), ("tab", "complete, tags"), ("esc", "back"))

    def __init__(
        self, source: str = "", title: str = "Add", tags: Sequence[str] = (), problem: str = ""
    ):
        """`problem` says why this source could not be added; the user corrects it."""
        super().__init__()
        self.heading = title
        self._source = source
        self._tags = ", ".join(tags)
        self._problem = problem

    def body(self) -> list[Widget]:
        return [
            SourceField(
                self._source, placeholder="addresses, a file, a folder, or an export", id="source"
            ),
            TagField(
                self._tags, placeholder="comma-separated tags", select_on_focus=False, id="tags"
            ),
            *([Static(plain_content(self._problem), id="problem")] if self._problem else []),
            Static(plain_content(HINT), classes="dialog-hint"),
        ]

    async def action_complete_or_step(self) -> None:
        """Complete a path, and show the names to choose from; else go to the tags."""
        field = self.query_one(SourceField)
        names = await field.complete() if self.focused is field else ()
        shown = list_names(names) if len(names) > 1 else HINT
        self.query_one(".dialog-hint", Static).update(plain_content(shown))
        if not names:
            self.action_step_field(1)

    @on(Input.Submitted)
    def _on_submit(self) -> None:
        source = self.query_one("#source", Input).value.strip()
        words = self.query_one("#tags", Input).value.split(",")
        tags = tuple(tag for word in words if (tag := clean_tag(word)))
        self.dismiss((source, tags) if source else None)
