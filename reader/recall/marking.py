"""Where the words of a search stand in a text: for snippets, and to mark them in an open article.

The pattern matches the text as it is written, accents and case aside, so that no folded copy of
it is needed and the offsets are those of the text itself.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

from reader.model.query import Text
from reader.model.words import tokens, unaccented

_ACCENTED_RANGES: Final = ((0xC0, 0x250), (0x1E00, 0x1F00))
_MARKS: Final = "[\u0300-\u036f]*"


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


def _word_pattern(word: str) -> str:
    if not word.isascii():
        return re.escape(word)
    variants = _variants()
    parts: list[str] = []
    position = 0
    while position < len(word):
        pair, letter = word[position : position + 2], word[position]
        if len(pair) == 2 and pair in variants:
            single = "".join(f"[{each}{variants.get(each, '')}]{_MARKS}" for each in pair)
            parts.append(f"(?:{single}|[{variants[pair]}])")
            position += 2
        else:
            parts.append(
                f"[{letter}{variants.get(letter, '')}]{_MARKS}" if letter.isalpha() else letter
            )
            position += 1
    return "".join(parts)


@lru_cache(maxsize=64)
def pattern_of(sought: tuple[Text, ...]) -> re.Pattern[str] | None:
    """A pattern with one group for each of the texts; `None` where nothing is sought."""
    parts: list[str] = []
    for text in sought:
        words = tokens(text.text)
        if not words:
            continue
        run = r"[\W_]*".join(_word_pattern(word) for word in words)
        if words[0].isascii():
            run = r"(?<![^\W_])" + run
        if words[-1].isascii() and not text.prefix:
            run += r"(?![^\W_])"
        elif text.prefix:
            run += r"[^\W_]*"
        parts.append(f"({run})")
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def found_in(text: str, sought: Sequence[Text], limit: int = 10_000) -> list[tuple[int, int]]:
    """Start and end of every place that the sought words stand at, in order, at most `limit`."""
    pattern = pattern_of(tuple(sought))
    if pattern is None:
        return []
    spans: list[tuple[int, int]] = []
    for match in pattern.finditer(text):
        spans.append(match.span())
        if len(spans) >= limit:
            break
    return spans


def places_in(text: str, sought: Sequence[Text], limit: int) -> list[tuple[int, int]]:
    """Where each match begins and which of the sought texts it is, in order; ends are not told.

    ⏱ Words written without accents are looked for with `str.find`, ten times as fast as with the
    pattern; accented forms beside them are then not told.
    """
    words = [tokens(each.text) for each in sought]
    plain = text.lower()
    if len(plain) == len(text) and all(len(each) == 1 for each in words):
        found = [
            (start, kind)
            for kind, ((word,), each) in enumerate(zip(words, sought, strict=True))
            for start in _starts(plain, word, each.prefix, limit)
        ]
        if text.isascii() or len({kind for _, kind in found}) == len(sought):
            return sorted(found)[:limit]
    pattern = pattern_of(tuple(sought))
    if pattern is None:
        return []
    matches = islice(pattern.finditer(text), limit)
    return [(match.start(), match.lastindex or 0) for match in matches]


def _starts(plain: str, word: str, prefix: bool, limit: int) -> Iterator[int]:
    start = plain.find(word)
    while start >= 0 and limit > 0:
        end = start + len(word)
        if not plain[start - 1 : start].isalnum() and (
            prefix or not plain[end : end + 1].isalnum()
        ):
            limit -= 1
            yield start
        start = plain.find(word, end)
