"""What leaves for a terminal or a pipe: cleaned text on stdout, one line of message on stderr."""

import json
import sys
from collections.abc import Iterable
from typing import Any

from reader.cli import stdio
from reader.model.errors import WrongUsage
from reader.model.text import clean, one_line


def say(message: str) -> None:
    """One line for a person on stderr."""
    stdio.complain(f"reader: {one_line(message, 1000)}\n")


def line(text: str) -> None:
    """One cleaned line of data on stdout."""
    stdio.write(" ".join(clean(text).split("\n")) + "\n")


def text(body: str) -> None:
    """A cleaned text on stdout, ending in one newline."""
    cleaned = clean(body)
    stdio.write(cleaned if cleaned.endswith("\n") else cleaned + "\n")


def raw(content: bytes) -> None:
    """Bytes as they are into a pipe or file; cleaned text where a person would see them."""
    if sys.stdout.isatty():
        text(content.decode("utf-8", "replace"))
        return
    stdio.write_bytes(content)


def as_json(value: Any) -> None:
    """The value as JSON on stdout, every text in it cleaned; whole in any encoding."""
    ascii_only = not stdio.is_unicode()
    stdio.write(json.dumps(_cleaned(value), ensure_ascii=ascii_only, indent=1) + "\n")


def progress(words: str) -> None:
    """A line at the terminal that the next one replaces, empty to clear it; nothing in a pipe."""
    if sys.stderr.isatty():
        stdio.complain(f"\r\x1b[Kreader: {one_line(words, 200)}" if words else "\r\x1b[K")


def can_ask() -> bool:
    """Whether there is a person at a terminal to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str) -> bool:
    """Whether the person at the terminal answers yes."""
    stdio.complain(f"reader: {one_line(question, 1000)} [y/N] ")
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


def agreed(question: str, *, yes: bool) -> bool:
    """Whether to go on: `yes` was said beforehand, or the person at the terminal says it now.

    Raises WrongUsage where nobody can be asked.
    """
    if yes:
        return True
    if not can_ask():
        raise WrongUsage(f"{question.rstrip('?')}: without a terminal this needs --yes")
    return ask(question)


def reply(question: str) -> str:
    """What the person at the terminal answers; empty where nothing comes any more."""
    stdio.complain(f"reader: {one_line(question, 1000)}: ")
    return sys.stdin.readline().strip()


def columns(rows: Iterable[Iterable[str]]) -> None:
    """Rows with two spaces between cells; nothing is aligned, so pipes can cut it."""
    for row in rows:
        line("  ".join(cell for cell in row if cell))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cleaned(item) for item in value]
    return value
