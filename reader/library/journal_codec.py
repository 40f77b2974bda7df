"""Journal lines: a checksum, a space, JSON and a line feed.

A line counts if its checksum is right. A right checksum over anything but a JSON object that
every parser reads alike counts too, and says nothing: it is not damage, and no other process may
understand it differently.
"""

import json
import math
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final, NamedTuple

from reader.library.hlc import Stamp

FORMAT: Final = 1
MAX_LINE: Final = 250_000
"""Bytes of JSON in one line, roughly: parsing one stops every other thread for 3 ms."""
MAX_LINE_BYTES: Final = 64 << 20
"""Bytes from which a line is damage: zeros that a power cut left, not text."""
_BATCH_BYTES: Final = 100_000
"""Bytes parsed together: in one call, equal keys share one string, in half the time."""
_MIN_ORJSON_BYTES: Final = 20_000
"""Bytes from which orjson's speed is worth its import, which costs a short command 20 ms."""
_MIN_ORJSON_ROWS: Final = 100
"""Records in a line from which it is parsed by orjson, and so may be encoded by it."""
_MAX_BRACKETS: Final = 200
"""Brackets up to which the standard library cannot run out of stack."""
_UNUSUAL: Final = re.compile(rb"\\u[dD]|-[0-9]{19}|[0-9]{20}")
"""Surrogates, which the standard library lets stand alone, and integers beyond 64 bits."""
_START: Final = re.compile(rb"[0-9a-f]{8} \{")
_MAX_STARTS: Final = 16
"""Line starts that are tried in a bad line: each costs a checksum of the rest of it."""

_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class EncodedLine(NamedTuple):
    """One line: its bytes with checksum and end, and the value that reading them gives."""

    content: bytes
    value: dict[str, Any]


class ScanResult:
    """The progress of reading a file.

    `end` is the offset behind the last good line and `crc` the CRC-32 of all bytes before it.
    `damaged` are (offset, length) of bad stretches before a good line. `invalid` counts lines
    whose checksum is right and whose JSON is not.
    """

    __slots__ = ("crc", "damaged", "end", "invalid")

    def __init__(self, end: int = 0, crc: int = 0):
        self.end = end
        self.crc = crc
        self.damaged: list[tuple[int, int]] = []
        self.invalid = 0


def encode(value: Any, *, is_long: bool = False) -> bytes:
    """Return the value as one line. Lone surrogates, which UTF-8 has not, become `?`.

    `is_long` says that the import of a faster encoder is worth its time.
    """
    content = _dump_fast(value) if is_long else b""
    content = content or _dumps(value).encode("utf-8", "replace")
    return b"%08x %s\n" % (zlib.crc32(content), content)


def _dump_fast(value: Any) -> bytes:
    """Return the value as JSON; empty if orjson takes it for none, as lone surrogates."""
    import orjson

    try:
        return orjson.dumps(value)
    except TypeError:
        return b""


def decode(line: bytes) -> dict[str, Any] | None:
    """Return the value of a line without its end; None if its checksum is wrong.

    Empty if the checksum is right and the JSON is not an object.
    """
    if not _has_valid_checksum(line):
        return None
    try:
        value = _load_json(line[9:])
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def encode_changes(
    changes: Mapping[str, Mapping[str, Any]],
    clock: Callable[[], tuple[int, int]],
    future_stamp: Callable[[str, str], Stamp | None] | None,
) -> Iterator[EncodedLine]:
    """Encode the changes of one step as lines of about `MAX_LINE` bytes, each complete.

    `future_stamp` gives the clock of a field that a device of the future wrote: such a field gets
    a separate line with that clock, counter + 1, so that the change holds. None without any.
    """
    rows: list[dict[str, Any]] = []
    ahead: list[EncodedLine] = []
    size, is_clock_used = 0, False
    measured: Mapping[str, Any] | None = None
    length = 0
    for entry_id, fields in changes.items():
        rest = fields
        if future_stamp is not None:
            rest = dict(fields)
            for name, value in fields.items():
                stamp = future_stamp(entry_id, name)
                if stamp is not None:
                    alone = {"o": "set", "i": entry_id, "f": {name: value}}
                    ahead.append(_encode_rows([alone], (stamp.ms, stamp.counter + 1)))
                    del rest[name]
        if rest:
            rows.append({"o": "set", "i": entry_id, "f": rest})
            if rest is not measured:
                # Bulk work shares the fields of many records.
                measured, length = rest, _length_of(rest)
            size += length
        if size > MAX_LINE:
            yield _encode_rows(rows, clock())
            rows, size, is_clock_used = [], 0, True
    if rows or (ahead and not is_clock_used):
        # The first line has the clock by which a step is known to be written.
        yield _encode_rows(rows, clock())
    yield from ahead


def _length_of(fields: Mapping[str, Any]) -> int:
    """Return about how many bytes of a line a record with these fields takes."""
    length = 40
    for name, value in fields.items():
        length += len(name)
        if type(value) is str:
            length += len(value)
        else:
            length += 5 if type(value) is bool else len(str(value))
    return length


def _encode_rows(rows: list[dict[str, Any]], clock: tuple[int, int]) -> EncodedLine:
    value: dict[str, Any] = {"c": list(clock)}
    value |= rows[0] if len(rows) == 1 else {"ops": rows}
    content = encode(value, is_long=len(rows) >= _MIN_ORJSON_ROWS)
    return EncodedLine(content, _load_json(content[9:]))


