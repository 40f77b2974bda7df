"""The screen with the three panes: puts the parts together and hands each key to one of them."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, Final, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from reader.settings import Settings
from reader.ui.commands import BY_ID, Scope
from reader.ui.desk import Desk, Done
from reader.ui.errands import Answered, Errands
from reader.ui.glyphs import Glyphs
from reader.ui.keyring import Keyring, bindings
from reader.ui.screens.acting import Acting
from reader.ui.screens.annotating import Annotating
from reader.ui.screens.browsing import Browsing
from reader.ui.screens.fields import Fields
from reader.ui.screens.illustrating import Illustrating
from reader.ui.screens.leaving import Leaving
from reader.ui.screens.looking import Looking
from reader.ui.screens.panes import Panes
from reader.ui.screens.reading import Reading
from reader.ui.screens.retagging import Retagging
from reader.ui.screens.stage import Stage
from reader.ui.screens.telling import Telling
from reader.ui.screens.working import JobMoved, Working
from reader.ui.widgets import article_messages as said
from reader.ui.widgets.article import ArticleView
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.nothing import Nothing
from reader.ui.widgets.pane_title import PaneTitle
from reader.ui.widgets.status_line import Note, StatusLine
from reader.ui.widgets.tag_tree import TagTree

T = TypeVar("T")

LOOK_EVERY: Final = 0.5
"""Seconds between two looks at what other processes wrote."""


class ListShown(Message):
    """Rows are on the screen."""


class ReaderPane(Vertical):
    """Keys of the text; those of highlighting lie nearer to it and win while words are chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.READER)]


class MarkingLayer(Vertical):
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.MARKING)]


