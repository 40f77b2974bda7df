"""Positions of search words in a text, for snippets and marks in an open article.

Single words are found in a copy folded to one byte per letter, ten times as fast as by a pattern.
Latin-1 letters that fold to two (`ß`) stay one byte, and a word is searched in each of its spellings,
so that byte offsets equal text offsets; other multi-letter characters are mapped separately.
Phrases and other scripts use a pattern that accepts any case and accents.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, islice
from typing import Final

from reader.model.query import TextTerm
from reader.model.tokenizer import fold_accents, tokenize

_OTHER_LETTER: Final = "\x01"
"""Placeholder byte of letters that fold to no ASCII letter."""


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    """Return the folded form of a letter: empty for a mark, two letters for `ß`."""
    return "".join(
        sign if sign.isascii() and sign.isalnum() else _OTHER_LETTER if sign.isalnum() else " "
        for sign in fold_accents(letter)
    )


def _fold_to_byte(letter: str) -> int:
    """Return the ASCII letter or digit of a Latin-1 character; a space for any sign."""
    if letter == _OTHER_LETTER or letter.lower() in _PAIRS.values():
        return ord(letter.lower())
    folded = _fold_letter(letter)
    return ord(folded) if len(folded) == 1 else 32


_PAIRS: Final = {_fold_letter(letter): letter for letter in "ßæþ"}
"""Two letters and the Latin-1 letter that may replace them, which stays one byte."""
_MAX_PAIRS: Final = 3
"""Pairs in one word up to which every spelling is searched."""
_FOLD_TABLE: Final = bytes(map(_fold_to_byte, map(chr, range(256))))
_FRACTIONS: Final = "¼½¾"
_MULTI_LETTER: Final = re.compile(
    f"[{_FRACTIONS}\u0100-\u036f\u1e00-\u1fff\u2c60-\u2c7f\ua720-\ua7ff\ufb00-\ufb06\uff10-\uff5a]"
)
"""Characters whose folded form is not one letter of Latin-1."""
_MULTI_LETTER_BLOCKS: Final = b"\x01\x02\x03\x1e\x1f\x2c\xa7\xfb\xff"
"""High bytes of the blocks that contain such characters."""
_OTHER_BLOCKS: Final = bytes(set(range(256)) - set(_MULTI_LETTER_BLOCKS))


def can_find(word: str) -> bool:
    """Return whether the word is ASCII and has few enough spellings for `find`."""
    return word.isascii() and sum(map(word.count, _PAIRS)) <= _MAX_PAIRS


@lru_cache(maxsize=64)
def _spellings(word: str, prefix: bool) -> tuple[bytes, ...]:
    """Return the spellings of a folded word; with `prefix` its end may be half a letter."""
    ways = [[""], [word[:1]]]
    for end in range(2, len(word) + 1):
        one, pair = word[end - 1], _PAIRS.get(word[end - 2 : end])
        ways.append([way + one for way in ways[-1]])
        if pair:
            ways[-1] += [way + pair for way in ways[-3]]
    if prefix:
        halves = [letter for pair, letter in _PAIRS.items() if pair[0] == word[-1]]
        ways[-1] += [way + half for way in ways[-2] for half in halves]
    return tuple(way.encode("latin-1") for way in ways[-1])


class _FoldedLetters(dict[int, str]):
    """A translation table from a multi-letter character to its letters, from another to itself."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        folded = _fold_letter(letter) if _MULTI_LETTER.match(letter) else letter
        self[code] = folded
        return folded


_FOLDED_LETTERS: Final = _FoldedLetters()
_STRETCH: Final = 256
"""Characters whose offsets are found together, for those around a match only."""


