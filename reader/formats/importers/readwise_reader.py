"""Readwise Reader's CSV."""

import ast
from collections.abc import Iterator, Mapping

from reader.formats.csv_reader import rows
from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    Row,
    parse_fraction,
    parse_tags,
    parse_time,
    parse_url,
    reject_url,
)


def matches(file: ImportFile) -> bool:
    """Return whether the columns are Readwise Reader's."""
    return {"url", "document tags"} <= file.columns


def read(file: ImportFile) -> Iterator[Row]:
    """Yield every document, except those that only came from a feed."""
    for number, cells in rows(file.content):
        if cells.get("location", "").strip() != "feed":
            yield _row(number, cells)


def _row(number: int, cells: Mapping[str, str]) -> Row:
    url = parse_url(cells.get("url"))
    if url is None:
        return reject_url(number, cells.get("url", ""))
    progress, location = (
        parse_fraction(cells.get("reading progress")),
        cells.get("location", "").strip(),
    )
    return ImportRow(
        row=number,
        url=url,
        title=cells.get("title", "").strip(),
        tags=parse_tags(
            [
                *_tags(cells.get("document tags", "")),
                *(["shortlist"] if location == "shortlist" else []),
            ]
        ),
        added=parse_time(cells.get("saved date")),
        archived=location == "archive",
        progress=progress,
        finished=progress >= 0.98,
    )


def _tags(cell: str) -> list[object]:
    """Parse a Python list written as text, as Readwise does; empty if it cannot be parsed."""
    if not cell.strip() or len(cell) > 10_000:
        return []
    try:
        value = ast.literal_eval(cell.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []
    return list(value) if isinstance(value, (list, tuple)) else []
