"""The plan of one input to Add: addresses, pages, a folder, or an export."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from reader.model.errors import ExchangeError, SourceError
from reader.model.text import one_line
from reader.model.urls import is_web_url
from reader.paths import expand_user
from reader.services.input_sources import PAGE_SUFFIXES, find_addresses, find_pages

CONFIRM_FROM: Final = 50
"""Pages of a folder from which the user is asked: fewer are added in seconds."""
_HOST: Final = r"(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?::\d{1,5})?(?:[/?#]\S*)?"
_LOCAL_HOST: Final = r"(?:localhost|\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?(?:[/?#]\S*)?"
"""This machine, or an IPv4 address: such hosts rarely speak TLS."""
_DATA_SUFFIXES: Final = frozenset({".csv", ".json", ".zip"})
"""Files that are never pages; one of an unknown program is reported with the known ones."""
_PAGE_EXPORTS: Final = frozenset({"netscape", "pocket-html", "kindle"})
"""Formats of exports that are HTML or plain text, as pages are."""
_FILE_SUFFIXES: Final = (PAGE_SUFFIXES | _DATA_SUFFIXES | {".pdf", ".epub", ".xml"}) - {".org"}
"""Endings of file names; `example.org` is rather a host than a missing Org file."""
MAX_DETECTED: Final = 64 * 1024 * 1024
"""Bytes up to which a file's content is read to tell what it is; pages have 20 MB at most."""


class AddKind(StrEnum):
    """The kind of an input."""

    ADDRESSES = "addresses"
    PAGES = "pages"
    EXPORT = "export"


class AddPlan(NamedTuple):
    """Sources of one kind; `must_confirm` if they are very many."""

    kind: AddKind
    sources: tuple[str, ...]
    must_confirm: bool = False


def plan_add(text: str) -> AddPlan:
    """Plan an input: addresses with or without scheme, a file, a folder, or an export.

    A file dropped on a terminal comes quoted or as a `file:` address. Raises SourceError if the
    input is none of these. Blocks on disk.
    """
    path = _path_of(text)
    if path is not None:
        return plan_path(path)
    words = text.split()
    addresses = [address for word in words if (address := address_of(word))]
    if words and len(addresses) == len(words):
        return AddPlan(AddKind.ADDRESSES, tuple(dict.fromkeys(addresses)))
    wrong = next((word for word in words if not address_of(word)), text)
    raise SourceError(f"{one_line(wrong, 60)}: not a file and not an address (https://…)")


def plan_path(path: Path) -> AddPlan:
    """Plan an existing path: a folder, a page, or an export. Blocks on disk."""
    if path.is_dir():
        pages = find_pages(str(path))
        return AddPlan(AddKind.PAGES, tuple(pages), len(pages) >= CONFIRM_FROM)
    if path.suffix.casefold() in _DATA_SUFFIXES:
        return AddPlan(AddKind.EXPORT, (str(path),), must_confirm=True)
    content = _read(path)
    addresses = listed_addresses(content)
    if addresses:
        return AddPlan(AddKind.ADDRESSES, tuple(addresses), len(addresses) >= CONFIRM_FROM)
    is_export = _is_export(path, content)
    return AddPlan(AddKind.EXPORT if is_export else AddKind.PAGES, (str(path),), is_export)


def _read(path: Path) -> bytes:
    """Return the content of a file that may be an export; empty for any other."""
    try:
        is_small = path.is_file() and path.stat().st_size <= MAX_DETECTED
        return path.read_bytes() if is_small else b""
    except OSError:
        return b""


def _is_export(path: Path, content: bytes) -> bool:
    """Return whether a file is an export of another program, by its content.

    A page is one only if its format is an export's and nothing else.
    """
    # Imported here: the app starts without the importers.
    from reader.formats.import_file import ImportFile
    from reader.formats.registry import FORMATS

    file = ImportFile(path.name, content)
    is_page = path.suffix.casefold() in PAGE_SUFFIXES
    formats = [row for row in FORMATS if not is_page or row.name in _PAGE_EXPORTS]
    try:
        return any(row.matches(file) for row in formats)
    except ExchangeError:
        # An unsafe or damaged archive: its import says so.
        return True


def _path_of(text: str) -> Path | None:
    """Return the existing path that the text names; None without one."""
    bare = text.strip().strip("'\"")
    if bare.startswith("file://"):
        bare = unquote(urlsplit(bare).path)
    if not bare or bare == "-" or "\n" in bare:
        return None
    for name in (bare, bare.replace("\\ ", " ")):
        path = expand_user(name)
        try:
            if path.exists():
                return path
        except (OSError, ValueError):
            continue
    return None


def listed_addresses(content: bytes) -> list[str]:
    """Return the addresses if the content has nothing else: one a line, or all with a scheme."""
    if found := find_addresses(content):
        return found
    try:
        lines = [line.strip() for line in content.decode("utf-8-sig").splitlines()]
    except UnicodeDecodeError:
        return []
    addresses = [address_of(line) for line in lines if line]
    return list(dict.fromkeys(addresses)) if all(addresses) else []


def address_of(word: str) -> str:
    """Return the address of a word, with its scheme; empty if it is none.

    A word such as `notes.md` is the name of a missing file rather than of a host.
    """
    if is_web_url(word):
        return word
    if re.fullmatch(_LOCAL_HOST, word, re.IGNORECASE):
        return f"http://{word}"
    is_file = "/" not in word and Path(word).suffix.casefold() in _FILE_SUFFIXES
    return f"https://{word}" if re.fullmatch(_HOST, word, re.IGNORECASE) and not is_file else ""
