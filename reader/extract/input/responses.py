"""A server's response in a file: a WARC record, a response with its header, a packed body.

Sources: ISO 28500 (WARC 1.1), RFC 9112 (messages and the chunked coding), RFC 1952 (gzip).
"""

import re
import zlib
from dataclasses import dataclass, field
from typing import Final

from reader.extract.input.mime import header_parameter
from reader.model.errors import NotAnArticleError

MAX_RECORDS: Final = 2_000
"""Records before the first page: an archive of a site begins with requests and robots.txt."""
PIECE: Final = 65_536
"""Bytes of packed data that are unpacked at once."""
MAX_HEADER: Final = 65_536
"""Bytes of a header: Python's `http.client` allows as many in one line."""
_STATUS: Final = re.compile(rb"HTTP/\d(?:\.\d)? \d{3}\b")
_END_OF_HEADER: Final = re.compile(rb"\r?\n\r?\n")
_LINE_ENDS: Final = re.compile(rb"[\r\n]*")
_CHUNK: Final = re.compile(rb"\s*([0-9a-fA-F]{1,8})[^\r\n]{0,200}\r?\n")
_PAGE_TYPES: Final = ("text/html", "application/xhtml+xml")
_GZIP: Final = b"\x1f\x8b\x08"
_UNSUPPORTED: Final = frozenset(("br", "zstd", "compress", "x-compress"))
"""Content codings (IANA's registry) that the standard library cannot unpack."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response's body, the charset of its header, and its address; None if missing."""

    body: bytes = field(repr=False)
    charset: str | None = None
    url: str | None = None


def read_response(page: bytes, limit: int) -> Response | None:
    """Return the page that a server's response holds; None for any other input.

    A body that is unpacked has at most `limit` bytes. Linear.
    """
    if page.startswith(_GZIP):
        inner = _inflate(page, limit)
        # Some files unpack to themselves.
        if inner is None or inner.startswith(_GZIP):
            return None
        return read_response(inner, limit) or Response(inner) if _is_page(inner) else None
    if page.startswith(b"WARC/"):
        return _read_warc(page, limit)
    if _STATUS.match(page):
        return _read_http(page, None, limit)
    return None


def _is_page(data: bytes) -> bool:
    head = data[:1024].lstrip().lower()
    return head.startswith((b"<", b"warc/", b"http/"))


def _read_warc(archive: bytes, limit: int) -> Response | None:
    """Return the first page of a WARC file."""
    at = 0
    for _ in range(MAX_RECORDS):
        end = _END_OF_HEADER.search(archive, at, at + MAX_HEADER)
        if end is None or not archive.startswith(b"WARC/", at):
            return None
        fields = _fields(archive[at : end.start()])
        length = fields.get("content-length", "")
        if not length.isdecimal():
            return None
        content = archive[end.end() : end.end() + int(length)]
        url = fields.get("warc-target-uri", "").strip("<>")
        kind = fields.get("warc-type", "")
        if kind == "response" and (found := _read_http(content, url, limit)) is not None:
            return found
        if kind == "resource" and fields.get("content-type", "").startswith(_PAGE_TYPES):
            return Response(content, url=url)
        at = end.end() + int(length)
        blank = _LINE_ENDS.match(archive, at)
        at = blank.end() if blank is not None else at
    return None


def _read_http(message: bytes, url: str | None, limit: int) -> Response | None:
    """Return the body of a response that is a page, without its codings."""
    end = _END_OF_HEADER.search(message, 0, MAX_HEADER)
    if end is None or _STATUS.match(message) is None:
        return None
    fields = _fields(message[: end.start()])
    kind = fields.get("content-type", "").casefold()
    if not kind.startswith(_PAGE_TYPES):
        return None
    body = message[end.end() :]
    if "chunked" in fields.get("transfer-encoding", "").casefold():
        body = _join_chunks(body)
    if body.startswith(_GZIP):
        body = _inflate(body, limit) or body
    elif not _is_page(body):
        body = _decode(body, fields.get("content-encoding", "").casefold(), limit)
    return Response(body, header_parameter(kind, "charset"), url)


def _decode(body: bytes, coding: str, limit: int) -> bytes:
    """Return a body without its content coding, at most `limit` bytes.

    Raises NotAnArticleError for the codings that are not supported.
    """
    if coding in _UNSUPPORTED:
        raise NotAnArticleError(f"the page is compressed with {coding}, which is not supported")
    if coding != "deflate":
        return body
    # Some servers send deflate without its zlib header.
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            return zlib.decompressobj(window).decompress(body, limit)
        except zlib.error:
            continue
    return body


def _fields(header: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in header.decode("latin-1").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().casefold(), value.strip())
    return found


def _join_chunks(body: bytes) -> bytes:
    """Join the parts of a body in the chunked coding; a body without any is returned as it is."""
    parts: list[bytes] = []
    at = 0
    while (size := _CHUNK.match(body, at)) is not None and (length := int(size[1], 16)):
        parts.append(body[size.end() : size.end() + length])
        at = size.end() + length
    return b"".join(parts) or body


def _inflate(data: bytes, limit: int) -> bytes | None:
    """Unpack gzip, at most `limit` bytes; None for broken data. WARC files pack each record alone.

    Linear: each member is fed in pieces, since the rest behind a member is copied.
    """
    parts: list[bytes] = []
    view = memoryview(data)
    at = 0
    while limit > 0 and data.startswith(_GZIP, at):
        unpacker = zlib.decompressobj(31)
        while not unpacker.eof and at < len(data) and limit > 0:
            piece = view[at : at + PIECE]
            try:
                part = unpacker.decompress(piece, limit)
            except zlib.error:
                return b"".join(parts) or None
            parts.append(part)
            limit -= len(part)
            at += len(piece) - len(unpacker.unused_data)
    return b"".join(parts) or None
