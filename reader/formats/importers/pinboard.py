"""Pinboard's JSON export."""

from collections.abc import Iterator
from typing import Any

from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    RejectedRow,
    Row,
    as_list,
    first_object,
    parse_tags,
    parse_time,
    parse_url,
)


def matches(upload: ImportFile) -> bool:
    """Return whether the file is a list of objects with `href` and `toread`."""
    first = first_object(upload.json)
    return "href" in first and ("toread" in first or "extended" in first)


def read(upload: ImportFile) -> Iterator[Row]:
    """Yield every bookmark; its `extended` text is the user's note."""
    for number, item in enumerate(as_list(upload.json), 1):
        yield _row(number, item)


def _row(number: int, item: Any) -> Row:
    if not isinstance(item, dict):
        return RejectedRow(number, "not an object")
    url = parse_url(item.get("href"))
    if url is None:
        return RejectedRow(number, f"no web address: {item.get('href')!r}")
    return ImportRow(
        row=number,
        url=url,
        title=str(item.get("description") or "").strip(),
        tags=parse_tags(str(item.get("tags") or "").split()),
        added=parse_time(item.get("time")),
        finished=item.get("toread") == "no",
        note=str(item.get("extended") or "").strip(),
    )
