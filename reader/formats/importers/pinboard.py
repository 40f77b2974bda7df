"""Pinboard's JSON export."""

from collections.abc import Iterator
from typing import Any

from reader.formats.import_file import Upload
from reader.formats.import_row import (
    Incoming,
    Refused,
    Row,
    first_object,
    labels,
    moment,
    objects,
    web_address,
)


def recognises(upload: Upload) -> bool:
    """Whether this is a list of objects with `href` and `toread`."""
    first = first_object(upload.json)
    return "href" in first and ("toread" in first or "extended" in first)


def read(upload: Upload) -> Iterator[Row]:
    """Every bookmark; its `extended` text is the person's note."""
    for number, item in enumerate(objects(upload.json), 1):
        yield _row(number, item)


def _row(number: int, item: Any) -> Row:
    if not isinstance(item, dict):
        return Refused(number, "not an object")
    url = web_address(item.get("href"))
    if url is None:
        return Refused(number, f"no web address: {item.get('href')!r}")
    return Incoming(
        row=number,
        url=url,
        title=str(item.get("description") or "").strip(),
        tags=labels(str(item.get("tags") or "").split()),
        added=moment(item.get("time")),
        finished=item.get("toread") == "no",
        note=str(item.get("extended") or "").strip(),
    )
