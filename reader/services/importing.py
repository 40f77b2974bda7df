"""Files of other programs brought into the library: recognised, read row by row, never fetched."""

import html
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from reader.exchange import formats, portable
from reader.exchange.incoming import Incoming, Refused
from reader.exchange.portion import Portion
from reader.exchange.upload import Upload
from reader.model.address import clean_url, entry_id
from reader.model.article import Article, Picture
from reader.model.change import Saving
from reader.model.entry import EntryId
from reader.model.errors import (
    Cancelled,
    ExtractionStopped,
    LibraryError,
    NotAnArticle,
    ReaderError,
    SourceError,
    UnknownId,
)
from reader.model.text import clean, count_words, one_line
from reader.services import repair
from reader.services.shelf import Shelf

MAX_FILE: Final = 2 * 1024 * 1024 * 1024
BATCH: Final = 2000
"""Rows written at once: one fsync for all of their records."""
SHOWN: Final = 50
"""Refused rows that are kept to be told."""


@dataclass(slots=True)
class Report:
    """What came of one import. `refused` are the first rows that could not be understood."""

    format: str
    rows: int = 0
    new: int = 0
    known: int = 0
    trashed: int = 0
    with_text: int = 0
    refused_count: int = 0
    refused: list[Refused] = field(default_factory=list)

    def refuse(self, row: Refused) -> None:
        self.refused_count += 1
        if len(self.refused) < SHOWN:
            self.refused.append(row)


Row = Incoming | Saving | Refused
Progress = Callable[[int], None]
"""Told how many rows are done."""


