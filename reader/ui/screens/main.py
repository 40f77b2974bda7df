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
from reader.ui.keymap import Keyring, bindings
from reader.ui.messages import ForCrew
from reader.ui.startup_rows import FirstRows
from reader.ui.views import INBOX
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.pane_title import PaneTitle

if TYPE_CHECKING:
    from reader.ui.backend import Desk
    from reader.ui.controllers.main import Crew


EARLY: Final = ("list-down", "list-up", "list-top", "list-page-down", "list-page-up")
"""Commands that need no more than the first rows."""


class ListShown(Message):
    """The list's rows are on the screen, and keys do what they say."""


class CrewCame(Message, bubble=False):
    """What the keys do is imported, and the library is there to be asked."""

    def __init__(self, hire: "Callable[[], Awaitable[Crew]]"):
        super().__init__()
        self.hire = hire


class MainScreen(Screen[None]):
    """Tags and views, list, reader; below 120 columns two of them, below 80 one."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.EVERYWHERE)]
    HORIZONTAL_BREAKPOINTS = [(0, "-one"), (80, "-two"), (120, "-three")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = "EntryList"

    def __init__(
        self,
        open_desk: "Callable[[], Desk]",
        settings: Settings,
        keyring: Keyring,
        glyphs: Glyphs,
        first: FirstRows | None = None,
    ):
        super().__init__()
        self._open_desk = open_desk
        self.settings = settings
        self.keyring = keyring
        self._glyphs = glyphs
        self._first = first
        self._crew: Crew | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(id="panes", classes="-at-list"):
            yield Vertical(id="tags-pane")
            with Vertical(id="list-pane"):
                yield PaneTitle(glyphs=self._glyphs)
                yield EntryList(glyphs=self._glyphs)
            yield Vertical(id="reader-pane")
        yield Vertical(id="foot")

    def on_mount(self) -> None:
        self.query_one(EntryList).height_of_row = self.settings.look.rows
        self.query_one(PaneTitle).show(INBOX.name, None, "")
        if self._first:
            self.query_one(EntryList).show(self._first)
        self.call_after_refresh(self.run_worker, self._call_crew, thread=True)

    def _call_crew(self) -> None:
        """Import what the keys do, in a thread."""
        from reader.ui.controllers.main import Crew
        from reader.ui.screens.main_layout import furnish

        desk = self._open_desk()

        async def hire() -> Crew:
            await furnish(self, self._glyphs)
            return Crew(
                self, desk, self.settings, self.keyring, lambda: self.post_message(ListShown())
            )

        self.post_message(CrewCame(hire))

    @on(CrewCame)
    def _take_on(self, came: CrewCame) -> None:
        # Beside this screen's own messages, so that keys are answered in between.
        self.run_worker(self._hire(came))

    async def _hire(self, came: CrewCame) -> None:
        try:
            crew = await came.hire()
        except NoMatches:
            if self.app.is_running:
                raise
            # The app was left meanwhile, and its panes are gone.
            return
        self._crew = crew
        crew.begin()

    # -- keys and messages ----------------------------------------------------------------------

    def action_command(self, command_id: str) -> None:
        """What every binding runs."""
        if self._crew:
            self._crew.run(command_id)
        elif command_id in EARLY:
            self.query_one(EntryList).moves()[command_id]()

    def can_move(self, key: events.Key) -> bool:
        """Whether the key moves among rows that are there before the crew is."""
        early = (self.keyring.keys(BY_ID[name]) for name in EARLY)
        return bool(self._first) and any(not {*key.aliases}.isdisjoint(keys) for keys in early)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of highlighting hold only while words are chosen, and then alone in the text."""
        if self._crew and action == "command" and parameters:
            return self._crew.allows(str(parameters[0]))
        return True

    @on(ForCrew)
    @on(events.DescendantFocus)
    @on(Input.Changed)
    @on(Input.Submitted)
    def _hear(self, message: Message) -> None:
        if self._crew:
            self._crew.hear(message)

    def leave(self) -> None:
        """Leave the app once every change is on the disk."""
        if self._crew:
            self._crew.leave()
        else:
            self.app.exit(0)
