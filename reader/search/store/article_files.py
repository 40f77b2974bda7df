"""The texts of article files, as the full text, snippets and likeness read them."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from reader.markdown.plain_text import strip_front_matter, to_plain_text
from reader.model.entry import Entry

MAX_TEXT_BYTES: Final = 4_000_000
"""Bytes of one article that are looked at."""
_OPEN_AT_ONCE: Final = 32


def read_plain_text(home: Path, entry: Entry) -> str:
    """The article's plain text, empty for a link or where the file cannot be read. Blocks on disk."""
    markdown = read_markdown(home, entry)
    return to_plain_text(markdown) if markdown else ""


def read_markdown(home: Path, entry: Entry) -> str:
    """The article's Markdown without its front matter, as `body_of` finds it."""
    return _text_in(_opened(home, entry))


def read_markdowns(home: Path, entries: Iterable[Entry]) -> Iterator[str]:
    """The Markdown of each, the disk being asked for the next ones before it is waited for.

    ⏱ Twenty files take 0.5 ms in memory, and 2 to 3 ms on a disk instead of 4 to 6.
    """
    coming = iter(entries)
    opened: deque[int | None] = deque()
    try:
        while True:
            opened.extend(map(partial(_on_its_way, home), islice(coming, _OPEN_AT_ONCE)))
            if not opened:
                return
            while opened:
                yield _text_in(opened.popleft())
    finally:
        for file in opened:
            if file is not None:
                os.close(file)


def _on_its_way(home: Path, entry: Entry) -> int | None:
    """The file of the article, which the disk has been asked for; `None` where there is none."""
    file = _opened(home, entry)
    if file is not None and hasattr(os, "posix_fadvise"):
        with suppress(OSError):
            os.posix_fadvise(file, 0, MAX_TEXT_BYTES, os.POSIX_FADV_WILLNEED)
    return file


def _opened(home: Path, entry: Entry) -> int | None:
    if entry.folder is None:
        return None
    try:
        # Not a file object, which costs three times as much; str, because Path does too.
        return os.open(f"{home}/{entry.folder}/article.md", os.O_RDONLY | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None


def _text_in(file: int | None) -> str:
    """The Markdown in an open file, which is closed."""
    if file is None:
        return ""
    try:
        size = min(os.fstat(file).st_size, MAX_TEXT_BYTES)
        return strip_front_matter(os.read(file, size).decode("utf-8", "replace"))
    except OSError:
        return ""
    finally:
        os.close(file)
