"""Rows in aligned columns for a terminal; a pipe gets them unaligned and without colour."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reader.cli import output
from reader.layout.text_width import fit_offset, shorten, width
from reader.model.text import clean

_GAP = "  "
_MIN_FLEXIBLE = 24
"""Cells that the column of titles keeps at least; below, the others give way."""


def format_number(value: float) -> str:
    """Return a number with thousands separators on a terminal, and plain in a pipe."""
    return f"{value:,}" if is_terminal() else str(value)


class Style(StrEnum):
    """Colours by their meaning, as parameters of the terminal's SGR sequence."""

    PLAIN = ""
    ID = "36"
    MARK = "33"
    DIM = "2"
    HEADING = "1"


@dataclass(frozen=True, slots=True)
class Column:
    """The form of one cell of each row; a flexible one takes the rest and wraps."""

    style: Style = Style.PLAIN
    is_flexible: bool = False
    is_number: bool = False
    max_width: int = 0


def is_terminal() -> bool:
    """Return whether standard output is a terminal."""
    return sys.stdout.isatty()


def has_colour() -> bool:
    """Return whether output goes to a terminal that wants colour (https://no-color.org)."""
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "") != "dumb"


def print_columns(rows: Iterable[Sequence[str]], columns: Sequence[Column]) -> None:
    """Print rows aligned on a terminal, else as `output.print_rows` does."""
    for lines in row_lines(rows, columns):
        for line in lines:
            output.print_styled(line)


def row_lines(rows: Iterable[Sequence[str]], columns: Sequence[Column]) -> Iterator[list[str]]:
    """Yield the lines of each row: aligned for a terminal, a single one for a pipe."""
    if not is_terminal():
        yield from ([clean("  ".join(filter(None, row)).replace("\n", " "))] for row in rows)
        return
    table = [[" ".join(clean(cell).split()) for cell in row] for row in rows]
    yield from layout(table, columns, shutil.get_terminal_size().columns, colour=has_colour())


def print_wrapped(text: str, indent: str = "", style: Style = Style.PLAIN) -> None:
    """Print a text, on a terminal wrapped at words with each line indented."""
    if not is_terminal():
        output.print_line(f"{indent}{text}")
        return
    cells = max(shutil.get_terminal_size().columns - len(indent), 10)
    for part in clean(text).split("\n"):
        for line in wrap(part, cells):
            output.print_styled(paint(f"{indent}{line}", style, colour=has_colour()))


def layout(
    rows: Sequence[Sequence[str]], columns: Sequence[Column], total: int, *, colour: bool
) -> Iterator[list[str]]:
    """Yield the lines of each row, none wider than `total` cells if the fixed cells fit."""
    sizes = _sizes(rows, columns, total)
    for row in rows:
        lines: list[str] = []
        parts = [
            wrap(cell, size) or [""] if column.is_flexible else [shorten(cell, size)]
            for cell, column, size in zip(row, columns, sizes, strict=True)
        ]
        for number in range(max(map(len, parts))):
            cells = [part[number] if number < len(part) else "" for part in parts]
            shown = [
                paint(_pad(cell, size, right=column.is_number), column.style, colour=colour)
                for cell, column, size in zip(cells, columns, sizes, strict=True)
                if size
            ]
            lines.append(_GAP.join(shown).rstrip())
        yield lines


def _sizes(rows: Sequence[Sequence[str]], columns: Sequence[Column], total: int) -> list[int]:
    sizes = [max((width(row[at]) for row in rows), default=0) for at in range(len(columns))]
    for at, column in enumerate(columns):
        if column.max_width:
            sizes[at] = min(sizes[at], column.max_width)
    for at, column in enumerate(columns):
        if column.is_flexible:
            others = sum(
                size + len(_GAP) for other, size in enumerate(sizes) if other != at and size
            )
            sizes[at] = min(sizes[at], max(total - others, _MIN_FLEXIBLE))
    return sizes


def wrap(text: str, cells: int) -> list[str]:
    """Split a text at spaces into lines of at most `cells` cells; longer words are cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        while width(word) > cells:
            if line:
                lines.append(line)
                line = ""
            offset = max(fit_offset(word, cells), 1)
            lines.append(word[:offset])
            word = word[offset:]
        joined = f"{line} {word}" if line else word
        if width(joined) <= cells:
            line = joined
        else:
            lines.append(line)
            line = word
    return [*lines, line] if line else lines


def paint(text: str, style: Style, *, colour: bool) -> str:
    """Return the text in the style's colour, if there is any."""
    return f"\x1b[{style}m{text}\x1b[0m" if colour and style and text.strip() else text


def _pad(cell: str, size: int, *, right: bool) -> str:
    space = " " * max(size - width(cell), 0)
    return f"{space}{cell}" if right else f"{cell}{space}"
