"""Opening files below a folder without following links.

A synchronised folder may hold any link, made by another device or another program.
"""

import os
import stat
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_PIECE = 1 << 16
"""Bytes read at once where a file is longer than its size says."""


def split_path(relative: str) -> tuple[str, ...]:
    """Return the names in a relative path. Raises ValueError if it leads elsewhere."""
    parts = PurePosixPath(relative).parts
    if not parts or relative.startswith("/") or ".." in parts or "\0" in relative:
        raise ValueError(f"not a path below a folder: {relative[:80]!r}")
    return parts


def open_folder(root: str | Path, parts: Sequence[str] = ()) -> int:
    """Return the descriptor of a folder below `root`, which itself may be a link.

    Raises OSError: ELOOP or ENOTDIR where a link stands in the way.
    """
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for part in parts:
        try:
            following = open_subfolder(descriptor, part)
        finally:
            os.close(descriptor)
        descriptor = following
    return descriptor


def open_subfolder(folder: int, name: str) -> int:
    """Return the descriptor of a folder in an open one. Raises OSError."""
    return os.open(name, _FOLDER, dir_fd=folder)


def open_file(root: str | Path, parts: Sequence[str]) -> int:
    """Return the descriptor of a regular file below `root`, open for reading. Raises OSError."""
    folder = open_folder(root, parts[:-1])
    try:
        return _open_file_in(folder, parts[-1])
    finally:
        os.close(folder)


def read_file(root: str | Path, parts: Sequence[str], limit: int = 1 << 30) -> bytes:
    """Return the content of a file below `root`, at most `limit` bytes of it. Raises OSError."""
    return _read(open_file(root, parts), limit)


def read_file_in(folder: int, name: str, limit: int) -> bytes:
    """Return the content of a file in an open folder, at most `limit` bytes. Raises OSError."""
    return _read(_open_file_in(folder, name), limit)


def _open_file_in(folder: int, name: str) -> int:
    # Without O_NONBLOCK the opening of a pipe would wait for its other end.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(name, flags, dir_fd=folder)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"not a file: {name[:80]!r}")
    return descriptor


def _read(descriptor: int, limit: int) -> bytes:
    """Read a file and close it. A buffer of the whole limit would cost more than the reading."""
    try:
        content = os.read(descriptor, min(limit, os.fstat(descriptor).st_size + 1))
        pieces = [content]
        left = limit - len(content)
        while content and left > 0:
            content = os.read(descriptor, min(left, _PIECE))
            pieces.append(content)
            left -= len(content)
        return b"".join(pieces)
    finally:
        os.close(descriptor)
