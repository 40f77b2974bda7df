"""Instapaper's CSV, with either header."""

from collections.abc import Iterator, Mapping

from reader.formats.csv_reader import rows
from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    Row,
    make_highlight,
    parse_tags,
    parse_time,
    parse_url,
    reject_url,
    unique_highlights,
)
from reader.formats.json_reader import parse_json
from reader.model.errors import ExchangeError


def matches(file: ImportFile) -> bool:
    """Return whether the columns are Instapaper's."""
    return {"url", "folder", "selection"} <= file.columns


def read(file: ImportFile) -> Iterator[Row]:
    """Yield every row. The folder is the state; a folder of the user becomes a tag."""
    for number, cells in rows(file.content):
        yield _row(number, cells)


def _row(number: int, cells: Mapping[str, str]) -> Row:
    url, selection = parse_url(cells.get("url")), cells.get("selection", "").strip()
    if url is None and (cells.get("url", "").strip() or not selection):
        return reject_url(number, cells.get("url", ""))
    folder = cells.get("folder", "").strip()
    own = () if folder.casefold() in ("unread", "archive", "starred", "") else (folder,)
    return ImportRow(
        row=number,
        url=url,
        title=cells.get("title", "").strip(),
        tags=parse_tags((*_tags(cells.get("tags", "")), *own)),
        added=parse_time(cells.get("timestamp")),
        archived=folder.casefold() == "archive",
        starred=folder.casefold() == "starred",
        # A row without an address is a note that someone wrote or a text that they sent.
        markdown=None if url else selection,
        highlights=unique_highlights([make_highlight(selection)] if url else []),
    )


def _tags(cell: str) -> list[object]:
    if not cell.strip():
        return []
    try:
        value = parse_json(cell.encode())
    except ExchangeError:
        return list(cell.split(","))
    return value if isinstance(value, list) else []
