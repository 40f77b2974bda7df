"""The notebook: highlights and notes of many articles, searched and written to a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reader.model.entry import Entry
from reader.model.errors import ExchangeError
from reader.model.highlight import Highlight
from reader.model.labels import label_of
from reader.model.text import clean, fold_case, one_line, plural


@dataclass(frozen=True, slots=True)
class EntryHighlight:
    """A highlight with the entry it is in; see `article_note` for one without a quote."""

    entry: Entry
    highlight: Highlight

    @property
    def is_article_note(self) -> bool:
        """True for a note on the whole article."""
        return not self.highlight.quote


def article_note(entry: Entry, note: str) -> EntryHighlight:
    """Return the note on a whole article as a row of the notebook: a highlight without a quote."""
    return EntryHighlight(entry, Highlight(f"note:{entry.id}", "", note=note))


def describe_marks(marks: Sequence[EntryHighlight]) -> str:
    """Return the numbers in words: `2 highlights and 1 note`."""
    notes = sum(mark.is_article_note for mark in marks)
    highlights = len(marks) - notes
    parts = [plural(highlights, "highlight")] if highlights or not notes else []
    return " and ".join([*parts, *([plural(notes, "note")] if notes else [])])


def filter_highlights(marks: Iterable[EntryHighlight], words: str) -> list[EntryHighlight]:
    """Return the highlights that have every word in quote, note, label, title, site or tags."""
    wanted = fold_case(words).split()
    return [mark for mark in marks if all(word in _text_of(mark) for word in wanted)]


def _text_of(mark: EntryHighlight) -> str:
    entry, highlight = mark.entry, mark.highlight
    tags = " ".join(f"#{tag}" for tag in entry.tags)
    return fold_case(
        f"{highlight.quote}\n{highlight.note}\n{label_of(highlight)}\n{entry.title}\n"
        f"{entry.site or ''}\n{tags} {label_of(highlight).hashtags()}"
    )


def by_date(marks: Iterable[EntryHighlight]) -> list[EntryHighlight]:
    """Return the highlights by the time they were made, newest first."""
    return sorted(marks, key=lambda mark: mark.highlight.at, reverse=True)


def format_markdown(marks: Sequence[EntryHighlight]) -> str:
    """Return the highlights as Markdown: a heading for each article, quotes and notes below."""
    parts: list[str] = []
    last = None
    for mark in marks:
        entry = mark.entry
        if entry.id != last:
            last = entry.id
            about = " · ".join(part for part in (entry.byline, entry.site, entry.url) if part)
            parts += [f"## {one_line(entry.title)}", *([one_line(about, 2000)] if about else [])]
        if not mark.is_article_note:
            quote = clean(mark.highlight.quote).strip()
            parts.append("\n".join(f"> {line}".rstrip() for line in quote.splitlines()))
        label = label_of(mark.highlight).hashtags()
        parts += [part for part in (label, clean(mark.highlight.note).strip()) if part]
    return "\n\n".join(parts) + "\n"


def export_highlights(marks: Sequence[EntryHighlight], path: Path) -> Path:
    """Write the highlights to a file: CSV as Readwise reads it if it ends in `.csv`, else Markdown.

    In a folder the file is called `highlights.md`. Readwise has no notes on whole articles: they
    are left out of CSV. Raises ExchangeError. Blocks on disk.
    """
    # Imported here: the dialog needs neither.
    from reader.formats.exporters import readwise_highlights
    from reader.library.durable_io import atomic_write, refuse_special

    target = path / "highlights.md" if path.is_dir() else path
    if target.suffix.casefold() == ".csv":
        quoted = (mark for mark in marks if not mark.is_article_note)
        text = "".join(readwise_highlights.write_rows((m.entry, m.highlight) for m in quoted))
    else:
        text = format_markdown(marks)
    try:
        refuse_special(target)
        atomic_write(target, text.encode("utf-8", "replace"), 0o644)
    except OSError as error:
        raise ExchangeError(
            f"{one_line(str(target), 200)}: cannot be written: {error.strerror}"
        ) from None
    return target
