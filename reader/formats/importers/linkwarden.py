"""Linkwarden's JSON backup: collections with their links, tags and pins."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    RejectedRow,
    Row,
    as_list,
    parse_tags,
    parse_time,
    parse_url,
    reject_url,
)
from reader.formats.json_reader import OversizedValue


def matches(file: ImportFile) -> bool:
    """Return whether the file is an object with collections."""
    return file.json is not None and file.json.has_list("collections")


def read(file: ImportFile) -> Iterator[Row]:
    """Yield every link; a collection becomes a tag, nested like its parents, a pin a star."""
    if file.json is None:
        return
    collections = list(file.json.outlines_of("collections", "links"))
    names = _paths(collections)
    pinned = {
        str(item.get("url")) for item in file.json.items_of("pinnedLinks") if isinstance(item, dict)
    }
    number = 0
    for collection in collections:
        if not isinstance(collection, dict):
            number += 1
            reason = str(collection) if isinstance(collection, OversizedValue) else "not an object"
            yield RejectedRow(number, reason)
    for place, link in file.json.nested_items("collections", "links"):
        number += 1
        yield _row(number, link, names.get(str(collections[place].get("id")), ""), pinned)


def _paths(collections: Iterable[Any]) -> dict[str, str]:
    """Return the names of the collections by their ids, parents first."""
    rows = {
        str(row.get("id")): (str(row.get("name") or "").strip(), str(row.get("parentId")))
        for row in collections
        if isinstance(row, dict)
    }
    paths: dict[str, str] = {}
    for identity in rows:
        names: list[str] = []
        step = identity
        while step in rows and len(names) < 12:
            name, parent = rows[step]
            names.insert(0, name.replace("/", " "))
            step = parent
        # Links that were filed nowhere are in a collection of this name.
        paths[identity] = "" if names == ["Unorganized"] else "/".join(filter(None, names))
    return paths


def _row(number: int, link: Any, tag: str, pinned: set[str]) -> Row:
    if not isinstance(link, Mapping):
        return RejectedRow(number, "not an object")
    url = parse_url(link.get("url"))
    if url is None:
        return reject_url(number, link.get("url"))
    return ImportRow(
        row=number,
        url=url,
        title=str(link.get("name") or "").strip(),
        tags=parse_tags([*as_list(link.get("tags")), tag]),
        added=parse_time(link.get("importDate")) or parse_time(link.get("createdAt")),
        starred=str(link.get("url")) in pinned,
        description=str(link.get("description") or "").strip() or None,
    )
