"""One writer at a time: `flock` on a file that is never renamed or removed."""

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from reader.model.errors import LibraryBusy, NotSaved

PATIENCE: Final = 5.0
"""Seconds to wait for another process; a change holds the lock for milliseconds."""


@contextmanager
def held(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock. The kernel lets it go when the process ends, however it ends.

    Raises LibraryBusy after `patience` seconds, NotSaved where the file cannot be opened.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise NotSaved(f"not saved: {path} cannot be written: {error.strerror}") from None
    try:
        _wait(descriptor, path, time.monotonic() + patience)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: Path, until: float) -> None:
    pause = 0.0005
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EINTR):
                raise NotSaved(f"not saved: {path} cannot be locked: {error.strerror}") from None
        if time.monotonic() > until:
            raise LibraryBusy("the library is busy: another reader process is writing; try again")
        time.sleep(pause)
        pause = min(pause * 2, 0.02)
