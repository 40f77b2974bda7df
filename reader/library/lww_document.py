"""Changes folded into documents: the last writer of each field wins, in any order of arrival."""

import json
from collections.abc import Iterable, Iterator
from sys import intern
from typing import Any, Final

from reader.library.hlc import Stamp

TAG_PREFIX: Final = "tag:"
HIGHLIGHT_PREFIX: Final = "mark:"
IMAGE_PREFIX: Final = "picture:"
_MAX_INTEGER: Final = 1 << 53
"""Beyond this no clock is one, nor do SQLite and JavaScript count so far."""
_INTERNED: Final = ("site", "language")


class Document:
    """One record's fields, and when each was written.

    `fields` maps names to JSON values; a member of a set is a field of its own (`tag:<folded>`,
    `mark:<id>`, `picture:<destination>`), None where it was removed. `created` is the clock that
    all fields share but those in `stamps`. `checked` says that `shapes` found all values right.
    """

    __slots__ = ("checked", "created", "fields", "stamps")

    def __init__(self, fields: dict[str, Any] | None = None, created: Stamp | None = None) -> None:
        """The document of one change, whose `fields` are kept, not copied; empty without."""
        self.checked = False
        self.created = created
        self.fields: dict[str, Any] = fields if fields is not None else {}
        self.stamps: dict[str, Stamp] | None = None
        for name in _INTERNED:
            value = self.fields.get(name)
            if type(value) is str:
                self.fields[name] = intern(value)

    def stamp(self, name: str) -> Stamp | None:
        """When the field was written; None where it never was."""
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
            self.fields, self.created = first.fields, first.created
            return bool(fields)
        changed = False
        kept, stamps = self.fields, self.stamps or {}
        for name, value in fields.items():
            held = self.stamp(name)
            if held is not None and not self._wins(name, value, stamp, held):
                continue
            if held is None or kept[name] != value:
                changed = True
            name = intern(name)
            kept[name] = value
            stamps[name] = stamp
        self.stamps = stamps or None
        self.checked = False
        return changed

    def _wins(self, name: str, value: Any, stamp: Stamp, held: Stamp) -> bool:
        if name == "added":
            return (str(value), stamp) < (str(self.fields[name]), held)
        if stamp != held:
            return stamp > held
        # One clock, two values: a damaged or edited journal. Any rule will do that gives the same
        # in either order.
        return self.fields[name] != value and _canonical_json(value) > _canonical_json(
            self.fields[name]
        )

    def created_at(self) -> Stamp:
        """The clock of the creation that counts, the earliest: the same on every device."""
        return self.stamp("added") or self.created or Stamp(0, 0, "")

    def as_changes(self) -> Iterator[tuple[Stamp, dict[str, Any]]]:
        """Changes that give this document again when they are applied to a new one."""
        groups: dict[Stamp, dict[str, Any]] = {}
        for name, value in self.fields.items():
            groups.setdefault(self.stamp(name) or Stamp(0, 0, ""), {})[name] = value
        yield from groups.items()


def _canonical_json(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def dump(document: Document) -> str:
    """The document as compact JSON, for the cache."""
    stamps = {name: list(stamp) for name, stamp in (document.stamps or {}).items()}
    created = list(document.created) if document.created else None
    return json.dumps([document.fields, created, stamps], ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> Document:
    """The document that `dump` wrote."""
    fields, created, stamps = json.loads(text)
    document = Document()
    document.fields = {intern(name): value for name, value in fields.items()}
    document.created = Stamp(*created) if created else None
    document.stamps = {intern(name): Stamp(*stamp) for name, stamp in stamps.items()} or None
    return document


def operations(
    lines: Iterable[dict[str, Any]], device: str
) -> list[tuple[str, dict[str, Any], Stamp]]:
    """The (id, fields, clock) that journal lines say; nothing for headers and trailers.

    A line of another shape says nothing, although its checksum is right.
    """
    said: list[tuple[str, dict[str, Any], Stamp]] = []
    for line in lines:
        try:
            ms, counter = line["c"]
            if not (
                type(ms) is type(counter) is int
                and 0 <= ms < _MAX_INTEGER
                and 0 <= counter < _MAX_INTEGER
            ):
                continue
            stamp = Stamp(ms, counter, device)
            if "ops" not in line:
                entry_id, fields = line["i"], line["f"]
                if line["o"] == "set" and type(entry_id) is str and type(fields) is dict:
                    said.append((entry_id, fields, stamp))
                continue
            said += [
                (row["i"], row["f"], stamp)
                for row in line["ops"]
                if row["o"] == "set" and type(row["i"]) is str and type(row["f"]) is dict
            ]
        except (KeyError, TypeError, ValueError):
            continue
    return said
