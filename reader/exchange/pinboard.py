"""Pinboard's JSON export."""

from collections.abc import Iterator
from typing import Any

from reader.exchange.incoming import Incoming, Refused, Row, labels, moment, web_address
from reader.exchange.upload import Upload


def recognises(upload: Upload) -> bool:
    """Whether this is a list of objects with `href` and `toread`."""
    value = upload.json
    first = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else {}
    return "href" in first and ("toread" in first or "extended" in first)


def read(upload: Upload) -> Iterator[Row]:
    """Every bookmark; its `extended` text is the description."""
    for number, item in enumerate(upload.json, 1):
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
        description=str(item.get("extended") or "").strip() or None,
    )
