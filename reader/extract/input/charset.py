"""Decoding of a page: byte order mark, declared charset, UTF-8, detection."""

import codecs
import re
from typing import Final

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
_HEAD: Final = 16_384
"""Bytes searched for a declaration; browsers search 1,024, pages put it later."""

_SINGLE_BYTE: Final = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "cp1252": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
} | {
    name: name
    for name in (
        *(f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
        *(f"cp125{page}" for page in (0, 1, 3, 4, 5, 6, 7, 8)),
        *("cp874", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp437", "cp850", "cp866"),
    )
}
_MULTI_BYTE: Final = {
    "shift_jis": "cp932",
    "cp932": "cp932",
    "shift_jisx0213": "cp932",
    "euc_jp": "euc_jp",
    "iso2022_jp": "iso2022_jp",
    "euc_kr": "cp949",
    "cp949": "cp949",
    "johab": "johab",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "hz": "hz",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "big5hkscs": "big5hkscs",
}
"""Supported text codecs, by Python's names, as browsers read them.

UTF-7, and codecs of Python that hold no text (`hex`, `unicode_escape`, `idna`), are left out.
Source: WHATWG Encoding Standard, "Names and labels".
"""


def decode(page: bytes, declared: str | None = None) -> str:
    """Return the text of a page; `declared` is the charset of a container's header.

    Never fails. Valid UTF-8 is read as such even if a single-byte charset is declared, because text
    in such a charset is hardly ever valid UTF-8. Linear.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if page.startswith(mark):
            return page[len(mark) :].decode(name, "replace")
    wide = _detect_utf16(page[:4096])
    if wide:
        return page.decode(wide, "replace")
    said = [declared] if declared else []
    said += [name.decode("ascii", "replace") for name in _DECLARED.findall(page[:_HEAD])]
    codec = next((known for known in map(_codec_for_label, said) if known), None)
    if codec and codec in _MULTI_BYTE.values():
        try:
            return page.decode(codec)
        except UnicodeDecodeError:
            pass
    try:
        return page.decode("utf-8")
    except UnicodeDecodeError as error:
        broken = error.start
    if codec and codec != "utf-8":
        return page.decode(codec, "replace")
    # One bad byte, or a text cut inside a letter, must not spoil every accent of a UTF-8 page.
    text = page.decode("utf-8", "replace")
    lost = text.count("\ufffd", broken // 4)
    whole = sum(1 for byte in text[: 1 << 20] if byte > "\x7f") - lost
    return text if codec == "utf-8" or whole > 4 * lost else page.decode("cp1252", "replace")


def _codec_for_label(name: str) -> str | None:
    try:
        known = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return None
    return "utf-8" if known == "utf-8" else _SINGLE_BYTE.get(known) or _MULTI_BYTE.get(known)


def _detect_utf16(head: bytes) -> str | None:
    """Detect UTF-16 without a byte order mark: in markup, every second byte is zero."""
    even, odd, half = head[0::2].count(0), head[1::2].count(0), len(head) // 2
    if half < 16:
        return None
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.4 and odd < half * 0.05 else None
