"""What the list shows: a view, tags asked for or left out, words typed, an order."""

from dataclasses import dataclass, replace
from typing import Final

from reader.model.errors import QueryError
from reader.model.query import Not, Query, Sort, SortKey, TagTerm, Term, and_, parse, search_words
from reader.model.text import fold_case
from reader.ui.views import EVERYTHING, INBOX, View

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
    """The order in words."""
    order = sort or Sort(SortKey.ADDED)
    return _SORT_NAMES[order.key, order.reverse]


@dataclass(frozen=True, slots=True)
class ListFilter:
    """All that decides the list. `typed` may be half a query; its last whole form counts."""

    view: View = INBOX
    tags: tuple[str, ...] = ()
    excluded_tags: tuple[str, ...] = ()
    typed: str = ""
    sort: Sort | None = None

    def query(self) -> Query:
        """The query of it all. Raises WrongQuery for what was typed, never for the rest."""
        typed, view = parse(self.typed), _parse_leniently(self.view.query)
        terms: list[Term] = [] if view.where is None else [view.where]
        terms += [TagTerm(tag) for tag in self.tags]
        terms += [Not(TagTerm(tag)) for tag in self.excluded_tags]
        # What is typed stands last: its last word may still go on.
        terms += [] if typed.where is None else [typed.where]
        return Query(and_(*terms) if terms else None, typed.sort or self.order)

    @property
    def order(self) -> Sort | None:
        """The order that the sort key and the view decide; the best match first for words typed."""
        return self.sort or (
            BY_RELEVANCE if self.has_words else _parse_leniently(self.view.query).sort
        )

    @property
    def has_words(self) -> bool:
        """Whether what was typed looks for words of the text."""
        return bool(search_words(_parse_leniently(self.typed)))

    @property
    def sorts(self) -> tuple[Sort, ...]:
        """The orders that the sort key goes through."""
        return (BY_RELEVANCE, *SORTS) if self.has_words else SORTS

    def as_saved_query(self, shown: Query) -> str:
        """The query that the list shows as a view's: best match first is no order to keep."""
        chosen = _parse_leniently(self.typed).sort
        return str(Query(shown.where, shown.sort if chosen or shown.sort != BY_RELEVANCE else None))

    def only_tag(self, tag: str) -> "ListFilter":
        """This tag alone, wherever its articles lie."""
        return ListFilter(view=EVERYTHING, tags=(tag,), sort=self.sort)

    def with_tag(self, tag: str) -> "ListFilter":
        """The tag asked for as well, or no longer."""
        return replace(
            self, tags=_toggled(self.tags, tag), excluded_tags=_without_tag(self.excluded_tags, tag)
        )

    def without_tag(self, tag: str) -> "ListFilter":
        """The tag left out, or no longer."""
        return replace(
            self, excluded_tags=_toggled(self.excluded_tags, tag), tags=_without_tag(self.tags, tag)
        )

    @property
    def title(self) -> str:
        """What the list calls itself: the view, then tags and words of the filter."""
        tags = [*(f"#{tag}" for tag in self.tags), *(f"−#{tag}" for tag in self.excluded_tags)]
        parts = tags if self.view == EVERYTHING and tags else [self.view.name, *tags]
        return " ".join(parts)

    @property
    def is_filtered(self) -> bool:
        """Whether something beyond the view narrows the list."""
        return bool(self.tags or self.excluded_tags or self.typed.strip())


def _parse_leniently(text: str) -> Query:
    try:
        return parse(text)
    except QueryError:
        # A saved view with a wrong query shows everything; the settings' problems tell it. A half
        # typed one is told where it is asked.
        return Query()


def _toggled(tags: tuple[str, ...], tag: str) -> tuple[str, ...]:
    without = _without_tag(tags, tag)
    return without if len(without) < len(tags) else (*tags, tag)


def _without_tag(tags: tuple[str, ...], tag: str) -> tuple[str, ...]:
    return tuple(other for other in tags if fold_case(other) != fold_case(tag))
