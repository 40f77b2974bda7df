"""Readeck's backup zip: one folder a bookmark, each with its `info.json` and its page."""

from collections.abc import Iterator
from typing import Any

from reader.exchange.incoming import Incoming, Refused, Row, labels, moment, truth, web_address
from reader.exchange.upload import Upload, parse_json


def recognises(upload: Upload) -> bool:
    """Whether the zip has folders with an `info.json`."""
    return any(name.endswith("/info.json") for name in upload.names)


def read(upload: Upload) -> Iterator[Row]:
    """Every bookmark; keys come capitalised from backups, in lower case from the API."""
    for number, (name, content) in enumerate(upload.files("/info.json"), 1):
        value = parse_json(content)
        yield _row(number, value, upload, name.rpartition("/")[0])


def _row(number: int, value: Any, upload: Upload, folder: str) -> Row:
    if not isinstance(value, dict):
        return Refused(number, "not an object")
    item = {str(key).casefold().replace("_", ""): found for key, found in value.items()}
    url = web_address(item.get("url"))
    if url is None:
        return Refused(number, f"no web address: {item.get('url')!r}")
    page = f"{folder}/index.html"
    return Incoming(
        row=number,
        url=url,
        title=str(item.get("title") or "").strip(),
        tags=labels(item["labels"] if isinstance(item.get("labels"), list) else []),
        added=moment(item.get("created")),
        archived=truth(item.get("isarchived")),
        starred=truth(item.get("ismarked")),
        description=item.get("description") or None,
        page=upload.archive.read(page) if upload.archive and page in upload.names else None,
    )
