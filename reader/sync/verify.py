"""A check of all objects of a remote: those that the journals name are there and whole."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reader.library import article_folders, journal_files
from reader.library.field_validation import exists, valid_fields
from reader.library.record_mapper import folders_of
from reader.model.errors import LibraryError, SyncError
from reader.sync import journal_stream, names
from reader.sync.folder_archive import MAX_ARCHIVE, pack_folder, unpack_folder
from reader.sync.journal_stream import check_lines, read_pieces
from reader.sync.names import Segment
from reader.sync.session import Session
from reader.sync.store import MissingObjectError
from reader.sync.worker_pool import WorkerPool


@dataclass(slots=True)
class VerifyReport:
    """The result of a check: objects by their names, or sentences about them.

    `unnamed` are objects that no journal names: left by killed runs, or by a former key.
    """

    checked: int = 0
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    repaired: int = 0

    @property
    def is_ok(self) -> bool:
        """Return whether everything that journals name is there and whole."""
        return not (self.missing or self.damaged)


def verify(session: Session, *, repair: bool = False) -> VerifyReport:
    """Check every object; a run must have brought everything before. Blocks: reads the remote.

    With `repair`, objects that are missing or damaged are sent again from this device where it has
    them, and unnamed ones are deleted. Raises SyncError, JobCancelledError.
    """
    report = VerifyReport()
    there = session.store.list_all(names.ARTICLES)
    folders = {session.seal.folder_name(each): each for each in named_folders(session)}
    session.expect(len(folders))
    with WorkerPool[str, tuple[str, str]]() as workers:
        for name, failure in workers.run(
            lambda name: _check_folder(session, name, folders[name], name in there), sorted(folders)
        ):
            report.checked += 1
            if failure == "missing":
                report.missing.append(name)
            elif failure:
                report.damaged.append(failure)
            if failure and repair and _send_again(session, name, folders[name]):
                report.repaired += 1
            session.step("checked")
    for segment in session.root.segments:
        if segment.key_id == session.seal.key_id:
            report.checked += 1
            _check_segment(session, segment, report, repair)
    known = {*folders, *_image_names(session)}
    report.unnamed = [
        *sorted(name for name in there if name not in known),
        *sorted(name for name in session.root_names if f".{session.seal.key_id}" not in name),
    ]
    if repair and report.unnamed:
        session.store.delete(report.unnamed)
        report.repaired += len(report.unnamed)
    return report


def named_folders(session: Session) -> set[str]:
    """Return the folders that records name and that were not purged. Reads the journals."""
    named: set[str] = set()
    for _, content in _all_pieces(session):
        for line_names in _named(content):
            named.update(line_names)
    documents = session.library().documents
    documents.prefetch(article_folders.id_in(each) for each in named)
    return {each for each in named if is_needed(session, each)}


def is_needed(session: Session, folder: str) -> bool:
    """Return whether a record that was not purged names a folder."""
    entry_id = article_folders.id_in(folder)
    document = session.library().documents.get(entry_id)
    fields = valid_fields(entry_id, document) if document else {}
    return exists(fields) and folder in folders_of(fields)


def _all_pieces(session: Session) -> Iterator[tuple[journal_files.JournalName, bytes]]:
    for name in journal_files.list_journals(session.journal).names:
        try:
            for _, content in read_pieces(session.journal / name.file, 0):
                yield name, content
        except OSError as error:
            raise SyncError(f"{name.file} cannot be read: {error.strerror}") from None


def _named(content: bytes) -> Iterator[tuple[str, ...]]:
    for line in content.splitlines(keepends=True):
        if b'"folder"' not in line and b'"picture:' not in line:
            continue
        try:
            ((_, named),) = check_lines(line, "", "")
        except (SyncError, LibraryError):
            continue
        yield named.folders


def _image_names(session: Session) -> set[str]:
    """Return the names of images that came after their folders."""
    found: set[str] = set()
    documents = session.library().documents
    for _, content in _all_pieces(session):
        for line in content.splitlines(keepends=True):
            if b'"picture:' not in line:
                continue
            try:
                ((_, named),) = check_lines(line, "", "")
            except (SyncError, LibraryError):
                continue
            for entry_id, image in named.images:
                document = documents.get(entry_id)
                fields = valid_fields(entry_id, document) if document else {}
                found |= {session.seal.folder_name(each, image) for each in folders_of(fields)}
    return found


def _check_folder(session: Session, name: str, folder: str, is_listed: bool) -> tuple[str, str]:
    """Return the name, and the fault: `missing`, or a sentence. Runs in a thread."""
    if not is_listed:
        return name, "missing"
    try:
        sealed = session.store.get(name, session.seal.size_limit(MAX_ARCHIVE))
        unpack_folder(session.seal.unseal(sealed, name), folder, name)
    except MissingObjectError:
        return name, "missing"
    except SyncError as error:
        return name, str(error)
    return name, ""


def _send_again(session: Session, name: str, folder: str) -> bool:
    """Send a folder from this device; return whether it is here and whole."""
    try:
        content = pack_folder(session.home, folder)
    except (OSError, SyncError):
        return False
    session.store.put(name, session.seal.seal(content))
    return True


def _check_segment(session: Session, segment: Segment, report: VerifyReport, repair: bool) -> None:
    """Compare a segment with the local file that holds it."""
    file, end = session.matched.get((segment.uploader, segment.file), (segment.file, segment.end))
    local = read_range(session.journal / file, segment.start, segment.end)
    try:
        sealed = session.store.get(
            segment.name, session.seal.size_limit(segment.end - segment.start)
        )
        content = session.seal.unseal(sealed, segment.name)
    except MissingObjectError:
        report.missing.append(segment.name)
    except SyncError as error:
        report.damaged.append(str(error))
    else:
        if segment.end > end or content == local:
            return
        report.damaged.append(f"{segment.name} has a wrong checksum")
    stream = journal_stream.Stream(segment.uploader, segment.file, [segment])
    prefix = journal_stream.compare_prefix(session.journal / file, stream, session.seal)
    if repair and prefix.end == segment.end:
        session.put_root(segment.name, session.seal.seal(local))
        report.repaired += 1


def read_range(path: Path, start: int, end: int) -> bytes:
    """Return the bytes of a journal; empty if it cannot be read."""
    try:
        with journal_files.open_journal(path) as file:
            file.seek(start)
            return file.read(end - start)
    except OSError:
        return b""
