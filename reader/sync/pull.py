"""From the remote to the library: journals of other devices, with the folders that they name.

Folders come before the lines that name them, so a run may end anywhere. Nothing from a remote is
trusted: names, digests, lines and archives are checked, and what fails is refused by its name.
"""

import hashlib
import itertools
import os
from array import array
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reader.library import article_folders, folder_records, journal_files
from reader.library.device_identity import create_library_folders
from reader.library.durable_io import create_folder, sync, sync_folder, write_all
from reader.library.field_validation import exists, valid_fields
from reader.library.journal_codec import decode
from reader.library.pending_folders import PendingFolders, list_pending
from reader.library.record_mapper import folders_of
from reader.model.errors import NewerFormatError, SyncError, WriteError
from reader.model.text import plural
from reader.sync import journal_stream
from reader.sync.folder_archive import (
    MAX_ARCHIVE,
    check_image,
    missing_images,
    unpack_folder,
)
from reader.sync.journal_stream import MAX_SEGMENT, Named, Stream, check_lines, compare_prefix
from reader.sync.names import Segment
from reader.sync.session import Session
from reader.sync.state import save_state
from reader.sync.store import DamagedObjectError, MissingObjectError, UnusableObjectError
from reader.sync.worker_pool import WorkerPool

_MAX_LINES: Final = 256
"""Lines that are appended at once: a killed run fetches at most these again."""
_MAX_BYTES: Final = 256 << 10
"""Bytes of lines that are appended at once: a killed run fetches at most these again."""
_MAX_IMAGE: Final = 64 << 20
"""Bytes of an image, as the library reads it; downloaded ones have 10 MB at most."""
_WAIT_SECONDS: Final = 3 * 86_400
"""Time for which lines wait for a device that sends an archive again: most sync within it."""


@dataclass(slots=True)
class _Tail:
    """The place to continue a local file: up to `end` it is the same as the stream."""

    path: Path
    end: int
    size: int
    hash: "hashlib._Hash"


