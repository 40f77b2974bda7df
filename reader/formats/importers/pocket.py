"""Pocket's exports: the CSV of 2024 and 2025, its zip with annotations, and `ril_export.html`."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser

from reader.formats.archives import files_with_suffix
from reader.formats.csv_reader import decode, header, rows
from reader.formats.import_file import ImportFile, parse_json
from reader.formats.import_row import (
    ImportRow,
    RejectedRow,
    Row,
    as_list,
    make_highlight,
    parse_tags,
    parse_time,
    parse_url,
    unique_highlights,
)
from reader.model.errors import ExchangeError
from reader.model.highlight import Highlight


def matches_csv(upload: ImportFile) -> bool:
    """Return whether the file, or a file in the zip, has Pocket's columns."""
    if upload.archive:
        return any(_is_part(name) for name in upload.names)
    return {"url", "time_added"} <= upload.columns


def read_csv(upload: ImportFile) -> Iterator[Row]:
    """Yield the rows of all parts in order, with the highlights of the zip's annotations."""
    marks = _annotations(upload)
    before = 0
    for name in upload.files(".csv"):
        if upload.archive and not _is_part(name):
            continue
        try:
            content = upload.read(name)
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
            if isinstance(row, ImportRow) and row.url in marks:
                row = replace(row, highlights=marks[row.url])
            yield row
        before += last


def _is_part(name: str) -> bool:
    return name.rpartition("/")[2].startswith("part_") and name.endswith(".csv")


def _row(number: int, cells: Mapping[str, str]) -> Row:
    url = parse_url(cells.get("url"))
    if url is None:
        return RejectedRow(number, f"no web address: {cells.get('url', '')!r}")
    title = cells.get("title", "").strip()
    return ImportRow(
        row=number,
        url=url,
        title="" if title == url else title,
        tags=parse_tags(cells.get("tags", "").split("|")),
        added=parse_time(cells.get("time_added")),
        archived=cells.get("status", "").strip().casefold() == "archive",
    )


def _annotations(upload: ImportFile) -> dict[str | None, tuple[Highlight, ...]]:
    """Return highlights by address. Their keys were never documented; others are ignored."""
    found: dict[str | None, tuple[Highlight, ...]] = {}
    if upload.archive is None:
        return found
    for name in files_with_suffix(upload.archive, ".json"):
        if "annotations/" not in name:
            continue
        try:
            value = parse_json(upload.archive.read(name))
        except ExchangeError:
            continue
        for item in as_list(value):
            if not isinstance(item, dict):
                continue
            marks = (
                make_highlight(
                    mark.get("quote"), note=mark.get("note"), at=parse_time(mark.get("created_at"))
                )
                for mark in as_list(item.get("highlights"))
                if isinstance(mark, dict)
            )
            url = parse_url(item.get("url"))
            found[url] = unique_highlights([*found.get(url, ()), *marks])
    return found


def matches_html(upload: ImportFile) -> bool:
    """Return whether the page is the old Pocket export."""
    return "<title>pocket export</title>" in upload.head.casefold() or (
        upload.head.startswith("<") and " time_added=" in upload.head
    )


def read_html(upload: ImportFile) -> Iterator[Row]:
    """Yield the rows of `ril_export.html`; those under the second heading are archived."""
    parser = _RilParser()
    parser.feed(decode(upload.content))
    parser.close()
    yield from parser.rows


class _RilParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self._heads = 0
        self._attributes: dict[str, str] | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "h1":
            self._heads += 1
        elif tag == "a":
            self._attributes = {name: value or "" for name, value in attrs}
            self._text = []

    def handle_data(self, data: str) -> None:
        if self._attributes is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag != "a" or self._attributes is None:
            return
        attributes, self._attributes = self._attributes, None
        number, url = len(self.rows) + 1, parse_url(attributes.get("href"))
        if url is None:
            self.rows.append(RejectedRow(number, f"no web address: {attributes.get('href')!r}"))
            return
        title = "".join(self._text).strip()
        self.rows.append(
            ImportRow(
                row=number,
                url=url,
                title="" if title == url else title,
                tags=parse_tags(attributes.get("tags", "").split(",")),
                added=parse_time(attributes.get("time_added")),
                archived=self._heads > 1,
            )
        )
