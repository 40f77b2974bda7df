"""Article folders as one object: a tar of the same bytes wherever it is made, and its checks.

An archive from a remote is hostile: only the files that an article folder has are taken, with
names and sizes within bounds, and only if text and folder name agree.
"""

import hashlib
import io
import os
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final

from reader import nofollow
from reader.library import article_folders
from reader.model.errors import SyncError

MAX_ARCHIVE: Final = 256 << 20
"""Bytes of an archive; a page may have 20 MB and its images 10 MB each."""
_SUMS: Final = "SHA256SUMS"
_IMAGE: Final = re.compile(r"images/[0-9A-Za-z_-][0-9A-Za-z._-]{0,99}")
_MAX_FILES: Final = 2_000
"""Files of an article: text, page and images, of which extraction keeps 300 at most."""
_SIZE_FIELD: Final = slice(124, 136)
_SUM_FIELD: Final = slice(148, 156)
"""Fields of a header of ustar (POSIX.1-1988)."""


def pack_folder(home: Path, folder: str) -> bytes:
    """Return the archive of an article folder. Raises OSError, SyncError if it is too large.

    Names sorted, times 0, so that equal folders give equal bytes; first comes `SHA256SUMS`.
    """
    with _opened(home, folder) as descriptor:
        files = dict(_read_files(descriptor, folder))
    if article_folders.TEXT not in files:
        raise FileNotFoundError(folder)
    if not _is_text_of(files[article_folders.TEXT], folder):
        raise SyncError(
            f"not sent: {folder}/article.md is not as it was saved: see `reader doctor`"
        )
    return _pack(files)


def _pack(files: Mapping[str, bytes]) -> bytes:
    """Return the archive of these files, in the order in which `_read_files` yields them."""
    sums = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()
    )
    pieces: list[bytes] = []
    size = 0
    for name, content in {_SUMS: sums.encode(), **files}.items():
        padding = bytes(-len(content) % tarfile.BLOCKSIZE)
        pieces += [_header(name, len(content)), content, padding]
        size += tarfile.BLOCKSIZE + len(content) + len(padding)
    end = 2 * tarfile.BLOCKSIZE
    pieces.append(bytes(end + -(size + end) % tarfile.RECORDSIZE))
    return b"".join(pieces)


def _header(name: str, size: int) -> bytes:
    """Return the header of a file in the archive.

    Only name, size and checksum differ between headers. Making each by tarfile took a third of
    the time of packing.
    """
    if len(name) > tarfile.LENGTH_NAME:
        return _new_header(name, size)
    header = bytearray(_empty_header())
    header[: len(name)] = name.encode("ascii")
    header[_SIZE_FIELD] = b"%011o\0" % size
    header[_SUM_FIELD] = b" " * 8
    header[_SUM_FIELD] = b"%06o\0 " % sum(header)
    return bytes(header)


def _new_header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member.tobuf(tarfile.USTAR_FORMAT)


@cache
def _empty_header() -> bytes:
    return _new_header("", 0)


def folder_size(home: Path, folder: str) -> int:
    """Return the bytes of an article folder's files, roughly; 0 if it is not there."""
    total = 0
    with suppress(OSError, ValueError), _opened(home, folder) as descriptor:
        total += _size_of(descriptor)
        with _opened_images(descriptor) as images:
            total += _size_of(images)
    return total


def _size_of(descriptor: int) -> int:
    with os.scandir(descriptor) as entries:
        return sum(each.stat(follow_symlinks=False).st_size for each in entries)


def read_image(home: Path, folder: str, image: str) -> bytes | None:
    """Return an image of an article folder; None if it cannot be read."""
    return article_folders.read_image(home, folder, image)


