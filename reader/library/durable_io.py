"""Durable writes: all of the bytes or none, also after a power loss."""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

_FLAGS: Final = (
    os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
)
"""A pipe without a reader is refused, not waited for."""
MAX_PART_NAME: Final = 200
"""Bytes of a name that its temporary file bears: names have up to 255 on most file systems."""


def open_plain_file(path: Path) -> BinaryIO:
    """Open a file for reading; refuse a pipe at once, which would wait for its other end.

    Raises OSError.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a file", os.fspath(path))
    return os.fdopen(descriptor, "rb")


def read_plain_file(path: Path, limit: int = -1) -> bytes:
    """Return a file's content, at most `limit` bytes of it; see `open_plain_file`."""
    with open_plain_file(path) as stream:
        return stream.read(limit)


class AppendFile:
    """A file for repeated appends, kept open as long as its path leads to it.

    One that is missing is made, readable by this person only, and so are the folders above it.
    Not safe from several threads.
    """

    def __init__(self, path: Path):
        self.path = path
        self._name = os.fspath(path)
        self._descriptor = -1
        self._identity = (0, 0)
        self._whole_size = -1
        """Size after the last append: the file ends with a whole line there."""

    def open(self) -> tuple[int, os.stat_result]:
        """Return the descriptor to append to, and the file's status. Raises OSError."""
        if self._descriptor >= 0:
            with suppress(OSError):
                now = os.lstat(self._name)
                if (now.st_dev, now.st_ino) == self._identity:
                    return self._descriptor, now
            self.close()
        try:
            self._descriptor = os.open(self._name, _FLAGS, 0o600)
        except FileNotFoundError:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._descriptor = os.open(self._name, _FLAGS, 0o600)
        status = os.fstat(self._descriptor)
        self._identity = (status.st_dev, status.st_ino)
        return self._descriptor, status

    def append(self, lines: bytes) -> int:
        """Append whole lines, or nothing; return the size afterwards. Raises OSError.

        Bytes of a line that a power failure left without its end are ended first, so that they
        spoil no further line.
        """
        descriptor, status = self.open()
        size = status.st_size
        if size and size != self._whole_size and self._lacks_line_end(size):
            lines = b"\n" + lines
        try:
            write_all(descriptor, lines)
        except OSError:
            os.ftruncate(descriptor, size)
            raise
        self._whole_size = size + len(lines)
        return self._whole_size

    def _lacks_line_end(self, size: int) -> bool:
        """Return whether the last line has no end."""
        with self.path.open("rb") as stream:
            stream.seek(size - 1)
            return stream.read(1) != b"\n"

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            with suppress(OSError):
                os.close(descriptor)

    def __del__(self) -> None:
        self.close()


def atomic_write(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file by way of a temporary one. Raises OSError; then `path` is unchanged."""
    with atomic_file(path, mode) as stream:
        write_all(stream.fileno(), content)


@contextmanager
def atomic_file(path: Path, mode: int, *, is_durable: bool = True) -> Iterator[BinaryIO]:
    """Open a file that appears complete at the end, by way of a temporary one.

    After any error `path` is unchanged. Unless `is_durable`, folders may be unable to sync, as on
    some network file systems. Raises OSError.
    """
    name = path.name.encode(errors="ignore")[:MAX_PART_NAME].decode(errors="ignore")
    part = path.with_name(f".{name}.{os.urandom(4).hex()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            sync(descriptor)
        part.rename(path)
        with suppress(*(() if is_durable else (OSError,))):
            sync_folder(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def refuse_special(path: Path) -> None:
    """Raise OSError if the path, or the link there, leads to a device, pipe or socket.

    For files that the user names: the rename would replace `/dev/null` by a file.
    """
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise OSError(errno.EINVAL, "a device or pipe, not a file", os.fspath(path))


def create_file(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file that must not exist yet, by default for this user only. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        write_all(descriptor, content)
        sync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, content: bytes) -> None:
    """Write every byte; a short write is continued. Raises OSError."""
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def sync(descriptor: int) -> None:
    """Bring a file's content to the disk itself. Raises OSError."""
    # macOS: fsync alone leaves the data in the drive's cache.
    full = getattr(fcntl, "F_FULLFSYNC", None)
    if full is not None:
        fcntl.fcntl(descriptor, full)
    else:
        os.fdatasync(descriptor)


def create_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, each private and durable.

    Raises OSError.
    """
    if not folder.is_dir():
        create_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the folder's entries durable: without it a rename may be forgotten. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
