"""All documents in memory, as every device's journals say, and the one way to change them."""

import gc
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from reader.library import device_identity, journal_files
from reader.library.device_identity import Device
from reader.library.file_lock import hold_lock
from reader.library.hlc import MAX_DRIFT_MS, Clock, Stamp
from reader.library.journal_codec import EncodedLine, encode_changes
from reader.library.journal_reader import JournalReader
from reader.library.journal_writer import JournalWriter
from reader.library.lww_document import Document, operations
from reader.model.errors import LibraryError, WriteError
from reader.paths import Paths

TABLE_NAME_LENGTH: Final = 3
"""A table holds the ids with the same first letters: at 100,000 a change passes three others by."""
_MIN_FROZEN_DOCUMENTS: Final = 10_000
"""Documents from which Python's collector is kept out of them: it would stop every thread."""


class DocumentStore:
    """Documents by id. Reading takes no lock; a change holds the library's lock for one fsync.

    The journals are in `folder`.
    Safe to use from several threads: every method takes the same lock of this process.
    """

    def __init__(self, places: Paths, clock: Callable[[], float] = time.time):
        self.places = places
        self.folder = places.home / "journal"
        self._lock_file = places.home / ".lock"
        self._current_file = Path()
        self.documents: dict[str, Document] = {}
        self._tables: dict[str, dict[str, Document]] | None = None
        self.lock = threading.RLock()
        self._now = clock
        self._clock = Clock()
        self._device = device_identity.load_device(places)
        self.reader = JournalReader(self.folder, own=self._device.id)
        self._inode = 0
        self._log: JournalWriter | None = None
        self._future_devices: set[str] = set()
        self._depth = 0
        self._reserved: tuple[int, int] | None = None

    @property
    def tables(self) -> dict[str, dict[str, Document]]:
        """The documents by table; put together when a change first asks for them."""
        if self._tables is None:
            self._tables = {}
            for entry_id, document in self.documents.items():
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

    def close(self) -> None:
        """Let go of the files."""
        if self._log is not None:
            self._log.close()

    # Reading.

    def refresh(self) -> set[str]:
        """Fold in what the journals say beyond what was read; the ids that are different now.

        Blocks on disk, linear in what is new. Other threads get their turns meanwhile. Raises
        LibraryError.
        """
        with self.lock:
            if not self.reader.poll():
                return set()
            with _pause_collector(self.documents):
                return self._reload() if self.reader.must_restart() else self._read_new()

    def _reload(self) -> set[str]:
        """Forget all and read everything: what was cut off a journal cannot be taken out again."""
        former = dict(self.documents)
        self.documents.clear()
        self._tables = None
        self.reader.restart()
        self._read_new()
        both = {*former, *self.documents}
        return {
            name
            for name in both
            if name not in former
            or name not in self.documents
            or former[name].fields != self.documents[name].fields
        }

    def _read_new(self) -> set[str]:
        changed: set[str] = set()
        for name, lines in self.reader.read_new_lines():
            changed.update(self._apply(lines, name.device))
        return changed

    def _apply(self, lines: Iterable[dict[str, Any]], device: str) -> list[str]:
        """Fold lines of one device in; the ids that are different now."""
        now, documents, tables, changed = self._now(), self.documents, self._tables, list[str]()
        said = operations(lines, device)
        if not self._clock.observe([stamp for _, _, stamp in said], now):
            self._future_devices.add(device)
        for entry_id, fields, stamp in said:
            document = documents.get(entry_id)
            if document is None:
                document = documents[entry_id] = Document(fields, stamp)
                if tables is not None:
                    tables.setdefault(entry_id[:TABLE_NAME_LENGTH], {})[entry_id] = document
                if fields:
                    changed.append(entry_id)
            elif document.apply(fields, stamp):
                changed.append(entry_id)
        return changed

    # Changing.

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the library's lock, with all that others wrote folded in; may be nested.

        Raises LibraryBusy, NotSaved, NewerFormat, LibraryError. Makes the library's folders where
        they are missing.
        """
        with self.lock:
            if self._depth:
                yield
                return
            self._prepare_writing()
            with hold_lock(self._lock_file):
                self._depth += 1
                try:
                    self._refresh_for_writing()
                    yield
                finally:
                    self._depth -= 1
                    self._reserved = None

    def _prepare_writing(self) -> None:
        """The folders and the device id, looked at again where the home was exchanged."""
        try:
            if self._log is not None and self.places.home.stat().st_ino == self._inode:
                return
        except OSError:
            pass
        device_identity.create_library_folders(self.places)
        self._device = device_identity.claim_device(self.places)
        self.reader.own = self._device.id
        self._inode = self.places.home.stat().st_ino
        self._log = JournalWriter(self._device.id, self._device.state / "backups")

    def _refresh_for_writing(self) -> None:
        try:
            self.refresh()
        except LibraryError as error:
            raise WriteError(f"not saved: {error}") from None
        journal_files.check_format(list(self.reader.progress.values()))

    def reserve(self) -> tuple[int, int]:
        """The clock that the next commit under this lock will carry: (milliseconds, counter)."""
        self._reserved = self._reserved or self._clock.next(self._now())
        return self._reserved

    def commit(
        self, changes: Mapping[str, Mapping[str, Any]], *, clock: tuple[int, int] | None = None
    ) -> None:
        """Write the fields of these records as one step and fold them in; durable on return.

        `clock` stands in for this device's own where any other word about the records should win.
        Raises LibraryBusy, NotSaved, NewerFormat, LibraryError: then nothing has changed.
        """
        with self.writing():
            self._append(
                *self._current_log(),
                list(encode_changes(changes, self._clock_source(clock), self._future_stamp)),
            )

    def start_log(self) -> int:
        """Begin this device's next log, and return its number. One fsync under the lock."""
        with self.writing():
            path, number = self._current_log()
            self._append(path.with_name(f"{self._device.id}-{number + 1}.log"), number + 1, [])
            return number + 1

    def _append(self, path: Path, number: int, drafts: list[EncodedLine]) -> None:
        standing = self.reader.progress.get(path.name)
        good_end = standing.scan.end if standing else 0
        log = self._log
        if log is None:
            raise WriteError("not saved: the library is not open for writing")
        header = b"" if good_end else log.header(number)
        content = header + b"".join(draft.content for draft in drafts)
        written = log.append(path, good_end, content)
        # Folded in without asking the disk, which might fail now.
        self.reader.note_own_write(path.name, written.inode, good_end + len(header), drafts)
        self._apply([draft.value for draft in drafts], self._device.id)

    def _current_log(self) -> tuple[Path, int]:
        """The log to append to, and its number."""
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
        def following() -> tuple[int, int]:
            if clock is not None:
                return clock
            reserved, self._reserved = self._reserved, None
            return reserved or self._clock.next(self._now())

        return following

    def _future_stamp(self, entry_id: str, name: str) -> Stamp | None:
        """The clock of a field that a device of the future wrote; None for any other."""
        if not self._future_devices or entry_id not in self.documents:
            return None
        stamp = self.documents[entry_id].stamp(name)
        return stamp if stamp is not None and stamp.ms > self._now() * 1000 + MAX_DRIFT_MS else None


@contextmanager
def _pause_collector(documents: Mapping[str, Document]) -> Iterator[None]:
    """Keep the cyclic collector out while documents are made, and out of many of them for good.

    One full collection over 100,000 documents stops every thread for 600 ms. They hold no cycles
    and live as long as the process.
    """
    was_on, before = gc.isenabled(), len(documents)
    gc.disable()
    try:
        yield
    finally:
        if len(documents) - before >= _MIN_FROZEN_DOCUMENTS:
            gc.freeze()
        if was_on:
            gc.enable()
