"""From the library to the remote: this device's journals, and those that no other device has sent.

Folders are sent before the segment whose lines name them. A killed run leaves whole objects that no
line names yet; the next one continues.
"""

import hashlib
import json
import platform
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from reader.library import device_identity, journal_files
from reader.library.field_validation import exists, valid_fields
from reader.library.journal_codec import decode_file
from reader.library.journal_files import JournalName
from reader.library.lww_document import operations
from reader.library.record_mapper import folders_of
from reader.model.errors import NewerFormatError, SyncError
from reader.sync import journal_stream, names
from reader.sync.folder_archive import folder_size, pack_folder, read_image
from reader.sync.journal_stream import Named, Stream, check_lines, compare_prefix, read_pieces
from reader.sync.names import Segment, device_name
from reader.sync.session import Session
from reader.sync.worker_pool import ByteBudget, WorkerPool

MAX_SEGMENTS: Final = 50
"""Segments of one log from which they are merged: twenty devices stay on few pages of a list."""
_MIN_MERGED: Final = journal_stream.MAX_PIECE // 2
"""Bytes of a segment that is large enough."""
_MIN_LISTED: Final = 100
"""Folders to send from which the remote is asked first what it has: a killed run sent some."""
_ANNOUNCE_SECONDS: Final = 86_400
"""Time between two announcements of this device, which cost a request each."""
_COLLECT_SECONDS: Final = 86_400
"""Time between two collections of purged articles, which stay for 90 days anyway."""
KEEP_PURGED_SECONDS: Final = 90 * 86_400
"""Time for which the files of an article stay after it was deleted permanently."""
_FOLDER: Final = re.compile(rb'"folder":"(articles/[0-9]{4}/[^"/\\]+)"')
_PURGED: Final = re.compile(rb'"purged":true')


