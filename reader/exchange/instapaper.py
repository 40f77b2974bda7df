"""Instapaper's CSV, in both generations of its header."""

from collections.abc import Iterator, Mapping

from reader.exchange.incoming import (
    Incoming,
    Refused,
    Row,
    highlight,
    highlights_of,
    labels,
    moment,
    web_address,
)
from reader.exchange.tables import rows
from reader.exchange.upload import Upload, parse_json
from reader.model.errors import ExchangeError


def recognises(upload: Upload) -> bool:
    """Whether the columns are Instapaper's."""
    return {"url", "title", "selection", "folder"} <= upload.columns


def read(upload: Upload) -> Iterator[Row]:
    """A row's folder is its state; a folder with a name of its own becomes a tag."""
    for number, cells in rows(upload.content):
        yield _row(number, cells)


def _row(number: int, cells: Mapping[str, str]) -> Row:
    url = web_address(cells["url"])
    if url is None:
        return Refused(number, f"no web address: {cells['url']!r}")
    folder = cells["folder"].strip()
    own = () if folder.casefold() in ("unread", "archive", "starred", "") else (folder,)
    return Incoming(
        row=number,
        url=url,
        title=cells["title"].strip(),
        tags=labels((*_tags(cells.get("tags", "")), *own)),
        added=moment(cells.get("timestamp")),
        archived=folder.casefold() == "archive",
        starred=folder.casefold() == "starred",
        highlights=highlights_of([highlight(cells["selection"])]),
    )


def _tags(cell: str) -> list[object]:
    if not cell.strip():
        return []
    try:
        value = parse_json(cell.encode())
    except ExchangeError:
        return list(cell.split(","))
    return value if isinstance(value, list) else []
