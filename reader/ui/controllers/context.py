"""What the parts of the main screen share: the desk, its widgets, and ways to speak to a person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from textual.screen import Screen
from textual.widget import Widget

from reader.settings import Settings
from reader.ui.backend import Desk, Done
from reader.ui.dialogs.dialog import Dialog
from reader.ui.keymap import Keyring
from reader.ui.tasks import Errands
from reader.ui.widgets.article_view import ArticleView
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.pane_title import PaneTitle
from reader.ui.widgets.search_field import SearchField
from reader.ui.widgets.sidebar import TagTree
from reader.ui.widgets.status_line import Note, StatusLine

T = TypeVar("T")


class Ask(Protocol):
    """Opens a dialog; `then` gets its result, and is not called for `None`."""

    def __call__(self, dialog: Dialog[T], then: Callable[[T], None]) -> None: ...


@dataclass(frozen=True, slots=True)
class Stage:
    """Handed to each part; parts never reach for the screen itself."""

    desk: Desk
    settings: Settings
    keyring: Keyring
    errands: Errands
    tree: TagTree
    entries: EntryList
    title: PaneTitle
    filter: SearchField
    article: ArticleView
    status: StatusLine
    note: Callable[[Note], None]
    ask: Ask
    run: Callable[[str], Any]
    screen: Screen[Any]

    def focus(self, widget: Widget) -> None:
        """Give a widget the keys at once: `Widget.focus` would let the next key slip past it."""
        self.screen.set_focus(widget)

    def is_at(self, widget: Widget) -> bool:
        """Whether the widget has the keys; `has_focus` only follows with the next message."""
        return self.screen.focused is widget

    def said(self, done: Done) -> None:
        """Tell what a change did, with the key that takes it back."""
        key = self.keyring.key("undo") if done.undoable else ""
        self.note(Note(done.said, key, "undo" if key else "", done.wrong))

    def wrong(self, text: str) -> None:
        """Tell what failed."""
        self.note(Note(text, wrong=True))
