"""Safari's reading list, in its `Bookmarks.plist`."""

import plistlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from xml.parsers.expat import ExpatError

from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    Row,
    as_list,
    parse_text,
    parse_time,
    parse_url,
    reject_url,
)
from reader.model.errors import ExchangeError


def matches(file: ImportFile) -> bool:
    """Return whether the file is a property list."""
    return file.content.startswith(b"bplist00") or "<!DOCTYPE plist" in file.head[:400]


def read(file: ImportFile) -> Iterator[Row]:
    """Yield every item of the reading list; other bookmarks are not articles."""
    try:
        root = plistlib.loads(file.content)
    except (plistlib.InvalidFileException, ExpatError, ValueError, KeyError, RecursionError):
        raise ExchangeError("not a property list that can be read") from None
    children = as_list(root.get("Children")) if isinstance(root, dict) else []
    listed = [
        row
        for row in children
        if isinstance(row, dict) and row.get("Title") == "com.apple.ReadingList"
    ]
    items = [
        item for row in listed for item in as_list(row.get("Children")) if isinstance(item, dict)
    ]
    for number, item in enumerate(items, 1):
        yield _row(number, item)


def _row(number: int, item: Mapping[str, Any]) -> Row:
    url = parse_url(item.get("URLString"))
    if url is None:
        return reject_url(number, item.get("URLString"))
    about, local = _part(item, "ReadingList"), _part(item, "ReadingListNonSync")
    named = _part(item, "URIDictionary").get("title") or local.get("Title") or ""
    added, viewed = about.get("DateAdded"), about.get("DateLastViewed")
    return ImportRow(
        row=number,
        url=url,
        title="" if named == url else str(named).strip(),
        added=parse_time(added.isoformat()) if isinstance(added, datetime) else None,
        finished=isinstance(viewed, datetime),
        site=parse_text(local.get("siteName")),
        description=parse_text(about.get("PreviewText")),
    )


def _part(item: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = item.get(name)
    return found if isinstance(found, dict) else {}