class FoldedText:
    """A text as folded bytes, with a mapping back to text offsets.

    `_letters` has one byte per letter except for multi-letter characters. A text that has some is
    folded in stretches; `_ends` holds the byte after each of them, and is empty for another text.
    """

    def __init__(self, text: str):
        self._text = text
        self._ends: list[int] = []
        # The stretch that was looked at last, and the byte after each of its characters.
        self._stretch = -1
        self._character_ends: list[int] = []
        plain = self._expand(text) if _may_have_multi_letter(text) else text
        self._letters = plain.encode("latin-1", "replace").translate(_FOLD_TABLE)

    def find(self, word: str, prefix: bool, limit: int) -> Iterator[tuple[int, int]]:
        """Yield start and end of the word; with `prefix`, of words beginning with it.

        Yields up to `limit` per spelling. The word must be folded and satisfy `can_find`. Linear in the text.
        """
        for written in _spellings(word, prefix):
            for start, end in _find_runs(self._letters, written, prefix, limit):
                yield self._locate(start)[0], self._locate(end)[1]

    def _expand(self, text: str) -> str:
        stretches = [
            text[at : at + _STRETCH].translate(_FOLDED_LETTERS)
            for at in range(0, len(text), _STRETCH)
        ]
        self._ends = list(accumulate(map(len, stretches)))
        return "".join(stretches)

    def _locate(self, at: int) -> tuple[int, int]:
        """Return the offset of the letter that this byte belongs to, and that after the one before.

        They differ inside a character that became several bytes. Marks belong to the letter before.
        """
        if not self._ends:
            return at, at
        stretch = bisect_right(self._ends, at)
        if stretch == len(self._ends):
            return len(self._text), len(self._text)
        first = _STRETCH * stretch
        if stretch != self._stretch:
            letters = (
                len(_FOLDED_LETTERS[ord(letter)]) for letter in self._text[first : first + _STRETCH]
            )
            before = self._ends[stretch - 1] if stretch else 0
            self._stretch = stretch
            self._character_ends = list(accumulate(letters, initial=before))
        index = bisect_right(self._character_ends, at) - 1
        return first + index, first + index + (self._character_ends[index] < at)


def _may_have_multi_letter(text: str) -> bool:
    """Return whether the text may have multi-letter characters: ⏱ 1 to 20 µs instead of 50."""
    if any(fraction in text for fraction in _FRACTIONS):
        return True
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        blocks = text.encode("utf-16-le", "surrogatepass")[1::2]
        return bool(blocks.translate(None, _OTHER_BLOCKS))
    return False


def _find_runs(plain: bytes, word: bytes, prefix: bool, limit: int) -> Iterator[tuple[int, int]]:
    """Yield the word between spaces; with `prefix` up to the end of the longer word."""
    start = plain.find(word)
    while start >= 0 and limit > 0:
        end = start + len(word)
        begins = start == 0 or plain[start - 1] == 32
        goes_on = end < len(plain) and plain[end] != 32
        if begins and (prefix or not goes_on):
            stop = plain.find(b" ", end) if goes_on else end
            limit -= 1
            yield start, stop if stop >= 0 else len(plain)
        start = plain.find(word, end)


_ACCENTED_RANGES: Final = ((0xC0, 0x250), (0x1E00, 0x1F00))
_MARKS: Final = "[\u0300-\u036f]*"
_MAX_RUN_LENGTH: Final = 6
"""Consecutive letters whose spellings are all tried: these double with each letter."""


@lru_cache(maxsize=1)
def _variants() -> dict[str, str]:
    """Return for each folded letter or pair the Latin letters that fold to it."""
    found: dict[str, str] = {}
    for first, beyond in _ACCENTED_RANGES:
        for code in range(first, beyond):
            base = fold_accents(chr(code))
            if base.isascii() and base.isalpha() and len(base) <= 2:
                found[base] = found.get(base, "") + chr(code)
    return found


def _letter_pattern(letter: str, *, halves: bool = False) -> str:
    """Return a pattern of the letter; with `halves` also of letters that fold to two."""
    if not letter.isalpha():
        return letter
    variants = _variants()
    written = letter + variants.get(letter, "")
    if halves:
        pairs = (shown for base, shown in variants.items() if len(base) == 2)
        written += "".join(
            each for shown in pairs for each in shown if fold_accents(each)[0] == letter
        )
    return f"[{written}]{_MARKS}"


