"""Matter's history CSV, alone or in its zip with the articles' HTML."""

from collections.abc import Iterator, Mapping

from reader.formats.csv_reader import header, rows
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
from reader.model.errors import ExchangeError
from reader.model.highlight import Highlight

_HISTORY = {"title", "url", "file id"}


def recognises(upload: Upload) -> bool:
    """Whether the columns are Matter's, here or in the zip."""
    if upload.archive:
        return any(name.endswith("_matter_history.csv") for name in upload.names)
    return upload.columns >= _HISTORY


def read(upload: Upload) -> Iterator[Row]:
    """Every article; its HTML is the file of the zip named by its id."""
    tables = [upload.read(name) for name in upload.files(".csv")]
    marks: dict[str, list[Highlight | None]] = {}
    for content in tables:
        if {"title", "text"} <= header(content):
            for _, cells in rows(content):
                mark = highlight(
                    cells["text"], note=cells.get("note"), at=moment(cells.get("highlighted date"))
                )
                marks.setdefault(cells["title"], []).append(mark)
    number = 0
    for content in tables:
        if not header(content) >= _HISTORY:
            continue
        for _, cells in rows(content):
            number += 1
            try:
                yield _row(number, cells, upload, highlights_of(marks.get(cells["title"], [])))
            except ExchangeError as error:
                yield Refused(number, str(error))
                yield _row(number, cells, Upload(upload.name, b""), ())


def _row(
    number: int, cells: Mapping[str, str], upload: Upload, marks: tuple[Highlight, ...]
) -> Row:
    url = web_address(cells["url"])
    if url is None:
        return Refused(number, f"no web address: {cells['url']!r}")
    queued = cells.get("in queue", cells.get("saved", "True"))
    return Incoming(
        row=number,
        url=url,
        title=cells["title"].strip(),
        tags=labels(cells.get("tags", "").split(";")),
        added=moment(cells.get("last interaction date")),
        archived=not truth(queued),
        starred=truth(cells.get("favorited")),
        finished=truth(cells.get("read")),
        byline=cells.get("author", "").strip() or None,
        site=cells.get("publisher", "").strip() or None,
        page=_page(upload, cells["file id"].strip()),
        highlights=marks,
    )


def _page(upload: Upload, identity: str) -> bytes | None:
    if upload.archive is None or not identity:
        return None
    return upload.ending(f"{identity}.html") or upload.ending(f"{identity}.htm")
