"""Where the words of a search stand in a text: for snippets, and to mark them in an open article.

The pattern matches the text as it is written, accents and case aside, so that no folded copy of
it is needed and the offsets are those of the text itself.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

from reader.model.query import Text
from reader.model.tokenizer import tokens, unaccented
from reader.recall.flat import Flat, is_spelled

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
            base = unaccented(chr(code))
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
            each for shown in pairs for each in shown if unaccented(each)[0] == letter
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
def pattern_of(sought: tuple[Text, ...]) -> re.Pattern[str] | None:
    """A pattern with one group for each of the texts; `None` where nothing is sought."""
    parts: list[str] = []
    for text in sought:
        words = tokens(text.text)
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


def found_in(text: str, sought: Sequence[Text], limit: int = 10_000) -> list[tuple[int, int]]:
    """Start and end of every place that the sought words stand at, at most `limit`.

    In order, and none over another: where two begin alike the longer one counts.
    """
    spans: list[tuple[int, int]] = []
    for start, end, _ in places_in(text, sought, limit):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
        elif start == spans[-1][0]:
            spans[-1] = (start, max(end, spans[-1][1]))
    return spans


def places_in(text: str, sought: Sequence[Text], limit: int) -> list[tuple[int, int, int]]:
    """Start and end of each match, and which of the sought texts it is, in order."""
    words = [tokens(each.text) for each in sought]
    if all(len(each) == 1 and is_spelled(each[0]) for each in words):
        flat = Flat(text)
        found = [
            (*span, kind)
            for kind, ((word,), each) in enumerate(zip(words, sought, strict=True))
            for span in flat.places(word, each.prefix, limit)
        ]
        return sorted(found)[:limit]
    pattern = pattern_of(tuple(sought))
    if pattern is None:
        return []
    matches = islice(pattern.finditer(text), limit)
    return [(*match.span(), (match.lastindex or 1) - 1) for match in matches]
