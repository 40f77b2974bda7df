"""Output for a terminal or a pipe: cleaned text on stdout, one-line messages on stderr."""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from reader.cli import stdio
from reader.model.errors import UsageError
from reader.model.text import clean, one_line
from reader.services.outcome import Outcome


def print_message(message: str) -> None:
    """Print a message of one line on stderr."""
    stdio.write_stderr(f"reader: {one_line(message, 1000)}\n")


def print_line(text: str) -> None:
    """Print one cleaned line of data on stdout."""
    stdio.write(" ".join(clean(text).split("\n")) + "\n")


def print_struck(words: Iterable[str]) -> None:
    """Print cleaned words struck out: by the terminal, elsewhere between `~~` as in Markdown."""
    is_styled = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    begin, end = ("\x1b[9m", "\x1b[29m") if is_styled else ("~~", "~~")
    cleaned = (" ".join(clean(word).split()) for word in words)
    stdio.write("    " + " ".join(f"{begin}{word}{end}" for word in cleaned) + "\n")


def print_styled(line: str) -> None:
    """Print a line that is clean already, with the terminal's own sequences for colour."""
    stdio.write(line + "\n")


def print_text(body: str) -> None:
    """Print a cleaned text on stdout, ending in one newline."""
    cleaned = clean(body)
    stdio.write(cleaned if cleaned.endswith("\n") else cleaned + "\n")


def print_bytes(content: bytes) -> None:
    """Print bytes unchanged to a pipe or file, as cleaned text to a terminal."""
    if sys.stdout.isatty():
        print_text(content.decode("utf-8", "replace"))
        return
    stdio.write_bytes(content)


def print_json(value: Any) -> None:
    """Print the value as JSON with every text cleaned; valid in any encoding."""
    ascii_only = not stdio.is_unicode()
    stdio.write(json.dumps(_clean_value(value), ensure_ascii=ascii_only, indent=1) + "\n")


def print_outcome(outcome: Outcome, *, as_json: bool) -> None:
    """Print the outcome of a change: its sentence, or the number of changed entries."""
    if as_json:
        print_json({"changed": outcome.changed})
    else:
        print_line(outcome.message)


def print_no_change(message: str, *, as_json: bool) -> None:
    """Print a message that nothing is to change, and with JSON the number of changed entries, 0."""
    print_message(message)
    if as_json:
        print_json({"changed": 0})


def show_progress(words: str) -> None:
    """Replace the progress line of the terminal; an empty text clears it. No-op in a pipe."""
    if sys.stderr.isatty():
        stdio.write_stderr(f"\r\x1b[Kreader: {one_line(words, 200)}" if words else "\r\x1b[K")


def is_interactive() -> bool:
    """Return whether a user at a terminal can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask_yes_no(question: str) -> bool:
    """Ask the user at the terminal; return whether the answer is yes."""
    stdio.write_stderr(f"reader: {one_line(question, 1000)} [y/N] ")
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


def confirm(question: str, *, yes: bool) -> bool:
    """Return whether `yes` was given or the user confirms at the terminal.

    Raises UsageError without a terminal.
    """
    if yes:
        return True
    if not is_interactive():
        raise UsageError(f"{question.rstrip('?')}: without a terminal this needs --yes")
    return ask_yes_no(question)


def prompt(question: str) -> str:
    """Read a line from the terminal; empty at the end of input."""
    stdio.write_stderr(f"reader: {one_line(question, 1000)}: ")
    return sys.stdin.readline().strip()


def print_rows(rows: Iterable[Iterable[str]]) -> None:
    """Print rows with two spaces between cells, not aligned, so that pipes can cut them."""
    for row in rows:
        print_line("  ".join(cell for cell in row if cell))


def _clean_value(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {key: _clean_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean_value(item) for item in value]
    return value
