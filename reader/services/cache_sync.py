"""Apply new journal lines to the cache, or rebuild it."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from reader.library import Library, journal_files, lww_document
from reader.library.document_store import DocumentStore
from reader.library.field_validation import valid_fields
from reader.library.hlc import Clock, Stamp
from reader.library.journal_codec import FORMAT, ScanResult
from reader.library.journal_files import FileProgress, FileStamp
from reader.library.journal_reader import CoveredFile, JournalReader
from reader.library.lww_document import Document
from reader.model.entry import EntryId
from reader.model.errors import ReaderError
from reader.paths import Paths
from reader.search.store.cache import Cache, FilledFrom
from reader.search.store.cache_state import JournalCursor
from reader.search.store.row_writer import FLAG_FIELDS, TAG_FIELDS
from reader.search.store.rows import Rows
from reader.services.cache_rows import MIN_BULK, flag_fields, flag_rows, is_listed, split_rows
from reader.services.outcome import Outcome
from reader.services.streamed_rows import Operation, StreamedRows

if TYPE_CHECKING:
    from reader.library.compaction import WrittenSnapshot

_MAX_ATTEMPTS: Final = 3
"""Times that the journals are read again because they changed meanwhile."""
_SHARED: Final = (
    "is_settled", "has_header", "has_trailer", "is_complete", "is_short", "changes", "format",
    "damage",
)  # fmt: skip
"""Fields that a cursor and the progress of a file share."""

Progress = Callable[[int, int], object]


def catch_up(
    places: Paths, cache: Cache, *, progress: Progress | None = None, now: float | None = None
) -> frozenset[EntryId]:
    """Bring the cache up to the journals; return the ids whose rows changed.

    If a line that the cache has read no longer counts, everything is read again, and `progress`
    gets the number of records written and their total, as far as it is known, from (0, 1) to (1, 1). Blocks on disk: one
    `stat` a file if nothing is new, else linear in the new lines; a rebuild is linear in the
    library. `now` is the time in seconds since 1970, by default the system's.
    """
    changed: frozenset[EntryId] = frozenset()
    for _ in range(_MAX_ATTEMPTS):
        sync = _CacheSync(places, cache, progress, now)
        result = sync.run()
        if result is not None:
            changed |= result
            if not sync.is_broken:
                break
    cache.mark_filled()
    return changed


def catch_up_if_cheap(places: Paths, cache: Cache, *, now: float | None = None) -> None:
    """Apply the lines that this process has just written, if the cache lacks no others.

    A cache that needs a rebuild, or cannot be written now, is left to the next reader: the change
    itself is durable. Linear in the new lines.
    """
    with suppress(ReaderError):
        _CacheSync(places, cache, None, now).apply_tail_only()


def adopt_snapshot(places: Paths, cache: Cache, snapshot: "WrittenSnapshot") -> bool:
    """Let a snapshot that this process has had made stand for the files that the cache has read.

    Returns False, and changes nothing, unless the cache has read exactly what the snapshot was
    made from: then its documents are those of the snapshot, which compaction has compared. Blocks:
    reads the snapshot once for its checksum. Raises LibraryError.
    """
    name = journal_files.parse_name(snapshot.file)
    path = places.home / "journal" / snapshot.file
    try:
        stamp = FileStamp.of(path.lstat())
    except OSError:
        return False
    content = journal_files.checksum(path, stamp.size)
    trailer = journal_files.read_trailer(path)
    files = trailer.get("of") if trailer else None
    if name is None or content is None or not isinstance(files, dict):
        return False
    if (content.end, content.crc) != (snapshot.end, snapshot.crc):
        return False
    state, known = cache.state()
    cursors = dict(known)
    for file, at in known.items():
        each = journal_files.parse_name(file)
        if each is None or each.device != name.device or each.conflict:
            continue
        if each.number < name.number:
            if at.is_damaged or files.pop(file, None) != [at.end, at.crc]:
                return False
            del cursors[file]
        elif each.kind == "snap":
            return False
    if files:
        return False
    cursors[snapshot.file] = JournalCursor(
        stamp,
        is_read=True,
        is_settled=stamp.is_settled(),
        end=snapshot.end,
        crc=snapshot.crc,
        changes=snapshot.changes,
        has_header=True,
        has_trailer=True,
        is_complete=True,
        format=FORMAT,
    )
    return cache.apply([], {}, cursors, known=known, clock=state.clock) is not None


def push(cache: Cache, store: DocumentStore, known: Mapping[str, JournalCursor]) -> bool:
    """Give the cache the documents that the store changed, without reading the journal.

    `known` are the cursors at which the cache stood when the changes began. Returns whether the
    cache stood there still and took them.
    """
    with store.lock:
        changed = store.take_changes()
        cursors = cursors_of(store.reader)
        if changed is None:
            return False
        documents = store.documents.of(changed)
        clock = store.clock
    flagged: dict[frozenset[str], dict[EntryId, Document]] = {}
    others: dict[EntryId, Document] = {}
    # ⏱ Not `EntryId(...)` for each record, which is a call.
    for name, document in cast("dict[EntryId, Document]", documents).items():
        fields = flag_fields(changed[name])
        if fields and is_listed(document.valid or valid_fields(name, document)):
            flagged.setdefault(fields, {})[name] = document
        else:
            others[name] = document
    rows, gone = split_rows(others)
    result = cache.apply(
        chain.from_iterable(rows),
        gone,
        cursors,
        known=known,
        clock=clock,
        flagged={
            fields: flag_rows(some, with_tags=TAG_FIELDS in fields)
            for fields, some in flagged.items()
        },
        are_many=len(others) >= MIN_BULK,
    )
    return result is not None


def reader_at(places: Paths, cursors: Mapping[str, JournalCursor]) -> JournalReader:
    """Return a reader that has read the journals up to these cursors."""
    return JournalReader(
        places.home / "journal",
        {file: progress_of(at) for file, at in cursors.items() if at.is_read},
        {file: FileStamp(*at.stamp) for file, at in cursors.items()},
        {file: covered_of(at) for file, at in cursors.items() if not at.is_read},
    )


def cursors_of(reader: JournalReader) -> dict[str, JournalCursor]:
    """Return the position in every file; unread ones have a stamp and a checksum."""
    cursors = {file: JournalCursor(stamp) for file, stamp in reader.listing.stamps.items()}
    for file, each in reader.covered.items():
        cursors[file] = JournalCursor(
            each.stamp, is_settled=each.is_settled, end=each.end, crc=each.crc
        )
    return cursors | {file: _cursor_of(each) for file, each in reader.progress.items()}


def have_same_changes(one: Mapping[str, JournalCursor], other: Mapping[str, JournalCursor]) -> bool:
    """Return whether both have read the same of each file, besides files without changes."""

    def places(cursors: Mapping[str, JournalCursor]) -> dict[str, tuple[bool, int, int]]:
        return {
            file: (at.is_read, at.end, at.crc)
            for file, at in cursors.items()
            if at.changes or not at.is_read
        }

    return places(one) == places(other)


def write_through(
    library: Library, cache: Cache, ids: Sequence[EntryId], change: Callable[[], Outcome]
) -> tuple[Outcome, Mapping[str, JournalCursor] | None]:
    """Make a change and hand its documents to the cache, without reading the journal back.

    Returns the outcome, with each entry before and after, and the cursor of the file that was
    written, by its name; it counts as settled, since no line is read back. None if the cache lacks
    the change: then catch up, since others wrote as well, or more than flags changed.
    """
    library.prefetch(ids)
    before = {each: library.get(each).entry for each in dict.fromkeys(ids)}
    library.take_last_append()
    outcome = change()
    append = library.take_last_append()
    after = {each: library.get(each).entry for each in before}
    changes = [(before[each], after[each]) for each in before if before[each] != after[each]]
    outcome = outcome._replace(changes=changes)
    if append is None:
        return outcome, None if outcome.changed else {}
    operations = list(lww_document.operations(append.lines, ""))
    fields = {name for _, changed, _ in operations for name in changed}
    if not fields or not fields <= FLAG_FIELDS or library.future_devices():
        return outcome, None
    names = dict.fromkeys(EntryId(each) for each, _, _ in operations)
    rows = list(flag_rows({each: library.document(each) for each in names}))
    start = append.start, append.start_crc
    newest = max(stamp for _, _, stamp in operations)
    cursor = _cursor_of(append.progress)
    clock = newest.ms, newest.counter
    if not cache.apply_own_flags(rows, fields, append.file, start, cursor, clock):
        return outcome, None
    return outcome, {append.file: cursor._replace(is_settled=True)}


class _Streamed(NamedTuple):
    """The changed ids after filling an empty cache; None if nothing was written."""

    changed: frozenset[EntryId] | None
    is_incomplete: bool


class _CacheSync:
    """One attempt: from one listing of the journals to one transaction of the cache."""

    def __init__(
        self, places: Paths, cache: Cache, progress: Progress | None, now: float | None = None
    ):
        self._cache = cache
        self._progress = progress
        self._now = time.time() if now is None else now
        self._state, self._known = cache.state()
        self._clock = Clock()
        self._is_clock_known = self._state.clock is not None
        if self._state.clock is not None:
            # The clock of this device may have been set back: the newest known line stays newest.
            self._now = max(self._now, self._state.clock[0] / 1000)
            self._clock.observe([Stamp(*self._state.clock, "")], self._now)
        self._reader = reader_at(places, self._known)
        self._is_behind = self._reader.poll()

    @property
    def is_broken(self) -> bool:
        """Return whether a file was exchanged while it was read."""
        return self._reader.is_broken

    def run(self) -> frozenset[EntryId] | None:
        """Return the changed ids; None if another process was faster."""
        if self._has_only_new():
            return self._carry_new()
        return self._carry_all() if self._is_behind else frozenset()

    def apply_tail_only(self) -> None:
        """Apply the new lines, and nothing if that would need a rebuild."""
        if self._has_only_new():
            self._carry_new()

    def _has_only_new(self) -> bool:
        """Return whether all that the cache has read still counts."""
        return bool(self._known) and not (self._is_behind and self._reader.must_restart())

    def _carry_new(self) -> frozenset[EntryId] | None:
        """Fold the new lines into the cached documents; folding a line twice is harmless."""
        operations = list(chain.from_iterable(self._operations()))
        cursors = cursors_of(self._reader)
        if not operations and cursors == self._known:
            return frozenset()
        ids = list(dict.fromkeys(EntryId(entry_id) for entry_id, _, _ in operations))
        known = self._cache.documents(ids)
        load = lww_document.load_all if len(known) >= MIN_BULK else partial(map, lww_document.load)
        documents = dict(zip(known, load(known.values()), strict=True))
        for entry_id, fields, stamp in operations:
            documents.setdefault(EntryId(entry_id), Document()).apply(fields, stamp)
        rows, gone = split_rows(documents)
        return self._cache.apply(
            chain.from_iterable(rows), gone, cursors, known=self._known, clock=self._newest_clock()
        )

    def _carry_all(self) -> frozenset[EntryId] | None:
        self._report(0, 1)
        # ⏱ The documents hold no cycles; looking for some among them takes a third of the time.
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            if self._cache.is_empty():
                streamed = self._stream_all()
                if not streamed.is_incomplete:
                    return streamed.changed
            return self._replace_all()
        finally:
            if was_enabled:
                gc.enable()
            self._report(1, 1)

    def _stream_all(self) -> "_Streamed":
        """Fill an empty cache while the journals are read: ⏱ half of the time and memory.

        A record with one change, as imports write it, is written and forgotten.
        """
        self._reader.restart()
        repeated, total = self._reader.repeated_ids()
        streams: list[StreamedRows] = []

        def rows() -> Iterator[Rows]:
            self._reader.restart()
            self._clock, self._is_clock_known = Clock(), True
            streams.append(StreamedRows(repeated))
            return self._reported(streams[-1].rows(self._operations()), total)

        def finish() -> FilledFrom | None:
            if streams[-1].is_incomplete:
                return None
            return FilledFrom(streams[-1].hidden, cursors_of(self._reader), self._newest_clock())

        changed = self._cache.fill(rows, finish, known=self._known)
        return _Streamed(changed, bool(streams) and streams[-1].is_incomplete)

    def _replace_all(self) -> frozenset[EntryId] | None:
        """Read all documents, and let their rows replace those of the cache."""
        documents: dict[EntryId, Document] = {}
        self._reader.restart()
        self._clock, self._is_clock_known = Clock(), True
        # ⏱ Not `EntryId(...)` for each record, which is a call.
        held = cast("dict[str, Document]", documents)
        for operations in self._operations():
            for entry_id, fields, stamp in operations:
                document = held.get(entry_id)
                if document is None:
                    held[entry_id] = Document(fields, stamp)
                else:
                    document.apply(fields, stamp)
            # Reading the journals is a third of the work, and their length says little.
            self._report(0, len(documents) or 1)
        rows, gone = split_rows(documents)
        return self._cache.apply(
            chain.from_iterable(self._reported(rows, len(documents) - len(gone))),
            gone,
            cursors_of(self._reader),
            whole=True,
            known=self._known,
            clock=self._newest_clock(),
        )

    def _reported(self, parts: Iterator[Rows], total: int) -> Iterator[Rows]:
        done = 0
        for part in parts:
            done += len(part)
            if done < total:
                self._report(done, total)
            yield part

    def _report(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress(done, total)

    def _operations(self) -> Iterator[list[Operation]]:
        for name, lines in self._reader.read_new_lines():
            operations = lww_document.operations(lines, name.device)
            # ⏱ The records of one line have one clock.
            stamps = list({id(stamp): stamp for _, _, stamp in operations}.values())
            self._is_clock_known &= self._clock.observe(stamps, self._now)
            yield operations

    def _newest_clock(self) -> tuple[int, int] | None:
        """Return the newest clock; None if it is unknown or in the future."""
        return self._clock.latest if self._is_clock_known else None


def _cursor_of(progress: FileProgress) -> JournalCursor:
    return JournalCursor(
        progress.stamp,
        is_read=True,
        end=progress.scan.end,
        crc=progress.scan.crc,
        **{name: getattr(progress, name) for name in _SHARED},
    )


def covered_of(cursor: JournalCursor) -> CoveredFile:
    return CoveredFile(FileStamp(*cursor.stamp), cursor.is_settled, cursor.end, cursor.crc)


def progress_of(cursor: JournalCursor) -> FileProgress:
    return FileProgress(
        FileStamp(*cursor.stamp),
        ScanResult(cursor.end, cursor.crc),
        damaged_before=cursor.damage,
        **{name: getattr(cursor, name) for name in _SHARED if name != "damage"},
    )
