"""Changes folded into documents: the last writer of each field wins, in any order of arrival."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from sys import intern
from typing import Any, Final

from reader.library.hlc import Stamp

TAG_PREFIX: Final = "tag:"
HIGHLIGHT_PREFIX: Final = "mark:"
LABEL_PREFIX: Final = "label:"
"""Before a highlight's id: its colour and word. Older versions of the program keep the field as it
is, because they do not know it."""
IMAGE_PREFIX: Final = "picture:"
_MAX_INTEGER: Final = 1 << 53
"""Beyond this no clock is one, nor do SQLite and JavaScript count so far."""
_ID: Final = re.compile(r"[0-9a-hjkmnp-tv-z]{12}")
_SAVED_AT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_MAX_DEPTH: Final = 8
"""Lists and mappings inside each other that a value may have; ours have two."""
_SCALARS: Final = frozenset({str, int, bool, float, type(None)})
_FLAGS: Final = frozenset(("finished", "starred", "archived", "deleted", "purged"))
_PLAIN_TAG: Final = re.compile(r"[0-9A-Za-z_.-]{1,60}(?:/[0-9A-Za-z_.-]{1,28}){0,2}")
is_plain_tag: Final = _PLAIN_TAG.fullmatch
"""Matches tags that are clean: ⏱ a tenth of the time of cleaning them."""


_NEVER: Final = Stamp(0, 0, "")


class Document:
    """One record's fields, and when each was written.

    `fields` maps names to JSON values; each member of a set is one field (`tag:<folded>`,
    `mark:<id>`, `label:<id>`, `picture:<destination>`), None where it was removed. `created` is the clock that
    all fields share but those in `stamps`. `valid` holds them as `field_validation`
    accepts them, None until it has checked them.
    """

    __slots__ = ("created", "fields", "stamps", "valid")

    def __init__(self, fields: dict[str, Any] | None = None, created: Stamp | None = None) -> None:
        """Return the document of one change, whose `fields` are kept, not copied; empty without."""
        self.valid: dict[str, Any] | None = None
        self.created = created
        self.fields: dict[str, Any] = fields if fields is not None else {}
        self.stamps: dict[str, Stamp] | None = None
        if fields:
            # Texts that thousands of records share.
            if type(site := fields.get("site")) is str:
                fields["site"] = intern(site)
            if type(language := fields.get("language")) is str:
                fields["language"] = intern(language)

    def stamp(self, name: str) -> Stamp | None:
        """Return when the field was written; None if never."""
        if self.stamps is not None and name in self.stamps:
            return self.stamps[name]
        return self.created if name in self.fields else None

    def apply(self, fields: dict[str, Any], stamp: Stamp) -> bool:
        """Fold one change in; returns whether any value is different afterwards.

        Does not depend on the order of calls, and a second call with the same values does
        nothing. `added` keeps the earliest value. The first `fields` are kept, not copied.
        """
        if not self.fields:
            first = Document(fields, stamp)
            self.fields, self.created, self.valid = first.fields, first.created, None
            return bool(fields)
        changed = False
        kept, stamps, created = self.fields, self.stamps or {}, self.created
        for name, value in fields.items():
            at = stamps.get(name)
            held = created if at is None and name in kept else at
            if held is None:
                changed = True
            elif (name == "added" or held >= stamp) and not self._wins(name, value, stamp, held):
                continue
            elif not changed and kept[name] != value:
                changed = True
            if at is None:
                name = intern(name)
            kept[name] = value
            stamps[name] = stamp
        self.stamps = stamps or None
        if len(fields) * 2 > len(kept) and stamps:
            self._share_clock(stamp)
        if self.valid is not kept or not _are_valid_marks(fields):
            self.valid = None
        return changed

    def _share_clock(self, stamp: Stamp) -> None:
        """Let this be the clock that fields share, if most have it, as after a purge and an import."""
        times = {name: self.stamp(name) or _NEVER for name in self.fields}
        others = {name: at for name, at in times.items() if at != stamp}
        if len(others) * 2 < len(self.fields):
            self.created, self.stamps = stamp, others or None

    def _wins(self, name: str, value: Any, stamp: Stamp, held: Stamp) -> bool:
        if name == "added":
            return _age(value, stamp) < _age(self.fields[name], held)
        if stamp != held:
            return stamp > held
        # One clock, two values: a damaged or edited journal. Any rule will do that gives the same
        # in either order.
        return _canonical_json(value) > _canonical_json(self.fields[name])

    def created_at(self) -> Stamp:
        """Return the clock of the earliest creation, which is the same on every device."""
        stamp = self.stamp("added")
        if stamp is None:
            stamp = min((self._stamp_of(name) for name in self.fields), default=_NEVER)
        return stamp

    def updated_at(self) -> int:
        """Return the time of the newest change, in milliseconds since 1970."""
        newest = self.created.ms if self.created is not None else 0
        if self.stamps is not None:
            for stamp in self.stamps.values():
                if stamp[0] > newest:
                    newest = stamp[0]
        return newest

    def _stamp_of(self, name: str) -> Stamp:
        return self.stamp(name) or _NEVER

    def as_changes(self) -> Iterator[tuple[Stamp, dict[str, Any]]]:
        """Return changes that give this document again when they are applied to a new one."""
        groups: dict[Stamp, dict[str, Any]] = {}
        for name, value in self.fields.items():
            groups.setdefault(self.stamp(name) or _NEVER, {})[name] = value
        yield from groups.items()


def new_document(fields: dict[str, Any], created: Stamp) -> Document:
    """Return the document of one change that is not kept: ⏱ a third of the time."""
    document = Document.__new__(Document)
    document.fields = fields
    document.created = created
    document.stamps = document.valid = None
    return document


def _are_valid_marks(fields: dict[str, Any]) -> bool:
    """Return whether these are valid marks and tags as they are.

    ⏱ Checking all fields of the document takes 40 µs.
    """
    for name, value in fields.items():
        # None: the field is removed.
        if value is None or ((value is True or value is False) and name in _FLAGS):
            continue
        if name == "progress":
            if type(value) is not float or not 0 <= value <= 1:
                return False
        elif name[:4] != TAG_PREFIX or type(value) is not str or not is_plain_tag(value):
            return False
    return True


def is_newer(document: Document, name: str, stamp: Stamp) -> bool:
    """Return whether a field written at this time is missing from the document."""
    return bool(newer_fields(document, {name: None}, stamp))


def newer_fields(document: Document, fields: dict[str, Any], stamp: Stamp) -> dict[str, Any]:
    """Return those of the fields, written at this time, that are missing from the document."""
    held, stamps, created = document.fields, document.stamps or {}, document.created
    missing: dict[str, Any] = {}
    for name, value in fields.items():
        at = stamps.get(name)
        if at is None and name in held:
            at = created
        if at is None:
            missing[name] = value
        elif name == "added":
            # It keeps the earliest value, whatever its clock.
            if _age(value, stamp) < _age(held[name], at):
                missing[name] = value
        elif at < stamp:
            missing[name] = value
    return missing


def _canonical_json(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def is_time(value: Any) -> bool:
    """Return whether the value is a time of the calendar in the one form that `added` has."""
    if type(value) is not str or not _SAVED_AT.fullmatch(value):
        return False
    return _is_day(value[:10]) and value[11:13] < "24" and value[14:16] < "60" > value[17:19]


@lru_cache(maxsize=4096)
def _is_day(text: str) -> bool:
    """Return whether the date exists. ⏱ An import has the same days again."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _age(value: Any, stamp: Stamp) -> tuple[bool, str, Stamp, str]:
    """Return the sort key of an `added` value; one that is not a time comes last."""
    text = value if is_time(value) else ""
    return (not text, text, stamp, _canonical_json(value))


