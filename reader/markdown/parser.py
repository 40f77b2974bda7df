"""The parser of a part of an article, for the screen: CommonMark, tables, footnotes and math.

HTML stays text. Block rules run over a part at a time, inline rules over one block. Whole texts are
read by `events`, which is linear whatever the text holds.
"""

from functools import cache

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

MAX_NESTING = 100
"""Levels of containers that are read; markdown-it drops what lies deeper, at 20 by default."""


@cache
def markdown_parser() -> MarkdownIt:
    """Return the parser, which keeps no state of a document."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin)
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    return parser
