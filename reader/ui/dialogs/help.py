"""The help screen: every command with its keys, those of the focused pane first."""

import textwrap
from typing import ClassVar, Final

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from reader.model.text import fold_case
from reader.ui.commands import Scope, commands_in
from reader.ui.dialogs.dialog import TextDialog, content_width
from reader.ui.keymap import Keymap

_KEY_CELLS = 18
"""Cells for the keys of a command."""
TWO_COLUMNS: Final = 150
"""Columns of the screen from which two columns of help fit; few of their lines are broken."""
_WIDE, _GAP = 144, 2
"""Cells of the dialog with two columns, and between them, as in the style sheet."""

MOUSE: Final = (
    (
        "click",
        "Move the cursor, show a view or tag, follow a link, or press a key of the last line.",
    ),
    ("double click", "Open the article."),
    ("wheel", "Scroll."),
    ("drag", "Select text to copy; v highlights it."),
)
"""Actions of the mouse, and their effects."""
CHANGING: Final = (
    ("Change a key", "A command of ctrl+p: it gives another command a new key."),
    ("[keys]", "The table of the settings file that has the changed keys."),
    ("reader config", "`keys` prints the names of commands; `path` prints the path of the file."),
)
"""The ways to change keys: in the app, and in the settings file."""


class HelpDialog(TextDialog[None]):
    """Shows keys; `/` filters them by words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "cancel", show=False),
        Binding("slash", "filter", show=False),
    ]
    heading = "Keys"
    width = 76
    key_hints = (("j k", "scroll"), ("/", "find"), ("esc", "back"))

    def __init__(self, keymap: Keymap, here: Scope):
        super().__init__()
        self._keymap = keymap
        self._sections: list[Static] = []
        first = [here, Scope.EVERYWHERE]
        self._scopes = [*first, *(scope for scope in Scope if scope not in first)]
        self.add_class("-tall-dialog")

    def body(self) -> list[Widget]:
        field = Input(placeholder="type to filter")
        field.display = False
        nothing = Static("No command has these words.", classes="dialog-empty")
        # One widget for each scope: those out of sight are not drawn.
        self._sections = [Static(classes="dialog-section") for _ in self._scopes]
        mouse = Static(classes="dialog-section", id="mouse")
        first, second = self._split()
        columns = Container(
            Vertical(*first, classes="help-column"),
            Vertical(*second, mouse, classes="help-column"),
            classes="help-columns",
        )
        return [field, VerticalScroll(columns, nothing)]

    def _split(self) -> tuple[list[Static], list[Static]]:
        """Divide the sections so that both columns are about equally long."""
        counts = [len(commands_in(scope)) + 2 for scope in self._scopes]
        half, height, at = (sum(counts) + len(MOUSE) + 2) / 2, 0, 0
        while at < len(counts) and height + counts[at] / 2 <= half:
            height += counts[at]
            at += 1
        return self._sections[:at], self._sections[at:]

    def on_mount(self) -> None:
        self.on_resize()
        self._show("")

    def on_resize(self) -> None:
        """Show two columns if there is room for both."""
        self.set_class(self._has_two_columns, "-two-columns")
        if self._sections and self.is_open:
            self._show(self.query_one(Input).value)

    @property
    def _has_two_columns(self) -> bool:
        return self.app.size.width >= TWO_COLUMNS

    def _lines(self, keys: str, text: str) -> Content:
        """Return keys and their effect, broken at words below its own start."""
        cells = (_WIDE - 5) // 2 - _GAP if self._has_two_columns else content_width(self) - 1
        broken = textwrap.wrap(text, max(20, cells - _KEY_CELLS)) or [""]
        return Content.styled(f"{keys:<{_KEY_CELLS}}", "bold") + Content(
            f"\n{'':<{_KEY_CELLS}}".join(broken)
        )

    @on(Input.Submitted)
    def _on_submitted(self) -> None:
        self.query_one(VerticalScroll).focus()

    def _show(self, words: str) -> None:
        is_found = False
        for scope, section in zip(self._scopes, self._sections, strict=True):
            content = self._section(scope, fold_case(words).split())
            section.display = content is not None
            is_found |= section.display
            section.update(content or "")
        mouse, more = self.query_one("#mouse", Static), self._mouse(fold_case(words).split())
        mouse.update(more or "")
        mouse.display = more is not None
        self.query_one(".dialog-empty").display = not is_found and more is None

    def _section(self, scope: Scope, words: list[str]) -> Content | None:
        lines = [Content.styled(str(scope).capitalize(), "$accent bold")]
        for command in commands_in(scope):
            # A command without a key is run by its name.
            keys = (
                " ".join(self._keymap.shown_keys(command))
                or f"{self._keymap.key('palette')} by name"
            )
            if _has_words(words, keys, command.title, command.help):
                lines.append(self._lines(keys, command.help))
        return Content("\n").join(lines) if len(lines) > 1 else None

    def _mouse(self, words: list[str]) -> Content | None:
        """Return the sections about the mouse and about other keys, with the lines found."""
        parts: list[Content] = []
        for title, rows in (("Mouse", MOUSE), ("Other keys", CHANGING)):
            lines = [self._lines(*row) for row in rows if _has_words(words, title, *row)]
            if lines:
                head = Content.styled(title, "$accent bold")
                parts += [*([Content("")] if parts else []), head, *lines]
        return Content("\n").join(parts) if parts else None

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


def _has_words(words: list[str], *texts: str) -> bool:
    """Return whether every word is in one of the texts."""
    text = fold_case(" ".join(texts))
    return all(word in text for word in words)
