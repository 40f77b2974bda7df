"""Journal lines carried from the library to the cache: what is new, or everything anew."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from reader.library import fold, journal
from reader.library.clock import Stamp
from reader.library.fold import Document
from reader.library.journal import Name, Standing
from reader.library.lines import Reading
from reader.library.records import entry_of, record_of
from reader.model.entry import EntryId
from reader.model.errors import ReaderError
from reader.places import Places
from reader.recall.cache import Cache
from reader.recall.rows import Gone, Row
from reader.recall.standing import JournalRead

_TRIES: Final = 3

Operation = tuple[str, dict[str, Any], Stamp]
Progress = Callable[[int, int], None]


def catch_up(
    places: Places, cache: Cache, *, progress: Progress | None = None
) -> frozenset[EntryId]:
    """Bring the cache to what the journals say; the ids whose rows are different now.

    A cache that stands where a journal no longer has that line is filled anew, and `progress` is
    told how many records of how many are in. Blocks on disk: nothing but a few `stat` calls where
    there is nothing new, linear in what is new otherwise, linear in the library where everything
    is read.
    """
    for _ in range(_TRIES):
        changed = _Carrying(places, cache, progress).carry()
        if changed is not None:
            return changed
    return frozenset()


def keep_up(places: Places, cache: Cache) -> None:
    """Carry what this process has just written, where that is all that the cache lacks.

    A cache that would have to be filled anew is left for the next reader, and so is one that
    cannot be written now: what was asked for is done and durable. Linear in what is new.
    """
    with suppress(ReaderError):
        _Carrying(places, cache, None).carry_on()


class _Carrying:
    """One attempt, between one look at the folder and one transaction of the cache."""

    def __init__(self, places: Places, cache: Cache, progress: Progress | None):
        self._folder = places.home / "journal"
        self._cache = cache
        self._progress = progress
        self._known = cache.journals()
        self._found = journal.survey(self._folder)
        self._standings: dict[str, Standing] = {}

    def carry(self) -> frozenset[EntryId] | None:
        """The changed ids; None where another process was faster."""
        if self._is_fresh():
            return frozenset()
        names = self._names()
        if self._known and self._continues(names):
            return self._carry_tail(names)
        return self._carry_whole(names)

    def carry_on(self) -> None:
        """Carry the lines beyond, and nothing where that is not enough."""
        names = self._names()
        if self._known and not self._is_fresh() and self._continues(names):
            self._carry_tail(names)

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
        """Whether each file that was read still has the line that was read last.

        One that is gone is no loss where a snapshot of its device came after it.
        """
        snapshots = {name.device: name.number for name in names if name.kind == "snap"}
        for file, read in self._known.items():
            inode, size = self._found.sizes.get(file, (-1, -1))
            if inode == read.inode and size >= read.bytes and self._has_line(file, read):
                continue
            name = journal.name_of(file)
            if inode != -1 or name is None or snapshots.get(name.device, 0) <= name.number:
                return False
        return True

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
        """Fold what lies beyond into the documents that the cache keeps; folding twice is harmless."""
        operations = [
            row
            for name in names
            if not self._repeats(name, names)
            for row in self._operations(name, self._known.get(name.file))
        ]
        ids = list(dict.fromkeys(EntryId(entry_id) for entry_id, _, _ in operations))
        documents = {name: fold.load(text) for name, text in self._cache.documents(ids).items()}
        for entry_id, fields, stamp in operations:
            documents.setdefault(EntryId(entry_id), Document()).apply(fields, stamp)
        rows, gone = _rows(documents)
        return self._cache.apply(rows, gone, self._reads(), known=self._known)

    def _repeats(self, name: Name, names: list[Name]) -> bool:
        """Whether a new snapshot says only what was read: the log that it closes, to its end."""
        if name.kind != "snap" or name.extra or name.file in self._known:
            return False
        closed = f"{name.device}-{name.number - 1}.log"
        read = self._known.get(closed)
        return read is not None and self._found.sizes.get(closed) == (read.inode, read.bytes)

    def _carry_whole(self, names: list[Name]) -> frozenset[EntryId] | None:
        documents: dict[EntryId, Document] = {}
        self._standings = {}
        for name in names:
            for entry_id, fields, stamp in self._operations(name, None):
                documents.setdefault(EntryId(entry_id), Document()).apply(fields, stamp)
        rows, gone = _rows(documents)
        told = self._told(rows, len(documents) - len(gone))
        return self._cache.apply(told, gone, self._reads(), whole=True, known=self._known)

    def _told(self, rows: Iterator[Row], total: int) -> Iterator[Row]:
        for number, row in enumerate(rows, 1):
            if self._progress is not None and (number % 1000 == 0 or number == total):
                self._progress(number, total)
            yield row

    def _operations(self, name: Name, read: JournalRead | None) -> Iterator[Operation]:
        size = self._found.sizes[name.file]
        reading = Reading(end=read.bytes, last=read.last, crc=read.crc) if read else Reading()
        standing = self._standings[name.file] = Standing(size[0], reading)
        if reading.end >= size[1]:
            return
        for line in journal.lines_of(self._folder / name.file, standing):
            yield from fold.operations(line, name.device)

    def _reads(self) -> dict[str, JournalRead]:
        """Where every file stands now; one that says nothing new counts as read to its end."""
        return {name.file: self._read_so_far(name.file) for name in self._found.names}

    def _read_so_far(self, file: str) -> JournalRead:
        standing = self._standings.get(file)
        if standing is None:
            inode, size = self._found.sizes[file]
            return JournalRead(inode, size, 0, self._first_crc(file))
        reading = standing.reading
        return JournalRead(standing.inode, reading.end, reading.last, reading.crc)

    def _first_crc(self, file: str) -> str:
        try:
            with (self._folder / file).open("rb") as stream:
                return stream.read(8).decode("ascii", "replace")
        except OSError:
            return ""


def _rows(documents: Mapping[EntryId, Document]) -> tuple[Iterator[Row], dict[EntryId, Gone]]:
    """The rows of records that lists may show, made one at a time, and the records of the others."""
    shown: list[tuple[EntryId, Document]] = []
    gone: dict[EntryId, Gone] = {}
    for entry_id, document in documents.items():
        fields = document.fields
        if not fields.get("added") or fields.get("purged") or fields.get("same"):
            gone[entry_id] = Gone(fold.dump(document), fields.get("same"))
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
