"""GoodLinks' JSON export."""

from collections.abc import Iterator, Mapping
from typing import Any

from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    Row,
    as_list,
    make_highlight,
    parse_tags,
    parse_text,
    parse_time,
    parse_url,
    reject_url,
    unique_highlights,
)
from reader.formats.json_reader import json_rows


def matches(file: ImportFile) -> bool:
    """Return whether the file is a list of objects with `addedAt` and `url`."""
    first = file.first_object
    return "addedAt" in first and "url" in first


def read(file: ImportFile) -> Iterator[Row]:
    """Yield every link; a link that was read is finished and archived."""
    yield from json_rows(file.json.items() if file.json else iter(()), _row)


def _row(number: int, item: Mapping[str, Any]) -> Row:
    url = parse_url(item.get("url"))
    if url is None:
        return reject_url(number, item.get("url"))
    was_read = parse_time(item.get("readAt")) is not None
    marks = (mark for mark in as_list(item.get("highlights")) if isinstance(mark, dict))
    return ImportRow(
        row=number,
        url=url,
        title=str(item.get("title") or "").strip(),
        tags=parse_tags(as_list(item.get("tags"))),
        added=parse_time(item.get("addedAt")),
        archived=was_read,
        finished=was_read,
        starred=item.get("starred") is True,
        byline=parse_text(item.get("author")),
        description=parse_text(item.get("summary")),
        highlights=unique_highlights(
            make_highlight(
                mark.get("content"), note=mark.get("note") or "", at=parse_time(mark.get("time"))
            )
            for mark in marks
        ),
    )
