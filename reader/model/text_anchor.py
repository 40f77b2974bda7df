"""Finding quoted words again in a text that may have changed since.

A quote selector (W3C Web Annotation) is tried exactly first, among several places the one whose
surroundings and offset fit best; then with typography and case levelled; then by similarity.
"""

import re
from bisect import bisect_right
from collections import Counter
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from reader.model.highlight import Highlight

CONTEXT: Final = 32
"""Code points kept before and after a quote."""
MIN_SIMILARITY: Final = 0.75
"""Share of letters that must agree if a quote cannot be found word for word."""
MAX_EXACT_LENGTH: Final = 160
"""A longer quote is looked for by its beginning and its end."""
_MAX_PLACES: Final = 200
"""Places of a quote, and of each of its pieces, that are compared."""
_MAX_SHINGLES: Final = 24
"""Pieces of a quote that are looked for: bounds the search for a long quote."""

_NORMALISED: Final = str.maketrans(
    "\u2018\u2019\u201a\u201b\u2032\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
    "\u2010\u2011\u2012\u2013\u2014\u2212\u00a0\u2007\u2009\u202f",
    '\'\'\'\'\'"""""""------    ',
)


class Span(NamedTuple):
    """Offsets in code points into the text."""

    start: int
    end: int


class AnchorIndex:
    """A text prepared for looking up many quotes; costs about 10 ns a character once."""

    def __init__(self, text: str):
        self._folded, self._points, self._dropped = _fold_spaces(text)
        self._original_points = [p + d for p, d in zip(self._points, self._dropped, strict=True)]
        self._normalised = ""

    def find(
        self, quote: str, prefix: str = "", suffix: str = "", start: int | None = None
    ) -> Span | None:
        """Return the span of the quote, or None if nothing in the text is similar enough.

        `start` is where it used to stand. Quadratic in `MAX_EXACT_LENGTH` at worst, linear in the text.
        """
        wanted = " ".join(quote.split())
        if not wanted:
            return None
        hint = None if start is None else self._to_folded(start)
        around = (_prefix_context(prefix), _suffix_context(suffix))
        span = _find_exact(self._folded, wanted, around, hint)
        if span is None:
            self._normalised = self._normalised or _normalise(self._folded)
            level = _normalise(wanted)
            around = (_normalise(around[0]), _normalise(around[1]))
            span = _find_exact(self._normalised, level, around, hint)
            span = span or _find_similar(self._normalised, level, around, hint)
        return (
            Span(self._to_original(span.start), self._to_original(span.end - 1) + 1)
            if span
            else None
        )

    def _to_original(self, offset: int) -> int:
        """Return the text's offset for an offset in the folded text."""
        at = bisect_right(self._points, offset) - 1
        return offset + (self._dropped[at] if at >= 0 else 0)

    def _to_folded(self, offset: int) -> int:
        """Return the folded text's offset for an offset in the text."""
        at = bisect_right(self._original_points, offset) - 1
        return offset - (self._dropped[at] if at >= 0 else 0)


