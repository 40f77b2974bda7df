"""CSV as programs write it: columns by name, in any case, with or without a byte order mark."""

import csv
import io
from collections.abc import Iterator, Mapping

from reader.model.errors import ExchangeError

csv.field_size_limit(16 * 1024 * 1024)


def decode(content: bytes) -> str:
    """The text of an export file: UTF-8 with or without a mark, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def rows(content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each row after the header with its number, from 1; keys are folded column names.

    Missing cells are empty, cells beyond the header are dropped. Raises ExchangeError where the
    text cannot be read as CSV at all.
    """
    lines = csv.reader(io.StringIO(decode(content).replace("\x00", ""), newline=""))
    try:
        names = [name.strip().casefold() for name in next(lines, [])]
        for number, cells in enumerate(lines, 1):
            if cells:
                yield number, dict.fromkeys(names, "") | dict(zip(names, cells, strict=False))
    except csv.Error as error:
        raise ExchangeError(f"not a CSV file: {error} in line {lines.line_num}") from None


def header(content: bytes) -> frozenset[str]:
    """The folded column names of a CSV; empty where the first line has no comma."""
    first = decode(content[:8192]).lstrip().split("\n", 1)[0]
    try:
        cells = next(csv.reader([first]), [])
    except csv.Error:
        return frozenset()
    return frozenset(cell.strip().casefold() for cell in cells) if len(cells) > 1 else frozenset()
