"""Mail and MHTML as flat parts, bounded in number and depth; lenient with old files.

Source: RFC 2045 to 2047, 2387, 2557. The standard library's parser recurses without a bound.
"""

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from reader.extract.input.charset import decode

MAX_DEPTH: Final = 8
"""Levels of parts inside parts; a saved page has two."""
MAX_PARTS: Final = 2_000
"""Parts of a saved page: each image and style sheet is one."""
_MAX_HEADER: Final = 65_536
"""Bytes of a part's header: Python's `http.client` allows as many in one line."""
_FIELD: Final = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,60}:")
_MAIL_FIELDS: Final = re.compile(
    rb"^(mime-version|content-type|from|subject|date|message-id|snapshot-content-location):",
    re.I | re.M,
)
_BLANK: Final = re.compile(rb"\r?\n[ \t]*\r?\n")
_FOLD: Final = re.compile(rb"\r?\n[ \t]+")
_PARAMETER: Final = re.compile(r';\s*([\w*-]{1,40})\s*=\s*(?:"([^"]{0,400})"|([^\s;"]{1,400}))')
_ENCODED: Final = re.compile(r"=\?([^?\s]{1,40})\?([bq])\?([^?\n]{0,4000})\?=", re.IGNORECASE)
_ADJACENT_WORDS: Final = re.compile(r"(=\?[^?\s]+\?[bq]\?[^?]*\?=)\s+(?==\?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MimePart:
    """A leaf: header fields by lower-case name, and decoded bytes."""

    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def type(self) -> str:
        """The media type in lower case; `text/plain` if the part names none."""
        named = self.headers.get("content-type", "").partition(";")[0].strip().casefold()
        return named or "text/plain"

    @property
    def text(self) -> str:
        """The content as text, by the charset of its header first."""
        return decode(
            self.content, header_parameter(self.headers.get("content-type", ""), "charset")
        )

    @property
    def is_attachment(self) -> bool:
        return self.headers.get("content-disposition", "").strip().casefold().startswith("attach")

    @property
    def location(self) -> str:
        """Content-Location without folds, or empty."""
        return "".join(self.headers.get("content-location", "").split())

    @property
    def content_id(self) -> str:
        """Content-ID without its brackets, or empty."""
        return self.headers.get("content-id", "").strip().strip("<>")


def is_mail(page: bytes) -> bool:
    """Return whether the bytes begin with two header fields of mail or MHTML."""
    page = page.lstrip(b"\xef\xbb\xbf\r\n")
    if page.startswith(b"From ") and b"\n" in page[:400]:
        page = page.partition(b"\n")[2]
    if not _FIELD.match(page):
        return False
    head = page[:_MAX_HEADER]
    end = _BLANK.search(head)
    lines = _FOLD.sub(b" ", head[: end.start()] if end else head).splitlines()
    named = {found[1].lower() for line in lines if (found := _MAIL_FIELDS.match(line))}
    return len(named) > 1 and all(_FIELD.match(line) for line in lines[:-1] or lines)


def split_parts(page: bytes) -> tuple[Mapping[str, str], list[MimePart]]:
    """Return the outer header fields, and the leaves in order."""
    page = page.lstrip(b"\xef\xbb\xbf\r\n")
    if page.startswith(b"From "):
        page = page.partition(b"\n")[2]
    fields, body = _split_header(page)
    parts: list[MimePart] = []
    for part in _leaves(fields, body, 0):
        parts.append(part)
        if len(parts) == MAX_PARTS:
            break
    return fields, parts


def _leaves(fields: Mapping[str, str], body: bytes, depth: int) -> Iterator[MimePart]:
    kind = fields.get("content-type", "")
    boundary = header_parameter(kind, "boundary")
    if kind.strip().casefold().startswith("multipart/") and boundary and depth < MAX_DEPTH:
        for piece in _split_at_boundary(body, boundary):
            yield from _leaves(*_split_header(piece), depth + 1)
    else:
        yield MimePart(fields, _decode_transfer(body, fields.get("content-transfer-encoding", "")))


def _split_at_boundary(body: bytes, boundary: str) -> Iterator[bytes]:
    """Yield the parts between boundary lines; the last line may be missing."""
    line = re.compile(
        rb"(?:\A|\r?\n)--" + re.escape(boundary.encode()) + rb"(--)?[ \t]*(?:\r?\n|\Z)"
    )
    began = None
    for found in line.finditer(body):
        if began is not None:
            yield body[began : found.start()]
        if found[1]:
            return
        began = found.end()
    if began is not None:
        yield body[began:]


def _split_header(part: bytes) -> tuple[Mapping[str, str], bytes]:
    if part.startswith((b"\n", b"\r\n")) or not part:
        return {}, part.removeprefix(b"\r").removeprefix(b"\n")
    end = _BLANK.search(part)
    head, body = (part[: end.start()], part[end.end() :]) if end else (part, b"")
    fields: dict[str, str] = {}
    for line in _FOLD.sub(b" ", head[:_MAX_HEADER]).splitlines():
        name, colon, value = line.partition(b":")
        if colon:
            fields.setdefault(name.strip().decode("latin-1").casefold(), decode(value).strip())
    return fields, body


def _decode_transfer(body: bytes, encoding: str) -> bytes:
    match encoding.strip().casefold():
        case "quoted-printable":
            return binascii.a2b_qp(body)
        case "base64":
            return decode_base64(body)
    return body


def decode_base64(text: bytes) -> bytes:
    """Decode base64; skips other characters, drops a broken end."""
    for padding in (b"", b"=", b"==", b"A=="):
        try:
            return binascii.a2b_base64(text + padding)
        except binascii.Error:
            continue
    return b""


def header_parameter(value: str, name: str) -> str | None:
    """Return a parameter of a structured field, such as `charset`; None if missing."""
    for found in _PARAMETER.finditer(value):
        if found[1].casefold() == name:
            return found[2] if found[2] is not None else found[3]
    return None


def decode_words(value: str) -> str:
    """Return a field's text with its encoded words decoded (RFC 2047)."""
    return _ENCODED.sub(_decode_word, _ADJACENT_WORDS.sub(r"\1", value)) if "=?" in value else value


def _decode_word(found: re.Match[str]) -> str:
    raw = found[3].encode("utf-8")
    if found[2] in "bB":
        content = decode_base64(raw)
    else:
        content = binascii.a2b_qp(raw.replace(b"_", b" "), header=True)
    return decode(content, found[1].partition("*")[0])
