"""Journal lines carried from the library to the cache: what is new, or everything anew."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from reader.library import device_identity, lww_document
from reader.library.field_validation import sound
from reader.library.hlc import Stamp
from reader.library.journal_codec import Reading
from reader.library.journal_files import Standing
from reader.library.journal_reader import Following
from reader.library.lww_document import Document
from reader.library.record_mapper import entry_of, record_of
from reader.model.entry import EntryId
from reader.model.errors import ReaderError
from reader.paths import Places
from reader.search.store.cache import Cache
from reader.search.store.cache_state import JournalRead
from reader.search.store.rows import Gone, Row

_TRIES: Final = 3
_TOLD: Final = 1_000
"""Every how many records progress is told."""

Operation = tuple[str, dict[str, Any], Stamp]
Progress = Callable[[int, int], None]


def catch_up(
    places: Places, cache: Cache, *, progress: Progress | None = None
) -> frozenset[EntryId]:
    """Bring the cache to what the journals say; the ids whose rows are different now.

    A cache that stands where a journal no longer has that line is filled anew, and `progress` is
    told how many records of how many are in, from 0 of 1 on until 1 of 1. Blocks on disk: nothing
    but a few `stat` calls where there is nothing new, linear in what is new otherwise, linear in the
    library where everything is read.
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
        self._cache = cache
        self._progress = progress
        self._known = cache.journals()
        self._following = Following(
            places.home / "journal",
            {file: _standing(file, read) for file, read in self._known.items()},
            own=device_identity.known(places).id,
        )
        self._is_behind = self._following.look()

    def carry(self) -> frozenset[EntryId] | None:
        """The changed ids; None where another process was faster."""
        if not self._is_behind:
            return frozenset()
        if self._known and not self._following.is_cut():
            return self._carry_tail()
        return self._carry_whole()

    def carry_on(self) -> None:
        """Carry the lines beyond, and nothing where that is not enough."""
        if self._known and self._is_behind and not self._following.is_cut():
            self._carry_tail()

    def _carry_tail(self) -> frozenset[EntryId] | None:
        """Fold what lies beyond into the documents that the cache keeps; folding twice is harmless."""
        operations = list(self._operations())
        ids = list(dict.fromkeys(EntryId(entry_id) for entry_id, _, _ in operations))
        documents = {
            name: lww_document.load(text) for name, text in self._cache.documents(ids).items()
        }
        for entry_id, fields, stamp in operations:
            documents.setdefault(EntryId(entry_id), Document()).apply(fields, stamp)
        rows, gone = _rows(documents)
        reads = self._reads()
        if not operations and reads == self._known:
            # A torn end that stays is no reason to write.
            return frozenset()
        return self._cache.apply(rows, gone, reads, known=self._known)

    def _carry_whole(self) -> frozenset[EntryId] | None:
        documents: dict[EntryId, Document] = {}
        self._tell(0, 1)
        try:
            self._following.forget()
            for entry_id, fields, stamp in self._operations():
                documents.setdefault(EntryId(entry_id), Document()).apply(fields, stamp)
            rows, gone = _rows(documents)
            told = self._told(rows, len(documents) - len(gone))
            return self._cache.apply(told, gone, self._reads(), whole=True, known=self._known)
        finally:
            self._tell(1, 1)

    def _told(self, rows: Iterator[Row], total: int) -> Iterator[Row]:
        for number, row in enumerate(rows, 1):
            if number % _TOLD == 0 and number < total:
                self._tell(number, total)
            yield row

    def _tell(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress(done, total)

    def _operations(self) -> Iterator[Operation]:
        for name, lines in self._following.lines():
            yield from lww_document.operations(lines, name.device)

    def _reads(self) -> dict[str, JournalRead]:
        """Where every file stands now; one that says nothing new counts as read to its end."""
        return {name.file: self._read_so_far(name.file) for name in self._following.survey.names}

    def _read_so_far(self, file: str) -> JournalRead:
        standing = self._following.standings.get(file)
        if standing is None:
            inode, size = self._following.survey.sizes[file]
            return JournalRead(inode, size, 0, self._first_crc(file))
        reading = standing.reading
        bad = standing.bad + len(reading.rotten) + standing.is_short
        return JournalRead(standing.inode, reading.end, reading.last, reading.crc, bad)

    def _first_crc(self, file: str) -> str:
        try:
            with (self._following.folder / file).open("rb") as stream:
                return stream.read(8).decode("latin-1")
        except OSError:
            return ""


def _standing(file: str, read: JournalRead) -> Standing:
    reading = Reading(read.bytes, read.last, read.crc)
    whole = file.endswith(".snap") and not read.bad
    return Standing(read.inode, reading, whole=whole, bad=read.bad)


def _rows(documents: Mapping[EntryId, Document]) -> tuple[Iterator[Row], dict[EntryId, Gone]]:
    """The rows of records that lists may show, made one at a time, and the records of the others."""
    shown: list[tuple[EntryId, Document]] = []
    gone: dict[EntryId, Gone] = {}
    for entry_id, document in documents.items():
        fields = sound(document)
        if not fields.get("added") or fields.get("purged") or fields.get("same"):
            gone[entry_id] = Gone(lww_document.dump(document), fields.get("same"))
        else:
            shown.append((entry_id, document))
    return (_row(entry_id, document) for entry_id, document in shown), gone


def _row(entry_id: EntryId, document: Document) -> Row:
    entry = entry_of(entry_id, document)
    note = sound(document).get("note") or ""
    quotes: tuple[str, ...] = ()
    if entry.highlights:
        marks = record_of(entry_id, document).highlights
        quotes = tuple(f"{mark.quote}\n{mark.note}".strip() for mark in marks)
    return Row(entry, lww_document.dump(document), note, quotes)
