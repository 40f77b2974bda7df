"""Labels of character encodings, as browsers read them, to codecs of Python.

Source: WHATWG Encoding Standard, "Names and labels".
"""

import codecs
from typing import Final

_CODECS: Final = {
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "gbk": "gb18030",
    "iso-8859-8-i": "iso-8859-8",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "windows-874": "cp874",
    # The labels of UTF-16 in a page that could be read as ASCII are wrong.
    "utf-16le": "utf-8",
    "utf-16be": "utf-8",
}
"""Encodings whose Python codec has another name, or reads fewer characters than browsers do."""
_OTHER_CODECS: Final = frozenset(
    "hz johab cp437 cp850 cp852 cp855 cp857 cp858 cp862 cp865 mac-latin2 mac-greek mac-turkish"
    " koi8-t kz1048 ptcp154 cp1125".split(" ")
)
"""Codecs of old pages that browsers no longer read."""
MULTI_BYTE: Final = frozenset(
    ("cp932", "cp949", "big5hkscs", "gb18030", "euc-jp", "iso-2022-jp", "hz", "johab")
)


def codec_for(label: str) -> str | None:
    """Return the Python codec for a label, None for unknown labels and for other codecs.

    `unicode_escape`, `idna`, UTF-7 and the like hold no text of a page, and are not returned.
    """
    import webencodings  # late: most pages are UTF-8 and never ask

    label = label.strip().strip("\"'")
    found = webencodings.lookup(label)
    if found is not None and found.name not in ("replacement", "x-user-defined"):
        name = str(found.name)
        return _CODECS.get(name, name)
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return name if name in _OTHER_CODECS else None
