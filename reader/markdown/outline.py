"""What a Markdown text is made of: its headings and its links."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from reader.model.text import one_line

_SCHEMES = ("http://", "https://", "mailto:")


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def outline(markdown: str) -> list[tuple[int, str]]:
    """Level (1 to 6) and text of each heading, in order. Linear in the text."""
    tokens = _parser().parse(markdown)
    return [
        (int(token.tag[1]), one_line(_heading_text(following)))
        for token, following in pairwise(tokens)
        if token.type == "heading_open"
    ]


def links(markdown: str) -> list[tuple[str, str]]:
    """Text and address of each link, in order, each address once; only those one can follow."""
    found: dict[str, str] = {}
    for token in _parser().parse(markdown):
        for text, address in _links(token):
            if address.casefold().startswith(_SCHEMES):
                found.setdefault(address, text)
    return [(text, address) for address, text in found.items()]


def _links(token: Token) -> Iterator[tuple[str, str]]:
    address: str | None = None
    words: list[str] = []
    for child in token.children or ():
        if child.type == "link_open":
            address, words = str(child.attrs.get("href", "")), []
        elif child.type == "link_close" and address is not None:
            yield one_line("".join(words)), address
            address = None
        elif address is not None:
            words.append(child.content if child.type != "softbreak" else " ")


def _heading_text(inline: Token) -> str:
    return "".join(
        " " if child.type == "softbreak" else child.content for child in inline.children or ()
    )
