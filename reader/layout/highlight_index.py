"""Index of a user's highlights by block of a document."""

from collections.abc import Sequence
from typing import NamedTuple

from reader.layout.document import Document
from reader.model.highlight import Highlight
from reader.model.text import one_line
from reader.model.text_anchor import AnchorIndex, Span


class HighlightSpan(NamedTuple):
    """A highlight's range in one block; `is_last` in the block below which its note stands."""

    start: int
    end: int
    highlight: Highlight
    is_last: bool


Selector = tuple[str, str, str, int]


def _selector(highlight: Highlight) -> Selector:
    """Return the fields that determine a highlight's place; its note does not."""
    return highlight.quote, highlight.prefix, highlight.suffix, highlight.start


class HighlightIndex:
    """Places of highlights. Until resolved, only quotes within a visible block are found."""

    def __init__(
        self,
        document: Document,
        highlights: Sequence[Highlight] = (),
        former: "HighlightIndex | None" = None,
    ):
        self._document = document
        self._spans: dict[Selector, Span | None] = {}
        self._placed: dict[int, list[HighlightSpan]] = {}
        self._guessed: dict[int, list[HighlightSpan]] = {}
        self._waiting: list[Highlight] = []
        self._text: AnchorIndex | None = None
        self.unanchored: tuple[Highlight, ...] = ()
        known = former._spans if former and former._document is document else {}
        for highlight in highlights:
            selector = _selector(highlight)
            if selector in known:
                self._place(highlight, known[selector])
            else:
                self._waiting.append(highlight)

    @property
    def is_resolved(self) -> bool:
        """Return whether every highlight was searched for in the whole text."""
        return not self._waiting

    def resolve_next(self) -> frozenset[int]:
        """Find the next waiting highlight in the whole text; return the blocks it touches.

        Parses every block the first time. A quote whose words changed may take about 20 ms.
        """
        if not self._waiting:
            return frozenset()
        if self._text is None:
            self._text = AnchorIndex(self._document.plain_text())
        highlight = self._waiting.pop(0)
        guessed = frozenset(
            block for block, marks in self._guessed.items() if any(m[2] is highlight for m in marks)
        )
        self._guessed.clear()
        span = self._text.find(highlight.quote, highlight.prefix, highlight.suffix, highlight.start)
        return guessed | self._place(highlight, span)

    def _place(self, highlight: Highlight, span: Span | None) -> frozenset[int]:
        """Place a highlight at its span, or count it as unanchored; return the blocks it touches."""
        self._spans[_selector(highlight)] = span
        if span is None:
            self.unanchored = (*self.unanchored, highlight)
            return self._last_block
        blocks = self._document.split_by_block(span.start, span.end)
        for number, (block, start, end) in enumerate(blocks, 1):
            mark = HighlightSpan(start, end, highlight, number == len(blocks))
            self._placed.setdefault(block, []).append(mark)
        return frozenset(block for block, _, _ in blocks)

    @property
    def blocks_with_notes(self) -> frozenset[int]:
        """The blocks with a note below them."""
        noted = {
            block
            for block, marks in self._placed.items()
            if any(mark.is_last and _describe_below(mark.highlight) for mark in marks)
        }
        return frozenset(noted) | (self._last_block if self.unanchored else frozenset())

    @property
    def _last_block(self) -> frozenset[int]:
        """The last block, below which unanchored highlights are listed; empty without text."""
        last = self._document.last_body_block
        return frozenset({last} if last >= 0 else ())

    def in_block(self, block: int) -> list[HighlightSpan]:
        """Return the spans in a block, ordered by start."""
        marks = self._placed.get(block, [])
        if self._waiting:
            marks = marks + self._guess_in_block(block)
        return sorted(marks, key=lambda mark: mark[:2])

    def _guess_in_block(self, block: int) -> list[HighlightSpan]:
        """Return waiting highlights whose whole quote stands in this block."""
        known = self._guessed.get(block)
        if known is None:
            text = self._document.inline_text(block).text if self._document.is_body(block) else ""
            places = [(text.find(h.quote), h) for h in self._waiting if h.quote]
            known = [HighlightSpan(at, at + len(h.quote), h, True) for at, h in places if at >= 0]
            self._guessed[block] = known
        return known

    def find_all_at(self, block: int, start: int, end: int) -> list[Highlight]:
        """Return every highlight that touches a range of a block, the shortest first."""
        found = {
            span.highlight.id: span.highlight
            for span in self.in_block(block)
            if span.start < max(end, start + 1) and span.end > start
        }
        return sorted(found.values(), key=lambda highlight: len(highlight.quote))

    def notes_below(self, block: int) -> tuple[str, ...]:
        """Return the notes below a block; the last block also lists unanchored highlights."""
        notes = tuple(
            text
            for mark in self.in_block(block)
            if mark.is_last and (text := _describe_below(mark.highlight))
        )
        if self._document.pending or block != self._document.last_body_block:
            return notes
        return notes + tuple(_describe_unanchored(highlight) for highlight in self.unanchored)


def _describe_below(highlight: Highlight) -> str:
    """Return the word of the label and the note, which stand below the block."""
    parts = (f"#{highlight.label}" if highlight.label else "", highlight.note)
    return one_line(" ".join(part for part in parts if part), 4000)


def _describe_unanchored(highlight: Highlight) -> str:
    quote = one_line(highlight.quote, 600)
    below = _describe_below(highlight)
    note = f" — {below}" if below else ""
    return f"No longer in the text: “{quote}”{note}"
