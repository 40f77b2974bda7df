"""The one allow-list for characters, and the counts made of text.

`clean` runs when something is saved, and again wherever text leaves for a terminal, a file name,
a log or an error, because references are decoded more than once on the way of a page.
"""

import math
import re
import unicodedata
from functools import cache
from typing import Final

WORDS_PER_MINUTE: Final = 230
"""Reading speed until the user's own is measured; Brysbaert (2019) reports 238 for English."""
MAX_COMBINING_MARKS: Final = 4
"""Combining marks kept on one base character; scripts that stack them need no more."""

_ZWNJ, _ZWJ = "\u200c", "\u200d"
_ALLOWED_FORMAT: Final = frozenset(
    "\u200c\u200d\u200e\u200f\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2\U000110bd"
)
_LINE_ENDS: Final = {"\x85": "\n", "\u2028": "\n", "\u2029": "\n\n", "\x0b": "\n", "\x0c": "\n"}


class _AllowedCharacters(dict[int, str | None]):
    """A translation table that judges each character the first time it is met."""

    def __missing__(self, code: int) -> str | None:
        replacement = _replacement(chr(code))
        self[code] = replacement
        return replacement


def _replacement(character: str) -> str | None:
    if character in "\n\t":
        return character
    if character in _LINE_ENDS:
        return _LINE_ENDS[character]
    category = unicodedata.category(character)
    if category == "Cf":
        return character if character in _ALLOWED_FORMAT else None
    if category == "Cn":
        # Characters younger than this Python's tables stay; noncharacters do not.
        code = ord(character)
        noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
        return None if noncharacter or code >= 0xE0000 else character
    return None if category in ("Cc", "Cs", "Co") else character


_ALLOWED: Final = _AllowedCharacters()
_ASCII_CONTROLS: Final = bytes({*range(32), 127} - {*b"\n\t"})
"""Characters of ASCII that `clean` removes or replaces: ⏱ found in bytes in half of the time."""
_COMBINING: Final = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"


# Patterns are compiled when they are first needed: ⏱ 15 ms in all, and most commands need none.
@cache
def _contextual() -> re.Pattern[str]:
    return re.compile("[\u0300-\u036f\u0483-\u0489\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")


@cache
def _runs() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return patterns for runs of combining marks, of joiners, of selectors, and for a joiner or
    selector."""
    return (
        re.compile(f"({_COMBINING}{{{MAX_COMBINING_MARKS}}}){_COMBINING}+"),
        re.compile("[\u200c\u200d]{2,}"),
        re.compile("([\ufe00-\ufe0f])[\ufe00-\ufe0f]+"),
        re.compile("[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]"),
    )


def _uses_joiners(character: str) -> bool:
    """Return whether a joiner next to this character has a meaning."""
    if not character:
        return False
    code = ord(character)
    if 0x0590 <= code <= 0x109F or 0x1780 <= code <= 0x18AF or 0xA800 <= code <= 0xABFF:
        return True
    if 0xFB50 <= code <= 0xFEFF and not 0xFE00 <= code <= 0xFE0F:
        return True
    return code >= 0x2190 and unicodedata.category(character) in ("So", "Sk", "Mn", "Sm")


def _drop_stray_joiners(text: str) -> str:
    """Drop joiners and selectors that mean nothing where they stand, and marks beyond a stack."""
    marks, joiners, selectors, invisible = _runs()
    text = marks.sub(r"\1", selectors.sub(r"\1", joiners.sub(lambda m: m[0][0], text)))
    out: list[str] = []
    last = ""
    done = 0
    for found in invisible.finditer(text):
        position, character = found.start(), found[0]
        if position > done:
            out.append(text[done:position])
            last = text[position - 1]
        done = position + 1
        if character in (_ZWJ, _ZWNJ):
            following = text[position + 1 : position + 2]
            keep = _uses_joiners(last) and _uses_joiners(following)
        elif character <= "\ufe0f":
            keep = bool(last) and (last in "0123456789#*©®" or ord(last) >= 0x2010)
        else:
            keep = bool(last) and 0x2E80 <= ord(last) <= 0x3FFFF
        if keep:
            out.append(character)
            last = character
    return "".join((*out, text[done:]))


def clean(text: str) -> str:
    """Keep readable characters: letters, marks, numbers, signs, spaces, newlines and tabs.

    Control characters, bidirectional overrides and isolates, tags, private and unassigned
    code points go; every kind of line end becomes `\\n`. Idempotent. Linear in the text.
    """
    if text.isascii() and (
        text.isprintable() or len(text.encode().translate(None, _ASCII_CONTROLS)) == len(text)
    ):
        return text
    # ⏱ What Python calls printable is allowed: a fifth of the time of judging each character.
    if not text.replace("\n", " ").isprintable():
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = text.translate(_ALLOWED)
    if text.isascii():
        return text
    return _drop_stray_joiners(text) if _contextual().search(text) else text


def one_line(text: str, limit: int = 300) -> str:
    """Return the cleaned text on one line, spaces folded, cut with `…` after `limit` characters."""
    text = clean(text)
    # ⏱ Nearly all titles: two thirds of the time of splitting and joining their words.
    if text.isascii() and text.isprintable() and "  " not in text:
        line = text.strip()
    else:
        line = " ".join(text.split())
    return line if len(line) <= limit else truncate(line, limit)


def truncate(text: str, limit: int) -> str:
    """Return the text, or its first `limit - 1` characters and `…`, never inside a grapheme."""
    if len(text) <= limit:
        return text
    end = limit - 1
    while end > 0 and (
        unicodedata.combining(text[end])
        or text[end] in (_ZWJ, _ZWNJ)
        or text[end - 1] == _ZWJ
        or "\ufe00" <= text[end] <= "\ufe0f"
        or "\U0001f3fb" <= text[end] <= "\U0001f3ff"
    ):
        end -= 1
    return text[:end].rstrip() + "…"


@cache
def _word_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return patterns for a CJK character, for a word, and for a word in ASCII text."""
    return (
        re.compile(
            "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
            "\U00020000-\U0003ffff]"
        ),
        re.compile(r"[^\W_]+(?:['’\-.][^\W_]+)*"),
        # ⏱ Two thirds of the time.
        re.compile(r"[a-zA-Z0-9]+(?:['\-.][a-zA-Z0-9]+)*"),
    )


