"""Export of highlights as the CSV that Readwise imports, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator

from reader.model.entry import Entry, Record
from reader.model.highlight import Highlight
from reader.model.labels import label_of
from reader.model.text import clean

_COLUMNS = ("Highlight", "Title", "Author", "URL", "Note", "Location", "Date")


def write(records: Iterable[Record]) -> Iterator[str]:
    """Yield CSV lines, one per highlight, in the order of the text."""
    return write_rows(
        (record.entry, mark)
        for record in records
        for mark in sorted(record.highlights, key=lambda mark: mark.start)
    )


def write_rows(marks: Iterable[tuple[Entry, Highlight]]) -> Iterator[str]:
    """Yield CSV lines, one per highlight, in the order given."""
    yield _line(_COLUMNS)
    for entry, mark in marks:
        yield _line(
            (
                mark.quote,
                entry.title,
                entry.byline or "",
                entry.url or "",
                _note(mark),
                str(mark.start),
                mark.at,
            )
        )


def _note(mark: Highlight) -> str:
    """Return the note behind the label, as the tags that Readwise reads from a note.

    Source: docs.readwise.io, action tags: a note may begin with `.word`.
    """
    tags = label_of(mark).hashtags().replace("#", ".")
    return " ".join(part for part in (tags, mark.note) if part)


def _line(cells: Iterable[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerow([escape_formula(clean(cell)) for cell in cells])
    return stream.getvalue()


def escape_formula(cell: str) -> str:
    """Prefix the cell with `'` if a spreadsheet would take it for a formula.

    Source: OWASP, CSV injection.
    """
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell
