"""Journal files on both sides: which bytes of a file the remote has, and checks of what it sends.

A stream is one journal file as one uploader has it, in segments. Segments may overlap while a list
lags or segments are merged; each bears the digest of the file up to its end, so any of them can be
tried and none has to be trusted.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from reader.library import journal_files
from reader.library.field_validation import is_folder_of
from reader.library.hlc import Stamp
from reader.library.journal_codec import FORMAT, ScanResult, decode, decode_file
from reader.library.lww_document import IMAGE_PREFIX, operations
from reader.model.errors import NewerFormatError, SyncError
from reader.sync.folder_archive import is_image_name
from reader.sync.names import Segment, is_stream_file
from reader.sync.seal import Seal

MAX_PIECE: Final = 2 << 20
"""Bytes of a journal in one segment: 100,000 articles take thirty, and lines of one 20 MB."""
MAX_SEGMENT: Final = 80 << 20
"""Bytes that a segment of another device may have: its longest line and a piece."""
_READ_BYTES: Final = 1 << 20
"""Bytes read at once to compute a digest: bounds the memory."""


@dataclass(slots=True)
class Stream:
    """The segments of one journal file as one uploader has it."""

    uploader: str
    file: str
    segments: list[Segment] = field(default_factory=list)

    @property
    def end(self) -> int:
        """The largest end of a segment."""
        return max((each.end for each in self.segments), default=0)

    @property
    def whole_end(self) -> int:
        """The end of the segments without a gap: beyond it one may have been lost."""
        end = 0
        for segment in sorted(self.segments, key=lambda each: each.start):
            if segment.start > end:
                break
            end = max(end, segment.end)
        return end

    def up_to(self, end: int) -> "Stream":
        """Return the stream's segments that end there or before."""
        return Stream(self.uploader, self.file, [each for each in self.segments if each.end <= end])


def streams_of(segments: Iterable[Segment], key_id: str) -> dict[tuple[str, str], Stream]:
    """Return the streams of a key's segments, by uploader and file."""
    streams: dict[tuple[str, str], Stream] = {}
    for segment in segments:
        if segment.key_id == key_id:
            pair = (segment.uploader, segment.file)
            streams.setdefault(pair, Stream(*pair)).segments.append(segment)
    return streams


@dataclass(slots=True)
class Prefix:
    """A local file compared with a stream: the same up to `end`.

    `hash` is the running SHA-256 up to there, `size` the file's size. `differs` says that a
    segment within the file has other bytes.
    """

    end: int
    size: int
    hash: "hashlib._Hash"
    differs: bool = False


def compare_prefix(path: Path, stream: Stream, seal: Seal) -> Prefix:
    """Compare a local file, which may be missing, with a stream. Reads it. Raises OSError."""
    running = hashlib.sha256()
    prefix = Prefix(0, 0, running.copy())
    ends: dict[int, set[str]] = {}
    for segment in stream.segments:
        ends.setdefault(segment.end, set()).add(segment.digest)
    at = 0
    try:
        with journal_files.open_journal(path) as file:
            prefix.size = os.fstat(file.fileno()).st_size
            for end in sorted(ends):
                if end > prefix.size:
                    break
                while at < end and (piece := file.read(min(_READ_BYTES, end - at))):
                    running.update(piece)
                    at += len(piece)
                if at == end and seal.digest(running.digest()) in ends[end]:
                    prefix.end, prefix.hash, prefix.differs = end, running.copy(), False
                else:
                    prefix.differs = True
    except FileNotFoundError:
        pass
    return prefix


def next_segments(stream: Stream, end: int) -> list[Segment]:
    """Return the segments that continue a file of this length, the one reaching farthest first."""
    able = [each for each in stream.segments if each.start <= end < each.end]
    return sorted(able, key=lambda each: (-each.end, -each.start))


@dataclass(frozen=True, slots=True)
class Named:
    """Article folders that lines name, and images that came later."""

    folders: tuple[str, ...]
    images: tuple[tuple[str, str], ...]
    """Pairs of a record's id and an image's path below its folder."""


def check_lines(content: bytes, device: str, name: str) -> list[tuple[bytes, Named]]:
    """Return the lines of a journal with what they name; `name` is for errors.

    Every line must be whole and have the form of a change, a header or a trailer, and name no
    folder of another article. Raises SyncError, NewerFormatError.
    """
    if not content.endswith(b"\n"):
        raise SyncError(f"{name} does not end with a line")
    rows: list[tuple[bytes, Named]] = []
    for line in content.split(b"\n")[:-1]:
        value = decode(line)
        if not value:
            raise SyncError(f"{name} has a line with a wrong checksum")
        header = value.get("format", FORMAT)
        if type(header) is not int or header > FORMAT:
            raise NewerFormatError(f"{name} was written by a newer reader: update reader")
        rejected: list[str] = []
        changes = operations([value], device, rejected)
        if rejected:
            raise SyncError(f"{name} has a line that no reader writes: {rejected[0]}")
        rows.append((line + b"\n", _named_in(changes, name)))
    return rows


