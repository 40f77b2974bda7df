"""The screen with the three panes: puts the parts together and hands each key to one of them."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Input

from reader.settings import Settings
from reader.ui.commands import BY_ID, Scope, of_scope
from reader.ui.desk import Desk
from reader.ui.errands import Answered, Errands
from reader.ui.glyphs import Glyphs
from reader.ui.keyring import Keyring, bindings
from reader.ui.screens.acting import Acting
from reader.ui.screens.browsing import Browsing
from reader.ui.screens.reading import Reading
from reader.ui.screens.stage import Stage
from reader.ui.widgets.article import ArticleView
from reader.ui.widgets.article_messages import EndReached, Mode, ModeChanged, ProgressChanged
from reader.ui.widgets.entry_list import ROW_HEIGHTS, EntryList
from reader.ui.widgets.nothing import Nothing
from reader.ui.widgets.pane_title import PaneTitle
from reader.ui.widgets.status_line import Hint, Note, StatusLine
from reader.ui.widgets.tag_tree import TagTree

T = TypeVar("T")

SHOWN_FOR = 6.0
"""Seconds that a message stays."""
LOOK_EVERY = 0.5
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
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares it so
        (0, "-one"),
        (80, "-two"),
        (120, "-three"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = "EntryList"

    def __init__(self, desk: Desk, settings: Settings, keyring: Keyring, glyphs: Glyphs):
        super().__init__()
        self._desk = desk
        self._settings = settings
        self._keyring = keyring
        self._glyphs = glyphs
        self._note_timer = self.set_timer(SHOWN_FOR, lambda: self._note(None), pause=True)

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
        self._errands = Errands(self, lambda error: self._note(Note(str(error), wrong=True)))
        stage = self._stage = Stage(
            desk=self._desk,
            settings=self._settings,
            keyring=self._keyring,
            errands=self._errands,
            tree=self.query_one(TagTree),
            entries=self.query_one(EntryList),
            title=self.query_one(PaneTitle),
            filter=self.query_one("#filter", Input),
            article=self.query_one(ArticleView),
            status=self.query_one(StatusLine),
            note=self._note,
            ask=self._ask,
            run=self.run_command,
        )
        stage.entries.height_of_row = self._settings.look.rows
        stage.article.set_measure(self._settings.look.measure)
        self.browsing = Browsing(stage, self._list_shown)
        self.reading = Reading(stage, self.browsing)
        self.acting = Acting(stage, self.browsing, lambda: self.reading.entry)
        self._commands: dict[str, Callable[[], Any]] = {
            **self._moves(stage),
            **self.browsing.commands(),
            **self.acting.commands(),
            **self.reading.commands(),
        }
        self.browsing.refresh()
        self.set_interval(LOOK_EVERY, self._look)

    def _moves(self, stage: Stage) -> dict[str, Callable[[], Any]]:
        """Keys that only move about."""
        entries, tree = stage.entries, stage.tree
        return {
            "tags-pane": tree.focus,
            "list-pane": entries.focus,
            "reader-pane": stage.article.focus,
            "next-pane": lambda: self._step_pane(1),
            "last-pane": lambda: self._step_pane(-1),
            "to-tags": tree.focus,
            "to-list": entries.focus,
            "list-down": lambda: entries.move(1),
            "list-up": lambda: entries.move(-1),
            "list-top": lambda: entries.go_to(0),
            "list-bottom": entries.go_to_end,
            "list-page-down": lambda: entries.move_page(1),
            "list-page-up": lambda: entries.move_page(-1),
            "select": entries.toggle,
            "select-range": entries.toggle_range,
            "row-height": self._next_row_height,
            "tags-down": lambda: tree.move(1),
            "tags-up": lambda: tree.move(-1),
            "tags-top": lambda: tree.go_to_end(top=True),
            "tags-bottom": tree.go_to_end,
            "fold": tree.fold,
            "unfold": lambda: tree.unfold() or entries.focus(),
            "open": self._open,
            "search": self._search,
            "find": self._find,
            "alone": self._toggle_alone,
            "back": self.back,
            "quit": self._quit,
            "palette": self.app.action_command_palette,
        }

    # -- commands -------------------------------------------------------------------------------

    def action_command(self, command_id: str) -> None:
        """What every binding runs."""
        self.run_command(command_id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of highlighting hold only while words are chosen, and then alone in the text."""
        if action != "command" or not parameters:
            return True
        command = BY_ID.get(str(parameters[0]))
        if command is None:
            return True
        marking = self.mode is Mode.MARKING
        if command.scopes == (Scope.MARKING,):
            return marking
        return not (marking and Scope.READER in command.scopes)

    @property
    def mode(self) -> Mode:
        """What keys mean in the text just now."""
        article = self.query(ArticleView)
        return article.first().mode if article else Mode.READING

    def run_command(self, command_id: str) -> None:
        """Do what the command's key does; commands of a pane that is not there do nothing."""
        act = self._commands.get(command_id)
        if act is not None:
            act()

    def _ask(self, dialog: ModalScreen[T | None], then: Callable[[T], None]) -> None:
        def answer(result: T | None) -> None:
            if result is not None:
                then(result)

        self.app.push_screen(dialog, answer)

    @on(Answered)
    def _settle(self, answer: Answered) -> None:
        self._errands.settle(answer)

    def _look(self) -> None:
        """Take in what other processes wrote, unless a change of our own is under way."""
        if not self._errands.is_changing:
            self._errands.ask("look", self._desk.has_changed, self._looked)

    def _looked(self, changed: bool) -> None:
        if changed:
            self.browsing.refresh()

    # -- panes ----------------------------------------------------------------------------------

    @on(events.DescendantFocus)
    def _focused(self, event: events.DescendantFocus) -> None:
        pane = next((p for p in event.widget.ancestors if p.id and p.id.endswith("-pane")), None)
        if pane is not None:
            for name in ("tags", "list", "reader"):
                self.query_one("#panes").set_class(pane.id == f"{name}-pane", f"-at-{name}")
        self._hint()

    def _step_pane(self, step: int) -> None:
        panes: list[Widget] = [self._stage.tree, self._stage.entries, self._stage.article]
        at = next((n for n, pane in enumerate(panes) if pane.has_focus), 1)
        panes[(at + step) % len(panes)].focus()

    def _toggle_alone(self) -> None:
        panes = self.query_one("#panes")
        panes.toggle_class("-alone")
        if panes.has_class("-alone"):
            self._open() if self._stage.entries.has_focus else self._stage.article.focus()

    def back(self) -> bool:
        """Close, clear or go back, whichever is nearest; whether there was anything to do."""
        stage, panes = self._stage, self.query_one("#panes")
        if stage.filter.has_focus:
            self._leave_filter(clear=True)
        elif self.query_one("#find").has_focus:
            self._leave_find()
        elif stage.article.has_focus:
            if stage.article.action_leave():
                return True
            if panes.has_class("-alone"):
                panes.remove_class("-alone")
            stage.entries.focus()
        elif stage.entries.selection:
            stage.entries.select(())
        elif self.browsing.clear():
            self._show_filter()
        elif stage.tree.has_focus:
            stage.entries.focus()
        else:
            return False
        return True

    def _quit(self) -> None:
        if not self.back():
            self.reading.leave()
            self._errands.when_settled(lambda: self.app.exit(0))

    def _next_row_height(self) -> None:
        entries = self._stage.entries
        entries.height_of_row = ROW_HEIGHTS[entries.height_of_row]

    # -- list -----------------------------------------------------------------------------------

    def _list_shown(self) -> None:
        entries = self._stage.entries
        nothing = self.query_one(Nothing)
        nothing.display = not len(entries.entries)
        entries.display = not nothing.display
        if nothing.display:
            words, command = self.browsing.empty_words()
            nothing.show(words, self._keyring.key(command), BY_ID[command].title)
            self._stage.article.show(None)
        self.post_message(ListShown())

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

    def _open(self) -> None:
        entry = self._stage.entries.current
        if entry is not None:
            self.reading.open(entry)

    # -- filter and find ------------------------------------------------------------------------

    def _search(self) -> None:
        self._stage.filter.display = True
        self._stage.filter.focus()

    def _show_filter(self) -> None:
        """The filter's line is there while it is typed in or narrows the list."""
        self._stage.filter.display = bool(self._stage.filter.value)

    def _leave_filter(self, *, clear: bool) -> None:
        if clear:
            self._stage.filter.value = ""
            self.browsing.type("")
        self._stage.entries.focus()
        self._show_filter()

    @on(Input.Changed, "#filter")
    def _typed(self, event: Input.Changed) -> None:
        self.browsing.type(event.value)

    @on(Input.Submitted, "#filter")
    def _kept(self) -> None:
        self._leave_filter(clear=False)

    def _find(self) -> None:
        field = self.query_one("#find", Input)
        field.display = True
        field.focus()

    def _leave_find(self) -> None:
        self.query_one("#find", Input).display = False
        self._stage.article.focus()

    @on(Input.Changed, "#find")
    def _sought(self, event: Input.Changed) -> None:
        self._stage.article.find(event.value)

    @on(Input.Submitted, "#find")
    def _found(self) -> None:
        at, count = self._stage.article.match
        self._leave_find()
        self._note(Note(f"{at} of {count}" if count else "Not in this text."))

    # -- reading --------------------------------------------------------------------------------

    @on(ProgressChanged)
    def _moved(self, event: ProgressChanged) -> None:
        self.reading.moved(event.article, event.position)

    @on(EndReached)
    def _ended(self, event: EndReached) -> None:
        self.reading.reached_end(event.article)

    @on(ModeChanged)
    def _mode_changed(self) -> None:
        self._hint()

    # -- the footer -----------------------------------------------------------------------------

    def _note(self, note: Note | None) -> None:
        self._stage.status.show_note(note)
        self._note_timer.reset()
        if note:
            self._note_timer.resume()
        else:
            self._note_timer.pause()

    def _scope(self) -> Scope:
        if self.mode is Mode.MARKING:
            return Scope.MARKING
        if self._stage.article.has_focus:
            return Scope.READER
        return Scope.TAGS if self._stage.tree.has_focus else Scope.LIST

    def _hint(self) -> None:
        """The four most useful keys where one stands, and the way to all of them."""
        if not hasattr(self, "_stage"):
            return
        scope = self._scope()
        near = [command for command in of_scope(scope) if command.short]
        far = [command for command in of_scope(Scope.EVERYWHERE) if command.short]
        ranked = sorted({*near, *far} if scope is not Scope.MARKING else near, key=lambda c: c.rank)
        help_key = BY_ID["help"]
        chosen = [*[command for command in ranked if command is not help_key][:4], help_key]
        key = self._keyring.key
        self._stage.status.show_hints([Hint(key(c.id), c.short, c.id) for c in chosen if key(c.id)])

    @on(StatusLine.Pressed)
    def _pressed(self, event: StatusLine.Pressed) -> None:
        self.run_command(event.command)
