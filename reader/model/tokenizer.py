"""Text as the words that search compares: case, accents and width folded, CJK by character.

Scripts written without spaces give one token for each character, so that any part of a sentence
is a run of tokens, and a search for it finds it.
"""

import re
import unicodedata
from functools import cache
from typing import Final

_SINGLE_CHARACTER_TOKENS: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u3105-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
"""Thai, Lao, Myanmar, Khmer, kana, bopomofo, Han and Hangul: each character is a token."""
_COMBINING_LETTERS: Final = (
    "\u0900-\u0963\u0966-\u0dff\u0f71-\u0f84\u0f8d-\u0fbc\u1b00-\u1b4b\u1b80-\u1bf3\u1c00-\u1c37"
    "\ua802-\ua827\ua880-\ua8c5\ua8e0-\ua8f1\ua980-\ua9c0\uaae0-\uaaef\uaaf5\uaaf6\uabc0-\uabea"
    "\uabec\uabed"
)
"""Scripts of India, Tibet and Java: Python takes their vowel signs for marks, not letters."""
_PUNCTUATION: Final = "‘’“”–—…•·«»\xa0"
"""Signs of plain English and French prose, for which alone a text would be no ASCII."""
_ASCII_WORDS: Final = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() else ord(" ") for code in range(128)
) + bytes(128)
"""Each letter and digit of ASCII in lower case, and a space for any sign."""
_UNDECOMPOSED: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ħ": "h"}
)


# Compiled when they are first needed: ⏱ 5 ms, and ASCII needs neither.
@cache
def _tokens() -> re.Pattern[str]:
    single = _SINGLE_CHARACTER_TOKENS
    return re.compile(f"[{single}]|(?:(?![{single}])[^\\W_]|[{_COMBINING_LETTERS}])+")


@cache
def _accents() -> re.Pattern[str]:
    return re.compile(
        "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u0610-\u061a\u0640"
        "\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u200c-\u200f]"
    )


@cache
def _undecomposed() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, _UNDECOMPOSED))}]")


def fold_accents(text: str) -> str:
    """Return the text with case and accents folded, for comparing names and titles."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = _accents().sub("", plain)
    # ⏱ Most texts have none of these, and the translation takes ten times as long as looking.
    if _undecomposed().search(plain):
        plain = plain.translate(_UNDECOMPOSED)
    return unicodedata.normalize("NFKC", plain).casefold()


def tokenize(text: str) -> list[str]:
    """Return the folded words of the text in order. Linear in the text."""
    # ⏱ Splitting bytes takes a tenth of what the pattern takes for what stands between its words.
    if not text.isascii():
        for sign in _PUNCTUATION:
            text = text.replace(sign, " ")
        text = fold_accents(text)
    if text.isascii():
        return text.encode().translate(_ASCII_WORDS).decode().split()
    return _tokens().findall(text)
