"""Any table with a column of addresses, for programs without a module."""

from collections.abc import Iterator, Mapping

from reader.formats.csv_reader import rows
from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    Row,
    parse_bool,
    parse_tags,
    parse_time,
    parse_url,
    reject_url,
)

_URL = ("url", "href", "link", "address", "uri")
_TITLE = ("title", "name")
_TAGS = ("tags", "labels", "keywords")
_ADDED = (
    "time_added", "saved_at", "saved date", "date added", "date_added", "added", "created_at", "created", "timestamp", "date", "time",
)  # fmt: skip
_NOTE = ("note", "notes", "comment", "comments")
_STATE = ("state", "status", "location")
_STARRED = ("starred", "favorite", "favourite", "is_starred", "favorited")


def matches(file: ImportFile) -> bool:
    """Return whether a column has one of the usual names for addresses."""
    return not file.columns.isdisjoint(_URL)


def read(file: ImportFile) -> Iterator[Row]:
    """Yield every row; tags are separated by `|`, `;` or `,`, with or without brackets."""
    for number, cells in rows(file.content):
        yield _row(number, cells)


def _row(number: int, cells: Mapping[str, str]) -> Row:
    cell = _cell(cells, _URL)
    url = parse_url(cell)
    if url is None:
        return reject_url(number, cell)
    title, state = _cell(cells, _TITLE), _cell(cells, _STATE).casefold()
    return ImportRow(
        row=number,
        url=url,
        title="" if title == url else title,
        tags=parse_tags(_tags(_cell(cells, _TAGS))),
        added=parse_time(_cell(cells, _ADDED)),
        archived=state in ("archive", "archived") or parse_bool(cells.get("archived")),
        finished=state == "read" or parse_bool(cells.get("read")),
        starred=parse_bool(_cell(cells, _STARRED)),
        note=_cell(cells, _NOTE),
    )


def _cell(cells: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((cells[name].strip() for name in names if cells.get(name, "").strip()), "")


def _tags(cell: str) -> list[str]:
    inside = cell.removeprefix("[").removesuffix("]")
    mark = next((mark for mark in "|;," if mark in inside), ",")
    return [tag.strip().strip("\"'") for tag in inside.split(mark)]
