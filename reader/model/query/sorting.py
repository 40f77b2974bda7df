"""The order of entries, the same in the cache, the app and the command line.

Best first: newest, longest, A to Z. Ties, and the default: newest added, then newest by the clock
of creation, then id. `sort:-KEY` is the exact reverse, but what has no such value stays last.
"""

from collections.abc import Iterable
from typing import Any, Final

from reader.model.entry import Entry
from reader.model.query.ast import Query, Sort, SortKey
from reader.model.sort_keys import published_sort_key, random_key
from reader.model.tokenizer import fold_accents

MODULUS: Final = 2_147_483_647
"""The prime 2**31 - 1: products modulo a prime are different for different entries."""


def shuffled_position(lot_number: int, seed: int) -> int:
    """Return the position of an entry in the random order of that seed."""
    return (lot_number + 1) * (seed % (MODULUS - 1) + 1) % MODULUS


def sort_of(query: Query) -> Sort:
    """Return the query's order; `added` by default."""
    return query.sort or Sort(SortKey.ADDED)


def sort_entries(entries: Iterable[Entry], sort: Sort, seed: int = 0) -> list[Entry]:
    """Sort the entries; relevance, which needs an index, falls back to newest first."""
    ordered = sorted(entries, key=lambda entry: entry.id)
    ordered.sort(key=lambda entry: (entry.added, *entry.created), reverse=True)
    if sort.key not in (SortKey.ADDED, SortKey.RELEVANCE):
        ascending = sort.key in (SortKey.TITLE, SortKey.RANDOM)
        ordered.sort(key=lambda entry: _sort_value(sort.key, entry, seed), reverse=not ascending)
    if sort.reverse and sort.key is not SortKey.RELEVANCE:
        ordered.reverse()
    if sort.key is SortKey.PUBLISHED:
        ordered.sort(key=lambda entry: not published_sort_key(entry.published))
    return ordered


def _sort_value(key: SortKey, entry: Entry, seed: int) -> Any:
    match key:
        case SortKey.PUBLISHED:
            return published_sort_key(entry.published)
        case SortKey.TITLE:
            return fold_accents(entry.title)
        case SortKey.WORDS:
            return entry.words
        case SortKey.MINUTES:
            return entry.minutes
        case SortKey.LEFT:
            return entry.minutes_left
        case SortKey.PROGRESS:
            return entry.progress
        case SortKey.RANDOM:
            return shuffled_position(random_key(entry.id), seed)
    raise ValueError(f"{key} has no value per entry")
