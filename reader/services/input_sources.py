"""Read files and standard input, up to a size limit."""

import hashlib
import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote

from reader.model.errors import SourceError
from reader.model.text import one_line
from reader.model.urls import MAX_URL_LENGTH, is_web_url
from reader.paths import expand_user, real_path

MAX_BYTES: Final = 20 * 1024 * 1024
"""Larger input is rejected before it is read to its end."""
MAX_FILES: Final = 2_000
"""Files of a saved page's folder that are looked at."""
_IMAGES: Final = frozenset(
    (".png", ".jpg", ".jpeg", ".jfif", ".gif", ".webp", ".avif", ".bmp", ".download", "")
)
_FOLDERS: Final = (
    "_files", ".files", "-Dateien", "_fichiers", "_archivos", "_ficheiros", "_arquivos", "_file",
    "_bestanden", "_pliki", "_soubory", "_filer", "_tiedostot", "_файлы", "_dosyalar",
)  # fmt: skip
"""Endings of the folder that browsers in different languages save next to a page."""
CONFIRM_FROM: Final = 1_000
"""Pages in a folder from which the user is asked first."""
PAGE_SUFFIXES: Final = frozenset(
    ".html .htm .xhtml .mht .mhtml .webarchive .eml .epub .pdf .md .markdown .txt .org .adoc"
    " .asciidoc .rst .mediawiki .wikitext .gmi".split()
)
"""File name suffixes of pages in a folder."""


def find_addresses(page: bytes) -> list[str]:
    """Return the addresses if the bytes hold nothing but web addresses, each once."""
    try:
        words = page.decode("utf-8-sig").split()
    except UnicodeDecodeError:
        return []
    if not words or not all(is_web_url(word) and len(word) <= MAX_URL_LENGTH for word in words):
        return []
    return list(dict.fromkeys(words))


def _hint(source: str) -> str:
    """Return the next step for a source that is not a file."""
    host = source.partition("/")[0]
    if "://" not in source and "." in host.strip(".") and not host.startswith("."):
        return f"for an address, write https://{one_line(source, 200)}"
    return "name a file, an address or -"


def is_root(source: str) -> bool:
    """Return whether the source is the folder of a whole file system."""
    try:
        folder = real_path(expand_user(source))
        return folder.is_dir() and (folder.parent == folder or folder.is_mount())
    except (OSError, ValueError):
        return False


def find_pages(source: str) -> list[str]:
    """Return the pages in a folder and its subfolders, sorted; any other source as it is.

    Skips hidden files, links, and the `…_files` folder that a browser saves next to a page.
    Raises SourceError for a folder without any page. Blocks on disk.
    """
    folder = expand_user(source)
    try:
        if source in ("", "-") or not folder.is_dir():
            return [source]
    except (OSError, ValueError):
        return [source]
    found: list[str] = []
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and not name.endswith(_FOLDERS)
        )
        pages = [Path(parent, name) for name in sorted(files) if not name.startswith(".")]
        found += [
            str(page)
            for page in pages
            if page.suffix.casefold() in PAGE_SUFFIXES and page.is_file() and not page.is_symlink()
        ]
    if not found:
        suffixes = ", ".join(sorted(PAGE_SUFFIXES))
        raise SourceError(f"{one_line(source, 200)}: no page in this folder ({suffixes})")
    return found


def read_source(source: str, standard_input: BinaryIO | None = None) -> bytes:
    """Read a file, or standard input for `-`.

    Raises SourceError, with the next step, for a missing file, a folder, a special file, a file
    without permission, and more than 20 MB. Blocks on disk or on the input.
    """
    if source == "-":
        return _read_bounded(standard_input or sys.stdin.buffer, "standard input")
    if not source:
        raise SourceError("an empty name: name a file, an address or -")
    shown = one_line(source, 200) or repr(source)
    path = expand_user(source)
    try:
        # Opened without blocking: a pipe without a writer would never return.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        raise SourceError(f"{shown}: no such file: {_hint(source)}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the file name is invalid"
        raise SourceError(f"{shown}: cannot be read: {reason}") from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        folder = stat.S_ISDIR(mode)
        reason = (
            "is a folder: name the files in it"
            if folder
            else "is not a regular file: pipe it in with -"
        )
        raise SourceError(f"{shown} {reason}")
    with os.fdopen(descriptor, "rb") as stream:
        return _read_bounded(stream, shown)


def read_file_with_images(source: str) -> bytes:
    """Read a file like `read_source`, with the images of "Webpage, complete" next to it.

    Browsers save a page's images in a folder of its name; the page and those images come back as
    one MHTML container. Images beyond the size limit are left out. Blocks on disk.
    """
    page = read_source(source)
    path = expand_user(source)
    if source == "-" or path.suffix.casefold() not in (".html", ".htm", ".xhtml"):
        return page
    folder = next(
        (one for end in _FOLDERS if (one := path.with_name(path.stem + end)).is_dir()), None
    )
    if folder is None or folder.is_symlink():
        return page
    files: dict[str, bytes] = {}
    room = MAX_BYTES - len(page) - 100_000
    for file in sorted(folder.iterdir())[:MAX_FILES]:
        if file.suffix.casefold() not in _IMAGES or file.is_symlink() or not file.is_file():
            continue
        size = file.stat().st_size
        if size < room:
            files[f"{folder.name}/{file.name}"] = file.read_bytes()
            room -= size + 500
    return _pack_files(page, files) if files else page


def _pack_files(page: bytes, files: Mapping[str, bytes]) -> bytes:
    """Return a page with the files next to it as one MHTML container.

    `files` are images by their path relative to the page. The page's bytes stay as they are, so
    its charset is found as usual.
    """
    boundary = f"reader-{hashlib.sha256(page).hexdigest()[:32]}"
    head = f"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary={boundary}\r\n\r\n"
    parts = [head.encode()]
    for kind, location, content in (
        ("text/html", "", page),
        *(("image/x", name, content) for name, content in files.items()),
    ):
        place = f"Content-Location: {quote(location)}\r\n" if location else ""
        parts.append(f"--{boundary}\r\nContent-Type: {kind}\r\n{place}\r\n".encode())
        parts += (content, b"\r\n")
    return b"".join((*parts, f"--{boundary}--\r\n".encode()))


def _read_bounded(stream: BinaryIO, shown: str) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        while part := stream.read(min(1 << 20, MAX_BYTES + 1 - size)):
            parts.append(part)
            size += len(part)
            if size > MAX_BYTES:
                raise SourceError(
                    f"{shown} is larger than {MAX_BYTES // 2**20} MB, the limit for a page"
                )
    except OSError as error:
        raise SourceError(f"{shown}: cannot be read: {error.strerror}") from None
    return b"".join(parts)
