"""Journal lines: a checksum, a space, JSON, a line end; and telling torn from rotten."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

FORMAT: Final = 1
MAX_LINE: Final = 1_000_000
"""Bytes of JSON in one line, roughly: what is larger is several lines."""

_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def encode(value: Any) -> bytes:
    """The value as one line. Lone surrogates, which UTF-8 has not, become `?`."""
    content = _dumps(value).encode("utf-8", "replace")
    return b"%08x %s\n" % (zlib.crc32(content), content)


def decode(line: bytes) -> dict[str, Any] | None:
    """The value of one line without its end; None where checksum or JSON are wrong."""
    if len(line) < 11 or line[8:9] != b" ":
        return None
    content = line[9:]
    if line[:8] != b"%08x" % zlib.crc32(content):
        return None
    try:
        value = json.loads(content)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


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
    A line that lost its end, or gained one, costs only the lines that it touches.
    """
    base = reading.end
    at, bad_from = 0, -1
    while at < len(content):
        stop = content.find(b"\n", at)
        if stop < 0:
            break
        value = decode(content[at:stop])
        if value is None:
            if bad_from < 0:
                bad_from = at
        else:
            if bad_from >= 0:
                reading.rotten.append((base + bad_from, at - bad_from))
                bad_from = -1
            reading.last, reading.end = base + at, base + stop + 1
            reading.crc = content[at : at + 8].decode("ascii")
            reading.lines += 1
            yield value
        at = stop + 1
