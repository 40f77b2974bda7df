"""The filter of the list: view, required and excluded tags, text, and order."""

from dataclasses import dataclass, replace
from typing import Final

from reader.model.errors import QueryError
from reader.model.query import (
    FieldTerm,
    Flag,
    Not,
    Query,
    Sort,
    SortKey,
    StateTerm,
    TagTerm,
    Term,
    TextField,
    and_,
    parse,
    search_words,
)
from reader.model.text import fold_case
from reader.services.views import EVERYTHING, INBOX, View

BY_RELEVANCE: Final = Sort(SortKey.RELEVANCE)
SORTS: Final = (
    Sort(SortKey.ADDED),
    Sort(SortKey.PUBLISHED),
    Sort(SortKey.TITLE),
    Sort(SortKey.MINUTES, reverse=True),
    Sort(SortKey.MINUTES),
    Sort(SortKey.LEFT, reverse=True),
    Sort(SortKey.PROGRESS),
    Sort(SortKey.RANDOM),
)
_SORT_NAMES: Final = {
    (SortKey.ADDED, False): "newest first",
    (SortKey.ADDED, True): "oldest first",
    (SortKey.PUBLISHED, False): "by publication",
    (SortKey.PUBLISHED, True): "by publication, oldest first",
    (SortKey.TITLE, False): "by title",
    (SortKey.TITLE, True): "by title, Z to A",
    (SortKey.WORDS, False): "longest first",
    (SortKey.WORDS, True): "shortest first",
    (SortKey.MINUTES, False): "longest first",
    (SortKey.MINUTES, True): "shortest first",
    (SortKey.LEFT, False): "most left first",
    (SortKey.LEFT, True): "least left first",
    (SortKey.PROGRESS, False): "furthest read first",
    (SortKey.PROGRESS, True): "least read first",
    (SortKey.RANDOM, False): "shuffled",
    (SortKey.RANDOM, True): "shuffled",
    (SortKey.RELEVANCE, False): "best match first",
    (SortKey.RELEVANCE, True): "best match last",
}


def describe_sort(sort: Sort | None) -> str:
    """Return the name of an order."""
    order = sort or Sort(SortKey.ADDED)
    return _SORT_NAMES[order.key, order.reverse]


@dataclass(frozen=True, slots=True)
class ListFilter:
    """The filter of the list. `typed` may be half a query."""

    view: View = INBOX
    tags: tuple[str, ...] = ()
    excluded_tags: tuple[str, ...] = ()
    typed: str = ""
    sort: Sort | None = None

    def query(self) -> Query:
        """Return the query of the filter. Raises QueryError for `typed`, never for the rest."""
        typed, view = parse(self.typed), _parse_leniently(self.view.query)
        terms: list[Term] = [] if view.where is None else [view.where]
        terms += [TagTerm(tag) for tag in self.tags]
        terms += [Not(TagTerm(tag)) for tag in self.excluded_tags]
        # The typed query comes last, because its last word may be incomplete.
        terms += [] if typed.where is None else [typed.where]
        return Query(and_(*terms) if terms else None, typed.sort or self.order)

    @property
    def order(self) -> Sort | None:
        """The order: the chosen one, else best match first, else that of the view."""
        return self.sort or (
            BY_RELEVANCE if self.has_words else _parse_leniently(self.view.query).sort
        )

    @property
    def has_words(self) -> bool:
        """True if the typed query searches for words."""
        return bool(search_words(_parse_leniently(self.typed)))

    @property
    def sorts(self) -> tuple[Sort, ...]:
        """The orders of the sort menu."""
        return (BY_RELEVANCE, *SORTS) if self.has_words else SORTS

    def as_saved_query(self, shown: Query) -> str:
        """Return the query to save as a view, without the default order of a search."""
        chosen = _parse_leniently(self.typed).sort
        return str(Query(shown.where, shown.sort if chosen or shown.sort != BY_RELEVANCE else None))

    def only_tag(self, tag: str) -> "ListFilter":
        """Return a filter for one tag among all articles."""
        return ListFilter(view=EVERYTHING, tags=(tag,), sort=self.sort)

    def with_tag(self, tag: str) -> "ListFilter":
        """Return the filter with the tag required, or no longer."""
        return replace(
            self, tags=_toggled(self.tags, tag), excluded_tags=_without_tag(self.excluded_tags, tag)
        )

    def without_tag(self, tag: str) -> "ListFilter":
        """Return the filter with the tag excluded, or no longer."""
        return replace(
            self, excluded_tags=_toggled(self.excluded_tags, tag), tags=_without_tag(self.tags, tag)
        )

    @property
    def title(self) -> str:
        """The title of the list: the view, then the tags."""
        tags = [*(f"#{tag}" for tag in self.tags), *(f"−#{tag}" for tag in self.excluded_tags)]
        parts = tags if self.view == EVERYTHING and tags else [self.view.name, *tags]
        return " ".join(parts)

    @property
    def is_filtered(self) -> bool:
        """True if tags or text narrow the view."""
        return bool(self.tags or self.excluded_tags or self.typed.strip())


def failed_because(reason: str) -> View:
    """Return a view of the links that failed for this reason, or for one that contains it."""
    where = and_(StateTerm(Flag.FAILED), FieldTerm(TextField.REASON, reason))
    return View(f"Failed: {reason}", str(Query(where)))


def _parse_leniently(text: str) -> Query:
    try:
        return parse(text)
    except QueryError:
        # A saved view with an invalid query shows everything, and is reported with the settings;
        # an incomplete typed query is reported where it is used.
        return Query()


def _toggled(tags: tuple[str, ...], tag: str) -> tuple[str, ...]:
    without = _without_tag(tags, tag)
    return without if len(without) < len(tags) else (*tags, tag)


def _without_tag(tags: tuple[str, ...], tag: str) -> tuple[str, ...]:
    return tuple(other for other in tags if fold_case(other) != fold_case(tag))
