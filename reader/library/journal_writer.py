"""This device's newest log: a change is one write behind the last good line, and one fsync."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reader.library.durable_io import Tail, sync, sync_folder, write_all, write_new
from reader.library.journal_codec import FORMAT, encode
from reader.model.errors import NotSaved

SINCE: Final = ".since"
"""What a copy of the lines since the last backup is called, behind the log's name."""
_MOST_TORN: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Appended:
    """Where what was appended lies: the file's inode, the first byte behind the former end, the end."""

    inode: int
    start: int
    end: int


class OwnLog:
    """Appends to a log of this device; the caller holds the library's lock.

    After an fsync that failed nobody knows what is on the disk, so every further write of this
    process is refused.
    """

    def __init__(self, device: str, aside: Path):
        self.device = device
        self._aside = aside
        self._broken = False
        self._log: Tail | None = None
        self._since: Tail | None = None

    def close(self) -> None:
        """Let go of the files."""
        for tail in (self._log, self._since):
            if tail is not None:
                tail.close()

    def append(self, path: Path, good_end: int, content: bytes) -> Appended:
        """Append lines behind the last good one, durably.

        `good_end` is where the last good line ends, as read under the same lock; what lies beyond
        it is torn, and set aside. Raises NotSaved, and then the file is as it was.
        """
        if self._broken:
            raise NotSaved("not saved: the disk failed before; start reader again")
        if self._log is None or self._log.path != path:
            self.close()
            self._log = Tail(path)
            self._since = Tail(self._aside / (path.name + SINCE))
        try:
            # A log that is a link is never read, so nothing is written through it.
            descriptor, status = self._log.opened()
        except OSError as error:
            raise NotSaved(f"not saved: {path} cannot be written: {error.strerror}") from None
        try:
            if status.st_size > good_end:
                self._set_aside(path, descriptor, good_end, status.st_size)
            self._write(descriptor, path, good_end, content)
        except OSError as error:
            raise NotSaved(f"not saved: {error.strerror} ({path})") from None
        self._copy(content)
        return Appended(status.st_ino, good_end, good_end + len(content))

    def header(self, number: int) -> bytes:
        """The line that a log of this device begins with."""
        return encode({"format": FORMAT, "device": self.device, "n": number})

    def _write(self, descriptor: int, path: Path, length: int, content: bytes) -> None:
        try:
            write_all(descriptor, content)
        except OSError:
            self._cut(descriptor, length)
            raise
        try:
            sync(descriptor)
            if length == 0:
                sync_folder(path.parent)
                sync_folder(path.parent.parent)
        except OSError as error:
            self._broken = True
            self._cut(descriptor, length)
            raise NotSaved(f"not saved: the disk did not take it: {error.strerror}") from None

    def _copy(self, content: bytes) -> None:
        """Keep a copy until the next backup is made, without fsync; a full disk costs the copy only."""
        if self._since is not None:
            with suppress(OSError):
                write_all(self._since.opened()[0], content)

    def _cut(self, descriptor: int, length: int) -> None:
        try:
            os.ftruncate(descriptor, length)
        except OSError:
            self._broken = True

    def _set_aside(self, path: Path, descriptor: int, good_end: int, size: int) -> None:
        with path.open("rb") as stream:
            stream.seek(good_end)
            torn = stream.read(min(size - good_end, _MOST_TORN))
        name = f"torn-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{good_end}"
        aside = self._aside / name
        self._aside.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not aside.exists():
            write_new(aside, torn)
        os.ftruncate(descriptor, good_end)
