"""Appends to this device's newest log: one write and one fsync a change."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from reader.library.durable_io import AppendFile, create_file, sync, sync_folder, write_all
from reader.library.journal_codec import FORMAT, decode, decode_file, encode
from reader.library.journal_files import AppendedStamp, FileStamp, parse_name
from reader.model.errors import WriteError

RECENT_SUFFIX: Final = ".since"
"""Suffix of the copies of lines since the last backup."""
_MAX_TORN_BYTES: Final = 64 << 20
"""Bytes after the last good line that are set aside: the limit of a line (`MAX_LINE_BYTES`)."""


class JournalWriter:
    """Appends to a log of this device; the caller holds the library's lock.

    After a failed fsync the content of the disk is unknown, so every further write of this
    process is refused.
    """

    def __init__(self, device: str, aside: Path):
        self.device = device
        self._aside = aside
        self._has_failed = False
        self._files: tuple[AppendFile, AppendFile] | None = None
        """The log, and the copies of its lines since the last backup."""

    def close(self) -> None:
        """Close the files."""
        for file in self._files or ():
            file.close()

    def append(
        self, path: Path, good_end: int, content: bytes, known: FileStamp | None = None
    ) -> AppendedStamp:
        """Append lines behind the last good one, durably; return the file's stamp afterwards.

        `good_end` is where the last good line ends, as read under the same lock; what lies beyond
        it is torn, and set aside. `known` is a settled stamp of what was read. Raises WriteError;
        the file at `path` is unchanged then.
        """
        if self._has_failed:
            raise WriteError("not saved: the disk failed before; start reader again")
        if self._files is None or self._files[0].path != path:
            self.close()
            self._files = AppendFile(path), AppendFile(self._aside / (path.name + RECENT_SUFFIX))
        log, recent = self._files
        try:
            # A log that is a link is never read, so nothing is written through it.
            descriptor, status = log.open()
        except OSError as error:
            raise WriteError(f"not saved: {path} cannot be written: {error.strerror}") from None
        if status.st_size < good_end:
            raise WriteError(f"not saved: another program exchanged {path}: try again")
        try:
            if status.st_size > good_end:
                self._set_aside(path, descriptor, good_end, status.st_size)
            try:
                write_all(descriptor, content)
            except OSError:
                self._truncate(descriptor, good_end)
                raise
            time_set = _set_time(descriptor) if known == FileStamp.of(status) else 0
            try:
                sync(descriptor)
                if good_end == 0:
                    sync_folder(path.parent)
                    sync_folder(path.parent.parent)
            except OSError as error:
                self._has_failed = True
                self._truncate(descriptor, good_end)
                raise WriteError(f"not saved: the disk did not take it: {error.strerror}") from None
            stamp = FileStamp.of(os.lstat(path))
        except OSError as error:
            raise WriteError(f"not saved: {error.strerror} ({path})") from None
        if stamp[:2] != (FileStamp.of(status).inode, good_end + len(content)):
            raise WriteError(f"not saved: another program exchanged {path}: try again")
        # The copy for the state folder: a full disk costs nothing else.
        with suppress(OSError):
            recent.append(content)
        return AppendedStamp(stamp, stamp.modified == time_set != stamp.changed)

    def has_written(self, path: Path, number: int, changes: int, base: int) -> bool:
        """Return whether this is the newest log, and all logs are as this device left them.

        Judged by the last line of each copy of recent lines, which must be in its log; those before
        the snapshot with the number `base` are in that. A log that is newer than every copy may hold
        no changes yet, and `changes` is their number in it. Without a copy, every log may be. Blocks
        on disk.
        """
        copies: dict[int, Path] = {}
        for copy in self._recent_copies():
            name = parse_name(copy.name.removesuffix(RECENT_SUFFIX))
            if name is not None and not name.conflict:
                copies[name.number] = copy
        if copies and max(copies) < number and (changes or not path.exists()):
            # A log that was begun, and its process killed, is there and has a header only.
            return False
        for each, copy in copies.items():
            line = last_line(copy) if each >= base else None
            if line is not None and not _holds(path.with_name(f"{self.device}-{each}.log"), line):
                return False
        return True

    def last_lines(self) -> Iterator[dict[str, Any]]:
        """Yield the last line of each copy of recent lines."""
        for copy in self._recent_copies():
            line = last_line(copy)
            value = decode(line[:-1]) if line else None
            if value is not None:
                yield value

    def _recent_copies(self) -> list[Path]:
        start, end = f"{self.device}-", f".log{RECENT_SUFFIX}"
        copies = recent_copies(self._aside)
        return [each for each in copies if each.name.startswith(start) and each.name.endswith(end)]

    def header(self, number: int) -> bytes:
        """Return the line that a log of this device begins with."""
        return encode({"format": FORMAT, "device": self.device, "n": number})

    def _truncate(self, descriptor: int, length: int) -> None:
        try:
            os.ftruncate(descriptor, length)
        except OSError:
            self._has_failed = True

    def _set_aside(self, path: Path, descriptor: int, good_end: int, size: int) -> None:
        if size - good_end > _MAX_TORN_BYTES:
            raise WriteError(f"not saved: {path} ends in {size - good_end:,} bytes without a line")
        with path.open("rb") as stream:
            stream.seek(good_end)
            torn = stream.read(size - good_end)
        if any(True for _ in decode_file(torn)):
            raise WriteError(f"not saved: another program wrote to {path}: try again")
        name = f"torn-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{good_end}"
        aside = self._aside / name
        self._aside.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not aside.exists():
            create_file(aside, torn)
        os.ftruncate(descriptor, good_end)


def _set_time(descriptor: int) -> int:
    """Set a file's time of modification to now, in nanoseconds, and return it; 0 if that fails."""
    now = time.time_ns()
    try:
        os.utime(descriptor, ns=(now, now))
    except OSError:
        return 0
    return now


def recent_copies(folder: Path) -> list[Path]:
    """Return the copies of recent lines in a folder of backups.

    ⏱ Not by `glob`, which compiles a pattern.
    """
    with suppress(OSError):
        return [path for path in folder.iterdir() if path.name.endswith(RECENT_SUFFIX)]
    return []


def last_line(path: Path) -> bytes | None:
    """Return the last good line of a file with its end, or None."""
    length = 1 << 12
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            while True:
                stream.seek(max(0, size - length))
                lines = stream.read().split(b"\n")[:-1]
                for line in reversed(lines if length >= size else lines[1:]):
                    if decode(line) is not None:
                        return line + b"\n"
                if length >= size:
                    return None
                length *= 8
    except OSError:
        return None


def _holds(path: Path, line: bytes) -> bool:
    """Return whether the file has the line, most likely as its last one."""
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            stream.seek(max(0, size - len(line)))
            if stream.read() == line:
                return True
            stream.seek(0)
            return line in stream.read()
    except OSError:
        return False
