"""The screen with the three panes: shown at once, and handed to its crew as soon as that is there.

What the keys do takes longer to import than the list, so the first rows come first.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.css.query import NoMatches
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from reader.settings import Settings
from reader.ui.commands import BY_ID, Scope
from reader.ui.glyphs import Glyphs
from reader.ui.keymap import Keymap, bindings
from reader.ui.messages import ControllerMessage
from reader.ui.startup_rows import StartupRows
from reader.ui.views import INBOX
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.pane_title import PaneTitle

if TYPE_CHECKING:
    from reader.ui.backend import Backend
    from reader.ui.controllers.main import MainController


EARLY_COMMANDS: Final = ("list-down", "list-up", "list-top", "list-page-down", "list-page-up")
"""Commands that need no more than the first rows."""


class ListPainted(Message):
    """The list's rows are on the screen, and keys do what they say."""


class ControllersReady(Message, bubble=False):
    """What the keys do is imported, and the library is there to be asked."""

    def __init__(self, hire: "Callable[[], Awaitable[MainController]]"):
        super().__init__()
        self.load = hire


class MainScreen(Screen[None]):
    """Tags and views, list, reader; below 120 columns two of them, below 80 one."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.EVERYWHERE)]
    HORIZONTAL_BREAKPOINTS = [(0, "-one"), (80, "-two"), (120, "-three")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = "EntryList"

    def __init__(
        self,
        open_desk: "Callable[[], Backend]",
        settings: Settings,
        keyring: Keymap,
        glyphs: Glyphs,
        first: StartupRows | None = None,
    ):
        super().__init__()
        self._open_backend = open_desk
        self.settings = settings
        self.keys = keyring
        self._glyphs = glyphs
        self._startup_rows = first
        self._controller: MainController | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(id="panes", classes="-at-list"):
            yield Vertical(id="tags-pane")
            with Vertical(id="list-pane"):
                yield PaneTitle(glyphs=self._glyphs)
                yield EntryList(glyphs=self._glyphs)
            yield Vertical(id="reader-pane")
        yield Vertical(id="foot")

    def on_mount(self) -> None:
        self.query_one(EntryList).row_height = self.settings.look.rows
        self.query_one(PaneTitle).show_title(INBOX.name, None, "")
        if self._startup_rows:
            self.query_one(EntryList).show_entries(self._startup_rows)
        self.call_after_refresh(self.run_worker, self._load_controllers, thread=True)

    def _load_controllers(self) -> None:
        """Import what the keys do, in a thread."""
        from reader.ui.controllers.main import MainController
        from reader.ui.screens.main_layout import mount_remaining

        desk = self._open_backend()

        async def hire() -> MainController:
            await mount_remaining(self, self._glyphs)
            return MainController(
                self, desk, self.settings, self.keys, lambda: self.post_message(ListPainted())
            )

        self.post_message(ControllersReady(hire))

    @on(ControllersReady)
    def _attach_controllers(self, came: ControllersReady) -> None:
        # Beside this screen's own messages, so that keys are answered in between.
        self.run_worker(self._await_controllers(came))

    async def _await_controllers(self, came: ControllersReady) -> None:
        try:
            crew = await came.load()
        except NoMatches:
            if self.app.is_running:
                raise
            # The app was left meanwhile, and its panes are gone.
            return
        self._controller = crew
        crew.start()

    # -- keys and messages ----------------------------------------------------------------------

    def action_command(self, command_id: str) -> None:
        """What every binding runs."""
        if self._controller:
            self._controller.run(command_id)
        elif command_id in EARLY_COMMANDS:
            self.query_one(EntryList).motions()[command_id]()

    def can_move(self, key: events.Key) -> bool:
        """Whether the key moves among rows that are there before the crew is."""
        early = (self.keys.keys(BY_ID[name]) for name in EARLY_COMMANDS)
        return bool(self._startup_rows) and any(
            not {*key.aliases}.isdisjoint(keys) for keys in early
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of highlighting hold only while words are chosen, and then alone in the text."""
        if self._controller and action == "command" and parameters:
            return self._controller.is_enabled(str(parameters[0]))
        return True

    @on(ControllerMessage)
    @on(events.DescendantFocus)
    @on(Input.Changed)
    @on(Input.Submitted)
    def _dispatch(self, message: Message) -> None:
        if self._controller:
            self._controller.dispatch(message)

    def shutdown(self) -> None:
        """Leave the app once every change is on the disk."""
        if self._controller:
            self._controller.shutdown()
        else:
            self.app.exit(0)
