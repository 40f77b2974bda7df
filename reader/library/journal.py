"""The journal files of all devices, and appending to one's own."""

import fcntl
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from reader.library.devices import sync_folder, write_all
from reader.library.lines import FORMAT, Reading, decode, encode, read
from reader.model.errors import LibraryError, NewerFormat, NotSaved

_NAME: Final = re.compile(r"([0-9a-hjkmnp-tv-z]{8})-(\d{1,9})(.*)\.(log|snap)")
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of a journal file's name. `extra` is what a synchroniser put in, for a conflict copy."""

    file: str
    device: str
    number: int
    extra: str
    kind: str


@dataclass(slots=True)
class Standing:
    """How far one file was read. `format` is the header's; `whole` says that a snapshot verified."""

    inode: int
    reading: Reading
    format: int = FORMAT
    whole: bool = False
    headed: bool = False


@dataclass(slots=True)
class Survey:
    """The files that count at a moment, oldest generation first, each device's in order."""

    names: list[Name] = field(default_factory=list)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)


def name_of(file: str) -> Name | None:
    """The parts of a file's name; None where it is no journal."""
    found = _NAME.fullmatch(file)
    return Name(file, found[1], int(found[2]), found[3], found[4]) if found else None


def survey(folder: Path) -> Survey:
    """Every journal file there is, with (inode, size). Blocks on disk; empty without a folder."""
    found = Survey()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = name_of(entry.name)
                if name is not None and entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    found.names.append(name)
                    found.sizes[entry.name] = (status.st_ino, status.st_size)
    except (FileNotFoundError, NotADirectoryError):
        return found
    except OSError as error:
        raise LibraryError(f"{folder} cannot be read: {error.strerror}") from None
    found.names.sort(key=lambda name: (name.device, name.number, name.kind == "log", name.extra))
    return found


def lines_of(path: Path, standing: Standing) -> Iterator[dict[str, Any]]:
    """The good lines of a file beyond where it was read to; headers and trailers are noted.

    Reads in pieces, so that no other thread waits long. Raises OSError.
    """
    reading = standing.reading
    with path.open("rb") as stream:
        stream.seek(reading.end)
        content = b""
        while piece := stream.read(_CHUNK):
            content += piece
            # Up to the last line end only: the rest is read again with the next piece.
            cut = content.rfind(b"\n") + 1
            if not cut:
                continue
            before = reading.end
            for line in read(content[:cut], reading):
                if "format" in line:
                    standing.format, standing.headed = int(line["format"]), True
                elif "end" in line:
                    standing.whole = line["end"] == reading.lines - 1
                else:
                    yield line
            # What follows the last good line may turn out to be rot: it is kept.
            content = content[reading.end - before :]


def generation(names: Sequence[Name], verifies: Callable[[Name], bool]) -> list[Name]:
    """Of one device's files those to load: the newest snapshot that verifies, and logs from its number on.

    Conflict copies are always among them: what they hold twice does no harm.
    """
    own = [name for name in names if not name.extra]
    snaps = [name for name in own if name.kind == "snap"]
    chosen = next((name for name in reversed(snaps) if verifies(name)), None)
    first = chosen.number if chosen else 0
    logs = [name for name in own if name.kind == "log" and name.number >= first]
    # Without a verified snapshot every line that can be read counts, also of broken ones.
    base = [chosen] if chosen else snaps
    return [*base, *logs, *(name for name in names if name.extra)]


def verified(path: Path) -> bool:
    """Whether a snapshot is whole: its last line counts the lines before it. Reads the file's end only."""
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, os.fstat(stream.fileno()).st_size - 200))
            tail = stream.read()
    except OSError:
        return False
    if not tail.endswith(b"\n"):
        return False
    trailer = decode(tail[:-1].rpartition(b"\n")[2])
    return trailer is not None and "end" in trailer


class OwnLog:
    """This device's newest log, appended to under the lock.

    After an fsync that failed nobody knows what is on the disk, so the log refuses every further
    write of this process.
    """

    def __init__(self, folder: Path, device: str, backups: Path):
        self._folder = folder
        self._backups = backups
        self.device = device
        self._broken = False

    def newest(self) -> Path:
        """The log to append to: of the highest number, or the first."""
        numbers = [
            name.number
            for name in survey(self._folder).names
            if name.device == self.device and not name.extra
        ]
        return self._folder / f"{self.device}-{max(numbers, default=1)}.log"

    def append(self, path: Path, good_end: int, content: bytes) -> int:
        """Append lines behind the last good one, durably; returns the file's new length.

        `good_end` is where the last good line ends, as read under the same lock; what lies
        beyond it is torn, and set aside. Raises NotSaved, and then the file is as it was.
        """
        if self._broken:
            raise NotSaved("not saved: the disk failed before; start reader again")
        fresh = not path.exists()
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise NotSaved(f"not saved: {path} cannot be written: {error.strerror}") from None
        try:
            size = os.fstat(descriptor).st_size
            if size > good_end:
                self._set_aside(descriptor, good_end, size)
            return self._write(descriptor, path, good_end, content, fresh)
        finally:
            os.close(descriptor)

    def _write(self, descriptor: int, path: Path, length: int, content: bytes, fresh: bool) -> int:
        if length == 0:
            number = int(path.stem.rpartition("-")[2])
            content = encode({"format": FORMAT, "device": self.device, "n": number}) + content
        try:
            write_all(descriptor, content)
        except OSError as error:
            self._cut(descriptor, length)
            raise NotSaved(f"not saved: {error.strerror} ({path.parent})") from None
        try:
            _sync(descriptor)
            if fresh:
                sync_folder(path.parent)
        except OSError as error:
            self._broken = True
            self._cut(descriptor, length)
            raise NotSaved(f"not saved: the disk did not take it: {error.strerror}") from None
        return length + len(content)

    def _cut(self, descriptor: int, length: int) -> None:
        try:
            os.ftruncate(descriptor, length)
        except OSError:
            self._broken = True

    def _set_aside(self, descriptor: int, good_end: int, size: int) -> None:
        torn = os.pread(descriptor, min(size - good_end, 64 << 20), good_end)
        try:
            self._backups.mkdir(parents=True, exist_ok=True, mode=0o700)
            aside = (
                self._backups / f"torn-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{good_end}"
            )
            aside.write_bytes(torn)
            os.ftruncate(descriptor, good_end)
        except OSError as error:
            raise NotSaved(
                f"not saved: the journal's torn end cannot be set aside: {error.strerror}"
            ) from None


def _sync(descriptor: int) -> None:
    # macOS: fsync alone leaves the data in the drive's cache.
    full = getattr(fcntl, "F_FULLFSYNC", None)
    if full is not None:
        fcntl.fcntl(descriptor, full)
    else:
        os.fdatasync(descriptor)


def check_format(standings: Sequence[Standing]) -> None:
    """Raises NewerFormat where any header has a higher number than is known here."""
    if any(standing.format > FORMAT for standing in standings):
        raise NewerFormat(
            "the library was written by a newer reader: update reader to change it; reading works"
        )
