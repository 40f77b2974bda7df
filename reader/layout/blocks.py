"""Blocks of an article: paragraphs, headings, lists, code, tables and images."""

from enum import StrEnum
from typing import NamedTuple

from reader.layout.inline_text import NO_TEXT, InlineText
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


class EndAction(NamedTuple):
    """An action offered below the text: its key, its label, and the command that it runs."""

    key: str
    label: str
    command: str


class Block(NamedTuple):
    """A block and its text.

    `first_prefix` stands left of the first line, `rest_prefix` left of the others, `gap_prefix` on
    the `gap` blank lines above it. `info` is the language of code, or an image's destination; `alt`
    an image's description. `aligns` has one of `l`, `c`, `r` per column of a table. `actions` are
    offered by the footer.
    """

    kind: BlockKind
    content: InlineText = NO_TEXT
    color: ColorRole = ColorRole.TEXT
    first_prefix: tuple[Decoration, ...] = ()
    rest_prefix: tuple[Decoration, ...] = ()
    gap_prefix: tuple[Decoration, ...] = ()
    gap: int = 1
    level: int = 0
    info: str = ""
    alt: str = ""
    aligns: str = ""
    actions: tuple[EndAction, ...] = ()