def anchor_for(text: str, start: int, end: int) -> Highlight:
    """Return a highlight of a span of plain text with its context, without id and time."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Highlight(
        id="",
        quote=" ".join(text[start:end].split()),
        prefix=_prefix_context(text[max(0, start - 2 * CONTEXT) : start]),
        suffix=_suffix_context(text[end : end + 2 * CONTEXT]),
        start=start,
    )


def _prefix_context(text: str) -> str:
    folded = " ".join(text.split())
    return (folded + " " if text[-1:].isspace() else folded)[-CONTEXT:]


def _suffix_context(text: str) -> str:
    folded = " ".join(text.split())
    return (" " + folded if text[:1].isspace() else folded)[:CONTEXT]


def _fold_spaces(text: str) -> tuple[str, list[int], list[int]]:
    """Return the text with each run of white space as one space, and two lists.

    The lists are the offsets after which characters were dropped, and how many in total.
    """
    points: list[int] = []
    dropped: list[int] = []
    total = 0
    for found in re.finditer(r"\s{2,}", text):
        points.append(found.start() + 1 - total)
        total += found.end() - found.start() - 1
        dropped.append(total)
    return re.sub(r"\s+", " ", text), points, dropped


def _normalise(text: str) -> str:
    """Straight quotes, hyphens, spaces and small letters; as long as the text."""
    text = text.translate(_NORMALISED)
    small = text.lower()
    return small if len(small) == len(text) else text


def _find_exact(text: str, wanted: str, around: tuple[str, str], hint: int | None) -> Span | None:
    """Return the best exact occurrence of the words."""
    places: list[int] = []
    at = text.find(wanted)
    while at >= 0 and len(places) < _MAX_PLACES:
        places.append(at)
        at = text.find(wanted, at + 1)
    if not places:
        return None
    size = len(wanted)
    best = max(places, key=lambda place: _context_score(text, place, place + size, around, hint))
    return Span(best, best + size)


def _context_score(
    text: str, start: int, end: int, around: tuple[str, str], hint: int | None
) -> tuple[int, int]:
    """Score the agreement of the surroundings, then the distance to the former offset."""
    prefix, suffix = around
    agreeing = _common_prefix_length(prefix[::-1], text[max(0, start - len(prefix)) : start][::-1])
    agreeing += _common_prefix_length(suffix, text[end : end + len(suffix)])
    return agreeing, -abs(start - (hint if hint is not None else 0))


def _common_prefix_length(ours: str, theirs: str) -> int:
    count = 0
    for a, b in zip(ours, theirs, strict=False):
        if a != b:
            break
        count += 1
    return count


def _find_similar(text: str, wanted: str, around: tuple[str, str], hint: int | None) -> Span | None:
    """Return the place most similar to the words; a long quote is found by its two ends."""
    if len(wanted) <= 2 * MAX_EXACT_LENGTH:
        return _find_nearest(text, wanted, around, hint)
    head = _find_nearest(text, wanted[:MAX_EXACT_LENGTH], (around[0], ""), hint)
    if head is None:
        return None
    limit = head.start + len(wanted) * 3 // 2
    rest = text[head.start : limit]
    tail = _find_nearest(
        rest, wanted[-MAX_EXACT_LENGTH:], ("", around[1]), len(wanted) - MAX_EXACT_LENGTH
    )
    return Span(head.start, head.start + tail.end) if tail else None


def _find_nearest(text: str, wanted: str, around: tuple[str, str], hint: int | None) -> Span | None:
    size = len(wanted)
    slack = max(8, size // 4)
    best: tuple[float, tuple[int, int], Span] | None = None
    for guess in _candidate_offsets(text, wanted):
        low, high = max(0, guess - slack), guess + size + slack
        span, similarity = _align(text[low:high], wanted)
        if similarity < MIN_SIMILARITY:
            continue
        span = Span(span.start + low, span.end + low)
        found = (
            round(similarity, 2),
            _context_score(text, span.start, span.end, around, hint),
            span,
        )
        best = max(best, found) if best else found
    return best[2] if best else None


def _candidate_offsets(text: str, wanted: str) -> list[int]:
    """Offsets at which the quote may begin: where several of its shingles agree."""
    width = min(8, max(3, len(wanted) // 4))
    step = max(1, (len(wanted) - width) // _MAX_SHINGLES)
    votes: Counter[int] = Counter()
    for offset in range(0, max(1, len(wanted) - width + 1), step):
        shingle = wanted[offset : offset + width]
        at, seen = text.find(shingle), 0
        while at >= 0 and seen < _MAX_PLACES:
            votes[(at - offset) // 16] += 1
            at, seen = text.find(shingle, at + 1), seen + 1
    joined = {bucket: count + votes.get(bucket + 1, 0) for bucket, count in votes.items()}
    likely = sorted(joined, key=lambda bucket: -joined[bucket])[:6]
    return [max(0, bucket * 16 + 8) for bucket in likely if joined[bucket] > 1]


def _align(window: str, wanted: str) -> tuple[Span, float]:
    """Return the span of the words in the window, cut to whole words, and their agreement."""
    matcher = SequenceMatcher(None, window, wanted, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size > 2]
    if not blocks:
        return Span(0, 0), 0.0
    start = max(0, blocks[0].a - blocks[0].b if blocks[0].b < 8 else blocks[0].a)
    last = blocks[-1]
    missing = len(wanted) - last.b - last.size
    end = min(len(window), last.a + last.size + (missing if missing < 8 else 0))
    while start and window[start - 1].isalnum() and window[start].isalnum():
        start -= 1
    while end < len(window) and window[end - 1].isalnum() and window[end].isalnum():
        end += 1
    agreeing = sum(block.size for block in blocks)
    return Span(start, end), 2 * agreeing / (len(wanted) + end - start)
