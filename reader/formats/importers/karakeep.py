"""Karakeep's JSON export: links and texts, with lists as tags."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    RejectedRow,
    Row,
    as_list,
    parse_bool,
    parse_tags,
    parse_time,
    parse_url,
    reject_url,
)
from reader.formats.json_reader import json_rows


def matches(file: ImportFile) -> bool:
    """Return whether the file is an object with bookmarks."""
    return file.json is not None and file.json.has_list("bookmarks")


def read(file: ImportFile) -> Iterator[Row]:
    """Yield every bookmark; a manual list becomes a tag, nested like its parents."""
    if file.json is None:
        return
    lists = _paths(file.json.items_of("lists"))
    yield from json_rows(file.json.items_of("bookmarks"), partial(_row, lists=lists))


def _paths(lists: Iterable[Any]) -> dict[str, str]:
    rows = {
        row["id"]: row for row in lists if isinstance(row, dict) and isinstance(row.get("id"), str)
    }
    paths: dict[str, str] = {}
    for identity, row in rows.items():
        names: list[str] = []
        step: Mapping[str, Any] | None = row
        while step is not None and len(names) < 12:
            names.insert(0, str(step.get("name") or "").replace("/", " "))
            step = rows.get(str(step.get("parentId")))
        if row.get("type") != "smart":
            paths[identity] = "/".join(name for name in names if name)
    return paths


def _row(number: int, item: Mapping[str, Any], lists: Mapping[str, str]) -> Row:
    found = item.get("content")
    content = found if isinstance(found, dict) else {}
    url, text = parse_url(content.get("url")), content.get("text")
    if url is None and not (isinstance(text, str) and text.strip()):
        if content.get("url"):
            return reject_url(number, content["url"])
        return RejectedRow(number, "neither a web address nor a text")
    tags = [item["tags"]] if isinstance(item.get("tags"), str) else as_list(item.get("tags"))
    listed = [lists[str(name)] for name in as_list(item.get("lists")) if str(name) in lists]
    return ImportRow(
        row=number,
        url=url,
        title=str(item.get("title") or "").strip(),
        tags=parse_tags([*tags, *listed]),
        added=parse_time(item.get("createdAt")),
        archived=parse_bool(item.get("archived")),
        note=str(item.get("note") or "").strip(),
        markdown=None if url else text,
    )
