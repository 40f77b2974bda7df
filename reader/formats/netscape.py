"""The bookmark file of browsers, in and out; extras of linkding and Pinboard are read."""

import html
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from reader.formats.csv_reader import decode
from reader.formats.html_tags import EndTag, StartTag, tokenize
from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    Row,
    parse_tags,
    parse_time,
    parse_url,
    reject_url,
)
from reader.model.entry import Record

_ARCHIVED = "linkding:bookmarks.archived"
_MAX_DEPTH = 12
"""Levels of folders that become tags."""
_ROOTS = {"personal_toolbar_folder", "unfiled_bookmarks_folder"}
_STRUCTURE = {
    "html",
    "head",
    "meta",
    "title",
    "body",
    "h1",
    "dl",
    "dt",
    "dd",
    "h3",
    "a",
    "p",
    "hr",
    "br",
}
"""Tags of the format; any other one in a title or note is text that was written without escaping."""


def matches(file: ImportFile) -> bool:
    """Return whether the page is a bookmark file."""
    return "netscape-bookmark-file" in file.head[:200].casefold()


def read(file: ImportFile) -> Iterator[Row]:
    """Yield every bookmark; its folders become one nested tag."""
    parser = _Parser()
    for token in tokenize(decode(file.content)):
        parser.feed(token)
        yield from parser.take_rows()
    parser.finish()
    yield from parser.take_rows()


class _Parser:
    """Parser of `<DL>`, `<DT>` and `<DD>`, which are never closed."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._count = 0
        self._folders: list[str] = []
        self._attributes: Mapping[str, str] | None = None
        self._texts: dict[str, list[str]] = {"folder": [], "title": [], "description": []}
        self._target = ""

    def take_rows(self) -> list[Row]:
        """Return the rows since the last call."""
        rows, self._rows = self._rows, []
        return rows

    def feed(self, token: StartTag | EndTag | str) -> None:
        """Parse one token of the page."""
        if isinstance(token, str):
            if self._target:
                self._texts[self._target].append(token)
        elif isinstance(token, StartTag):
            self._open(token)
        elif token.name == "dl":
            self.finish()
            if self._folders:
                self._folders.pop()
        elif token.name in ("h3", "a"):
            self._target = ""
        else:
            self._add_tag(f"</{token.name}>", token.name)

    def _open(self, tag: StartTag) -> None:
        if tag.name in ("dt", "dl", "h3", "a"):
            self.finish()
        if tag.name == "dl":
            self._folders.append(self._take_text("folder"))
        elif tag.name == "h3":
            self._take_text("folder")
            # The names of the toolbar and of unfiled bookmarks are not given by the user.
            self._target = "" if tag.attributes.keys() & _ROOTS else "folder"
        elif tag.name == "a":
            self._attributes = tag.attributes
            self._take_text("title")
            self._take_text("description")
            self._target = "title"
        elif tag.name == "dd":
            self._target = "description"
        else:
            self._add_tag(f"<{tag.name}>", tag.name)

    def _add_tag(self, tag: str, name: str) -> None:
        """Add a tag to the current text, because linkding and buku do not escape theirs."""
        if self._target and name not in _STRUCTURE:
            self._texts[self._target].append(tag)

    def _take_text(self, target: str) -> str:
        text, self._texts[target] = "".join(self._texts[target]).strip(), []
        return text

    def finish(self) -> None:
        """Add the current bookmark, if any."""
        attributes, self._attributes, self._target = self._attributes, None, ""
        if attributes is None:
            return
        self._count += 1
        number, url = self._count, parse_url(attributes.get("href"))
        if url is None:
            self._rows.append(reject_url(number, attributes.get("href")))
            return
        tags = [tag.strip() for tag in attributes.get("tags", "").split(",")]
        description, note = _notes(self._take_text("description"))
        title = self._take_text("title")
        self._rows.append(
            ImportRow(
                row=number,
                url=url,
                title="" if title == url else title,
                tags=parse_tags([tag for tag in tags if tag != _ARCHIVED] + [self._path()]),
                added=parse_time(attributes.get("add_date")),
                archived=_ARCHIVED in tags,
                finished=attributes.get("toread") == "0",
                description=description or None,
                note=note,
            )
        )

    def _path(self) -> str:
        return "/".join(name.replace("/", " ") for name in self._folders[:_MAX_DEPTH] if name)


def _notes(text: str) -> tuple[str, str]:
    """Split a description from linkding's notes in it."""
    before, opening, rest = text.partition("[linkding-notes]")
    inside, closing, after = rest.partition("[/linkding-notes]")
    return ((before + after).strip(), inside.strip()) if opening and closing else (text, "")


def write(records: Iterable[Record]) -> Iterator[str]:
    """Yield the lines of a bookmark file with every record that has an address."""
    yield "<!DOCTYPE NETSCAPE-Bookmark-file-1>"
    yield '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">'
    yield "<TITLE>Bookmarks</TITLE>"
    yield "<H1>Bookmarks</H1>"
    yield "<DL><p>"
    for record in records:
        entry = record.entry
        if entry.url is None:
            continue
        seconds = _seconds(entry.added)
        tags = ",".join([*entry.tags, *([_ARCHIVED] if entry.archived else [])])
        yield (
            f'<DT><A HREF="{html.escape(entry.url)}" ADD_DATE="{seconds}" PRIVATE="1"'
            f' TOREAD="{int(not entry.finished)}" TAGS="{html.escape(tags)}">{html.escape(entry.title)}</A>'
        )
        description = record.description or ""
        note = f"[linkding-notes]{record.note}[/linkding-notes]" if record.note else ""
        if description or note:
            yield f"<DD>{html.escape(description)}{html.escape(note)}"
    yield "</DL><p>"


def _seconds(added: str) -> int:
    return int(datetime.fromisoformat(added).timestamp())
