"""Journal lines carried from the library to the cache: what is new, or everything anew."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from reader.library import fold, journal
from reader.library.clock import Stamp
from reader.library.fold import Document
from reader.library.journal import Name, Standing
from reader.library.lines import Reading
from reader.library.records import entry_of, record_of
from reader.model.entry import EntryId
from reader.places import Places
from reader.recall.cache import Cache
from reader.recall.rows import Row
from reader.recall.standing import JournalRead

_ID: Final = re.compile(rb'"i":"([0-9a-z]{12})"')
_TRIES: Final = 3

Operation = tuple[str, dict[str, Any], Stamp]


def catch_up(places: Places, cache: Cache) -> frozenset[EntryId]:
    """Bring the cache to what the journals say; the ids whose rows are different now.

    A cache that stands where a journal no longer has that line is filled anew. Blocks on disk:
    nothing but a few `stat` calls where there is nothing new, linear in what is new otherwise,
    linear in the library where everything is read.
    """
    for _ in range(_TRIES):
        changed = _Carrying(places, cache).carry()
        if changed is not None:
            return changed
    return frozenset()


class _Carrying:
    """One attempt, between one look at the folder and one transaction of the cache."""

    def __init__(self, places: Places, cache: Cache):
        self._folder = places.home / "journal"
        self._cache = cache
        self._known = cache.journals()
        self._found = journal.survey(self._folder)
        self._standings: dict[str, Standing] = {}

    def carry(self) -> frozenset[EntryId] | None:
        """The changed ids; None where another process was faster."""
        if self._is_fresh():
            return frozenset()
        names = self._names()
        if self._known and self._continues(names):
            changed = self._carry_tail(names)
            if changed is not None:
                return changed
        return self._carry_whole(names)

    def _is_fresh(self) -> bool:
        known = {name: (read.inode, read.bytes) for name, read in self._known.items()}
        return known == self._found.sizes

    def _names(self) -> list[Name]:
        devices: dict[str, list[Name]] = {}
        for name in self._found.names:
            devices.setdefault(name.device, []).append(name)
        chosen = (
            journal.generation(rows, lambda name: journal.verified(self._folder / name.file))
            for rows in devices.values()
        )
        return [name for rows in chosen for name in rows]

    def _continues(self, names: list[Name]) -> bool:
        """Whether each file that was read is still there, with the line that was read last."""
        return all(
            name in self._found.sizes
            and self._found.sizes[name][0] == read.inode
            and self._found.sizes[name][1] >= read.bytes
            and self._has_line(name, read)
            for name, read in self._known.items()
        ) and {name.file for name in names} >= set(self._known)

    def _has_line(self, name: str, read: JournalRead) -> bool:
        if not read.crc:
            return True
        try:
            with (self._folder / name).open("rb") as stream:
                stream.seek(read.last)
                return stream.read(8) == read.crc.encode("ascii")
        except OSError:
            return False

    def _carry_tail(self, names: list[Name]) -> frozenset[EntryId] | None:
        operations = [
            row for name in names for row in self._operations(name, self._known.get(name.file))
        ]
        ids = list(dict.fromkeys(EntryId(entry_id) for entry_id, _, _ in operations))
        documents = {name: fold.load(text) for name, text in self._cache.documents(ids).items()}
        if not set(ids).isdisjoint(self._forgotten(set(ids) - documents.keys())):
            return None
        for entry_id, fields, stamp in operations:
            documents.setdefault(EntryId(entry_id), Document()).apply(fields, stamp)
        rows, gone = _rows(documents.items())
        return self._cache.apply(rows, gone, self._reads(), known=self._known)

    def _forgotten(self, unknown: set[EntryId]) -> set[EntryId]:
        """Of ids that the cache does not have, those that the journals spoke of before.

        They were deleted for good, or a change came before its creation: only the whole journal
        says what they hold.
        """
        if not unknown:
            return set()
        before: set[EntryId] = set()
        for name, read in self._known.items():
            with (self._folder / name).open("rb") as stream:
                content = stream.read(read.bytes)
            before.update(EntryId(found.decode("ascii")) for found in _ID.findall(content))
        return unknown & before

    def _carry_whole(self, names: list[Name]) -> frozenset[EntryId] | None:
        documents: dict[EntryId, Document] = {}
        self._standings = {}
        for name in names:
            for entry_id, fields, stamp in self._operations(name, None):
                documents.setdefault(EntryId(entry_id), Document()).apply(fields, stamp)
        rows, gone = _rows(documents.items())
        return self._cache.apply(rows, gone, self._reads(), whole=True, known=self._known)

    def _operations(self, name: Name, read: JournalRead | None) -> Iterator[Operation]:
        size = self._found.sizes[name.file]
        reading = Reading(end=read.bytes, last=read.last, crc=read.crc) if read else Reading()
        standing = self._standings[name.file] = Standing(size[0], reading)
        if reading.end >= size[1]:
            return
        for line in journal.lines_of(self._folder / name.file, standing):
            yield from fold.operations(line, name.device)

    def _reads(self) -> dict[str, JournalRead]:
        return {
            file: JournalRead(
                standing.inode, standing.reading.end, standing.reading.last, standing.reading.crc
            )
            for file, standing in self._standings.items()
        }


def _rows(documents: Iterable[tuple[EntryId, Document]]) -> tuple[Iterator[Row], list[EntryId]]:
    """The rows of records that lists may show, made one at a time, and the ids of the others."""
    shown: list[tuple[EntryId, Document]] = []
    gone: list[EntryId] = []
    for entry_id, document in documents:
        fields = document.fields
        if not fields.get("added") or fields.get("purged") or fields.get("same"):
            gone.append(entry_id)
        else:
            shown.append((entry_id, document))
    return (_row(entry_id, document) for entry_id, document in shown), gone


def _row(entry_id: EntryId, document: Document) -> Row:
    entry = entry_of(entry_id, document)
    note = document.fields.get("note") or ""
    quotes: tuple[str, ...] = ()
    if entry.highlights:
        marks = record_of(entry_id, document).highlights
        quotes = tuple(f"{mark.quote}\n{mark.note}".strip() for mark in marks)
    return Row(entry, fold.dump(document), note, quotes)
