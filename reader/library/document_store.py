"""All documents in memory, as every device's journals say, and the one way to change them."""

import gc
import os
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from reader.library import device_identity, journal_files, lost_changes
from reader.library.device_identity import Device
from reader.library.file_lock import hold_lock
from reader.library.hlc import MAX_DRIFT_MS, Clock, Stamp
from reader.library.journal_codec import EncodedLine, encode_changes
from reader.library.journal_files import FileProgress
from reader.library.journal_reader import JournalReader
from reader.library.journal_writer import JournalWriter
from reader.library.lww_document import Document, is_newer, operations
from reader.library.partial_documents import Documents, DocumentSource
from reader.model.errors import LibraryDamagedError, LibraryError, WriteError
from reader.paths import Paths

TABLE_NAME_LENGTH: Final = 3
"""Letters of an id that name its table: at 100,000 a change passes three others by."""
_MIN_FROZEN_DOCUMENTS: Final = 10_000
"""Documents from which Python's collector is kept out of them: it would stop every thread."""

_OWN_CLOCKS: Final = 4_096
"""Lines of this device whose clocks are remembered: those of the largest step, and some more."""
_OWN_TAILS: Final = (1 << 16, 4 << 20)
"""Bytes at the end of a log in which a clock is searched: nearly all steps take the first."""
_RELOADS: Final = 3
"""Times that files may be exchanged while they are read."""


class OwnAppend(NamedTuple):
    """The last append of this process: the file, its former end with CRC-32, and the lines.

    `progress` is that of the file afterwards; later appends change it.
    """

    file: str
    start: int
    start_crc: int
    progress: FileProgress
    lines: list[dict[str, Any]]


