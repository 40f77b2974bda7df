"""All documents in memory, as every device's journals say, and the one way to change them."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from reader.library import devices, journal
from reader.library.clock import A_DAY, Clock, Stamp
from reader.library.devices import Device
from reader.library.fold import Document, operations
from reader.library.journal import Name, OwnLog, Standing
from reader.library.lines import MAX_LINE, Reading, encode
from reader.library.lock import held
from reader.model.errors import LibraryError
from reader.places import Places


class Ledger:
    """Documents by id. Reading takes no lock; a change holds the library's lock for one fsync.

    Safe to use from several threads: every method takes the same lock of this process.
    """

    def __init__(self, places: Places, clock: Callable[[], float] = time.time):
        self.places = places
        self.documents: dict[str, Document] = {}
        self.standings: dict[str, Standing] = {}
        self.lock = threading.RLock()
        self._now = clock
        self._clock = Clock()
        self._device = devices.known(places)
        self._log: OwnLog | None = None
        self._future: set[str] = set()

    @property
    def folder(self) -> Path:
        """Where the journals are."""
        return self.places.home / "journal"

    @property
    def device(self) -> Device:
        """This device; without id as long as it wrote nothing."""
        return self._device

    def refresh(self) -> set[str]:
        """Fold in what the journals say beyond what was read; the ids that are different now.

        Blocks on disk, linear in what is new. A file that was replaced or cut is read again from
        its start, which changes nothing that is known already.
        """
        with self.lock:
            return self._refresh()

    def _refresh(self) -> set[str]:
        found = journal.survey(self.folder)
        changed: set[str] = set()
        by_device: dict[str, list[Name]] = {}
        for name in found.names:
            by_device.setdefault(name.device, []).append(name)
        for names in by_device.values():
            if all(self._is_read(name, found.sizes[name.file]) for name in names):
                continue
            for name in journal.generation(
                names, lambda name: journal.verified(self.folder / name.file)
            ):
                if not self._is_read(name, found.sizes[name.file]):
                    changed |= self._read(name, found.sizes[name.file])
        return changed

    def _is_read(self, name: Name, size: tuple[int, int]) -> bool:
        standing = self.standings.get(name.file)
        return (
            standing is not None and standing.inode == size[0] and standing.reading.end >= size[1]
        )

    def _read(self, name: Name, size: tuple[int, int]) -> set[str]:
        standing = self.standings.get(name.file)
        if standing is None or standing.inode != size[0] or standing.reading.end > size[1]:
            standing = self.standings[name.file] = Standing(size[0], Reading())
        changed: set[str] = set()
        try:
            for line in journal.lines_of(self.folder / name.file, standing):
                for entry_id, fields, stamp in operations(line, name.device):
                    if self._apply(entry_id, fields, stamp):
                        changed.add(entry_id)
        except FileNotFoundError:
            # Compacted or taken away by a synchroniser meanwhile; the next look shows what came.
            del self.standings[name.file]
        return changed

    def _apply(self, entry_id: str, fields: dict[str, Any], stamp: Stamp) -> bool:
        now = self._now()
        self._clock.see(stamp.ms, stamp.counter, now)
        if stamp.ms > now * 1000 + A_DAY:
            self._future.add(stamp.device)
        document = self.documents.get(entry_id)
        if document is None:
            document = self.documents[entry_id] = Document()
        return document.apply(fields, stamp)

    def commit(self, changes: Mapping[str, Mapping[str, Any]], *, sample: bool = False) -> None:
        """Write the fields of these records as one step and fold them in; durable on return.

        With `sample` the clock is zero, so that any later word about these records wins. Raises
        LibraryBusy, NotSaved, NewerFormat, LibraryError: then nothing has changed.
        """
        with self.lock:
            devices.make_home(self.places)
            with held(self.places.home / ".lock"):
                self._commit(changes, sample)

    def _commit(self, changes: Mapping[str, Mapping[str, Any]], sample: bool) -> None:
        if not self._device.id:
            self._device = devices.claimed(self.places)
            self._log = None
        if self._log is None:
            self._log = OwnLog(self.folder, self._device.id, self._device.state / "backups")
        self._refresh()
        journal.check_format(list(self.standings.values()))
        path = self._log.newest()
        standing = self.standings.get(path.name)
        good_end = standing.reading.end if standing else 0
        batches = list(self._stamped(changes, sample))
        content = b"".join(line for line, _ in batches)
        self._log.append(path, good_end, content)
        self._read_own(path)

    def _read_own(self, path: Path) -> None:
        """Fold in what was just written, by reading it back as every other reader will."""
        name = journal.name_of(path.name)
        if name is None:
            raise LibraryError(f"{path.name} is no journal")
        status = path.stat()
        self._read(name, (status.st_ino, status.st_size))

    def _stamped(
        self, changes: Mapping[str, Mapping[str, Any]], sample: bool
    ) -> Iterator[tuple[bytes, Stamp]]:
        """Lines for the changes; fields that a clock of the future wrote get lines of their own."""
        rows: list[dict[str, Any]] = []
        size = 0
        for entry_id, fields in changes.items():
            for name, stamp in self._ahead(entry_id, fields):
                alone = {
                    "c": [stamp.ms, stamp.counter + 1],
                    "o": "set",
                    "i": entry_id,
                    "f": {name: fields[name]},
                }
                yield encode(alone), stamp
            rest = {
                name: value
                for name, value in fields.items()
                if name not in dict(self._ahead(entry_id, fields))
            }
            if not rest:
                continue
            row = {"o": "set", "i": entry_id, "f": rest}
            rows.append(row)
            size += len(str(row))
            if size > MAX_LINE:
                yield self._line(rows, sample)
                rows, size = [], 0
        if rows:
            yield self._line(rows, sample)

    def _ahead(self, entry_id: str, fields: Mapping[str, Any]) -> list[tuple[str, Stamp]]:
        document = self.documents.get(entry_id)
        if document is None or not self._future:
            return []
        limit = self._now() * 1000 + A_DAY
        found = ((name, document.stamp(name)) for name in fields)
        return [(name, stamp) for name, stamp in found if stamp is not None and stamp.ms > limit]

    def _line(self, rows: list[dict[str, Any]], sample: bool) -> tuple[bytes, Stamp]:
        ms, counter = (0, 0) if sample else self._clock.next(self._now())
        value: dict[str, Any] = {"c": [ms, counter]}
        value |= rows[0] if len(rows) == 1 else {"ops": rows}
        return encode(value), Stamp(ms, counter, self._device.id)

    def future_devices(self) -> Iterable[str]:
        """Devices whose clocks were more than a day ahead."""
        return sorted(self._future)
