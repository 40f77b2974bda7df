"""The texts of article files, as the full text, snippets and likeness read them."""

from collections.abc import Iterable
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from time import perf_counter
from typing import Final

from reader.model.entry import Entry
from reader.recall.plain import plain, without_front_matter

MAX_TEXT: Final = 4_000_000
"""Bytes of one article that are looked at."""
_SLOW: Final = 0.0002
"""Seconds that a file takes which comes from the disk; one in memory takes a tenth."""
_HELPERS: Final = 6
"""Threads that read then: ⏱ twice as fast from a disk, and more are not faster."""


def body_of(home: Path, entry: Entry) -> str:
    """The article's plain text, empty for a link or where the file cannot be read. Blocks on disk."""
    markdown = markdown_of(home, entry)
    return plain(markdown) if markdown else ""


def markdown_of(home: Path, entry: Entry) -> str:
    """The article's Markdown without its front matter, as `body_of` finds it."""
    if entry.folder is None:
        return ""
    try:
        # Bytes, because a text file costs three times as much to open; str, because Path does too.
        with open(f"{home}/{entry.folder}/article.md", "rb", buffering=0) as file:  # noqa: PTH123
            return without_front_matter(file.read()[:MAX_TEXT].decode("utf-8", "replace"))
    except (OSError, ValueError):
        return ""


def markdowns_of(home: Path, entries: Iterable[Entry]) -> list[str]:
    """The Markdown of each, read side by side from where one of them had to come from the disk.

    Those that were had from `entries` are read while the next are waited for. ⏱ Twenty files take
    0.5 ms in memory, where threads would only wait for each other, and 5 to 10 ms from a disk.
    """
    found: dict[int, str] = {}
    waiting: SimpleQueue[tuple[int, Entry] | None] = SimpleQueue()

    def read_waiting() -> None:
        while (one := waiting.get()) is not None:
            place, entry = one
            found[place] = markdown_of(home, entry)

    helpers: list[Thread] = []
    try:
        for place, entry in enumerate(entries):
            if helpers:
                waiting.put((place, entry))
                continue
            begun = perf_counter()
            found[place] = markdown_of(home, entry)
            if perf_counter() - begun > _SLOW:
                helpers = [Thread(target=read_waiting) for _ in range(_HELPERS)]
                for helper in helpers:
                    helper.start()
    finally:
        for _ in helpers:
            waiting.put(None)
        for helper in helpers:
            helper.join()
    return [found[place] for place in sorted(found)]