def _word_pattern(word: str, *, open_end: bool = False) -> str:
    """Return a pattern of the word; with `open_end` its last letter may be half a letter."""
    if not word.isascii():
        return re.escape(word)
    variants = _variants()
    parts: list[str] = []
    position = 0
    while position < len(word):
        begins = position
        while word[position : position + 2] in variants and position + 2 <= len(word):
            position += 1
        position += 1
        parts.append(_letters_pattern(word[begins:position]))
    if open_end:
        parts.append(f"|{_word_pattern(word[:-1])}{_letter_pattern(word[-1], halves=True)}")
        return f"(?:{''.join(parts)})"
    return "".join(parts)


def _letters_pattern(run: str) -> str:
    """Return a pattern of letters, adjacent ones possibly joined: `ae` or `sss` as `sß`, `ßs`."""
    if len(run) == 1:
        return _letter_pattern(run)
    if len(run) > _MAX_RUN_LENGTH:
        return _letters_pattern(run[:_MAX_RUN_LENGTH]) + _letters_pattern(run[_MAX_RUN_LENGTH:])
    joined = f"[{_variants()[run[:2]]}]"
    apart = _letter_pattern(run[0]) + _letters_pattern(run[1:])
    return f"(?:{apart}|{joined}{_letters_pattern(run[2:]) if run[2:] else ''})"


@lru_cache(maxsize=256)
def _tokens_of(text: str) -> tuple[str, ...]:
    return tuple(tokenize(text))


@lru_cache(maxsize=64)
def pattern_of(sought: tuple[TextTerm, ...]) -> re.Pattern[str] | None:
    """Return a pattern with one group per text; `None` if there is nothing to search."""
    parts: list[str] = []
    for text in sought:
        words = tokenize(text.text)
        if not words:
            continue
        last = _word_pattern(words[-1], open_end=text.prefix)
        run = r"[\W_]*".join([*map(_word_pattern, words[:-1]), last])
        if words[0].isascii():
            # Ŀ and ŀ fold to a letter and a sign, so a word may begin after them.
            run = r"(?<![^\W_Ŀŀ])" + run
        if words[-1].isascii() and not text.prefix:
            run += r"(?![^\W_])"
        elif text.prefix:
            run += r"[^\W_]*"
        parts.append(f"({run})")
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def find_matches(
    text: str, sought: Sequence[TextTerm], limit: int = 10_000
) -> list[tuple[int, int]]:
    """Return start and end of every match in order, at most `limit`.

    Matches do not overlap; of two that begin at the same place the longer counts.
    """
    spans: list[tuple[int, int]] = []
    for start, end, _ in find_word_matches(text, sought, limit):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
        elif start == spans[-1][0]:
            spans[-1] = (start, max(end, spans[-1][1]))
    return spans


def find_word_matches(
    text: str, sought: Sequence[TextTerm], limit: int
) -> list[tuple[int, int, int]]:
    """Return start, end and index of the search text of each match, in order."""
    found: list[tuple[int, int, int]] = []
    others: list[int] = []
    flat: FoldedText | None = None
    for kind, each in enumerate(sought):
        words = _tokens_of(each.text)
        if len(words) == 1 and can_find(words[0]):
            flat = FoldedText(text) if flat is None else flat
            found += [(*span, kind) for span in flat.find(words[0], each.prefix, limit)]
        elif words:
            others.append(kind)
    # ⏱ Only the other texts: a pattern of ten words takes 25 ms to make.
    pattern = pattern_of(tuple(sought[kind] for kind in others))
    if pattern is not None:
        matches = islice(pattern.finditer(text), limit)
        found += [(*match.span(), others[(match.lastindex or 1) - 1]) for match in matches]
    return sorted(found)[:limit]