def dump(document: Document) -> str:
    """Return the document as compact JSON, for the cache: equal documents give equal text."""
    return _dump(_parts(document))


def dump_all(documents: Iterable[Document]) -> Iterator[str]:
    """Dump many documents: ⏱ a fifth of the time, after an import of 10 ms."""
    import orjson

    dumps, sorted_keys = orjson.dumps, orjson.OPT_SORT_KEYS
    for document in documents:
        parts = _parts(document)
        try:
            yield dumps(parts, None, sorted_keys).decode()
        except TypeError:
            # Lone surrogates and integers beyond 64 bits.
            yield _dump(parts)


_dump: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def _parts(document: Document) -> list[Any]:
    """Fields, the clock of most of them, the other clocks; and 1 if all values are valid as they are.

    ⏱ Checking the values again takes as long as all other work on a document.
    """
    fields, held, created = document.fields, document.stamps, document.created
    if created is not None and len(held or ()) * 2 < len(fields):
        # Nearly always.
        shared = created
        stamps = {name: [*stamp] for name, stamp in held.items() if stamp != shared} if held else {}
    else:
        shared = _most_frequent_clock(document)
        times = {name: document.stamp(name) or _NEVER for name in fields}
        stamps = {name: [*stamp] for name, stamp in times.items() if stamp != shared}
    if document.valid is fields:
        return [fields, [*shared], stamps, 1]
    return [fields, [*shared], stamps]


