"""CSV reader: columns by name, in any case, with or without a byte order mark."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from itertools import chain

csv.field_size_limit(2**31 - 1)

HEAD = 8192
"""Bytes from which a format is recognised."""
MAX_RECORD = 4 * 1024 * 1024
"""Characters of a row; a longer one has an unclosed quote."""
MAX_RECORD_LINES = 10_000
"""Lines of a row; a longer one has an unclosed quote."""
_MAX_RESCUES = 20
"""Rows with an unclosed quote after which further ones are skipped, to stay linear."""
_DECODE_BYTES = 1 << 20
"""Bytes decoded at once: bounds the memory."""


class _UnclosedQuoteError(Exception):
    """A row whose quote is closed too late or never."""


def decode(content: bytes) -> str:
    """Decode an export file: UTF-8 with or without a byte order mark, else Windows-1252."""
    return content.decode(_encoding(content), "replace")


def _encoding(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig" if is_utf8(content) else "cp1252"


def is_utf8(content: bytes) -> bool:
    """Return whether the content is UTF-8, without decoding it as a whole."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _DECODE_BYTES):
            decoder.decode(content[start : start + _DECODE_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


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
    costs only its own row: the lines after it are read as rows. The file is never in memory as
    lines, which take up to 20 times its size.
    """
    names: list[str] | None = None
    number = 0
    for cells in _records(text_lines(content), _delimiter(decode_head(content))):
        if not any(map(str.strip, cells)):
            continue
        if names is None:
            names = [name.strip().casefold() for name in cells]
            continue
        number += 1
        named = dict(zip(names, cells, strict=False))
        yield number, dict.fromkeys(names, "") | named if len(cells) < len(names) else named


def text_lines(content: bytes) -> Iterator[str]:
    """Yield the lines with their ends, decoded piece by piece."""
    stream = io.TextIOWrapper(
        io.BytesIO(content), encoding=_encoding(content), errors="replace", newline=""
    )
    for line in stream:
        yield line.replace("\x00", "")


def _records(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    rescues = 0
    record: list[str] = []
    while True:
        reader = csv.reader(_recorded(lines, record), delimiter=delimiter)
        try:
            for cells in reader:
                if len(record) > 1 and not _is_well_quoted(record, delimiter):
                    raise _UnclosedQuoteError
                yield cells
                record.clear()
        except _UnclosedQuoteError:
            rescues += 1
            first, *rest = record
            yield [first.strip()]
            if rescues > _MAX_RESCUES:
                yield from ([line.strip()] for line in rest)
                rest = []
            lines, record = chain(rest, lines), []
        else:
            return


def _recorded(lines: Iterator[str], record: list[str]) -> Iterator[str]:
    """Pass lines on and note those of the current record."""
    size = 0
    for line in lines:
        size = len(line) + (size if record else 0)
        record.append(line)
        yield line
        # Without a record, what was passed on was a whole one, of whatever size.
        if record and (size > MAX_RECORD or len(record) > MAX_RECORD_LINES):
            raise _UnclosedQuoteError


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
