"""The journal files of all devices: names, selection and reading progress."""

import os
import re
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from reader.library.journal_codec import (
    FORMAT,
    MAX_LINE_BYTES,
    LineScanner,
    ScanResult,
    decode,
    encode,
)
from reader.model.errors import LibraryError, NewerFormatError

# Synchronisers put their word before the type (Syncthing, Dropbox, Nextcloud) or behind (rclone).
_NAME: Final = re.compile(
    r"([0-9a-hjkmnp-tv-z]{8})-(\d{1,9})([^0-9./][^/]*|\.[^/]*|)\.(log|snap)((?:\.+(?:conflict|path)\d*)*)"
)
_ID: Final = re.compile(rb'"i": ?"([0-9a-z]{12})"')
"""The id of a change, as encoders of JSON write it."""
_LONGEST_ID: Final = 19
"""Bytes of a match."""
MAX_NUMBER: Final = 999_999_999
"""The last number that a file's name may have."""
_READ_BYTES: Final = 1 << 20
"""Bytes read at once; a longer line is read as a whole."""
_TRAILER_BYTES: Final = 4_096
"""Bytes of a snapshot's last line: it names the files that the snapshot stands for."""
_INTEGER: Final = (1 << 63) - 1
"""Inode numbers of some file systems are larger than SQLite's integers."""
_FINE_TICK_NS: Final = 50_000_000
"""Nanoseconds in which changes may share a time: ticks of Linux last up to 10 ms."""
_COARSE_TICK_NS: Final = 2_500_000_000
"""The same where times are whole milliseconds or more: FAT counts in two seconds."""


class FileStamp(NamedTuple):
    """The metadata of a file that change with its content."""

    inode: int
    size: int
    modified: int
    changed: int

    @classmethod
    def of(cls, status: os.stat_result) -> "FileStamp":
        return cls(status.st_ino & _INTEGER, status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    def is_settled(self) -> bool:
        """Return whether a later change must get another time.

        As in git's index, a file that changed within the last tick of the clock may change again
        and look the same. Uses `ctime`, which no program can set.
        """
        coarse = self.changed % 1_000_000 == 0
        age = time.time_ns() - self.changed
        return age > (_COARSE_TICK_NS if coarse else _FINE_TICK_NS)


class AppendedStamp(NamedTuple):
    """The stamp of a file after an append, and whether it can stand for no other content.

    As it does once its time of modification was set between two ticks of the file system's clock:
    a later write has another time. ⏱ Else the next command compares the whole file, which takes
    40 ms for 100 MB.
    """

    stamp: FileStamp
    is_settled: bool


class OtherContentError(Exception):
    """A file that was being read is another one now."""


class JournalName(NamedTuple):
    """The parts of a journal file's name; `conflict` is a synchroniser's mark of a copy."""

    file: str
    device: str
    number: int
    conflict: str
    kind: str


class FileProgress:
    """The reading progress of one file, and the stamp it had before.

    `is_settled` says that the stamp cannot stand for another content. `format` is the header's.
    `is_complete` says that this is a snapshot with all its lines and nothing behind its trailer,
    `is_short` that it has fewer lines than its trailer says. `damaged_before` counts bad stretches
    found by another process. `verified` is a later stamp of a file that began with what was read.
    """

    __slots__ = (
        "changes", "damaged_before", "format", "has_header", "has_trailer", "is_complete",
        "is_settled", "is_short", "scan", "stamp", "verified",
    )  # fmt: skip

    def __init__(
        self,
        stamp: FileStamp,
        scan: ScanResult | None = None,
        *,
        is_settled: bool = False,
        format: int = FORMAT,
        has_header: bool = False,
        has_trailer: bool = False,
        is_complete: bool = False,
        is_short: bool = False,
        changes: int = 0,
        damaged_before: int = 0,
    ):
        self.stamp = stamp
        self.scan = ScanResult() if scan is None else scan
        self.is_settled = is_settled
        self.format = format
        self.has_header = has_header
        self.has_trailer = has_trailer
        self.is_complete = is_complete
        self.is_short = is_short
        self.changes = changes
        self.damaged_before = damaged_before
        self.verified: FileStamp | None = None

    @property
    def damage(self) -> int:
        """The count of bad stretches before good lines."""
        return len(self.scan.damaged) + self.damaged_before

    @property
    def is_damaged(self) -> bool:
        """Return whether a line cannot be read, or a snapshot lacks lines."""
        return bool(self.damage or self.is_short)


class JournalListing(NamedTuple):
    """The journal files at a moment, oldest generation first, each device's in order."""

    names: list[JournalName]
    stamps: dict[str, FileStamp]

    def by_device(self) -> Iterator[list[JournalName]]:
        """Yield the names of each device."""
        devices: dict[str, list[JournalName]] = {}
        for name in self.names:
            devices.setdefault(name.device, []).append(name)
        yield from devices.values()


@lru_cache(1000)
def parse_name(file: str) -> JournalName | None:
    """Return the parts of a file's name; None if it is not a journal."""
    match = _NAME.fullmatch(file)
    if match is None:
        return None
    return JournalName(file, match[1], int(match[2]), match[3] + match[5], match[4])


def list_journals(
    folder: Path, accept: Callable[[JournalName], bool] = lambda name: True
) -> JournalListing:
    """List the journal files with their stamps; empty without a folder. Blocks on disk.

    A folder that is a link is not followed. Raises LibraryError.
    """
    listing = JournalListing([], {})
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError) as error:
        if os.path.lexists(folder):
            raise LibraryError(_unreadable_folder(folder, error)) from None
        return listing
    except OSError as error:
        raise LibraryError(_unreadable_folder(folder, error)) from None
    try:
        with os.scandir(descriptor) as entries:
            for entry in entries:
                name = parse_name(entry.name)
                if name is None or not accept(name) or not entry.is_file(follow_symlinks=False):
                    continue
                # One that was removed meanwhile must not hide the others.
                with suppress(FileNotFoundError):
                    listing.stamps[entry.name] = FileStamp.of(entry.stat(follow_symlinks=False))
                    listing.names.append(name)
    except OSError as error:
        raise LibraryError(_unreadable_folder(folder, error)) from None
    finally:
        os.close(descriptor)
    listing.names.sort(key=_order)
    return listing


