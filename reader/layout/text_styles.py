"""Color roles and font styles of text; the widget maps them to styles."""

from enum import IntFlag, StrEnum
from typing import NamedTuple


class ColorRole(StrEnum):
    """A color role; each has a component class `article--<role>` in the styles."""

    TEXT = "text"
    TITLE = "title"
    TITLE_RULE = "title-rule"
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
    HIGHLIGHT_YELLOW = "highlight-yellow"
    HIGHLIGHT_GREEN = "highlight-green"
    HIGHLIGHT_BLUE = "highlight-blue"
    HIGHLIGHT_PURPLE = "highlight-purple"
    HIGHLIGHT_PINK = "highlight-pink"
    HIGHLIGHT_RED = "highlight-red"
    HIGHLIGHT_ORANGE = "highlight-orange"
    MATCH = "match"
    MATCH_CURRENT = "match-current"
    SELECTION = "marking"
    SPOKEN = "spoken"
    HINT = "hint"


def highlight_role(color: str) -> ColorRole:
    """Return the role of a highlight with a label of this colour; empty without one."""
    return ColorRole(f"highlight-{color}") if color else ColorRole.HIGHLIGHT


class FontStyle(IntFlag):
    """Font style flags (bold, italic, …), separate from color."""

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
    """Text that is not the article's: a bar, a bullet, an indent."""

    text: str
    color: ColorRole = ColorRole.TEXT
