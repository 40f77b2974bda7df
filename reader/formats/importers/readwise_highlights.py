"""Readwise's CSV of highlights, as it exports and as it imports."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from reader.formats.csv_reader import rows
from reader.formats.import_file import ImportFile
from reader.formats.import_row import (
    ImportRow,
    Row,
    make_highlight,
    parse_tags,
    parse_text,
    parse_time,
    parse_url,
    unique_highlights,
)
from reader.model.highlight import Highlight
from reader.model.labels import HighlightLabel, parse_color

_TAG: Final = re.compile(r"\s*\.(?!(?:[hH]\d|[cC]\d+)(?!\S))([^\W\d_][\w-]{0,59})(?!\S)")
"""A tag at the beginning of a note; `.h1` and `.c1` mean something else."""


def matches(file: ImportFile) -> bool:
    """Return whether the columns are those of highlights with their book or page."""
    columns = file.columns
    return "highlight" in columns and not columns.isdisjoint(("book title", "title"))


def _split_tags(note: str) -> tuple[HighlightLabel, str]:
    """Return the colour and the word in the tags before a note, and the rest of the note."""
    color = word = ""
    while found := _TAG.match(note):
        if not color and parse_color(found[1]):
            color = parse_color(found[1])
        elif not word:
            word = found[1]
        else:
            break
        note = note[found.end() :]
    return HighlightLabel(color, word), note.strip()


def read(file: ImportFile) -> Iterator[Row]:
    """Yield one row per book or page, with its highlights in the order of the file."""
    books: dict[tuple[str, str], tuple[Mapping[str, str], list[Highlight | None]]] = {}
    for _, cells in rows(file.content):
        title = (cells.get("book title") or cells.get("title") or "").strip()
        book = books.setdefault((title, (cells.get("url") or "").strip()), (cells, []))
        at = parse_time(cells.get("highlighted at") or cells.get("date"))
        label, note = _split_tags(cells.get("note") or "")
        book[1].append(
            make_highlight(
                cells["highlight"],
                note=note,
                at=at,
                color=cells.get("color") or label.color,
                label=(cells.get("tags") or "").partition(",")[0] or label.word,
            )
        )
    for number, ((title, url), (cells, marks)) in enumerate(books.items(), 1):
        highlights = unique_highlights(marks)
        address = parse_url(url)
        yield ImportRow(
            row=number,
            url=address,
            title=title,
            tags=parse_tags((cells.get("document tags") or "").split(",")),
            added=min((mark.at for mark in highlights if mark.at), default=None),
            byline=parse_text(cells.get("book author") or cells.get("author")),
            highlights=highlights,
            # A book has no page to fetch: its quotes are all there is to read.
            markdown=None if address else "\n\n".join(f"> {mark.quote}" for mark in highlights),
        )