class Push:
    """Sends what the library has beyond the remote."""

    def __init__(self, session: Session):
        self._session = session
        self._streams = journal_stream.streams_of(session.root.segments, session.seal.key_id)
        self._budget = ByteBudget()
        self._known: array[int] | None = None
        self._packed: set[int] = set()
        self._is_fresh = names.ARTICLES not in session.folders
        self._has_sent = False

    def run(self) -> None:
        """Send everything. Raises SyncError, JobCancelledError between articles. Blocks."""
        session = self._session
        if not session.root_names.issuperset(session.state.sent):
            # The remote was set back, and may have lost what answered a request as well.
            session.state.answered = []
        with WorkerPool[str, int]() as workers:
            self._workers = workers
            for name in journal_files.list_journals(session.journal).names:
                try:
                    self._send_file(name)
                except FileNotFoundError:
                    # Compacted meanwhile; the next run sees the snapshot.
                    continue
                except OSError as error:
                    raise SyncError(f"{name.file} cannot be read: {error.strerror}") from None
        self._delete_compacted()
        self._delete_relayed()
        if self._has_sent:
            self._announce()
        self._collect_purged()
        session.state.sent = [
            segment.name
            for stream in self._streams.values()
            if stream.uploader == session.device
            for segment in stream.segments
        ]

    # Journals.

    def _send_file(self, name: JournalName) -> None:
        """Send what this device's stream of a file lacks."""
        session = self._session
        path = session.journal / name.file
        is_own = name.device == session.device and not name.conflict
        if name.kind == "snap" and journal_files.read_trailer(path) is None:
            return
        if not is_own and not self._must_relay(name, path.stat().st_size):
            return
        stream = self._stream_of(name)
        if not stream.segments and journal_stream.is_covered(session.journal, name):
            return
        prefix = compare_prefix(path, stream, session.seal)
        if not prefix.differs and prefix.end >= stream.end:
            if prefix.end > stream.whole_end:
                # The remote has lost a segment.
                prefix = compare_prefix(path, stream.up_to(stream.whole_end), session.seal)
            self._send(stream, path, prefix.end, prefix.hash, name)
            self._merge(stream, path)
        elif not is_own:
            # An own stream that differs is that of a copy of this device; the next run detects it.
            self._replace_stream(stream, path, name)

    def _stream_of(self, name: JournalName) -> Stream:
        """Return this device's stream of a file; one without segments if there is none."""
        session = self._session
        uploader = session.device or device_identity.claim_device(session.paths).id
        file = journal_stream.stream_file_of(name.file)
        return self._streams.get((uploader, file)) or Stream(uploader, file)

    def _replace_stream(self, former: Stream, path: Path, name: JournalName) -> None:
        """Send a file from its beginning, and delete the segments of its former stream."""
        session = self._session
        stream = Stream(former.uploader, former.file)
        prefix = compare_prefix(path, stream, session.seal)
        self._send(stream, path, prefix.end, prefix.hash, name)
        stale = {each.name for each in former.segments}
        session.delete_root(stale - {each.name for each in stream.segments})

    def _must_relay(self, name: JournalName, size: int) -> bool:
        """Return whether the remote lacks lines of another device that are here.

        If the list of the remote is older than its objects, lines that are there are sent again, and
        deleted by `_delete_relayed`.
        """
        session = self._session
        file = journal_stream.stream_file_of(name.file)
        targets = session.matched.values()
        if any(target == name.file and end >= size for target, end in targets):
            return False
        for stream in self._streams.values():
            is_copy = journal_stream.copy_file_of(stream) == name.file
            if stream.file == file or is_copy:
                path = session.journal / name.file
                prefix = compare_prefix(path, stream, session.seal)
                end = min(prefix.end, stream.whole_end)
                if end and self._rest_is_torn(name, end, size):
                    return False
        return True

    def _rest_is_torn(self, name: JournalName, end: int, size: int) -> bool:
        """Return whether a file has no whole line beyond an offset."""
        pieces = read_pieces(self._session.journal / name.file, end)
        return end >= size or not any(
            any(True for _ in decode_file(content)) for _, content in pieces
        )

    def _send(
        self, stream: Stream, path: Path, start: int, sha: "hashlib._Hash", name: JournalName
    ) -> None:
        """Send a file from an offset on: the folders that its lines name, then the lines."""
        session = self._session
        for at, content in read_pieces(path, start):
            try:
                rows = check_lines(content, name.device, f"journal/{name.file}")
            except NewerFormatError:
                return
            except SyncError as error:
                session.report.refuse(f"not sent: {error}: `reader doctor --repair` repairs it")
                return
            is_repeating = name.kind == "snap" or name.device != session.device
            self._send_named(rows, is_repeating)
            sha.update(content)
            segment = self._segment(stream, at, content, sha)
            session.put_root(segment.name, session.seal.seal(content))
            stream.segments.append(segment)
            self._streams[stream.uploader, stream.file] = stream
            self._has_sent = True

    def _segment(self, stream: Stream, at: int, content: bytes, sha: "hashlib._Hash") -> Segment:
        """Name the segment of these bytes; `sha` has read the file up to their end."""
        seal, end = self._session.seal, at + len(content)
        digest = seal.digest(sha.digest())
        return Segment(seal.key_id, stream.uploader, stream.file, at, end, digest)

    def _merge(self, stream: Stream, path: Path) -> None:
        """Put many small segments together, and delete those that a larger one holds."""
        session = self._session
        if len(stream.segments) > MAX_SEGMENTS:
            small = [each for each in stream.segments if each.end - each.start < _MIN_MERGED]
            start = min((each.start for each in small), default=stream.end)
            prefix = compare_prefix(path, stream.up_to(start), session.seal)
            if prefix.end == start:
                self._put_merged(stream, path, start, prefix.hash)
        held = [
            each
            for each in stream.segments
            if any(
                other is not each and other.start <= each.start and each.end <= other.end
                for other in stream.segments
            )
        ]
        session.delete_root(each.name for each in held)
        stream.segments = [each for each in stream.segments if each not in held]

    def _put_merged(self, stream: Stream, path: Path, start: int, sha: "hashlib._Hash") -> None:
        session = self._session
        end = stream.end
        for at, piece in read_pieces(path, start):
            content = piece[: max(0, end - at)]
            if not content:
                return
            sha.update(content)
            segment = self._segment(stream, at, content, sha)
            if segment not in stream.segments:
                session.put_root(segment.name, session.seal.seal(content))
                stream.segments.append(segment)

    def _delete_compacted(self) -> None:
        """Delete the segments of this device's logs that a snapshot on the remote stands for."""
        session = self._session
        device = session.device
        listing = journal_files.list_journals(session.journal)
        sizes = {name.file: listing.stamps[name.file].size for name in listing.names}
        snapshots = [
            parts.number
            for (uploader, file), stream in self._streams.items()
            if uploader == device
            and (parts := journal_files.parse_name(file)) is not None
            and (parts.device, parts.kind) == (device, "snap")
            and stream.end == sizes.get(file)
        ]
        newest = max(snapshots, default=0)
        for pair in list(self._streams):
            parts = journal_files.parse_name(pair[1])
            if parts is None or pair[0] != device or parts.device != device or parts.conflict:
                continue
            is_gone = pair[1] not in sizes
            if parts.number < newest and (
                is_gone or journal_stream.is_covered(session.journal, parts)
            ):
                session.delete_root(each.name for each in self._streams.pop(pair).segments)

    def _delete_relayed(self) -> None:
        """Delete what this device sent for others that they have sent themselves since."""
        session = self._session
        for pair, stream in list(self._streams.items()):
            parts = journal_files.parse_name(stream.file)
            if parts is None or stream.uploader != session.device or parts.device == session.device:
                continue
            own = self._streams.get((parts.device, stream.file))
            if own is None or own.whole_end < stream.end:
                continue
            path = session.journal / stream.file
            ends = [compare_prefix(path, each, session.seal).end for each in (stream, own)]
            if ends[0] == stream.end and ends[1] >= stream.end:
                session.delete_root(each.name for each in self._streams.pop(pair).segments)

    # Articles.

    def _send_named(self, rows: Sequence[tuple[bytes, Named]], is_repeating: bool) -> None:
        """Send the folders and late images that lines name, unless they are there."""
        session = self._session
        folders = list(dict.fromkeys(each for _, named in rows for each in named.folders))
        if is_repeating and folders:
            folders = [each for each in folders if not self._is_known(each)]
        if len(folders) >= _MIN_LISTED and not self._is_fresh:
            folders = self._without_sent(folders)
        session.expect(len(folders))
        for count in self._workers.run(self._send_folder, folders):
            session.report.sent += count
            session.step("sent")
        self._packed.update(hash(each) for each in folders)
        self._send_late_images([pair for _, named in rows for pair in named.images])

    def _without_sent(self, folders: list[str]) -> list[str]:
        """Return the folders that the remote does not list; all of them if it does not answer."""
        session = self._session
        try:
            there = session.store.list_all(names.ARTICLES)
        except SyncError:
            # WebDAV servers may refuse to list more than a level.
            return folders
        return [each for each in folders if session.seal.folder_name(each) not in there]

    def _send_folder(self, folder: str) -> int:
        """Send one folder; return how many were there. Runs in a worker thread.

        One that cannot be read is reported, and holds back no change: devices that lack it ask for
        it until it is sent.
        """
        session = self._session
        with self._budget.hold(2 * folder_size(session.home, folder)):
            try:
                content = pack_folder(session.home, folder)
            except FileNotFoundError:
                # Purged, or not brought here yet.
                return 0
            except OSError as error:
                session.report.refuse(f"{folder} cannot be read: {error.strerror}")
                return 0
            except SyncError as error:
                session.report.refuse(str(error))
                return 0
            session.store.put(session.seal.folder_name(folder), session.seal.seal(content))
        return 1

    def _send_late_images(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Send images of lines that do not name their folder: they may have come after it."""
        if not pairs:
            return
        session = self._session
        documents = session.library().documents
        documents.prefetch(entry_id for entry_id, _ in pairs)
        for entry_id, image in pairs:
            document = documents.get(entry_id)
            fields = valid_fields(entry_id, document) if document else {}
            for folder in folders_of(fields) if exists(fields) else []:
                if hash(folder) in self._packed:
                    break
                content = read_image(session.home, folder, image)
                if content is not None:
                    name = session.seal.folder_name(folder, image)
                    session.store.put(name, session.seal.seal(content))
                    break

    def _is_known(self, folder: str) -> bool:
        """Return whether a line that the remote has names the folder, which is there then."""
        if self._known is None:
            self._known = array("Q", sorted(self._known_codes()))
        code = _code(folder.encode())
        at = bisect_left(self._known, code)
        return at < len(self._known) and self._known[at] == code

    def _known_codes(self) -> Iterator[int]:
        session = self._session
        for stream in list(self._streams.values()):
            for file in (stream.file, journal_stream.copy_file_of(stream)):
                try:
                    end = compare_prefix(session.journal / file, stream, session.seal).end
                    for at, content in read_pieces(session.journal / file, 0):
                        if at >= end:
                            break
                        for folder in _FOLDER.findall(content[: end - at]):
                            yield _code(folder)
                except OSError:
                    continue

    # The device, and what was deleted.

    def _announce(self) -> None:
        """Write this device's name and time, at most once a day."""
        session = self._session
        now = session.clock()
        if not session.device or 0 <= now - session.state.announced < _ANNOUNCE_SECONDS:
            return
        value = {"name": platform.node(), "at": int(now)}
        name = device_name(session.seal.key_id, session.device)
        session.put_root(name, session.seal.seal(json.dumps(value).encode()))
        session.state.announced = now

    def _collect_purged(self) -> None:
        """Delete the objects of articles that this device purged long ago, once a day."""
        session = self._session
        now = session.clock()
        if 0 <= now - session.state.collected < _COLLECT_SECONDS or not session.device:
            return
        since, until = session.state.collected, now - KEEP_PURGED_SECONDS
        ids = set(self._purged_between(since - KEEP_PURGED_SECONDS, until))
        if ids:
            documents = session.library().documents
            documents.prefetch(ids)
            gone: list[str] = []
            for entry_id in sorted(ids):
                document = documents.get(entry_id)
                fields = valid_fields(entry_id, document) if document else {}
                if fields.get("purged"):
                    gone += [session.seal.folder_name(each) for each in folders_of(fields)]
            if gone:
                session.store.delete(gone)
        session.state.collected = now

    def _purged_between(self, since: float, until: float) -> Iterator[str]:
        """Yield the ids of articles that this device purged in a time."""
        session = self._session
        for name in journal_files.list_journals(session.journal).names:
            if name.device != session.device:
                continue
            try:
                for _, content in read_pieces(session.journal / name.file, 0):
                    if not _PURGED.search(content):
                        continue
                    lines = [line for line in content.splitlines(True) if _PURGED.search(line)]
                    values = decode_file(b"".join(lines))
                    for entry_id, fields, stamp in operations(values, name.device):
                        if fields.get("purged") is True and since <= stamp.ms / 1000 < until:
                            yield entry_id
            except OSError:
                continue


def _code(folder: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(folder, digest_size=8).digest())