def import_file(
    shelf: Shelf,
    path: Path,
    *,
    name: str | None = None,
    dry_run: bool = False,
    progress: Progress = lambda _done: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Report:
    """Bring in one file, as one undo step for each 2,000 rows; importing it twice adds nothing.

    Links are queued, text that the file carries is extracted as any page is. What is known only
    gains tags, notes and highlights; what is in the trash stays there. With `dry_run` nothing is
    written. Raises SourceError, ExchangeError, WrongUsage for an unknown format, LibraryError,
    and Cancelled between batches: what was written by then stays. Blocks on disk.
    """
    upload = Upload(path.name, _content(path))
    savings: Iterable[Row]
    if name in (None, "reader") and portable.recognises(upload):
        report, savings = Report("reader"), _own(upload)
    else:
        chosen = formats.named(name) if name else formats.recognise(upload)
        report, savings = Report(chosen.name), chosen.read(upload)
    for batch in _batches(savings):
        if cancelled():
            raise Cancelled(f"stopped after {report.rows} rows; importing again goes on from there")
        _take(shelf, batch, report, dry_run, one_line(path.name, 80))
        progress(report.rows)
    if not dry_run:
        # What was imported is saved, whether the journal could be made smaller or not.
        with suppress(LibraryError):
            repair.compact(shelf)
    return report


def _content(path: Path) -> bytes:
    shown = one_line(str(path), 200)
    try:
        if path.is_dir():
            raise SourceError(f"{shown} is a folder: name the export file in it")
        if path.stat().st_size > MAX_FILE:
            raise SourceError(f"{shown} is larger than {MAX_FILE // 2**30} GB")
        return path.read_bytes()
    except FileNotFoundError:
        raise SourceError(f"{shown}: no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a name that a file can have"
        raise SourceError(f"{shown}: cannot be read: {reason}") from None


def _own(upload: Upload) -> Iterator[Saving | Refused]:
    """Records of reader's own export, with their ids, texts, places and marks."""
    for row in portable.read(upload):
        yield row if isinstance(row, Refused) else _own_saving(*row, upload)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _take(shelf: Shelf, batch: Sequence[Row], report: Report, dry_run: bool, name: str) -> None:
    savings: dict[EntryId, Saving] = {}
    for row in batch:
        report.rows += 1
        try:
            saving = _saving(shelf, row, dry_run)
            identity = saving.id or entry_id(saving.given, saving.page)
        except _Unfit as unfit:
            report.refuse(unfit.row)
            continue
        except ReaderError as error:
            report.refuse(Refused(getattr(row, "row", report.rows), str(error)))
            continue
        report.with_text += saving.article is not None
        _count(shelf, identity, identity in savings, report)
        # The same article twice in one file: the second row adds its tags with the next batch.
        if identity in savings:
            saving = replace(saving, tags=(*savings[identity].tags, *saving.tags))
        savings[identity] = saving
    if savings and not dry_run:
        said = f"imported {len(savings)} from {name}"
        shelf.library.add(list(savings.values()), step=said)


def _count(shelf: Shelf, identity: EntryId, is_repeated: bool, report: Report) -> None:
    try:
        known = shelf.library.get(identity)
    except UnknownId:
        known = None
    if known is not None and not known.purged:
        report.known += 1
        report.trashed += known.entry.trashed
    elif is_repeated:
        report.known += 1
    else:
        report.new += 1


class _Unfit(Exception):
    def __init__(self, row: Refused):
        super().__init__(row.said)
        self.row = row


def _saving(shelf: Shelf, row: Row, dry_run: bool) -> Saving:
    """What the library is asked to keep. Raises _Unfit, or ReaderError for an address or a text."""
    if isinstance(row, Refused):
        raise _Unfit(row)
    if isinstance(row, Saving):
        return row
    if row.url is not None:
        clean_url(row.url)
    article, page = _article(shelf, row, dry_run)
    return Saving(
        article=article,
        page=page,
        given=row.url,
        title=row.title or row.url,
        tags=row.tags,
        added=row.added,
        finished=row.finished,
        progress=row.progress,
        starred=row.starred,
        archived=row.archived,
        note=row.note,
        highlights=row.highlights,
        quiet=True,
    )


def _article(shelf: Shelf, row: Incoming, dry_run: bool) -> tuple[Article | None, bytes]:
    """The text that the file carries, if any; a page that holds none leaves a link to be fetched."""
    if row.markdown is not None:
        text = clean(row.markdown)
        title = row.title or one_line(text, 80)
        return Article(title, text, count_words(text), url=row.url), row.markdown.encode(
            "utf-8", "replace"
        )
    if row.page is None or dry_run:
        return None, b""
    try:
        article = shelf.extractors.extract(_framed(row), row.url)
    except (NotAnArticle, ExtractionStopped):
        return None, b""
    told = {
        name: getattr(row, name)
        for name in ("byline", "site", "published", "language", "description")
    }
    said: dict[str, Any] = {name: one_line(str(value)) for name, value in told.items() if value}
    return replace(article, title=one_line(row.title) or article.title, **said), row.page


def _framed(row: Incoming) -> bytes:
    """The body as a page: what exporters keep is the inside of an article, without a head."""
    assert row.page is not None
    if b"<html" in row.page[:2000].lower():
        return row.page
    title = html.escape(row.title or "")
    head = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body><article>'
    return head.encode() + row.page + b"</article></body></html>"


def _own_saving(_number: int, portion: Portion, upload: Upload) -> Saving:
    """A record of reader's own export as it was."""
    record, entry = portion.record, portion.record.entry
    article: Article | None = None
    page = b""
    if record.digest:
        article = Article(
            title=entry.title,
            markdown=portion.markdown,
            words=entry.words,
            byline=entry.byline,
            site=entry.site,
            published=entry.published,
            modified=record.modified,
            language=entry.language,
            url=entry.url,
            canonical=record.canonical,
            description=record.description,
            tags=record.suggested,
            image=record.image,
            related=record.related,
            pictures=_pictures(upload, entry.id, record.pictures.values()),
            cut=record.cut,
        )
        page = upload.member(f"pages/{entry.id}.html") or b""
    return Saving(
        article=article,
        page=page,
        given=record.given or entry.url,
        final=record.final,
        title=entry.title,
        tags=entry.tags,
        added=entry.added,
        finished=entry.finished,
        progress=entry.progress,
        position=record.position,
        starred=entry.starred,
        archived=entry.archived,
        note=record.note,
        highlights=record.highlights,
        id=entry.id,
        quiet=True,
    )


def _pictures(upload: Upload, identity: str, names: Iterable[str]) -> tuple[Picture, ...]:
    found = ((name, upload.member(f"pictures/{name.rpartition('/')[2]}")) for name in names)
    return tuple(Picture(name, content) for name, content in found if content is not None)
