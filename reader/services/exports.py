"""Export articles in formats that other programs read."""

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from reader.formats import netscape, reader_json
from reader.formats.export_item import ExportItem
from reader.formats.exporters import epub, html_page, obsidian, readwise_highlights
from reader.library.durable_io import atomic_file, refuse_special
from reader.model.entry import EntryId, Record
from reader.model.errors import (
    ExchangeError,
    FetchError,
    JobCancelledError,
    LibraryDamagedError,
    UsageError,
)
from reader.model.text import one_line, plural, title_filename
from reader.services.workspace import QUIET, Job, Workspace

FORMATS: Final = ("json", "markdown", "epub", "html", "netscape", "csv")
_SUFFIXES: Final = {
    "json": ".json",
    "epub": ".epub",
    "html": ".html",
    "netscape": ".html",
    "csv": ".csv",
}
_RECORDS_AT_ONCE: Final = 500
"""Records whose documents are read together."""


@dataclass(frozen=True, slots=True)
class ExportResult:
    """The number of exported articles, their target, and the files missing on disk.

    `left_out` counts the articles of which the format holds nothing.
    """

    count: int
    path: Path
    missing: tuple[str, ...] = ()
    left_out: int = 0
    format: str = ""

    @property
    def left_out_note(self) -> str:
        """The articles that were left out, to be added to a sentence; empty without any."""
        if not self.left_out:
            return ""
        lacking = "address" if self.format == "netscape" else "highlight"
        return f"; {plural(self.left_out)} without any {lacking} left out"


def export(
    workspace: Workspace,
    ids: Sequence[EntryId],
    name: str,
    target: Path,
    *,
    with_files: bool = False,
    title: str = "Saved articles",
    job: Job = QUIET,
) -> ExportResult:
    """Write the articles to a file, or for `markdown` to a folder, in the order given.

    In a folder that exists, the file is named by the article, or by `title` for several.

    A file appears wholly or not at all; a folder of Markdown is updated note by note, each
    wholly. Raises UsageError for an unknown format, ExchangeError if the target cannot be
    written, JobCancelledError. Blocks on disk.
    """
    if name not in FORMATS:
        raise UsageError(f"no export format {one_line(name, 40)!r}: one of {', '.join(FORMATS)}")
    if with_files and name != "json":
        raise UsageError("--with-files works only with --format json")
    named = workspace.library.get(ids[0]).entry.title if len(ids) == 1 else ""
    if name != "markdown" and target.is_dir():
        suffix = ".zip" if with_files else _SUFFIXES[name]
        target = target / f"{title_filename(named or title)}{suffix}"
    writing = _Export(workspace, target, job)
    try:
        if name == "markdown":
            writing.write_notes(ids)
        elif with_files:
            writing.write_zip(ids)
        elif name == "epub":
            _write_epub(writing, ids, named or title)
        else:
            _write_file(target, _chunks(writing, ids, name, title))
    except OSError as error:
        raise ExchangeError(
            f"{one_line(str(target), 200)}: cannot be written: {error.strerror}"
        ) from None
    count = writing.count - writing.left_out
    return ExportResult(count, target, tuple(writing.missing), writing.left_out, name)


def _chunks(writing: "_Export", ids: Sequence[EntryId], name: str, title: str) -> Iterator[str]:
    if name == "json":
        return reader_json.write(writing.items(ids))
    if name == "html":
        return html_page.write(writing.items(ids), title)
    if name == "netscape":
        found = writing.records_with(ids, lambda record: record.entry.url is not None)
        return (f"{line}\n" for line in netscape.write(found))
    return readwise_highlights.write(
        writing.records_with(ids, lambda record: bool(record.highlights))
    )


def _write_epub(writing: "_Export", ids: Sequence[EntryId], title: str) -> None:
    workspace = writing.workspace
    digest = hashlib.sha256(" ".join(ids).encode()).hexdigest()
    identifier = (
        f"urn:uuid:{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"
    )

    def rewrite_image(content: bytes) -> tuple[str, bytes] | None:
        try:
            picture = workspace.images.reencode(content)
        except FetchError:
            return None
        return PurePosixPath(picture.name).name, picture.content

    with _open_target(writing.target) as stream:
        epub.write(
            stream,
            writing.items(ids),
            title,
            identifier=identifier,
            modified=f"{workspace.now():%Y-%m-%dT%H:%M:%SZ}",
            rewrite_image=rewrite_image,
        )


