"""JSON read item by item: memory depends on the largest item, not the file.

Parsed JSON takes up to 24 times the memory of its text: 100 MB of `[],` took 2.3 GB.
"""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, Final, NamedTuple

from reader.formats.csv_reader import decode, is_utf8
from reader.formats.import_row import RejectedRow, Row
from reader.model.errors import ExchangeError

MAX_VALUE: Final = 4 * 1024 * 1024
"""Bytes of one item; larger ones are skipped. Items of real exports stay below 2 MB."""
_WINDOWS: Final = (1 << 16, 1 << 20, MAX_VALUE)
"""Bytes tried for one item, one after the other; most items fit the first."""
_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_STRUCTURE: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_DECODER: Final = json.JSONDecoder()


class OversizedValue(NamedTuple):
    """An item that was skipped because of its size in bytes."""

    size: int

    def __str__(self) -> str:
        return f"an item of {self.size / 2**20:.0f} MB: more than {MAX_VALUE // 2**20} MB"


class JsonReader:
    """The top-level values of one JSON file. Methods raise ExchangeError if the text is not JSON."""

    def __init__(self, content: bytes):
        self._content = _as_utf8(content)

    @property
    def is_list(self) -> bool:
        return self._cursor().peek() == "["

    def value(self) -> Any:
        """Return the whole value, with nothing but white space after it."""
        cursor = self._cursor()
        value = cursor.value()
        cursor.expect_end()
        return value

    def items(self) -> Iterator[Any]:
        """Yield the items of the top-level list; none if the file holds another value."""
        cursor = self._cursor()
        if cursor.peek() == "[":
            yield from cursor.items()
            cursor.expect_end()

    def items_of(self, key: str) -> Iterator[Any]:
        """Yield the items of the list under a key of the top-level object."""
        cursor = self._cursor()
        if cursor.go_to(key) and cursor.peek() == "[":
            yield from cursor.items()

    def outlines_of(self, key: str, nested: str) -> Iterator[Any]:
        """Yield the items of the list under a key, objects without their value under `nested`.

        That value may be of any size: `nested_items` yields it in pieces.
        """
        cursor = self._cursor()
        if cursor.go_to(key) and cursor.peek() == "[":
            for _ in cursor.places():
                yield cursor.outline(nested)

    def nested_items(self, key: str, nested: str) -> Iterator[tuple[int, Any]]:
        """Yield the items of the lists under `nested` in the objects of the list under a key.

        Each comes with the number of its object, from 0.
        """
        cursor = self._cursor()
        if cursor.go_to(key) and cursor.peek() == "[":
            for number in cursor.places():
                for item in cursor.items_under(nested):
                    yield number, item

    def has_list(self, key: str) -> bool:
        """Return whether the top-level object has a list under the key."""
        cursor = self._cursor()
        return cursor.go_to(key) and cursor.peek() == "["

    def value_of(self, key: str) -> Any:
        """Return the value under a key of the top-level object; None if it is missing."""
        cursor = self._cursor()
        return cursor.value() if cursor.go_to(key) else None

    def _cursor(self) -> "_Cursor":
        return _Cursor(self._content)


