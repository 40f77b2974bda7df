"""A text as one byte a letter, in which single words are found ten times as fast as by a pattern.

Case and accents are folded by a table. Letters of Latin-1 that fold to two (`ß`) stay one byte,
and a word is looked for in each way that it may be written, so that places in the bytes are those
in the text; what else folds to several letters or to none is told apart.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

from reader.model.query import TextTerm
from reader.model.tokenizer import fold_accents, tokenize

_OTHER: Final = "\x01"
"""Stands for a letter that folds to none of ASCII."""


@lru_cache(maxsize=4096)
def _unfolded(letter: str) -> str:
    """What a letter is among folded ones: nothing for a mark, two letters for `ß`."""
    return "".join(
        sign if sign.isascii() and sign.isalnum() else _OTHER if sign.isalnum() else " "
        for sign in fold_accents(letter)
    )


def _folded_byte(letter: str) -> int:
    """The ASCII letter or digit that a Latin-1 character folds to; a space for any sign."""
    if letter == _OTHER or letter.lower() in _PAIRS.values():
        return ord(letter.lower())
    folded = _unfolded(letter)
    return ord(folded) if len(folded) == 1 else 32


_PAIRS: Final = {_unfolded(letter): letter for letter in "ßæþ"}
"""Two letters, and the one of Latin-1 that they may be written as. It stays one byte."""
_MOST_PAIRS: Final = 3
"""Of one word, up to which every way to write it is looked for."""
_FOLDED: Final = bytes(map(_folded_byte, map(chr, range(256))))
_FRACTIONS: Final = "¼½¾"
_HARD: Final = re.compile(
    f"[{_FRACTIONS}\u0100-\u036f\u1e00-\u1fff\u2c60-\u2c7f\ua720-\ua7ff\ufb00-\ufb06\uff10-\uff5a]"
)
"""Characters that fold to others than one letter of Latin-1 that they are."""
_HARD_BLOCKS: Final = b"\x01\x02\x03\x1e\x1f\x2c\xa7\xfb\xff"
"""Of 256 characters each, those beyond Latin-1 that have any."""
_OTHER_BLOCKS: Final = bytes(set(range(256)) - set(_HARD_BLOCKS))


def can_find(word: str) -> bool:
    """Whether the word is of ASCII, and can be written in few enough ways, to be found so."""
    return word.isascii() and sum(map(word.count, _PAIRS)) <= _MOST_PAIRS


@lru_cache(maxsize=64)
def _spellings(word: str, prefix: bool) -> tuple[bytes, ...]:
    """The ways to write a folded word, a byte a letter; with `prefix` its end may be half of one."""
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
    """A text as folded bytes, and where in the text they come from.

    `_letters` has one byte a letter, but for the hard ones: `_at` are their places among the
    bytes, doubled, and odd where the letter has any; `_from` their places in the text, each with
    how far the bytes behind it have moved.
    """

    def __init__(self, text: str):
        self._at: list[int] = []
        self._from: list[tuple[int, int]] = []
        plain = self._unfold(text) if _may_be_hard(text) else text
        self._letters = plain.encode("latin-1", "replace").translate(_FOLDED)

    def find(self, word: str, prefix: bool, limit: int) -> Iterator[tuple[int, int]]:
        """Start and end of the word, with `prefix` of words that begin so; `limit` of each spelling.

        The word is folded, and `is_spelled` holds for it. Linear in the text.
        """
        for written in _spellings(word, prefix):
            for start, end in _runs(self._letters, written, prefix, limit):
                yield self._begins(start), self._ends(end)

    def _unfold(self, text: str) -> str:
        moved = 0

        def unfold(found: re.Match[str]) -> str:
            nonlocal moved
            letters = _unfolded(found[0])
            if len(letters) != 1:
                self._at.append(2 * (found.start() + moved) + bool(letters))
                moved += len(letters) - 1
                self._from.append((found.start(), moved))
            return letters

        return _HARD.sub(unfold, text)

    def _begins(self, at: int) -> int:
        """The offset in the text of the letter that this byte is of."""
        return self._offset(at, 0)

    def _ends(self, at: int) -> int:
        """The offset in the text behind the letter before this byte."""
        return self._offset(at, 1)

    def _offset(self, at: int, inside: int) -> int:
        index = bisect_right(self._at, 2 * at) - 1
        if index < 0:
            return at
        place, moved = self._from[index]
        # Inside of a letter that became several: its own place, or the one behind it.
        return max(at - moved, place + inside)


def _may_be_hard(text: str) -> bool:
    """Whether the text has hard letters, or others of their blocks: ⏱ 1 to 20 µs, not 50."""
    if any(fraction in text for fraction in _FRACTIONS):
        return True
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        blocks = text.encode("utf-16-le", "surrogatepass")[1::2]
        return bool(blocks.translate(None, _OTHER_BLOCKS))
    return False


def _runs(plain: bytes, word: bytes, prefix: bool, limit: int) -> Iterator[tuple[int, int]]:
    """Where the word stands between spaces; with `prefix` up to the end of the longer word."""
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
_LONGEST_RUN: Final = 6
"""Letters in a row for which every way to write them is tried: these double with each."""


@lru_cache(maxsize=1)
def _variants() -> dict[str, str]:
    """For each folded letter or pair, the letters of Latin script that fold to it."""
    found: dict[str, str] = {}
    for first, beyond in _ACCENTED_RANGES:
        for code in range(first, beyond):
            base = fold_accents(chr(code))
            if base.isascii() and base.isalpha() and len(base) <= 2:
                found[base] = found.get(base, "") + chr(code)
    return found


def _letter(letter: str, *, halves: bool = False) -> str:
    """One letter as it may be written; with `halves` also one that folds to it and another."""
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
    """The word as it may be written; with `open_end` its last letter may be half of one written."""
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
        parts.append(_run_pattern(word[begins:position]))
    if open_end:
        parts.append(f"|{_word_pattern(word[:-1])}{_letter(word[-1], halves=True)}")
        return f"(?:{''.join(parts)})"
    return "".join(parts)


def _run_pattern(run: str) -> str:
    """Letters of which each two neighbours may be written as one: `ae`, or `sss`, as `sß` or `ßs`."""
    if len(run) == 1:
        return _letter(run)
    if len(run) > _LONGEST_RUN:
        return _run_pattern(run[:_LONGEST_RUN]) + _run_pattern(run[_LONGEST_RUN:])
    joined = f"[{_variants()[run[:2]]}]"
    apart = _letter(run[0]) + _run_pattern(run[1:])
    return f"(?:{apart}|{joined}{_run_pattern(run[2:]) if run[2:] else ''})"


@lru_cache(maxsize=64)
def pattern_of(sought: tuple[TextTerm, ...]) -> re.Pattern[str] | None:
    """A pattern with one group for each of the texts; `None` where nothing is sought."""
    parts: list[str] = []
    for text in sought:
        words = tokenize(text.text)
        if not words:
            continue
        last = _word_pattern(words[-1], open_end=text.prefix)
        run = r"[\W_]*".join([*map(_word_pattern, words[:-1]), last])
        if words[0].isascii():
            # The two with a dot fold to a letter and a sign, so a word may begin after them.
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
    """Start and end of every place that the sought words stand at, at most `limit`.

    In order, and none over another: where two begin alike the longer one counts.
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
    """Start and end of each match, and which of the sought texts it is, in order."""
    words = [tokenize(each.text) for each in sought]
    if all(len(each) == 1 and can_find(each[0]) for each in words):
        flat = FoldedText(text)
        found = [
            (*span, kind)
            for kind, ((word,), each) in enumerate(zip(words, sought, strict=True))
            for span in flat.find(word, each.prefix, limit)
        ]
        return sorted(found)[:limit]
    pattern = pattern_of(tuple(sought))
    if pattern is None:
        return []
    matches = islice(pattern.finditer(text), limit)
    return [(*match.span(), (match.lastindex or 1) - 1) for match in matches]
