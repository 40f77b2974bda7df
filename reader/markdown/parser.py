"""The Markdown that articles are written in: CommonMark, tables, strikethrough, footnotes, math.

HTML stays text. Only the block rules run over a whole article; inline rules run per block.
"""

from functools import cache

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

MAX_NESTING = 100
"""Levels of containers that are read; markdown-it drops what lies deeper, at 20 by default."""


@cache
def markdown_parser() -> MarkdownIt:
    """The parser, made once: it holds no state of a document."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin)
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    return parser
