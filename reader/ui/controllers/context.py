"""What the parts of the main screen share: the desk, its widgets, and ways to speak to a person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from textual.screen import Screen
from textual.widget import Widget

from reader.settings import Settings
from reader.ui.backend import Backend, Outcome
from reader.ui.dialogs.dialog import Dialog
from reader.ui.keymap import Keymap
from reader.ui.tasks import TaskRunner
from reader.ui.widgets.article_view import ArticleView
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.pane_title import PaneTitle
from reader.ui.widgets.search_field import SearchField
from reader.ui.widgets.sidebar import Sidebar
from reader.ui.widgets.status_line import StatusLine, StatusMessage

T = TypeVar("T")


class PromptUser(Protocol):
    """Opens a dialog; `then` gets its result, and is not called for `None`."""

    def __call__(self, dialog: Dialog[T], then: Callable[[T], None]) -> None: ...


@dataclass(frozen=True, slots=True)
class UIContext:
    """Handed to each part; parts never reach for the screen itself."""

    backend: Backend
    settings: Settings
    keys: Keymap
    tasks: TaskRunner
    sidebar: Sidebar
    entries: EntryList
    title: PaneTitle
    filter: SearchField
    article: ArticleView
    status: StatusLine
    show_message: Callable[[StatusMessage], None]
    prompt: PromptUser
    run: Callable[[str], Any]
    screen: Screen[Any]

    def focus(self, widget: Widget) -> None:
        """Give a widget the keys at once: `Widget.focus` would let the next key slip past it."""
        self.screen.set_focus(widget)

    def has_focus(self, widget: Widget) -> bool:
        """Whether the widget has the keys; `has_focus` only follows with the next message."""
        return self.screen.focused is widget

    def notify_outcome(self, done: Outcome) -> None:
        """Tell what a change did, with the key that takes it back."""
        key = self.keys.key("undo") if done.undoable else ""
        self.show_message(StatusMessage(done.message, key, "undo" if key else "", done.is_error))

    def notify_error(self, text: str) -> None:
        """Tell what failed."""
        self.show_message(StatusMessage(text, is_error=True))
