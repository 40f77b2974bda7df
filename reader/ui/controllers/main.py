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
from reader.ui.backend import Desk, Done
from reader.ui.commands import BY_ID, Scope
from reader.ui.controllers.annotations import Annotating
from reader.ui.controllers.appearance import Appearing, Illustrating
from reader.ui.controllers.article import Reading
from reader.ui.controllers.context import Stage
from reader.ui.controllers.discovery import Recalling
from reader.ui.controllers.entries import Acting
from reader.ui.controllers.entry_list import Browsing
from reader.ui.controllers.external import Leaving
from reader.ui.controllers.navigation import Looking
from reader.ui.controllers.panes import Panes
from reader.ui.controllers.search import Fields, Offering
from reader.ui.controllers.status import Telling, Working
from reader.ui.controllers.tags import Retagging
from reader.ui.dialogs.dialog import Dialog
from reader.ui.keymap import Keyring
from reader.ui.messages import Mode
from reader.ui.tasks import Answered, Errands, JobMoved
from reader.ui.widgets.article_view import ArticleView
from reader.ui.widgets.empty_state import Nothing
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.pane_title import PaneTitle
from reader.ui.widgets.search_field import Offers, SearchField
from reader.ui.widgets.sidebar import TagTree
from reader.ui.widgets.status_line import Note, StatusLine

if TYPE_CHECKING:
    from reader.ui.app import ReaderApp

T = TypeVar("T")

LOOK_EVERY: Final = 0.5
"""Seconds between two looks at what other processes wrote."""


