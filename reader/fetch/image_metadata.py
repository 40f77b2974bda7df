"""Removal of metadata from images: camera, place, names, thumbnails.

Each format is a sequence of labelled segments; descriptive ones are left out and the pixels stay
unchanged. Raises ValueError if the segments do not follow the format.
Sources: ITU T.81 (JPEG), W3C PNG 3, GIF89a, the WebP container specification.
"""

from collections.abc import Iterator
from typing import Final

_PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"sBIT", b"sRGB", b"cICP"}
    | {b"iCCP", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"}
)
_WEBP_KEPT: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_GIF_LOOPS: Final = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_SOS, _EOI, _APP0, _APP2, _APP14, _COM = 0xDA, 0xD9, 0xE0, 0xE2, 0xEE, 0xFE
_WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length: TEM and the restarts."""


def strip_metadata(kind: str, content: bytes) -> bytes:
    """Return the image with pixels, colours and animation only. Linear."""
    if kind == "jpg":
        return b"\xff\xd8" + b"".join(_jpeg(content))
    if kind == "png":
        return _PNG_HEAD + b"".join(_png(content))
    if kind == "gif":
        return b"".join(_gif(content))
    if kind == "webp":
        return _webp(content)
    raise ValueError(f"no way to strip {kind}")


def _jpeg(content: bytes) -> Iterator[bytes]:
    at = 2
    while True:
        if content[at : at + 1] != b"\xff":
            raise ValueError("no marker where one must be")
        while content[at + 1 : at + 2] == b"\xff":
            at += 1
        code = content[at + 1]
        if code in _WITHOUT_LENGTH:
            yield content[at : at + 2]
            at += 2
            continue
        if code == _EOI:
            yield b"\xff\xd9"
            return
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        end = at + 2 + length
        if length < 2 or end > len(content):
            raise ValueError("a segment reaches beyond the end")
        if code == _SOS:
            end = _scan_end(content, end)
            yield content[at:end]
        elif _is_jpeg_kept(code, content[at + 4 : end]):
            yield content[at:end]
        at = end


def _is_jpeg_kept(code: int, payload: bytes) -> bool:
    if code == _APP2:
        return payload.startswith(b"ICC_PROFILE\0")
    if code == _APP0:
        return payload.startswith(b"JFIF\0")
    if code == _APP14:
        return payload.startswith(b"Adobe")
    return code != _COM and not 0xE0 <= code <= 0xEF


def _scan_end(content: bytes, at: int) -> int:
    """Return the end of the coded pixels: a marker other than stuffing and restarts."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise ValueError("the picture has no end")
        if content[at + 1] == 0 or 0xD0 <= content[at + 1] <= 0xD7:
            at += 2
        elif content[at + 1] == 0xFF:
            at += 1
        else:
            return at


def _png(content: bytes) -> Iterator[bytes]:
    at = len(_PNG_HEAD)
    while True:
        size = int.from_bytes(content[at : at + 4], "big")
        name = content[at + 4 : at + 8]
        end = at + 12 + size
        if len(name) < 4 or end > len(content):
            raise ValueError("a chunk reaches beyond the end")
        if name in _PNG_KEPT:
            yield content[at:end]
        if name == b"IEND":
            return
        at = end


def _gif(content: bytes) -> Iterator[bytes]:
    at = 13 + _table_size(content[10])
    yield content[:at]
    while content[at : at + 1] != b";":
        start = at
        if content[at : at + 1] == b"!":
            label = content[at + 1]
            keeps = label == 0xF9 or (label == 0xFF and content[at + 3 : at + 14] in _GIF_LOOPS)
            at = _blocks_end(content, at + 2)
        elif content[at : at + 1] == b",":
            keeps = True
            at = _blocks_end(content, at + 11 + _table_size(content[at + 9]))
        else:
            raise ValueError("neither a picture nor an extension")
        if keeps:
            yield content[start:at]
    yield b";"


def _table_size(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _blocks_end(content: bytes, at: int) -> int:
    while True:
        if at >= len(content):
            raise ValueError("a block reaches beyond the end")
        size = content[at]
        at += 1 + size
        if size == 0:
            return at


def _webp(content: bytes) -> bytes:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        raise ValueError("no WebP container")
    end = min(len(content), 8 + int.from_bytes(content[4:8], "little"))
    at, kept = 12, [b"WEBP"]
    while at + 8 <= end:
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        following = at + 8 + size + (size & 1)
        if at + 8 + size > end:
            raise ValueError("a chunk reaches beyond the end")
        if name == b"VP8X":
            # Flags: bit 3 says that Exif follows, bit 2 that XMP does.
            flags = content[at + 8] & ~0b1100
            kept.append(content[at : at + 8] + bytes([flags]) + content[at + 9 : following])
        elif name in _WEBP_KEPT:
            kept.append(content[at:following])
        at = following
    body = b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body