class DocumentStore:
    """Documents by id. Reading takes no lock; a change holds the library's lock for one fsync.

    The journals are in `folder`. With a `source`, documents are loaded from it when they are asked
    for, and only what the journals say beyond it is read.
    Safe to use from several threads: every method takes the same lock of this process.
    """

    def __init__(
        self,
        places: Paths,
        clock: Callable[[], float] = time.time,
        source: DocumentSource | None = None,
    ):
        self.places = places
        self.folder = places.home / "journal"
        self._lock_file = places.home / ".lock"
        self._current_file = Path()
        self.documents = Documents(source, self._load_all)
        self.rejected: dict[str, Counter[str]] = {}
        """By file, why changes of it say nothing, with their numbers."""
        self._tables: dict[str, dict[str, Document]] | None = None
        self._table_loads = 0
        # Nothing is noted while the whole library is read: ⏱ a tenth of that.
        self._changed: dict[str, frozenset[str]] | None = {} if source is not None else None
        self._field_sets: dict[Collection[str], frozenset[str]] = {}
        self.lock = threading.RLock()
        self._now = clock
        self._clock = Clock()
        self._device = device_identity.load_device(places)
        self.reader = JournalReader(self.folder)
        self._has_read_own_logs = source is None
        if source is not None:
            self.reader = JournalReader(self.folder, source.progress, source.stamps, source.covered)
            self._clock.observe([Stamp(*source.clock, "")], clock())
        self._own_clocks: deque[tuple[int, int]] = deque(maxlen=_OWN_CLOCKS)
        self._inode = 0
        self._log: JournalWriter | None = None
        self.last_append: OwnAppend | None = None
        self._future_devices: set[str] = set()
        self._checked_log: tuple[tuple[str, int, int], ...] | None = None
        self._depth = 0
        self._reserved: tuple[int, int] | None = None

    @property
    def tables(self) -> dict[str, dict[str, Document]]:
        """The documents by table; put together when a change first asks for them."""
        if self._tables is None or self._table_loads != self.documents.loads:
            self._tables, self._table_loads = {}, self.documents.loads
            for entry_id, document in self.documents.held():
                self._tables.setdefault(entry_id[:TABLE_NAME_LENGTH], {})[entry_id] = document
        return self._tables

    @property
    def device(self) -> Device:
        """This device; without id as long as it wrote nothing."""
        return self._device

    def future_devices(self) -> Iterable[str]:
        """Devices whose clocks were more than a day ahead.

        Our own answers to such a clock carry it as well: this device is only named if it is alone.
        """
        return sorted(self._future_devices - {self._device.id} or self._future_devices)

    def has_damaged_log(self) -> bool:
        """Return whether a file that this device wrote has lines that cannot be read."""
        damaged = map(journal_files.parse_name, self.reader.damaged_files())
        return any(name is not None and name.device == self._device.id for name in damaged)

    def close(self) -> None:
        """Close the files."""
        if self._log is not None:
            self._log.close()

    # Reading.

    def refresh(self) -> set[str]:
        """Fold in new journal lines; return the ids that changed.

        Blocks on disk, linear in the new lines, or in the library if a line that was read counts
        no longer. Other threads get their turns meanwhile. Raises LibraryError.
        """
        changed: set[str] = set()
        with self.lock:
            for _ in range(_RELOADS):
                if not self.reader.poll():
                    break
                with _pause_collector(self.documents):
                    if self.reader.must_restart():
                        changed |= self._reload()
                    else:
                        changed |= self._read_new(self.documents)
                if not self.reader.is_broken:
                    break
        return changed

    def _reload(self) -> set[str]:
        """Read everything again: what was cut off a journal cannot be taken out of the documents.

        The documents stay as they were if a journal cannot be read.
        """
        documents: dict[str, Document] = {}
        self.reader.restart()
        self._own_clocks.clear()
        self._has_read_own_logs = True
        self.rejected.clear()
        self._read_new(documents)
        former = dict(self.documents.held())
        self.documents.replace(documents)
        self._tables, self._changed = None, None
        return {
            name
            for name in {*former, *documents}
            if name not in former
            or name not in documents
            or former[name].fields != documents[name].fields
        }

    def _load_all(self) -> None:
        """Read every document from the journals."""
        with self.lock, _pause_collector(self.documents):
            for _ in range(_RELOADS):
                self.reader.poll()
                self._reload()
                if not self.reader.is_broken:
                    break

    @property
    def clock(self) -> tuple[int, int] | None:
        """Return the newest clock adopted; None if some device's clock is in the future."""
        return None if self._future_devices else self._clock.latest

    @property
    def has_changes(self) -> bool:
        """Return whether documents changed since `take_changes`."""
        return self._changed is None or bool(self._changed)

    @property
    def has_tracked_changes(self) -> bool:
        """Return whether `take_changes` would name the documents that changed."""
        return self._changed is not None

    def take_changes(self) -> dict[str, frozenset[str]] | None:
        """Return the names of the fields changed since the last call, by id.

        None if everything was read again since, so that any document may differ.
        """
        with self.lock:
            changed, self._changed = self._changed, {}
            self._field_sets.clear()
            return changed

    def _read_new(self, documents: dict[str, Document]) -> set[str]:
        changed: set[str] = set()
        for name, lines in self.reader.read_new_lines():
            rejected: list[str] = []
            changed.update(self._apply(documents, lines, name.device, rejected))
            if rejected:
                self.rejected.setdefault(name.file, Counter()).update(rejected)
            if name.device == self._device.id and name.kind == "log":
                self._note_own_clocks(lines)
        return changed

    def _apply(
        self,
        documents: dict[str, Document],
        lines: Iterable[dict[str, Any]],
        device: str,
        rejected: list[str] | None = None,
    ) -> list[str]:
        """Fold lines of one device in; return the ids that are different now.

        `rejected` collects the faults of those that say nothing.
        """
        now, changed = self._now(), list[str]()
        changes = operations(lines, device, rejected)
        is_held = documents is self.documents
        if is_held:
            self.documents.prefetch([each[0] for each in changes])
            if self._changed is not None:
                self._note_changes(self._changed, changes)
        tables = self._tables if is_held else None
        # Not by the class's own `get`, which would ask the source for each.
        held = partial(dict.get, documents)
        stamps: list[Stamp] = []
        for _, _, stamp in changes:
            # The changes of one line share its clock.
            if not stamps or stamp is not stamps[-1]:
                stamps.append(stamp)
        if not self._clock.observe(stamps, now):
            self._future_devices.add(device)
        for entry_id, fields, stamp in changes:
            document = held(entry_id)
            if document is None:
                document = documents[entry_id] = Document(fields, stamp)
                if tables is not None:
                    tables.setdefault(entry_id[:TABLE_NAME_LENGTH], {})[entry_id] = document
                if fields:
                    changed.append(entry_id)
            elif document.apply(fields, stamp):
                changed.append(entry_id)
        return changed

    def _note_changes(
        self, noted: dict[str, frozenset[str]], changes: Iterable[tuple[str, dict[str, Any], Stamp]]
    ) -> None:
        """Add the names of the changed fields to those noted by id.

        ⏱ One set for all records with the same fields: 700 bytes less for each.
        """
        sets = self._field_sets
        for entry_id, fields, _ in changes:
            key = tuple(fields)
            names = sets.get(key)
            if names is None:
                names = sets[key] = frozenset(key)
            former = noted.get(entry_id)
            if former is not None and former != names:
                names = former | names
                names = sets.setdefault(names, names)
            noted[entry_id] = names

    def _note_own_clocks(self, lines: Iterable[dict[str, Any]]) -> None:
        self._own_clocks.extend(
            (clock[0], clock[1])
            for clock in (line.get("c") for line in lines)
            if isinstance(clock, list) and len(clock) == 2
        )

    def has_written(self, clock: tuple[int, int], fields: Mapping[str, Mapping[str, Any]]) -> bool:
        """Return whether this device wrote a change with this clock, or these fields bear it.

        Certain for the change that this device wrote last.
        """
        if clock in self._own_clocks:
            return True
        if not self._has_read_own_logs and self._is_in_own_logs(clock):
            return True
        self.documents.prefetch(fields)
        for name, values in fields.items():
            document = self.documents.get(name)
            stamps = (document.stamp(key) for key in values) if document else ()
            if any(stamp is not None and stamp[:2] == clock for stamp in stamps):
                return True
        return False

    def _is_in_own_logs(self, clock: tuple[int, int]) -> bool:
        """Return whether one of the two newest logs of this device ends with a line of this clock.

        The bytes are searched: ⏱ reading the clocks of all lines would hold every thread for 190 ms.
        """
        names = [
            name.file
            for name in self.reader.listing.names
            if name.device == self._device.id and name.kind == "log" and not name.conflict
        ]
        # Quotes inside of values are escaped, so only the beginning of a line has these bytes.
        start = b' {"c":[%d,%d],' % clock
        for file in reversed(names[-2:]):
            with suppress(OSError), (self.folder / file).open("rb") as stream:
                size = os.fstat(stream.fileno()).st_size
                for length in _OWN_TAILS:
                    stream.seek(max(0, size - length))
                    if start in stream.read():
                        return True
        return False

    # Changing.

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the library's lock, with all that others wrote folded in; may be nested.

        Raises LibraryBusyError, WriteError, NewerFormatError, LibraryError. Makes the library's folders where
        they are missing.
        """
        with self.lock:
            if self._depth:
                yield
                return
            inode = 0
            with suppress(OSError):
                inode = self.places.home.stat().st_ino
            if self._log is None or inode != self._inode:
                self._claim_home()
            with hold_lock(self._lock_file):
                self._depth += 1
                try:
                    try:
                        self.refresh()
                    except LibraryError as error:
                        raise WriteError(f"not saved: {error}") from None
                    journal_files.check_format(list(self.reader.progress.values()))
                    self._check_own_log()
                    yield
                finally:
                    self._depth -= 1
                    self._reserved = None

    def _claim_home(self) -> None:
        """Create the library's folders and claim the device id."""
        device_identity.create_library_folders(self.places)
        self._device = device_identity.claim_device(self.places)
        self._inode = self.places.home.stat().st_ino
        self._log = JournalWriter(self._device.id, self._device.state / "backups")

    def _check_own_log(self) -> None:
        """Continue under a new id if this device's log is not as it left it.

        An older version that a synchroniser put in its place, or the log of a machine with a copy
        of this state, as disk images have: two writers under one name would overwrite each other.
        What the journals have lost is written again from the copies in the state folder.
        """
        state = self._own_log_state()
        if self._log is None or state == self._checked_log:
            return
        path, number = self._current_log()
        progress = self.reader.progress.get(path.name)
        changes = progress.changes if progress else 0
        is_ours = self._log.has_written(path, number, changes, self._own_snapshot())
        if not is_ours or self._lacks(self._log.last_lines()):
            self._renew_device()
        self._checked_log = self._own_log_state()

    def renew_device(self) -> None:
        """Continue under a new id: another machine writes under the present one.

        The former logs are from now on those of another device. Raises LibraryError.
        """
        with self.writing():
            self._renew_device()
            self._checked_log = self._own_log_state()

    def _renew_device(self) -> None:
        self._device = device_identity.claim_device(self.places, renew=True)
        if self._log is not None:
            self._log.close()
        self._log = JournalWriter(self._device.id, self._device.state / "backups")
        self._own_clocks.clear()
        # A backup that cannot be read has nothing to give; `doctor` names it.
        with suppress(LibraryDamagedError):
            lost_changes.restore(self.folder, self._device.state, self.documents, self._now())
        self.refresh()

    def _lacks(self, lines: Iterable[dict[str, Any]]) -> bool:
        """Return whether the documents do not have what lines of this device say."""
        changes = operations(lines, self._device.id)
        self.documents.prefetch(entry_id for entry_id, _, _ in changes)
        for entry_id, fields, stamp in changes:
            document = self.documents.get(entry_id, Document())
            if any(is_newer(document, name, stamp) for name in fields):
                return True
        return False

    def _own_log_state(self) -> tuple[tuple[str, int, int], ...]:
        """Return the length and checksum of each file of this device, as they were read."""
        return tuple(
            [
                (file, each.scan.end, each.scan.crc)
                for file, each in self.reader.progress.items()
                if file.startswith(self._device.id)
            ]
        )

    def _own_snapshot(self) -> int:
        """Return the number of this device's newest complete snapshot; 0 without one."""
        numbers = [0]
        for name in self.reader.listing.names:
            if name.device == self._device.id and name.kind == "snap" and not name.conflict:
                progress = self.reader.progress.get(name.file)
                if progress is not None and progress.is_complete:
                    numbers.append(name.number)
        return max(numbers)

    def reserve(self) -> tuple[int, int]:
        """Return the clock of the next commit under this lock: milliseconds and counter."""
        self._reserved = self._reserved or self._clock.next(self._now())
        return self._reserved

    def commit(
        self, changes: Mapping[str, Mapping[str, Any]], *, clock: tuple[int, int] | None = None
    ) -> None:
        """Write the fields of these records as one step and fold them in; durable on return.

        `clock` stands in for this device's own where any other word about the records should win.
        Raises LibraryBusyError, WriteError, NewerFormatError, LibraryError: then nothing has changed.
        """
        with self.writing():
            future_stamp = self._future_stamp if self._future_devices else None
            lines = encode_changes(changes, self._clock_source(clock), future_stamp)
            self._append(*self._current_log(), list(lines))

    def commit_differences(
        self, changes: Mapping[str, Mapping[str, Any]], *, clock: tuple[int, int] | None = None
    ) -> None:
        """Write those of the fields that differ, as TinyDB's tables do; see `commit`."""
        with self.writing():
            different: dict[str, dict[str, Any]] = {}
            for entry_id, fields in changes.items():
                document = self.documents.get(entry_id)
                if document is None:
                    different[entry_id] = dict(fields)
                    continue
                before = document.fields
                changed = {
                    key: value
                    for key, value in fields.items()
                    if key not in before or before[key] != value
                }
                if changed:
                    different[entry_id] = changed
            if different:
                self.commit(different, clock=clock)

    def start_log(self) -> int:
        """Begin this device's next log, and return its number. One fsync under the lock."""
        with self.writing():
            path, number = self._current_log()
            if number >= journal_files.MAX_NUMBER:
                raise WriteError("not compacted: the journal has no number left")
            self._append(path.with_name(f"{self._device.id}-{number + 1}.log"), number + 1, [])
            return number + 1

    def _append(self, path: Path, number: int, lines: list[EncodedLine]) -> None:
        progress = self.reader.progress.get(path.name)
        good_end = progress.scan.end if progress else 0
        log = self._log
        if log is None:
            raise WriteError("not saved: the library is not open for writing")
        header = b"" if good_end else log.header(number)
        content = header + b"".join(line.content for line in lines)
        start_crc = progress.scan.crc if progress else 0
        known = progress.stamp if progress and progress.is_settled else None
        appended = log.append(path, good_end, content, known)
        # Folded in without asking the disk, which might fail now.
        self.reader.note_own_write(path.name, appended, good_end, content, len(lines))
        values = [line.value for line in lines]
        self._apply(self.documents, values, self._device.id)
        self._note_own_clocks(values)
        self._checked_log = self._own_log_state()
        self.last_append = OwnAppend(
            path.name, good_end, start_crc, self.reader.progress[path.name], values
        )

    def _current_log(self) -> tuple[Path, int]:
        """Return the log to append to, and its number."""
        numbers = [
            name.number
            for name in self.reader.listing.names
            if name.device == self._device.id and not name.conflict
        ]
        number = max(numbers, default=1)
        file = f"{self._device.id}-{number}.log"
        if self._current_file.name != file:
            self._current_file = self.folder / file
        return self._current_file, number

    def _clock_source(self, clock: tuple[int, int] | None) -> Callable[[], tuple[int, int]]:
        def next_clock() -> tuple[int, int]:
            if clock is not None:
                return clock
            reserved, self._reserved = self._reserved, None
            return reserved or self._clock.next(self._now())

        return next_clock

    def _future_stamp(self, entry_id: str, name: str) -> Stamp | None:
        """Return the clock of a field that a device of the future wrote; None for any other."""
        if entry_id not in self.documents:
            return None
        stamp = self.documents[entry_id].stamp(name)
        return stamp if stamp is not None and stamp.ms > self._now() * 1000 + MAX_DRIFT_MS else None


@contextmanager
def _pause_collector(documents: dict[str, Document]) -> Iterator[None]:
    """Pause the cyclic collector while documents are made, and exempt many of them from it.

    One full collection over 100,000 documents stops every thread for 600 ms. They hold no cycles
    and live as long as the process.
    """
    was_on, before = gc.isenabled(), dict.__len__(documents)
    gc.disable()
    try:
        yield
    finally:
        if dict.__len__(documents) - before >= _MIN_FROZEN_DOCUMENTS:
            gc.freeze()
        if was_on:
            gc.enable()