class Pull:
    """Brings what the remote has beyond the library."""

    def __init__(self, session: Session):
        self._session = session
        self._late: list[tuple[str, str]] = []
        self._streams = journal_stream.streams_of(session.root.segments, session.seal.key_id)

    def run(self) -> None:
        """Bring everything; refused objects are in the report. Raises SyncError, LibraryError.

        Raises JobCancelledError between articles. Blocks on network and disk.
        """
        self._leave_shared_id()
        with WorkerPool[str, "_Fetched"]() as workers:
            self._workers = workers
            self._retry_missing()
            for stream in sorted(self._streams.values(), key=self._order):
                try:
                    self._bring(stream)
                except DamagedObjectError as error:
                    self._session.damaged.add(error.name)
                    self._session.report.refuse(str(error))
                except (MissingObjectError, SyncError, NewerFormatError) as error:
                    self._session.report.refuse(str(error))
        # The library is loaded only where one of these needs it.
        if self._late:
            self._bring_late_images()
        if self._session.report.received:
            self._adopt_twins()
        if self._session.state.missing:
            self._check_missing()
        self._drop_covered()

    def _order(self, stream: Stream) -> tuple[str, bool, int, bool, str, str]:
        """Snapshots first, the newest first: the files they were made from need not come."""
        name = journal_files.parse_name(stream.file)
        assert name is not None
        number = -name.number if name.kind == "snap" else name.number
        return (
            name.device,
            name.kind != "snap",
            number,
            stream.uploader != name.device,
            stream.file,
            stream.uploader,
        )

    def _leave_shared_id(self) -> None:
        """Take a new id if the remote has more of this device's journal than this device.

        Then another machine has a copy of this one's state, or this one was set back.
        """
        device = self._session.device
        for stream in self._streams.values():
            name = journal_files.parse_name(stream.file)
            if not device or name is None or name.conflict:
                continue
            if (name.device, stream.uploader) != (device, device):
                continue
            path = self._session.journal / stream.file
            if not path.exists() and self._has_newer_snapshot(device, name.number):
                # Compacted here: what was sent before is known.
                if {each.name for each in stream.segments} <= set(self._session.state.sent):
                    continue
                self._session.library().renew_device()
                return
            prefix = compare_prefix(path, stream, self._session.seal)
            if prefix.differs or prefix.end < stream.end:
                self._session.library().renew_device()
                return

    def _has_newer_snapshot(self, device: str, number: int) -> bool:
        journal = self._session.journal
        return any(
            name.device == device
            and name.kind == "snap"
            and name.number > number
            and journal_files.read_trailer(journal / name.file) is not None
            for name in journal_files.list_journals(journal).names
        )

    # Journals.

    def _bring(self, stream: Stream) -> None:
        """Bring what a stream has beyond its local file, or beyond a copy where they differ."""
        session = self._session
        name = journal_files.parse_name(stream.file)
        assert name is not None
        pair = (stream.uploader, stream.file)
        is_own = name.device == session.device and not name.conflict
        file = stream.file
        prefix = compare_prefix(session.journal / file, stream, session.seal)
        session.matched[pair] = (file, min(prefix.end, stream.whole_end))
        if prefix.end >= stream.end:
            return
        if is_own and stream.uploader == session.device:
            # Compacted here: the objects go when the snapshot is on the remote.
            return
        if is_own or prefix.differs:
            file = journal_stream.copy_file_of(stream)
            prefix = compare_prefix(session.journal / file, stream, session.seal)
            session.matched[pair] = (file, min(prefix.end, stream.whole_end))
        if prefix.differs:
            raise SyncError(f"{stream.file} of {stream.uploader} was exchanged on the remote")
        tail = _Tail(session.journal / file, prefix.end, prefix.size, prefix.hash)
        if self._extend(stream, tail):
            session.matched[pair] = (file, min(tail.end, stream.whole_end))
            return
        # Lines that are only here lie where the stream continues: both are kept.
        file = journal_stream.copy_file_of(stream)
        prefix = compare_prefix(session.journal / file, stream, session.seal)
        tail = _Tail(session.journal / file, prefix.end, prefix.size, prefix.hash)
        if not self._extend(stream, tail):
            raise SyncError(f"{stream.file} of {stream.uploader} was exchanged on the remote")
        session.matched[pair] = (file, min(tail.end, stream.whole_end))

    def _extend(self, stream: Stream, tail: _Tail) -> bool:
        """Append what the stream has beyond the tail; return False if other lines are there."""
        session = self._session
        while tail.end < stream.end:
            session.check_cancelled()
            found = self._fetch_segment(stream, tail.end, tail.hash)
            if found is None:
                session.report.delayed += 1
                return True
            segment, content, following = found
            device = stream.file[:8]
            rows = check_lines(content, device, segment.name)
            if tail.size > tail.end:
                skipped = self._settle_rest(tail, content)
                if skipped < 0:
                    return False
                while rows and skipped > 0:
                    skipped -= len(rows.pop(0)[0])
            self._append_rows(tail.path, rows)
            tail.end, tail.hash = segment.end, following
        return True

    def _fetch_segment(
        self, stream: Stream, end: int, running: "hashlib._Hash"
    ) -> "tuple[Segment, bytes, hashlib._Hash] | None":
        """Return the segment that reaches farthest, its bytes from `end` on, and their digest.

        None if the list has shown objects that are not there. Raises SyncError.
        """
        session = self._session
        failure: SyncError | None = None
        for segment in journal_stream.next_segments(stream, end):
            size = segment.end - segment.start
            name = segment.name
            if size > MAX_SEGMENT:
                failure = SyncError(f"{name} is larger than a journal's segment can be")
                continue
            try:
                sealed = session.store.get(name, session.seal.size_limit(size))
            except MissingObjectError:
                continue
            except UnusableObjectError as error:
                failure = DamagedObjectError(name, str(error))
                continue
            except SyncError as error:
                failure = error
                continue
            try:
                content = session.seal.unseal(sealed, name)[end - segment.start :]
            except SyncError as error:
                failure = DamagedObjectError(name, str(error))
                continue
            following = running.copy()
            following.update(content)
            is_same = session.seal.digest(following.digest()) == segment.digest
            if len(content) == segment.end - end and is_same:
                return segment, content, following
            failure = DamagedObjectError(name, f"{name} has a wrong checksum")
        if failure is not None:
            raise failure
        return None

    def _settle_rest(self, tail: _Tail, content: bytes) -> int:
        """Return how many bytes of the content the local file has already beyond `tail.end`.

        A line that was cut is removed. -1 if other lines are there. Raises WriteError.
        """
        try:
            with journal_files.open_journal(tail.path) as file:
                file.seek(tail.end)
                rest = file.read(len(content))
        except OSError as error:
            raise WriteError(f"{tail.path} cannot be read: {error.strerror}") from None
        if content.startswith(rest):
            same = rest.rfind(b"\n") + 1
        elif any(decode(line) for line in rest.split(b"\n")):
            return -1
        else:
            same = 0
        if len(rest) < len(content) or same < len(rest):
            self._truncate(tail, tail.end + same)
        return same

    def _truncate(self, tail: _Tail, size: int) -> None:
        if tail.size == size:
            return
        try:
            descriptor = os.open(tail.path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                os.ftruncate(descriptor, size)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise WriteError(f"{tail.path} cannot be written: {error.strerror}") from None
        tail.size = size

    def _append_rows(self, path: Path, rows: Sequence[tuple[bytes, Named]]) -> None:
        """Append lines in batches, each after the folders that it names."""
        session = self._session
        session.expect(sum(len(named.folders) for _, named in rows))
        create_library_folders(session.paths)
        for batch in _batches(rows):
            fetched: dict[str, _Fetched] = {}
            wanted = [] if session.state.on_demand else self._wanted(batch)
            for each in self._workers.run(self._fetch_folder, wanted):
                fetched[each.folder] = each
                session.step("received")
            refused = {each.folder: each.error for each in fetched.values() if each.error}
            for folder in [each for each in refused if self._is_given_up(each)]:
                session.report.refuse(str(refused.pop(folder)))
            good = next(
                (at for at, (_, named) in enumerate(batch) if refused.keys() & {*named.folders}),
                len(batch),
            )
            # A header alone is not worth a file.
            is_worth = good == len(batch) or any(b'"c":' in line for line, _ in batch[:good])
            self._write_batch(path, batch[:good] if is_worth else [], fetched)
            if good < len(batch):
                damaged = [
                    each for each, error in refused.items() if isinstance(error, DamagedObjectError)
                ]
                session.damaged.update(damaged)
                raise next(refused[each] for each in batch[good][1].folders if each in refused)

    def _is_given_up(self, folder: str) -> bool:
        """Return whether lines are taken without a folder that cannot be read."""
        session = self._session
        since = session.state.wanted.get(folder)
        is_late = since is not None and session.clock() - since >= _WAIT_SECONDS
        return session.skips_damaged or is_late

    def _wanted(self, batch: Sequence[tuple[bytes, Named]]) -> list[str]:
        named = dict.fromkeys(folder for _, each in batch for folder in each.folders)
        return [each for each in named if not article_folders.exists(self._session.home, each)]

    def _write_batch(
        self,
        path: Path,
        batch: Sequence[tuple[bytes, Named]],
        fetched: dict[str, "_Fetched"],
    ) -> None:
        """Put the folders into their places, then append the lines. Raises WriteError.

        Missing folders are noted before: nothing else asks for them once the lines are here.
        """
        named = {folder for _, each in batch for folder in each.folders}
        pending = PendingFolders(self._session.home)
        missing = [
            each.folder for each in fetched.values() if each.staged is None and each.folder in named
        ]
        if missing:
            self._session.state.missing += missing
            save_state(self._session.paths, self._session.state)
        try:
            for each in fetched.values():
                if each.staged is None:
                    continue
                if each.folder in named:
                    pending.note(each.folder)
                    article_folders.publish(self._session.home, each.staged, each.folder)
                    self._session.report.received += 1
                else:
                    article_folders.discard(each.staged)
            if batch:
                _append(path, b"".join(line for line, _ in batch))
        except OSError as error:
            raise WriteError(f"not synced: {error.strerror} ({path})") from None
        finally:
            pending.finish()
        self._late.extend(pair for _, each in batch for pair in each.images)

    def _fetch_folder(self, folder: str) -> "_Fetched":
        """Fetch a folder into `tmp/`. Runs in a worker thread. Raises LibraryError."""
        session = self._session
        name = session.seal.folder_name(folder)
        try:
            sealed = session.store.get(name, session.seal.size_limit(MAX_ARCHIVE))
        except MissingObjectError:
            return _Fetched(folder)
        except UnusableObjectError as error:
            return _Fetched(folder, error=DamagedObjectError(folder, str(error)))
        except SyncError as error:
            return _Fetched(folder, error=error)
        try:
            files = unpack_folder(session.seal.unseal(sealed, name), folder, name)
        except SyncError as error:
            return _Fetched(folder, error=DamagedObjectError(folder, str(error)))
        try:
            return _Fetched(folder, article_folders.stage(session.home, folder, files))
        except OSError as error:
            raise WriteError(f"not synced: {error.strerror} ({session.home / folder})") from None

    def bring_folders(self, folders: Sequence[str]) -> list[str]:
        """Bring folders that lines name already; return those that came.

        The others are in the report, or in the notes as missing. Raises SyncError, LibraryError,
        JobCancelledError.
        """
        session = self._session
        wanted = [each for each in folders if not article_folders.exists(session.home, each)]
        session.expect(len(wanted))
        came: list[str] = []
        if wanted:
            create_library_folders(session.paths)
        with WorkerPool[str, _Fetched]() as workers:
            for each in workers.run(self._fetch_folder, wanted):
                if each.error is not None:
                    session.report.refuse(str(each.error))
                elif each.staged is None:
                    session.report.refuse(f"the remote lacks {each.folder}")
                else:
                    self._publish(each)
                    came.append(each.folder)
                session.step("received")
        return came

    def _publish(self, each: "_Fetched") -> None:
        if each.staged is None:
            return
        try:
            article_folders.publish(self._session.home, each.staged, each.folder)
        except OSError as error:
            raise WriteError(f"not synced: {error.strerror} ({each.folder})") from None
        self._session.report.received += 1

    # After the journals.

    def _retry_missing(self) -> None:
        """Ask again for folders that the remote did not have."""
        if self._session.state.on_demand:
            return
        left, self._session.state.missing = self._session.state.missing, []
        wanted = [each for each in left if not article_folders.exists(self._session.home, each)]
        if wanted:
            create_library_folders(self._session.paths)
        for each in self._workers.run(self._fetch_folder, wanted):
            if each.error is not None:
                self._session.report.refuse(str(each.error))
            if each.staged is None:
                self._session.state.missing.append(each.folder)
                continue
            self._publish(each)
            self._session.late.append(each.folder)

    def _check_missing(self) -> None:
        """Forget missing folders that no record needs, and report the others."""
        store = self._session.library()
        store.refresh()
        documents = store.documents
        documents.prefetch(article_folders.id_in(each) for each in self._session.state.missing)
        left = []
        for folder in self._session.state.missing:
            document = documents.get(article_folders.id_in(folder))
            fields = valid_fields(article_folders.id_in(folder), document) if document else {}
            if exists(fields) and folder in folders_of(fields):
                left.append(folder)
        self._session.state.missing = left
        self._session.damaged.update(left)
        if left:
            self._session.report.refuse(
                f"the remote lacks the text of {plural(len(left))}: `reader sync verify` names them"
            )

    def _bring_late_images(self) -> None:
        """Bring images that came after their article's folder."""
        session = self._session
        store = session.library()
        store.refresh()
        documents = store.documents
        documents.prefetch(entry_id for entry_id, _ in self._late)
        for entry_id, image in dict.fromkeys(self._late):
            document = documents.get(entry_id)
            fields = valid_fields(entry_id, document) if document else {}
            folders = folders_of(fields) if exists(fields) else []
            here = [each for each in folders if article_folders.exists(session.home, each)]
            if not here or any(not missing_images(session.home, each, [image]) for each in here):
                continue
            name = session.seal.folder_name(here[0], image)
            try:
                content = session.seal.unseal(
                    session.store.get(name, session.seal.size_limit(_MAX_IMAGE)), name
                )
                check_image(content, image, name)
            except MissingObjectError:
                continue
            except SyncError as error:
                session.report.refuse(str(error))
                continue
            article_folders.add_images(session.home, here[0], {Path(image).name: content})

    def _adopt_twins(self) -> None:
        """Record the folders of articles that two devices had saved independently.

        One of the two is the record's; without a line that names it the other would be lost.
        """
        home = self._session.home
        repeated = _repeated(
            article_folders.id_in(each) for each in article_folders.list_folders(home)
        )
        if not repeated:
            return
        folders = [
            each
            for each in article_folders.list_folders(home)
            if article_folders.id_in(each) in repeated
        ]
        store = self._session.library()
        with store.writing():
            at_work = list_pending(home)
            folder_records.adopt(
                store,
                [
                    each
                    for each in folders
                    if each not in at_work and not folder_records.is_named(store, each)
                ],
            )

    def _drop_covered(self) -> None:
        """Delete local journals of other devices that their snapshots stand for.

        Only those that the remote has no longer, because their device has deleted them.
        """
        session = self._session
        there = {file for _, file in self._streams}
        for name in journal_files.list_journals(session.journal).names:
            if name.file in there or name.device == session.device or name.conflict:
                continue
            with suppress(OSError):
                if journal_stream.says_nothing_new(session.journal, name):
                    (session.journal / name.file).unlink()


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A folder from the remote: at `staged`, refused with `error`, or not there."""

    folder: str
    staged: Path | None = None
    error: SyncError | None = None


def _batches(
    rows: Sequence[tuple[bytes, Named]],
) -> Iterator[list[tuple[bytes, Named]]]:
    batch: list[tuple[bytes, Named]] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(row[0])
        if len(batch) >= _MAX_LINES or size >= _MAX_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _append(path: Path, content: bytes) -> None:
    """Append to a journal of another device, durably. Raises OSError."""
    is_new = not path.exists()
    if is_new:
        create_folder(path.parent)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    try:
        write_all(descriptor, content)
        sync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(path.parent)


_DIGITS: Final = {sign: value for value, sign in enumerate("0123456789abcdefghjkmnpqrstvwxyz")}


def _repeated(ids: Iterator[str]) -> set[str]:
    """Return the ids that occur more than once; eight bytes for each id."""
    found = array("Q")
    for text in ids:
        if len(text) == 12 and _DIGITS.keys() >= set(text):
            number = 0
            for sign in text:
                number = number * 32 + _DIGITS[sign]
            found.append(number)
    ordered = sorted(found)
    twice = {one for one, other in itertools.pairwise(ordered) if one == other}
    signs = "0123456789abcdefghjkmnpqrstvwxyz"
    return {"".join(signs[number >> 5 * at & 31] for at in range(11, -1, -1)) for number in twice}
