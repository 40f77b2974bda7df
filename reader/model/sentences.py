"""Sentence boundaries in plain text."""

import re
from collections.abc import Iterator
from typing import Final

_STOP: Final = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’»)\]¹²³⁴⁵⁶⁷⁸⁹⁰]*+\s++|(?<![。！？])[。！？]++[」』）”’]*+\s*+|\n\s*+"
)
_OPENING: Final = "\"'“‘«([¿¡"
_ABBREVIATED: Final = re.compile(
    r"(?<![^\W_])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Jr|Sr|vs|etc|No|Nos|"
    r"Inc|Ltd|Co|Corp|Fig|Vol|pp|ca|cf|al|approx|e\.g|i\.e|[A-Z]\.[A-Z]|[ap]\.m|U\.S|U\.K|U\.N|z\.B|d\.h|"
    r"bzw|usw|Nr|Hr|Fr|Bd|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|M|Mme|Mlle|Sra|Dra)\.$"
)
MAX_ABBREVIATION: Final = 8
"""Characters looked at before a full stop: the longest abbreviation, its stop, and one more."""


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the offsets of the sentences, without the white space between them.

    A newline always ends a sentence; abbreviations, initials and stops before a small letter do
    not. Linear in the text.
    """
    return list(iterate_spans(text))


def iterate_spans(text: str) -> Iterator[tuple[int, int]]:
    """As `sentence_spans`, one after the other: for those who need only the first."""
    start = len(text) - len(text.lstrip())
    for stop in _STOP.finditer(text, start):
        if stop.end() >= len(text) or not _ends_sentence(text, stop):
            continue
        end = stop.start() + len(stop[0].rstrip())
        if end > start:
            yield start, end
        start = stop.end()
    end = len(text.rstrip())
    if end > start:
        yield start, end


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    if "\n" in stop[0] or stop[0][0] in "。！？":
        return True
    following = text[stop.end() : stop.end() + 4].lstrip(_OPENING)
    if following[:1].islower():
        return False
    end = stop.start() + 1
    return stop[0][0] != "." or not _ABBREVIATED.search(text[max(0, end - MAX_ABBREVIATION) : end])