def listing_of(stamps: Mapping[str, FileStamp]) -> JournalListing:
    """Return the listing of files with these stamps."""
    names = [name for name in map(parse_name, stamps) if name is not None]
    return JournalListing(sorted(names, key=_order), dict(stamps))


def _order(name: JournalName) -> tuple[str, int, bool, str]:
    return name.device, name.number, name.kind == "log", name.conflict


def _unreadable_folder(folder: Path, error: OSError) -> str:
    if os.path.islink(folder):  # noqa: PTH114 - pathlib's raises PermissionError
        return f"{folder} is a link, which may lead out of the library: put the folder in its place"
    if isinstance(error, NotADirectoryError):
        return f"{folder} is not a folder: move it away, or bring the folder back from a backup"
    return f"{folder} cannot be read: {error.strerror}"


def open_journal(path: Path) -> BinaryIO:
    """Open a journal for reading, not through a link. Raises OSError."""
    return os.fdopen(
        os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK), "rb"
    )


def read_lines(path: Path, progress: FileProgress) -> Iterator[list[dict[str, Any]]]:
    """Yield the unread good lines of a file in lists; note headers and trailers.

    Reads in pieces, so that no other thread waits long. The progress is that of the whole file
    when the iterator is exhausted. Raises OSError, and OtherContentError if the file does not
    begin with what was read before.
    """
    with open_journal(path) as stream:
        stamp = FileStamp.of(os.fstat(stream.fileno()))
        is_settled = stamp.is_settled()
        is_known = is_settled and stamp in (
            progress.verified,
            progress.is_settled and progress.stamp,
        )
        if not is_known and not _starts_with(stream, progress.scan):
            raise OtherContentError(path)
        progress.stamp, progress.is_settled = stamp, is_settled
        for batch in _scan_file(stream, progress.scan):
            changes = [line for line in batch if "c" in line]
            if len(changes) == len(batch):
                progress.changes += len(batch)
                if batch:
                    progress.has_trailer = False
            else:
                _note_special_lines(progress, batch)
            yield changes
    progress.is_complete = (
        progress.has_trailer
        and not progress.is_damaged
        and progress.scan.end == progress.stamp.size
        and read_trailer(path) is not None
    )


def _note_special_lines(progress: FileProgress, batch: list[dict[str, Any]]) -> None:
    """Count changes, and take in what headers and trailers among them say."""
    for line in batch:
        progress.has_trailer = False
        if "c" in line:
            progress.changes += 1
        elif "format" in line:
            progress.has_header = True
            progress.format = max(progress.format, _as_format(line["format"]))
        elif "end" in line:
            progress.has_trailer = line["end"] == progress.changes
            progress.is_short = not progress.has_trailer


def _scan_file(stream: BinaryIO, scan: ScanResult) -> Iterator[list[dict[str, Any]]]:
    scanner = LineScanner(scan)
    stream.seek(scan.end)
    content = b""
    is_inside_long = False
    # As much again as there is without a line end: a long line is not copied for each piece.
    while piece := stream.read(max(_READ_BYTES, len(content))):
        content += piece
        if is_inside_long:
            cut = content.find(b"\n") + 1 or len(content)
            is_inside_long = not content[:cut].endswith(b"\n")
            scanner.skip(content[:cut])
            content = content[cut:]
        cut = content.rfind(b"\n") + 1
        yield from scanner.lines(content[:cut])
        content = content[cut:]
        if len(content) > MAX_LINE_BYTES:
            scanner.skip(content)
            content = b""
            is_inside_long = True


