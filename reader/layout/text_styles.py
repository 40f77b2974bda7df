"""Names of what ink a piece of text is drawn with; the widget turns them into styles."""

from enum import IntFlag, StrEnum
from typing import NamedTuple


class ColorRole(StrEnum):
    """One colour role; each has a component class `article--<ink>` in the styles."""

    TEXT = "text"
    TITLE = "title"
    DIM = "dim"
    TAG = "tag"
    HEADING = "heading"
    MARKER = "marker"
    BAR = "bar"
    QUOTE = "quote"
    CALLOUT = "callout"
    CAPTION = "caption"
    RULE = "rule"
    NOTE = "note"
    CODE = "code"
    CODE_MARK = "code-mark"
    CODE_KEYWORD = "code-keyword"
    CODE_STRING = "code-string"
    CODE_COMMENT = "code-comment"
    CODE_NUMBER = "code-number"
    CODE_NAME = "code-name"
    HIGHLIGHT = "highlight"
    MATCH = "match"
    MATCH_CURRENT = "match-current"
    SELECTION = "marking"
    HINT = "hint"


class FontStyle(IntFlag):
    """How letters stand, beside their ink."""

    PLAIN = 0
    BOLD = 1
    ITALIC = 2
    STRIKE = 4
    CODE = 8
    LINK = 16
    SUPERSCRIPT = 32
    MATH = 64
    MISSING = 128


class Decoration(NamedTuple):
    """Words of our own beside the article's text: a bar, a bullet, an indent."""

    text: str
    color: ColorRole = ColorRole.TEXT
