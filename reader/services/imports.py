"""Import the files of other programs, row by row; nothing is fetched."""

import hashlib
import html
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from reader.formats import reader_json, registry
from reader.formats.archives import ExportFolder
from reader.formats.export_item import ExportItem
from reader.formats.import_file import ImportFile
from reader.formats.import_row import ImportRow, RejectedRow
from reader.model.article import Article, ImageFile
from reader.model.change import Change, SaveRequest
from reader.model.entry import EntryId, FetchStatus, Record
from reader.model.errors import (
    ExtractionLimitError,
    JobCancelledError,
    LibraryError,
    NotAnArticleError,
    ReaderError,
    SourceError,
    UnknownIdError,
    UsageError,
)
from reader.model.failure_reason import general_reason
from reader.model.text import clean, count_words, one_line, plural
from reader.model.urls import clean_url, id_for
from reader.services import compaction
from reader.services.workspace import QUIET, Job, Workspace

MAX_FILE: Final = 2 * 1024 * 1024 * 1024
"""Bytes of an import file, which is read into memory."""
BATCH_ROWS: Final = 2000
"""Rows written together: one fsync for all of their records."""
BATCH_BYTES: Final = 16 * 1024 * 1024
"""Bytes of pages after which a batch is written, however few its rows."""
MAX_REJECTED_SHOWN: Final = 50
"""Skipped rows that are listed by number."""


@dataclass(slots=True)
class ImportReport:
    """The result of one import; `refused` are the first rows that could not be read.

    `skipped` counts rows that are no pages to anybody, such as bookmarklets; `undated` rows that
    have no readable date, in a file whose other rows have one.
    """

    format: str
    file: str = ""
    rows: int = 0
    new: int = 0
    known: int = 0
    trashed: int = 0
    with_text: int = 0
    refused_count: int = 0
    skipped: int = 0
    undated: int = 0
    refused: list[RejectedRow] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter, repr=False)
    """All refused rows by the kind of their reasons."""
    run_id: str = field(default_factory=lambda: os.urandom(8).hex(), repr=False)
    """Joins all batches to one undo step."""
    met: set[EntryId] = field(default_factory=set, repr=False)
    """The new entries of a dry run, which no later batch finds in the library."""

    @property
    def page_count(self) -> int:
        """Rows that are pages: neither refused nor skipped."""
        return self.rows - self.refused_count - self.skipped

    @property
    def program(self) -> str:
        """The program of the format, as sentences name it."""
        return registry.program_of(self.format)

    @property
    def message(self) -> str:
        """The result in one sentence."""
        text = f"Imported {plural(self.new, 'new link')} from {self.program}"
        text += f", {self.known:,} already there" if self.known else ""
        if self.refused_count:
            reason = self.reasons.most_common(1)[0][0]
            text += f"; {plural(self.refused_count, 'row')} skipped: {reason}"
        return text

    def refuse(self, row: RejectedRow) -> None:
        if row.is_expected:
            self.skipped += 1
            return
        self.refused_count += 1
        self.reasons[general_reason(row.reason)] += 1
        if len(self.refused) < MAX_REJECTED_SHOWN:
            self.refused.append(row)


Row = ImportRow | ExportItem | RejectedRow


def import_file(
    workspace: Workspace,
    path: Path,
    *,
    name: str | None = None,
    dry_run: bool = False,
    tags: Sequence[str] = (),
    job: Job = QUIET,
) -> ImportReport:
    """Import one file, or the folder of an unpacked archive, as one undo step.

    Importing it twice adds nothing. Links are queued; text in the file is extracted like any
    page. Known entries only gain tags, notes and highlights; those in the trash stay there. With
    `dry_run` nothing is written. Each entry gets the `tags`, besides its own. The job's progress
    counts rows; their total is unknown, 0. Raises SourceError, ExchangeError, UsageError for an
    unknown format, LibraryError, and JobCancelledError between batches: rows written by then stay.
    Blocks on disk.
    """
    file = _open_file(path)
    report = ImportReport("", file=one_line(path.name, 80))
    size_before = 0
    if not dry_run:
        # So that each batch finds a cache that it can be added to, and a list after it is ready.
        workspace.synced_cache()
        size_before = workspace.library.store.reader.size
    for part in file.parts():
        for batch in _batches(_rows(part, name, report)):
            if job.cancelled():
                raise JobCancelledError(f"stopped after {report.rows} rows; import again to resume")
            _import_batch(workspace, part, batch, report, dry_run, tags)
            job.progress(report.rows, 0)
    if report.undated == report.page_count:
        report.undated = 0
    if not dry_run:
        # The import is saved, whether the journal can be compacted or not. New rows are one line
        # each, of which compaction saves nothing, and takes a quarter of the import's time.
        with suppress(LibraryError):
            has_written = workspace.library.store.reader.size > size_before
            if has_written and report.known > report.new:
                compaction.compact(workspace)
            workspace.synced_cache()
    return report


