"""reader's own JSON: everything of a library but page and pictures, back and forth without loss."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from reader.exchange.incoming import Refused
from reader.exchange.portion import Portion
from reader.exchange.upload import Upload, parse_json
from reader.model.article import Related
from reader.model.entry import Entry, EntryId, Fetch, Record
from reader.model.errors import ExchangeError
from reader.model.highlight import Highlight, Position

FORMAT: Final = "reader-library"
VERSION: Final = 1
LIBRARY_FILE: Final = "library.json"

_PLAIN: Final = tuple(
    name.name
    for name in fields(Entry)
    if name.name
    not in ("tags", "fetch", "created", "highlights", "noted", "pictured", "offline", "folder")
)
_KNOWN: Final = (
    "given", "final", "canonical", "modified", "description", "image", "digest", "cut", "note", "attempts", "same",
)  # fmt: skip


def write(portions: Iterable[Portion]) -> Iterator[str]:
    """The file in pieces, one record a line, so that it can be read, compared and cut by hand."""
    yield f'{{"format": "{FORMAT}", "version": {VERSION}, "records": [\n'
    before = ""
    for portion in portions:
        yield before + json.dumps(_to_json(portion), ensure_ascii=False, sort_keys=True)
        before = ",\n"
    yield "\n]}\n"


def _to_json(portion: Portion) -> dict[str, Any]:
    record, entry = portion.record, portion.record.entry
    row: dict[str, Any] = {name: getattr(entry, name) for name in _PLAIN}
    row |= {name: getattr(record, name) for name in _KNOWN}
    row |= {
        "tags": list(entry.tags),
        "fetch": str(entry.fetch),
        "suggested": list(record.suggested),
        "related": [_values(item) for item in record.related],
        "highlights": [_values(item) for item in record.highlights],
        "position": _values(record.position) if record.position else None,
        "pictures": dict(record.pictures),
        "markdown": portion.markdown if entry.folder else None,
    }
    return {name: value for name, value in row.items() if value not in (None, [], {}, "", False)}


def _values(item: Related | Highlight | Position) -> dict[str, Any]:
    return {name.name: getattr(item, name.name) for name in fields(item)}


def recognises(upload: Upload) -> bool:
    """Whether this is reader's own JSON, or the zip that holds it beside pages and pictures."""
    if upload.archive:
        return LIBRARY_FILE in upload.names
    return isinstance(upload.json, dict) and upload.json.get("format") == FORMAT


def read(upload: Upload) -> Iterator[tuple[int, Portion] | Refused]:
    """Each record with its number, from 1, and its text.

    Raises ExchangeError for a file written by a newer reader.
    """
    value = parse_json(upload.archive.read(LIBRARY_FILE)) if upload.archive else upload.json
    if value.get("version", 0) > VERSION:
        raise ExchangeError("this file was written by a newer reader: update reader to read it")
    records = value.get("records")
    for number, row in enumerate(records if isinstance(records, list) else [], 1):
        try:
            yield number, _from_json(row)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            yield Refused(number, f"not a record: {error}")


def _from_json(row: Mapping[str, Any]) -> Portion:
    plain = {name: row[name] for name in _PLAIN if name in row}
    entry = Entry(
        **plain
        | {
            "id": EntryId(str(row["id"])),
            "title": str(row.get("title", "")),
            "added": str(row["added"]),
            "url": row.get("url"),
        },
        tags=tuple(str(tag) for tag in row.get("tags", ())),
        fetch=Fetch(row.get("fetch", "done")),
    )
    position = row.get("position")
    record = Record(
        entry,
        **{name: row[name] for name in _KNOWN if name in row},
        suggested=tuple(row.get("suggested", ())),
        related=tuple(Related(**item) for item in row.get("related", ())),
        highlights=tuple(Highlight(**item) for item in row.get("highlights", ())),
        position=Position(**position) if position else None,
        pictures={str(key): str(name) for key, name in row.get("pictures", {}).items()},
    )
    return Portion(record, str(row.get("markdown", "")))
