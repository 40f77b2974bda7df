"""The rows of the list: filter, order, and changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from reader.model.entry import Entry, EntryId
from reader.model.errors import QueryError, ReaderError
from reader.model.query import (
    And,
    Flag,
    Query,
    Sort,
    SortKey,
    StateTerm,
    TextTerm,
    loose_words,
    matches,
    parse,
    search_words,
)
from reader.services.views import EVERYTHING, FAILED, INBOX, QUEUED, TRASH, View
from reader.ui.backend import Counts
from reader.ui.controllers.context import KeyHold, UIContext
from reader.ui.dialogs.picker import PickerDialog, Row
from reader.ui.entry_sequence import EntrySequence
from reader.ui.list_filter import BY_RELEVANCE, ListFilter, describe_sort, failed_because
from reader.ui.screen_state import MAX_REPAINTED, encode_sort
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.sidebar import SidebarItem, SidebarItemKind

if TYPE_CHECKING:
    from reader.search.text.snippets import Snippet

MAX_COMPLETE: Final = 30
"""Entries with all words from which those with some are not searched for."""
MAX_REASONS: Final = 6
"""Kinds of failures that the sidebar lists: the tags below stay in sight on 24 lines."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A suggestion for a filter without results: other words, or all articles."""

    filter: ListFilter
    words: str = ""
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class ListResult:
    """The listing of a filter, with its query and the words searched for.

    `at` is the row of the wanted entry, `snippets` are those of the first rows. Of the `selected`
    entries only those that are `present` are in the listing. The first `complete` entries have all
    words, the others lack those in `missing`.
    """

    filter: ListFilter
    listing: EntrySequence
    query: Query
    words: tuple[TextTerm, ...]
    at: int | None
    wanted: EntryId | None
    snippets: "Mapping[EntryId, Snippet]"
    selected: frozenset[EntryId]
    present: frozenset[EntryId]
    complete: int
    missing: Mapping[EntryId, Sequence[str]]


