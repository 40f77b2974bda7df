"""Journal lines: a checksum, a space, JSON, a line end; and telling torn from rotten."""

import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from reader.library.hlc import Stamp

FORMAT: Final = 1
MAX_LINE: Final = 250_000
"""Bytes of JSON in one line, roughly: parsing one holds every other thread up for 3 ms."""
_BATCH_BYTES: Final = 100_000
"""Bytes parsed at once: in one call, equal keys are one string, and it is twice as fast."""
_MIN_ORJSON_BYTES: Final = 20_000
"""Bytes from which orjson's speed is worth its import, which costs a short command 10 ms."""
_START: Final = re.compile(rb"[0-9a-f]{8} \{")
_MAX_STARTS: Final = 16

_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def encode(value: Any) -> bytes:
    """The value as one line. Lone surrogates, which UTF-8 has not, become `?`."""
    content = _dumps(value).encode("utf-8", "replace")
    return b"%08x %s\n" % (zlib.crc32(content), content)


def decode(line: bytes) -> dict[str, Any] | None:
    """The value of one line without its end; None where checksum or JSON are wrong."""
    if not _has_valid_checksum(line):
        return None
    try:
        value = json.loads(line[9:])
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _has_valid_checksum(line: bytes) -> bool:
    return line[8:9] == b" " and line[:8] == b"%08x" % zlib.crc32(line[9:])


@dataclass(slots=True)
class ScanResult:
    """What one pass over a file's bytes found.

    `end` is the offset behind the last good line, `last` where that line begins, `crc` its
    checksum as written. `rotten` are (offset, length) of bad stretches before a good line.
    """

    end: int = 0
    last: int = 0
    crc: str = ""
    damaged: list[tuple[int, int]] = field(default_factory=list)


class LineScanner:
    """One pass over a file from `reading.end` on; `reading` tells what it has found.

    Bad bytes behind the last good line are not counted: they are torn, or have not all arrived,
    and the next pass begins before them.
    """

    def __init__(self, reading: ScanResult):
        self._result = reading
        self._at = reading.end
        self._bad_from = -1

    def lines(self, content: bytes) -> Iterator[list[dict[str, Any]]]:
        """The good ones of the lines that come next, in lists; what has no line end is left out.

        Where a lost line end made one bad line of two, what is whole of them is read, and counted
        as rotten.
        """
        for batch in _split_batches(content):
            values = _parse_batch(batch)
            if values is None:
                yield [value for line in batch for value in self._parse_doubtful(line)]
                continue
            if self._bad_from >= 0:
                self._end_bad(self._at)
            self._at += sum(map(len, batch[:-1])) + len(batch) - 1
            self._count(batch[-1])
            yield values

    def _parse_doubtful(self, line: bytes) -> list[dict[str, Any]]:
        """What a line says that lies among bad ones."""
        value = decode(line)
        if value is not None:
            if self._bad_from >= 0:
                self._end_bad(self._at)
            self._count(line)
            return [value]
        rescued = _recover(line)
        if rescued:
            # A line of which only the beginning is whole may be one that is still arriving.
            self._end_bad(self._at + len(line))
            self._count(line)
        else:
            self.skip(len(line) + 1)
        return rescued

    def skip(self, length: int) -> None:
        """Pass over bytes that are no line."""
        if self._bad_from < 0:
            self._bad_from = self._at
        self._at += length

    def _end_bad(self, end: int) -> None:
        begin = self._bad_from if self._bad_from >= 0 else self._at
        self._result.damaged.append((begin, end - begin))
        self._bad_from = -1

    def _count(self, line: bytes) -> None:
        reading = self._result
        reading.last = self._at
        reading.end = self._at = self._at + len(line) + 1
        reading.crc = line[:8].decode("latin-1")


def decode_file(content: bytes) -> Iterator[dict[str, Any]]:
    """The good lines of a whole file."""
    for batch in LineScanner(ScanResult()).lines(content):
        yield from batch


def _split_batches(content: bytes) -> Iterator[list[bytes]]:
    """Complete lines without their ends, in lists of about `_BATCH` bytes."""
    lines = content.split(b"\n")
    lines.pop()
    begin = size = 0
    for number, line in enumerate(lines):
        size += len(line)
        if size >= _BATCH_BYTES:
            yield lines[begin : number + 1]
            begin, size = number + 1, 0
    if begin < len(lines):
        yield lines[begin:]


def _parse_batch(lines: list[bytes]) -> list[dict[str, Any]] | None:
    """The value of each line; None where any of them is bad."""
    crc32 = zlib.crc32
    bodies = [line[9:] for line in lines]
    if [line[:9] for line in lines] != [b"%08x " % crc32(body) for body in bodies]:
        return None
    try:
        values = _load_json(b"[" + b",".join(bodies) + b"]")
    except (ValueError, RecursionError):
        return None
    if len(values) != len(lines) or {*map(type, values)} != {dict}:
        return None
    return values


def _load_json(content: bytes) -> list[Any]:
    if len(content) < _MIN_ORJSON_BYTES:
        return list(json.loads(content.decode()))
    import orjson

    return list(orjson.loads(content))


def _recover(line: bytes) -> list[dict[str, Any]]:
    """What is whole in a bad line whose last part is: lines that lost the end between them."""
    for found in islice(_START.finditer(line), _MAX_STARTS):
        at = found.start()
        if at and _has_valid_checksum(line[at:]):
            parts = map(decode, (line[: at - 1], line[:at], line[at:]))
            return [value for value in parts if value is not None]
    return []


@dataclass(frozen=True, slots=True)
class EncodedLine:
    """One line: its bytes with checksum and end, and the value that reading them gives."""

    content: bytes
    value: dict[str, Any]


def encode_changes(
    changes: Mapping[str, Mapping[str, Any]],
    clock: Callable[[], tuple[int, int]],
    ahead: Callable[[str, str], Stamp | None],
) -> Iterator[EncodedLine]:
    """Lines for the changes of one step, each whole in itself, at most about `MAX_LINE` long.

    `ahead` gives the clock of a field that a device of the future wrote: such a field gets a line
    of its own with that clock, counter + 1, so that the change holds.
    """
    rows: list[dict[str, Any]] = []
    size = 0
    for entry_id, fields in changes.items():
        rest: dict[str, Any] = {}
        for name, value in fields.items():
            stamp = ahead(entry_id, name)
            if stamp is None:
                rest[name] = value
            else:
                alone = {"o": "set", "i": entry_id, "f": {name: value}}
                yield _encode_rows([alone], (stamp.ms, stamp.counter + 1))
        if rest:
            rows.append({"o": "set", "i": entry_id, "f": rest})
            size += sum(len(str(value)) + len(name) for name, value in rest.items()) + 40
        if size > MAX_LINE:
            yield _encode_rows(rows, clock())
            rows, size = [], 0
    if rows:
        yield _encode_rows(rows, clock())


def _encode_rows(rows: list[dict[str, Any]], clock: tuple[int, int]) -> EncodedLine:
    value: dict[str, Any] = {"c": list(clock)}
    value |= rows[0] if len(rows) == 1 else {"ops": rows}
    content = encode(value)
    return EncodedLine(content, json.loads(content[9:]))
