"""Notes of the article folders that running jobs write before their records.

A process that writes folders notes each in its own file under `tmp/`, and holds a lock on that
file until the records are written. So others can tell the folders of a process that is at work from
those that a killed one has left.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from reader import nofollow

_SUFFIX: Final = ".pending"
_UNWANTED: Final = "-"
"""Prefix of a folder whose job has failed."""


class PendingFolders:
    """The folders that one job of this process writes; not safe from several threads."""

    def __init__(self, home: Path):
        self._home = home
        self._path: Path | None = None
        self._descriptor = -1

    def note(self, folder: str) -> None:
        """Note a folder before it is there. Raises OSError."""
        if self._path is None:
            path = self._home / "tmp" / f"{os.urandom(8).hex()}{_SUFFIX}"
            # Under its name it is locked already: others take one without a lock for abandoned.
            new = path.with_suffix(".new")
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            self._descriptor = os.open(new, flags, 0o600)
            self._path = new
            # Without locks other processes may adopt folders early, which loses nothing.
            with suppress(OSError):
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                new.rename(path)
            except OSError:
                self.finish()
                raise
            self._path = path
        os.write(self._descriptor, folder.encode() + b"\n")

    def note_unwanted(self, folders: Iterable[str]) -> None:
        """Note folders that no record will name; they are removed if this job is killed.

        Raises OSError.
        """
        for folder in folders:
            self.note(f"{_UNWANTED}{folder}")

    def finish(self) -> None:
        """Forget them: each is named by a record, or removed."""
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
        self.abandon()

    def abandon(self, unwanted: Iterable[str] = ()) -> None:
        """Leave them to the next process that writes; it removes the `unwanted` ones."""
        if self._descriptor >= 0:
            with suppress(OSError):
                for folder in unwanted:
                    os.write(self._descriptor, f"{_UNWANTED}{folder}\n".encode())
            os.close(self._descriptor)
        self._path, self._descriptor = None, -1


def has_pending(home: Path) -> bool:
    """Return whether any process has noted folders. Blocks on disk.

    Only names are looked at; `abandoned` opens the notes, and follows no link.
    """
    try:
        return any(name.endswith(_SUFFIX) for name in os.listdir(home / "tmp"))  # noqa: PTH208
    except OSError:
        return False


def list_pending(home: Path) -> set[str]:
    """Return the folders that a process writes or removes, or has left to the next one.

    Blocks on disk.
    """
    folders: set[str] = set()
    for name in _names(home):
        with _opened(home, name) as descriptor:
            if descriptor >= 0:
                folders |= {line.removeprefix(_UNWANTED) for line in _read(descriptor)}
    return folders


@contextmanager
def abandoned(home: Path) -> Iterator[tuple[set[str], set[str]]]:
    """Yield the folders that processes have left: those to keep, and those to remove.

    Their notes are deleted if the block is left without an error. Blocks on disk.
    """
    left: set[str] = set()
    notes: list[str] = []
    for name in _names(home):
        with _opened(home, name) as descriptor:
            if descriptor >= 0 and _is_abandoned(descriptor):
                left |= _read(descriptor)
                notes.append(name)
    unwanted = {line.removeprefix(_UNWANTED) for line in left if line.startswith(_UNWANTED)}
    yield {line for line in left if not line.startswith(_UNWANTED)} - unwanted, unwanted
    for name in notes:
        with suppress(OSError):
            (home / "tmp" / name).unlink()


def is_pending_file(name: str) -> bool:
    """Return whether a file of `tmp/` is the note of a process."""
    return name.endswith(_SUFFIX)


def _names(home: Path) -> list[str]:
    try:
        descriptor = nofollow.open_folder(home, ["tmp"])
    except OSError:
        return []
    try:
        return [name for name in os.listdir(descriptor) if is_pending_file(name)]  # noqa: PTH208
    finally:
        os.close(descriptor)


@contextmanager
def _opened(home: Path, name: str) -> Iterator[int]:
    """Return the descriptor of a note; -1 if it is gone."""
    try:
        descriptor = nofollow.open_file(home, ["tmp", name])
    except OSError:
        yield -1
        return
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _is_abandoned(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _read(descriptor: int) -> set[str]:
    content = b""
    os.lseek(descriptor, 0, os.SEEK_SET)
    while piece := os.read(descriptor, 1 << 20):
        content += piece
    # Half a line is of a folder that was not there yet.
    return {line.decode("utf-8", "replace") for line in content.split(b"\n")[:-1]}
