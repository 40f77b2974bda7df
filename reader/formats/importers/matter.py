"""Matter's history CSV, alone or in its zip with the articles' HTML."""

from collections.abc import Iterator, Mapping

from reader.formats.csv_reader import header, rows
from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    RejectedRow,
    Row,
    make_highlight,
    parse_bool,
    parse_tags,
    parse_time,
    parse_url,
    reject_url,
    unique_highlights,
)
from reader.model.errors import ExchangeError
from reader.model.highlight import Highlight

_HISTORY = {"title", "url", "file id"}


def matches(file: ImportFile) -> bool:
    """Return whether the columns are Matter's, here or in the zip."""
    if file.archive:
        return any(name.endswith("_matter_history.csv") for name in file.names)
    return file.columns >= _HISTORY


def read(file: ImportFile) -> Iterator[Row]:
    """Yield every article; its HTML is the file of the zip named by its id."""
    tables = [file.read(name) for name in file.files(".csv")]
    marks: dict[str, list[Highlight | None]] = {}
    for content in tables:
        if {"title", "text"} <= header(content):
            for _, cells in rows(content):
                mark = make_highlight(
                    cells["text"],
                    note=cells.get("note"),
                    at=parse_time(cells.get("highlighted date")),
                )
                marks.setdefault(cells["title"], []).append(mark)
    number = 0
    for content in tables:
        if not header(content) >= _HISTORY:
            continue
        for _, cells in rows(content):
            number += 1
            try:
                yield _row(number, cells, file, _take_highlights(marks, cells["title"]))
            except ExchangeError as error:
                yield RejectedRow(number, str(error))
                yield _row(number, cells, ImportFile(file.name, b""), ())


def _take_highlights(marks: dict[str, list[Highlight | None]], title: str) -> tuple[Highlight, ...]:
    """Return the highlights of the first article of a title; a second one would repeat them."""
    return unique_highlights(marks.pop(title, []))


def _row(
    number: int, cells: Mapping[str, str], file: ImportFile, marks: tuple[Highlight, ...]
) -> Row:
    url = parse_url(cells["url"])
    if url is None:
        return reject_url(number, cells["url"])
    queued = cells.get("in queue", cells.get("saved", "True"))
    return ImportRow(
        row=number,
        url=url,
        title=cells["title"].strip(),
        tags=parse_tags(cells.get("tags", "").split(";")),
        added=parse_time(cells.get("last interaction date")),
        archived=not parse_bool(queued),
        starred=parse_bool(cells.get("favorited")),
        finished=parse_bool(cells.get("read")),
        byline=cells.get("author", "").strip() or None,
        site=cells.get("publisher", "").strip() or None,
        page=_page(file, cells["file id"].strip()),
        highlights=marks,
    )


def _page(file: ImportFile, identity: str) -> bytes | None:
    if file.archive is None or not identity:
        return None
    return file.read_by_suffix(f"{identity}.html") or file.read_by_suffix(f"{identity}.htm")
