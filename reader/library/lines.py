"""Journal lines: a checksum, a space, JSON, a line end; and telling torn from rotten."""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

FORMAT: Final = 1
MAX_LINE: Final = 250_000
"""Bytes of JSON in one line, roughly: parsing one holds every other thread up for 3 ms."""
_BATCH: Final = 100_000
"""Bytes parsed at once: in one call, equal keys are one string, and it is twice as fast."""
_START: Final = re.compile(rb"[0-9a-f]{8} \{")
_MOST_STARTS: Final = 16

_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def encode(value: Any) -> bytes:
    """The value as one line. Lone surrogates, which UTF-8 has not, become `?`."""
    content = _dumps(value).encode("utf-8", "replace")
    return b"%08x %s\n" % (zlib.crc32(content), content)


def decode(line: bytes) -> dict[str, Any] | None:
    """The value of one line without its end; None where checksum or JSON are wrong."""
    if not _is_whole(line):
        return None
    try:
        value = json.loads(line[9:])
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _is_whole(line: bytes) -> bool:
    return line[8:9] == b" " and line[:8] == b"%08x" % zlib.crc32(line[9:])


@dataclass(slots=True)
class Reading:
    """What one pass over a file's bytes found.

    `end` is the offset behind the last good line, `last` where that line begins, `crc` its
    checksum as written. `rotten` are (offset, length) of bad stretches before a good line.
    """

    start: int = 0
    end: int = 0
    last: int = 0
    crc: str = ""
    rotten: list[tuple[int, int]] = field(default_factory=list)
    lines: int = 0


def read(content: bytes, reading: Reading) -> Iterator[dict[str, Any]]:
    """The good lines of `content`, which begins at offset `reading.end` of its file.

    Bad bytes behind the last good line are not counted: they are torn, or have not all arrived.
    Where a lost line end made one bad line of two, what is whole of them is read, and counted as
    rotten. `reading` is right when the iterator is exhausted.
    """
    base, at, bad_from = reading.end, 0, -1
    for batch in _batches(content):
        for line, value in zip(batch, _parsed(batch), strict=True):
            stop = at + len(line)
            found = [value] if value is not None else _rescued(line)
            if value is None and bad_from < 0:
                bad_from = at
            if found:
                # A line of which only the beginning is whole may be one that is still arriving.
                if bad_from >= 0:
                    reading.rotten.append(
                        (base + bad_from, (stop if value is None else at) - bad_from)
                    )
                    bad_from = -1
                reading.last, reading.end = base + at, base + stop + 1
                reading.crc = line[:8].decode("latin-1")
                reading.lines += len(found)
                yield from found
            at = stop + 1


def _batches(content: bytes) -> Iterator[list[bytes]]:
    """Complete lines without their ends, in lists of about `_BATCH` bytes."""
    lines = content.split(b"\n")
    lines.pop()
    begin = size = 0
    for number, line in enumerate(lines):
        size += len(line)
        if size >= _BATCH:
            yield lines[begin : number + 1]
            begin, size = number + 1, 0
    if begin < len(lines):
        yield lines[begin:]


def _parsed(lines: list[bytes]) -> list[dict[str, Any] | None]:
    """The value of each line, None for a bad one."""
    crc32 = zlib.crc32
    bodies = [line[9:] for line in lines]
    if all(line[:9] == b"%08x " % crc32(body) for line, body in zip(lines, bodies, strict=True)):
        try:
            values = json.loads("[" + b",".join(bodies).decode() + "]")
        except ValueError:
            values = []
        if len(values) == len(lines) and all(type(value) is dict for value in values):
            return list(values)
    return [decode(line) for line in lines]


def _rescued(line: bytes) -> list[dict[str, Any]]:
    """What is whole in a bad line whose last part is: lines that lost the end between them."""
    for found in islice(_START.finditer(line), _MOST_STARTS):
        at = found.start()
        if at and _is_whole(line[at:]):
            parts = map(decode, (line[: at - 1], line[:at], line[at:]))
            return [value for value in parts if value is not None]
    return []