def read_ids(path: Path) -> Iterator[list[bytes]]:
    """Yield the ids of a journal's changes in lists, perhaps others as well, as far as it is readable."""
    rest = b""
    with suppress(OSError), open_journal(path) as stream:
        while piece := stream.read(_READ_BYTES):
            piece = rest + piece
            yield _ID.findall(piece)
            # The beginning of an id, of which the next piece has the end.
            rest = piece[-_LONGEST_ID + 1 :]


def has_same_start(path: Path, scan: ScanResult) -> bool:
    """Return whether the bytes that were read are still the first of the file.

    Compares their CRC-32. Blocks: reads them, about a second for 1.5 GB.
    """
    try:
        with open_journal(path) as stream:
            return _starts_with(stream, scan)
    except OSError:
        return False


def is_unchanged(path: Path, progress: FileProgress) -> bool:
    """Return whether a file that was read to its end is the same; note a stamp that is settled now.

    Compares the CRC-32. Blocks: reads the file.
    """
    if progress.scan.end != progress.stamp.size:
        return False
    try:
        with open_journal(path) as stream:
            stamp = FileStamp.of(os.fstat(stream.fileno()))
            # Asked before the content is read: what changes it afterwards changes the stamp.
            is_settled = stamp.is_settled()
            if stamp != progress.stamp or not _starts_with(stream, progress.scan):
                return False
    except OSError:
        return False
    progress.is_settled = is_settled
    return True


def checksum(path: Path, size: int) -> ScanResult | None:
    """Return length and CRC-32 of a file; None if it has another size or is unreadable."""
    scan = ScanResult()
    try:
        with open_journal(path) as stream:
            while piece := stream.read(_READ_BYTES):
                scan.crc = zlib.crc32(piece, scan.crc)
                scan.end += len(piece)
    except OSError:
        return None
    return scan if scan.end == size else None


def _starts_with(stream: BinaryIO, scan: ScanResult) -> bool:
    left, crc = scan.end, 0
    while left and (piece := stream.read(min(_READ_BYTES, left))):
        crc = zlib.crc32(piece, crc)
        left -= len(piece)
    return not left and crc == scan.crc


def _as_format(value: object) -> int:
    return value if type(value) is int else FORMAT


def select_generation(
    names: Sequence[JournalName],
    is_complete: Callable[[JournalName], bool],
    is_covered: Callable[[JournalName, JournalName], bool],
) -> list[JournalName]:
    """Return the files of one device that count, whose lines together are what it says.

    The newest complete snapshot stands for the files with a lower number that it covers, which
    are those that it was made from, if they are still the same. Without one every file counts.
    Conflict copies always do: what they hold twice does no harm.
    """
    snaps = [name for name in names if name.kind == "snap" and not name.conflict]
    base = next((name for name in reversed(snaps) if is_complete(name)), None)
    if base is None:
        return list(names)
    return [
        name
        for name in names
        if name.conflict or name.number >= base.number or not is_covered(base, name)
    ]


def read_trailer(path: Path) -> dict[str, Any] | None:
    """Return the last line of a snapshot that was written to its end, else None.

    Reads no more. A snapshot without it is never complete; one with it is, if no line is missing.
    `of` maps the names of the files that it was made from to the end and the CRC-32 of what was
    read of each; snapshots of former versions stand for every file with a lower number.
    """
    try:
        with open_journal(path) as stream:
            size = os.fstat(stream.fileno()).st_size
            stream.seek(max(0, size - _TRAILER_BYTES))
            tail = stream.read()
    except OSError:
        return None
    if not tail.endswith(b"\n"):
        return None
    trailer = decode(tail[:-1].rpartition(b"\n")[2])
    return trailer if trailer is not None and "end" in trailer and "c" not in trailer else None


def encode_trailer(count: int, files: Mapping[str, ScanResult]) -> bytes:
    """Return the last line of a snapshot of `count` changes that was made from these files."""
    covered = {file: [scan.end, scan.crc] for file, scan in files.items()}
    line = encode({"end": count, "of": covered})
    # With too many files none is covered, and all of them count.
    return line if len(line) < _TRAILER_BYTES else encode({"end": count, "of": {}})


def check_format(progress: Sequence[FileProgress]) -> None:
    """Raise NewerFormatError if any header has a higher number than is known here."""
    if any(each.format > FORMAT for each in progress):
        raise NewerFormatError(
            "the library was written by a newer reader: update reader to change it; reading works"
        )
