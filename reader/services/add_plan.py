"""The plan of one input to Add: addresses, pages, a folder, or an export."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from reader.model.errors import SourceError
from reader.model.text import one_line
from reader.model.urls import is_web_url
from reader.paths import expand_user
from reader.services.input_sources import PAGE_SUFFIXES, find_pages

CONFIRM_FROM: Final = 50
"""Pages of a folder from which the user is asked: fewer are added in seconds."""
_HOST: Final = re.compile(r"(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?::\d{1,5})?(?:[/?#]\S*)?", re.I)
_BOOKMARKS: Final = b"netscape-bookmark-file"


class AddKind(StrEnum):
    """The kind of an input."""

    ADDRESSES = "addresses"
    PAGES = "pages"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class AddPlan:
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
        return _plan_path(path)
    words = text.split()
    addresses = [address for word in words if (address := _address_of(word))]
    if words and len(addresses) == len(words):
        return AddPlan(AddKind.ADDRESSES, tuple(dict.fromkeys(addresses)))
    wrong = next((word for word in words if not _address_of(word)), text)
    raise SourceError(f"{one_line(wrong, 60)}: not a file here, and not an address (https://…)")


def _plan_path(path: Path) -> AddPlan:
    if path.is_dir():
        pages = find_pages(str(path))
        return AddPlan(AddKind.PAGES, tuple(pages), len(pages) >= CONFIRM_FROM)
    is_page = path.suffix.casefold() in PAGE_SUFFIXES and not _is_bookmarks(path)
    return AddPlan(AddKind.PAGES if is_page else AddKind.EXPORT, (str(path),), not is_page)


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


def _address_of(word: str) -> str:
    """Return the address of a word, with its scheme; empty if it is none."""
    if is_web_url(word):
        return word
    return f"https://{word}" if _HOST.fullmatch(word) else ""


def _is_bookmarks(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _BOOKMARKS in file.read(512).lower()
    except OSError:
        return False
