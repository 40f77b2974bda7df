"""Markdown files: front matter as metadata, and the text as a tree."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from html import escape
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from reader.extract.input import html_parser
from reader.extract.metadata import Metadata
from reader.markdown.events import MAX_NESTING
from reader.markdown.front_matter import read_lists, split_front_matter
from reader.model.text import clean, clean_tag, one_line

_TOML: Final = re.compile(r"\+\+\+[ \t]*\n(.{0,100000}?)\n\+\+\+[ \t]*(?:\n+|\Z)", re.DOTALL)
_JSON: Final = json.JSONDecoder()
MAX_FIELDS: Final = 100_000
"""Characters of front matter in TOML or JSON."""
_TASK: Final = re.compile(r"\[([ xX])\]\s+(?=\S)")
_CALLOUT: Final = re.compile(r"\[!(\w[\w-]{0,29})\]([+-]?)[ \t]*([^\n]*)")

_FIELD_KEYS: Final = {
    "title": ("title",),
    "byline": ("byline", "author", "authors", "creator", "by"),
    "site": ("site", "site_name", "publication", "publisher"),
    "published": ("published", "date", "created", "date_published"),
    "modified": ("modified", "updated", "lastmod", "date_modified"),
    "language": ("language", "lang"),
    "canonical": ("url", "source", "link", "canonical", "canonical_url"),
    "description": ("description", "summary", "excerpt", "subtitle"),
    "image": ("image", "cover", "thumbnail"),
    "keywords": ("tags", "keywords", "categories", "suggested"),
}


def read_markdown(text: str) -> tuple[Metadata, html_parser.Page]:
    """Return the metadata of the front matter, and the text as a parsed page.

    A first heading of level 1 is the title if the front matter has none. HTML in the Markdown is
    parsed like a page, so nothing in it is trusted.
    """
    text = clean(text).lstrip("\n\ufeff")
    fields, body = split_fields(text)
    if fields is None:
        front, body = split_front_matter(text)
        metadata = _parse_front_matter(front)
    else:
        metadata = _known_fields(fields)
    page = html_parser.parse(_render_html(body), metadata.canonical)
    first = next((element for element in page.root.iter("h1", "p", "h2")), None)
    if first is not None and first.tag == "h1":
        named = one_line(first.text_content())
        if not metadata.title or named.casefold() == metadata.title.casefold():
            metadata = replace(metadata, title=named)
            first.drop_tree()
    return metadata, page


def split_fields(text: str) -> tuple[dict[str, list[str]] | None, str]:
    """Return the front matter in TOML or JSON, as Hugo has it, and the text after it.

    The first is None if the text has no such front matter.
    """
    fields: object = None
    rest = text
    if found := _TOML.match(text):
        try:
            fields, rest = tomllib.loads(found[1]), text[found.end() :]
        except (tomllib.TOMLDecodeError, RecursionError):
            return None, text
    elif text.startswith("{"):
        try:
            fields, end = _JSON.raw_decode(text[:MAX_FIELDS])
        except (ValueError, RecursionError):
            return None, text
        rest = text[end:].lstrip("\n")
    if not isinstance(fields, dict) or not fields.keys() & {"title", "date", "tags", "author"}:
        return None, text
    return {str(name).casefold(): list(_scalars_of(value)) for name, value in fields.items()}, rest


def _scalars_of(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = value.get("name", "")
    if isinstance(value, list):
        for item in value[:100]:
            yield from (text for text in map(_text_of, [item]) if text)
    elif text := _text_of(value):
        yield text


def _text_of(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("name", "")
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, str | int) else ""


def _parse_front_matter(front: str) -> Metadata:
    """Read the keys with a known meaning: scalars, lists of scalars, and names of authors."""
    return _known_fields(read_lists(front))


def _known_fields(values: Mapping[str, list[str]]) -> Metadata:
    """Return the metadata in fields of front matter."""

    def all_of(meaning: str) -> list[str]:
        return next((values[name] for name in _FIELD_KEYS[meaning] if values.get(name)), [])

    def one_of(meaning: str) -> str | None:
        return one_line(", ".join(all_of(meaning)), 1000) or None

    keywords = tuple(dict.fromkeys(filter(None, map(clean_tag, all_of("keywords")))))
    return Metadata(
        title=one_line(" ".join(all_of("title"))),
        byline=one_of("byline"),
        site=one_of("site"),
        published=one_of("published"),
        modified=one_of("modified"),
        language=one_of("language"),
        canonical=one_of("canonical"),
        description=one_of("description"),
        image=one_of("image"),
        keywords=keywords,
    )


def _render_html(body: str) -> str:
    """Render Markdown as HTML: formulas as scripts, tasks and callouts as their usual markup."""
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING})
    parser.enable(["table", "strikethrough"]).use(footnote_plugin)
    # Without digits next to the signs: "$5-$6" is a price.
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    inline, block = _tex_rule(""), _tex_rule("; mode=display")
    for name in ("math_inline", "math_single"):
        parser.add_render_rule(name, inline)
    for name in ("math_inline_double", "math_block", "math_block_label"):
        parser.add_render_rule(name, block)
    environment: dict[str, object] = {}
    tokens = parser.parse(body, environment)
    for number, token in enumerate(tokens):
        if token.type == "inline" and number > 1 and tokens[number - 1].type == "paragraph_open":
            before = tokens[number - 2]
            if before.type == "list_item_open":
                _mark_task(token)
            elif before.type == "blockquote_open":
                _mark_callout(tokens, number)
    rendered = parser.renderer.render(tokens, parser.options, environment)
    return f"<!DOCTYPE html><html><body>{rendered}</body></html>"


def _mark_task(inline: Token) -> None:
    """Make a checkbox of `[ ]` or `[x]` at the beginning of a list item."""
    first = inline.children[0] if inline.children else None
    task = _TASK.match(first.content) if first is not None and first.type == "text" else None
    if task is None or first is None or inline.children is None:
        return
    first.content = first.content[task.end() :]
    checked = "" if task[1] == " " else " checked"
    box = Token("html_inline", "", 0, content=f'<input type="checkbox"{checked} disabled> ')
    inline.children.insert(0, box)


def _mark_callout(tokens: list[Token], number: int) -> None:
    """Make a callout of a quote that begins with `[!kind] Title`."""
    callout = _CALLOUT.match(tokens[number].content)
    children = tokens[number].children
    if callout is None or children is None:
        return
    quote = tokens[number - 2]
    quote.tag = "div"
    quote.attrSet("class", "callout")
    quote.attrSet("data-callout", callout[1].lower())
    if callout[2]:
        quote.attrSet("data-callout-fold", callout[2])
    end = next((at for at, one in enumerate(children) if one.type.endswith("break")), len(children))
    closing = next(
        one
        for one in tokens[number:]
        if one.type == "blockquote_close" and one.level == quote.level
    )
    closing.tag = "div"
    title = escape(callout[3].strip())
    tokens[number].children = [
        Token("html_inline", "", 0, content=f'<span class="callout-title">{title}</span>'),
        *children[end + 1 :],
    ]


def _tex_rule(mode: str) -> Callable[..., str]:
    def render(
        renderer: RendererHTML, tokens: list[Token], index: int, options: object, env: object
    ) -> str:
        content = tokens[index].content.strip().replace("</", "< /")
        return f'<script type="math/tex{mode}">{content}</script>'

    return render
