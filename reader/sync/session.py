"""One run against a remote: what both directions share."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reader.library import device_identity, journal_files
from reader.model.errors import (
    JobCancelledError,
    LibraryBusyError,
    NewerFormatError,
    SyncError,
    WriteError,
)
from reader.paths import Paths
from reader.sync import names
from reader.sync.names import RootObjects, sort_root
from reader.sync.seal import Seal
from reader.sync.state import SyncState, lock_path, save_state
from reader.sync.store import Listing, Store

if TYPE_CHECKING:
    from reader.library.document_store import DocumentStore

MAX_PROBLEMS: Final = 1_000
"""Problems that one run keeps; the command line prints the first 20."""


@dataclass(slots=True)
class SyncReport:
    """The result of a run. `sent` and `received` count articles; `problems` are sentences.

    `inbox` counts pages taken in, `shared` articles put into the inboxes of other people.
    `delayed` counts journals of which the remote's list has shown more than is there: the next run
    brings the rest. `resent` counts objects sent again because another device could not read them.
    """

    sent: int = 0
    received: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0
    requests: int = 0
    inbox: int = 0
    shared: int = 0
    delayed: int = 0
    deleted: int = 0
    resent: int = 0
    problems: list[str] = field(default_factory=list)

    def refuse(self, problem: str) -> None:
        """Note what was refused."""
        if problem not in self.problems and len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """The progress of a run: articles done, and a total that grows while more is found."""

    doing: str
    done: int
    total: int


class CountingStore:
    """A storage that counts what it is asked and how many bytes pass."""

    def __init__(self, store: Store, report: SyncReport):
        self._store = store
        self._report = report
        self.label = store.label

    def list_level(self, prefix: str = "") -> Listing:
        """Return one level."""
        self._report.requests += 1
        return self._store.list_level(prefix)

    def list_all(self, prefix: str) -> dict[str, int]:
        """Return all objects below."""
        found = self._store.list_all(prefix)
        self._report.requests += 1 + max(0, len(found) - 1) // 1000
        return found

    def list_some(self, prefix: str, limit: int) -> dict[str, int]:
        """Return some objects of a level."""
        found = self._store.list_some(prefix, limit)
        self._report.requests += 1 + max(0, len(found) - 1) // 1000
        return found

    def get(self, name: str, limit: int) -> bytes:
        """Return an object."""
        self._report.requests += 1
        content = self._store.get(name, limit)
        self._report.received_bytes += len(content)
        return content

    def put(self, name: str, content: bytes) -> None:
        """Write an object."""
        self._report.requests += 1
        self._store.put(name, content)
        self._report.sent_bytes += len(content)

    def delete(self, names: Iterable[str]) -> None:
        """Delete objects."""
        listed = list(names)
        self._report.requests += len(listed)
        self._report.deleted += len(listed)
        self._store.delete(listed)


class Session:
    """A run of one library against its remote: the list, the notes, and the names that are there.

    `library` gives the library's documents, loaded only where they are needed.
    """

    def __init__(
        self,
        paths: Paths,
        store: Store,
        seal: Seal,
        state: SyncState,
        library: "Callable[[], DocumentStore]",
        *,
        clock: Callable[[], float],
        progress: Callable[[SyncProgress], object],
        cancelled: Callable[[], bool],
    ):
        self.paths = paths
        self.report = SyncReport()
        self.store: Store = CountingStore(store, self.report)
        self.seal = seal
        self.state = state
        self.library = library
        self.clock = clock
        self._progress = progress
        self._cancelled = cancelled
        self._done = self._total = 0
        self.root = sort_root([])
        self.folders: frozenset[str] = frozenset()
        self._names: set[str] = set()
        self.matched: dict[tuple[str, str], tuple[str, int]] = {}
        """For each stream the local file that holds it, and up to where."""

        self.damaged: set[str] = set()
        """Article folders, and names of segments, that the remote lacks or has damaged."""
        self.skips_damaged = False
        """True if changes are taken at once without articles that cannot be read."""
        self.late: list[str] = []
        """Folders that came after the lines that name them."""

    @property
    def home(self) -> Path:
        """The library's folder."""
        return self.paths.home

    @property
    def journal(self) -> Path:
        """The folder of the journals."""
        return self.paths.home / "journal"

    @property
    def device(self) -> str:
        """This device's id; empty as long as it wrote nothing."""
        return device_identity.load_device(self.paths).id

    def begin(self) -> None:
        """List the root: one request. Raises SyncError, NewerFormatError."""
        listing = self.store.list_level()
        self.root = sort_root(list(listing.sizes))
        self.folders = listing.folders
        self._names = {name for name in listing.sizes if names.is_root_name(name)}
        check_format(self.root, self.seal.key_id, self.store.label)
        if self.seal.key_id == names.PLAIN and len({key_id for _, key_id in self.root.formats}) > 1:
            # Begun while its list did not show the sealed library, or a change was interrupted.
            self.report.refuse(
                f"{self.store.label} holds a sealed library as well, which this device does not"
                " read: `reader sync --init URL` joins it"
            )
        for name in self.root.refused:
            self.report.refuse(f"{self.store.label}: {name[:200]!r} is not a name of reader's")

    @property
    def has_news(self) -> bool:
        """Return whether the remote or the journals differ from what the last run left."""
        return (
            self._digest() != self.state.listing
            or self.stamps() != self.state.stamps
            or bool(self.report.problems)
        )

    @property
    def root_names(self) -> frozenset[str]:
        """Return the names of reader's objects on the root."""
        return frozenset(self._names)

    def stamps(self) -> dict[str, list[int]]:
        """Return size and times of each local journal."""
        listing = journal_files.list_journals(self.journal)
        return {file: list(stamp) for file, stamp in listing.stamps.items()}

    def put_root(self, name: str, content: bytes) -> None:
        """Write an object on the root."""
        self.store.put(name, content)
        self._names.add(name)

    def delete_root(self, listed: Iterable[str]) -> None:
        """Delete objects on the root."""
        gone = sorted(listed)
        if gone:
            self.store.delete(gone)
            self._names.difference_update(gone)

    def finish(self, stamps: dict[str, list[int]]) -> None:
        """Note how the remote stands, unless something is left to do. Raises WriteError."""
        self.state.key = self.seal.key_id
        is_whole = not (self.report.problems or self.report.delayed)
        self.state.listing = self._digest() if is_whole else ""
        self.state.stamps = stamps
        self.state.synced = self.clock()
        save_state(self.paths, self.state)

    def _digest(self) -> str:
        return hashlib.sha256("\n".join(sorted(self._names)).encode()).hexdigest()

    # Progress.

    def expect(self, count: int) -> None:
        """Add articles to the total of the progress."""
        self._total += count

    def step(self, doing: str, count: int = 1) -> None:
        """Count articles as done. Raises JobCancelledError if the user stops."""
        self._done += count
        self._progress(SyncProgress(doing, self._done, max(self._total, self._done)))
        self.check_cancelled()

    def check_cancelled(self) -> None:
        """Raise JobCancelledError if the user stops."""
        if self._cancelled():
            raise JobCancelledError("sync was stopped: the next one continues")


