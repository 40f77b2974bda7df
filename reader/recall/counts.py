"""How many entries there are of each kind, and under each tag."""

import sqlite3
from dataclasses import dataclass

from reader.model.text import folded


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag or a level above tags: entries under it, and those that bear it itself."""

    tag: str
    count: int
    own: int


@dataclass(frozen=True, slots=True)
class SiteCount:
    site: str
    count: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Entries out of the trash by kind; `tags` in the order of a tree, levels without gaps."""

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


def counted(connection: sqlite3.Connection) -> Counts:
    """The numbers, from one pass over the narrow tables."""
    states = dict(
        connection.execute("select state, count(*) from facts where trashed = 0 group by state")
    )
    rest = connection.execute(
        "select sum(starred), sum(archived), sum(fetch = 1), sum(fetch = 2), sum(highlights > 0),"
        " sum(tagged = 0) from facts where trashed = 0"
    ).fetchone()
    trashed = connection.execute("select count(*) from facts where trashed = 1").fetchone()[0]
    starred, archived, queued, failed, highlighted, untagged = (number or 0 for number in rest)
    return Counts(
        sum(states.values()), states.get(0, 0), states.get(1, 0), states.get(2, 0), starred,
        archived, trashed, queued, failed, highlighted, untagged, tags_counted(connection),
    )  # fmt: skip


def tags_counted(connection: sqlite3.Connection) -> tuple[TagCount, ...]:
    """Every tag of entries out of the trash, ordered so that a tag follows what it is under."""
    found = connection.execute(
        "select shown, counted, own from tags join (select tag, count(*) counted, sum(own) own"
        " from tagged where live = 1 group by tag) using (tag)"
    )
    ordered = sorted(found, key=lambda values: folded(values[0]).split("/"))
    return tuple(TagCount(shown, count, own) for shown, count, own in ordered)


def sites_counted(connection: sqlite3.Connection) -> tuple[SiteCount, ...]:
    """Sites by how many entries out of the trash they have, the most first."""
    found = connection.execute(
        "select shown, count(*) counted from facts join sites using (site)"
        " where trashed = 0 and shown <> '' group by site order by counted desc, shown"
    )
    return tuple(SiteCount(shown, count) for shown, count in found)