@contextmanager
def _opened(home: Path, folder: str) -> Iterator[int]:
    """Open an article folder and give its descriptor. Follows no link. Raises OSError."""
    descriptor = nofollow.open_folder(home, nofollow.split_path(folder))
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _opened_images(article: int) -> Iterator[int]:
    """Open the folder of the images of an open article folder. Raises OSError."""
    descriptor = nofollow.open_subfolder(article, "images")
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _read_files(descriptor: int, folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an open article folder in the archive's order. Follows no link."""
    total = 0
    for name, content in _read_all(descriptor):
        total += len(content)
        if total > MAX_ARCHIVE:
            raise SyncError(f"{folder} is larger than {MAX_ARCHIVE >> 20} MB")
        yield name, content


def _read_all(descriptor: int) -> Iterator[tuple[str, bytes]]:
    with suppress(FileNotFoundError):
        text = nofollow.read_file_in(descriptor, article_folders.TEXT, MAX_ARCHIVE)
        yield article_folders.TEXT, text
    try:
        images = nofollow.open_subfolder(descriptor, "images")
    except OSError:
        images = -1
    if images >= 0:
        try:
            found = sorted(f"images/{name}" for name in os.listdir(images))  # noqa: PTH208
            for name in [each for each in found if is_image_name(each)][:_MAX_FILES]:
                with suppress(FileNotFoundError):
                    yield name, nofollow.read_file_in(images, name[len("images/") :], MAX_ARCHIVE)
        finally:
            os.close(images)
    with suppress(FileNotFoundError):
        page = nofollow.read_file_in(descriptor, article_folders.PAGE, MAX_ARCHIVE)
        yield article_folders.PAGE, page


def is_image_name(name: str) -> bool:
    """Return whether a path below an article folder can be that of an image."""
    return _IMAGE.fullmatch(name) is not None


def unpack_folder(content: bytes, folder: str, name: str) -> dict[str, bytes]:
    """Return the files of an archive, checked; `name` is the object's, for errors.

    Raises SyncError if a file is of another folder, damaged, missing, or none of an article.
    """
    files: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            for member in archive:
                if not member.isreg() or not _is_known(member.name) or member.name in files:
                    raise SyncError(f"{name} has a file that no article has: {member.name[:80]!r}")
                stream = archive.extractfile(member)
                if stream is None or len(files) > _MAX_FILES:
                    raise SyncError(f"{name} is not an article's archive")
                files[member.name] = stream.read(MAX_ARCHIVE)
    except (tarfile.TarError, EOFError, ValueError, OverflowError, RecursionError):
        raise SyncError(f"{name} is not an archive") from None
    files.pop(_SUMS, None)
    # Equal folders give equal bytes, so this compares every byte, and the sums among them.
    if _pack(files) != content:
        raise SyncError(f"{name} is damaged: its checksums differ")
    text = files.get(article_folders.TEXT)
    if text is None or not _is_text_of(text, folder):
        raise SyncError(f"{name} holds another article than {folder[:120]!r}")
    return files


def _is_text_of(text: bytes, folder: str) -> bool:
    return hashlib.sha256(text).hexdigest()[:8] == folder.rpartition("-")[2]


def _is_known(name: str) -> bool:
    return name in (_SUMS, article_folders.TEXT, article_folders.PAGE) or is_image_name(name)


def check_image(content: bytes, image: str, name: str) -> None:
    """Raise SyncError if an image's content is not the one that its name stands for."""
    stem = PurePosixPath(image).stem
    if not hashlib.sha256(content).hexdigest().startswith(stem) or len(stem) < 16:
        raise SyncError(f"{name} is another image than {image[:120]!r}")


def missing_images(home: Path, folder: str, images: Iterable[str]) -> list[str]:
    """Return those of the images that are not in the article folder."""
    return [image for image in images if not _is_file(home, folder, image)]


def _is_file(home: Path, folder: str, image: str) -> bool:
    try:
        os.close(nofollow.open_file(home, [*nofollow.split_path(folder), *image.split("/")]))
    except (OSError, ValueError):
        return False
    return True
