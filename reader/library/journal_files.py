"""The journal files of all devices: which there are, which count, and what they say."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from reader.library.journal_codec import FORMAT, Reading, Scan, decode
from reader.model.errors import LibraryError, NewerFormat

# Synchronisers put their word before the type (Syncthing, Dropbox, Nextcloud) or behind (rclone).
_NAME: Final = re.compile(
    r"([0-9a-hjkmnp-tv-z]{8})-(\d{1,9})([^0-9./][^/]*|\.[^/]*|)\.(log|snap)(\.+(?:conflict|path)\d*|)"
)
_CHUNK: Final = 1 << 20
_LONGEST: Final = 64 << 20
"""Bytes without a line end from which they are no line, but rot: zeros that a power cut left."""


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
    """How far one file was read. `format` is the header's; `whole` says that a snapshot verified.

    `is_short` says that it has fewer lines than its last one says, `bad` how many bad stretches
    were found at a former time.
    """

    inode: int
    reading: Reading
    format: int = FORMAT
    whole: bool = False
    headed: bool = False
    changes: int = 0
    is_short: bool = False
    bad: int = 0

    @property
    def is_damaged(self) -> bool:
        """Whether a line that was there cannot be read, or a snapshot does not hold all its lines."""
        return bool(self.reading.rotten or self.bad or self.is_short)


@dataclass(slots=True)
class Survey:
    """The files that count at a moment, oldest generation first, each device's in order."""

    names: list[Name] = field(default_factory=list)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)

    def by_device(self) -> Iterator[list[Name]]:
        """The names of each device."""
        devices: dict[str, list[Name]] = {}
        for name in self.names:
            devices.setdefault(name.device, []).append(name)
        yield from devices.values()


@lru_cache(1000)
def name_of(file: str) -> Name | None:
    """The parts of a file's name; None where it is no journal."""
    found = _NAME.fullmatch(file)
    return Name(file, found[1], int(found[2]), found[3] + found[5], found[4]) if found else None


def survey(folder: Path, wanted: Callable[[Name], bool] = lambda name: True) -> Survey:
    """The journal files there are, with (inode, size). Blocks on disk; empty without a folder.

    Raises LibraryError.
    """
    found = Survey()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = name_of(entry.name)
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
    found.names.sort(key=lambda name: (name.device, name.number, name.kind == "log", name.extra))
    return found


def lines_of(path: Path, standing: Standing) -> Iterator[list[dict[str, Any]]]:
    """The good lines of a file beyond where it was read to, in lists; headers and trailers are noted.

    Reads in pieces, so that no other thread waits long. Raises OSError.
    """
    for batch in _read_on(path, standing.reading):
        changes = [line for line in batch if "c" in line]
        if len(changes) == len(batch):
            standing.changes += len(batch)
        else:
            _note(standing, batch)
        yield changes


def _note(standing: Standing, batch: list[dict[str, Any]]) -> None:
    """Count changes, and take in what headers and trailers among them say."""
    for line in batch:
        if "c" in line:
            standing.changes += 1
        elif "format" in line:
            standing.headed = True
            standing.format = max(standing.format, _number(line["format"]))
        elif "end" in line:
            standing.whole = line["end"] == standing.changes
            standing.is_short = not standing.whole


def _read_on(path: Path, reading: Reading) -> Iterator[list[dict[str, Any]]]:
    scan = Scan(reading)
    with path.open("rb") as stream:
        stream.seek(reading.end)
        content = b""
        # As much again as there is without a line end: a long line is not copied for each piece.
        while piece := stream.read(max(_CHUNK, len(content))):
            content += piece
            cut = content.rfind(b"\n") + 1
            yield from scan.lines(content[:cut])
            content = content[cut:]
            if len(content) > _LONGEST:
                scan.skip(len(content))
                content = b""


def _number(value: object) -> int:
    return value if type(value) is int else FORMAT


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


def check_format(standings: Sequence[Standing]) -> None:
    """Raises NewerFormat where any header has a higher number than is known here."""
    if any(standing.format > FORMAT for standing in standings):
        raise NewerFormat(
            "the library was written by a newer reader: update reader to change it; reading works"
        )
