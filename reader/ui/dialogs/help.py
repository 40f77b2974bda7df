"""The help screen: every command with its keys, those of the focused pane first."""

from typing import ClassVar, Final

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from reader.model.text import fold_case
from reader.ui.commands import Scope, commands_in
from reader.ui.dialogs.dialog import Dialog
from reader.ui.keymap import Keymap

_KEY_CELLS = 18
"""Cells for the keys of a command."""


MOUSE: Final = (
    ("click", "Move the cursor, show a view or tag, follow a link, or run a hint of the footer."),
    ("double click", "Open the article."),
    ("wheel", "Scroll."),
    ("drag", "Select text to copy."),
)
"""Actions of the mouse, and their effects."""


class HelpDialog(Dialog[None]):
    """Shows keys; `/` filters them by words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,question_mark", "cancel", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("space,pagedown", "scroll(10)", show=False),
        Binding("b,pageup", "scroll(-10)", show=False),
        Binding("g,home", "scroll(-10000)", show=False),
        Binding("G,end", "scroll(10000)", show=False),
        Binding("slash", "filter", show=False),
    ]
    heading = "Keys"
    key_hints = (("j k", "scroll"), ("/", "find"), ("esc", "back"))

    def __init__(self, keyring: Keymap, here: Scope):
        super().__init__()
        self._keymap = keyring
        first = [here, Scope.EVERYWHERE]
        self._scopes = [*first, *(scope for scope in Scope if scope not in first)]
        self.add_class("-tall-dialog")

    def body(self) -> list[Widget]:
        field = Input(placeholder="type to filter")
        field.display = False
        nothing = Static("No command has these words.", classes="dialog-empty")
        # One widget for each scope: those out of sight are not drawn.
        sections = [Static(classes="dialog-section") for _ in self._scopes]
        mouse = Static(_mouse(), classes="dialog-section", id="mouse")
        return [field, VerticalScroll(*sections, mouse, nothing)]

    def on_mount(self) -> None:
        self._show("")
        self.query_one(VerticalScroll).focus()

    def _show(self, words: str) -> None:
        sections = list(self.query(".dialog-section").results(Static))[: len(self._scopes)]
        is_found = False
        for scope, section in zip(self._scopes, sections, strict=True):
            content = self._section(scope, fold_case(words).split())
            section.display = content is not None
            is_found |= section.display
            section.update(content or "")
        self.query_one("#mouse").display = not words
        self.query_one(".dialog-empty").display = not is_found

    def _section(self, scope: Scope, words: list[str]) -> Content | None:
        lines = [Content.styled(str(scope).capitalize(), "$accent bold")]
        for command in commands_in(scope):
            keys = " ".join(self._keymap.keys(command)) or self._keymap.key("palette")
            if all(word in fold_case(f"{keys} {command.title} {command.help}") for word in words):
                lines.append(
                    Content.styled(f"{keys:<{_KEY_CELLS}}", "bold") + Content(command.help)
                )
        return Content("\n").join(lines) if len(lines) > 1 else None

    def action_scroll(self, lines: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_filter(self) -> None:
        field = self.query_one(Input)
        field.display = True
        field.focus()

    @on(Input.Changed)
    def _on_filter(self, event: Input.Changed) -> None:
        if self.is_open:
            self._show(event.value)

    def on_key(self, event: events.Key) -> None:
        if event.key in ("down", "up") and self.query_one(Input).has_focus:
            self.query_one(VerticalScroll).focus()


def _mouse() -> Content:
    """Return the section about the mouse."""
    lines = [Content.styled("Mouse", "$accent bold")]
    lines += [
        Content.styled(f"{action:<{_KEY_CELLS}}", "bold") + Content(effect)
        for action, effect in MOUSE
    ]
    return Content("\n").join(lines)
