"""Block parser: Markdown to blocks with their text, one part of the article at a time."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import Final

from reader.layout.block_builder import BlockBuilder
from reader.layout.blocks import Block
from reader.markdown.events import Event, Range, events, located_events
from reader.model.text import clean

PART_SIZE: Final = 8_000
"""Bytes of Markdown that are parsed at a time."""
MIN_LOCATED: Final = 4
"""Words that are searched for together: few, because markup may stand between them."""
_CALLOUT: Final = "[!"
"""Signs whose place in the Markdown matters."""
_NO_PLACE: Final = Range(start=0, end=0)
_NOTE_LABEL: Final = re.compile(r"^ {0,3}\[\^([^\]\n]{1,200})\]:", re.MULTILINE)


class BlockParser:
    """Incremental parser of an article's Markdown.

    The whole text is one stream of events, of which each part takes some, so the blocks do not
    depend on the size of the parts. Places in the text are bytes of UTF-8.
    """

    def __init__(self, markdown: str):
        cleaned = clean(markdown)
        self._size = len(markdown)
        self._stream, self._source = located_events(cleaned)
        self._at = 0 if self._source else None
        self._builder = BlockBuilder(cleaned, self._source, _footnote_numbers(cleaned))

    @property
    def blocks(self) -> Sequence[Block]:
        """The blocks so far; the sequence only grows."""
        return self._builder.blocks

    @property
    def notes(self) -> Mapping[str, Sequence[int]]:
        """The indexes of each footnote's blocks, by its label."""
        return self._builder.notes

    @property
    def pending(self) -> int:
        """The code points of Markdown not yet parsed, as far as the bytes tell; 0 at the end."""
        if self._at is None:
            return 0
        return max(1, self._size - self._size * self._at // len(self._source))

    @property
    def parsed(self) -> int:
        """The bytes of Markdown already parsed."""
        return len(self._source) if self._at is None else self._at

    def locate(self, words: str, near: float) -> int | None:
        """Guess the place of some of the words in the Markdown, nearest to a share."""
        each = words.split(" ")
        expected = int(near * len(self._source))
        for begin in range(0, len(each), MIN_LOCATED):
            piece = _encode(each[begin : begin + MIN_LOCATED])
            before = self._source.rfind(piece, 0, expected)
            after = self._source.find(piece, expected)
            places = [place for place in (before, after) if place >= 0]
            if places:
                return min(places, key=lambda place: abs(place - expected))
        return None

    def repeats(self, words: str) -> bool:
        """Return whether the first of the words stand more than once in the Markdown."""
        piece = _encode(words.split(" ")[:MIN_LOCATED])
        return self._source.find(piece) != self._source.rfind(piece)

    def parse_next(self) -> bool:
        """Parse the next part; return False if none was left. Takes about a millisecond."""
        if self._at is None:
            return False
        self._at = self._builder.read(self._stream, self._at + PART_SIZE)
        return True


def read_all_blocks(markdown: str) -> Sequence[Block]:
    """Return the blocks of the whole article; never raises. Linear in the text.

    ⏱ Two thirds of the time of `parse_blocks`: places in the text are left out where they can be.
    """
    cleaned = clean(markdown)
    stream: Iterator[tuple[Event, Range]]
    if _CALLOUT in cleaned:
        stream, source = located_events(cleaned)
    else:
        stream, source = zip(events(cleaned), repeat(_NO_PLACE), strict=False), b""
    builder = BlockBuilder(cleaned, source, _footnote_numbers(cleaned))
    builder.read(stream, sys.maxsize)
    return builder.blocks


def _encode(words: Sequence[str]) -> bytes:
    return " ".join(words).encode(errors="replace")


def _footnote_numbers(markdown: str) -> Mapping[str, str]:
    """Return a number for each footnote: its own if all have one, else its rank."""
    labels: list[str] = []
    # ⏱ A search for one character takes a hundredth of that for two.
    if "^" in markdown:
        labels = [found[1] for found in _NOTE_LABEL.finditer(markdown)]
    if all(label.isdigit() for label in labels):
        return {label: label for label in labels}
    return {label: str(order) for order, label in enumerate(dict.fromkeys(labels), 1)}
