"""Which rows the list shows: the choice, what was typed, the order, and keeping it up to date."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reader.model.entry import EntryId
from reader.model.errors import ReaderError, WrongQuery
from reader.model.query import Query, Text, parse, sought
from reader.ui.backend import Listed, Tallies
from reader.ui.controllers.context import Stage
from reader.ui.list_filter import BEST, Choice, said
from reader.ui.views import EVERYTHING, INBOX, TRASH, VIEWS, View
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.sidebar import Branch, Kind
from reader.ui.widgets.status_line import Note

if TYPE_CHECKING:
    from reader.search.text.snippets import Snippet


@dataclass(frozen=True, slots=True)
class Instead:
    """What else may have been meant by a choice that finds nothing: words, or every article."""

    choice: Choice
    words: str = ""
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What a choice finds: a listing with its query and the words that it looks for.

    `at` is where the wanted entry stands in it; `snippets` are those of the rows on top.
    """

    choice: Choice
    listing: Listed
    query: Query
    words: tuple[Text, ...]
    at: int | None
    wanted: EntryId | None
    snippets: "Mapping[EntryId, Snippet]"


class Browsing:
    """Asks for listings and counts, and shows the answers."""

    def __init__(self, stage: Stage, shown: Callable[[], None]):
        self._stage = stage
        self._shown = shown
        self.choice = Choice()
        self.listing: Listed | None = None
        self.query = Query()
        self.words: tuple[Text, ...] = ()
        self.instead: Instead | None = None
        self._saved = tuple(
            View(name, query, saved=True) for name, query in stage.settings.views.items()
        )
        self.tallies = Tallies({}, ())
        self.wrong: str = ""
        self.failure: str = ""

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
            self.wrong = f"perhaps {error.nearest}" if error.nearest else str(error)
            self._show_title()
            return
        self.wrong = ""
        entries = self._stage.entries
        current = entries.current
        wanted = cursor or (current.id if current and not top else None)
        rows, cells = entries.room // 3 + 1, entries.text_cells

        def find() -> Found:
            desk = self._stage.desk
            asked = desk.left_open(query, choice.typed)
            listing, words = desk.listing(asked), sought(asked)
            at = listing.index_of(wanted) if wanted else None
            snippets: Mapping[EntryId, Snippet] = {}
            if len(listing):
                # What is about to be drawn is read here, off the event loop.
                listing[min(at or 0, len(listing) - 1)]
            if words and top:
                seen = [listing[row] for row in range(min(rows, len(listing)))]
                snippets = desk.snippets(seen, words, cells)
            return Found(choice, listing, asked, words, at, wanted, snippets)

        self._stage.errands.ask_in_turn(
            "listing", find, lambda found: self._show(found, top, cursor), self._fail
        )

    def _ask_instead(self, choice: Choice) -> None:
        """Look for what may have been meant, once the list is seen to have nothing.

        What was meant before stays until the answer comes, so that nothing flickers.
        """

        def take(instead: Instead | None) -> None:
            if choice == self.choice:
                self.instead = instead
                self._shown()

        self._stage.errands.ask_in_turn("instead", lambda: self._meant(choice), take)

    def _meant(self, choice: Choice) -> Instead | None:
        """What may have been meant by words that nothing has. Blocks on disk."""
        desk = self._stage.desk
        everywhere = desk.left_open(parse(choice.typed), choice.typed)
        if choice != Choice(view=EVERYTHING, typed=choice.typed, sort=choice.sort):
            count = len(desk.listing(everywhere))
            if count:
                return Instead(choice, elsewhere=count)
        meant = desk.corrected(parse(choice.typed))
        return Instead(choice, str(meant)) if meant is not None else None

    def want_snippets(self, wanted: EntryList.WantSnippets) -> None:
        """Cut lines of the texts whose rows came in sight."""
        entries, words, cells = wanted.entries, wanted.words, wanted.cells
        self._stage.errands.ask_in_turn(
            "snippets",
            lambda: self._stage.desk.snippets(entries, words, cells),
            lambda found: self._stage.entries.show_snippets(words, found),
        )

    def _fail(self, error: ReaderError) -> None:
        """The library cannot be asked: what was shown stays, and keys go on working."""
        self.failure = str(error)
        self._stage.wrong(self.failure)
        self._shown()

    # -- showing --------------------------------------------------------------------------------

    def _show(self, found: Found, top: bool, cursor: EntryId | None) -> None:
        self.failure = ""
        self.listing, self.query, self.words = found.listing, found.query, found.words
        now = self._stage.entries.current
        at = found.at
        if cursor is None and now is not None and now.id != found.wanted and not top:
            # The cursor has moved on while the question was under way.
            at = found.listing.index_of(now.id)
        self._stage.entries.show(
            found.listing,
            0 if top else at,
            top=top,
            words=found.words,
            snippets=found.snippets,
        )
        if cursor is not None and found.at is not None:
            self._stage.entries.go_to(found.at)
        self._show_title()
        is_missing = not len(found.listing) and found.choice.has_words
        if not is_missing:
            self.instead = None
        self._shown()
        if is_missing:
            self._ask_instead(found.choice)

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

    def empty_words(self) -> tuple[str, str, str]:
        """Why the list is empty, the command that fills it, and what that does where not its title."""
        choice, instead = self.choice, self.instead
        if self.failure:
            return self.failure, "quit", ""
        if instead and instead.elsewhere:
            count = f"{instead.elsewhere} elsewhere"
            has = "has them" if instead.elsewhere == 1 else "have them"
            return (
                f"Nothing in {choice.title} has these words; {count} {has}.",
                "open",
                "search everything",
            )
        if instead:
            return (
                f"Nothing has these words. Did you mean {instead.words}?",
                "open",
                "search for that",
            )
        if choice.typed.strip():
            return "Nothing here has these words.", "back", ""
        if choice.tags or choice.without:
            return "Nothing has all of these tags.", "back", ""
        if choice.view == TRASH:
            return "The trash is empty.", "tags-pane", ""
        if choice.view in (INBOX, EVERYTHING):
            return "Nothing saved yet.", "add", ""
        return f"Nothing in {choice.view.name} now.", "tags-pane", ""

    # -- what keys do ---------------------------------------------------------------------------

    def type(self, text: str) -> None:
        """Follow what someone types into the filter."""
        self.choose(replace(self.choice, typed=text))

    def take_instead(self) -> bool:
        """Look for what was probably meant, or in every article; whether there was such a thing."""
        instead = self.instead
        if instead is None or instead.choice != self.choice:
            return False
        if instead.elsewhere:
            self.choose(Choice(view=EVERYTHING, typed=self.choice.typed, sort=self.choice.sort))
        else:
            # The list follows what stands in the field.
            self._stage.filter.value = instead.words
        self.instead = None
        return True

    def clear(self) -> bool:
        """Give up words and tags of the filter; whether there were any."""
        if not self.choice.is_filtered:
            return False
        view = INBOX if self.choice.view == EVERYTHING else self.choice.view
        self.choose(replace(self.choice, view=view, tags=(), without=(), typed=""))
        self._stage.filter.value = ""
        return True

    def next_sort(self) -> None:
        """The next order; after the last the view's own."""
        order, sorts = self.choice.order, self.choice.sorts
        at = sorts.index(order) if order in sorts else -1
        sort = sorts[(at + 1) % len(sorts)]
        # The best match is what words are listed by where no other order was chosen.
        self.choose(replace(self.choice, sort=None if sort == BEST else sort))

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
        self.choose(Choice(view=view))
        self._stage.filter.value = ""

    def show_tag(self, tag: str) -> None:
        """Show a tag and nothing else."""
        self.choose(self.choice.only(tag))
        self._stage.filter.value = ""

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
