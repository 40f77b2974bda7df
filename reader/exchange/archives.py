"""Files out of a zip that somebody else made: named safely, bounded, nothing written anywhere."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from reader.model.errors import ExchangeError
from reader.model.text import one_line

MAX_FILES: Final = 200_000
MAX_FILE: Final = 64 * 1024 * 1024
MAX_TOTAL: Final = 2 * 1024 * 1024 * 1024
MAX_RATIO: Final = 100


class Archive:
    """A zip read in memory, file by file; refuses names and sizes that lie.

    Raises ExchangeError for an archive with absolute names, `..`, links, too many files, or a
    file that grows beyond its declared size or a ratio of 100. Nothing is ever extracted to a
    disk. Source: RELIABILITY, "Zip/HTML import".
    """

    def __init__(self, content: bytes):
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise ExchangeError(
                f"not a zip that can be read: {one_line(str(error), 120)}"
            ) from None
        members = self._zip.infolist()
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

    def names(self) -> list[str]:
        """The names of all files, in the order of the archive."""
        return list(self._members)

    def read(self, name: str) -> bytes:
        """The file's bytes. Raises ExchangeError where it is larger than declared, or damaged."""
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
        ) as error:
            raise ExchangeError(
                f"{one_line(name, 120)} in the zip: {one_line(str(error), 120)}"
            ) from None
        if len(content) != member.file_size:
            raise ExchangeError(f"{one_line(name, 120)} in the zip is not of the size it claims")
        return content

    def matching(self, suffix: str) -> Iterator[str]:
        """Names that end so, in any case, sorted as their parts are numbered."""
        return iter(
            sorted((n for n in self._members if n.casefold().endswith(suffix)), key=_numbered)
        )


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
    if member.file_size > MAX_FILE:
        raise ExchangeError(f"{shown!r} in the zip is larger than {MAX_FILE} bytes")
    if member.file_size > 4096 and member.file_size > MAX_RATIO * max(1, member.compress_size):
        raise ExchangeError(f"{shown!r} in the zip grows more than {MAX_RATIO}-fold")


def _numbered(name: str) -> tuple[object, ...]:
    """`part_2` before `part_10`."""
    parts: list[object] = []
    digits = ""
    for character in name + "\0":
        if character.isdecimal():
            digits += character
            continue
        if digits:
            parts.append((0, int(digits), ""))
            digits = ""
        parts.append((1, 0, character))
    return tuple(parts)
