"""Text as the words that search compares: case, accents and variants folded, CJK by character.

Scripts written without spaces give one token for each character, so that any part of a sentence
is a run of tokens, and a search for it finds it.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from reader.model.letter_variants import fold_variants

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
MAX_ABBREVIATION: Final = 6
"""Letters of an abbreviation with full stops that is marked in a text."""
HYPHENS: Final = "-\u2010\u2011"
"""Signs between the parts of a compound, as a class of a pattern."""
_PUNCTUATION: Final = "‘’“”–—…•·«»\xa0"
"""Signs of plain English and French prose, for which alone a text would be no ASCII."""
_ASCII_WORDS: Final = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() else ord(" ") for code in range(128)
) + bytes(128)
"""Each letter and digit of ASCII in lower case, and a space for any sign."""
_UNDECOMPOSED: Final = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "þ": "th",
        "ħ": "h",
        "ŋ": "n",
        "ŧ": "t",
        "ə": "e",
        "ʼ": "'",
        "ʻ": "'",
        "ʽ": "'",
    }
)


_LETTER: Final = f"(?:(?![{_SINGLE_CHARACTER_TOKENS}])[^\\W_]|[{_COMBINING_LETTERS}])"
"""A pattern of one letter of a word of several letters."""
_GAP: Final = f"(?:(?![{_SINGLE_CHARACTER_TOKENS}{_COMBINING_LETTERS}])[\\W_])*"
"""A pattern of what may stand between two words."""


# Compiled when they are first needed: ⏱ 5 ms, and ASCII needs neither.
@cache
def _tokens() -> re.Pattern[str]:
    return re.compile(f"[{_SINGLE_CHARACTER_TOKENS}]|{_LETTER}+")


@cache
def _abbreviations() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return a pattern for the sign after a single letter, and one from that letter on.

    The second matches letters with full stops between, or one before a hyphen and a word.
    """
    return re.compile(rf"[{HYPHENS}.](?<=\b\w.)(?=[^\W\d_])"), re.compile(
        rf"(?<!\.)(?:[^\W\d_](?:\.[^\W\d_])+|[A-Za-z][{HYPHENS}][^\W\d_]{{3,}})(?![{HYPHENS}\w]|\.\w)"
    )


def joined_words(text: str) -> list[str]:
    """Return abbreviations and compounds as they are written without signs: `A.I.`, `e-mail`.

    Folded, each once. Linear in the text.
    """
    signs, whole = _abbreviations()
    found = [whole.match(text, sign.start() - 1) for sign in signs.finditer(text)]
    return list(dict.fromkeys("".join(tokenize(each[0])) for each in found if each))


@cache
def _single() -> re.Pattern[str]:
    return re.compile(f"[{_SINGLE_CHARACTER_TOKENS}]")


@cache
def _letters() -> re.Pattern[str]:
    return re.compile(f"{_LETTER}+")


@cache
def _gaps() -> re.Pattern[str]:
    return re.compile(_GAP)


def find_words(
    folded: str, words: Sequence[str], prefix: bool, limit: int
) -> Iterator[tuple[int, int]]:
    """Yield start and end of the words, one after the other, in a folded text.

    With `prefix`, the last may be longer. Yields up to `limit` for each way to write them. Linear.
    """
    yield from _find_phrase(folded, words, prefix, limit)
    word = words[0]
    if len(words) > 1 or prefix or len(word) < 2 or not word.isalpha():
        return
    if len(word) <= MAX_ABBREVIATION:
        yield from _find_phrase(folded, [".".join(word)], False, limit)
    for hyphen in HYPHENS:
        yield from _find_phrase(folded, [f"{word[0]}{hyphen}{word[1:]}"], False, limit)


def _find_phrase(
    folded: str, words: Sequence[str], prefix: bool, limit: int
) -> Iterator[tuple[int, int]]:
    """Yield where the words begin and end; ⏱ a pattern of them takes 5 ms to compile."""
    letters, is_single = _letters(), _single().match(words[0])
    start = folded.find(words[0])
    while start >= 0 and limit > 0:
        if not is_single and start and letters.match(folded, start - 1):
            # The word begins inside another one.
            run = letters.match(folded, start)
            start = folded.find(words[0], run.end() if run else start + 1)
            continue
        end = _phrase_end(folded, start, words, prefix)
        if end is not None:
            limit -= 1
            yield start, end
        start = folded.find(words[0], end or start + 1)


def _phrase_end(folded: str, at: int, words: Sequence[str], prefix: bool) -> int | None:
    """Return the end of the words that begin at this offset; None if others stand there."""
    for number, word in enumerate(words):
        gap = _gaps().match(folded, at) if number else None
        at = gap.end() if gap else at
        if not folded.startswith(word, at):
            return None
        at += len(word)
        run = None if _single().match(word) else _letters().match(folded, at)
        if run is None:
            continue
        if not prefix or number < len(words) - 1:
            return None
        at = run.end()
    return at


@cache
def _accents() -> re.Pattern[str]:
    return re.compile(
        "[\xad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u0610-\u061a\u0640"
        "\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff"
        "\U000e0100-\U000e01ef]"
    )


@cache
def _undecomposed() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, _UNDECOMPOSED))}]")


def fold_accents(text: str) -> str:
    """Return the text with case, accents and variants of letters folded, for comparing texts."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = _accents().sub("", plain)
    # ⏱ Most texts have none of these, and the translation takes ten times as long as looking.
    if _undecomposed().search(plain):
        plain = plain.translate(_UNDECOMPOSED)
    return fold_variants(unicodedata.normalize("NFKC", plain).casefold())


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
