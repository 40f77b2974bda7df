"""A folder of pages saved by other programs; each new file is added once."""

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reader.library.durable_io import atomic_write, read_plain_file
from reader.library.state_folder import adopt_state, former_key
from reader.model.errors import LibraryError, ReaderError, SourceError
from reader.model.text import one_line
from reader.paths import real_path
from reader.services.add import AddResult, add
from reader.services.input_sources import PAGE_SUFFIXES
from reader.services.workspace import Workspace

MAX_REMEMBERED: Final = 20_000
"""Files that stay in the folder and are not read again."""

FileSignature = tuple[int, int, int]
"""Inode, size and modification time in nanoseconds, which identify an unchanged file."""


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """The result of importing one file: `saved`, or the reason of a failure."""

    name: str
    saved: AddResult | None = None
    reason: str = ""


class WatchFolder:
    """The folder named by `fetch.drop`; one object per process scans it repeatedly.

    A file is imported once two scans find it unchanged (a browser may still be writing it), or at
    once with `settled`. Imported and failed files are remembered in the state folder until they
    change.
    """

    def __init__(self, workspace: Workspace):
        self._workspace = workspace
        self._folder = Path(workspace.settings.fetch.drop)
        places = workspace.places
        former = f"dropped-{former_key(real_path(places.home), self._folder)}.json"
        name = f"watched-{former_key(self._folder)}.json"
        self._state_file = adopt_state(places, places.state / former, name)
        self._imported = _read_state(self._state_file)
        self._last_scan: dict[str, FileSignature] = {}

    def scan(self, *, settled: bool = False) -> list[ImportedFile]:
        """Import new files; blocks on disk and on extraction.

        Returns nothing if no folder is set. Raises SourceError if it cannot be read, LibraryError
        if nothing can be saved.
        """
        if not self._workspace.settings.fetch.drop:
            return []
        now = dict(self._files())
        ready = [
            name
            for name, seen in now.items()
            if self._imported.get(name) != seen and (settled or self._last_scan.get(name) == seen)
        ]
        self._last_scan = now
        results = [self._import(name, now[name]) for name in sorted(ready)]
        if results:
            self._write_state(now)
        return results

    def _import(self, name: str, seen: FileSignature) -> ImportedFile:
        try:
            found = ImportedFile(name, add(self._workspace, str(self._folder / name)))
        except LibraryError:
            raise
        except ReaderError as error:
            found = ImportedFile(name, reason=str(error))
        self._imported[name] = seen
        return found

    def _files(self) -> Iterator[tuple[str, FileSignature]]:
        try:
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    hidden = entry.name.startswith(".")
                    if not hidden and Path(entry.name).suffix.casefold() in PAGE_SUFFIXES:
                        with contextlib.suppress(FileNotFoundError):
                            status = entry.stat(follow_symlinks=False)
                            if entry.is_file(follow_symlinks=False):
                                look = (status.st_ino, status.st_size, status.st_mtime_ns)
                                yield entry.name, look
        except OSError as error:
            shown = one_line(str(self._folder), 200)
            message = f"fetch.drop: {shown} cannot be read: {error.strerror}"
            raise SourceError(message) from None

    def _write_state(self, now: dict[str, FileSignature]) -> None:
        """Save the signatures of imported files; losing them only costs another import."""
        kept = {name: seen for name, seen in self._imported.items() if name in now}
        rows = dict(list(kept.items())[-MAX_REMEMBERED:])
        with contextlib.suppress(OSError):
            self._state_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            atomic_write(self._state_file, json.dumps(rows).encode())


def _read_state(path: Path) -> dict[str, FileSignature]:
    try:
        rows = json.loads(read_plain_file(path))
        return {
            str(name): (int(one), int(two), int(three)) for name, (one, two, three) in rows.items()
        }
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}
