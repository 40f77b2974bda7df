"""Documents: the blocks of an article, their text on demand, and the plain text of all."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple

from reader.layout.block_parser import BlockParser, read_all_blocks
from reader.layout.blocks import Block, BlockKind, EndAction
from reader.layout.inline_text import InlineText, LinkTarget, Run
from reader.layout.text_styles import ColorRole, FontStyle
from reader.model.highlight import Highlight, Position
from reader.model.text import clean, one_line
from reader.model.text_anchor import AnchorIndex

_LINE_BREAKS = {10: " ", 9: " "}


class Heading(NamedTuple):
    """An entry of the outline; `block` is the index of the heading's block."""

    level: int
    text: str
    block: int


class Document:
    """The blocks of an article below its header.

    `parse_next` adds blocks until the document is complete; methods that need all of them complete
    it. Offsets in the plain text count code points of the text of all blocks, each followed by a
    newline, without the header.
    """

    def __init__(self, markdown: str, head: Sequence[Block] = (), *, has_footer: bool = False):
        self._parser = BlockParser(markdown)
        self.header_size = len(head)
        self.blocks: list[Block] = list(head)
        self._colored: dict[int, InlineText] = {}
        self._block_offsets: list[int] = []
        self._plain = ""
        self._footer = Block(BlockKind.END, color=ColorRole.DIM, gap=2) if has_footer else None
        self.parse_next()

    @property
    def pending(self) -> int:
        """The code points of Markdown not yet parsed; 0 when the document is complete."""
        return self._parser.pending

    def parse_next(self) -> bool:
        """Add the blocks of the next part; return False if the document was complete."""
        if not self._parser.parse_next():
            return False
        added = self._parser.blocks[len(self.blocks) - self.header_size :]
        self.blocks += added
        if self._footer and not self.pending:
            self.blocks.append(self._footer)
        return True

    def set_end_actions(self, actions: Sequence[EndAction]) -> int | None:
        """Offer actions in the footer; return its index, or None while it is not parsed."""
        if not self._footer:
            return None
        actions = tuple(actions)
        self._footer = self._footer._replace(actions=actions, content=_footer_text(actions))
        if self.pending or not self.blocks or self.blocks[-1].kind is not BlockKind.END:
            return None
        self.blocks[-1] = self._footer
        return len(self.blocks) - 1

    @property
    def last_body_block(self) -> int:
        """The index of the last block of the article; -1 without one."""
        last = len(self.blocks) - 1
        last -= last >= 0 and self.blocks[last].kind is BlockKind.END
        return last if last >= self.header_size else -1

    def parse_all(self) -> None:
        """Add all blocks: about 30 ms for 50,000 words."""
        while self.parse_next():
            pass

    def inline_text(self, index: int) -> InlineText:
        """Return the block's text with its font styles."""
        if index in self._colored:
            return self._colored[index]
        return self.blocks[index].content

    def set_color_runs(self, index: int, runs: tuple[Run, ...]) -> None:
        """Color the words of a code block."""
        self._colored[index] = self.inline_text(index)._replace(runs=runs)

    def is_body(self, index: int) -> bool:
        """Return whether the block belongs to the article, not to the header."""
        return index >= self.header_size and self.blocks[index].kind is not BlockKind.END

    def block_offsets(self) -> Sequence[int]:
        """Return each block's offset in the plain text, and the total length last.

        Parses every block.
        """
        if not self._block_offsets:
            self.parse_all()
            sizes = (
                len(block.content.text) + 1 if self.is_body(index) else 0
                for index, block in enumerate(self.blocks)
            )
            self._block_offsets = list(accumulate(sizes, initial=0))
        return self._block_offsets

    def estimate_offset(self, block: int) -> int:
        """Estimate a block's offset in the plain text without parsing more blocks.

        Exact once every block before it was parsed.
        """
        if self._block_offsets:
            return self._block_offsets[block]
        return sum(
            len(content.content.text) + 1
            for index, content in enumerate(self.blocks[:block])
            if self.is_body(index)
        )

    def plain_text(self) -> str:
        """Return the article's plain text.

        Parses every block: about 30 ms for 50,000 words.
        """
        if not self._plain:
            self.parse_all()
            body = self.blocks[self.header_size : self.last_body_block + 1]
            texts = (block.content.text for block in body)
            self._plain = "".join(text + "\n" for text in texts)
        return self._plain

    def split_by_block(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """Split a range of the plain text into (block, start, end) with offsets per block."""
        starts = self.block_offsets()
        parts: list[tuple[int, int, int]] = []
        block = max(0, bisect_right(starts, start) - 1)
        while block < len(self.blocks) and starts[block] < end:
            size = starts[block + 1] - starts[block] - 1
            first, last = max(0, start - starts[block]), min(size, end - starts[block])
            if last > first:
                parts.append((block, first, last))
            block += 1
        return parts

    def find_text(self, quote: str, near: float, start: int = 0) -> tuple[int, int] | None:
        """Find the block and offset of the words, nearest to `start` or a share.

        `start` is an offset in the plain text, 0 if it is unknown. Words that stand there once are
        found by parsing up to there; the rest is parsed only if they are repeated or not found.
        """
        words = " ".join(quote.split())
        if not words:
            return None
        if self._parser.repeats(words):
            return self._find_repeated(words, near, start)
        at = self._parser.locate(words, near)
        first, begin = self.header_size, 0
        while at is not None and self._parser.parsed <= at:
            first, begin = len(self.blocks), self._parser.parsed
            if not self.parse_next():
                break
        if at is not None:
            share = (at - begin) / max(1, self._parser.parsed - begin)
            found = self._find_text_from(first, share, words)
            if found:
                return found
        self.parse_all()
        return self._find_text_from(self.header_size, near, words)

    def _find_repeated(self, words: str, near: float, start: int) -> tuple[int, int] | None:
        """Find the occurrence nearest to an offset among all of them."""
        text = self.plain_text().translate(_LINE_BREAKS)
        expected = start or int(near * len(text))
        before = text.rfind(words, 0, expected + len(words))
        after = text.find(words, max(0, expected))
        places = [place for place in (before, after) if place >= 0]
        if not places:
            return None
        nearest = min(places, key=lambda place: abs(place - expected))
        parts = self.split_by_block(nearest, nearest + len(words))
        return parts[0][:2] if parts else None

    def _find_text_from(self, first: int, share: float, words: str) -> tuple[int, int] | None:
        """Find the words in the blocks from `first`, nearest to a share of those blocks."""
        expected = first + share * (len(self.blocks) - first)
        for index in sorted(range(first, len(self.blocks)), key=lambda i: abs(i - expected)):
            if self.is_body(index):
                at = self.blocks[index].content.text.translate(_LINE_BREAKS).find(words)
                if at >= 0:
                    return index, at
        return None

    def outline(self) -> list[Heading]:
        """Return the headings in order, with their blocks."""
        self.parse_all()
        return [
            Heading(block.level, one_line(self.inline_text(index).text), index)
            for index, block in enumerate(self.blocks)
            if block.kind is BlockKind.HEADING
        ]

    def footnote_paragraphs(self, label: str) -> tuple[str, ...]:
        """Return the paragraphs of a footnote; empty if it has none."""
        self.parse_all()
        indexes = self._parser.notes.get(label, ())
        return tuple(self.inline_text(index + self.header_size).text for index in indexes)


def _footer_text(actions: Sequence[EndAction]) -> InlineText:
    """Build the footer: one action per line, each a target that names its command."""
    text = ""
    runs: list[Run] = []
    for number, action in enumerate(actions):
        text += "\n" if text else ""
        middle = len(text) + len(action.key)
        line = f"{action.key}  {one_line(action.label, 200)}"
        runs.append(Run(len(text), middle, FontStyle.BOLD, number, ColorRole.TEXT))
        runs.append(Run(middle, len(text) + len(line), FontStyle.PLAIN, number))
        text += line
    return InlineText(text, tuple(runs), tuple(LinkTarget(action.command) for action in actions))


def header_blocks(title: str, byline: str, tags: str, notice: str = "") -> tuple[Block, ...]:
    """Build the header blocks; empty lines are left out."""
    lines = (
        (BlockKind.TITLE, title, ColorRole.TITLE, 0),
        (BlockKind.BYLINE, byline, ColorRole.DIM, 0),
        (BlockKind.TAGS, tags, ColorRole.TAG, 0),
        (BlockKind.NOTICE, notice, ColorRole.NOTE, 1),
    )
    return tuple(
        Block(kind, InlineText(clean(text)), color, gap=gap)
        for kind, text, color, gap in lines
        if text
    )


def plain_text(markdown: str) -> str:
    """Return the plain text of a Markdown body, in the coordinates of highlights and positions."""
    return "".join(f"{block.content.text}\n" for block in read_all_blocks(markdown))


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """An article ready to be shown. All texts may be hostile; the view cleans them.

    `published` and `tags` are shown as given. `folder` is the article's absolute folder, or None;
    `images` maps an image's destination in the Markdown to its file below that folder. `notice`
    stands above the text (a page that had to be cut). `note` is the user's note on the article.
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
    images: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    notice: str = ""


_NO_BREAK: Final = "\u00a0"


def build_document(article: ShownArticle | None) -> Document:
    """Build the article's document with its header; an empty one for None."""
    if article is None:
        return Document("")
    return Document(article.markdown, build_header(article), has_footer=bool(article.markdown))


def build_header(article: ShownArticle) -> tuple[Block, ...]:
    """Build the article header: title, a line of facts, tags and a notice."""
    minutes = f"{article.minutes}{_NO_BREAK}min" if article.minutes else ""
    date = one_line(article.published or "").replace(" ", _NO_BREAK)
    byline, site = one_line(article.byline or ""), one_line(article.site or "")
    # A page without an address has its author for a site.
    facts = (byline, site if site.casefold() != byline.casefold() else "", date, minutes)
    return header_blocks(
        one_line(article.title),
        " · ".join(fact for fact in facts if fact),
        " ".join(f"#{one_line(tag)}" for tag in article.tags),
        one_line(article.notice),
    )


def resolve_position(document: Document, position: Position | None) -> tuple[int, int]:
    """Find the block and offset of a stored position: by its words, similar words, or share."""
    if position is None or (not position.quote and not position.progress):
        return 0, 0
    if found := document.find_text(position.quote, position.progress, position.start):
        return found
    span = AnchorIndex(document.plain_text()).find(position.quote, start=position.start)
    if span and (parts := document.split_by_block(span.start, span.end)):
        return parts[0][:2]
    blocks = len(document.blocks)
    return min(int(blocks * position.progress), max(blocks - 1, 0)), 0
