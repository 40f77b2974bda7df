"""Raindrop.io's CSV, as it exports and as it imports."""

from collections.abc import Iterator, Mapping

from reader.formats.csv_reader import rows
from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    Row,
    make_highlight,
    parse_bool,
    parse_tags,
    parse_time,
    parse_url,
    reject_url,
    unique_highlights,
)


def matches(file: ImportFile) -> bool:
    """Return whether the columns are Raindrop's."""
    return {"url", "folder", "created"} <= file.columns or {
        "url",
        "excerpt",
        "cover",
    } <= file.columns


def read(file: ImportFile) -> Iterator[Row]:
    """Yield every row. A folder path becomes a nested tag, except `Unsorted`."""
    for number, cells in rows(file.content):
        yield _row(number, cells)


def _row(number: int, cells: Mapping[str, str]) -> Row:
    url = parse_url(cells.get("url"))
    if url is None:
        return reject_url(number, cells.get("url", ""))
    folder = "/".join(part.strip() for part in cells.get("folder", "").split("/") if part.strip())
    tags = [tag.strip() for tag in cells.get("tags", "").split(",")]
    return ImportRow(
        row=number,
        url=url,
        title=cells.get("title", "").strip(),
        tags=parse_tags([*tags, "" if folder.casefold() == "unsorted" else folder]),
        added=parse_time(cells.get("created")),
        starred=parse_bool(cells.get("favorite")),
        note=cells.get("note", "").strip(),
        description=cells.get("excerpt", "").strip() or None,
        highlights=unique_highlights(
            make_highlight(line) for line in cells.get("highlights", "").splitlines()
        ),
    )
