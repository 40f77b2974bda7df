"""The journal files of all devices: which there are, which count, and what they say."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from reader.library.journal_codec import FORMAT, LineScanner, ScanResult, decode
from reader.model.errors import LibraryError, NewerFormatError

# Synchronisers put their word before the type (Syncthing, Dropbox, Nextcloud) or behind (rclone).
_NAME: Final = re.compile(
    r"([0-9a-hjkmnp-tv-z]{8})-(\d{1,9})([^0-9./][^/]*|\.[^/]*|)\.(log|snap)(\.+(?:conflict|path)\d*|)"
)
_CHUNK: Final = 1 << 20
_MAX_LINE_BYTES: Final = 64 << 20
"""Bytes without a line end from which they are no line, but rot: zeros that a power cut left."""


@dataclass(frozen=True, slots=True)
class JournalName:
    """The parts of a journal file's name. `extra` is what a synchroniser put in, for a conflict copy."""

    file: str
    device: str
    number: int
    conflict: str
    kind: str


@dataclass(slots=True)
class FileProgress:
    """How far one file was read. `format` is the header's; `whole` says that a snapshot verified.

    `is_short` says that it has fewer lines than its last one says, `bad` how many bad stretches
    were found at a former time.
    """

    inode: int
    scan: ScanResult
    format: int = FORMAT
    is_complete: bool = False
    has_header: bool = False
    changes: int = 0
    is_short: bool = False
    damaged_before: int = 0

    @property
    def is_damaged(self) -> bool:
        """Whether a line that was there cannot be read, or a snapshot does not hold all its lines."""
        return bool(self.scan.damaged or self.damaged_before or self.is_short)


@dataclass(slots=True)
class JournalListing:
    """The files that count at a moment, oldest generation first, each device's in order."""

    names: list[JournalName] = field(default_factory=list)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)

    def by_device(self) -> Iterator[list[JournalName]]:
        """The names of each device."""
        devices: dict[str, list[JournalName]] = {}
        for name in self.names:
            devices.setdefault(name.device, []).append(name)
        yield from devices.values()


@lru_cache(1000)
def parse_name(file: str) -> JournalName | None:
    """The parts of a file's name; None where it is no journal."""
    found = _NAME.fullmatch(file)
    return (
        JournalName(file, found[1], int(found[2]), found[3] + found[5], found[4]) if found else None
    )


def list_journals(
    folder: Path, wanted: Callable[[JournalName], bool] = lambda name: True
) -> JournalListing:
    """The journal files there are, with (inode, size). Blocks on disk; empty without a folder.

    Raises LibraryError.
    """
    found = JournalListing()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = parse_name(entry.name)
                if name is None or not wanted(name) or not entry.is_file(follow_symlinks=False):
                    continue
                # One that was removed meanwhile must not hide the others.
                with suppress(FileNotFoundError):
                    status = entry.stat(follow_symlinks=False)
                    found.sizes[entry.name] = (status.st_ino, status.st_size)
                    found.names.append(name)
    except (FileNotFoundError, NotADirectoryError):
        return found
    except OSError as error:
        raise LibraryError(f"{folder} cannot be read: {error.strerror}") from None
    found.names.sort(key=lambda name: (name.device, name.number, name.kind == "log", name.conflict))
    return found


def read_lines(path: Path, standing: FileProgress) -> Iterator[list[dict[str, Any]]]:
    """The good lines of a file beyond where it was read to, in lists; headers and trailers are noted.

    Reads in pieces, so that no other thread waits long. Raises OSError.
    """
    for batch in _scan_file(path, standing.scan):
        changes = [line for line in batch if "c" in line]
        if len(changes) == len(batch):
            standing.changes += len(batch)
        else:
            _note_special_lines(standing, batch)
        yield changes


def _note_special_lines(standing: FileProgress, batch: list[dict[str, Any]]) -> None:
    """Count changes, and take in what headers and trailers among them say."""
    for line in batch:
        if "c" in line:
            standing.changes += 1
        elif "format" in line:
            standing.has_header = True
            standing.format = max(standing.format, _as_format(line["format"]))
        elif "end" in line:
            standing.is_complete = line["end"] == standing.changes
            standing.is_short = not standing.is_complete


def _scan_file(path: Path, reading: ScanResult) -> Iterator[list[dict[str, Any]]]:
    scan = LineScanner(reading)
    with path.open("rb") as stream:
        stream.seek(reading.end)
        content = b""
        # As much again as there is without a line end: a long line is not copied for each piece.
        while piece := stream.read(max(_CHUNK, len(content))):
            content += piece
            cut = content.rfind(b"\n") + 1
            yield from scan.lines(content[:cut])
            content = content[cut:]
            if len(content) > _MAX_LINE_BYTES:
                scan.skip(len(content))
                content = b""


def _as_format(value: object) -> int:
    return value if type(value) is int else FORMAT


def select_generation(
    names: Sequence[JournalName], verifies: Callable[[JournalName], bool]
) -> list[JournalName]:
    """Of one device's files those to load: the newest snapshot that verifies, and logs from its number on.

    Conflict copies are always among them: what they hold twice does no harm.
    """
    own = [name for name in names if not name.conflict]
    snaps = [name for name in own if name.kind == "snap"]
    chosen = next((name for name in reversed(snaps) if verifies(name)), None)
    first = chosen.number if chosen else 0
    logs = [name for name in own if name.kind == "log" and name.number >= first]
    # Without a verified snapshot every line that can be read counts, also of broken ones.
    base = [chosen] if chosen else snaps
    return [*base, *logs, *(name for name in names if name.conflict)]


def has_trailer(path: Path) -> bool:
    """Whether a snapshot was written to its end: its last line is the trailer. Reads no more."""
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


def check_format(standings: Sequence[FileProgress]) -> None:
    """Raises NewerFormat where any header has a higher number than is known here."""
    if any(standing.format > FORMAT for standing in standings):
        raise NewerFormatError(
            "the library was written by a newer reader: update reader to change it; reading works"
        )
