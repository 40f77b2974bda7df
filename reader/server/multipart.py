"""Multipart forms, parsed in memory: the body is bounded already.

Starlette's parser leaves the temporary file of an unfinished part open, so its basis is used here.
Source: RFC 7578.
"""

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from reader.server.guard import HttpError

if TYPE_CHECKING:
    # The library has this type for type checkers only.
    from python_multipart.multipart import MultipartCallbacks

# It warns of what it also raises; without a handler, Python prints that to the terminal.
logging.getLogger("python_multipart").setLevel(logging.CRITICAL)

MAX_PARTS: Final = 1_000
"""Parts of a form; that of SingleFile has fewer than ten."""
MAX_HEADER_BYTES: Final = 8_192
"""Bytes of the headers of one part: a file name of a kilobyte fits."""


@dataclass(slots=True)
class FormPart:
    """One part of a form; `file_name` is empty for a plain field."""

    headers: dict[bytes, bytes] = field(default_factory=dict)
    content: bytearray = field(default_factory=bytearray)
    name: str = ""
    file_name: str = ""

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")


def parse_form(content_type: str, body: bytes) -> list[FormPart]:
    """Return the parts of a whole form in order. Linear. Raises HttpError."""
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if not 0 < len(boundary) <= 200:
        raise HttpError(400, "the form has no boundary")
    reading = _FormReader()
    try:
        parser = MultipartParser(boundary, reading.callbacks())
        parser.write(body)
        parser.finalize()
    except FormParserError:
        raise HttpError(400, "the request's form cannot be parsed") from None
    if not reading.is_complete:
        raise HttpError(400, "the request's form is incomplete")
    return reading.parts


class _FormReader:
    """The parts that a parser has found so far."""

    def __init__(self) -> None:
        self.parts: list[FormPart] = []
        self.is_complete = False
        self._name = bytearray()
        self._value = bytearray()
        self._size = 0

    def callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._add_name,
            "on_header_value": self._add_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._add_content,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        if len(self.parts) >= MAX_PARTS:
            raise HttpError(400, f"a form may have {MAX_PARTS} parts")
        self.parts.append(FormPart())
        self._size = 0

    def _add_name(self, data: bytes, start: int, end: int) -> None:
        self._extend(self._name, data[start:end])

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._extend(self._value, data[start:end])

    def _extend(self, target: bytearray, data: bytes) -> None:
        self._size += len(data)
        if self._size > MAX_HEADER_BYTES:
            raise HttpError(400, "a part of the form has too long headers")
        target += data

    def _end_header(self) -> None:
        self.parts[-1].headers[bytes(self._name).lower()] = bytes(self._value)
        self._name.clear()
        self._value.clear()

    def _end_headers(self) -> None:
        part = self.parts[-1]
        kind, options = parse_options_header(part.headers.get(b"content-disposition", b""))
        if kind != b"form-data" or not options.get(b"name"):
            raise HttpError(400, "a part of the form has no name")
        part.name = options[b"name"].decode("utf-8", "replace")
        part.file_name = options.get(b"filename", b"").decode("utf-8", "replace")

    def _add_content(self, data: bytes, start: int, end: int) -> None:
        self.parts[-1].content += memoryview(data)[start:end]

    def _end(self) -> None:
        self.is_complete = True