class _Export:
    """One export in progress: counts articles and missing files, and can be cancelled."""

    def __init__(self, workspace: Workspace, target: Path, job: Job):
        self.workspace = workspace
        self.count = 0
        self.left_out = 0
        self.missing: list[str] = []
        self.target = target
        self._job = job

    def records(self, ids: Iterable[EntryId]) -> Iterator[Record]:
        wanted = list(ids)
        for number, entry_id in enumerate(wanted):
            if number % _RECORDS_AT_ONCE == 0:
                self.workspace.library.prefetch(wanted[number : number + _RECORDS_AT_ONCE])
            if self._job.cancelled():
                raise JobCancelledError(f"stopped after {self.count} articles; nothing was written")
            yield self.workspace.library.get(entry_id)
            self.count += 1
            self._job.progress(self.count, len(wanted))

    def records_with(
        self, ids: Iterable[EntryId], has_content: Callable[[Record], bool]
    ) -> Iterator[Record]:
        """Yield the records that the format has a place for, and count the others."""
        for record in self.records(ids):
            if has_content(record):
                yield record
            else:
                self.left_out += 1

    def items(self, ids: Iterable[EntryId]) -> Iterator[ExportItem]:
        for record in self.records(ids):
            try:
                markdown = self.workspace.library.markdown(record.entry.id)
            except LibraryDamagedError as error:
                self.missing.append(str(error))
                markdown = ""
            yield ExportItem(record, markdown, self._image_reader(record))

    def _image_reader(self, record: Record) -> Callable[[str], bytes | None]:
        def picture(name: str) -> bytes | None:
            content = self.workspace.library.image(record.entry.id, name)
            if content is None:
                self.missing.append(
                    f"a picture of {record.entry.id} is missing: {one_line(name, 80)}"
                )
            return content

        return picture

    def write_zip(self, ids: Sequence[EntryId]) -> None:
        """Write JSON, pages and images as one zip; shared images are stored once."""
        written: set[str] = set()
        with (
            _open_target(self.target) as stream,
            zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for item in self.items(ids):
                self._add_files(archive, item, written)
            self.count = 0
            self._job = self._job._replace(progress=QUIET.progress)
            with archive.open(reader_json.LIBRARY_FILE, "w", force_zip64=True) as records:
                for piece in reader_json.write(self.items(ids)):
                    records.write(piece.encode("utf-8", "replace"))

    def _add_files(self, archive: zipfile.ZipFile, item: ExportItem, written: set[str]) -> None:
        record = item.record
        if record.entry.folder is not None:
            try:
                archive.writestr(
                    f"pages/{record.entry.id}.html",
                    self.workspace.library.original(record.entry.id),
                )
            except LibraryDamagedError as error:
                self.missing.append(str(error))
        for name in record.images.values():
            file = f"pictures/{PurePosixPath(name).name}"
            content = None if file in written else item.picture(name)
            if content is not None:
                archive.writestr(file, content)
                written.add(file)

    def write_notes(self, ids: Sequence[EntryId]) -> None:
        """Write one note per article; a renamed note is found by the id in it."""
        self.target.mkdir(parents=True, exist_ok=True)
        known = {
            identity: path
            for path in sorted(self.target.rglob("*.md"))
            if not any(part.startswith(".") for part in path.relative_to(self.target).parts)
            and path.is_file()
            and not path.is_symlink()
            and (identity := obsidian.note_entry_id(_read_note(path)))
        }
        taken = {path.name.casefold() for path in self.target.iterdir()}
        for item in self.items(ids):
            path = known.get(item.record.entry.id)
            if path is None:
                path = self.target / obsidian.filename(item)
                if not path.is_symlink():
                    path = self.target / obsidian.filename(item, taken)
                taken.add(path.name.casefold())
            if path.is_symlink():
                self.missing.append(f"{path} is a symbolic link, which is not followed: remove it")
                continue
            before = _read_note(path) if path.exists() else None
            pictures = self._write_images(item, path.parent)
            note = obsidian.merge_note(before, item, pictures)
            if note != before:
                _write_file(path, [note.encode("utf-8", "surrogateescape")])

    def _write_images(self, item: ExportItem, note_folder: Path) -> str:
        """Write the article's images; return their folder relative to the note."""
        names = item.record.images.values()
        if not names:
            return ""
        folder = self.target / "attachments"
        if folder.is_symlink():
            raise ExchangeError(f"{folder} is a symbolic link, which is not followed: remove it")
        folder.mkdir(exist_ok=True)
        for name in names:
            file = folder / PurePosixPath(name).name
            content = None if file.exists() or file.is_symlink() else item.picture(name)
            if content is not None:
                _write_file(file, [content])
        return PurePosixPath(os.path.relpath(folder, note_folder)).as_posix()


def _read_note(path: Path) -> str:
    """Read a note; other line ends and bytes that are not UTF-8 are preserved."""
    return path.read_bytes().decode("utf-8", "surrogateescape")


@contextmanager
def _open_target(target: Path) -> Iterator[BinaryIO]:
    """Open a file that appears complete or not at all. Raises ExchangeError for a folder."""
    if target.is_dir():
        raise ExchangeError(f"{one_line(str(target), 200)} is a folder: name the file to write")
    refuse_special(target)
    with atomic_file(target, 0o666, is_durable=False) as stream:
        yield stream


def _write_file(target: Path, pieces: Iterable[str | bytes]) -> None:
    with _open_target(target) as stream:
        for piece in pieces:
            stream.write(piece.encode("utf-8", "replace") if isinstance(piece, str) else piece)
