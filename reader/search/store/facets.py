"""Counts of entries by kind, tag and site."""

import sqlite3
from collections import Counter
from dataclasses import dataclass

from reader.model.text import fold_case
from reader.search.text.query_completion import CompletionValues


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag or tag level with its entries, and `own`, those tagged with it directly."""

    tag: str
    count: int
    own: int


@dataclass(frozen=True, slots=True)
class SiteCount:
    site: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Entries outside the trash by kind; `tags` in tree order without missing levels."""

    all: int = 0
    unread: int = 0
    reading: int = 0
    read: int = 0
    starred: int = 0
    archived: int = 0
    trashed: int = 0
    queued: int = 0
    failed: int = 0
    highlighted: int = 0
    untagged: int = 0
    tags: tuple[TagCount, ...] = ()


def count_facets(connection: sqlite3.Connection) -> Facets:
    """Count all facets with one pass over the narrow tables."""
    numbers = connection.execute(
        "select count(*), sum(state = 0), sum(state = 1), sum(state = 2), sum(starred),"
        " sum(archived), sum(fetch = 1), sum(fetch = 2), sum(highlights > 0), sum(tagged = 0)"
        " from facts indexed by facts_by_row where trashed = 0"
    ).fetchone()
    trashed = connection.execute("select count(*) from facts").fetchone()[0] - numbers[0]
    found, unread, reading, read, starred, archived, *rest = (number or 0 for number in numbers)
    queued, failed, highlighted, untagged = rest
    return Facets(
        found, unread, reading, read, starred, archived, trashed, queued, failed, highlighted,
        untagged, count_tags(connection),
    )  # fmt: skip


def count_tags(connection: sqlite3.Connection) -> tuple[TagCount, ...]:
    """Count the tags of entries outside the trash, in tree order."""
    found = connection.execute("select shown, live, own from tags where live > 0")
    ordered = sorted(found, key=lambda values: fold_case(values[0]).split("/"))
    return tuple(TagCount(shown, count, own) for shown, count, own in ordered)


def count_reasons(connection: sqlite3.Connection) -> tuple[tuple[str, int], ...]:
    """Count the failed links outside the trash by their reasons."""
    return tuple(
        connection.execute(
            "select coalesce(reason, ''), count(*) from entries where row in"
            " (select row from facts where fetch = 2 and trashed = 0) group by 1 order by 1"
        )
    )


def count_sites(connection: sqlite3.Connection) -> tuple[SiteCount, ...]:
    """Count the entries of each site outside the trash, largest first."""
    found = connection.execute(
        "select shown, count(*) counted from facts join sites using (site)"
        " where trashed = 0 and shown <> '' group by site order by counted desc, shown"
    )
    return tuple(SiteCount(shown, count) for shown, count in found)


def _read_labels(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the labels of highlights, most frequent first."""
    found = connection.execute(
        "select labels from entries join facts using (row) where labels <> '' and facts.trashed = 0"
    )
    counts = Counter(label for (labels,) in found for label in labels.split("\n"))
    return tuple(sorted(counts, key=lambda label: (-counts[label], label)))


def read_completions(connection: sqlite3.Connection) -> CompletionValues:
    """Return the values that the search box completes, most frequent first."""

    def listed(sql: str) -> tuple[str, ...]:
        return tuple(value for (value,) in connection.execute(sql))

    return CompletionValues(
        tags=listed("select shown from tags where live > 0 order by live desc, folded"),
        sites=tuple(each.site for each in count_sites(connection)[:500]),
        bylines=listed(
            "select shown from bylines join (select byline, count(*) counted from facts"
            " where trashed = 0 group by byline) using (byline) where shown <> ''"
            " order by counted desc, shown limit 500"
        ),
        languages=listed(
            "select language from facts where trashed = 0 and language <> ''"
            " group by language order by count(*) desc, language"
        ),
        labels=_read_labels(connection),
    )
