"""The screen with the three panes; its controllers are loaded once it is painted.

The controllers take longer to import than the list, so the first rows come first.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.css.query import NoMatches
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from reader.services.views import INBOX
from reader.ui import messages
from reader.ui.app_hooks import AppHooks
from reader.ui.commands import BY_ID, Scope
from reader.ui.keymap import action_of, bindings
from reader.ui.startup_rows import StartupRows
from reader.ui.tasks import JobProgress
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.pane_title import PaneTitle

if TYPE_CHECKING:
    from reader.ui.backend import Backend
    from reader.ui.controllers.main import Controllers

EARLY_COMMANDS: Final = ("list-down", "list-up", "list-top", "list-page-down", "list-page-up")
"""Commands of the list itself, which work before the controllers are loaded."""
END_COMMANDS: Final = ("archive", "next", "details")
"""Commands offered below the end of a text."""


class ControllersReady(Message, bubble=False):
    """The controllers are imported, and the library can be queried."""

    def __init__(self, load: "Callable[[], Awaitable[Controllers]]"):
        super().__init__()
        self.load = load


class MainScreen(Screen[None]):
    """Tags and views, list, reader: three panes from 120 columns, two from 80, else one.

    Keys reach a controller by the action `control`, messages by one handler each.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.EVERYWHERE)]
    HORIZONTAL_BREAKPOINTS = [(0, "-one"), (80, "-two"), (120, "-three"), (160, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = "EntryList"

    def __init__(
        self,
        open_backend: "Callable[[], Backend]",
        hooks: AppHooks,
        startup_rows: StartupRows | None = None,
    ):
        super().__init__()
        self._open_backend = open_backend
        self._hooks = hooks
        self._startup_rows = startup_rows
        self._controllers: Controllers | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(id="panes", classes="-at-list"):
            yield Vertical(id="tags-pane")
            with Vertical(id="list-pane"):
                yield PaneTitle(glyphs=self._hooks.glyphs)
                yield EntryList(glyphs=self._hooks.glyphs)
            yield Vertical(id="reader-pane")
        yield Vertical(id="foot")

    def on_mount(self) -> None:
        rows = self._hooks.state.rows_for(self._hooks.settings.look.rows)
        self.query_one(EntryList).row_height = rows
        self.query_one(PaneTitle).show_title(INBOX.name, None, "")
        if self._startup_rows:
            self.query_one(EntryList).show_entries(self._startup_rows)
        self.call_after_refresh(self.run_worker, self._load_controllers, thread=True)

    def _load_controllers(self) -> None:
        """Import the controllers, in a thread."""
        from reader.ui.controllers.main import Controllers
        from reader.ui.screens.main_layout import mount_remaining

        backend = self._open_backend()

        async def load() -> Controllers:
            await mount_remaining(self, self._hooks.glyphs)
            return Controllers(self, backend, self._hooks, self._run_later)

        self.post_message(ControllersReady(load))

    @on(ControllersReady)
    def _attach_controllers(self, ready: ControllersReady) -> None:
        # In a task of its own, so that keys are handled in between.
        self.run_worker(self._await_controllers(ready))

    async def _await_controllers(self, ready: ControllersReady) -> None:
        try:
            controllers = await ready.load()
        except NoMatches:
            if self.app.is_running:
                raise
            # The app was left meanwhile, and its panes are gone.
            return
        self._controllers = controllers
        controllers.start()

    @property
    def controllers(self) -> "Controllers":
        """The controllers; keys and messages reach them only once they are loaded."""
        if self._controllers is None:
            raise RuntimeError("the controllers are not loaded yet")
        return self._controllers

    def on_unmount(self) -> None:
        """Kill the program that reads aloud, however the app ends: its thread would wait for it."""
        if self._controllers:
            self._controllers.read_along.silence()

    def shutdown(self) -> None:
        """Quit once every change is on the disk."""
        if self._controllers:
            self._controllers.app.shutdown()
        else:
            self.app.exit(0)

    # Keys.

    def action_control(self, _scope: str, target: str, *arguments: object) -> None:
        """Run a controller's method: `entries.undo` names controller and method."""
        name, _, method = target.partition(".")
        getattr(getattr(self.controllers, name), method)(*arguments)

    async def run_command(self, command_id: str) -> None:
        """Run a command as its key does."""
        command = BY_ID[command_id]
        await self.run_action(action_of(command, command.scopes[0]))

    def _run_later(self, command_id: str) -> None:
        self.call_later(self.run_command, command_id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key works: reader and highlighting take turns."""
        if action == "control" and parameters and self._controllers:
            is_highlighting = self._controllers.context.scope is Scope.HIGHLIGHTING
            if parameters[0] == Scope.HIGHLIGHTING:
                return is_highlighting
            return not (is_highlighting and parameters[0] == Scope.READER)
        return True

    def can_move(self, key: events.Key) -> bool:
        """Return whether the key moves among rows that are there before the controllers."""
        early = (self._hooks.keys.keys(BY_ID[name]) for name in EARLY_COMMANDS)
        return bool(self._startup_rows) and any(
            not {*key.aliases}.isdisjoint(keys) for keys in early
        )

    # Messages. Textual finds the handlers of widgets that are mounted late by their names.

    @on(JobProgress)
    def _show_progress(self, message: JobProgress) -> None:
        self.controllers.jobs.on_progress(message)

    def note_key(self) -> None:
        """Note that the user has pressed a key."""
        if self._controllers:
            self._controllers.status.on_key()

    @on(messages.LibraryTouched)
    def _pull_changes(self) -> None:
        self.controllers.app.on_library_touched()

    @on(events.DescendantFocus)
    def _enter_pane(self, event: events.DescendantFocus) -> None:
        # The focus may have gone on since.
        if self._controllers and event.widget is self.focused:
            self._controllers.panes.show_pane(event.widget)
            self._controllers.app.update_hints()

    @on(events.Resize)
    def _resize_panes(self) -> None:
        if self._controllers:
            self._controllers.panes.apply_widths()

    @on(Input.Changed)
    def _follow_input(self, event: Input.Changed) -> None:
        if self._controllers:
            self._controllers.search.on_input_changed(event)

    @on(Input.Submitted)
    def _submit_input(self, event: Input.Submitted) -> None:
        self.controllers.search.on_input_submitted(event)

    def on_paste(self, event: events.Paste) -> None:
        """Offer to add a paste that no text field takes; a dropped file comes as one."""
        if self._controllers and event.text.strip():
            self._controllers.add.add(" ".join(event.text.split()))

    async def on_status_line_hint_clicked(self, message: Any) -> None:
        if message.command:
            await self.run_command(message.command)

    def on_sidebar_item_clicked(self) -> None:
        self.controllers.entry_list.show_only()

    @on(EntryList.CursorRested)
    def _preview(self, message: EntryList.CursorRested) -> None:
        if self._controllers:
            self._controllers.article.preview(message.entry)
            self._controllers.entries.prepare(message.entry)

    @on(EntryList.SelectionChanged)
    def _show_selected(self, message: EntryList.SelectionChanged) -> None:
        self.query_one(PaneTitle).show_selected(message.count)

    @on(EntryList.RequestSnippets)
    def _request_snippets(self, message: EntryList.RequestSnippets) -> None:
        self.controllers.entry_list.request_snippets(message)

    @on(EntryList.OpenRow)
    def _open_row(self, message: EntryList.OpenRow) -> None:
        if self._controllers:
            self._controllers.article.open(message.entry)

    @on(messages.ProgressChanged)
    def _follow_scroll(self, message: messages.ProgressChanged) -> None:
        self.controllers.article.on_scroll(message.article, message.position)

    @on(messages.EndReached)
    def _finish_article(self, message: messages.EndReached) -> None:
        self.controllers.article.reached_end(message.article)

    @on(messages.ModeChanged)
    def _change_mode(self) -> None:
        self.controllers.app.update_hints()

    @on(messages.ReadingAloudStopped)
    def _stop_speech(self) -> None:
        self.controllers.read_along.on_stopped()

    @on(messages.FollowLink)
    def _follow_link(self, message: messages.FollowLink) -> None:
        self.controllers.external.follow(message)

    @on(messages.CopyText)
    def _copy_text(self, message: messages.CopyText) -> None:
        self.controllers.external.copy(message.text)

    @on(messages.RequestImage)
    def _load_image(self, message: messages.RequestImage) -> None:
        self.controllers.images.load_image(message)

    @on(messages.AddHighlight)
    def _add_highlight(self, message: messages.AddHighlight) -> None:
        self.controllers.annotations.add(message)

    @on(messages.ChangeHighlight)
    def _change_highlight(self, message: messages.ChangeHighlight) -> None:
        self.controllers.annotations.change(message)

    @on(messages.EndActionChosen)
    async def _run_end_action(self, message: messages.EndActionChosen) -> None:
        if message.command in END_COMMANDS:
            await self.run_command(message.command)

    @on(messages.EditNote)
    def _edit_note(self, message: messages.EditNote) -> None:
        self.controllers.annotations.note(message)

    @on(messages.HighlightsUnanchored)
    def _report_unanchored(self, message: messages.HighlightsUnanchored) -> None:
        self.controllers.annotations.on_unanchored(message)
