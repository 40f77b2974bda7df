"""The bookmark file of browsers, in and out; extras of linkding and Pinboard are read."""

import html
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from html.parser import HTMLParser

from reader.formats.csv_reader import decode
from reader.formats.import_file import ImportFile
from reader.formats.import_row import ImportRow, RejectedRow, Row, parse_tags, parse_time, parse_url
from reader.model.entry import Record

_ARCHIVED = "linkding:bookmarks.archived"
_MAX_DEPTH = 12
_ROOTS = {"personal_toolbar_folder", "unfiled_bookmarks_folder"}


def matches(upload: ImportFile) -> bool:
    """Return whether the page is a bookmark file."""
    return "netscape-bookmark-file" in upload.head[:200].casefold()


def read(upload: ImportFile) -> Iterator[Row]:
    """Yield every bookmark; its folders become one nested tag."""
    parser = _Parser()
    parser.feed(decode(upload.content))
    parser.close()
    parser.finish()
    yield from parser.rows


class _Parser(HTMLParser):
    """Parser of `<DL>`, `<DT>` and `<DD>`, which are never closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self._folders: list[str] = []
        self._named = ""
        self._attributes: dict[str, str] | None = None
        self._title = ""
        self._said = ""
        self._into = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("dt", "dl", "h3"):
            self.finish()
        if tag == "dl":
            self._folders.append(self._named)
            self._named = ""
        elif tag == "h3":
            self._named = ""
            # The names of the toolbar and of unfiled bookmarks are not given by the user.
            own = not {name for name, _ in attrs} & _ROOTS
            self._into = "folder" if own else ""
        elif tag == "a":
            self.finish()
            self._attributes = {name: value or "" for name, value in attrs}
            self._title = self._said = ""
            self._into = "title"
        elif tag == "dd":
            self._into = "said"

    def handle_endtag(self, tag: str) -> None:
        if tag == "dl":
            self.finish()
            if self._folders:
                self._folders.pop()
        if tag in ("h3", "a"):
            self._into = ""

    def handle_data(self, data: str) -> None:
        if self._into == "folder":
            self._named += data.strip()
        elif self._into == "title":
            self._title += data
        elif self._into == "said":
            self._said += data

    def finish(self) -> None:
        """Add the current bookmark, if any."""
        attributes, self._attributes, self._into = self._attributes, None, ""
        if attributes is None:
            return
        number, url = len(self.rows) + 1, parse_url(attributes.get("href"))
        if url is None:
            self.rows.append(RejectedRow(number, f"no web address: {attributes.get('href')!r}"))
            return
        tags = [tag.strip() for tag in attributes.get("tags", "").split(",")]
        said, note = _notes(self._said.strip())
        title = self._title.strip()
        self.rows.append(
            ImportRow(
                row=number,
                url=url,
                title="" if title == url else title,
                tags=parse_tags([tag for tag in tags if tag != _ARCHIVED] + [self._path()]),
                added=parse_time(attributes.get("add_date")),
                archived=_ARCHIVED in tags,
                finished=attributes.get("toread") == "0",
                description=said or None,
                note=note,
            )
        )

    def _path(self) -> str:
        return "/".join(name.replace("/", " ") for name in self._folders[:_MAX_DEPTH] if name)


def _notes(said: str) -> tuple[str, str]:
    found = re.search(r"\[linkding-notes\](.*?)\[/linkding-notes\]", said, re.DOTALL)
    if not found:
        return said, ""
    return (said[: found.start()] + said[found.end() :]).strip(), found[1].strip()


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
        said = record.description or ""
        note = f"[linkding-notes]{record.note}[/linkding-notes]" if record.note else ""
        if said or note:
            yield f"<DD>{html.escape(said)}{html.escape(note)}"
    yield "</DL><p>"


def _seconds(added: str) -> int:
    return int(datetime.fromisoformat(added).timestamp())