class MainScreen(Screen[None]):
    """Tags and views, list, reader; below 120 columns two of them, below 80 one."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.EVERYWHERE)]
    HORIZONTAL_BREAKPOINTS = [(0, "-one"), (80, "-two"), (120, "-three")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = "EntryList"

    def __init__(
        self,
        desk: Desk,
        settings: Settings,
        keyring: Keyring,
        glyphs: Glyphs,
        whole: Callable[[str], None],
    ):
        super().__init__()
        self._desk = desk
        self._settings = settings
        self._keyring = keyring
        self._glyphs = glyphs
        self._whole = whole
        self._commands: dict[str, Callable[[], Any]] = {}
        self._is_prepared = False

    # -- putting together -----------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        glyphs = self._glyphs
        with Horizontal(id="panes", classes="-at-list"):
            with Vertical(id="tags-pane"):
                yield TagTree(glyphs=glyphs)
            with Vertical(id="list-pane"):
                yield PaneTitle(glyphs=glyphs)
                yield Input(id="filter", placeholder="words, tag:…, is:…", compact=True)
                yield EntryList(glyphs=glyphs)
                yield Nothing()
            with ReaderPane(id="reader-pane"):
                yield Input(id="find", placeholder="find in the text", compact=True)
                with MarkingLayer():
                    yield ArticleView()
        yield StatusLine(glyphs=glyphs)

    def on_mount(self) -> None:
        status = self.query_one(StatusLine)
        self._telling = Telling(status, self._keyring, self.set_timer)
        self._errands = Errands(
            self, lambda error: self._telling.note(Note(str(error), wrong=True))
        )
        stage = self._stage = self._staged(status)
        stage.entries.height_of_row = self._settings.look.rows
        self.browsing = Browsing(stage, self._list_shown)
        self.reading = Reading(stage, self.browsing)
        self._working = Working(stage, self.post_message)
        self.acting = Acting(
            stage, self.browsing, self._working, lambda: self.reading.entry, self.reading.reload
        )
        self._fields = Fields(stage, self.browsing, self.query_one("#find", Input))
        self._panes = Panes(
            stage, self.query_one("#panes", Horizontal), self.browsing, self._fields
        )
        self._annotating = Annotating(stage, self.browsing, self.reading)
        self._illustrating = Illustrating(stage)
        self._leaving = Leaving(stage, self.acting, self.app.copy_to_clipboard)
        looking = Looking(
            stage,
            self.browsing,
            self.reading,
            self.acting,
            self._leaving,
            lambda: self._panes.scope,
        )
        retagging = Retagging(stage, self.browsing)
        parts = (
            self._panes, self._fields, self.browsing, self.reading, self.acting, self._working,
            self._annotating, self._leaving, self._illustrating, looking, retagging,
        )  # fmt: skip
        for part in parts:
            self._commands |= part.commands()
        self._commands |= {"open": self._open, "quit": self._quit}
        self.browsing.refresh()
        self.set_interval(LOOK_EVERY, self._look)
        for problem in (*self._settings.problems, *self._keyring.problems)[:1]:
            stage.wrong(problem)

    def _staged(self, status: StatusLine) -> Stage:
        return Stage(
            desk=self._desk,
            settings=self._settings,
            keyring=self._keyring,
            errands=self._errands,
            tree=self.query_one(TagTree),
            entries=self.query_one(EntryList),
            title=self.query_one(PaneTitle),
            filter=self.query_one("#filter", Input),
            article=self.query_one(ArticleView),
            status=status,
            note=self._telling.note,
            ask=self._ask,
            run=self.run_command,
        )

    # -- commands -------------------------------------------------------------------------------

    def action_command(self, command_id: str) -> None:
        """What every binding runs."""
        self.run_command(command_id)

    def run_command(self, command_id: str) -> None:
        """Do what the command's key does."""
        act = self._commands.get(command_id) or partial(self._whole, command_id)
        act()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of highlighting hold only while words are chosen, and then alone in the text."""
        command = BY_ID.get(str(parameters[0])) if action == "command" and parameters else None
        if command is None or not self._commands:
            return True
        marking = self._panes.scope is Scope.MARKING
        if command.scopes == (Scope.MARKING,):
            return marking
        return not (marking and Scope.READER in command.scopes)

    def _ask(self, dialog: ModalScreen[T | None], then: Callable[[T], None]) -> None:
        def answer(result: T | None) -> None:
            if result is not None:
                then(result)

        self.app.push_screen(dialog, answer)

    def _open(self) -> None:
        entry = self._stage.entries.current
        if entry is not None:
            self.reading.open(entry)

    def _quit(self) -> None:
        """Go back where there is something to go back from, else leave once all is on the disk."""
        if not self._panes.back():
            self.leave()

    def leave(self) -> None:
        """Leave the app once every change is on the disk."""
        self.reading.leave()
        self._working.stop_all()
        self._errands.when_settled(lambda: self.app.exit(0))

    # -- answers of threads ---------------------------------------------------------------------

    @on(Answered)
    def _settle(self, answer: Answered) -> None:
        self._errands.settle(answer)

    @on(JobMoved)
    def _job_moved(self, message: JobMoved) -> None:
        self._working.moved(message)

    def _look(self) -> None:
        """Take in what other processes wrote, unless a change of our own is under way."""
        if not self._errands.is_changing:
            self._errands.ask("look", self._desk.has_changed, self._looked)

    def _looked(self, changed: bool) -> None:
        if changed:
            self.browsing.refresh()

    def _prepared(self, done: Done) -> None:
        if done.said:
            self._stage.said(done)
        self.browsing.refresh()

    def _list_shown(self) -> None:
        if not self._is_prepared:
            self._is_prepared = True
            self._working.start("preparing", self._desk.prepare, self._prepared)
        entries = self._stage.entries
        nothing = self.query_one(Nothing)
        nothing.display = not len(entries.entries)
        entries.display = not nothing.display
        if nothing.display:
            words, command = self.browsing.empty_words()
            nothing.show(words, self._keyring.key(command), BY_ID[command].title)
            self.reading.close()
        self.post_message(ListShown())

    # -- what widgets say -----------------------------------------------------------------------

    @on(events.DescendantFocus)
    def _entered(self, event: events.DescendantFocus) -> None:
        if self._commands:
            self._panes.entered(event.widget)
            self._telling.hint(self._panes.scope)

    @on(StatusLine.Pressed)
    def _pressed(self, event: StatusLine.Pressed) -> None:
        self.run_command(event.command)

    @on(EntryList.Rested)
    def _preview(self, event: EntryList.Rested) -> None:
        if not self._stage.article.has_focus:
            self.reading.preview(event.entry)

    @on(EntryList.Selected)
    def _selected(self, event: EntryList.Selected) -> None:
        self._stage.title.show_selected(event.count)

    @on(EntryList.OpenRow)
    def _open_row(self, event: EntryList.OpenRow) -> None:
        self.reading.open(event.entry)

    @on(TagTree.Clicked)
    def _choose_line(self) -> None:
        self.browsing.only_this()

    @on(Input.Changed, "#filter")
    def _typed(self, event: Input.Changed) -> None:
        self._fields.typed(event.value)

    @on(Input.Submitted, "#filter")
    def _kept(self) -> None:
        self._fields.kept()

    @on(Input.Changed, "#find")
    def _sought(self, event: Input.Changed) -> None:
        self._fields.sought(event.value)

    @on(Input.Submitted, "#find")
    def _found(self) -> None:
        self._fields.found()

    # -- what the text says ---------------------------------------------------------------------

    @on(said.ProgressChanged)
    def _moved(self, event: said.ProgressChanged) -> None:
        self.reading.moved(event.article, event.position)

    @on(said.EndReached)
    def _ended(self, event: said.EndReached) -> None:
        self.reading.reached_end(event.article)

    @on(said.ModeChanged)
    def _mode_changed(self) -> None:
        self._telling.hint(self._panes.scope)

    @on(said.FollowLink)
    def _follow(self, event: said.FollowLink) -> None:
        self._leaving.follow(event)

    @on(said.WantPicture)
    def _draw_picture(self, event: said.WantPicture) -> None:
        self._illustrating.picture(event)

    @on(said.CopyText)
    def _copy(self, event: said.CopyText) -> None:
        self._leaving.copy(event.text)

    @on(said.KeepHighlight)
    def _keep_highlight(self, event: said.KeepHighlight) -> None:
        self._annotating.keep(event)

    @on(said.EditHighlight)
    def _edit_highlight(self, event: said.EditHighlight) -> None:
        self._annotating.edit(event)

    @on(said.RemoveHighlight)
    def _remove_highlight(self, event: said.RemoveHighlight) -> None:
        self._annotating.remove(event)

    @on(said.EditNote)
    def _edit_note(self, event: said.EditNote) -> None:
        self._annotating.note(event)

    @on(said.HighlightsLost)
    def _lost(self, event: said.HighlightsLost) -> None:
        self._annotating.lost(event)
