"""Markdown to XHTML that carries no script, no style of its own and no remote picture."""

import html
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from reader.model.text import clean

_SCHEMES = ("http://", "https://", "mailto:", "#")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True, "linkify": False})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin)
    return parser


def xhtml(markdown: str, source: Callable[[str], str | None]) -> str:
    """The body as well-formed XHTML.

    `source` turns a picture's destination into the address to use, or None where the picture is
    not at hand: then its alternative text stands there. Links that are not `http`, `https` or
    `mailto` lose their address.
    """
    parser = _parser()
    environment: dict[str, Any] = {}
    tokens = parser.parse(markdown, environment)
    for token in tokens:
        for child in token.children or ():
            _tame(child, source)
    # The parser's own renderer, because the footnote rules are added to that one.
    return clean(str(parser.renderer.render(tokens, parser.options, environment)))


def _tame(token: Token, source: Callable[[str], str | None]) -> None:
    if token.type == "link_open":
        address = str(token.attrs.get("href", ""))
        if not address.casefold().startswith(_SCHEMES):
            token.attrs.pop("href", None)
    elif token.type == "image":
        found = source(str(token.attrs.get("src", "")))
        if found is None:
            words = "".join(child.content for child in token.children or ())
            token.type, token.tag, token.content = "text", "", f"[{words}]" if words else ""
            token.children = None
        else:
            token.attrs["src"] = found


def element(name: str, text: str, attributes: Mapping[str, str] | None = None) -> str:
    """One element with escaped text and attributes."""
    said = "".join(f' {key}="{html.escape(value)}"' for key, value in (attributes or {}).items())
    return f"<{name}{said}>{html.escape(clean(text))}</{name}>"


def joined(parts: Sequence[str | None]) -> str:
    """The parts that are there, between middle dots."""
    return " · ".join(part for part in parts if part)
