"""Articles as one EPUB 3 book: a chapter each, a table of contents, pictures inside."""

import html
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field

from reader.exchange.portion import Portion
from reader.exchange.rendering import element, joined, xhtml
from reader.model.text import clean

_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
}
_STYLE = "body{line-height:1.5}img{max-width:100%}.about{color:#666}pre{white-space:pre-wrap}"
_CONTAINER = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book/content.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>\n"
)


@dataclass(slots=True)
class _Book:
    """What was written so far: the manifest, the order of reading, and the pictures inside."""

    archive: zipfile.ZipFile
    manifest: list[str] = field(default_factory=list)
    spine: list[str] = field(default_factory=list)
    contents: list[tuple[str, str]] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)


def write(portions: Iterable[Portion], title: str, *, identifier: str, modified: str) -> bytes:
    """The book's bytes. `identifier` is a URN, `modified` `YYYY-MM-DDTHH:MM:SSZ`.

    Pictures that are not kept, or of a type that EPUB has not, are left as their words.
    Source: EPUB 3.3, https://www.w3.org/TR/epub-33/.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
        archive.writestr("META-INF/container.xml", _CONTAINER)
        archive.writestr("book/style.css", _STYLE)
        book = _Book(archive)
        languages = [language for portion in portions if (language := _chapter(book, portion))]
        archive.writestr("book/contents.xhtml", _contents(book, title))
        archive.writestr("book/content.opf", _package(book, title, identifier, modified, languages))
    return stream.getvalue()


def _chapter(book: _Book, portion: Portion) -> str | None:
    entry = portion.record.entry
    number = len(book.spine) + 1
    name = f"chapter-{number}.xhtml"
    body = xhtml(portion.markdown, lambda destination: _picture(book, portion, destination))
    about = joined([entry.byline, entry.site, (entry.published or "")[:10]])
    address = element("a", entry.url, {"href": entry.url}) if entry.url else ""
    book.archive.writestr(
        f"book/{name}",
        _page(
            entry.title,
            f"{element('h1', entry.title)}\n{element('p', about, {'class': 'about'})}\n<p>{address}</p>\n{body}",
            entry.language,
        ),
    )
    book.manifest.append(f'<item id="c{number}" href="{name}" media-type="application/xhtml+xml"/>')
    book.spine.append(f'<itemref idref="c{number}"/>')
    book.contents.append((name, entry.title))
    return entry.language


def _picture(book: _Book, portion: Portion, destination: str) -> str | None:
    name = portion.pictures().get(destination, "").rpartition("/")[2]
    kind = _TYPES.get(name.rpartition(".")[2])
    if not name or kind is None:
        return None
    if name not in book.pictures:
        content = portion.picture(portion.pictures()[destination])
        if content is None:
            return None
        book.pictures[name] = f"images/{name}"
        book.archive.writestr(zipfile.ZipInfo(f"book/images/{name}"), content)
        number = len(book.pictures)
        book.manifest.append(
            f'<item id="i{number}" href="images/{html.escape(name)}" media-type="{kind}"/>'
        )
    return book.pictures[name]


def _page(title: str, body: str, language: str | None = None) -> str:
    said = html.escape(clean(language or "en"))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        f' lang="{said}" xml:lang="{said}">\n'
        f'<head>{element("title", title)}<link rel="stylesheet" type="text/css" href="style.css"/></head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _contents(book: _Book, title: str) -> str:
    rows = "\n".join(
        f"<li>{element('a', said, {'href': name})}</li>" for name, said in book.contents
    )
    return _page(
        title, f'<nav epub:type="toc" id="toc"><h1>Contents</h1>\n<ol>\n{rows}\n</ol></nav>'
    )


def _package(book: _Book, title: str, identifier: str, modified: str, languages: list[str]) -> str:
    language = html.escape(clean(languages[0])) if languages else "en"
    manifest = "\n".join(book.manifest)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">\n'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<dc:identifier id="id">{html.escape(identifier)}</dc:identifier>\n'
        f"<dc:title>{html.escape(clean(title))}</dc:title>\n<dc:language>{language}</dc:language>\n"
        f'<meta property="dcterms:modified">{html.escape(modified)}</meta>\n</metadata>\n'
        '<manifest>\n<item id="toc" href="contents.xhtml" media-type="application/xhtml+xml" properties="nav"/>\n'
        f'<item id="css" href="style.css" media-type="text/css"/>\n{manifest}\n</manifest>\n'
        f"<spine>\n{chr(10).join(book.spine)}\n</spine>\n</package>\n"
    )
