"""A page's bytes as text: the byte order mark, what is declared, UTF-8, then Windows-1252."""

import codecs
import re
from typing import Final

from reader.model.errors import NotAnArticle

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED: Final = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,400}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I
)
_REFUSED: Final = frozenset(
    {"utf-7", "utf_7", "utf7", "unicode_escape", "raw_unicode_escape", "idna", "punycode"}
)
# Browsers read these names as Windows-1252; see the WHATWG Encoding Standard.
_WINDOWS: Final = frozenset({"iso8859-1", "ascii", "latin-1"})
_MAGIC: Final = (
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\x1f\x8b", "a packed file"),
    (b"PK\x03\x04", "a zip: `reader import` takes exports"),
    (b"BZh", "a packed file"),
    (b"\xfd7zXZ", "a packed file"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image or a sound"),
    (b"SQLite format 3", "a database"),
    (b"OggS", "a sound"),
    (b"ID3", "a sound"),
)


def decode(page: bytes, declared: str | None = None) -> str:
    """The page's text; `declared` is the encoding that a server or container names.

    Order: byte order mark, `declared`, `<meta>` or XML declaration, UTF-8, Windows-1252 with
    replacement. Only codecs that are known here and that are text count. Raises NotAnArticle for
    empty input, known file types that are no pages, and bytes that are no text.
    """
    if not page.strip():
        raise NotAnArticle("the page is empty")
    for magic, kind in _MAGIC:
        if page.startswith(magic):
            raise NotAnArticle(f"this is {kind}, not a page")
    for mark, name in _MARKS:
        if page.startswith(mark):
            return page[len(mark) :].decode(name, "replace")
    guessed = _wide(page[:4096])
    if guessed:
        return page.decode(guessed, "replace")
    if page[:65536].count(0) * 20 > len(page[:65536]):
        raise NotAnArticle("this is binary data, not a page")
    found = _DECLARED.search(page[:8192])
    for label in (declared, found[1].decode("ascii", "replace") if found else None):
        named = _as(page, label)
        if named is not None:
            return named
    try:
        return page.decode("utf-8")
    except UnicodeDecodeError:
        # A page that is nearly all UTF-8 stays UTF-8: one bad byte must not turn every accent.
        text = page.decode("utf-8", "replace")
        broken, good = text.count("\ufffd"), sum(1 for byte in page if 0xC2 <= byte <= 0xF4)
        return text if broken * 4 < good else page.decode("cp1252", "replace")


def _as(page: bytes, name: str | None) -> str | None:
    if not name:
        return None
    try:
        codec = codecs.lookup(name.strip())
    except (LookupError, ValueError):
        return None
    known = codec.name
    if known in _REFUSED or not codec._is_text_encoding or known.startswith(("utf-16", "utf-32")):
        return None
    if known in _WINDOWS or (known.startswith("iso8859-1") and known == "iso8859-1"):
        known = "cp1252"
    text = page.decode(known, "replace")
    if known == "utf-8" and "\ufffd" in text:
        return None
    return text


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of markup is zero."""
    if len(head) < 32:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return None
