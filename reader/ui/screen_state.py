"""The state of the main screen that controllers share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reader.model.entry import Entry
from reader.model.query import Query, Sort, SortKey, TextTerm, matches
from reader.services.app_state import AppState
from reader.services.views import LAST_VIEWS, VIEWS, View
from reader.ui.backend import Counts
from reader.ui.entry_sequence import EntrySequence
from reader.ui.list_filter import ListFilter

STABLE_SORTS: Final = frozenset(
    {SortKey.ADDED, SortKey.PUBLISHED, SortKey.TITLE, SortKey.WORDS, SortKey.MINUTES}
)
"""Orders in which a mark or a tag moves no row."""

MAX_REPAINTED: Final = 20
"""Changed entries up to which rows are painted one by one, without a new listing."""


@dataclass(slots=True)
class ScreenState:
    """The filter with its rows and counts, the open entry, and the remembered appearance.

    Each field has one writer: `ArticleController` sets `entry`, `UIContext.remember` sets
    `appearance`, `ListController` all others.

    `query` is that of the rows shown, `words` are those it searches for. `query_error` says why
    the text of the filter cannot be parsed, `query_correction` is the text with the nearest word.
    """

    appearance: AppState
    saved_views: tuple[View, ...]
    filter: ListFilter
    query: Query = Query()  # noqa: RUF009 # frozen
    words: tuple[TextTerm, ...] = ()
    listing: EntrySequence | None = None
    counts: Counts = Counts({}, ())  # noqa: RUF009 # frozen
    query_error: str = ""
    query_correction: str = ""
    entry: Entry | None = None

    @property
    def views(self) -> tuple[View, ...]:
        """The built-in views, then the saved ones, then queued, failed and trashed entries."""
        first = (view for view in VIEWS if view not in LAST_VIEWS)
        return (*first, *self.saved_views, *LAST_VIEWS)

    @property
    def sort(self) -> Sort | None:
        """The remembered sort order; None if none was chosen."""
        return remembered_sort(self.appearance)

    def keep_rows(self, changes: Sequence[tuple[Entry, Entry]], now: datetime) -> bool:
        """Return whether these entries, given before and after a change, keep their rows."""
        order = self.query.sort or Sort(SortKey.ADDED)
        if self.words or order.key not in STABLE_SORTS or self.listing is None:
            return False
        return all(
            (before.title, before.trashed) == (after.title, after.trashed)
            and matches(self.query, after, now) == matches(self.query, before, now)
            for before, after in changes
        )

    def keeps_row(self, before: Entry, after: Entry, now: datetime) -> bool:
        """Return whether the entry keeps its row with this change.

        The words of a search are not in the entry: there only a star is known to move nothing.
        """
        if self.words:
            return before._replace(starred=after.starred) == after
        return self.keep_rows([(before, after)], now)


def remembered_sort(state: AppState) -> Sort | None:
    """Return the sort order chosen last; None if none was."""
    name, _, direction = state.sort.partition("-")
    if name not in {key.value for key in SortKey}:
        return None
    return Sort(SortKey(name), reverse=direction == "reverse")


def encode_sort(sort: Sort) -> str:
    """Return the sort order as `AppState.sort` has it."""
    return f"{sort.key.value}{'-reverse' if sort.reverse else ''}"
