"""Opening files below a folder without following links.

A synchronised folder may hold any link, made by another device or another program.
"""

import os
import stat
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


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
            following = os.open(part, _FOLDER, dir_fd=descriptor)
        finally:
            os.close(descriptor)
        descriptor = following
    return descriptor


def open_file(root: str | Path, parts: Sequence[str]) -> int:
    """Return the descriptor of a regular file below `root`, open for reading. Raises OSError."""
    folder = open_folder(root, parts[:-1])
    try:
        # Without O_NONBLOCK the opening of a pipe would wait for its other end.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(parts[-1], flags, dir_fd=folder)
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"not a file: {parts[-1][:80]!r}")
    return descriptor


def read_file(root: str | Path, parts: Sequence[str], limit: int = 1 << 30) -> bytes:
    """Return the content of a file below `root`, at most `limit` bytes of it. Raises OSError."""
    with os.fdopen(open_file(root, parts), "rb") as stream:
        return stream.read(limit)