def check_format(root: RootObjects, key_id: str, label: str) -> None:
    """Raise NewerFormatError or SyncError if this reader and key cannot use the remote."""
    newer = [(number, other) for number, other in root.formats if number != names.FORMAT]
    if newer:
        number, other = max(newer)
        raise NewerFormatError(
            f"{label} has format {number} (format.{number}.{other}): update reader to sync"
        )
    key_ids = {key_id for _, key_id in root.formats}
    if key_id in key_ids:
        return
    if not key_ids:
        raise SyncError(
            f"{label} holds no library of reader's: it was emptied, or is another folder;"
            " `reader sync --init URL` begins one"
        )
    if key_ids == {names.PLAIN}:
        raise SyncError(f"{label} is not sealed, but this device has a key: check the address")
    if key_id == names.PLAIN:
        raise SyncError(f"{label} is sealed now: `reader sync --init URL` asks for its passphrase")
    raise SyncError(
        f"wrong key: {label} is sealed with another one; `reader sync --init URL` asks for its"
        " passphrase"
    )


@contextmanager
def running_alone(paths: Paths) -> Iterator[None]:
    """Hold the lock of the one run of this library. Raises LibraryBusyError, WriteError."""
    path = lock_path(paths)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise WriteError(f"{path} cannot be written: {error.strerror}") from None
    try:
        try:
            flock(descriptor, LOCK_EX | LOCK_NB)
        except OSError:
            raise LibraryBusyError("another sync of this library is running") from None
        yield
    finally:
        os.close(descriptor)
