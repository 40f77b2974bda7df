"""Raindrop.io's CSV, both as it exports and as it imports."""

from collections.abc import Iterator, Mapping

from reader.formats.csv_reader import rows
from reader.formats.import_file import Upload
from reader.formats.import_row import (
    Incoming,
    Refused,
    Row,
    highlight,
    highlights_of,
    labels,
    moment,
    truth,
    web_address,
)


def recognises(upload: Upload) -> bool:
    """Whether the columns are Raindrop's."""
    return {"url", "folder", "created"} <= upload.columns or {
        "url",
        "excerpt",
        "cover",
    } <= upload.columns


def read(upload: Upload) -> Iterator[Row]:
    """A folder path is a nested tag; `Unsorted` is none."""
    for number, cells in rows(upload.content):
        yield _row(number, cells)


def _row(number: int, cells: Mapping[str, str]) -> Row:
    url = web_address(cells.get("url"))
    if url is None:
        return Refused(number, f"no web address: {cells.get('url', '')!r}")
    folder = "/".join(part.strip() for part in cells.get("folder", "").split("/") if part.strip())
    tags = [tag.strip() for tag in cells.get("tags", "").split(",")]
    return Incoming(
        row=number,
        url=url,
        title=cells.get("title", "").strip(),
        tags=labels([*tags, "" if folder.casefold() == "unsorted" else folder]),
        added=moment(cells.get("created")),
        starred=truth(cells.get("favorite")),
        note=cells.get("note", "").strip(),
        description=cells.get("excerpt", "").strip() or None,
        highlights=highlights_of(
            highlight(line) for line in cells.get("highlights", "").splitlines()
        ),
    )