def _named_in(changes: Sequence[tuple[str, dict[str, Any], Any]], name: str) -> Named:
    folders: list[str] = []
    images: list[tuple[str, str]] = []
    for entry_id, fields, _ in changes:
        folder = fields.get("folder")
        if folder is not None:
            if not is_folder_of(folder, entry_id):
                raise SyncError(f"{name} names a folder of another article for {entry_id}")
            folders.append(folder)
            continue
        images.extend(
            (entry_id, value)
            for key, value in fields.items()
            if key.startswith(IMAGE_PREFIX) and type(value) is str and is_image_name(value)
        )
    return Named(tuple(folders), tuple(images))


def read_pieces(path: Path, start: int, limit: int = MAX_PIECE) -> Iterator[tuple[int, bytes]]:
    """Yield the whole lines of a file from an offset on, in pieces, each with its start.

    Raises OSError.
    """
    with journal_files.open_journal(path) as file:
        file.seek(start)
        content = b""
        while piece := file.read(limit):
            content += piece
            cut = content.rfind(b"\n") + 1
            if cut:
                yield start, content[:cut]
                start += cut
                content = content[cut:]
            elif len(content) > MAX_SEGMENT:
                return


def stream_file_of(file: str) -> str:
    """Return the name by which a local journal file is known on the remote.

    Copies that other programs made have names of theirs, which other devices need not see.
    """
    if is_stream_file(file):
        return file
    return _copy_name(file, f"local {file}")


def copy_file_of(stream: Stream) -> str:
    """Return the local file of a stream that differs from the file of its name."""
    return _copy_name(stream.file, f"{stream.uploader} {stream.file}")


def _copy_name(file: str, source: str) -> str:
    parts = journal_files.parse_name(file)
    if parts is None:
        raise ValueError(f"not a journal: {file[:80]!r}")
    code = hashlib.sha256(os.fsencode(source)).hexdigest()[:8]
    return f"{parts.device}-{parts.number}.copy-{code}.{parts.kind}"


def is_covered(folder: Path, name: journal_files.JournalName) -> bool:
    """Return whether a whole snapshot in the folder was made from exactly this file.

    Reads the file if it has the right size. Compares content, because a clone of the device may
    have other lines under the same name.
    """
    return any(_is_made_from(folder, base, name) for base in _newer_snapshots(folder, name))


def says_nothing_new(folder: Path, name: journal_files.JournalName) -> bool:
    """Return whether a newer snapshot of the device has all that a file says.

    Compares the content with what the snapshot was made from, else every field of every line.
    Blocks: reads both. Raises OSError.
    """
    for base in _newer_snapshots(folder, name):
        if _is_made_from(folder, base, name):
            return True
        left: dict[tuple[str, str], Stamp] = {}
        for _, content in read_pieces(folder / name.file, 0):
            for entry_id, fields, stamp in operations(decode_file(content), name.device):
                for key in fields:
                    left[entry_id, key] = max(stamp, left.get((entry_id, key), stamp))
        for _, content in read_pieces(folder / base.file, 0):
            for entry_id, fields, stamp in operations(decode_file(content), name.device):
                for key in fields:
                    known = left.get((entry_id, key))
                    if known is not None and (known <= stamp or key == "added"):
                        del left[entry_id, key]
        if not left:
            return True
    return False


def _newer_snapshots(
    folder: Path, name: journal_files.JournalName
) -> Iterator[journal_files.JournalName]:
    """Yield the whole snapshots of a file's device that came after it."""
    if name.conflict:
        return
    for base in journal_files.list_journals(folder).names:
        is_later = base.device == name.device and base.number > name.number
        if is_later and base.kind == "snap" and not base.conflict:
            yield base


def _is_made_from(
    folder: Path, base: journal_files.JournalName, name: journal_files.JournalName
) -> bool:
    """Return whether a snapshot was made from exactly this file, by length and checksum."""
    trailer = journal_files.read_trailer(folder / base.file) or {}
    covered = trailer.get("of")
    row = covered.get(name.file) if isinstance(covered, dict) else None
    if not (isinstance(row, list) and len(row) == 2 and all(type(each) is int for each in row)):
        return False
    try:
        size = (folder / name.file).stat().st_size
    except OSError:
        return False
    return size == row[0] and journal_files.has_same_start(folder / name.file, ScanResult(*row))
