"""Positions of search words in a text, for snippets and marks in an open article.

Single words of English and its neighbours are found in a copy folded to one byte per letter, ten
times as fast as by a pattern. Letters that fold to two (`ß`) stay one byte, and a word is searched in
each of its spellings, so that byte offsets equal text offsets. Phrases and other scripts are found
by a pattern in the text as the tokenizer folds it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final

from reader.model.query import TextTerm
from reader.model.tokenizer import (
    HYPHENS,
    MAX_ABBREVIATION,
    find_words,
    fold_accents,
    tokenize,
)

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
_OTHER_SCRIPTS: Final = re.compile(
    "[\xad¼½¾\u0100-\u036f\u0530-\u1fff\u200b-\u200f\u2060-\u2064\u2070-\u209c\u2100-\u218b"
    "\u2460-\u24ff\u2c60-\u2c7f\ua720-\ua7ff\ufb00-\ufb06\ufeff\uff10-\uff5a\U0001d400-\U0001d7ff]"
)
"""Characters that fold to nothing, to digits, or to letters of ASCII, but are not in Latin-1."""


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


class FoldedText:
    """A text as folded bytes, one for each letter; for texts without `_OTHER_SCRIPTS`."""

    def __init__(self, text: str):
        self._text = text
        self._letters = text.encode("latin-1", "replace").translate(_FOLD_TABLE)

    def find(self, word: str, prefix: bool, limit: int) -> Iterator[tuple[int, int]]:
        """Yield start and end of the word; with `prefix`, of words beginning with it.

        Yields up to `limit` per spelling. The word must be folded and satisfy `can_find`. Linear in the text.
        """
        for written in _spellings(word, prefix):
            yield from _find_runs(self._letters, written, prefix, limit)
        if prefix or len(word) < 2:
            return
        if len(word) <= MAX_ABBREVIATION:
            yield from self._find_joined(" ".join(word), ".", limit)
        yield from self._find_joined(f"{word[0]} {word[1:]}", HYPHENS, limit)

    def _find_joined(self, written: str, signs: str, limit: int) -> Iterator[tuple[int, int]]:
        """Yield where the letters stand with these signs between them instead of spaces."""
        for start, end in _find_runs(self._letters, written.encode(), False, limit):
            shown = zip(written, self._text[start:end], strict=True)
            if all(sign in signs for letter, sign in shown if letter == " "):
                yield start, end


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


_CUT: Final = re.compile(r"(?s).{1,256}(?=\s|\Z)|.{1,256}")
"""A stretch of a text, if possible up to a space."""
_PIECE: Final = re.compile(r"\s+|\S+")


class ScriptText:
    """A text of any script as search compares it, with a mapping back to text offsets.

    `folded` is made in stretches, since folding may join letters, divide them or put them in
    another order. `_ends` holds where each stretch ends; it is empty if no offset moves.
    """

    def __init__(self, text: str):
        self._text = text
        self._stretches: list[str] = []
        self._ends: list[int] = []
        if text.isascii():
            self.folded = text.lower()
            return
        self._stretches = _CUT.findall(text)
        folded = list(map(fold_accents, self._stretches))
        self._ends = list(accumulate(map(len, folded)))
        self._starts = list(accumulate(map(len, self._stretches), initial=0))
        self.folded = "".join(folded)

    def find(self, words: Sequence[str], prefix: bool, limit: int) -> Iterator[tuple[int, int]]:
        """Yield start and end of the words, up to `limit`; with `prefix` the last may be longer.

        Linear in the text.
        """
        for start, end in find_words(self.folded, words, prefix, limit):
            yield self._locate(start)[0], self._locate(end)[1]

    def _locate(self, at: int) -> tuple[int, int]:
        """Return the offset of the letter to which this one belongs, and that after the one before.

        They differ inside a letter that became several. Marks belong to the letter before.
        """
        if not self._ends:
            return at, at
        stretch = bisect_right(self._ends, at)
        if stretch == len(self._ends):
            return len(self._text), len(self._text)
        start, offset = self._starts[stretch], self._ends[stretch - 1] if stretch else 0
        for piece in _PIECE.findall(self._stretches[stretch]):
            size = len(fold_accents(piece))
            if offset + size > at:
                ends = _letter_ends(piece, size)
                index = bisect_right(ends, at - offset) - 1
                return start + index, start + index + (ends[index] < at - offset)
            start, offset = start + len(piece), offset + size
        return start, start


def _letter_ends(piece: str, size: int) -> list[int]:
    """Return where each letter of a piece ends in its folded form of this size, and 0 before."""
    ends = list(accumulate((len(_fold(letter)) for letter in piece), initial=0))
    if ends[-1] == size:
        return ends
    # Letters that are folded together: ⏱ 5 µs a letter.
    return [min(len(fold_accents(piece[:end])), size) for end in range(len(piece) + 1)]


@lru_cache(maxsize=4096)
def _fold(letter: str) -> str:
    return fold_accents(letter)


@lru_cache(maxsize=256)
def _tokens_of(text: str) -> tuple[str, ...]:
    return tuple(tokenize(text))


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
    is_latin = _OTHER_SCRIPTS.search(text) is None
    flat: FoldedText | None = None
    whole: ScriptText | None = None
    for kind, each in enumerate(sought):
        words = _tokens_of(each.text)
        if is_latin and len(words) == 1 and can_find(words[0]):
            flat = FoldedText(text) if flat is None else flat
            found += [(*span, kind) for span in flat.find(words[0], each.prefix, limit)]
        elif words:
            whole = ScriptText(text) if whole is None else whole
            found += [(*span, kind) for span in whole.find(words, each.prefix, limit)]
    return sorted(found)[:limit]
