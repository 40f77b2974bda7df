"""HTTP responses: a page, a redirect, or an error that explains the failure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Final

from reader.encoding_labels import MULTI_BYTE, codec_for
from reader.model.errors import FetchError

MAX_PAUSE: Final = 86_400.0
"""Seconds of a `Retry-After` that are believed: a day."""
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_TRANSIENT: Final = frozenset(
    {408, 421, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530}
)
_FORBIDDEN: Final = {
    401: "asks for a login (401)",
    402: "asks for payment (402)",
    403: "does not let us in (403)",
    407: "asks for a login at the proxy (407)",
    451: "withholds it for legal reasons (451)",
}
_PAGE_TYPES: Final = re.compile(
    r"text/(?!css|javascript|csv|calendar).*"
    r"|application/(?:(?:xhtml|rss|atom|rdf)\+xml|feed\+json|xml|octet-stream|x-mimearchive|pdf|epub\+zip)"
    r"|multipart/related|message/rfc822|"
)
_EPUB: Final = b"mimetypeapplication/epub+zip"
_IMAGE_TYPES: Final = re.compile(r"image/(?!svg).*|application/octet-stream|binary/octet-stream|")
_MAGIC: Final = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PK\x03\x04", "an archive"),
    (b"\x1f\x8b", "compressed data"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"ID3", "sound"),
    (b"OggS", "sound"),
    (b"\x1aE\xdf\xa3", "a film"),
)
_BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Response:
    """A page or an image, decoded from its transfer encoding but not from its charset.

    `url` is the requested address, `final_url` the address after redirects; `content_type` is the
    header in lower case, with its parameters, or empty; `refresh` is the Refresh header.
    """

    url: str
    final_url: str
    content: bytes = field(repr=False)
    content_type: str = ""
    status: int = 200
    refresh: str = ""

    @property
    def page(self) -> bytes:
        """Return the content with the charset of the header made part of it.

        The header counts before the page's own declarations (HTML 13.2.3.2): content in its
        charset is decoded and encoded as UTF-8 with a byte order mark. Content that is UTF-8, or
        not in the charset of the header, stays unchanged.
        """
        named = _CHARSET.search(self.content_type)
        codec = codec_for(named[1]) if named else None
        if codec in (None, "utf-8") or self.content.startswith(_BYTE_ORDER_MARKS):
            return self.content
        try:
            self.content.decode("utf-8")
            return self.content
        except UnicodeDecodeError:
            pass
        try:
            text = self.content.decode(codec, "strict" if codec in MULTI_BYTE else "replace")
        except UnicodeDecodeError:
            return self.content
        return b"\xef\xbb\xbf" + text.encode()


def redirect_target(status: int, headers: Mapping[str, str]) -> str | None:
    """Return the address of a redirect, None for other responses."""
    if status not in _REDIRECTS:
        return None
    where = headers.get("location", "")
    if not where:
        raise FetchError(f"the server sends us on without saying where ({status})", kind="redirect")
    return where


def check_status(status: int, headers: Mapping[str, str], *, now: float) -> None:
    """Raise FetchError for a response without a page; `now` is in seconds since the epoch."""
    if status in (200, 203):
        return
    if status in (404, 410):
        kind = "gone" if status == 410 else "not-found"
        reason = "was removed permanently (410)" if status == 410 else "was not found (404)"
        raise FetchError(f"the page {reason}", kind=kind)
    if status in _FORBIDDEN:
        raise FetchError(f"the server {_FORBIDDEN[status]}", kind="forbidden")
    passing = status in _TRANSIENT
    pause = parse_retry_after(headers.get("retry-after", ""), now) if passing else None
    reason = {429: "asks us to come more slowly", 206: "sent only a part"}.get(
        status, "failed" if status >= 500 else "sent no page"
    )
    kind = "timeout" if status == 408 else "server"
    raise FetchError(
        f"the server {reason} ({status})", kind=kind, passing=passing, retry_after=pause
    )


def parse_retry_after(header: str, now: float) -> float | None:
    """Return the seconds of a Retry-After header, at most a day; None if it is invalid.

    Source: RFC 9110, 10.2.3: seconds, or an HTTP date.
    """
    text = header.strip()
    if text.isdecimal() and text.isascii():
        return min(float(text[:9]), MAX_PAUSE)
    try:
        seconds = parsedate_to_datetime(text).timestamp() - now
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(max(seconds, 0.0), MAX_PAUSE)


def check_page_type(content_type: str) -> None:
    """Raise FetchError if the header names another type than a page."""
    name = content_type.partition(";")[0].strip()
    if not _PAGE_TYPES.fullmatch(name):
        raise FetchError(f"{_describe_type(name)}, not a web page", kind="not-html")


def check_image_type(content_type: str) -> None:
    """Raise FetchError if the header names a type that is not a supported image."""
    name = content_type.partition(";")[0].strip()
    if not _IMAGE_TYPES.fullmatch(name):
        raise FetchError(
            f"{_describe_type(name)}, not an image of a supported format", kind="not-html"
        )


def check_page_content(content: bytes) -> None:
    """Raise FetchError if the first bytes are not those of text."""
    if not content.strip(b" \t\r\n\x00"):
        raise FetchError("the server sent an empty page", kind="not-html")
    for magic, reason in _MAGIC:
        if content.startswith(magic) and _EPUB not in content[:120]:
            raise FetchError(f"{reason}, not a web page", kind="not-html")


def _describe_type(content_type: str) -> str:
    family = content_type.partition("/")[0]
    names = {"image": "a picture", "audio": "sound", "video": "a film", "font": "a font"}
    return names.get(family, re.sub(r"[^\w./+-]", "", content_type)[:60] or "something else")
