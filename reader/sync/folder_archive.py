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


def pack_folder(home: Path, folder: str) -> bytes:
    """Return the archive of an article folder. Raises OSError, SyncError if it is too large.

    Names sorted, times 0, so that equal folders give equal bytes; first comes `SHA256SUMS`.
    """
    files = dict(_read_files(home, folder))
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
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in {_SUMS: sums.encode(), **files}.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o600
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def folder_size(home: Path, folder: str) -> int:
    """Return the bytes of an article folder's files, roughly; 0 if it is not there."""
    total = 0
    for below in ("", "images"):
        try:
            parts = [*nofollow.split_path(folder), *([below] if below else [])]
            descriptor = nofollow.open_folder(home, parts)
        except (OSError, ValueError):
            continue
        try:
            with os.scandir(descriptor) as entries:
                total += sum(each.stat(follow_symlinks=False).st_size for each in entries)
        except OSError:
            continue
        finally:
            os.close(descriptor)
    return total


def read_image(home: Path, folder: str, image: str) -> bytes | None:
    """Return an image of an article folder; None if it cannot be read."""
    return article_folders.read_image(home, folder, image)


def _read_files(home: Path, folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield the article's files in order. Follows no link."""
    parts = nofollow.split_path(folder)
    total = 0
    for name in (article_folders.TEXT, *_image_names(home, parts), article_folders.PAGE):
        try:
            content = nofollow.read_file(home, [*parts, *name.split("/")], MAX_ARCHIVE)
        except FileNotFoundError:
            continue
        total += len(content)
        if total > MAX_ARCHIVE:
            raise SyncError(f"{folder} is larger than {MAX_ARCHIVE >> 20} MB")
        yield name, content


def _image_names(home: Path, parts: tuple[str, ...]) -> list[str]:
    try:
        descriptor = nofollow.open_folder(home, [*parts, "images"])
    except OSError:
        return []
    try:
        found = [f"images/{name}" for name in os.listdir(descriptor)]  # noqa: PTH208
    finally:
        os.close(descriptor)
    return sorted(name for name in found if is_image_name(name))[:_MAX_FILES]


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
