"""Books: an EPUB gives one page with its chapters, notes and images, and the facts of its package.

Sources: EPUB 3.3 (OCF container, package document, navigation document) and EPUB 2 (NCX).
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from reader.extract.input import html_parser
from reader.extract.input.charset import decode
from reader.extract.input.web_archives import MAX_TOTAL, open_zip, read_member
from reader.model.errors import NotAnArticleError
from reader.model.text import one_line

MAX_CHAPTERS: Final = 2_000
"""Documents of a book that are read; a thick book has some hundred."""
MAX_MEMBERS: Final = 20_000
"""Files of a book: a package of 4 MB names as many."""
MAX_PACKAGE: Final = 4_000_000
"""Bytes of a package or navigation document: one of 10,000 files has 2 MB."""
MAX_TEXT: Final = 12_000_000
"""Characters of all chapters: about 30 novels. Chapters beyond are left out."""
_MIME_TYPE: Final = b"mimetypeapplication/epub+zip"
_CONTAINER: Final = b"META-INF/container.xml"
_PAGE_TYPES: Final = frozenset(("application/xhtml+xml", "text/html", "application/x-dtbook+xml"))
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_ROLES: Final = {
    "noteref": "doc-noteref", "footnote": "doc-footnote", "endnote": "doc-endnote",
    "rearnote": "doc-endnote",
}  # fmt: skip
"""Roles of pages for the types of EPUB that notes have."""
_CALLOUT: Final = re.compile(r"\s*\[!(\w[\w-]{0,29})\]([+-]?)[ \t]*([^\n]*)(?:\n|\Z)")
_BOXES: Final = ("☐", "☑")
_XLINK: Final = "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True, slots=True)
class Book:
    """The chapters of a book in reading order, and its metadata; texts are as in the file.

    `files` are images by their path in the book. `is_ours` says that `reader export` wrote it.
    """

    chapters: tuple["Chapter", ...]
    title: str = ""
    creators: tuple[str, ...] = ()
    publisher: str = ""
    language: str = ""
    date: str = ""
    description: str = ""
    subjects: tuple[str, ...] = ()
    source: str = ""
    cover: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    cut: bool = False
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """A file of the reading order: its path, its page, and its title in the navigation."""

    path: str
    text: str = field(repr=False)
    title: str = ""


def is_book(page: bytes) -> bool:
    """Return whether the bytes are an EPUB.

    Its first file should be its media type (OCF 4.3), but some programs only pack the files.
    """
    return page.startswith(b"PK\x03\x04") and (_MIME_TYPE in page[:120] or _CONTAINER in page)


def read_book(page: bytes) -> Book:
    """Read the book. Bounded. Raises NotAnArticleError for damaged and protected books."""
    archive = open_zip(page)
    if archive is None:
        raise NotAnArticleError("the book is damaged")
    members = {member.filename: member for member in archive.infolist()}
    if len(members) > MAX_MEMBERS:
        raise NotAnArticleError(f"the book has more than {MAX_MEMBERS} files")
    if "META-INF/encryption.xml" in members and "META-INF/rights.xml" in members:
        raise NotAnArticleError("the book is protected against copying")
    return _BookReader(archive, members).read()


class _BookReader:
    """One pass over the files that the package names."""

    def __init__(self, archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo]):
        self._archive = archive
        self._members = members
        self._room = MAX_TOTAL
        self._cut = False

    def read(self) -> Book:
        path = self._package_path()
        package = self._xml(path)
        if package is None:
            raise NotAnArticleError("the book has no package document")
        folder = posixpath.dirname(path)
        items: dict[str, tuple[str, str, str]] = {}
        for item in _named(package, "item"):
            place = _join(folder, item.get("href", ""))
            if item.get("id") and place:
                kind, properties = item.get("media-type", ""), item.get("properties", "")
                items.setdefault(item.get("id", ""), (place, kind.casefold(), properties))
        nav = next(
            (place for place, _, properties in items.values() if "nav" in properties.split()), ""
        )
        titles = self._titles(nav, items)
        chapters = tuple(self._chapters(package, items, nav, titles))
        if not chapters:
            raise NotAnArticleError("the book has no chapter to read")
        files = {
            place: data
            for place, kind, _ in items.values()
            if kind.startswith("image/") and (data := self._file(place)) is not None
        }
        meta = {
            str(each.get("name", "")).casefold(): str(each.get("content", ""))
            for each in _named(package, "meta")
            if each.get("name")
        }
        cover = next(
            (
                place
                for place, _, properties in items.values()
                if "cover-image" in properties.split()
            ),
            items.get(meta.get("cover", ""), ("",))[0],
        )
        return Book(
            chapters,
            title=_first(package, "title"),
            creators=tuple(_texts(package, "creator")),
            publisher=_first(package, "publisher"),
            language=_first(package, "language"),
            date=_first(package, "date"),
            description=_first(package, "description"),
            subjects=tuple(_texts(package, "subject")),
            source=_first(package, "source"),
            cover=cover,
            files=files,
            cut=self._cut,
            is_ours=meta.get("generator") == "reader",
        )

    def _package_path(self) -> str:
        container = self._xml(_CONTAINER.decode())
        if container is not None:
            for each in _named(container, "rootfile"):
                path = _join("", each.get("full-path", ""))
                if path:
                    return path
        return next((name for name in self._members if name.endswith(".opf")), "")

    def _chapters(
        self,
        package: etree._Element,
        items: Mapping[str, tuple[str, str, str]],
        nav: str,
        titles: Mapping[str, str],
    ) -> Iterator[Chapter]:
        seen: set[str] = {nav}
        size = 0
        for reference in _named(package, "itemref"):
            place, kind, _ = items.get(reference.get("idref", ""), ("", "", ""))
            if not place or place in seen or kind not in _PAGE_TYPES:
                continue
            seen.add(place)
            data = self._file(place)
            if data is None:
                self._cut = True
                continue
            text = decode(data)
            if size + len(text) > MAX_TEXT or len(seen) > MAX_CHAPTERS:
                self._cut = True
                continue
            size += len(text)
            yield Chapter(place, text, titles.get(place, ""))

    def _titles(self, nav: str, items: Mapping[str, tuple[str, str, str]]) -> dict[str, str]:
        """Return the title of each chapter in the navigation document, or in the NCX."""
        found: dict[str, str] = {}
        if nav and (data := self._file(nav, MAX_PACKAGE)) is not None:
            root = html_parser.parse(decode(data)).root
            for link in root.iter("a"):
                _name(found, posixpath.dirname(nav), link.get("href", ""), link.text_content())
        ncx = next((place for place, kind, _ in items.values() if "dtbncx" in kind), "")
        if not found and ncx and (tree := self._xml(ncx)) is not None:
            for point in _named(tree, "navPoint"):
                label = next(_named(point, "text"), None)
                content = next(_named(point, "content"), None)
                if label is not None and content is not None:
                    text = _text(label)
                    _name(found, posixpath.dirname(ncx), content.get("src", ""), text)
        return found

    def _file(self, path: str, limit: int = MAX_TOTAL) -> bytes | None:
        """Return a file's bytes; None if it is missing, damaged, or too large."""
        member = self._members.get(path)
        data = read_member(self._archive, member, min(self._room, limit)) if member else None
        if data is not None:
            self._room -= len(data)
        return data

    def _xml(self, path: str) -> etree._Element | None:
        data = self._file(path, MAX_PACKAGE)
        if not data:
            return None
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
        )
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            return None


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the elements of a local name in any namespace."""
    for element in root.iter():
        if isinstance(element.tag, str) and etree.QName(element.tag).localname == name:
            yield element


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _texts(package: etree._Element, name: str) -> list[str]:
    found = (one_line(_text(each), 1_000) for each in _named(package, name))
    return list(dict.fromkeys(text for text in found if text))


def _first(package: etree._Element, name: str) -> str:
    return next(iter(_texts(package, name)), "")


def _name(found: dict[str, str], folder: str, target: str, text: str) -> None:
    path = _join(folder, target)
    title = one_line(text, 200)
    if path and title:
        found.setdefault(path, title)


def _join(folder: str, target: str) -> str:
    """Return the path of a reference inside the book; empty for any other address."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    path = posixpath.normpath(posixpath.join("/", folder, unquote(parts.path)))
    return path.lstrip("/")