class Crew:
    """Builds the parts over the screen's widgets; `begin` asks for what they show."""

    def __init__(
        self,
        screen: Screen[None],
        desk: Desk,
        settings: Settings,
        keyring: Keyring,
        ready: Callable[[], Any],
    ):
        self._screen = screen
        self._desk = desk
        self._settings = settings
        self._keyring = keyring
        self._ready = ready
        self.article = screen.query_one(ArticleView)
        self._is_prepared = False
        self._is_looking = False
        self._look_said = ""
        self._nothing = screen.query_one(Nothing)
        status = screen.query_one(StatusLine)
        self._telling = Telling(status, keyring, screen.set_timer)
        self._errands = Errands(screen, lambda error: self._note(Note(str(error), wrong=True)))
        self._stage = stage = self._staged(status)
        self._browsing = browsing = Browsing(stage, self._list_shown)
        self._reading = reading = Reading(stage, browsing)
        self._working = Working(stage, screen.post_message)
        acting = Acting(stage, browsing, self._working, reading)
        offering = Offering(stage, screen.query_one(Offers))
        self._fields = Fields(stage, browsing, offering, screen.query_one("#find", Input))
        box = screen.query_one("#panes", Horizontal)
        self._panes = Panes(stage, box, browsing, self._fields)
        self._annotating = Annotating(stage, browsing, reading)
        self._leaving = Leaving(stage, acting, screen.app.copy_to_clipboard)
        looking = Looking(
            stage, browsing, reading, acting, self._leaving, self._working, self._scope
        )
        self._commands: dict[str, Callable[[], Any]] = {
            "quit": self._quit,
            "suspend": self._suspend,
        }
        for part in (
            self._panes, self._fields, browsing, reading, acting, self._working, self._annotating,
            self._leaving, looking, Retagging(stage, browsing), Appearing(stage, screen.app),
            Recalling(stage, browsing, self._working, reading),
        ):  # fmt: skip
            self._commands |= part.commands()
        self._hears = self._ears()

    def _staged(self, status: StatusLine) -> Stage:
        find = self._screen.query_one
        return Stage(
            desk=self._desk,
            settings=self._settings,
            keyring=self._keyring,
            errands=self._errands,
            tree=find(TagTree),
            entries=find(EntryList),
            title=find(PaneTitle),
            filter=find("#filter", SearchField),
            article=self.article,
            status=status,
            note=self._note,
            ask=self._ask,
            run=self.run,
            screen=self._screen,
        )

    def _ears(self) -> dict[type[Message], Callable[[Any], Any]]:
        """Which part hears what."""
        return {
            Answered: self._errands.settle,
            JobMoved: self._working.moved,
            events.DescendantFocus: self._entered,
            StatusLine.Pressed: lambda message: self.run(message.command),
            EntryList.Rested: lambda message: self._reading.preview(message.entry),
            EntryList.Selected: lambda message: self._stage.title.show_selected(message.count),
            EntryList.WantSnippets: self._browsing.want_snippets,
            EntryList.OpenRow: lambda message: self._reading.open(message.entry),
            TagTree.Clicked: lambda _: self._browsing.only_this(),
            Input.Changed: self._fields.typed,
            Input.Submitted: self._fields.kept,
            said.ProgressChanged: lambda said: self._reading.moved(said.article, said.position),
            said.EndReached: lambda said: self._reading.reached_end(said.article),
            said.ModeChanged: lambda _: self._hint(),
            said.FollowLink: self._leaving.follow,
            said.CopyText: lambda said: self._leaving.copy(said.text),
            said.KeepHighlight: self._annotating.keep,
            said.EditHighlight: self._annotating.edit,
            said.RemoveHighlight: self._annotating.remove,
            said.EditNote: self._annotating.note,
            said.HighlightsLost: self._annotating.lost,
        }

    def begin(self) -> None:
        """Ask for the list and the counts, and look for news from now on."""
        illustrating = Illustrating(self._stage, cast("ReaderApp", self._screen.app).graphics)
        self._commands |= illustrating.commands()
        self._hears[said.WantPicture] = illustrating.picture
        self._desk.tell_filling(self._working.overheard("reading the library"))
        self._browsing.refresh()
        self._reading.begin()
        self._hint()
        self._screen.set_interval(LOOK_EVERY, self._look)
        for problem in (*self._settings.problems, *self._keyring.problems)[:1]:
            self._stage.wrong(problem)

    # -- keys and messages ----------------------------------------------------------------------

    def run(self, command_id: str) -> None:
        """Do what the command's key does."""
        act = self._commands.get(command_id)
        if act is not None:
            act()

    def allows(self, command_id: str) -> bool:
        """Keys of highlighting hold only while words are chosen, and then alone in the text."""
        command = BY_ID[command_id]
        marking = self._scope() is Scope.MARKING
        if command.scopes == (Scope.MARKING,):
            return marking
        return not (marking and Scope.READER in command.scopes)

    def hear(self, message: Message) -> None:
        """Hand a message to the part it is for."""
        self._hears[type(message)](message)

    def _entered(self, event: events.DescendantFocus) -> None:
        self._panes.entered(event.widget)
        self._hint()

    def _scope(self) -> Scope:
        return self._panes.scope

    def _hint(self) -> None:
        scope = self._scope()
        if self._fields.is_finding:
            self._telling.hint_finding()
        elif self.article.mode is Mode.HINTING:
            self._telling.hint_following()
        elif scope is Scope.LIST and not self._stage.entries.entries:
            self._telling.hint(Scope.EVERYWHERE)
        else:
            self._telling.hint(scope)

    def _note(self, note: Note) -> None:
        self._telling.note(note)

    def _ask(self, dialog: Dialog[T], then: Callable[[T], None]) -> None:
        def answer(result: T | None) -> None:
            if result is not None:
                then(result)

        self._screen.app.push_screen(dialog, answer)

    def _quit(self) -> None:
        """Go back where there is something to go back from, else leave."""
        if not self._panes.back():
            self.leave()

    def _suspend(self) -> None:
        """Stop until the shell's `fg`, with the place kept and no lock held by a change."""
        self._reading.keep_place()
        self._errands.when_settled(self._screen.app.action_suspend_process)

    def leave(self) -> None:
        """Leave the app once every change is on the disk."""
        self._reading.leave()
        self._working.stop_all()
        self._errands.when_settled(partial(self._screen.app.exit, 0))

    # -- what comes without a key ---------------------------------------------------------------

    def _look(self) -> None:
        """Take in what other processes wrote, unless a look or a change of our own is under way."""
        if not self._is_looking and not self._errands.is_changing:
            self._is_looking = True
            self._errands.ask("look", self._desk.has_changed, self._looked, self._look_failed)

    def _look_failed(self, error: ReaderError) -> None:
        self._is_looking = False
        if str(error) != self._look_said:
            self._look_said = str(error)
            self._stage.wrong(str(error))

    def _looked(self, changed: bool) -> None:
        self._is_looking = False
        self._look_said = ""
        if changed:
            self._browsing.refresh()

    def _list_shown(self) -> None:
        entries = self._stage.entries
        nothing = self._nothing
        nothing.display = not len(entries.entries)
        # Not undisplayed: its keys would go to whatever is next, which may be out of sight.
        entries.styles.height = 0 if nothing.display else "1fr"
        if nothing.display:
            words, command, does = self._browsing.empty_words()
            nothing.show(words, self._keyring.key(command), does or BY_ID[command].title)
            self._reading.close()
        self._hint()
        self._ready()
        if not self._is_prepared:
            self._is_prepared = True
            self._working.start("preparing", self._desk.prepare, self._prepared)

    def _prepared(self, done: Done) -> None:
        if done.said:
            self._stage.said(done)
        self._browsing.refresh()
