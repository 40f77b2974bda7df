"""Markdown files: front matter as metadata, and the text as a tree."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from reader.extract.input import html_parser
from reader.extract.metadata import Metadata
from reader.model.text import clean, clean_tag, one_line

_FENCE: Final = re.compile(r"---[ \t]*\n")
_END: Final = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_KEY: Final = re.compile(r"([A-Za-z][\w -]{0,40}?)[ \t]*:(?:[ \t]+(.*)|[ \t]*)$")
_MAX_FRONT_MATTER: Final = 65_536
"""Characters in which the front matter must end."""

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
    front, body = _split_front_matter(clean(text))
    said = _parse_front_matter(front)
    page = html_parser.parse(_render_html(body), said.canonical)
    first = next((element for element in page.root.iter("h1", "p", "h2")), None)
    if first is not None and first.tag == "h1":
        named = one_line(first.text_content())
        if not said.title or named.casefold() == said.title.casefold():
            said = replace(said, title=named)
            first.drop_tree()
    return said, page


def _split_front_matter(text: str) -> tuple[str, str]:
    text = text.lstrip("\n\ufeff")
    start = _FENCE.match(text)
    end = _END.search(text, start.end(), _MAX_FRONT_MATTER) if start else None
    if start is None or end is None:
        return "", text
    return text[start.end() : end.start()], text[end.end() :]


def _parse_front_matter(front: str) -> Metadata:
    """Read the keys with a known meaning: scalars and lists of scalars."""
    values: dict[str, list[str]] = {}
    last: list[str] = []
    for line in front.split("\n"):
        key = _KEY.match(line)
        if key:
            last = values.setdefault(key[1].casefold().replace(" ", "_").replace("-", "_"), [])
            last += _parse_scalars(key[2] or "")
        elif line.lstrip().startswith("- "):
            last += _parse_scalars(line.lstrip()[2:])
        elif line.startswith("  ") and last:
            last[-1] = f"{last[-1]} {line.strip()}".strip()

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


def _parse_scalars(value: str) -> list[str]:
    value = value.strip()
    if value.startswith("[") and value.endswith("]") and not value.startswith("[["):
        return [item for part in value[1:-1].split(",") if (item := _unquote(part))]
    return [item] if (item := _unquote(value)) and item not in ("|", ">", "|-", ">-") else []


def _unquote(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        quote, value = value[0], value[1:-1]
        return value.replace("''", "'") if quote == "'" else re.sub(r"\\([\"\\])", r"\1", value)
    return value


def _render_html(body: str) -> str:
    """Render Markdown as HTML, formulas as scripts like MathJax's."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(dollarmath_plugin, allow_space=False, double_inline=True)
    inline, block = _tex_rule(""), _tex_rule("; mode=display")
    for name in ("math_inline", "math_single"):
        parser.add_render_rule(name, inline)
    for name in ("math_inline_double", "math_block", "math_block_label"):
        parser.add_render_rule(name, block)
    return f"<!DOCTYPE html><html><body>{parser.render(body)}</body></html>"


def _tex_rule(mode: str) -> Callable[..., str]:
    def render(
        renderer: RendererHTML, tokens: list[Token], index: int, options: object, env: object
    ) -> str:
        content = tokens[index].content.replace("</", "< /")
        return f'<script type="math/tex{mode}">{content}</script>'

    return render
