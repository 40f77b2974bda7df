"""Limits of one request, and a body decoder that keeps to them."""

import zlib
from dataclasses import dataclass
from typing import Final

from reader.model.errors import FetchError

MEGABYTE: Final = 1_000_000


_ENCODINGS: Final = frozenset(
    ("gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress", "dcb", "dcz")
)
"""Registered content codings but identity. Source: IANA, HTTP Content Coding Registry."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one request with its redirects: bytes on the wire, decoded bytes, seconds."""

    wire: int = 10 * MEGABYTE
    decoded: int = 20 * MEGABYTE
    seconds: float = 30.0
    redirects: int = 5


PAGE: Final = Limits()
IMAGE: Final = Limits(decoded=10 * MEGABYTE)


class BodyDecoder:
    """Decoder of a response body that stays within the limits.

    `encoding` is the Content-Encoding header in lower case. Names of no encoding (`none`, `utf-8`)
    are ignored, as browsers do. Raises FetchError for encodings that were not asked for, and for
    two of them: a few bytes inflate twice.
    """

    def __init__(self, encoding: str, limits: Limits):
        names = [name.strip() for name in encoding.split(",") if name.strip() in _ENCODINGS]
        if len(names) > 1 or any(name not in ("gzip", "x-gzip", "deflate") for name in names):
            raise FetchError("the page came in an encoding that was not asked for", kind="not-html")
        self._limits = limits
        self._wire = 0
        self._parts: list[bytes] = []
        self._size = 0
        self._deflate = names == ["deflate"]
        # 32 added to the window's size makes zlib detect gzip and zlib headers.
        self._inflater = zlib.decompressobj(32 + zlib.MAX_WBITS) if names else None

    def feed(self, data: bytes) -> None:
        """Take bytes from the wire. Raises FetchError beyond a limit or if decoding fails."""
        self._wire += len(data)
        if self._wire > self._limits.wire:
            raise too_large_error(self._limits.wire)
        if self._inflater is None:
            self._append(data)
            return
        try:
            self._inflate(data)
        except zlib.error:
            raise FetchError(
                "the page's compression is damaged", kind="cut", passing=True
            ) from None

    def _inflate(self, data: bytes) -> None:
        assert self._inflater is not None
        if self._deflate and not self._parts and self._wire == len(data) and data[:1]:
            # Some servers send deflate without its zlib header.
            zlib_header = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            if not zlib_header:
                self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        while data:
            if self._inflater.eof:
                if not data.startswith(b"\x1f\x8b"):
                    return
                self._inflater = zlib.decompressobj(32 + zlib.MAX_WBITS)
            room = self._limits.decoded - self._size
            self._append(self._inflater.decompress(data, room + 1))
            data = self._inflater.unconsumed_tail or self._inflater.unused_data

    def _append(self, decoded: bytes) -> None:
        if decoded:
            self._parts.append(decoded)
            self._size += len(decoded)
        if self._size > self._limits.decoded:
            raise too_large_error(self._limits.decoded)

    def read_all(self) -> bytes:
        """Return the whole body. Raises FetchError (cut) if the compressed stream has no end."""
        if self._inflater is not None and self._wire and not self._inflater.eof:
            raise FetchError("the page came only in part", kind="cut", passing=True)
        return b"".join(self._parts)


def too_large_error(limit: int) -> FetchError:
    """Return the error for a page of more than `limit` bytes."""
    return FetchError(f"larger than {limit // MEGABYTE} MB", kind="too-large")
