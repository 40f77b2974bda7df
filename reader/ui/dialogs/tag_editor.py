"""A dialog to edit tags, with completion and suggestions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from reader.model.text import clean_tag, fold_case, one_line
from reader.ui.dialogs.dialog import Dialog
from reader.ui.plain_content import plain_content
from reader.ui.widgets.tag_field import TagField

_MAX_SUGGESTIONS = 8
"""Tags that are suggested: as many as fit a screen of 24 lines."""


@dataclass(frozen=True, slots=True)
class TagEdit:
    """The state the dialog starts from: own tags, known tags, and the articles."""

    own: tuple[str, ...]
    known: tuple[str, ...]
    count: int = 1
    title: str = ""


class TagEditor(Dialog[tuple[list[str], list[str]]]):
    """Returns tags to add and tags to remove; `-name` removes a tag."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", show=False),
        Binding("down", "step(1)", show=False),
        Binding("up", "step(-1)", show=False),
    ]
    key_hints = (("enter", "save"), ("tab", "complete"), ("↑ ↓", "choose"), ("esc", "back"))

    def __init__(self, tagging: TagEdit):
        super().__init__()
        self._tagging = tagging
        self._suggested: Sequence[str] = ()
        self._shown: list[str] = []
        if tagging.count == 1:
            self.heading = f"Tags of {one_line(tagging.title, 40)}" if tagging.title else "Tags"
        else:
            self.heading = f"Tag {tagging.count:,} articles"

    def body(self) -> list[Widget]:
        value = ", ".join(self._tagging.own)
        return [
            TagField(
                value + ", " if value else "",
                placeholder="comma-separated tags",
                select_on_focus=False,
            ),
            OptionList(compact=True),
            Static("", classes="dialog-hint"),
        ]

    def on_mount(self) -> None:
        # The dialog only counts as mounted after this.
        self.call_later(self._show_suggestions)

    def suggest(self, tags: Sequence[str]) -> None:
        """Suggest these tags first from now on."""
        self._suggested = tags
        self._show_suggestions()

    # Completion.

    def _split_input(self) -> tuple[str, str]:
        """Return the text before the word at its end, and that word."""
        value = self.query_one(Input).value
        before, comma, word = value.rpartition(",")
        return before + comma, word.strip()

    @on(Input.Changed)
    def _show_suggestions(self) -> None:
        if not self.is_open:
            return
        before, word = self._split_input()
        taken = {fold_case(clean_tag(tag)) for tag in before.split(",")}
        start = fold_case(word.lstrip("-#"))
        ranked = [*self._suggested, *self._tagging.known]
        free = [tag for tag in dict.fromkeys(ranked) if fold_case(tag) not in taken]
        found = [tag for tag in free if fold_case(tag).startswith(start)]
        found += [tag for tag in free if start and start in fold_case(tag) and tag not in found]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(self._label(tag)) for tag in found[:_MAX_SUGGESTIONS]])
        options.display = bool(found)
        self._shown = found[:_MAX_SUGGESTIONS]
        if start and found:
            options.highlighted = 0

    def _label(self, tag: str) -> Content:
        suggested = tag in self._suggested and tag not in self._tagging.known
        return plain_content(f"#{tag}") + Content.styled(
            "  suggested" if suggested else "", "$text-muted"
        )

    def action_complete(self) -> None:
        """Replace the word at the end of the field by the chosen tag."""
        at = self.query_one(OptionList).highlighted
        if not self._shown:
            return
        self._insert(self._shown[at or 0])

    def _insert(self, tag: str) -> None:
        before, word = self._split_input()
        sign = "-" if word.startswith("-") else ""
        field = self.query_one(Input)
        field.value = f"{before} {sign}{tag}, ".lstrip()
        field.cursor_position = len(field.value)

    @on(OptionList.OptionSelected)
    def _on_option(self, event: OptionList.OptionSelected) -> None:
        self._insert(self._shown[event.option_index])
        self.query_one(Input).focus()

    # Answer.

    @on(Input.Submitted)
    def _on_submit(self) -> None:
        words = [word.strip() for word in self.query_one(Input).value.split(",")]
        minus = [clean_tag(word[1:]) for word in words if word.startswith("-")]
        plus = [clean_tag(word) for word in words if not word.startswith("-")]
        kept = {fold_case(tag) for tag in plus if tag}
        gone = [tag for tag in self._tagging.own if fold_case(tag) not in kept]
        own = {fold_case(tag) for tag in self._tagging.own}
        add = [tag for tag in plus if tag and fold_case(tag) not in own]
        self.dismiss((add, [*gone, *(tag for tag in minus if tag and tag not in gone)]))
