"""Containers: SingleFile, MHTML, web archives and mail give one page and its images."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Final
from urllib.parse import unquote, urljoin

from reader.extract.input import content_type, mime
from reader.extract.input.charset import decode
from reader.extract.input.content_type import InputKind
from reader.extract.input.epub import Book, is_book, read_book
from reader.extract.input.feeds import feed_page
from reader.extract.input.json_files import json_document
from reader.extract.input.pdf import PdfFile, is_pdf, read_pdf
from reader.extract.input.responses import read_response
from reader.extract.input.web_archives import WebArchive, read_web_archive
from reader.model.errors import NotAnArticleError, UsageError
from reader.model.text import one_line
from reader.model.urls import clean_url, is_web_url

MAX_BYTES: Final = 20 * 1024 * 1024
"""Bytes of input that are read; the rest is dropped, and `cut` is set."""

_LEADING_COMMENT: Final = r"\s*(?:<!doctype[^<>]*>\s*)?(?:<html[^<>]*>\s*)?<!--"
_SINGLE_FILE: Final = re.compile(
    _LEADING_COMMENT + r"\s*Page saved with SingleFile\s+url:\s*(\S{1,4000})", re.IGNORECASE
)
_SAVED_FROM: Final = re.compile(
    _LEADING_COMMENT + r"\s*saved from(?: url=\(\d{1,6}\))?\s*(https?://\S{1,4000})", re.IGNORECASE
)
_STATED: Final = re.compile(
    r"""<meta\s+name=["']savepage-url["']\s+content=["']([^"'<>]{8,4000})["']"""
    r"""|<html\b[^<>]{0,2000}?\sdata-scrapbook-source=["']([^"'<>]{8,4000})["']"""
    r"""|<a class="domain reader-domain" href="([^"<>]{8,4000})\"""",
    re.IGNORECASE,
)
"""The address that Save Page WE, WebScrapBook and Firefox's reader view write into a page."""
_STATED_SIGNS: Final = ("savepage-url", "data-scrapbook-source", "reader-domain")
_MIRRORED: Final = re.compile(r"<!-- Mirrored from ([^\s<>]{4,2000}) by HTTrack")
_HEAD: Final = 8_000
"""Characters at the start of a page that may hold the comment of HTTrack."""


@dataclass(frozen=True, slots=True)
class MailHeader:
    """Fields of a mail's header; empty if missing."""

    subject: str = ""
    sender: str = ""
    date: str = ""
    list_id: str = ""


@dataclass(frozen=True, slots=True)
class InputDocument:
    """The text of the input, and the facts that its container states.

    `url` is the address that a container, or a browser's "saved from" comment, names; `base` is the address that links are
    relative to. `images` are the container's images, by
    address or `cid:` name. `name` is that of a text's file. `archived` says that images were embedded when the page was saved.
    """

    kind: InputKind
    text: str = field(repr=False)
    url: str | None = None
    base: str | None = None
    images: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    mail: MailHeader | None = None
    frames: Mapping[str, str] = field(default_factory=dict, repr=False)
    archived: bool = False
    book: Book | None = None
    pdf: PdfFile | None = None
    cut: bool = False
    name: str = ""


def unwrap(page: bytes, name: str = "") -> InputDocument:
    """Return the page in the bytes. Raises NotAnArticleError for data without text. Linear.

    The suffix of the file name, if there is one, says what the text is.
    """
    cut = len(page) > MAX_BYTES
    page = page[:MAX_BYTES]
    charset = url = None
    if (response := read_response(page, MAX_BYTES)) is not None:
        page, charset = response.body, response.charset
        url = web_address(response.url or "")
        cut = cut or len(page) >= MAX_BYTES
    if is_book(page):
        return _unwrap_book(page, cut)
    if is_pdf(page):
        return _unwrap_pdf(page, cut)
    archive = read_web_archive(page)
    if archive is not None:
        return _unwrap_archive(archive, cut)
    if mime.is_mail(page):
        return _unwrap_mail(page, cut)
    content_type.reject_binary(page)
    text = decode(page, charset)
    if (feed := feed_page(text)) is not None:
        return InputDocument(InputKind.PAGE, feed, cut=cut)
    if (data := json_document(text)) is not None:
        return InputDocument(data[0], data[1], cut=cut)
    kind = content_type.detect_kind(text, name)
    if kind is not InputKind.PAGE:
        return InputDocument(kind, text, cut=cut, name=name)
    text = _drop_toolbar(text)
    commented, archived = _commented_url(text)
    url = url or commented
    return InputDocument(kind, text, url=url, base=url, archived=archived, cut=cut)


def _drop_toolbar(text: str) -> str:
    """Return a page without the bar of other dates that the Wayback Machine puts above it."""
    start, end = (text.find(f"{word} WAYBACK TOOLBAR INSERT") for word in ("BEGIN", "END"))
    if not 0 < start < end:
        return text
    start, end = text.rfind("<!--", 0, start), text.find("-->", end)
    return f"{text[:start]}{text[end + 3 :]}" if 0 <= start < end else text


def _unwrap_book(page: bytes, cut: bool) -> InputDocument:
    if cut:
        raise NotAnArticleError(f"the book is larger than {MAX_BYTES >> 20} MB")
    book = read_book(page)
    text = "\n".join(chapter.text for chapter in book.chapters)
    images = {f"/{place}": content for place, content in book.files.items()}
    url = web_address(book.source)
    return InputDocument(
        InputKind.BOOK,
        text,
        url=url,
        base=url,
        images=images,
        archived=True,
        book=book,
        cut=book.cut,
    )


def _unwrap_pdf(page: bytes, cut: bool) -> InputDocument:
    if cut:
        raise NotAnArticleError(f"the PDF is larger than {MAX_BYTES >> 20} MB")
    file = read_pdf(page)
    return InputDocument(
        InputKind.MARKDOWN, file.markdown, images=file.images, archived=True, pdf=file, cut=file.cut
    )


def _commented_url(text: str) -> tuple[str | None, bool]:
    """Return the address in the comment of a saved page, and whether SingleFile wrote it."""
    single = _SINGLE_FILE.match(text)
    saved = single or _SAVED_FROM.match(text)
    if saved is None and (mirrored := _MIRRORED.search(text[:_HEAD])):
        return web_address(f"http://{mirrored[1]}"), False
    is_stated = saved is None and any(map(text.__contains__, _STATED_SIGNS))
    if is_stated and (stated := _STATED.search(text)) is not None:
        return web_address(unescape(next(filter(None, stated.groups())))), True
    return (web_address(saved[1]) if saved else None), single is not None


def _unwrap_archive(archive: WebArchive, cut: bool) -> InputDocument:
    url = web_address(archive.url) or _commented_url(archive.text)[0]
    return InputDocument(
        InputKind.PAGE,
        archive.text,
        url=url,
        base=url,
        images=archive.images,
        frames=archive.frames,
        archived=True,
        cut=cut,
    )


def web_address(text: str) -> str | None:
    """Return a cleaned http or https address, None for any other text."""
    try:
        return clean_url(text) if is_web_url(text) else None
    except UsageError:
        return None


def _unwrap_mail(page: bytes, cut: bool) -> InputDocument:
    fields, parts = mime.split_parts(page)
    shown = [part for part in parts if not part.is_attachment]
    chosen = _choose_part(fields, shown)
    if chosen is None:
        raise NotAnArticleError("this mail holds no text")
    content_type.reject_binary(chosen.content)
    archived = any(part.location for part in parts)
    url = _container_url(fields, chosen)
    base = url or web_address(chosen.location)
    text = chosen.text
    url = url or _commented_url(text)[0]
    base = base or url
    kind = InputKind.PAGE
    if chosen.type == "text/plain":
        text = _join_flowed(chosen, text)
        kind = InputKind.TEXT
    letter = None
    if not archived:
        value = {
            name: one_line(mime.decode_words(fields.get(field, "")))
            for name, field in (("subject", "subject"), ("sender", "from"), ("list_id", "list-id"))
        }
        letter = MailHeader(date=one_line(fields.get("date", ""), 80), **value)
    return InputDocument(
        kind,
        text,
        url=url,
        base=base,
        images=_images(parts, base),
        mail=letter,
        frames=_frames(parts, chosen) if archived else {},
        archived=archived,
        cut=cut or len(parts) == mime.MAX_PARTS,
    )


def _choose_part(fields: Mapping[str, str], parts: list[mime.MimePart]) -> mime.MimePart | None:
    """Return the part to read: the named root, else the first HTML, else the first text."""
    start = (mime.header_parameter(fields.get("content-type", ""), "start") or "").strip("<>")
    pages = [part for part in parts if part.type in ("text/html", "application/xhtml+xml")]
    named = [part for part in pages if start and part.content_id == start]
    texts = [part for part in parts if part.type.startswith("text/plain")]
    whole = [part for part in (*named, *pages, *texts) if part.content.strip()]
    return whole[0] if whole else None


def _container_url(fields: Mapping[str, str], chosen: mime.MimePart | None) -> str | None:
    value = "".join(fields.get("snapshot-content-location", "").split())
    if not value and "multipart/related" in fields.get("content-type", "").casefold() and chosen:
        value = chosen.location
    return web_address(value)


def _images(parts: list[mime.MimePart], base: str | None) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for part in parts:
        if not part.type.startswith(("image/", "application/octet-stream")):
            continue
        if part.content_id:
            found.setdefault(f"cid:{part.content_id}", part.content)
        if part.location:
            found.setdefault(part.location, part.content)
            found.setdefault(unquote(part.location), part.content)
            if base:
                found.setdefault(_join_url(base, part.location), part.content)
    return found


def _frames(parts: list[mime.MimePart], chosen: mime.MimePart) -> dict[str, str]:
    """Return the pages of frames by the addresses in the `src` of each frame."""
    found: dict[str, str] = {}
    for part in parts:
        if part is not chosen and part.type in ("text/html", "application/xhtml+xml"):
            if part.content_id:
                found.setdefault(f"cid:{part.content_id}", part.text)
            if part.location:
                found.setdefault(part.location, part.text)
    return found


def _join_url(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _join_flowed(part: mime.MimePart, text: str) -> str:
    """Join the lines of a mail that were broken for transport (RFC 3676)."""
    kind = part.headers.get("content-type", "")
    if (mime.header_parameter(kind, "format") or "").casefold() != "flowed":
        return text
    kept = (mime.header_parameter(kind, "delsp") or "").casefold() != "yes"
    text = text.replace("\r\n", "\n")
    # The mark of a signature ends with a space without being flowed.
    return re.sub(r"(?<!\n--) (?=\n(?!\n|>))\n ?", " " if kept else "", text)
