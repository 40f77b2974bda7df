"""Decoding of a page: byte order mark, header, declaration in the page, UTF-8, detection."""

import codecs
import re
from typing import Final

from reader.encoding_labels import MULTI_BYTE, codec_for

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED: Final = re.compile(
    rb"""<(?:meta|\?xml)\s[^<>]{0,400}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I
)
_COMMENT: Final = re.compile(rb"<!--.*?-->", re.S)
_WIDE_TAG: Final = re.compile(
    rb"(?:[\t\n\r ]\x00)*<\x00[!?a-zA-Z]\x00|(?:\x00[\t\n\r ])*\x00<\x00[!?a-zA-Z]"
)
"""The beginning of a page in UTF-16, of little or big endian (HTML 13.2.3.2)."""
_HEAD: Final = 16_384
"""Bytes searched for a declaration; browsers search 1,024, pages put it later."""
_LANGUAGE: Final = re.compile(rb"""<html\b[^<>]{0,400}?\blang\s*=\s*["']?([A-Za-z]{2,3})""", re.I)
_MARKUP: Final = re.compile(
    rb"<(?:script|style)\b.*?</(?:script|style)|<[^<>]*>|[\x00-\x7f]{200,}", re.I | re.S
)
_SAMPLE: Final = 20_000
"""Bytes of text that the detector sees; more changed no answer on the language sets."""
_ESCAPED: Final = 65_536
"""Bytes searched for the escape sequences of ISO-2022-JP, which is valid UTF-8, too."""
_DOMAINS: Final = {
    "ar": "eg", "be": "by", "cs": "cz", "da": "dk", "el": "gr", "et": "ee", "fa": "ir", "he": "il", "iw": "il",
    "ja": "jp", "kk": "kz", "ko": "kr", "nb": "no", "nn": "no", "sl": "si", "sq": "al", "sr": "rs", "sv": "se",
    "uk": "ua", "ur": "pk", "vi": "vn",
}  # fmt: skip
"""Top-level domains by language where they differ: the detector takes a domain, not a language."""


_NOT_ASCII: Final = bytes(range(128, 256))
MIN_LETTERS: Final = 4
"""Bytes beyond ASCII from which they alone tell the encoding.

Of 47 samples in 29 languages, 44 with two such bytes and 46 with four were read rightly; with the
page's language 47 and 46.
"""
_CONTROL: Final = re.compile(rb"\xc2[\x80-\x9f]")
_ENCODED_TWICE: Final = re.compile("[\xc2-\xf4][\x80-\xbf]{1,3}")
_SIGNS: Final = {
    at: sign for at in range(0x80, 0xA0) if (sign := bytes([at]).decode("cp1252", "ignore"))
}
"""Signs of Windows-1252 by the control characters of Unicode with their numbers."""
_LATIN_BYTES: Final = {ord(sign): at for at, sign in _SIGNS.items()} | {
    ord(bytes([at]).decode("iso-8859-15")): at for at in range(0xA0, 0x100)
}
"""Bytes of the characters of Windows-1252 and Latin-9 that Latin-1 has elsewhere or not at all."""
_MISREAD: Final = re.compile("[\xa1-\xff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u20ac]{4,}")
"""Letters beyond ASCII in a row, as no text in a Latin alphabet has them often."""
MIN_MISREAD: Final = 60
"""Letters in such rows from which a text was read in a wrong encoding."""


def decode(page: bytes, declared: str | None = None) -> str:
    """Return the text of a page; `declared` is the charset of a header.

    Never fails. Valid UTF-8 is read as such even if a single-byte charset is declared, because text
    in such a charset is hardly ever valid UTF-8. Linear.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if page.startswith(mark):
            return page[len(mark) :].decode(name, "replace")
    wide = detect_utf16(page[:4096])
    if wide:
        return page.decode(wide, "replace")
    labels = [declared] if declared else []
    head = page[:_HEAD]
    # Up to the last end of a comment: a search from each open one would be quadratic.
    last = head.rfind(b"-->") + 3
    head = _COMMENT.sub(b" ", head[:last]) + head[last:]
    labels += [name.decode("ascii", "replace") for name in _DECLARED.findall(head)]
    codec = next((known for known in map(codec_for, labels) if known), None)
    if codec is None and any(escape in page[:_ESCAPED] for escape in (b"\x1b$B", b"\x1b$@")):
        codec = "iso-2022-jp"
    if codec in MULTI_BYTE:
        try:
            return page.decode(codec)
        except UnicodeDecodeError:
            pass
    try:
        text = page.decode("utf-8")
        text = _repair(text) if _CONTROL.search(page) else text
        is_foreign = page.count(b"\xc3") > max(MIN_MISREAD // 2, len(page) // 200)
        return _read_again(text) if is_foreign else text
    except UnicodeDecodeError as error:
        broken = error.start
    if codec and codec != "utf-8":
        return page.decode(codec, "replace")
    # One bad byte, or a text cut inside a letter, must not spoil every accent of a UTF-8 page.
    text = page.decode("utf-8", "replace")
    lost = text.count("\ufffd", broken // 4)
    whole = len(text) - len(text.encode("ascii", "ignore")) - lost
    if whole > 4 * lost:
        return text
    return page.decode(_detect(page), "replace")


def _read_again(text: str) -> str:
    """Return the text of a page whose Chinese, Russian or other text was read as Latin.

    A program took the page's encoding for Latin-1, Windows-1252 or Latin-9, and saved it as UTF-8.
    """
    runs = [run[0] for run in _MISREAD.finditer(text)]
    letters = sum(map(len, runs))
    if letters < MIN_MISREAD or 2 * letters < len(text) - len(text.encode("ascii", "ignore")):
        return text
    page = text.translate(_LATIN_BYTES).encode("latin-1", "xmlcharrefreplace")
    found = page.decode(_detect(page), "replace")
    return text if found.count("\ufffd") > letters // 20 else found


def _repair(text: str) -> str:
    """Return the signs for which a text has control characters of Unicode, which pages never mean.

    A program read Windows-1252 as Latin-1, or UTF-8 as Latin-1 and encoded it a second time.
    """
    return _ENCODED_TWICE.sub(_decode_again, text).translate(_SIGNS)


def _decode_again(run: re.Match[str]) -> str:
    try:
        return run[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return run[0]


def _detect(page: bytes) -> str:
    """Return the likely codec of a page that declares none and is not UTF-8.

    The detector is that of Firefox. The page's language decides only where its letters are too few
    for that: Polish and Slovak have two encodings each, and templates name any language.
    """
    from chardetng_py import detect  # late: few pages need it

    sample = b" ".join(_MARKUP.sub(b" ", page[: 30 * _SAMPLE]).split())[:_SAMPLE]
    letters = len(sample) - len(sample.translate(None, _NOT_ASCII))
    found = _LANGUAGE.search(page[:_HEAD]) if letters < MIN_LETTERS else None
    language = found[1].decode().casefold() if found else "en"
    # Templates name English for any text, and Chinese has an encoding for each of its scripts.
    domain = None if language in ("en", "zh") else _DOMAINS.get(language, language).encode()
    name = detect(sample, tld=domain)
    return codec_for(name) or codecs.lookup(name).name


def detect_utf16(head: bytes) -> str | None:
    """Detect UTF-16 without a byte order mark: in markup, every second byte is zero."""
    if tag := _WIDE_TAG.match(head):
        return "utf-16-be" if tag[0].startswith(b"\x00") else "utf-16-le"
    half = len(head) // 2
    if half < 16:
        return None
    even = head[0::2].count(0)
    odd = head[1::2].count(0)
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.4 and odd < half * 0.05 else None
