"""Files in Org, AsciiDoc, reStructuredText, MediaWiki and gemtext, as metadata and a parsed page.

Each module reads the common subset of one syntax into HTML; what it does not know stays as text.
"""

from dataclasses import replace
from importlib import import_module
from pathlib import PurePath
from typing import Final

from reader.extract.input import html_parser
from reader.extract.metadata import Metadata, dates
from reader.model.text import clean, clean_tag, one_line

SYNTAXES: Final = {
    "org": "org",
    "adoc": "asciidoc",
    "asciidoc": "asciidoc",
    "rst": "restructured_text",
    "rest": "restructured_text",
    "mediawiki": "wikitext",
    "wiki": "wikitext",
    "wikitext": "wikitext",
    "gmi": "gemtext",
    "gemini": "gemtext",
}
"""The module of each suffix of a file's name."""


def read_markup(text: str, name: str) -> tuple[Metadata, html_parser.Page]:
    """Return the metadata of a file of that name, and its text as a parsed page. Linear.

    The title is that of the fields, else a first heading of level 1, else the name of the file.
    """
    stem, _, suffix = name.rpartition(".")
    # Only these files need their reader.
    module = import_module(f"{__name__}.{SYNTAXES[suffix.casefold()]}")
    html, fields = module.to_html(clean(text).lstrip("\n\ufeff"))
    page = html_parser.parse(f"<!DOCTYPE html><html><body>{html}</body></html>", None)
    metadata = Metadata(
        title=one_line(fields.get("title", "")),
        byline=one_line(fields.get("author", "")) or None,
        published=dates.parse_date(fields.get("date", "")),
        language=one_line(fields.get("language", "")) or None,
        description=one_line(fields.get("description", ""), 1000) or None,
        keywords=tuple(filter(None, map(clean_tag, fields.get("tags", "").split(",")))),
    )
    first = next(page.root.iter("h1", "h2", "p"), None)
    if first is not None and first.tag in ("h1", "h2"):
        named = one_line(first.text_content())
        if not metadata.title or named.casefold() == metadata.title.casefold():
            metadata = replace(metadata, title=named)
            first.drop_tree()
    if not metadata.title:
        metadata = replace(metadata, title=one_line(PurePath(stem).name.replace("_", " ")))
    return metadata, page
