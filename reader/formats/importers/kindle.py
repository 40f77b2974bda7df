"""Kindle's `My Clippings.txt`: highlights and notes of books."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from reader.formats.csv_reader import text_lines
from reader.formats.import_file import ImportFile
from reader.formats.import_row import ImportRow, Row, make_highlight, parse_time, unique_highlights
from reader.model.highlight import Highlight

_END: Final = re.compile(r"={8,}+")
_NOTE: Final = ("note", "notiz", "nota", "заметка", "メモ", "笔记")
"""Words of the second line for a note, in the languages of Kindle."""
_DATES: Final = ("%A, %B %d, %Y %I:%M:%S %p", "%A, %d %B %Y %H:%M:%S", "%A, %B %d, %Y, %I:%M %p")


def matches(file: ImportFile) -> bool:
    """Return whether the second line of the file begins like a clipping's."""
    lines = file.head.splitlines()[:2]
    return len(lines) == 2 and lines[1].lstrip().startswith("- ") and "|" in lines[1]


@dataclass(slots=True)
class _Book:
    highlights: list[Highlight | None] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(file: ImportFile) -> Iterator[Row]:
    """Yield one row per book; a note right after a highlight belongs to it."""
    books: dict[str, _Book] = {}
    clipping: list[str] = []
    for line in text_lines(file.content):
        if _END.match(line.strip()):
            _add(books, clipping)
            clipping = []
        else:
            clipping.append(line.strip("\ufeff \t\r\n"))
    for number, (title, book) in enumerate(books.items(), 1):
        highlights = unique_highlights(book.highlights)
        name, _, author = title.rpartition(" (")
        yield ImportRow(
            row=number,
            url=None,
            title=name if author.endswith(")") and name else title,
            byline=author[:-1] or None if name and author.endswith(")") else None,
            added=min((mark.at for mark in highlights if mark.at), default=None),
            highlights=highlights,
            note="\n\n".join(book.notes),
            markdown="\n\n".join(f"> {mark.quote}" for mark in highlights),
        )


def _add(books: dict[str, _Book], clipping: list[str]) -> None:
    while clipping and not clipping[0]:
        clipping.pop(0)
    text = " ".join(line for line in clipping[2:] if line)
    if len(clipping) < 2 or not text:
        return
    book = books.setdefault(clipping[0], _Book())
    about, _, date = clipping[1].rpartition("|")
    is_note = any(word in about.casefold() for word in _NOTE)
    if not is_note:
        book.highlights.append(make_highlight(text, at=_time(date)))
    elif book.highlights and (last := book.highlights[-1]) and not last.note:
        book.highlights[-1] = make_highlight(last.quote, note=text, at=last.at)
    else:
        book.notes.append(text)


def _time(date: str) -> str | None:
    """Parse an English date after its first words; other languages have no time."""
    text = date.strip().removeprefix("Added on ")
    for pattern in _DATES:
        try:
            return parse_time(datetime.strptime(text[:80], pattern).isoformat())
        except ValueError:
            continue
    return None