class ListController:
    """Loads listings and counts, and shows them."""

    def __init__(self, context: UIContext):
        self._context = context
        self._state = context.state
        self.on_painted: Callable[[], None] = lambda: None
        self.alternative: Alternative | None = None
        self._complete = 0
        self._partial_filter: ListFilter | None = None
        self._view_queries: dict[str, Query] = {}
        self.failure: str = ""
        self.is_prepared = False
        self._keys = KeyHold(context)

    def save_view(self, view: View) -> None:
        """Add a view, or replace the one of its name."""
        self._state.saved_views = (
            *(other for other in self._state.saved_views if other.name != view.name),
            view,
        )
        self._view_queries.clear()
        self.refresh()

    def drop_view(self, name: str) -> None:
        """Remove a saved view."""
        self._state.saved_views = tuple(
            view for view in self._state.saved_views if view.name != name
        )
        self._view_queries.clear()
        self.refresh()

    # Loading.

    def apply_filter(self, choice: ListFilter) -> None:
        """Show another filter's rows, from the first."""
        if choice == self._state.filter:
            return
        self._state.filter = choice
        self._load(top=True)

    def refresh(self, cursor: EntryId | None = None) -> None:
        """Load rows and counts again; the cursor goes to that entry, or stays on its own."""
        self._load(top=False, cursor=cursor)
        self.refresh_counts()

    def refresh_counts(self) -> None:
        """Load the counts of views and tags."""
        queries = {view.name: view.query for view in self._state.views}
        self._context.tasks.queue_latest(
            "counts", lambda: self._context.backend.counts(queries), self._show_counts
        )

    def _load(self, *, top: bool, cursor: EntryId | None = None, group: str = "listing") -> None:
        """Load the rows of the filter; group `partial` adds entries with some of its words."""
        choice = self._state.filter
        self._state.query_error = self._state.query_correction = ""
        typed = choice.typed
        try:
            query = choice.query()
        except QueryError as error:
            self._state.query_error = f"perhaps {error.nearest}" if error.nearest else str(error)
            self._state.query_correction = _correct(typed, error)
            self._show_title()
            typed = _without_wrong_term(typed, error)
            try:
                # Half a term while the user types: the list follows the others.
                query = replace(choice, typed=typed).query()
            except QueryError:
                self._keys.release()
                return
        entries, backend = self._context.entries, self._context.backend
        current = entries.current
        wanted = cursor or (current.id if current and not top else None)
        rows, cells = entries.visible_line_count // 3 + 1, entries.text_cells
        selected = entries.selection
        is_partial = group == "partial" or self._partial_filter == choice

        def find() -> ListResult:
            final = backend.as_prefix_query(query, typed)
            listing: EntrySequence
            missing: Mapping[EntryId, Sequence[str]] = {}
            if is_partial:
                ranked = backend.ranked_listing(final)
                listing, words, complete = ranked.entries, ranked.words, ranked.complete
                missing = {listing[row].id: lacking for row, lacking in ranked.missing.items()}
            else:
                listing, words = backend.listing(final), search_words(final)
                complete = len(listing)
            at = listing.index_of(wanted) if wanted else None
            snippets: Mapping[EntryId, Snippet] = {}
            if len(listing):
                # The rows about to be painted are read here, off the event loop.
                listing[min(at or 0, len(listing) - 1)]
            if words and (top or group == "partial"):
                seen = [listing[row] for row in range(min(rows, len(listing)))]
                snippets = backend.snippets(seen, words, cells)
            present = frozenset(each for each in selected if listing.index_of(each) is not None)
            return ListResult(
                choice, listing, final, words, at, wanted, snippets, selected, present,
                complete, missing,
            )  # fmt: skip

        def show(found: ListResult) -> None:
            if group == "partial":
                self._show_partial(found)
            else:
                self._show(found, top, cursor)

        self._context.tasks.queue_latest(group, find, show, self._show_failure)

    def _load_partial(self, found: ListResult) -> None:
        """Search for entries with some of the words, if few have all of them."""
        words = loose_words(found.query)
        may_find_more = len(words) > 1 or (len(words) == 1 and not words[0].prefix)
        if may_find_more and found.complete < MAX_COMPLETE and found.filter.order == BY_RELEVANCE:
            self._load(top=False, group="partial")

    def _show_partial(self, found: ListResult) -> None:
        """Show entries with some of the words below the others, unless the filter has changed."""
        is_new = self._state.listing is None or len(found.listing) > len(self._state.listing)
        if found.filter == self._state.filter and is_new:
            self._partial_filter = found.filter
            self._show(found, False, None)

    def _load_alternative(self, found: ListResult) -> None:
        """Look for a suggestion once the list is empty.

        The former suggestion stays until the new one is found, so that nothing flickers.
        """
        choice = found.filter

        def show(alternative: Alternative | None) -> None:
            if choice == self._state.filter:
                self.alternative = alternative
                self.on_painted()
                if alternative is None or not alternative.elsewhere:
                    self._load_partial(found)

        self._context.tasks.queue_latest(
            "alternative", lambda: self._find_alternative(choice), show
        )

    def _find_alternative(self, choice: ListFilter) -> Alternative | None:
        """Return a suggestion for words without results. Blocks on disk."""
        backend = self._context.backend
        everywhere = backend.as_prefix_query(parse(choice.typed), choice.typed)
        if choice != ListFilter(view=EVERYTHING, typed=choice.typed, sort=choice.sort):
            count = len(backend.listing(everywhere))
            if count:
                return Alternative(choice, elsewhere=count)
        corrected = backend.spell_corrected(parse(choice.typed))
        return Alternative(choice, str(corrected)) if corrected is not None else None

    def request_snippets(self, request: EntryList.RequestSnippets) -> None:
        """Load snippets for rows that came into sight."""
        entries, words, cells = request.entries, request.words, request.cells
        self._context.tasks.queue_latest(
            "snippets",
            lambda: self._context.backend.snippets(entries, words, cells),
            lambda found: self._context.entries.show_snippets(words, found),
        )

    def _show_failure(self, error: ReaderError) -> None:
        """Report that the library cannot be queried; the former rows stay."""
        self.failure = str(error)
        self._context.notify_error(self.failure)
        self.on_painted()
        self._keys.release()

    # Showing.

    def _show(self, found: ListResult, top: bool, cursor: EntryId | None) -> None:
        self.failure = ""
        self._state.listing, self._state.query, self._state.words = (
            found.listing,
            found.query,
            found.words,
        )
        self._complete = found.complete
        if self._partial_filter != found.filter:
            self._partial_filter = None
        entries = self._context.entries
        now = entries.current
        at = found.at
        if cursor is None and now is not None and now.id != found.wanted and not top:
            # The cursor was moved while the query ran.
            at = found.listing.index_of(now.id)
        entries.keep_selected(found.selected, found.present)
        entries.show_entries(
            found.listing, 0 if top else at, top=top, words=found.words, snippets=found.snippets,
            missing=found.missing,
        )  # fmt: skip
        self._keys.release()
        if cursor is not None and found.at is not None:
            entries.go_to(found.at)
        self._show_title()
        is_missing = not len(found.listing) and found.filter.has_words
        if not is_missing:
            self.alternative = None
        self.on_painted()
        if is_missing:
            self._load_alternative(found)
        elif self._partial_filter != found.filter:
            self._load_partial(found)

    def show_changes(self, changes: Sequence[tuple[Entry, Entry]]) -> None:
        """Show changed entries, given as before and after.

        Rows that stay in their place are painted alone; the list is loaded again if one of them
        leaves it, or if nothing is known of the changes.
        """
        now = datetime.now(UTC)
        if not 0 < len(changes) <= MAX_REPAINTED or not self._state.keep_rows(changes, now):
            self.refresh()
            return
        self._context.entries.update_rows([after for _, after in changes])
        self._keys.release()
        if self._are_counts_shown and not any(_moves_tags(*pair) for pair in changes):
            self._adjust_counts(changes, now)
        else:
            self.refresh_counts()

    def hold_keys(self) -> None:
        """Let keys wait until the rows are shown that a change leaves in the list.

        The next `d` means the row that the user sees then, not the one that is about to leave.
        """
        self._keys.hold()

    @property
    def _are_counts_shown(self) -> bool:
        return bool(self._state.counts.views)

    def _adjust_counts(self, changes: Sequence[tuple[Entry, Entry]], now: datetime) -> None:
        """Count the changed entries in each view, without a query of the library."""
        views = dict(self._state.counts.views)
        for view in self._state.views:
            query = self._view_query(view)
            for before, after in changes:
                step = matches(query, after, now) - matches(query, before, now)
                views[view.name] = views.get(view.name, 0) + step
        if views != self._state.counts.views:
            self._show_counts(replace(self._state.counts, views=views))

    def _view_query(self, view: View) -> Query:
        if view.name not in self._view_queries:
            self._view_queries[view.name] = parse(view.query)
        return self._view_queries[view.name]

    def _show_counts(self, counts: Counts) -> None:
        self._state.counts = counts
        kind = SidebarItemKind
        views = [
            SidebarItem(kind.VIEW, view.name, counts.views.get(view.name))
            for view in self._state.views
        ]
        tags = [SidebarItem(kind.TAG, tag, count) for tag, count in counts.tags]
        reasons = [SidebarItem(kind.REASON, *pair) for pair in counts.failures[:MAX_REASONS]]
        at = next((row for row, view in enumerate(views) if view.name == FAILED.name), len(views))
        self._context.sidebar.show_items([*views[: at + 1], *reasons, *views[at + 1 :]], tags)
        self._mark_filter()

    def _mark_filter(self) -> None:
        choice = self._state.filter
        self._context.sidebar.mark_filter(choice.view.name, choice.tags, choice.excluded_tags)
        kinds = (name for name, _ in self._state.counts.failures)
        self._context.sidebar.mark_reason(
            next((kind for kind in kinds if failed_because(kind) == choice.view), "")
        )

    def _show_title(self) -> None:
        self._mark_filter()
        count = self._complete if self._state.listing is not None else None
        title = self._context.title
        order = describe_sort(self._state.filter.order)
        if self._state.listing is not None and len(self._state.listing) > self._complete:
            order += f" · {len(self._state.listing) - self._complete} partial"
        title.show_title(self._state.filter.title, count, order, self._state.query_error)
        title.show_selected(len(self._context.entries.selection))

    def empty_state_text(self) -> tuple[str, str, str]:
        """Return why the list is empty, a command that helps, and its label."""
        choice, alternative = self._state.filter, self.alternative
        if self.failure:
            return self.failure, "quit", ""
        if alternative and alternative.elsewhere:
            count = alternative.elsewhere
            have = "has them" if count == 1 else "have them"
            return (
                f"Nothing in {choice.title} has these words; {count:,} elsewhere {have}.",
                "open",
                "search everything",
            )
        if alternative:
            return (
                f"Nothing has these words. Did you mean {alternative.words}?",
                "open",
                "search for that",
            )
        if choice.typed.strip():
            return "Nothing here has these words.", "back", "clear the filter"
        if choice.tags or choice.excluded_tags:
            return "Nothing has all of these tags.", "back", "clear the filter"
        if choice.view == TRASH:
            return "The trash is empty.", "tags-pane", ""
        if choice.view == QUEUED:
            return "No link waits to be fetched.", "add", ""
        if choice.view == FAILED:
            return "No download has failed.", "tags-pane", ""
        if self._state.counts.views.get(EVERYTHING.name, 0) == 0 and choice.view in (
            INBOX,
            EVERYTHING,
        ):
            return "Nothing saved yet." if self.is_prepared else "Preparing the library…", "add", ""
        if choice.view == INBOX:
            return "The inbox is empty: everything is read or archived.", "tags-pane", ""
        return f"Nothing in {choice.view.name} now.", "tags-pane", ""

    @property
    def view_commands(self) -> tuple[str, ...]:
        """The commands for the trash or for links without text, which the footer shows first."""
        where = self._state.query.where
        required = where.terms if isinstance(where, And) else (where,)
        if StateTerm(Flag.TRASHED) in required:
            return ("restore", "purge", "empty-trash")
        is_waiting = StateTerm(Flag.QUEUED) in required or StateTerm(Flag.FAILED) in required
        return ("fetch", "select-all", "delete") if is_waiting else ()

    # Commands.

    def set_text(self, text: str) -> None:
        """Follow the text of the filter's field."""
        self.apply_filter(replace(self._state.filter, typed=text))

    def apply_suggestion(self) -> bool:
        """Search for the suggestion, or everywhere. Returns whether there was a suggestion."""
        alternative = self.alternative
        if alternative is None or alternative.filter != self._state.filter:
            return False
        if alternative.elsewhere:
            self.apply_filter(
                ListFilter(
                    view=EVERYTHING, typed=self._state.filter.typed, sort=self._state.filter.sort
                )
            )
        else:
            # The list follows the text of the field.
            self._context.filter.value = alternative.words
        self.alternative = None
        return True

    def clear_filter(self) -> bool:
        """Clear the filter. Returns whether it was set."""
        if not self._state.filter.is_filtered:
            return False
        view = INBOX if self._state.filter.view == EVERYTHING else self._state.filter.view
        self.apply_filter(
            replace(self._state.filter, view=view, tags=(), excluded_tags=(), typed="")
        )
        self._context.filter.value = ""
        return True

    def choose_sort(self) -> None:
        """Open a menu of sort orders."""
        order, sorts = self._state.filter.order or Sort(SortKey.ADDED), self._state.filter.sorts
        rows = [Row(describe_sort(sort), sort) for sort in sorts]
        at = sorts.index(order) if order in sorts else 0
        dialog = PickerDialog("Sort", rows, has_filter=False, answer="sort", at=at)
        self._context.prompt(dialog, self.set_sort)

    def set_sort(self, sort: Sort) -> None:
        """Sort the list, now and at the next start."""
        # Best match first is the order of a search unless another one is chosen.
        chosen = None if sort == BY_RELEVANCE else sort
        self.apply_filter(replace(self._state.filter, sort=chosen))
        if chosen is not None:
            self._context.remember(sort=encode_sort(chosen))

    def show_only(self) -> None:
        """Show only the view or tag under the cursor."""
        item = self._context.sidebar.current
        if item is None:
            return
        if item.kind is SidebarItemKind.TAG:
            self.show_tag(item.name)
        elif item.kind is SidebarItemKind.REASON:
            self.show_view(failed_because(item.name))
        else:
            self.show_view(next(view for view in self._state.views if view.name == item.name))

    def show_view(self, view: View) -> None:
        """Show a view without any other filter."""
        self.apply_filter(ListFilter(view=view, sort=self._sort_for(view)))
        self._context.filter.value = ""

    def _sort_for(self, view: View) -> Sort | None:
        """Return the remembered order; None if the view has its own."""
        has_own = self._view_query(view).sort is not None
        return None if has_own else self._state.sort

    def show_tag(self, tag: str) -> None:
        """Show a tag without any other filter."""
        self.apply_filter(self._state.filter.only_tag(tag))
        self._context.filter.value = ""

    def include(self) -> None:
        """Require the tag under the cursor, or no longer."""
        item = self._context.require_tag()
        if item is not None:
            self.apply_filter(self._state.filter.with_tag(item.name))

    def exclude(self) -> None:
        """Exclude the tag under the cursor, or no longer."""
        item = self._context.require_tag()
        if item is not None:
            self.apply_filter(self._state.filter.without_tag(item.name))

    def toggle_selected(self) -> None:
        """Select or deselect the row under the cursor, and go to the next."""
        self._context.entries.toggle_selected()

    def toggle_range(self) -> None:
        """Start a range at the cursor, or end it."""
        self._context.entries.toggle_range()

    def select_all(self) -> None:
        """Select every row with all words of the filter, or none if all are selected."""
        listing, entries = self._state.listing, self._context.entries
        if listing is None:
            return
        complete = self._complete or len(listing)
        if len(entries.selection) >= complete:
            entries.set_selection(())
            return

        def select(ids: list[EntryId]) -> None:
            # Another listing may have been shown meanwhile.
            if self._state.listing is listing:
                entries.set_selection(ids[:complete])

        self._context.tasks.run_latest("selecting", listing.ids, select)

    def next_unread(self) -> None:
        """Move the cursor to the next unread row."""
        entries, start = self._context.entries.entries, self._context.entries.cursor
        shown = self._context.entries.current_version

        def find() -> int | None:
            rows = range(start + 1, len(entries))
            return next((row for row in rows if shown(entries[row]).state == "unread"), None)

        def go(row: int | None) -> None:
            if row is None:
                self._context.notify_info("Nothing unread below.")
            elif self._context.entries.entries is entries:
                # Rows of another listing may be shown by now.
                self._context.entries.go_to(row)

        self._context.tasks.run_latest("unread", find, go)


def _correct(text: str, error: QueryError) -> str:
    """Return the search with the nearest right word in place of the wrong one.

    The word may repeat the field before its value. Empty if there is none that can be parsed.
    """
    if not error.nearest:
        return ""
    before = text[: error.start]
    field = error.nearest.partition(":")[0] + ":"
    if ":" in error.nearest and before.casefold().endswith(field):
        before = before[: -len(field)]
    corrected = before + error.nearest + text[error.end :]
    try:
        parse(corrected)
    except QueryError:
        return ""
    return corrected


def _without_wrong_term(text: str, error: QueryError) -> str:
    """Return the search without the word in which the error is."""
    start = text.rfind(" ", 0, error.start) + 1
    end = text.find(" ", error.end)
    return f"{text[:start]}{text[end + 1 :] if end >= 0 else ''}"


def _moves_tags(before: Entry, after: Entry) -> bool:
    """Return whether a change alters the counts of tags or of failures."""
    kept = (before.tags, before.trashed, before.fetch, before.reason)
    return kept != (after.tags, after.trashed, after.fetch, after.reason)
