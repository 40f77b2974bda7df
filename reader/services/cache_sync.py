"""Apply new journal lines to the cache, or rebuild it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from reader.library import device_identity, lww_document
from reader.library.field_validation import valid_fields
from reader.library.hlc import Stamp
from reader.library.journal_codec import ScanResult
from reader.library.journal_files import FileProgress
from reader.library.journal_reader import JournalReader
from reader.library.lww_document import Document
from reader.library.record_mapper import entry_of, record_of
from reader.model.entry import EntryId
from reader.model.errors import ReaderError
from reader.paths import Paths
from reader.search.store.cache import Cache
from reader.search.store.cache_state import JournalCursor
from reader.search.store.rows import CacheRow, HiddenRecord

_MAX_TRIES: Final = 3
_PROGRESS_INTERVAL: Final = 1_000
"""Records between two reports of progress."""

Operation = tuple[str, dict[str, Any], Stamp]
Progress = Callable[[int, int], None]


def catch_up(
    places: Paths, cache: Cache, *, progress: Progress | None = None
) -> frozenset[EntryId]:
    """Bring the cache up to the journals; return the ids whose rows changed.

    A cache whose last line a journal no longer holds is rebuilt; `progress` gets the number of
    records written and their total, from (0, 1) to (1, 1). Blocks on disk: a few `stat` calls if
    nothing is new, else linear in the new lines; a rebuild is linear in the library.
    """
    for _ in range(_MAX_TRIES):
        changed = _CacheSync(places, cache, progress).run()
        if changed is not None:
            return changed
    return frozenset()


def catch_up_if_cheap(places: Paths, cache: Cache) -> None:
    """Apply the lines that this process has just written, if the cache lacks no others.

    A cache that needs a rebuild, or cannot be written now, is left to the next reader: the change
    itself is durable. Linear in the new lines.
    """
    with suppress(ReaderError):
        _CacheSync(places, cache, None).apply_tail_only()


class _CacheSync:
    """One attempt: from one listing of the journals to one transaction of the cache."""

    def __init__(self, places: Paths, cache: Cache, progress: Progress | None):
        self._cache = cache
        self._progress = progress
        self._known_cursors = cache.journal_cursors()
        self._reader = JournalReader(
            places.home / "journal",
            {file: _file_progress(file, read) for file, read in self._known_cursors.items()},
            own=device_identity.load_device(places).id,
        )
        self._is_behind = self._reader.poll()

    def run(self) -> frozenset[EntryId] | None:
        """Return the changed ids, or None if another process was faster."""
        if not self._is_behind:
            return frozenset()
        if self._known_cursors and not self._reader.must_restart():
            return self._apply_tail()
        return self._rebuild()

    def apply_tail_only(self) -> None:
        """Apply the new lines, and nothing if that would need a rebuild."""
        if self._known_cursors and self._is_behind and not self._reader.must_restart():
            self._apply_tail()

    def _apply_tail(self) -> frozenset[EntryId] | None:
        """Fold the new lines into the cached documents; folding a line twice is harmless."""
        operations = list(self._operations())
        ids = list(dict.fromkeys(EntryId(entry_id) for entry_id, _, _ in operations))
        documents = {
            name: lww_document.load(text) for name, text in self._cache.documents(ids).items()
        }
        for entry_id, fields, stamp in operations:
            documents.setdefault(EntryId(entry_id), Document()).apply(fields, stamp)
        rows, gone = _split_rows(documents)
        reads = self._cursors()
        if not operations and reads == self._known_cursors:
            # An incomplete last line is still incomplete: nothing to write.
            return frozenset()
        return self._cache.apply(rows, gone, reads, known=self._known_cursors)

    def _rebuild(self) -> frozenset[EntryId] | None:
        documents: dict[EntryId, Document] = {}
        self._report(0, 1)
        try:
            self._reader.restart()
            for entry_id, fields, stamp in self._operations():
                documents.setdefault(EntryId(entry_id), Document()).apply(fields, stamp)
            rows, gone = _split_rows(documents)
            told = self._with_progress(rows, len(documents) - len(gone))
            return self._cache.apply(
                told, gone, self._cursors(), whole=True, known=self._known_cursors
            )
        finally:
            self._report(1, 1)

    def _with_progress(self, rows: Iterator[CacheRow], total: int) -> Iterator[CacheRow]:
        for number, row in enumerate(rows, 1):
            if number % _PROGRESS_INTERVAL == 0 and number < total:
                self._report(number, total)
            yield row

    def _report(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress(done, total)

    def _operations(self) -> Iterator[Operation]:
        for name, lines in self._reader.read_new_lines():
            yield from lww_document.operations(lines, name.device)

    def _cursors(self) -> dict[str, JournalCursor]:
        """Return the position in every file; one without news counts as read to its end."""
        return {name.file: self._cursor(name.file) for name in self._reader.listing.names}

    def _cursor(self, file: str) -> JournalCursor:
        standing = self._reader.progress.get(file)
        if standing is None:
            inode, size = self._reader.listing.sizes[file]
            return JournalCursor(inode, size, 0, self._first_checksum(file))
        reading = standing.scan
        bad = standing.damaged_before + len(reading.damaged) + standing.is_short
        return JournalCursor(standing.inode, reading.end, reading.last, reading.crc, bad)

    def _first_checksum(self, file: str) -> str:
        try:
            with (self._reader.folder / file).open("rb") as stream:
                return stream.read(8).decode("latin-1")
        except OSError:
            return ""


def _file_progress(file: str, read: JournalCursor) -> FileProgress:
    reading = ScanResult(read.bytes, read.last, read.crc)
    whole = file.endswith(".snap") and not read.bad
    return FileProgress(read.inode, reading, is_complete=whole, damaged_before=read.bad)


def _split_rows(
    documents: Mapping[EntryId, Document],
) -> tuple[Iterator[CacheRow], dict[EntryId, HiddenRecord]]:
    """Split documents into rows to list, made one at a time, and hidden records."""
    shown: list[tuple[EntryId, Document]] = []
    gone: dict[EntryId, HiddenRecord] = {}
    for entry_id, document in documents.items():
        fields = valid_fields(document)
        if not fields.get("added") or fields.get("purged") or fields.get("same"):
            gone[entry_id] = HiddenRecord(lww_document.dump(document), fields.get("same"))
        else:
            shown.append((entry_id, document))
    return (_row(entry_id, document) for entry_id, document in shown), gone


def _row(entry_id: EntryId, document: Document) -> CacheRow:
    entry = entry_of(entry_id, document)
    note = valid_fields(document).get("note") or ""
    quotes: tuple[str, ...] = ()
    if entry.highlights:
        marks = record_of(entry_id, document).highlights
        quotes = tuple(f"{mark.quote}\n{mark.note}".strip() for mark in marks)
    return CacheRow(entry, lww_document.dump(document), note, quotes)
