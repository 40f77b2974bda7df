"""Metadata of a book, from its package document."""

import re
from typing import Final

from reader.extract.input.epub import Book
from reader.extract.metadata import Metadata
from reader.extract.metadata.dates import parse_date
from reader.model.text import clean_tag, one_line

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_YEAR: Final = re.compile(r"\d{4}(?:-\d\d)?")


def book_metadata(book: Book, url: str | None) -> Metadata:
    """Return the title, authors, language, date, publisher and subjects of a book."""
    tags = (clean_tag(subject) for subject in book.subjects)
    language = book.language.strip()
    return Metadata(
        title=one_line(book.title),
        byline=one_line(", ".join(book.creators), 300) or None,
        site=one_line(book.publisher, 120) or None,
        published=_date(book.date),
        language=language.replace("_", "-")
        if _LANGUAGE.fullmatch(language) and language.casefold() not in ("und", "mul", "zxx")
        else None,
        canonical=url,
        description=one_line(re.sub(r"<[^<>]*>", " ", book.description), 1_000) or None,
        keywords=tuple(dict.fromkeys(tag for tag in tags if tag)),
    )


def _date(value: str) -> str | None:
    """Return the date; a year or a month is one too."""
    text = value.strip()
    return text if _YEAR.fullmatch(text) else parse_date(text)