def _open_file(path: Path) -> ImportFile:
    shown = one_line(str(path), 200)
    try:
        if path.is_dir():
            return ImportFile(path.name, b"", folder=ExportFolder(path))
        if not path.is_file() and path.exists():
            raise SourceError(f"{shown} is not a regular file")
        if path.stat().st_size > MAX_FILE:
            raise SourceError(f"{shown} is larger than {MAX_FILE // 2**30} GB")
        return ImportFile(path.name, path.read_bytes())
    except FileNotFoundError:
        raise SourceError(f"{shown}: no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the file name is invalid"
        raise SourceError(f"{shown}: cannot be read: {reason}") from None


def _rows(file: ImportFile, name: str | None, report: ImportReport) -> Iterator[Row]:
    """Read the rows of one file, and note its format in the report."""
    if name in (None, "reader") and reader_json.matches(file):
        report.format = "reader"
        return (row if isinstance(row, RejectedRow) else row[1] for row in reader_json.read(file))
    if name == "reader":
        raise UsageError(f"{one_line(file.name, 120)} was not exported by reader")
    report.format, rows = registry.read(file, name)
    return rows


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(row.page or b"") if isinstance(row, ImportRow) else 0
        size += len(row.markdown) if isinstance(row, ExportItem) else 0
        if len(batch) >= BATCH_ROWS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _import_batch(
    workspace: Workspace,
    file: ImportFile,
    batch: Sequence[Row],
    report: ImportReport,
    dry_run: bool,
    tags: Sequence[str] = (),
) -> None:
    """Import some rows: extract their pages on all cores, write their records in one fsync."""
    savings: list[SaveRequest] = []
    own: dict[EntryId, Record] = {}
    pages = _extract_pages(workspace, [row for row in batch if not dry_run and _has_page(row)])
    for row in batch:
        report.rows += 1
        try:
            if isinstance(row, RejectedRow):
                report.refuse(row)
                continue
            if isinstance(row, ExportItem):
                saving = _saving_of_export(row, file)
            else:
                saving = _saving_of_row(
                    row, next(pages) if not dry_run and _has_page(row) else None
                )
        except ReaderError as error:
            report.refuse(RejectedRow(getattr(row, "row", report.rows), str(error)))
            continue
        report.with_text += saving.article is not None
        report.undated += saving.added is None
        if tags:
            saving = saving._replace(tags=(*saving.tags, *tags))
        savings.append(saving)
        if isinstance(row, ExportItem):
            own.setdefault(row.record.entry.id, row.record)
    if dry_run:
        met = [(name, _is_new(workspace, name)) for saving in savings if (name := saving.id)]
    else:
        said = f"imported {report.page_count:,} from {report.file}"
        met = workspace.library.import_entries(savings, step=said, run=report.run_id)
    _count_results(workspace, met, report, report.met if dry_run else set())
    corrections = {
        name: change for name, new in met if new and (change := _correction(own.get(name)))
    }
    if corrections and not dry_run:
        workspace.library.change(corrections, step=None)
    if not dry_run:
        workspace.release([name for name, _ in met])


def _has_page(row: Row) -> bool:
    return isinstance(row, ImportRow) and row.page is not None and row.markdown is None


def _extract_pages(workspace: Workspace, rows: Sequence[Row]) -> Iterator[Article | None]:
    """Yield the article of each page, or None for a page without one."""
    pages = [(_as_page(row), row.url) for row in rows if isinstance(row, ImportRow)]
    if not pages:
        return
    # Most exports hold no page, and the image modules are slow to import.
    from reader.services.image_archiver import extract_inline_images

    for found in workspace.extractors.map(pages):
        if isinstance(found, Article):
            yield extract_inline_images(found, workspace.images.normalise)
        elif isinstance(found, (NotAnArticleError, ExtractionLimitError)):
            yield None
        else:
            raise found


def _count_results(
    workspace: Workspace,
    met: Sequence[tuple[EntryId, bool]],
    report: ImportReport,
    seen: set[EntryId],
) -> None:
    """Count new and known entries; one that was seen before counts as known."""
    for name, new in met:
        if new and name not in seen:
            report.new += 1
        else:
            report.known += 1
            report.trashed += not new and workspace.library.is_trashed(name)
        seen.add(name)


def _is_new(workspace: Workspace, name: EntryId) -> bool:
    try:
        return workspace.library.get(name).purged
    except UnknownIdError:
        return True


def _saving_of_row(row: ImportRow, article: Article | None) -> SaveRequest:
    """Convert a row to a request to the library. Raises UsageError for an invalid address."""
    page = row.page if article else b""
    said = {}
    if row.byline:
        said["byline"] = row.byline
    if row.site:
        said["site"] = row.site
    if row.published:
        said["published"] = row.published
    if row.language:
        said["language"] = row.language
    if row.description:
        said["description"] = row.description
    if row.markdown is not None:
        text = clean(row.markdown)
        article = Article(
            one_line(row.title) or one_line(text, 80), text, count_words(text), url=row.url
        )
        page = row.markdown.encode("utf-8", "replace")
    if article is not None:
        title = one_line(row.title) or article.title
        found: dict[str, Any] = {name: one_line(value, 2000) for name, value in said.items()}
        article = replace(article, title=title, **found)
    return SaveRequest(
        article=article,
        page=page or b"",
        given=row.url,
        id=id_for(row.url, page or b""),
        title=row.title or row.url,
        link_metadata=said,
        tags=row.tags,
        added=row.added,
        finished=row.finished,
        progress=row.progress,
        starred=row.starred,
        archived=row.archived,
        note=row.note,
        highlights=row.highlights,
        leave_in_trash=True,
    )


def _as_page(row: ImportRow) -> bytes:
    """Wrap the exported body, which is an article without a head, in a page."""
    assert row.page is not None
    head = row.page[:2000].lower()
    if b"<html" in head or head.startswith(b"content-type: multipart/"):
        return row.page
    title = html.escape(row.title or "")
    opening = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body><article>'
    return opening.encode() + row.page + b"</article></body></html>"


def _correction(record: Record | None) -> Change | None:
    """Return the change for an exported record's failure and trash state, if any."""
    failed = record is not None and record.entry.fetch is FetchStatus.FAILED
    if record is None or not (failed or record.entry.trashed):
        return None
    return Change(
        failure=record.entry.reason if failed else None,
        attempts=record.attempts if failed else None,
        trashed=True if record.entry.trashed else None,
    )


def _saving_of_export(item: ExportItem, file: ImportFile) -> SaveRequest:
    """Convert a record of reader's own export. Raises UsageError for an invalid address."""
    record, entry = item.record, item.record.entry
    article: Article | None = None
    page = b""
    given = record.given or entry.url
    if given:
        # One address that is none must not stop the import of all others.
        clean_url(given)
    if record.digest:
        article = Article(
            title=entry.title,
            markdown=item.markdown,
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
            images=_images(file, record.images),
            cut=record.cut,
        )
        page = file.read_by_name(f"pages/{entry.id}.html") or b""
    return SaveRequest(
        article=article,
        page=page,
        given=given,
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
        leave_in_trash=True,
    )


def _images(file: ImportFile, places: Mapping[str, str]) -> tuple[ImageFile, ...]:
    """Return the images in the zip whose name is the hash of their content."""
    found = []
    for place, name in places.items():
        image = name.rpartition("/")[2]
        content = file.read_by_name(f"pictures/{image}")
        if content and hashlib.sha256(content).hexdigest()[:16] == image.partition(".")[0]:
            found.append(ImageFile(name, content, source_url=place))
    return tuple(found)
