"""reader's own JSON: a library without its pages and images, in and out without loss."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from reader.formats.export_item import ExportItem
from reader.formats.import_file import ImportFile
from reader.formats.import_row import RejectedRow, as_list, parse_time
from reader.formats.json_reader import JsonReader
from reader.model.article import Related
from reader.model.entry import Entry, EntryId, FetchStatus, Record
from reader.model.errors import ExchangeError
from reader.model.highlight import Highlight, Position
from reader.model.labels import clean_word, parse_color
from reader.model.text import clean, one_line
from reader.model.urls import without_credentials

FORMAT: Final = "reader-library"
VERSION: Final = 1
LIBRARY_FILE: Final = "library.json"

_PLAIN: Final = tuple(
    name
    for name in Entry._fields
    if name
    not in (
        "tags",
        "fetch",
        "created",
        "highlights",
        "labels",
        "has_note",
        "has_images",
        "has_text",
        "folder",
    )
)
_KNOWN_FIELDS: Final = (
    "given", "final", "canonical", "modified", "description", "image", "digest", "cut", "note", "attempts", "same",
)  # fmt: skip
_TEXTS: Final = (
    "given", "final", "canonical", "modified", "description", "image", "digest",
)  # fmt: skip
_LABEL_FIELDS: Final = ("color", "label")
"""Fields of a highlight that stand in the file only if it has a label."""
_ADDRESSES: Final = ("url", "given", "final", "canonical")
_FLAGS: Final = ("finished", "starred", "archived", "trashed")
_PICTURE: Final = re.compile(r"images/[0-9a-f]{16}\.[a-z]{2,5}")


def write(items: Iterable[ExportItem]) -> Iterator[str]:
    """Yield the file in pieces, one record per line."""
    yield f'{{"format": "{FORMAT}", "version": {VERSION}, "records": [\n'
    before = ""
    for item in items:
        yield before + json.dumps(_to_json(item), ensure_ascii=False, sort_keys=True)
        before = ",\n"
    yield "\n]}\n"


def _to_json(item: ExportItem) -> dict[str, Any]:
    record, entry = item.record, item.record.entry
    row: dict[str, Any] = {name: getattr(entry, name) for name in _PLAIN}
    row |= {name: getattr(record, name) for name in _KNOWN_FIELDS}
    row |= {name: without_credentials(row[name]) for name in _ADDRESSES if row[name]}
    row |= {
        "tags": list(entry.tags),
        "fetch": str(entry.fetch),
        "suggested": list(record.suggested),
        "related": [_values(item) for item in record.related],
        "highlights": [_values(item) for item in record.highlights],
        "position": _values(record.position) if record.position else None,
        "pictures": dict(record.images),
        "markdown": item.markdown if entry.folder else None,
    }
    return {name: value for name, value in row.items() if value not in (None, [], {}, "", False)}


def _values(item: Related | Highlight | Position) -> dict[str, Any]:
    values = {name.name: getattr(item, name.name) for name in fields(item)}
    return {name: value for name, value in values.items() if value or name not in _LABEL_FIELDS}


def matches(file: ImportFile) -> bool:
    """Return whether the file is reader's own JSON, or the zip that holds it."""
    if file.archive:
        return LIBRARY_FILE in file.names
    return file.json is not None and file.json.value_of("format") == FORMAT


def read(file: ImportFile) -> Iterator[tuple[int, ExportItem] | RejectedRow]:
    """Yield each record with its number, from 1, and its text.

    Raises ExchangeError for a file written by a newer reader.
    """
    content = file.archive.read(LIBRARY_FILE) if file.archive else file.content
    reader = JsonReader(content)
    version = reader.value_of("version")
    if not isinstance(version, int) or version > VERSION:
        raise ExchangeError("this file was written by a newer reader: update reader to read it")
    for number, row in enumerate(reader.items_of("records"), 1):
        try:
            yield number, _from_json(row)
        except KeyError as error:
            yield RejectedRow(number, f"not a record: it has no {error}")
        except (TypeError, AttributeError):
            yield RejectedRow(number, "not a record: a field has a value of another type")
        except (ValueError, OverflowError) as error:
            yield RejectedRow(number, f"not a record: {one_line(str(error), 120)}")


def _from_json(row: Mapping[str, Any]) -> ExportItem:
    """Build a record. Raises ValueError or TypeError for values that reader never exports.

    The file may come from anywhere: an id names a folder, and `added` the folder above it.
    """
    identity, added = str(row["id"]), parse_time(row["added"])
    if not re.fullmatch("[0-9a-hjkmnp-tv-z]{12}", identity) or added is None:
        raise ValueError("its id or its time is none")
    plain: dict[str, Any] = {
        "id": EntryId(identity),
        "added": added,
        "title": one_line(str(row.get("title", ""))),
        **{name: _text(row, name) for name in ("url", "byline", "site", "published", "language")},
        "reason": _text(row, "reason"),
        **{name: row.get(name) is True for name in _FLAGS},
        "words": max(0, int(row.get("words", 0))),
        "progress": min(1.0, max(0.0, float(row.get("progress", 0.0)))),
    }
    entry = Entry(
        **plain,
        tags=tuple(str(tag) for tag in as_list(row.get("tags"))),
        fetch=FetchStatus(row.get("fetch", "done")),
    )
    pictures = row.get("pictures", {})
    texts: dict[str, Any] = {name: _text(row, name) for name in _TEXTS}
    record = Record(
        entry,
        **texts,
        note=clean(str(row.get("note", ""))),
        cut=row.get("cut") is True,
        attempts=max(0, int(row.get("attempts", 0))),
        suggested=tuple(one_line(str(tag)) for tag in as_list(row.get("suggested"))),
        related=tuple(_related(item) for item in as_list(row.get("related"))),
        highlights=tuple(_highlight(item) for item in as_list(row.get("highlights"))),
        position=_position(row["position"]) if row.get("position") else None,
        images={
            str(place): name for place, name in pictures.items() if _PICTURE.fullmatch(str(name))
        },
    )
    return ExportItem(record, clean(str(row.get("markdown", ""))))


def _text(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    return one_line(value, 4096) or None if isinstance(value, str) else None


def _related(item: Mapping[str, Any]) -> Related:
    title = _text(item, "title") or ""
    return Related(title, _text(item, "source"), _text(item, "age"), _text(item, "url"))


def _highlight(item: Mapping[str, Any]) -> Highlight:
    texts = {name: clean(str(item.get(name, ""))) for name in ("quote", "prefix", "suffix", "note")}
    return Highlight(
        id=one_line(str(item["id"]), 64),
        **texts,
        start=max(0, int(item.get("start", 0))),
        at=parse_time(item.get("at")) or "",
        color=parse_color(item.get("color")),
        label=clean_word(str(item.get("label", ""))),
    )


def _position(item: Mapping[str, Any]) -> Position:
    return Position(
        clean(str(item.get("quote", ""))),
        max(0, int(item.get("start", 0))),
        min(1.0, max(0.0, float(item.get("progress", 0.0)))),
    )
