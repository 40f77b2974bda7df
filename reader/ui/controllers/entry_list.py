"""Which rows the list shows: the choice, what was typed, the order, and keeping it up to date."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reader.model.entry import EntryId
from reader.model.errors import QueryError, ReaderError
from reader.model.query import Query, TextTerm, parse, search_words
from reader.ui.backend import Counts
from reader.ui.controllers.context import UIContext
from reader.ui.entry_sequence import EntrySequence
from reader.ui.list_filter import BY_RELEVANCE, ListFilter, describe_sort
from reader.ui.views import EVERYTHING, INBOX, TRASH, VIEWS, View
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.sidebar import SidebarItem, SidebarItemKind
from reader.ui.widgets.status_line import StatusMessage

if TYPE_CHECKING:
    from reader.search.text.snippets import Snippet


@dataclass(frozen=True, slots=True)
class Alternative:
    """What else may have been meant by a choice that finds nothing: words, or every article."""

    filter: ListFilter
    words: str = ""
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class ListResult:
    """What a choice finds: a listing with its query and the words that it looks for.

    `at` is where the wanted entry stands in it; `snippets` are those of the rows on top.
    """

    filter: ListFilter
    listing: EntrySequence
    query: Query
    words: tuple[TextTerm, ...]
    at: int | None
    target: EntryId | None
    snippets: "Mapping[EntryId, Snippet]"


class ListController:
    """Asks for listings and counts, and shows the answers."""

    def __init__(self, stage: UIContext, shown: Callable[[], None]):
        self._context = stage
        self._on_painted = shown
        self.filter = ListFilter()
        self.listing: EntrySequence | None = None
        self.query = Query()
        self.words: tuple[TextTerm, ...] = ()
        self.alternative: Alternative | None = None
        self._saved = tuple(
            View(name, query, saved=True) for name, query in stage.settings.views.items()
        )
        self.counts = Counts({}, ())
        self.query_error: str = ""
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

    def apply_filter(self, choice: ListFilter) -> None:
        """Show another choice, from its first row."""
        if choice == self.filter:
            return
        self.filter = choice
        self._load(top=True)

    def refresh(self, cursor: EntryId | None = None) -> None:
        """Ask anew for rows and counts; the cursor goes to that entry, or stays on its own."""
        self._load(top=False, cursor=cursor)
        queries = {view.name: view.query for view in self.views}
        self._context.tasks.run_latest(
            "tallies", lambda: self._context.backend.counts(queries), self._show_counts
        )

    def _load(self, *, top: bool, cursor: EntryId | None = None) -> None:
        choice = self.filter
        try:
            query = choice.query()
        except QueryError as error:
            # Half a query while someone types: the list stays as it was.
            self.query_error = f"perhaps {error.nearest}" if error.nearest else str(error)
            self._show_title()
            return
        self.query_error = ""
        entries = self._context.entries
        current = entries.current
        wanted = cursor or (current.id if current and not top else None)
        rows, cells = entries.visible_line_count // 3 + 1, entries.text_cells

        def find() -> ListResult:
            desk = self._context.backend
            asked = desk.as_prefix_query(query, choice.typed)
            listing, words = desk.listing(asked), search_words(asked)
            at = listing.index_of(wanted) if wanted else None
            snippets: Mapping[EntryId, Snippet] = {}
            if len(listing):
                # What is about to be drawn is read here, off the event loop.
                listing[min(at or 0, len(listing) - 1)]
            if words and top:
                seen = [listing[row] for row in range(min(rows, len(listing)))]
                snippets = desk.snippets(seen, words, cells)
            return ListResult(choice, listing, asked, words, at, wanted, snippets)

        self._context.tasks.queue_latest(
            "listing", find, lambda found: self._show(found, top, cursor), self._show_failure
        )

    def _load_alternative(self, choice: ListFilter) -> None:
        """Look for what may have been meant, once the list is seen to have nothing.

        What was meant before stays until the answer comes, so that nothing flickers.
        """

        def take(instead: Alternative | None) -> None:
            if choice == self.filter:
                self.alternative = instead
                self._on_painted()

        self._context.tasks.queue_latest("instead", lambda: self._find_alternative(choice), take)

    def _find_alternative(self, choice: ListFilter) -> Alternative | None:
        """What may have been meant by words that nothing has. Blocks on disk."""
        desk = self._context.backend
        everywhere = desk.as_prefix_query(parse(choice.typed), choice.typed)
        if choice != ListFilter(view=EVERYTHING, typed=choice.typed, sort=choice.sort):
            count = len(desk.listing(everywhere))
            if count:
                return Alternative(choice, elsewhere=count)
        meant = desk.spell_corrected(parse(choice.typed))
        return Alternative(choice, str(meant)) if meant is not None else None

    def request_snippets(self, wanted: EntryList.RequestSnippets) -> None:
        """Cut lines of the texts whose rows came in sight."""
        entries, words, cells = wanted.entries, wanted.words, wanted.cells
        self._context.tasks.queue_latest(
            "snippets",
            lambda: self._context.backend.snippets(entries, words, cells),
            lambda found: self._context.entries.show_snippets(words, found),
        )

    def _show_failure(self, error: ReaderError) -> None:
        """The library cannot be asked: what was shown stays, and keys go on working."""
        self.failure = str(error)
        self._context.notify_error(self.failure)
        self._on_painted()

    # -- showing --------------------------------------------------------------------------------

    def _show(self, found: ListResult, top: bool, cursor: EntryId | None) -> None:
        self.failure = ""
        self.listing, self.query, self.words = found.listing, found.query, found.words
        now = self._context.entries.current
        at = found.at
        if cursor is None and now is not None and now.id != found.target and not top:
            # The cursor has moved on while the question was under way.
            at = found.listing.index_of(now.id)
        self._context.entries.show_entries(
            found.listing,
            0 if top else at,
            top=top,
            words=found.words,
            snippets=found.snippets,
        )
        if cursor is not None and found.at is not None:
            self._context.entries.go_to(found.at)
        self._show_title()
        is_missing = not len(found.listing) and found.filter.has_words
        if not is_missing:
            self.alternative = None
        self._on_painted()
        if is_missing:
            self._load_alternative(found.filter)

    def _show_counts(self, tallies: Counts) -> None:
        self.counts = tallies
        views = [
            SidebarItem(SidebarItemKind.VIEW, view.name, tallies.views.get(view.name))
            for view in self.views
        ]
        tags = [SidebarItem(SidebarItemKind.TAG, tag, count) for tag, count in tallies.tags]
        self._context.sidebar.show_items(views, tags)
        self._show_filter()

    def _show_filter(self) -> None:
        choice = self.filter
        self._context.sidebar.mark_filter(choice.view.name, choice.tags, choice.excluded_tags)

    def _show_title(self) -> None:
        self._show_filter()
        count = len(self.listing) if self.listing is not None else 0
        title = self._context.title
        title.show_title(
            self.filter.title,
            count if self.listing is not None else None,
            describe_sort(self.filter.order),
            self.query_error,
        )
        title.show_selected(len(self._context.entries.selection))

    def empty_state_text(self) -> tuple[str, str, str]:
        """Why the list is empty, the command that fills it, and what that does where not its title."""
        choice, instead = self.filter, self.alternative
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
        if choice.tags or choice.excluded_tags:
            return "Nothing has all of these tags.", "back", ""
        if choice.view == TRASH:
            return "The trash is empty.", "tags-pane", ""
        if choice.view in (INBOX, EVERYTHING):
            return "Nothing saved yet.", "add", ""
        return f"Nothing in {choice.view.name} now.", "tags-pane", ""

    # -- what keys do ---------------------------------------------------------------------------

    def set_text(self, text: str) -> None:
        """Follow what someone types into the filter."""
        self.apply_filter(replace(self.filter, typed=text))

    def apply_suggestion(self) -> bool:
        """Look for what was probably meant, or in every article; whether there was such a thing."""
        instead = self.alternative
        if instead is None or instead.filter != self.filter:
            return False
        if instead.elsewhere:
            self.apply_filter(
                ListFilter(view=EVERYTHING, typed=self.filter.typed, sort=self.filter.sort)
            )
        else:
            # The list follows what stands in the field.
            self._context.filter.value = instead.words
        self.alternative = None
        return True

    def clear_filter(self) -> bool:
        """Give up words and tags of the filter; whether there were any."""
        if not self.filter.is_filtered:
            return False
        view = INBOX if self.filter.view == EVERYTHING else self.filter.view
        self.apply_filter(replace(self.filter, view=view, tags=(), excluded_tags=(), typed=""))
        self._context.filter.value = ""
        return True

    def next_sort(self) -> None:
        """The next order; after the last the view's own."""
        order, sorts = self.filter.order, self.filter.sorts
        at = sorts.index(order) if order in sorts else -1
        sort = sorts[(at + 1) % len(sorts)]
        # The best match is what words are listed by where no other order was chosen.
        self.apply_filter(replace(self.filter, sort=None if sort == BY_RELEVANCE else sort))

    def _current(self) -> SidebarItem | None:
        return self._context.sidebar.current

    def show_only(self) -> None:
        """The view or tag under the cursor alone."""
        branch = self._current()
        if branch is None:
            return
        if branch.kind is SidebarItemKind.TAG:
            self.show_tag(branch.name)
        else:
            self.show_view(next(view for view in self.views if view.name == branch.name))

    def show_view(self, view: View) -> None:
        """Show a view and nothing else."""
        self.apply_filter(ListFilter(view=view))
        self._context.filter.value = ""

    def show_tag(self, tag: str) -> None:
        """Show a tag and nothing else."""
        self.apply_filter(self.filter.only_tag(tag))
        self._context.filter.value = ""

    def include(self) -> None:
        """Ask for the tag under the cursor as well, or no longer."""
        branch = self._current()
        if branch and branch.kind is SidebarItemKind.TAG:
            self.apply_filter(self.filter.with_tag(branch.name))

    def exclude(self) -> None:
        """Leave out what has the tag under the cursor, or no longer."""
        branch = self._current()
        if branch and branch.kind is SidebarItemKind.TAG:
            self.apply_filter(self.filter.without_tag(branch.name))

    def select_all(self) -> None:
        """Select every row of the list, or none where all are selected."""
        listing, entries = self.listing, self._context.entries
        if listing is None:
            return
        if len(entries.selection) >= len(listing):
            entries.set_selection(())
            return
        self._context.tasks.run_latest("selecting", listing.ids, entries.set_selection)

    def next_unread(self) -> None:
        """Put the cursor on the next row that is not read yet."""
        entries, start = self._context.entries.entries, self._context.entries.cursor
        shown = self._context.entries.current_version

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
                self._context.show_message(StatusMessage("Nothing unread below."))
            else:
                self._context.entries.go_to(row)

        self._context.tasks.run_latest("unread", find, go)

    def commands(self) -> dict[str, Callable[[], Any]]:
        """What the list's and the tags' keys do here."""
        return {
            "only-this": self.show_only,
            "include": self.include,
            "exclude": self.exclude,
            "sort": self.next_sort,
            "select-all": self.select_all,
            "next-unread": self.next_unread,
        }
