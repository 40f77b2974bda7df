"""Pinboard's JSON export."""

from collections.abc import Iterator, Mapping
from typing import Any

from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    Row,
    parse_tags,
    parse_time,
    parse_url,
    reject_url,
)
from reader.formats.json_reader import json_rows


def matches(file: ImportFile) -> bool:
    """Return whether the file is a list of objects with `href` and `toread`."""
    first = file.first_object
    return "href" in first and ("toread" in first or "extended" in first)


def read(file: ImportFile) -> Iterator[Row]:
    """Yield every bookmark; its `extended` text is the user's note."""
    yield from json_rows(file.json.items() if file.json else iter(()), _row)


def _row(number: int, item: Mapping[str, Any]) -> Row:
    url = parse_url(item.get("href"))
    if url is None:
        return reject_url(number, item.get("href"))
    return ImportRow(
        row=number,
        url=url,
        title=str(item.get("description") or "").strip(),
        tags=parse_tags(str(item.get("tags") or "").split()),
        added=parse_time(item.get("time")),
        finished=item.get("toread") == "no",
        note=str(item.get("extended") or "").strip(),
    )
