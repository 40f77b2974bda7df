"""Blocks of an article: paragraphs, headings, lists, code, tables and images."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from reader.layout.text_styles import ColorRole, Decoration


class BlockKind(StrEnum):
    """The kind of a block; the first four form the header, the last one the footer."""

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
    END = "end"


HEADER_KINDS = frozenset((BlockKind.TITLE, BlockKind.BYLINE, BlockKind.TAGS, BlockKind.NOTICE))
"""Kinds whose words are not the article's: never highlighted or counted as a position."""


class EndAction(NamedTuple):
    """An action offered below the text: its key, its label, and the command that it runs."""

    key: str
    label: str
    command: str


@dataclass(frozen=True, slots=True)
class Block:
    """A block. `raw` is inline Markdown, or plain text for code and header blocks.

    `first_prefix` stands left of the first line, `rest_prefix` left of the others, `gap_prefix` on
    the `gap` blank lines above it. `info` is the language of code, or an image's destination.
    `rows` are a table's cells as inline Markdown, its head first; `aligns` one of `l`, `c`, `r` per
    column. `actions` are offered by the footer.
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
    actions: tuple[EndAction, ...] = ()
