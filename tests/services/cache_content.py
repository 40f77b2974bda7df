"""The content of a cache file, without numbers that differ between two fillings of the same library."""

import sqlite3
from pathlib import Path
from typing import Any

_FACTS = (
    "trashed, state, starred, archived, fetch, highlights, noted, pictured, tagged, offline, words,"
    " minutes, minutes_left, progress, language, published, lot, stamp, updated"
)
_QUERIES = {
    "entries": "select entries.* from entries join facts using (row) order by entries.id",
    "documents": "select facts.id, document, textual, note, quotes from documents join facts using (row)"
    " order by 1",
    "facts": f"select id, {_FACTS}, sites.key, bylines.key from facts"
    " left join sites using (site) left join bylines using (byline) order by id",
    "titles": "select facts.id, key from titles join facts using (row) order by 1",
    "tagged": "select folded, facts.id, tagged.own, nested, tagged.live from tagged join tags using (tag)"
    " join facts using (row) order by 1, 2",
    "tags": "select folded, shown, live, own from tags order by 1",
    "gone": "select id, same from gone order by 1",
    "journals": "select name, end, crc, changes from journals where is_read order by 1",
}


def cache_content(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of each table by ids and names. The first column of `entries` is left out."""
    connection = sqlite3.connect(file)
    try:
        found = {name: connection.execute(sql).fetchall() for name, sql in _QUERIES.items()}
    finally:
        connection.close()
    found["entries"] = [row[1:] for row in found["entries"]]
    return found
