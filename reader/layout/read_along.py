"""The sentences and words of a document, one after the other.

Reading aloud and speed reading go through them; the sentences are those of keyboard selection.
"""

import re
from bisect import bisect_right
from typing import Final, NamedTuple

from reader.layout.blocks import BlockKind
from reader.layout.document import Document
from reader.layout.keyboard_selection import TextPosition
from reader.model.sentences import sentence_spans
from reader.model.text import clean

MAX_SENTENCE: Final = 600
"""Characters that are spoken at once; longer sentences are split between words."""
MAX_WORD: Final = 18
"""Characters of a word that is shown at once; longer ones are split."""
_SILENT: Final = frozenset((BlockKind.CODE, BlockKind.MATH, BlockKind.IMAGE, BlockKind.RULE))
"""Blocks without words to speak."""
_WORD: Final = re.compile(r"\S+")
_UNSPACED: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]{1,2}[、。！？」』）”’，：；]*"
)
"""Two signs of a script without spaces, which count as a word, with the marks behind them."""
_HAS_UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_HAS_LETTER: Final = re.compile(r"\w")


class Passage(NamedTuple):
    """A range of a block's text."""

    block: int
    start: int
    end: int


class ReadAlong:
    """Steps through the sentences of a document's body, and through their words."""

    def __init__(self, document: Document):
        self._document = document
        self._block = -1
        self._sentences: list[Passage] = []

    def sentence_at(self, place: TextPosition) -> Passage | None:
        """Return the sentence that the position is in, or the first one after it."""
        for sentence in self._sentences_of(place.block):
            if sentence.end > place.offset:
                return sentence
        return self._first_from(place.block + 1)

    def next_sentence(self, passage: Passage) -> Passage | None:
        """Return the sentence after the passage; None at the end of the text."""
        for sentence in self._sentences_of(passage.block):
            if sentence.start >= passage.end:
                return sentence
        return self._first_from(passage.block + 1)

    def previous_sentence(self, passage: Passage) -> Passage | None:
        """Return the sentence before the passage; None at the beginning of the text."""
        for sentence in reversed(self._sentences_of(passage.block)):
            if sentence.end <= passage.start:
                return sentence
        for block in range(passage.block - 1, self._document.header_size - 1, -1):
            if sentences := self._sentences_of(block):
                return sentences[-1]
        return None

    def step(self, passage: Passage, by: int) -> Passage | None:
        """Return the next sentence (1) or the previous one (-1); None beyond an end of the text."""
        return self.next_sentence(passage) if by > 0 else self.previous_sentence(passage)

    def is_last_of_block(self, passage: Passage) -> bool:
        """Return whether no sentence of the same block follows."""
        sentences = self._sentences_of(passage.block)
        return not sentences or passage.end >= sentences[-1].end

    def text(self, passage: Passage) -> str:
        """Return the words of the passage on one line, without the numbers of footnotes."""
        inline = self._document.inline_text(passage.block)
        parts, at = [], passage.start
        first = bisect_right(inline.runs, passage.start, key=lambda run: run.end)
        for run in inline.runs[first:]:
            if run.start >= passage.end:
                break
            if run.target >= 0 and inline.targets[run.target].is_note:
                parts.append(inline.text[at : max(at, run.start)])
                at = min(run.end, passage.end)
        parts.append(inline.text[at : passage.end])
        return " ".join(clean("".join(parts)).split())

    def words(self, passage: Passage) -> list[Passage]:
        """Return the words of a sentence with their punctuation; long ones in pieces.

        The number of a footnote does not count as a word, and `text` leaves it out.
        """
        text = self._document.inline_text(passage.block).text
        found = [
            Passage(passage.block, *piece)
            for word in _WORD.finditer(text, passage.start, passage.end)
            for piece in _pieces(text, *word.span())
        ]
        return [word for word in found if self.text(word)]

    def _first_from(self, block: int) -> Passage | None:
        """Return the first sentence of the block or of those behind it."""
        document = self._document
        while True:
            while block < len(document.blocks):
                if sentences := self._sentences_of(block):
                    return sentences[0]
                block += 1
            if not document.parse_next():
                return None
            block = min(block, len(document.blocks) - 1)

    def _sentences_of(self, block: int) -> list[Passage]:
        if block == self._block:
            return self._sentences
        self._block, self._sentences = block, []
        if block < len(self._document.blocks) and self._is_read(block):
            text = self._document.inline_text(block).text
            self._sentences = [
                Passage(block, *piece)
                for span in sentence_spans(text)
                for piece in _split(text, *span)
                if _HAS_LETTER.search(text, *piece)
            ]
        return self._sentences

    def _is_read(self, block: int) -> bool:
        return self._document.is_body(block) and self._document.blocks[block].kind not in _SILENT


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split a sentence that is too long, at spaces if there are any."""
    pieces = []
    while end - start > MAX_SENTENCE:
        at = text.rfind(" ", start + 1, start + MAX_SENTENCE)
        at = at if at > 0 else start + MAX_SENTENCE
        pieces.append((start, at))
        start = at + (text[at] == " ")
    return [*pieces, (start, end)]


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split a word that is too long to be seen at once."""
    if _HAS_UNSPACED.search(text, start, end):
        return _unspaced_pieces(text, start, end)
    pieces = []
    while end - start > MAX_WORD:
        at = max(text.rfind(sign, start + 3, start + MAX_WORD) + 1 for sign in "-–—/_.")
        at = at or start + MAX_WORD
        pieces.append((start, at))
        start = at
    return [*pieces, (start, end)]


def _unspaced_pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split text without spaces by two signs, and what stands between as it is."""
    pieces, at = [], start
    for found in _UNSPACED.finditer(text, start, end):
        if found.start() > at:
            pieces.append((at, found.start()))
        pieces.append(found.span())
        at = found.end()
    return [*pieces, (at, end)] if end > at else pieces


_SENTENCE_END: Final = re.compile(r"[.!?…。！？][\"'”’»)\]」』）]*$")
_CLAUSE_END: Final = re.compile(r"(?:[,;:–—、，；：]|[)\]])[\"'”’»」』）]*$")
LONG_WORD: Final = 8
"""Letters from which a word is shown longer."""


def display_share(word: str, *, ends_block: bool = False) -> float:
    """Return how long a word is shown, as a multiple of a plain word's time.

    Longer at commas and longer still at the end of a sentence and of a paragraph, as eyes rest
    there; long words get a little more.
    """
    share = 1.0 + 0.05 * max(0, min(len(word), MAX_WORD) - LONG_WORD)
    if ends_block:
        return share + 2.0
    if _SENTENCE_END.search(word):
        return share + 1.2
    return share + 0.6 if _CLAUSE_END.search(word) else share
