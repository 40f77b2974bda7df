"""The parts of the main screen at work: each key and each message goes to one of them."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from textual import events
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from reader.model.errors import ReaderError
from reader.settings import Settings
from reader.ui import messages as said
from reader.ui.backend import Backend, Outcome
from reader.ui.commands import BY_ID, Scope
from reader.ui.controllers.annotations import AnnotationController
from reader.ui.controllers.appearance import ImageController, ThemeController
from reader.ui.controllers.article import ArticleController
from reader.ui.controllers.context import UIContext
from reader.ui.controllers.discovery import DiscoveryController
from reader.ui.controllers.entries import EntryController
from reader.ui.controllers.entry_list import ListController
from reader.ui.controllers.external import ExternalController
from reader.ui.controllers.navigation import NavigationController
from reader.ui.controllers.panes import PaneController
from reader.ui.controllers.search import CompletionController, SearchController
from reader.ui.controllers.status import JobController, StatusController
from reader.ui.controllers.tags import TagController
from reader.ui.dialogs.dialog import Dialog
from reader.ui.keymap import Keymap
from reader.ui.messages import ArticleMode
from reader.ui.tasks import JobProgress, TaskFinished, TaskRunner
from reader.ui.widgets.article_view import ArticleView
from reader.ui.widgets.empty_state import EmptyState
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.pane_title import PaneTitle
from reader.ui.widgets.search_field import CompletionList, SearchField
from reader.ui.widgets.sidebar import Sidebar
from reader.ui.widgets.status_line import StatusLine, StatusMessage

if TYPE_CHECKING:
    from reader.ui.app import ReaderApp

T = TypeVar("T")

POLL_INTERVAL: Final = 0.5
"""Seconds between two looks at what other processes wrote."""


class MainController:
    """Builds the parts over the screen's widgets; `begin` asks for what they show."""

    def __init__(
        self,
        screen: Screen[None],
        desk: Backend,
        settings: Settings,
        keyring: Keymap,
        ready: Callable[[], Any],
    ):
        self._screen = screen
        self._backend = desk
        self._settings = settings
        self._keys = keyring
        self._ready = ready
        self.article = screen.query_one(ArticleView)
        self._is_prepared = False
        self._is_polling = False
        self._poll_error = ""
        self._empty_state = screen.query_one(EmptyState)
        status = screen.query_one(StatusLine)
        self._status = StatusController(status, keyring, screen.set_timer)
        self._tasks = TaskRunner(
            screen, lambda error: self._show_message(StatusMessage(str(error), is_error=True))
        )
        self._context = stage = self._make_context(status)
        self._browsing = browsing = ListController(stage, self._on_list_painted)
        self._reading = reading = ArticleController(stage, browsing)
        self._working = JobController(stage, screen.post_message)
        acting = EntryController(stage, browsing, self._working, reading)
        offering = CompletionController(stage, screen.query_one(CompletionList))
        self._fields = SearchController(stage, browsing, offering, screen.query_one("#find", Input))
        box = screen.query_one("#panes", Horizontal)
        self._panes = PaneController(stage, box, browsing, self._fields)
        self._annotating = AnnotationController(stage, browsing, reading)
        self._leaving = ExternalController(stage, acting, screen.app.copy_to_clipboard)
        looking = NavigationController(
            stage, browsing, reading, acting, self._leaving, self._working, self._scope
        )
        self._commands: dict[str, Callable[[], Any]] = {
            "quit": self._quit,
            "suspend": self._suspend,
        }
        for part in (
            self._panes, self._fields, browsing, reading, acting, self._working, self._annotating,
            self._leaving, looking, TagController(stage, browsing), ThemeController(stage, screen.app),
            DiscoveryController(stage, browsing, self._working, reading),
        ):  # fmt: skip
            self._commands |= part.commands()
        self._handlers = self._message_handlers()

    def _make_context(self, status: StatusLine) -> UIContext:
        find = self._screen.query_one
        return UIContext(
            backend=self._backend,
            settings=self._settings,
            keys=self._keys,
            tasks=self._tasks,
            sidebar=find(Sidebar),
            entries=find(EntryList),
            title=find(PaneTitle),
            filter=find("#filter", SearchField),
            article=self.article,
            status=status,
            show_message=self._show_message,
            prompt=self._prompt,
            run=self.run,
            screen=self._screen,
        )

    def _message_handlers(self) -> dict[type[Message], Callable[[Any], Any]]:
        """Which part hears what."""
        return {
            TaskFinished: self._tasks.on_finished,
            JobProgress: self._working.on_progress,
            events.DescendantFocus: self._on_focus,
            StatusLine.HintClicked: lambda message: self.run(message.command),
            EntryList.CursorRested: lambda message: self._reading.preview(message.entry),
            EntryList.SelectionChanged: lambda message: self._context.title.show_selected(
                message.count
            ),
            EntryList.RequestSnippets: self._browsing.request_snippets,
            EntryList.OpenRow: lambda message: self._reading.open(message.entry),
            Sidebar.ItemClicked: lambda _: self._browsing.show_only(),
            Input.Changed: self._fields.on_input_changed,
            Input.Submitted: self._fields.on_input_submitted,
            said.ProgressChanged: lambda said: self._reading.on_scroll(said.article, said.position),
            said.EndReached: lambda said: self._reading.reached_end(said.article),
            said.ModeChanged: lambda _: self._update_hints(),
            said.FollowLink: self._leaving.follow,
            said.CopyText: lambda said: self._leaving.copy(said.text),
            said.AddHighlight: self._annotating.add,
            said.EditHighlight: self._annotating.edit,
            said.RemoveHighlight: self._annotating.remove,
            said.EditNote: self._annotating.note,
            said.HighlightsUnanchored: self._annotating.on_unanchored,
        }

    def start(self) -> None:
        """Ask for the list and the counts, and look for news from now on."""
        illustrating = ImageController(
            self._context, cast("ReaderApp", self._screen.app).terminal_images
        )
        self._commands |= illustrating.commands()
        self._handlers[said.RequestImage] = illustrating.load_image
        self._backend.on_rebuild_progress(self._working.passive_progress("reading the library"))
        self._browsing.refresh()
        self._reading.start()
        self._update_hints()
        self._screen.set_interval(POLL_INTERVAL, self._poll)
        for problem in (*self._settings.problems, *self._keys.problems)[:1]:
            self._context.notify_error(problem)

    # -- keys and messages ----------------------------------------------------------------------

    def run(self, command_id: str) -> None:
        """Do what the command's key does."""
        act = self._commands.get(command_id)
        if act is not None:
            act()

    def is_enabled(self, command_id: str) -> bool:
        """Keys of highlighting hold only while words are chosen, and then alone in the text."""
        command = BY_ID[command_id]
        marking = self._scope() is Scope.HIGHLIGHTING
        if command.scopes == (Scope.HIGHLIGHTING,):
            return marking
        return not (marking and Scope.READER in command.scopes)

    def dispatch(self, message: Message) -> None:
        """Hand a message to the part it is for."""
        self._handlers[type(message)](message)

    def _on_focus(self, event: events.DescendantFocus) -> None:
        self._panes.on_focus(event.widget)
        self._update_hints()

    def _scope(self) -> Scope:
        return self._panes.scope

    def _update_hints(self) -> None:
        scope = self._scope()
        if self._fields.is_finding:
            self._status.show_find_hint()
        elif self.article.mode is ArticleMode.HINTING:
            self._status.show_link_hint()
        elif scope is Scope.LIST and not self._context.entries.entries:
            self._status.show_hint(Scope.EVERYWHERE)
        else:
            self._status.show_hint(scope)

    def _show_message(self, note: StatusMessage) -> None:
        self._status.show_message(note)

    def _prompt(self, dialog: Dialog[T], then: Callable[[T], None]) -> None:
        def answer(result: T | None) -> None:
            if result is not None:
                then(result)

        self._screen.app.push_screen(dialog, answer)

    def _quit(self) -> None:
        """Go back where there is something to go back from, else leave."""
        if not self._panes.back():
            self.shutdown()

    def _suspend(self) -> None:
        """Stop until the shell's `fg`, with the place kept and no lock held by a change."""
        self._reading.save_position()
        self._tasks.after_writes(self._screen.app.action_suspend_process)

    def shutdown(self) -> None:
        """Leave the app once every change is on the disk."""
        self._reading.leave()
        self._working.stop_all()
        self._tasks.after_writes(partial(self._screen.app.exit, 0))

    # -- what comes without a key ---------------------------------------------------------------

    def _poll(self) -> None:
        """Take in what other processes wrote, unless a look or a change of our own is under way."""
        if not self._is_polling and not self._tasks.has_pending_writes:
            self._is_polling = True
            self._tasks.run_latest(
                "look", self._backend.pull_changes, self._polled, self._poll_failed
            )

    def _poll_failed(self, error: ReaderError) -> None:
        self._is_polling = False
        if str(error) != self._poll_error:
            self._poll_error = str(error)
            self._context.notify_error(str(error))

    def _polled(self, changed: bool) -> None:
        self._is_polling = False
        self._poll_error = ""
        if changed:
            self._browsing.refresh()

    def _on_list_painted(self) -> None:
        entries = self._context.entries
        nothing = self._empty_state
        nothing.display = not len(entries.entries)
        # Not undisplayed: its keys would go to whatever is next, which may be out of sight.
        entries.styles.height = 0 if nothing.display else "1fr"
        if nothing.display:
            words, command, does = self._browsing.empty_state_text()
            nothing.show_message(words, self._keys.key(command), does or BY_ID[command].title)
            self._reading.close()
        self._update_hints()
        self._ready()
        if not self._is_prepared:
            self._is_prepared = True
            self._working.start("preparing", self._backend.prepare, self._prepared)

    def _prepared(self, done: Outcome) -> None:
        if done.message:
            self._context.notify_outcome(done)
        self._browsing.refresh()
