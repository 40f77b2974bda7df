"""Markdown files: front matter as metadata, and the text as a tree."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from html import unescape
from typing import Final

from reader.extract.input import html_parser
from reader.extract.metadata import Metadata
from reader.markdown.events import to_html
from reader.markdown.front_matter import read_lists, split_front_matter
from reader.model.text import clean, clean_tag, one_line

_TOML: Final = re.compile(r"\+\+\+[ \t]*\n(.{0,100000}?)\n\+\+\+[ \t]*(?:\n+|\Z)", re.DOTALL)
_JSON: Final = json.JSONDecoder()
MAX_FIELDS: Final = 100_000
"""Characters of front matter in TOML or JSON."""
_ESCAPED: Final = "\ufdd3"
"""A noncharacter behind an escaped bracket."""
_CALLOUT: Final = re.compile(
    r"<blockquote>\n<p>\[!(\w[\w-]{0,29})\]([+-]?)[ \t]*([^\n]*?)(?:\n|(?=</p>))"
)
_FORMULA: Final = re.compile(r'<span class="math math-(inline|display)">([^<]*)</span>')
_TITLE_SIGNS: Final = {"em": "*", "strong": "**", "code": "`", "del": "~~"}
_TITLE_TAG: Final = re.compile(r"</?(em|strong|code|del)>")

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
    """Render Markdown as HTML: formulas as scripts, callouts as their usual markup."""
    # An escaped bracket begins no callout; HTML does not tell it from another.
    rendered = to_html(body.replace("\\[!", f"\\[{_ESCAPED}!"))
    rendered = _FORMULA.sub(_to_script, _CALLOUT.sub(_to_callout, rendered))
    return f"<!DOCTYPE html><html><body>{rendered.replace(_ESCAPED, '')}</body></html>"


def _to_script(found: re.Match[str]) -> str:
    """Return a formula as MathJax has it."""
    mode = "; mode=display" if found[1] == "display" else ""
    source = unescape(found[2]).strip().replace("</", "< /")
    return f'<script type="math/tex{mode}">{source}</script>'


def _to_callout(found: re.Match[str]) -> str:
    """Return the start of a quote that begins with `[!kind] Title` as that of a callout.

    Its title is a text: emphasis and code become their signs again.
    """
    fold = f' data-callout-fold="{found[2]}"' if found[2] else ""
    title = _TITLE_TAG.sub(lambda tag: _TITLE_SIGNS[tag[1]], found[3].strip())
    return (
        f'<blockquote class="callout" data-callout="{found[1].lower()}"{fold}>\n'
        f'<p><span class="callout-title">{title}</span>'
    )
