"""What an article's Markdown is made of, block by block."""

from dataclasses import dataclass
from enum import StrEnum

from reader.layout.text_styles import ColorRole, Decoration


class BlockKind(StrEnum):
    """What a block is; the first four stand above the text and are not part of it."""

    TITLE = "title"
    BYLINE = "byline"
    TAGS = "tags"
    NOTICE = "notice"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LABEL = "label"
    CAPTION = "caption"
    CODE = "code"
    MATH = "math"
    TABLE = "table"
    IMAGE = "image"
    RULE = "rule"


HEADER_KINDS = frozenset((BlockKind.TITLE, BlockKind.BYLINE, BlockKind.TAGS, BlockKind.NOTICE))
"""Kinds whose words are not the article's: never highlighted, found or counted as a place."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `raw` is inline Markdown, or the text itself for code and what stands outside.

    `first` stands left of the first line, `rest` left of the others, `above` on the blank lines
    before it. `gap` is the number of those. `info` is the language of code, or an image's
    destination. `rows` are a table's cells as inline Markdown, its head first; `aligns` one of
    `l`, `c`, `r` per column.
    """

    kind: BlockKind
    raw: str = ""
    color: ColorRole = ColorRole.TEXT
    first_prefix: tuple[Decoration, ...] = ()
    rest_prefix: tuple[Decoration, ...] = ()
    gap_prefix: tuple[Decoration, ...] = ()
    gap: int = 1
    level: int = 0
    info: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    aligns: str = ""