def count_words(text: str) -> int:
    """Words of plain text; a CJK character counts half a word, rounded up over the whole."""
    wide_character, word, ascii_word = _word_patterns()
    wide = 0
    if not text.isascii():
        wide = len(wide_character.findall(text))
        if wide:
            text = wide_character.sub(" ", text)
        ascii_word = word
    # ⏱ Three of four words have nothing but letters up to the next space.
    pieces = text.split()
    others = [piece for piece in pieces if not piece.isalpha()]
    plain = len(pieces) - len(others)
    return plain + len(ascii_word.findall(" ".join(others))) + math.ceil(wide / 2)


def reading_minutes(words: int) -> int:
    """Return the minutes that `words` take at 230 a minute, rounded up; 0 for a link."""
    return math.ceil(words / WORDS_PER_MINUTE)


def fold_case(text: str) -> str:
    """Return the form in which tags and names are compared: NFC, then case-folded."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def clean_tag(tag: str) -> str:
    """Return a tag in its stored form: one line, no leading `#`, no empty levels."""
    line = one_line(tag, 120).lstrip("#").strip()
    return "/".join(level for level in (part.strip() for part in line.split("/")) if level)


_UNSAFE_IN_NAMES: Final = r"[\\/:*?\"<>|#^\[\]\x00-\x1f]+"
_RESERVED_NAMES: Final = frozenset(
    ["con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))]
)
_MAX_NAME_BYTES: Final = 180
"""Bytes of a name: file systems take 255, and a suffix and a synchroniser's words must fit."""


def title_filename(title: str) -> str:
    """Return a file name without suffix that keeps the title's letters in any script; never empty.

    Replaces what Windows, macOS or Obsidian do not allow in names, and links of wikis.
    """
    name = unicodedata.normalize("NFC", one_line(title, 1000))
    name = " ".join(re.sub(_UNSAFE_IN_NAMES, " ", name).split()).strip(". ")
    while len(name.encode("utf-8", "replace")) > _MAX_NAME_BYTES:
        name = truncate(name, max(len(name) - 8, 2)).rstrip("…").rstrip(". ")
    if name.casefold() in _RESERVED_NAMES:
        name = f"{name}-"
    return name or "article"


def plural(count: int, noun: str = "article") -> str:
    """Return the count with its noun: `1 article`, `3 articles`, `2,000 articles`."""
    return f"{count} {noun}" if count == 1 else f"{count:,} {noun}s"


SLUG_SIGNS: Final = (
    "-0-9a-z\u00c0-\u1fff\u2c00-\u2dff\u2e80-\u2fff\u3040-\ud7ff\uf900-\ufdcf\ufdf0-\ufdff"
    "\ufe20-\ufe2f\ufe70-\ufefc\uff66-\uffdc\U00010000-\U0001cfff\U0001e000-\U0001efff"
    "\U00020000-\U0003fffd"
)
"""Code points of `slug`, as a class of a pattern: blocks of letters, marks and digits.

Blocks, not categories: another device may know letters that are younger than this Python.
"""


def slug(title: str, limit: int = 60) -> str:
    """Return a name for a folder that keeps the title's letters in any script; never empty.

    Lower-case letters with their marks, digits and `-`, in NFC, so that file systems which ignore
    case or normal form see one name. At most `limit` code points and twice as many bytes; a title
    without letters or digits gives `article`.
    """
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", title).casefold())
    plain = re.sub(f"[^{SLUG_SIGNS}]", " ", plain)
    words = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in plain)
    name = ""
    for word in words.split():
        longer = f"{name}-{word}" if name else word
        shortened = longer[:limit].encode()[: 2 * limit].decode(errors="ignore")
        if shortened != longer:
            # A script without spaces has words as long as sentences.
            return name if len(name) > limit // 3 else shortened.rstrip("-")
        name = longer
    return name or "article"