def _most_frequent_clock(document: Document) -> Stamp:
    """Return the clock of more than half of the fields; that of the creation without any."""
    times = Counter([document.stamp(name) or _NEVER for name in document.fields])
    for stamp, number in times.most_common(1):
        if number * 2 > len(document.fields):
            return stamp
    return document.created_at()


def load(text: str) -> Document:
    """Return the document that `dump` wrote."""
    fields, created, *rest = json.loads(text)
    named = {intern(name): value for name, value in fields.items()}
    return _document([named, created, *rest], _new_stamp(Stamp, created) if created else None)


def load_all(texts: Iterable[str]) -> Iterator[Document]:
    """As `load`, for many documents."""
    import orjson

    loads = orjson.loads
    clock: list[Any] = []
    stamp: Stamp | None = None
    for text in texts:
        try:
            # It gives equal names one string.
            parts = loads(text)
        except ValueError:
            yield load(text)
            continue
        if parts[1] != clock:
            # ⏱ Thousands of records share one.
            clock = parts[1]
            stamp = _new_stamp(Stamp, clock) if clock else None
        yield _document(parts, stamp)


def _document(parts: list[Any], created: Stamp | None) -> Document:
    document = Document.__new__(Document)
    document.fields = fields = parts[0]
    document.valid = fields if len(parts) > _MIN_PARTS else None
    document.created = created
    stamps = parts[2]
    document.stamps = (
        {name: _new_stamp(Stamp, stamp) for name, stamp in stamps.items()} if stamps else None
    )
    return document


_MIN_PARTS: Final = 3
"""Parts of a document's text; another one says that its values are valid."""
_new_stamp: Final = tuple.__new__
"""⏱ Half of the time of the class's own call, for clocks that were checked when they were read."""


def operations(
    lines: Iterable[dict[str, Any]], device: str, rejected: list[str] | None = None
) -> list[tuple[str, dict[str, Any], Stamp]]:
    """Return the (id, fields, clock) in journal lines; headers and trailers have none.

    No device is trusted: a change whose id does not have the form of one says nothing, because ids
    become parts of paths, and neither does one of another shape, although its checksum is right.
    `rejected` collects the faults of these.
    """
    changes: list[tuple[str, dict[str, Any], Stamp]] = []
    is_id = _ID.fullmatch
    is_plain = _SCALARS.issuperset
    for line in lines:
        if "c" not in line:
            continue
        found: list[tuple[str, dict[str, Any], Stamp]] = []
        invalid_ids = 0
        try:
            ms, counter = line["c"]
            if not (
                type(ms) is type(counter) is int
                and 0 <= ms < _MAX_INTEGER
                and 0 <= counter < _MAX_INTEGER
            ):
                raise ValueError
            stamp = Stamp(ms, counter, device)
            for row in line.get("ops", (line,)):
                entry_id, fields = row["i"], row["f"]
                if row["o"] != "set" or type(fields) is not dict or type(entry_id) is not str:
                    raise ValueError
                if not is_id(entry_id):
                    invalid_ids += 1
                elif is_plain(map(type, fields.values())):
                    found.append((entry_id, fields, stamp))
                else:
                    plain = {name: v for name, v in fields.items() if _is_shallow(v, _MAX_DEPTH)}
                    found.append((entry_id, plain, stamp))
        except (KeyError, TypeError, ValueError):
            if rejected is not None:
                rejected.append("a line of another shape")
            continue
        changes += found
        if rejected is not None:
            rejected += ["an invalid id"] * invalid_ids
    return changes


def _is_shallow(value: Any, depth: int) -> bool:
    if type(value) in _SCALARS:
        return True
    if not depth or type(value) not in (list, dict):
        return False
    parts = value if type(value) is list else value.values()
    return all(_is_shallow(each, depth - 1) for each in parts)
