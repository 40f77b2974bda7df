"""Which rows the list shows: the choice, what was typed, the order, and keeping it up to date."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from reader.model.entry import EntryId
from reader.model.errors import ReaderError, WrongQuery
from reader.ui.choice import SORTS, Choice, said
from reader.ui.desk import Tallies
from reader.ui.listed import Listed
from reader.ui.screens.stage import Stage
from reader.ui.views import EVERYTHING, INBOX, TRASH, VIEWS, View
from reader.ui.widgets.status_line import Note
from reader.ui.widgets.tag_tree import Branch, Kind


@dataclass(frozen=True, slots=True)
class Found:
    """A listing, and where the wanted entry stands in it."""

    listing: Listed
    at: int | None
    wanted: EntryId | None


class Browsing:
    """Asks for listings and counts, and shows the answers."""

    def __init__(self, stage: Stage, shown: Callable[[], None]):
        self._stage = stage
        self._shown = shown
        self.choice = Choice()
        self.listing: Listed | None = None
        self._saved = tuple(
            View(name, query, saved=True) for name, query in stage.settings.views.items()
        )
        self.tallies = Tallies({}, ())
        self.wrong: str = ""

    @property
    def views(self) -> tuple[View, ...]:
        """The built-in views, then those a person saved."""
        return (*VIEWS, *self._saved)

    def save_view(self, view: View) -> None:
        """Have a view among the others, under its name."""
        self._saved = (*(other for other in self._saved if other.name != view.name), view)
        self.refresh()

    def drop_view(self, name: str) -> None:
        self._saved = tuple(view for view in self._saved if view.name != name)
        self.refresh()

    # -- asking ---------------------------------------------------------------------------------

    def choose(self, choice: Choice) -> None:
        """Show another choice, from its first row."""
        if choice == self.choice:
            return
        self.choice = choice
        self._ask(top=True)

    def refresh(self, cursor: EntryId | None = None) -> None:
        """Ask anew for rows and counts; the cursor goes to that entry, or stays on its own."""
        self._ask(top=False, cursor=cursor)
        queries = {view.name: view.query for view in self.views}
        self._stage.errands.ask("tallies", lambda: self._stage.desk.tallies(queries), self._tally)

    def _ask(self, *, top: bool, cursor: EntryId | None = None) -> None:
        choice = self.choice
        try:
            query = choice.query()
        except WrongQuery as error:
            # Half a query while someone types: the list stays as it was.
            self.wrong = str(error)
            self._show_title()
            return
        self.wrong = ""
        current = self._stage.entries.current
        wanted = cursor or (current.id if current and not top else None)

        def find() -> Found:
            listing = self._stage.desk.listing(query)
            at = listing.index_of(wanted) if wanted else None
            if len(listing):
                # What is about to be drawn is read here, off the event loop.
                listing[min(at or 0, len(listing) - 1)]
            return Found(listing, at, wanted)

        self._stage.errands.ask("listing", find, lambda found: self._show(found, top, cursor))

    # -- showing --------------------------------------------------------------------------------

    def _show(self, found: Found, top: bool, cursor: EntryId | None) -> None:
        self.listing = found.listing
        now = self._stage.entries.current
        at = found.at
        if cursor is None and now is not None and now.id != found.wanted and not top:
            # The cursor has moved on while the question was under way.
            at = found.listing.index_of(now.id)
        self._stage.entries.show(found.listing, 0 if top else at, top=top)
        if cursor is not None and found.at is not None:
            self._stage.entries.go_to(found.at)
        self._show_title()
        self._shown()

    def _tally(self, tallies: Tallies) -> None:
        self.tallies = tallies
        views = [Branch(Kind.VIEW, view.name, tallies.views.get(view.name)) for view in self.views]
        tags = [Branch(Kind.TAG, tag, count) for tag, count in tallies.tags]
        self._stage.tree.show(views, tags)
        self._mark_choice()

    def _mark_choice(self) -> None:
        choice = self.choice
        self._stage.tree.choose(choice.view.name, choice.tags, choice.without)

    def _show_title(self) -> None:
        self._mark_choice()
        count = len(self.listing) if self.listing is not None else 0
        title = self._stage.title
        title.show(
            self.choice.title,
            count if self.listing is not None else None,
            said(self.choice.order),
            self.wrong,
        )
        title.show_selected(len(self._stage.entries.selection))

    def empty_words(self) -> tuple[str, str]:
        """Why the list is empty, and the command that fills it."""
        choice = self.choice
        if choice.typed.strip():
            return "Nothing here has these words.", "back"
        if choice.tags or choice.without:
            return "Nothing has all of these tags.", "back"
        if choice.view == TRASH:
            return "The trash is empty.", "tags-pane"
        if choice.view in (INBOX, EVERYTHING):
            return "Nothing saved yet.", "add"
        return f"Nothing in {choice.view.name} now.", "tags-pane"

    # -- what keys do ---------------------------------------------------------------------------

    def type(self, text: str) -> None:
        """Follow what someone types into the filter."""
        self.choose(replace(self.choice, typed=text))

    def clear(self) -> bool:
        """Give up words and tags of the filter; whether there were any."""
        if not self.choice.is_filtered:
            return False
        view = INBOX if self.choice.view == EVERYTHING else self.choice.view
        self._stage.filter.value = ""
        self.choose(replace(self.choice, view=view, tags=(), without=(), typed=""))
        return True

    def next_sort(self) -> None:
        """The next order; after the last the view's own."""
        order = self.choice.order
        at = SORTS.index(order) if order in SORTS else -1
        sort = SORTS[(at + 1) % len(SORTS)]
        self.choose(replace(self.choice, sort=sort))

    def _current(self) -> Branch | None:
        return self._stage.tree.current

    def only_this(self) -> None:
        """The view or tag under the cursor alone."""
        branch = self._current()
        if branch is None:
            return
        if branch.kind is Kind.TAG:
            self.show_tag(branch.name)
        else:
            self.show_view(next(view for view in self.views if view.name == branch.name))

    def show_view(self, view: View) -> None:
        """Show a view and nothing else."""
        self._stage.filter.value = ""
        self.choose(Choice(view=view))

    def show_tag(self, tag: str) -> None:
        """Show a tag and nothing else."""
        self._stage.filter.value = ""
        self.choose(self.choice.only(tag))

    def include(self) -> None:
        """Ask for the tag under the cursor as well, or no longer."""
        branch = self._current()
        if branch and branch.kind is Kind.TAG:
            self.choose(self.choice.with_tag(branch.name))

    def exclude(self) -> None:
        """Leave out what has the tag under the cursor, or no longer."""
        branch = self._current()
        if branch and branch.kind is Kind.TAG:
            self.choose(self.choice.without_tag(branch.name))

    def select_all(self) -> None:
        """Select every row of the list, or none where all are selected."""
        listing, entries = self.listing, self._stage.entries
        if listing is None:
            return
        if len(entries.selection) >= len(listing):
            entries.select(())
            return
        self._stage.errands.ask("selecting", listing.ids, entries.select)

    def next_unread(self) -> None:
        """Put the cursor on the next row that is not read yet."""
        entries, start = self._stage.entries.entries, self._stage.entries.cursor
        shown = self._stage.entries.shown

        def find() -> int | None:
            return next(
                (
                    row
                    for row in range(start + 1, len(entries))
                    if shown(entries[row]).state == "unread"
                ),
                None,
            )

        def go(row: int | None) -> None:
            if row is None:
                self._stage.note(Note("Nothing unread below."))
            else:
                self._stage.entries.go_to(row)

        self._stage.errands.ask("unread", find, go)

    def failed(self, error: ReaderError) -> None:
        self._stage.wrong(str(error))

    def commands(self) -> dict[str, Callable[[], Any]]:
        """What the list's and the tags' keys do here."""
        return {
            "only-this": self.only_this,
            "include": self.include,
            "exclude": self.exclude,
            "sort": self.next_sort,
            "select-all": self.select_all,
            "next-unread": self.next_unread,
        }
