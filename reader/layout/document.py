"""An article in the reader: its blocks, their prose when it is asked for, and its plain text."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple

from reader.layout.block_parser import Parsing
from reader.layout.blocks import OUTSIDE, Block, Kind
from reader.layout.inline_parser import Prose, Run, join_cells, read_inline
from reader.layout.latex_to_unicode import readable
from reader.layout.text_styles import Ink
from reader.model.highlight import Highlight, Position
from reader.model.text import clean, one_line
from reader.model.text_anchor import QuotedText

_BREAKS = {10: " ", 9: " "}


class Heading(NamedTuple):
    """A line of the outline; `block` is where it leads."""

    level: int
    text: str
    block: int


class Document:
    """The blocks of an article with its head above them.

    Blocks are added by `grow` until the document is whole; what needs all of them completes it.
    Prose is read block by block and kept. Offsets in the plain text count code points of all
    blocks' prose, each followed by a newline, those of the head left out.
    """

    def __init__(self, markdown: str, head: Sequence[Block] = ()):
        self._parsing = Parsing(markdown)
        self._size = len(markdown)
        self.head = len(head)
        self.blocks: list[Block] = list(head)
        self._proses: list[Prose | None] = [None] * len(head)
        self._starts: list[int] = []
        self._plain = ""
        self.grow()

    @property
    def pending(self) -> int:
        """Code points of Markdown whose blocks are not there yet; 0 when the document is whole."""
        return self._parsing.pending

    def grow(self) -> bool:
        """Add the blocks of the next part; False where the document was whole."""
        if not self._parsing.step():
            return False
        added = self._parsing.blocks[len(self.blocks) - self.head :]
        self.blocks += added
        self._proses += [None] * len(added)
        return True

    def complete(self) -> None:
        """Add all blocks: some 20 ms for 50,000 words."""
        while self.grow():
            pass

    def prose(self, index: int) -> Prose:
        """The block's text with its faces; read when first asked for."""
        prose = self._proses[index]
        if prose is None:
            prose = self._proses[index] = self._prose_of(self.blocks[index])
        return prose

    def _prose_of(self, block: Block) -> Prose:
        if block.kind in OUTSIDE:
            return Prose(clean(block.raw))
        if block.kind is Kind.CODE:
            return Prose(block.raw)
        if block.kind is Kind.MATH:
            return Prose("\n".join(map(readable, block.raw.strip().split("\\\\"))))
        if block.kind is Kind.TABLE:
            return join_cells(block.rows, self._parsing.environment)
        if block.kind in (Kind.IMAGE, Kind.RULE):
            return Prose("")
        return read_inline(block.raw, self._parsing.environment)

    def colour(self, index: int, runs: tuple[Run, ...]) -> None:
        """Lay colours over a listing; its words stay."""
        self._proses[index] = replace(self.prose(index), runs=runs)

    def is_article(self, index: int) -> bool:
        """Whether the block's words are the article's, not our own above it."""
        return index >= self.head

    def starts(self) -> Sequence[int]:
        """Each block's offset in the plain text, and the whole length last. Reads every block."""
        if not self._starts:
            self.complete()
            sizes = (
                len(self.prose(index).text) + 1 if self.is_article(index) else 0
                for index in range(len(self.blocks))
            )
            self._starts = list(accumulate(sizes, initial=0))
        return self._starts

    def roughly(self, block: int) -> int:
        """About where a block begins in the plain text, without reading what was not read yet."""
        if self._starts:
            return self._starts[block]
        return sum(len(known.raw) + 1 for known in self.blocks[self.head : block])

    def plain(self) -> str:
        """The article's text as read. Reads every block: some 100 ms for 50,000 words."""
        if not self._plain:
            self.complete()
            texts = (self.prose(index).text for index in range(self.head, len(self.blocks)))
            self._plain = "".join(text + "\n" for text in texts)
        return self._plain

    def spread(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """A stretch of the plain text as (block, start, end), the ends offsets in each block."""
        starts = self.starts()
        parts: list[tuple[int, int, int]] = []
        block = max(0, bisect_right(starts, start) - 1)
        while block < len(self.blocks) and starts[block] < end:
            size = starts[block + 1] - starts[block] - 1
            first, last = max(0, start - starts[block]), min(size, end - starts[block])
            if last > first:
                parts.append((block, first, last))
            block += 1
        return parts

    def seek(self, quote: str, near: float) -> tuple[int, int] | None:
        """The block and offset where words stand, nearest to a share of the article.

        Adds the blocks up to there, and more only where the words are not found at once.
        """
        words = " ".join(quote.split())
        if not words:
            return None
        at = self._parsing.locate(words, near)
        first, start = self.head, 0
        while at is not None and self._parsing.done <= at:
            first, start = len(self.blocks), self._parsing.done
            if not self.grow():
                break
        if at is not None:
            share = (at - start) / max(1, self._parsing.done - start)
            found = self._seek_in(first, share, words)
            if found:
                return found
        self.complete()
        return self._seek_in(self.head, near, words)

    def _seek_in(self, first: int, share: float, words: str) -> tuple[int, int] | None:
        """The block from `first` on that has the words, nearest to a share of those blocks.

        Only blocks whose source holds the longest of the words are read.
        """
        longest = max(re.split(r"[^\w]+", words), key=len)
        expected = first + share * (len(self.blocks) - first)
        for index in sorted(range(first, len(self.blocks)), key=lambda i: abs(i - expected)):
            block = self.blocks[index]
            if self.is_article(index) and (longest in block.raw or block.rows):
                at = self.prose(index).text.translate(_BREAKS).find(words)
                if at >= 0:
                    return index, at
        return None

    def outline(self) -> list[Heading]:
        """Headings in order, with the blocks they are."""
        self.complete()
        return [
            Heading(block.level, one_line(self.prose(index).text), index)
            for index, block in enumerate(self.blocks)
            if block.kind is Kind.HEADING
        ]

    def note(self, label: str) -> tuple[str, ...]:
        """The paragraphs of a footnote; empty where it has none."""
        self.complete()
        indexes = self._parsing.notes.get(label, ())
        return tuple(self.prose(index + self.head).text for index in indexes)


def head_of(title: str, byline: str, tags: str, notice: str = "") -> tuple[Block, ...]:
    """What stands above the text; empty lines are left out, a blank one separates it."""
    lines = (
        Block(Kind.TITLE, title, Ink.TITLE, gap=0),
        Block(Kind.BYLINE, byline, Ink.DIM, gap=0),
        Block(Kind.TAGS, tags, Ink.TAG, gap=0),
        Block(Kind.NOTICE, notice, Ink.NOTE, gap=1),
    )
    return tuple(line for line in lines if line.raw)


def plain(markdown: str) -> str:
    """The plain text of a Markdown body, as highlights and places count it."""
    return Document(markdown).plain()


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """An article ready to be read. All texts may be hostile; the view cleans what it draws.

    `published` and `tags` are shown as given. `folder` is the article's own, absolute, or None;
    `pictures` maps an image's destination in the Markdown to its file below it. `notice` stands
    above the text (a page that had to be cut). `note` is the reader's own on the whole article.
    """

    id: str
    title: str
    markdown: str = field(repr=False)
    byline: str | None = None
    site: str | None = None
    published: str | None = None
    minutes: int = 0
    tags: tuple[str, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    note: str = ""
    position: Position | None = None
    folder: Path | None = None
    pictures: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    notice: str = ""


_NO_BREAK: Final = "\u00a0"


def document_of(article: ShownArticle | None) -> Document:
    """The article's document with its head; an empty one for nothing."""
    return Document(article.markdown, head_for(article)) if article else Document("")


def head_for(article: ShownArticle) -> tuple[Block, ...]:
    """What stands above the text: title, one line of facts, tags, and a notice."""
    minutes = f"{article.minutes}{_NO_BREAK}min" if article.minutes else ""
    date = one_line(article.published or "").replace(" ", _NO_BREAK)
    facts = (one_line(article.byline or ""), one_line(article.site or ""), date, minutes)
    return head_of(
        one_line(article.title),
        " · ".join(fact for fact in facts if fact),
        " ".join(f"#{one_line(tag)}" for tag in article.tags),
        one_line(article.notice),
    )


def place_of(document: Document, position: Position | None) -> tuple[int, int]:
    """Block and offset of a kept place: by its words, by words like them, by its share."""
    if position is None or (not position.quote and not position.progress):
        return 0, 0
    if found := document.seek(position.quote, position.progress):
        return found
    span = QuotedText(document.plain()).find(position.quote, start=position.start)
    if span and (parts := document.spread(span.start, span.end)):
        return parts[0][:2]
    blocks = len(document.blocks)
    return min(int(blocks * position.progress), max(blocks - 1, 0)), 0