def _has_valid_checksum(line: bytes) -> bool:
    return line[8:9] == b" " and line[:8] == b"%08x" % zlib.crc32(line[9:])


class LineScanner:
    """One pass over a file from `result.end` on, which `result` follows.

    Bad bytes behind the last good line are not counted: they are torn, or have not all arrived,
    and the next pass begins before them. So any number of passes over a growing file gives what
    one pass over the whole gives.
    """

    def __init__(self, result: ScanResult):
        self._result = result
        self._at = result.end
        self._seen_crc = result.crc
        self._bad_from = -1

    def lines(self, content: bytes) -> Iterator[list[dict[str, Any]]]:
        """Yield the good ones of the next lines, in lists; `content` ends with a line feed.

        If a lost line feed made one bad line of two, their whole parts are read, and counted as
        damaged.
        """
        start = self._at
        for batch in _split_batches(content):
            values = _parse_batch(batch)
            if values is None:
                yield [value for line in batch for value in self._parse_doubtful(line)]
                continue
            if self._bad_from >= 0:
                self._end_bad(self._at)
            self._count(sum(map(len, batch)) + len(batch))
            yield values
        self._add_checksum(content, start)

    def skip(self, content: bytes) -> None:
        """Pass over bytes that are not a line."""
        self._add_checksum(content, self._at)
        self._skip(len(content))

    def _add_checksum(self, content: bytes, start: int) -> None:
        result = self._result
        whole = zlib.crc32(content, self._seen_crc)
        if result.end == start + len(content):
            result.crc = whole
        elif result.end > start:
            result.crc = zlib.crc32(memoryview(content)[: result.end - start], self._seen_crc)
        self._seen_crc = whole

    def _parse_doubtful(self, line: bytes) -> list[dict[str, Any]]:
        """Return what a line says that is among bad ones."""
        value = decode(line) if len(line) < MAX_LINE_BYTES else None
        if value is not None:
            if self._bad_from >= 0:
                self._end_bad(self._at)
            self._count(len(line) + 1)
            self._result.invalid += not value
            return [value]
        recovered = _recover(line) if len(line) < MAX_LINE_BYTES else []
        if recovered:
            # A line of which only the beginning is whole may be one that is still arriving.
            self._end_bad(self._at + len(line))
            self._count(len(line) + 1)
        else:
            self._skip(len(line) + 1)
        return recovered

    def _skip(self, length: int) -> None:
        if self._bad_from < 0:
            self._bad_from = self._at
        self._at += length

    def _end_bad(self, end: int) -> None:
        begin = self._bad_from if self._bad_from >= 0 else self._at
        self._result.damaged.append((begin, end - begin))
        self._bad_from = -1

    def _count(self, length: int) -> None:
        self._at += length
        self._result.end = self._at


def decode_file(content: bytes) -> Iterator[dict[str, Any]]:
    """Yield the good lines of a whole file."""
    for batch in batched_lines(content):
        yield from batch


def batched_lines(content: bytes) -> Iterator[list[dict[str, Any]]]:
    """Yield the good lines of a whole file, in lists."""
    yield from LineScanner(ScanResult()).lines(content[: content.rfind(b"\n") + 1])


def _split_batches(content: bytes) -> Iterator[list[bytes]]:
    """Yield complete lines without their ends, in lists of about `_BATCH_BYTES` bytes."""
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
    """Return the value of each line; None if any of them is bad, or says nothing."""
    crc32 = zlib.crc32
    bodies = [line[9:] for line in lines]
    if [line[:9] for line in lines] != [b"%08x " % crc32(body) for body in bodies]:
        return None
    size = sum(map(len, lines))
    try:
        if size < _MIN_ORJSON_BYTES:
            values = [_load_json(body) for body in bodies]
        else:
            import orjson

            values = [orjson.loads(body) for body in bodies]
    except (ValueError, RecursionError):
        return None
    if {*map(type, values)} != {dict} or not all(values):
        return None
    if size >= MAX_LINE_BYTES and max(map(len, lines)) >= MAX_LINE_BYTES:
        return None
    return values


def _load_json(content: bytes) -> Any:
    """Parse JSON as orjson does, whichever parser does it.

    So NaN, infinite numbers, lone surrogates and deep nesting are refused, and integers beyond 64
    bits are floats. Raises ValueError.
    """
    if (
        len(content) < _MIN_ORJSON_BYTES
        and content.count(b"[") + content.count(b"{") <= _MAX_BRACKETS
        and not _UNUSUAL.search(content)
    ):
        return _JSON.decode(content.decode())
    import orjson

    return orjson.loads(content)


def _parse_float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:20]} is beyond any float")
    return number


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


_JSON: Final = json.JSONDecoder(parse_float=_parse_float, parse_constant=_refuse)


def _recover(line: bytes) -> list[dict[str, Any]]:
    """Return the whole parts of a bad line that lost the line feed between them."""
    for found in islice(_START.finditer(line), _MAX_STARTS):
        at = found.start()
        if at and _has_valid_checksum(line[at:]):
            parts = map(decode, (line[: at - 1], line[:at], line[at:]))
            return [value for value in parts if value is not None]
    return []
