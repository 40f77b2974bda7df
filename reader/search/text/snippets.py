"""Snippets of an article around the search words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reader.markdown.plain_text import to_plain_text
from reader.model.query import TextTerm
from reader.model.text import clean
from reader.search.text.match_finder import find_matches, find_word_matches

SNIPPET_LENGTH: Final = 200
"""Approximate characters of a snippet."""
_CONTEXT: Final = 500
"""Characters of Markdown around a match that are converted to plain text."""
_MAX_MATCHES: Final = 200
"""Matches that are looked for in a text or line: bounds the ranking of places."""
_MAX_CANDIDATES: Final = 6
"""Matches that are read in a line, and places that are compared for the best one."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """One line of plain text with the positions of the search words in it."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def make_snippet(
    markdown: str, sought: Sequence[TextTerm], length: int = SNIPPET_LENGTH
) -> Snippet:
    """Cut the first part of the text where most of the search words are close.

    Falls back to the beginning of the text. Linear in the text.
    """
    for position in _rank_places(markdown, sought, length):
        start = _context_edge(markdown, position, -1)
        line = " ".join(
            clean(to_plain_text(markdown[start : _context_edge(markdown, position, 1)])).split()
        )
        spans = find_matches(line, sought, _MAX_MATCHES)
        if spans:
            return _cut_line(line, spans, length)
    line = " ".join(clean(to_plain_text(markdown[: 2 * _CONTEXT])).split())
    return _cut_line(line, find_matches(line, sought, _MAX_MATCHES), length)


_PLAIN_RUN: Final = re.compile(r"[\w .,;:'’-]{1,60}")
"""Text that is the same in Markdown and on screen."""


def find_best_place(markdown: str, sought: Sequence[TextTerm]) -> tuple[str, float] | None:
    """Return the words at the best match and its relative position, 0.0 to 1.0.

    `None` if the text has none of the search words. Linear in the text.
    """
    places = _rank_places(markdown, sought, SNIPPET_LENGTH)
    if not places:
        return None
    words = _PLAIN_RUN.match(markdown, places[0])
    return (words[0].strip() if words else "", places[0] / len(markdown))


def _rank_places(markdown: str, sought: Sequence[TextTerm], length: int) -> list[int]:
    """Return offsets of matches, those with most different words nearby first."""
    found = find_word_matches(markdown, sought, _MAX_MATCHES)
    scored: list[tuple[int, int]] = []
    for at, (start, _, _) in enumerate(found):
        near = {kind for place, _, kind in found[at : at + 20] if place - start <= length}
        scored.append((-len(near), start))
    scored.sort()
    return [start for _, start in scored[:_MAX_CANDIDATES]]


def _context_edge(markdown: str, position: int, direction: int) -> int:
    """Return the end of the line, or a space within reach of the position."""
    if direction < 0:
        low = max(position - _CONTEXT, 0)
        newline = markdown.rfind("\n", low, position)
        if newline >= 0:
            return newline + 1
        space = markdown.find(" ", low, position)
        return 0 if low == 0 else (space + 1 if space >= 0 else low)
    high = min(position + 2 * _CONTEXT, len(markdown))
    newline = markdown.find("\n", position, high)
    if newline >= 0 and newline - position > 100:
        return newline
    following = markdown.rfind("\n", position, high)
    return following if following > position else high


def _densest_start(spans: list[tuple[int, int]], length: int) -> int:
    best, most = 0, 0
    for start, _ in spans[:50]:
        near = sum(1 for place, _ in spans if 0 <= place - start <= length)
        if near > most:
            best, most = start, near
    return best


def _cut_line(line: str, spans: list[tuple[int, int]], length: int) -> Snippet:
    """Cut about `length` characters of the line around most of the spans."""
    centre = _densest_start(spans, length)
    start = 0 if centre <= length // 3 else centre - length // 4
    start = 0 if len(line) <= length else min(start, len(line) - length)
    if start:
        space = re.search(r"\s", line[start : start + 25])
        start += space.end() if space else 0
    end = min(start + length, len(line))
    if end < len(line):
        space_at = line.rfind(" ", max(end - 25, start), end)
        end = space_at if space_at > start else end
    before = "…" if start else ""
    text = before + line[start:end] + ("…" if end < len(line) else "")
    moved = len(before) - start
    within = (span for span in spans if start <= span[0] and span[1] <= end)
    return Snippet(text, tuple((begin + moved, beyond + moved) for begin, beyond in within))
