"""One writer at a time: `flock` on a file that is never renamed or removed."""

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from reader.model.errors import LibraryBusyError, WriteError

TIMEOUT: Final = 5.0
"""Seconds to wait while no process gets the lock; a change holds it for milliseconds."""
_FLAGS: Final = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
_MAX_WAIT: Final = 60.0
"""Seconds to wait in all, while others take turns."""


_checked_devices: set[int] = set()
"""File systems (`st_dev`) whose locks were seen to keep others out."""


@contextmanager
def hold_lock(path: Path, patience: float = TIMEOUT) -> Iterator[None]:
    """Hold the lock. The kernel releases it when the process ends.

    Raises LibraryBusyError after `patience` seconds without any owner, WriteError if
    the file cannot be opened, or the file system keeps no locks.
    """
    try:
        descriptor = os.open(path, _FLAGS, 0o600)
    except OSError as error:
        reason = error.strerror
        if error.errno == errno.ELOOP:
            reason = "it is a symbolic link, which is not followed: remove it"
        raise WriteError(f"not saved: {path} cannot be written: {reason}") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            _wait(descriptor, path, patience)
        if os.fstat(descriptor).st_dev not in _checked_devices:
            _check_effect(descriptor, path)
        with suppress(OSError):
            # Those who wait see by this that it goes from hand to hand.
            os.utime(descriptor)
        yield
    finally:
        os.close(descriptor)


def _check_effect(held: int, path: Path) -> None:
    """Check, once a file system, that the held lock excludes others.

    Some network file systems grant it to all: raises WriteError.
    """
    try:
        descriptor = os.open(path, _FLAGS, 0o600)
    except OSError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        _checked_devices.add(os.fstat(held).st_dev)
    else:
        raise WriteError(f"not saved: the file system of {path} keeps no locks")
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: Path, patience: float) -> None:
    pause, turn = 0.0005, 0
    until = last = time.monotonic() + _MAX_WAIT
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EINTR):
                raise WriteError(f"not saved: {path} cannot be locked: {error.strerror}") from None
        if turn != os.fstat(descriptor).st_mtime_ns:
            turn, until = os.fstat(descriptor).st_mtime_ns, time.monotonic() + patience
        if time.monotonic() > min(until, last):
            raise LibraryBusyError(
                "the library is busy: another reader process is writing; try again"
            )
        time.sleep(pause)
        pause = min(pause * 2, 0.02)
