"""CSV reader: columns by name, in any case, with or without a byte order mark."""

import csv
import io
from collections.abc import Iterator, Mapping

csv.field_size_limit(2**31 - 1)

HEAD = 8192
"""Bytes from which a format is recognised."""
_MAX_RESCUES = 20


def decode(content: bytes) -> str:
    """Decode an export file: UTF-8 with or without a byte order mark, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def decode_head(content: bytes) -> str:
    """Decode the first characters without leading space; never cuts inside a character."""
    head = content[:HEAD]
    if len(content) > HEAD and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        # The bytes of a last character that was cut would make all of it look like Windows-1252.
        head = head.decode("utf-8", "ignore").encode() if _is_cut(head) else head
    return decode(head).lstrip("\ufeff \t\r\n")


def _is_cut(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3
    return False


def rows(content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield each row after the header with its number, from 1; keys are folded column names.

    Missing cells are empty; cells beyond the header and empty lines are dropped. An unclosed quote
    costs only its own row: the lines after it are read as rows.
    """
    text = decode(content).replace("\x00", "")
    names: list[str] | None = None
    delimiter, number = _delimiter(text), 0
    for cells in _records(text, delimiter):
        if not any(cell.strip() for cell in cells):
            continue
        if names is None:
            names = [name.strip().casefold() for name in cells]
            continue
        number += 1
        yield number, dict.fromkeys(names, "") | dict(zip(names, cells, strict=False))


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    lines = io.StringIO(text, newline="").readlines()
    at = 0
    for rescue in range(_MAX_RESCUES + 1):
        reader = csv.reader(lines[at:], delimiter=delimiter)
        begins = 0
        for cells in reader:
            ends = reader.line_num
            if (
                ends - begins > 1
                and rescue < _MAX_RESCUES
                and not _is_well_quoted(lines[at + begins : at + ends], delimiter)
            ):
                yield [lines[at + begins].strip()]
                break
            yield cells
            begins = ends
        else:
            return
        at += begins + 1


def _is_well_quoted(lines: list[str], delimiter: str) -> bool:
    """Return whether each quote in these lines is closed before the end of its cell."""
    try:
        for _ in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error:
        return False
    return True


def _delimiter(text: str) -> str:
    """Return the separator of the header: a comma, or a spreadsheet's replacement."""
    first = _first_line(text[:HEAD])
    return max(",;\t", key=first.count)


def _first_line(text: str) -> str:
    return text.lstrip().partition("\n")[0].partition("\r")[0]


def header(content: bytes) -> frozenset[str]:
    """Return the folded column names of a CSV; empty if the first line has only one."""
    first = _first_line(decode_head(content))
    try:
        cells = next(csv.reader([first], delimiter=_delimiter(first)), [])
    except csv.Error:
        return frozenset()
    return frozenset(cell.strip().casefold() for cell in cells) if len(cells) > 1 else frozenset()
