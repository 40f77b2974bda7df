"""Pocket's exports: the CSV of 2024 and 2025, its zip with annotations, and `ril_export.html`."""

from collections.abc import Iterator, Mapping
from typing import Any

from reader.formats.archives import files_with_suffix
from reader.formats.csv_reader import decode, header, rows
from reader.formats.html_tags import StartTag, tokenize
from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    RejectedRow,
    Row,
    as_list,
    make_highlight,
    parse_tags,
    parse_time,
    parse_url,
    reject_url,
    unique_highlights,
)
from reader.formats.json_reader import JsonReader
from reader.model.errors import ExchangeError
from reader.model.highlight import Highlight


def matches_csv(file: ImportFile) -> bool:
    """Return whether the file, or a file in the zip, has Pocket's columns."""
    if file.archive:
        return any(_is_part(name) for name in file.names)
    return {"url", "time_added"} <= file.columns


def read_csv(file: ImportFile) -> Iterator[Row]:
    """Yield the rows of all parts in order, with the highlights of the zip's annotations."""
    marks = _annotations(file)
    before = 0
    for name in file.files(".csv"):
        if file.archive and not _is_part(name):
            continue
        try:
            content = file.read(name)
        except ExchangeError as error:
            before += 1
            yield RejectedRow(before, str(error))
            continue
        if "url" not in header(content):
            continue
        last = 0
        for number, cells in rows(content):
            last = number
            row = _row(before + number, cells)
            if marks and isinstance(row, ImportRow) and row.url in marks:
                # A second row of the address would only repeat them.
                row = row._replace(highlights=marks.pop(row.url))
            yield row
        before += last


def _is_part(name: str) -> bool:
    return name.rpartition("/")[2].startswith("part_") and name.endswith(".csv")


def _row(number: int, cells: Mapping[str, str]) -> Row:
    url = parse_url(cells.get("url"))
    if url is None:
        return reject_url(number, cells.get("url", ""))
    title, tags = cells.get("title", "").strip(), cells.get("tags", "")
    return ImportRow(
        row=number,
        url=url,
        title="" if title == url else title,
        tags=parse_tags(tags.split("|")) if tags else (),
        added=parse_time(cells.get("time_added")),
        archived=cells.get("status", "").strip().casefold() == "archive",
    )


def _annotations(file: ImportFile) -> dict[str | None, tuple[Highlight, ...]]:
    """Return highlights by address. Their keys were never documented; others are ignored."""
    found: dict[str | None, list[Highlight | None]] = {}
    for name in files_with_suffix(file.archive, ".json") if file.archive else ():
        if "annotations/" not in name:
            continue
        try:
            for item in JsonReader(file.read(name)).items():
                if isinstance(item, dict):
                    url = parse_url(item.get("url"))
                    found.setdefault(url, []).extend(_item_highlights(item))
        except ExchangeError:
            continue
    return {url: unique_highlights(highlights) for url, highlights in found.items()}


def _item_highlights(item: Mapping[str, Any]) -> Iterator[Highlight | None]:
    for mark in as_list(item.get("highlights")):
        if isinstance(mark, dict):
            at = parse_time(mark.get("created_at"))
            yield make_highlight(mark.get("quote"), note=mark.get("note"), at=at)


def matches_html(file: ImportFile) -> bool:
    """Return whether the page is the old Pocket export."""
    return "<title>pocket export</title>" in file.head.casefold() or (
        file.head.startswith("<") and " time_added=" in file.head
    )


def read_html(file: ImportFile) -> Iterator[Row]:
    """Yield the rows of `ril_export.html`; those under the second heading are archived."""
    number = headings = 0
    attributes: Mapping[str, str] | None = None
    text: list[str] = []
    for token in tokenize(decode(file.content)):
        if isinstance(token, str):
            text.append(token)
        elif isinstance(token, StartTag):
            headings += token.name == "h1"
            if token.name == "a":
                attributes, text = token.attributes, []
        elif token.name == "a" and attributes is not None:
            number += 1
            yield _link_row(number, attributes, "".join(text).strip(), headings > 1)
            attributes = None


def _link_row(number: int, attributes: Mapping[str, str], title: str, archived: bool) -> Row:
    url = parse_url(attributes.get("href"))
    if url is None:
        return reject_url(number, attributes.get("href"))
    return ImportRow(
        row=number,
        url=url,
        title="" if title == url else title,
        tags=parse_tags(attributes.get("tags", "").split(",")),
        added=parse_time(attributes.get("time_added")),
        archived=archived,
    )
