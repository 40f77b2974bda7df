"""Every way of writing rows leaves the same tables."""

import random
import sqlite3
from collections.abc import Sequence
from typing import Any

import pytest

from reader.model.entry import Entry, EntryId, FetchStatus
from reader.search.store.row_writer import fill, remove, update_flags, upsert
from reader.search.store.rows import CacheRow, FlagRow, LinkRow, shortest_prefix, shortest_prefixes
from reader.search.store.schema import TABLES

TABLE_NAMES = ("entries", "facts", "documents", "titles", "sites", "bylines", "tagged", "tags")


def connect() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in TABLES.split("\n\n"):
        connection.execute(statement)
    connection.execute("update settled set value = 1 where name = 'version'")
    return connection


def row(number: int, *tags: str, **values: Any) -> CacheRow:
    entry = Entry(
        EntryId(f"{number:012d}"),
        f"https://www.site{number % 3}.example/{number}",
        f"Títle {number}",
        "2026-03-01T10:00:00Z",
        byline="Ada" if number % 2 else None,
        site="A Site" if number % 5 == 0 else None,
        tags=tags,
        words=100 * number,
        fetch=FetchStatus.DONE if number % 2 else FetchStatus.QUEUED,
    )
    return CacheRow(entry._replace(**values), f'{{"number": {number}}}', "a note", ("quote",))


def some_rows() -> list[CacheRow]:
    return [
        row(1, "science/space", "Cinema"),
        row(2, "cinema"),
        row(3, trashed=True),
        row(4, "science", trashed=True),
        row(5, "science/space/mars", "science", finished=True, progress=1.0),
        row(6, progress=0.4, starred=True),
    ]


def content(connection: sqlite3.Connection) -> dict[str, list[Any]]:
    """Every table, without the generation, which differs by the number of writes."""
    connection.execute("update facts set version = 0")
    named = {
        "tagged": "select t.folded, row, g.own, nested, g.live from tagged g join tags t using (tag)",
        "tags": "select folded, shown, live, own from tags",
    }
    columns = [each[1] for each in connection.execute("pragma table_info(tagged)")]
    named["tagged"] = named["tagged"].replace("nested", columns[3])
    return {
        name: sorted(connection.execute(named.get(name, f"select * from {name}")), key=repr)
        for name in TABLE_NAMES
    }


def written(rows: Sequence[CacheRow]) -> sqlite3.Connection:
    connection = connect()
    upsert(connection, rows)
    return connection


def test_filling_an_empty_cache_writes_what_single_rows_write() -> None:
    """A bulk fill and row by row give the same tables, indexes and triggers."""
    one_by_one = connect()
    for each in some_rows():
        upsert(one_by_one, [each])
    filled = connect()
    fill(filled, some_rows())
    assert content(filled) == content(one_by_one)
    schema = "select type, name, sql from sqlite_master order by name"
    assert filled.execute(schema).fetchall() == one_by_one.execute(schema).fetchall()


def link(number: int, *tags: str, **values: Any) -> LinkRow:
    base = LinkRow(
        EntryId(f"{number:012d}"),
        f"https://www.site{number % 3}.example/{number}",
        f"Títle {number}",
        "2026-03-01T10:00:00Z",
        "A Site" if number % 5 == 0 else None,
        tags,
        finished=False,
        starred=False,
        archived=False,
        trashed=False,
        created=(1_700_000_000_000 + number, number, "device01"),
        document=f'{{"number": {number}}}',
        updated=1_700_000_000_000 + number,
    )
    return base._replace(**values)


def some_links() -> list[LinkRow]:
    return [
        link(1, "science/space", "Cinema"),
        link(2, "cinema", title="plain TITLE", finished=True),
        link(3, trashed=True, url=None),
        link(4, "science", trashed=True, starred=True, archived=True),
        link(5, url="http:///without/host"),
        link(6, url="https://192.0.2.1", site=""),
        link(7, url="HTTPS://WWW.Site1.Example/7?a=/"),
        link(8, url="another-scheme://one.example/8"),
        link(9, url="another-scheme://two.example/9"),
        link(10, url="https://site2.example?query=a/b"),
    ]


def test_links_are_written_as_other_rows_are() -> None:
    """A link has the same columns in all tables, whichever statement inserts it."""
    as_links, as_rows, updated = connect(), connect(), connect()
    fill(as_links, some_links())
    fill(as_rows, [each.as_cache_row() for each in some_links()])
    upsert(updated, some_links())
    assert content(as_links) == content(as_rows) == content(updated)


@pytest.mark.parametrize(
    "fields",
    [
        {"finished": True},
        {"finished": False, "progress": 0.0},
        {"starred": True, "archived": True},
        {"trashed": True},
        {"trashed": False},
    ],
    ids=str,
)
def test_changed_flags_are_written_as_whole_rows_are(fields: dict[str, Any]) -> None:
    """Updating single columns leaves what replacing the rows leaves, counts of tags included."""
    rows = some_rows()
    changed = [
        CacheRow(each.entry._replace(**fields), '"new"', each.note, each.highlights)
        for each in rows
    ]
    names = {"deleted" if name == "trashed" else name for name in fields}
    by_columns, by_rows = written(rows), written(rows)
    flags = [
        FlagRow(
            entry.id,
            '"new"',
            entry.words,
            entry.progress,
            entry.finished,
            entry.starred,
            entry.archived,
            entry.trashed,
        )
        for entry in (each.entry for each in changed)
    ]
    assert update_flags(by_columns, flags, names) == {each.entry.id for each in rows}
    upsert(by_rows, changed)
    assert content(by_columns) == content(by_rows)


def test_removed_entries_take_their_unused_tags_along() -> None:
    """A tag goes with its last entry; the counts of the others stay right."""
    connection = written(some_rows())
    assert remove(connection, [EntryId(f"{number:012d}") for number in (1, 2, 9)]) == {
        "000000000001",
        "000000000002",
    }
    left = dict(connection.execute("select folded, live from tags"))
    assert left == {"science": 1, "science/space": 1, "science/space/mars": 1}


def test_short_ids_are_the_same_one_by_one_and_together() -> None:
    """Many ids at once get what each gets alone, ids that are not listed included."""
    numbers = random.Random(5)
    names = ["".join(numbers.choices("abc", k=12)) for _ in range(2_100)]
    ids = [EntryId(name) for name in dict.fromkeys(names)]
    connection = connect()
    fill(connection, [link(1, id=each) for each in ids[:-9]])
    assert shortest_prefixes(connection, ids) == {
        each: shortest_prefix(connection, each) for each in ids
    }