def join_chapters(book: Book) -> tuple[html_parser.Page, bool]:
    """Return all chapters as one page; the second value says that something was left out.

    Ids get the number of their chapter, so that links between chapters and to notes lead there.
    Images are named by their path in the book. Chapters without a heading get the title of the
    navigation. Headings stand below the book's title.
    """
    whole = html_parser.parse("<html><body></body></html>")
    body = whole.root.find("body")
    numbers = {chapter.path: number for number, chapter in enumerate(book.chapters)}
    cut = book.cut
    roots: list[HtmlElement] = []
    for chapter in book.chapters:
        try:
            parsed = html_parser.parse(chapter.text)
        except NotAnArticleError:
            continue
        cut = cut or parsed.cut
        found = parsed.root.find("body")
        root = parsed.root if found is None else found
        _rewrite(root, chapter.path, numbers)
        root.tag = "section"
        root.attrib.clear()
        root.set("id", f"c{numbers[chapter.path]}")
        if (
            chapter.title
            and next(root.iter(*_HEADINGS), None) is None
            and root.text_content().strip()
        ):
            heading = html_parser.parse("<h2></h2>").root.find(".//h2")
            heading.text = chapter.title
            root.insert(0, heading)
            heading.tail, root.text = root.text, None
        if book.is_ours:
            _restore_markup(root)
        roots.append(root)
    if any(next(root.iter("h1"), None) is not None for root in roots) and not (
        book.is_ours and len(roots) == 1
    ):
        _lower_headings(roots)
    for root in roots:
        body.append(root)
    return whole, cut