class _Cursor:
    """A place in the file, and the decoded window that it lies in."""

    def __init__(self, content: bytes):
        self._content = content
        self._start = 0
        self._text = ""
        self._at = 0
        self._fill(_WINDOWS[0])

    def peek(self) -> str:
        """Skip white space and return the next character; empty at the end."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._is_cut:
                return ""
            self._fill(_WINDOWS[0])

    def items(self) -> Iterator[Any]:
        """Yield the items of the list that begins here, and stand after it."""
        for _ in self.places():
            yield self.value()

    def places(self) -> Iterator[int]:
        """Stand at each item of the list that begins here in turn; yield its number from 0.

        The caller reads the item before it asks for the next one.
        """
        self._expect("[")
        if self.peek() == "]":
            self._at += 1
            return
        for number in count():
            yield number
            if self.peek() == "]":
                self._at += 1
                return
            self._expect(",")

    def outline(self, nested: str) -> Any:
        """Return the value that begins here, an object without its value under `nested`."""
        if self.peek() != "{":
            return self.value()
        fields: dict[str, Any] = {}
        for name in self._names():
            if name == nested:
                self._skip()
            else:
                fields[name] = self.value()
        return fields

    def items_under(self, nested: str) -> Iterator[Any]:
        """Yield the items of the list under a key of the object that begins here."""
        if self.peek() != "{":
            self._skip()
            return
        for name in self._names():
            if name == nested and self.peek() == "[":
                yield from self.items()
            else:
                self._skip()

    def _names(self) -> Iterator[str]:
        """Stand at each value of the object that begins here in turn; yield its key."""
        self._expect("{")
        while self.peek() == '"':
            name = self.value()
            self._expect(":")
            yield name if isinstance(name, str) else ""
            if self.peek() != ",":
                break
            self._at += 1
        self._expect("}")

    def go_to(self, key: str) -> bool:
        """Move to the value of a key of this object; return False if it is missing."""
        if self.peek() != "{":
            return False
        for name in self._names():
            if name == key:
                return True
            self._skip()
        return False

    def value(self) -> Any:
        """Return the value that begins here, and stand after it."""
        self.peek()
        for size in (0, *_WINDOWS):
            if size:
                self._fill(size)
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._is_cut:
                    self._at = error.pos
                    raise self._error(error.msg) from None
                continue
            except ValueError:
                raise ExchangeError("not JSON that can be read: a number is too long") from None
            except RecursionError:
                raise ExchangeError("not JSON that can be read: nested too deeply") from None
            if end < len(self._text) or not self._is_cut:
                self._at = end
                return value
        before = self._offset
        self._skip()
        return OversizedValue(self._offset - before)

    def expect_end(self) -> None:
        """Raise ExchangeError if anything but white space follows."""
        if self.peek():
            raise self._error("extra data")

    def _skip(self) -> None:
        """Stand after the value that begins here, without building it."""
        if self.peek() not in ("[", "{", '"'):
            self.value()
            return
        depth = 0
        for found in _STRUCTURE.finditer(self._content, self._offset):
            sign = found[0][:1]
            depth += (sign in b"[{") - (sign in b"]}")
            if depth <= 0:
                self._start, self._text, self._at = found.end(), "", 0
                self._fill(_WINDOWS[0])
                return
        raise self._error("unfinished value")

    def _expect(self, sign: str) -> None:
        if self.peek() != sign:
            raise self._error(f"{sign!r} expected")
        self._at += 1

    @property
    def _offset(self) -> int:
        """The offset of this place in the file, in bytes."""
        before = self._text[: self._at]
        return self._start + (len(before) if before.isascii() else len(before.encode()))

    @property
    def _is_cut(self) -> bool:
        """Return whether the file continues after the window."""
        return self._end < len(self._content)

    def _fill(self, size: int) -> None:
        """Move the window to the current offset and set its length in bytes."""
        self._start, self._at = self._offset, 0
        self._end = min(len(self._content), self._start + size)
        self._text = self._content[self._start : self._end].decode("utf-8", "ignore")

    def _error(self, message: str) -> ExchangeError:
        line = self._content.count(b"\n", 0, self._offset) + 1
        column = self._offset - self._content.rfind(b"\n", 0, self._offset)
        return ExchangeError(f"not JSON: {message} in line {line}, column {column}")


def _as_utf8(content: bytes) -> bytes:
    """Return the content as UTF-8 without a byte order mark."""
    if is_utf8(content):
        return content.removeprefix(codecs.BOM_UTF8)
    return decode(content).encode("utf-8", "replace")


def parse_json(content: bytes) -> Any:
    """Parse a small file; raises ExchangeError if it is too large or not JSON."""
    reader = JsonReader(content)
    value = reader.value()
    if isinstance(value, OversizedValue):
        raise ExchangeError(f"{value} in place of a small object")
    return value


def json_rows(
    items: Iterator[Any], make_row: Callable[[int, dict[str, Any]], Row]
) -> Iterator[Row]:
    """Yield the row that is made of each object, with its number from 1; reject other values."""
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            yield make_row(number, item)
        else:
            yield RejectedRow(
                number, str(item) if isinstance(item, OversizedValue) else "not an object"
            )
