"""Markdown made plain: the words a reader sees, without the signs around them."""

import re
from typing import Final

_FRONT_MATTER: Final = re.compile(r"\A---\n.*?\n---[ \t]*\n+", re.DOTALL)
_IMAGE: Final = re.compile(r"!\[([^\]\n]*)\]\((?:<[^>\n]*>|[^()\s]*)(?:\s+\"[^\"\n]*\")?\)")
_LINK: Final = re.compile(
    r"\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]\((?:<[^>\n]*>|(?:[^()\s]|\([^()\s]*\))*)(?:\s+\"[^\"\n]*\")?\)"
)
_AUTOLINK: Final = re.compile(r"<(?:https?|mailto):[^>\s]*>")
_LINE_SIGNS: Final = re.compile(
    r"^[ \t]*(?:(?:>[ \t]?)+|#{1,6}[ \t]+|[-*+][ \t]+|\d{1,9}[.)][ \t]+|```+.*|~~~+.*|\|?[ \t:|-]{3,}$)+",
    re.MULTILINE,
)
_EMPHASIS: Final = re.compile(r"(?<![\\\w])[*_]{1,3}(?=\S)|(?<=\S)(?<!\\)[*_]{1,3}(?!\w)|\*{2}|`+")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")


def without_front_matter(text: str) -> str:
    """The Markdown below the front matter of an `article.md`."""
    return _FRONT_MATTER.sub("", text, count=1)


def plain(markdown: str) -> str:
    """The text without addresses, image paths, emphasis, headings' and lists' signs; linear."""
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", markdown)) if "](" in markdown else markdown
    text = _AUTOLINK.sub("", text)
    text = _LINE_SIGNS.sub("", text)
    text = _EMPHASIS.sub("", text)
    return _ESCAPED.sub(r"\1", text)