def _rewrite(root: HtmlElement, path: str, numbers: Mapping[str, int]) -> None:
    """Make ids unique in the book, and let links and images lead to what they name."""
    folder, own = posixpath.dirname(path), numbers[path]
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.get("id"):
            element.set("id", f"c{own}-{element.get('id')}")
        if (role := _ROLES.get((element.get("epub:type") or "").strip())) is not None:
            element.set("role", role)
        if element.tag == "a" and element.get("href"):
            element.set("href", _inner_link(element.get("href", ""), folder, own, numbers))
        elif element.tag == "img":
            if place := _join(folder, element.get("src", "")):
                element.set("src", f"/{place}")
        elif element.tag == "image":
            # A cover is mostly an SVG around one image.
            place = _join(
                folder,
                element.get("href") or element.get(_XLINK) or element.get("xlink:href") or "",
            )
            if place:
                element.attrib.clear()
                element.tag = "img"
                element.set("src", f"/{place}")
                element.set("alt", "")
    for drawing in list(root.iter("svg")):
        image = drawing.find(".//img")
        if image is not None:
            drawing.addprevious(image)
            drawing.drop_tree()


def _inner_link(href: str, folder: str, own: int, numbers: Mapping[str, int]) -> str:
    if href.startswith("#"):
        return f"#c{own}-{href[1:]}"
    number = numbers.get(_join(folder, href))
    if number is None:
        return href
    fragment = href.partition("#")[2]
    return f"#c{number}-{fragment}" if fragment else f"#c{number}"


def _restore_markup(root: HtmlElement) -> None:
    """Give formulas, callouts and tasks of `reader export` the markup that pages have for them."""
    for code in list(root.iter("code")):
        classes = (code.get("class") or "").split()
        if "math" in classes:
            mode = "; mode=display" if "display" in classes else ""
            code.tag = "script"
            code.set("type", f"math/tex{mode}")
    for quote in root.iter("blockquote"):
        first = quote[0] if len(quote) and quote[0].tag == "p" else None
        callout = _CALLOUT.match(first.text or "") if first is not None else None
        if first is None or callout is None:
            continue
        quote.tag = "div"
        quote.set("class", "callout")
        quote.set("data-callout", callout[1].lower())
        if callout[2]:
            quote.set("data-callout-fold", callout[2])
        title = html_parser.parse("<span class=callout-title></span>").root.find(".//span")
        title.text, title.tail = callout[3].strip(), (first.text or "")[callout.end() :]
        first.text = None
        first.insert(0, title)
    for item in root.iter("li"):
        holder = (
            item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item
        )
        text = (holder.text or "").lstrip()
        if text.startswith(_BOXES):
            box = html_parser.parse("<input type=checkbox>").root.find(".//input")
            if text[0] == _BOXES[1]:
                box.set("checked", "")
            box.tail, holder.text = text[1:], None
            holder.insert(0, box)


def _lower_headings(roots: list[HtmlElement]) -> None:
    """Move all headings down one level, below the book's title."""
    for root in roots:
        for element in root.iter(*_HEADINGS):
            element.tag = f"h{min(int(element.tag[1]) + 1, 6)}"


def add_cover(root: HtmlElement, book: Book) -> None:
    """Put the cover first, unless a chapter shows it."""
    if not book.cover or book.cover not in book.files:
        return
    address = f"/{book.cover}"
    if any(image.get("src") == address for image in root.iter("img")):
        return
    holder = html_parser.parse("<p><img alt=''></p>").root.find(".//p")
    holder[0].set("src", address)
    root.find("body").insert(0, holder)


def drop_frame(root: HtmlElement, book: Book) -> None:
    """Drop the lines that `reader export` writes around an article: they are its metadata."""
    if book.is_ours and len(book.chapters) == 1:
        for element in list(root.iter("header", "footer")):
            if element.get("class") == "reader":
                element.drop_tree()
