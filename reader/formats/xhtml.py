"""Markdown to XHTML without scripts, styles and remote images."""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from reader.model.entry import Entry, Record
from reader.model.text import clean

_MAIL = "mailto:"
_NOT_URI_CHARACTER = re.compile(r"[^\w\-.~:/?#\[\]@!$&'()*+,;=%]|%(?![0-9A-Fa-f]{2})", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True, "linkify": False})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin)
    return parser


def to_xhtml(
    markdown: str, pictures: Mapping[str, str], source: Callable[[str], str | None], mark: str = ""
) -> str:
    """Convert the body to well-formed XHTML; `mark` makes its ids unique among other bodies.

    `pictures` maps destinations in the Markdown to files; `source` returns the address of a file,
    or None if it is missing: then its description replaces it. Links lose their address unless it
    is `http`, `https`, `mailto`, or a heading of the same body.
    """
    parser = _parser()
    environment: dict[str, Any] = {"docId": mark} if mark else {}
    tokens = parser.parse(markdown, environment)
    headings = _headings(tokens, mark)
    # The parser hands out destinations unescaped and percent-encoded.
    files = {parser.normalizeLink(unescapeAll(place)): file for place, file in pictures.items()}
    for token in tokens:
        for child in token.children or ():
            if child.type == "image":
                _set_image_source(child, source(files.get(str(child.attrs.get("src", "")), "")))
            elif child.type == "link_open":
                _sanitize_link(child, headings)
    # The parser's own renderer, because the footnote rules are added to that one.
    return clean(str(parser.renderer.render(tokens, parser.options, environment)))


def _headings(tokens: Sequence[Token], mark: str) -> Mapping[str, str]:
    """Map the names by which links refer to headings to the ids given here."""
    found: dict[str, str] = {}
    for token, inside in pairwise(tokens):
        if token.type == "heading_open":
            name = re.sub(r"[^\w\- ]", "", inside.content.casefold()).strip().replace(" ", "-")
            if name and name not in found:
                found[name] = f"h{mark}-{len(found) + 1}"
                token.attrs["id"] = found[name]
    return found


def _sanitize_link(token: Token, headings: Mapping[str, str]) -> None:
    address = str(token.attrs.pop("href", ""))
    heading = headings.get(unquote(address[1:]).casefold()) if address.startswith("#") else None
    target = f"#{heading}" if heading else link(address)
    if target:
        token.attrs["href"] = target


def _set_image_source(token: Token, source: str | None) -> None:
    if source is not None:
        token.attrs["src"] = source
        return
    words = "".join(child.content for child in token.children or ())
    token.type, token.tag, token.content = "text", "", f"[{words}]" if words else ""
    token.children = None


def link(address: str) -> str | None:
    """Return the address as a valid URI; None if it must not be followed."""
    safe = _NOT_URI_CHARACTER.sub(lambda found: quote(found[0], safe=""), clean(address))
    if safe.casefold().startswith(_MAIL):
        return safe
    try:
        parts = urlsplit(safe)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            return None
    except ValueError:
        return None
    behind = safe.index("//") + 2 + len(parts.netloc)
    return safe[:behind] + safe[behind:].replace("[", "%5B").replace("]", "%5D")


def language(said: str | None, otherwise: str = "") -> str:
    """Return the language as HTML and XML name it (BCP 47), or `otherwise`."""
    name = (said or "").replace("_", "-")
    return name if _LANGUAGE.fullmatch(name) else otherwise


def annotations_html(record: Record) -> str:
    """Return the user's note and highlights as elements for the end of an article."""
    if not record.highlights and not record.note:
        return ""
    rows = [element("h2", "Highlights and notes")]
    if record.note:
        rows.append(element("p", record.note))
    for mark in record.highlights:
        rows.append(f"<blockquote>{element('p', mark.quote)}</blockquote>")
        if mark.note:
            rows.append(element("p", mark.note))
    return "\n".join(rows) + "\n"


def byline_text(entry: Entry) -> str:
    """Return the line below a title: author, site, date and tags."""
    tags = ", ".join(f"#{tag}" for tag in entry.tags)
    return join_present([entry.byline, entry.site, (entry.published or "")[:10], tags])


def element(name: str, text: str, attributes: Mapping[str, str] | None = None) -> str:
    """Return an element with escaped text and attributes."""
    said = "".join(f' {key}="{html.escape(value)}"' for key, value in (attributes or {}).items())
    return f"<{name}{said}>{html.escape(clean(text))}</{name}>"


def join_present(parts: Sequence[str | None]) -> str:
    """Join the non-empty parts with middle dots."""
    return " · ".join(part for part in parts if part)
