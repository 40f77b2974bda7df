"""Access to the files of an export, zip or folder: safe names, bounded sizes, read only."""

import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from reader.model.errors import ExchangeError
from reader.model.text import one_line

MAX_FILES: Final = 200_000
"""Files of one export: 100,000 articles with two files each."""
MAX_FILE: Final = 64 * 1024 * 1024
"""Bytes of a page or an image."""
MAX_TABLE: Final = 1024 * 1024 * 1024
"""Bytes of a table, a JSON file, or a zip within the zip."""
MAX_TOTAL: Final = 2 * 1024 * 1024 * 1024
"""Bytes of all unpacked files of a zip: the limit of an import file."""
MAX_RATIO: Final = 100
"""Growth of a packed file: deflate packs zeros 1,032-fold (zlib), pages about fivefold."""
_TABLES: Final = (".json", ".csv", ".zip")


class Files(Protocol):
    """The files of one export, by name."""

    @property
    def names(self) -> list[str]:
        """Return the names of all files, with `/` between their parts."""

    def read(self, name: str) -> bytes:
        """Return the file's bytes. Raises ExchangeError."""


def files_with_suffix(files: Files, suffix: str) -> Iterator[str]:
    """Return the names with a suffix, in any case, in natural order."""
    return iter(sorted((n for n in files.names if n.casefold().endswith(suffix)), key=_natural_key))


class Archive:
    """A zip read in memory, file by file.

    Raises ExchangeError for an archive with absolute names, `..`, links, too many files, or a file
    that grows beyond its declared size or a ratio of 100. Nothing is extracted to the disk.
    """

    def __init__(self, content: bytes):
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise ExchangeError(
                f"not a zip that can be read: {one_line(str(error), 120)}"
            ) from None
        members = self._zip.infolist()
        if sum(member.compress_size for member in members) > len(content):
            raise ExchangeError("the zip is refused: its files overlap")
        if len(members) > MAX_FILES:
            raise ExchangeError(f"the zip holds {len(members)} files: more than {MAX_FILES}")
        self._members: dict[str, zipfile.ZipInfo] = {}
        total = 0
        for member in members:
            _check(member)
            total += member.file_size
            if not member.is_dir():
                self._members[member.filename] = member
        if total > MAX_TOTAL:
            raise ExchangeError(f"the zip would unpack to {total} bytes: more than {MAX_TOTAL}")

    @cached_property
    def names(self) -> list[str]:
        """Return the names of all files, in the order of the archive."""
        return list(self._members)

    def read(self, name: str) -> bytes:
        """Return the file's bytes. Raises ExchangeError if it is damaged or of another size."""
        member = self._members[name]
        try:
            with self._zip.open(member) as stream:
                content = stream.read(member.file_size + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            RuntimeError,
            EOFError,
            OSError,
        ) as error:
            raise ExchangeError(
                f"{one_line(name, 120)} in the zip: {one_line(str(error), 120)}"
            ) from None
        if len(content) != member.file_size:
            raise ExchangeError(f"{one_line(name, 120)} in the zip is not of the size it claims")
        return content


class ExportFolder:
    """An unpacked export. Links are ignored: nothing outside the folder is read."""

    def __init__(self, path: Path):
        self._path = path

    @cached_property
    def names(self) -> list[str]:
        """Return the names of all files. Blocks on disk. Raises ExchangeError for too many."""
        found: list[str] = []
        for parent, folders, files in os.walk(self._path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            below = Path(parent).relative_to(self._path)
            found += [(below / name).as_posix() for name in sorted(files)]
            if len(found) > MAX_FILES:
                raise ExchangeError(f"the folder holds more than {MAX_FILES} files")
        return found

    def read(self, name: str) -> bytes:
        """Return the file's bytes. Raises ExchangeError unless it is a readable plain file."""
        shown = one_line(name, 120)
        try:
            descriptor = os.open(self._path / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(descriptor, "rb") as stream:
                status = os.fstat(descriptor)
                if not stat.S_ISREG(status.st_mode) or status.st_size > _max_size(name):
                    raise ExchangeError(
                        f"{shown} is not a plain file, or is larger than {_max_size(name)} bytes"
                    )
                return stream.read(_max_size(name))
        except OSError as error:
            raise ExchangeError(f"{shown} cannot be read: {error.strerror}") from None


def _max_size(name: str) -> int:
    return MAX_TABLE if name.casefold().endswith(_TABLES) else MAX_FILE


def _check(member: zipfile.ZipInfo) -> None:
    name = member.filename
    shown = one_line(name, 120)
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if (
        not parts
        or name.startswith(("/", "\\"))
        or ".." in parts
        or ":" in parts[0]
        or "\x00" in name
    ):
        raise ExchangeError(f"the zip has a name that leaves its folder: {shown!r}")
    if (member.external_attr >> 16) & 0o170000 == 0o120000:
        raise ExchangeError(f"the zip holds a link: {shown!r}")
    if member.file_size > _max_size(name):
        raise ExchangeError(f"{shown!r} in the zip is larger than {_max_size(name)} bytes")
    if member.file_size > 4096 and member.file_size > MAX_RATIO * max(1, member.compress_size):
        raise ExchangeError(f"{shown!r} in the zip grows more than {MAX_RATIO}-fold")


def _natural_key(name: str) -> list[tuple[int, int, str]]:
    """Sort `part_2` before `part_10`. Linear in the name."""
    parts: list[tuple[int, int, str]] = []
    for digits, other in re.findall(r"([0-9]++)|([^0-9])", name):
        number = digits.lstrip("0")
        parts.append((0, len(number), number) if digits else (1, 0, other))
    return parts
