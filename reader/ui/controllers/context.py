"""The objects that controllers share: backend, tasks, widgets, and ways to speak to the user."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from textual.screen import Screen
from textual.widget import Widget

from reader.model.entry import Entry, EntryId
from reader.model.errors import ReaderError
from reader.model.highlight import Highlight
from reader.services.app_state import AppState
from reader.services.outcome import Outcome
from reader.services.workspace import Job
from reader.settings import Settings
from reader.ui.backend import Backend
from reader.ui.commands import Scope
from reader.ui.dialogs.dialog import Dialog
from reader.ui.keymap import Keymap
from reader.ui.messages import ArticleMode
from reader.ui.screen_state import ScreenState
from reader.ui.tasks import TaskRunner
from reader.ui.widgets.article_view import ArticleView
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.pane_title import PaneTitle
from reader.ui.widgets.search_field import SearchField
from reader.ui.widgets.sidebar import Sidebar, SidebarItem, SidebarItemKind
from reader.ui.widgets.status_line import StatusLine, StatusMessage

T = TypeVar("T")


class PromptUser(Protocol):
    """Opens a dialog; `on_answer` gets its result, and is not called for None."""

    def __call__(self, dialog: Dialog[T], on_answer: Callable[[T], None]) -> None: ...


class OpenEntry(Protocol):
    """Opens an entry for reading, at a highlight if there is one."""

    def __call__(self, entry: Entry, at: Highlight | None = None) -> None: ...


class StartJob(Protocol):
    """Runs a function in a thread, with its progress in the footer; see `JobController.start`."""

    def __call__(
        self,
        name: str,
        function: Callable[[Job], T],
        on_success: Callable[[T], None],
        *,
        state_on_failure: str = "",
    ) -> None: ...


class RefreshList(Protocol):
    """Loads rows and counts again; see `ListController.refresh`."""

    def __call__(self, cursor: EntryId | None = None) -> None: ...


@dataclass(frozen=True, slots=True)
class UIContext:
    """Passed to each controller, so that none of them reaches for the app or for another one.

    `state` is what they share; what one of them asks of another is a function here or an argument.
    `show_changes` shows entries that were changed, given as before and after, in the list and in the
    text; without any, both are loaded again.
    """

    backend: Backend
    state: ScreenState
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
    run: Callable[[str], object]
    start_job: StartJob
    open_entry: OpenEntry
    refresh_list: RefreshList
    show_changes: Callable[[Sequence[tuple[Entry, Entry]]], None]
    show_pane: Callable[[Widget], None]
    save_app_state: Callable[[AppState], None]
    hold_keys: Callable[[], object]
    release_keys: Callable[[], object]
    screen: Screen[Any]

    def load_dialog(
        self,
        group: str,
        function: Callable[[], T],
        on_success: Callable[[T], None],
        on_error: Callable[[ReaderError], None] | None = None,
    ) -> None:
        """Run a query whose result opens a dialog; keys typed meanwhile go to the dialog.

        A failure is reported, unless `on_error` handles it.
        """

        def succeed(value: T) -> None:
            on_success(value)
            self.release_keys()

        def fail(error: ReaderError) -> None:
            if on_error is None:
                self.notify_error(str(error))
            else:
                on_error(error)
            self.release_keys()

        self.hold_keys()
        self.tasks.run_latest(group, function, succeed, fail)

    @property
    def scope(self) -> Scope:
        """The scope whose keys are valid."""
        if self.article.mode is ArticleMode.SELECTING:
            return Scope.HIGHLIGHTING
        if self.has_focus(self.article):
            return Scope.READER
        if self.has_focus(self.filter):
            return Scope.SEARCH
        return Scope.TAGS if self.has_focus(self.sidebar) else Scope.LIST

    @property
    def shown_entry(self) -> Entry | None:
        """The entry whose text is on the screen; None while another one is being loaded."""
        entry, shown = self.state.entry, self.article.article
        return entry if entry and shown and shown.id == entry.id else None

    @property
    def entry(self) -> Entry | None:
        """The open entry while the text has the focus, else the one under the cursor."""
        return self.shown_entry if self.has_focus(self.article) else self.entries.current

    def require_entry(self) -> Entry | None:
        """Return the entry of a command, or say that there is none."""
        entry = self.entry
        if entry is None:
            is_reading = self.has_focus(self.article)
            self.notify_info("No article is open." if is_reading else "The list is empty.")
        return entry

    def require_tag(self) -> SidebarItem | None:
        """Return the tag under the cursor of the sidebar, or say that it is something else."""
        item = self.sidebar.current
        if item is not None and item.kind is SidebarItemKind.TAG:
            return item
        if item is not None:
            self.notify_info(f"{item.name} is not a tag.")
        return None

    def remember(self, **choices: Any) -> None:
        """Keep choices of the appearance for the next start."""
        self.state.appearance = appearance = replace(self.state.appearance, **choices)
        self.tasks.run_serial(lambda: self.save_app_state(appearance), lambda _: None)

    def focus(self, widget: Widget) -> None:
        """Focus a widget at once, and show its pane; with `Widget.focus` the next key would miss it.

        A hidden pane loses the focus if the screen is laid out before the pane is shown.
        """
        self.screen.set_focus(widget)
        self.show_pane(widget)

    def has_focus(self, widget: Widget) -> bool:
        """Return whether the widget has the focus; `Widget.has_focus` follows later."""
        return self.screen.focused is widget

    def notify_info(self, text: str) -> None:
        """Show a message for a few seconds."""
        self.show_message(StatusMessage(text))

    def notify_outcome(self, outcome: Outcome) -> None:
        """Show the result of a change, with the key that undoes it."""
        key = self.keys.key("undo") if outcome.undoable else ""
        self.show_message(
            StatusMessage(outcome.message, key, "undo" if key else "", outcome.is_error)
        )

    def show_outcome(self, outcome: Outcome) -> None:
        """Show the result of a change, and the entries that it changed."""
        self.notify_outcome(outcome)
        self.show_changes(outcome.changes)

    def notify_error(self, text: str) -> None:
        """Show an error for a few seconds."""
        self.show_message(StatusMessage(text, is_error=True))


class KeyHold:
    """Lets keys wait for what they will act on, such as a text that is being loaded."""

    def __init__(self, context: UIContext):
        self._context = context
        self._is_held = False

    def hold(self) -> None:
        self._is_held = True
        self._context.hold_keys()

    def release(self) -> None:
        """End this hold, if it began."""
        if self._is_held:
            self._is_held = False
            self._context.release_keys()
