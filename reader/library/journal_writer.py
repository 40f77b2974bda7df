"""This device's newest log: a change is one write behind the last good line, and one fsync."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reader.library.durable_io import AppendFile, create_file, sync, sync_folder, write_all
from reader.library.journal_codec import FORMAT, encode
from reader.model.errors import WriteError

RECENT_SUFFIX: Final = ".since"
"""What a copy of the lines since the last backup is called, behind the log's name."""
_MAX_TORN_BYTES: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Appended:
    """Where what was appended lies: the file's inode, the first byte behind the former end, the end."""

    inode: int
    start: int
    end: int


class JournalWriter:
    """Appends to a log of this device; the caller holds the library's lock.

    After an fsync that failed nobody knows what is on the disk, so every further write of this
    process is refused.
    """

    def __init__(self, device: str, aside: Path):
        self.device = device
        self._aside = aside
        self._has_failed = False
        self._log: AppendFile | None = None
        self._recent: AppendFile | None = None

    def close(self) -> None:
        """Let go of the files."""
        for tail in (self._log, self._recent):
            if tail is not None:
                tail.close()

    def append(self, path: Path, good_end: int, content: bytes) -> Appended:
        """Append lines behind the last good one, durably.

        `good_end` is where the last good line ends, as read under the same lock; what lies beyond
        it is torn, and set aside. Raises NotSaved, and then the file is as it was.
        """
        if self._has_failed:
            raise WriteError("not saved: the disk failed before; start reader again")
        if self._log is None or self._log.path != path:
            self.close()
            self._log = AppendFile(path)
            self._recent = AppendFile(self._aside / (path.name + RECENT_SUFFIX))
        try:
            # A log that is a link is never read, so nothing is written through it.
            descriptor, status = self._log.open()
        except OSError as error:
            raise WriteError(f"not saved: {path} cannot be written: {error.strerror}") from None
        try:
            if status.st_size > good_end:
                self._set_aside(path, descriptor, good_end, status.st_size)
            self._write(descriptor, path, good_end, content)
        except OSError as error:
            raise WriteError(f"not saved: {error.strerror} ({path})") from None
        self._append_recent(content)
        return Appended(status.st_ino, good_end, good_end + len(content))

    def header(self, number: int) -> bytes:
        """The line that a log of this device begins with."""
        return encode({"format": FORMAT, "device": self.device, "n": number})

    def _write(self, descriptor: int, path: Path, length: int, content: bytes) -> None:
        try:
            write_all(descriptor, content)
        except OSError:
            self._truncate(descriptor, length)
            raise
        try:
            sync(descriptor)
            if length == 0:
                sync_folder(path.parent)
                sync_folder(path.parent.parent)
        except OSError as error:
            self._has_failed = True
            self._truncate(descriptor, length)
            raise WriteError(f"not saved: the disk did not take it: {error.strerror}") from None

    def _append_recent(self, content: bytes) -> None:
        """Keep a copy until the next backup is made, without fsync; a full disk costs the copy only."""
        if self._recent is not None:
            with suppress(OSError):
                write_all(self._recent.open()[0], content)

    def _truncate(self, descriptor: int, length: int) -> None:
        try:
            os.ftruncate(descriptor, length)
        except OSError:
            self._has_failed = True

    def _set_aside(self, path: Path, descriptor: int, good_end: int, size: int) -> None:
        with path.open("rb") as stream:
            stream.seek(good_end)
            torn = stream.read(min(size - good_end, _MAX_TORN_BYTES))
        name = f"torn-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{good_end}"
        aside = self._aside / name
        self._aside.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not aside.exists():
            create_file(aside, torn)
        os.ftruncate(descriptor, good_end)
