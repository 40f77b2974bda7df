"""EPUB 3 export: a chapter per article, a table of contents, images inside."""

import html
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import BinaryIO

from reader.formats.export_item import ExportItem
from reader.formats.xhtml import (
    annotations_html,
    byline_text,
    element,
    is_right_to_left,
    language,
    link,
    to_xhtml,
)
from reader.model.errors import ExchangeError
from reader.model.text import clean

_TYPES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif"}
"""Image types that every reading system shows; WebP only came with EPUB 3.3."""
_STYLE = "body{line-height:1.5}img{max-width:100%}.about{color:#666}pre{white-space:pre-wrap}"
_CONTAINER = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book/content.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>\n"
)


RewriteImage = Callable[[bytes], tuple[str, bytes] | None]
"""Converts an image to JPEG or PNG with a file name, or returns None."""


@dataclass(slots=True)
class _Book:
    """The parts written so far: manifest, reading order, images."""

    archive: zipfile.ZipFile
    rewrite_image: RewriteImage
    manifest: list[str] = field(default_factory=list)
    spine: list[str] = field(default_factory=list)
    contents: list[tuple[str, str]] = field(default_factory=list)
    pictures: dict[str, str | None] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    subjects: dict[str, None] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)


def write(
    stream: BinaryIO,
    items: Iterable[ExportItem],
    title: str,
    *,
    identifier: str,
    modified: str,
    rewrite_image: RewriteImage,
) -> None:
    """Write the book chapter by chapter, so that a large one needs little memory.

    `identifier` is a URN, `modified` `YYYY-MM-DDTHH:MM:SSZ`. Images of a type that books do not
    show go through `rewrite_image`; missing ones are replaced by their descriptions. Raises ExchangeError if
    there are no articles: a book is never empty. Source: EPUB 3.2,
    https://www.w3.org/publishing/epub32/.
    """
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
        archive.writestr("META-INF/container.xml", _CONTAINER)
        archive.writestr("book/style.css", _STYLE)
        book = _Book(archive, rewrite_image)
        for item in items:
            _add_chapter(book, item)
        if not book.spine:
            raise ExchangeError("no article to write: a book needs at least one")
        archive.writestr("book/contents.xhtml", _contents(book, title))
        archive.writestr("book/content.opf", _package(book, title, identifier, modified))


def _add_chapter(book: _Book, item: ExportItem) -> None:
    entry = item.record.entry
    number = len(book.spine) + 1
    name, title = f"chapter-{number}.xhtml", entry.title.strip() or "Untitled"
    body = to_xhtml(item.markdown, item.pictures(), lambda file: _place_image(book, item, file))
    target = link(entry.url or "")
    address = element("a", entry.url or "", {"href": target}) if target else ""
    head = f"{element('h1', title)}\n{element('p', byline_text(entry), {'class': 'about'})}\n<p>{address}</p>"
    language_code = language(entry.language)
    # `extract.input.epub` knows both frames, so that a book that is read again has the same text.
    notes = annotations_html(item.record)
    foot = f'<footer class="reader">{notes}</footer>\n' if notes else ""
    page = _page(title, f'<header class="reader">{head}</header>\n{body}{foot}', language_code)
    book.archive.writestr(f"book/{name}", page)
    book.manifest.append(f'<item id="c{number}" href="{name}" media-type="application/xhtml+xml"/>')
    book.spine.append(f'<itemref idref="c{number}"/>')
    book.contents.append((name, title))
    book.languages += [language_code] if language_code else []
    book.authors += [entry.byline] if entry.byline else []
    book.subjects |= dict.fromkeys(entry.tags)
    book.addresses += [target] if target else []
    book.dates += [entry.published] if entry.published else []
    book.sites += [entry.site] if entry.site else []


def _place_image(book: _Book, item: ExportItem, file: str) -> str | None:
    """Return the image's place in the book, written on first use; None if it cannot be."""
    if not file:
        return None
    if file not in book.pictures:
        book.pictures[file] = _add_image(book, file, item.picture(file))
    return book.pictures[file]


def _add_image(book: _Book, file: str, content: bytes | None) -> str | None:
    name = file.rpartition("/")[2]
    if content is not None and name.rpartition(".")[2] not in _TYPES:
        name, content = book.rewrite_image(content) or ("", None)
    kind = _TYPES.get(name.rpartition(".")[2])
    if content is None or kind is None:
        return None
    place = f"images/{name}"
    if place not in book.pictures.values():
        book.archive.writestr(zipfile.ZipInfo(f"book/{place}"), content)
        number = len(book.manifest) + 1
        book.manifest.append(
            f'<item id="i{number}" href="{html.escape(place)}" media-type="{kind}"/>'
        )
    return place


def _page(title: str, body: str, language_code: str = "") -> str:
    shown = language_code or "en"
    direction = ' dir="rtl"' if is_right_to_left(shown) else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        f' lang="{shown}" xml:lang="{shown}"{direction}>\n'
        f'<head>{element("title", title)}<link rel="stylesheet" type="text/css" href="style.css"/></head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _contents(book: _Book, title: str) -> str:
    rows = "\n".join(
        f"<li>{element('a', label, {'href': name})}</li>" for name, label in book.contents
    )
    return _page(
        title, f'<nav epub:type="toc" id="toc"><h1>Contents</h1>\n<ol>\n{rows}\n</ol></nav>'
    )


def _package(book: _Book, title: str, identifier: str, modified: str) -> str:
    # A book of many languages is of its commonest; a book of one article has one author.
    language_code = max(book.languages, key=book.languages.count) if book.languages else "und"
    direction = ' page-progression-direction="rtl"' if is_right_to_left(language_code) else ""
    manifest = "\n".join(book.manifest)
    more = []
    if len(book.spine) == 1:
        more += [element("dc:creator", name) for name in book.authors]
        more += [element("dc:source", address) for address in book.addresses]
        more += [element("dc:date", date) for date in book.dates]
        more += [element("dc:publisher", site) for site in book.sites]
    more += [element("dc:subject", tag) for tag in book.subjects]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">\n'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<dc:identifier id="id">{html.escape(identifier)}</dc:identifier>\n'
        f"<dc:title>{html.escape(clean(title))}</dc:title>\n<dc:language>{language_code}</dc:language>\n"
        f"{''.join(line + chr(10) for line in more)}"
        '<meta name="generator" content="reader"/>\n'
        f'<meta property="dcterms:modified">{html.escape(modified)}</meta>\n</metadata>\n'
        '<manifest>\n<item id="toc" href="contents.xhtml" media-type="application/xhtml+xml" properties="nav"/>\n'
        f'<item id="css" href="style.css" media-type="text/css"/>\n{manifest}\n</manifest>\n'
        f"<spine{direction}>\n{chr(10).join(book.spine)}\n</spine>\n</package>\n"
    )
