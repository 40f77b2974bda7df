"""Compaction of this device's journal into a new generation.

Under the lock only a new log is begun. The snapshot is made of files that no process writes to any
more, verified, and only then renamed into place; the generation before it is kept.
"""

import os
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from reader.library import journal_files
from reader.library.document_store import DocumentStore
from reader.library.durable_io import sync, sync_folder, write_all
from reader.library.journal_codec import FORMAT, ScanResult, encode
from reader.library.journal_files import JournalName, encode_trailer
from reader.library.journal_reader import JournalReader
from reader.library.lww_document import Document, operations
from reader.model.errors import LibraryDamagedError, WriteError

_LINES_PER_WRITE: Final = 1000
"""Lines written by one call."""
_MIN_LOG_BYTES: Final = 4 << 20
"""Bytes of log from which compaction is worth it."""


def is_due(store: DocumentStore) -> bool:
    """Return whether this device's log has outgrown its snapshot."""
    own = [
        name
        for name in journal_files.list_journals(store.folder).names
        if is_own(name, store.device.id)
    ]
    sizes = dict.fromkeys(("log", "snap"), 0)
    newest = max((name.number for name in own), default=0)
    for name in own:
        if name.number == newest:
            sizes[name.kind] = (store.folder / name.file).stat().st_size
    return sizes["log"] > max(_MIN_LOG_BYTES, sizes["snap"])


def is_own(name: JournalName, device: str) -> bool:
    """Return whether this device wrote the file under this name."""
    return bool(device) and name.device == device and not name.conflict


class WrittenSnapshot(NamedTuple):
    """A snapshot as it was verified: its file name, length, CRC-32 and number of changes."""

    file: str
    end: int
    crc: int
    changes: int


def write_snapshot(
    home: Path, device: str, number: int, *, despite_rot: bool = False
) -> WrittenSnapshot:
    """Make snapshot `number` of everything that this device wrote before log `number`.

    Raises LibraryDamagedError if a line cannot be read (the others count with `despite_rot`),
    WriteError if the disk does not take it; then nothing has changed. Takes no lock. Blocks,
    about 3 s for 100,000 articles.
    """
    folder = home / "journal"
    before = JournalReader(
        folder, accept=lambda name: name.device == device and name.number < number
    )
    part = home / "tmp" / f"{device}-{number}.snap"
    documents = _fold_journals(before)
    if before.damaged_files() and not despite_rot:
        raise LibraryDamagedError(
            f"{', '.join(before.damaged_files())} is damaged: `reader doctor --repair` repairs it"
        )
    try:
        covered = {
            name.file: scan
            for name in before.listing.names
            if not name.conflict and (scan := before.content_of(name.file)) is not None
        }
        _write(part, device, number, documents, covered)
        written = _verify(part, documents)
        if written is None:
            raise LibraryDamagedError(f"{part} does not hold what was written to it")
        part.rename(folder / part.name)
        sync_folder(folder)
        for name in before.listing.names:
            if not name.conflict and name.file not in before.progress:
                (folder / name.file).unlink(missing_ok=True)
    except OSError as error:
        raise WriteError(f"the journal was not compacted: {error.strerror} ({folder})") from None
    return written


def _fold_journals(following: JournalReader) -> dict[str, Document]:
    following.poll()
    documents: dict[str, Document] = {}
    for name, lines in following.read_new_lines():
        for entry_id, fields, stamp in operations(lines, name.device):
            documents.setdefault(entry_id, Document()).apply(fields, stamp)
    return documents


def _verify(part: Path, documents: dict[str, Document]) -> WrittenSnapshot | None:
    """Read the file again; None if it does not give these documents."""
    written = JournalReader(part.parent, accept=lambda name: name.file == part.name)
    documents_there = _fold_journals(written)
    progress = written.progress.get(part.name)
    if progress is None or not progress.is_complete or not _are_equal(documents_there, documents):
        return None
    return WrittenSnapshot(part.name, progress.scan.end, progress.scan.crc, progress.changes)


def _write(
    part: Path,
    device: str,
    number: int,
    documents: dict[str, Document],
    covered: Mapping[str, ScanResult],
) -> None:
    part.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        lines = _encode_snapshot(device, number, documents, covered)
        while batch := b"".join(islice(lines, _LINES_PER_WRITE)):
            write_all(descriptor, batch)
            # Piece by piece: the fsync of a change waits for whatever is on its way to the disk.
            sync(descriptor)
    finally:
        os.close(descriptor)


def _encode_snapshot(
    device: str, number: int, documents: dict[str, Document], covered: Mapping[str, ScanResult]
) -> Iterator[bytes]:
    yield encode({"format": FORMAT, "device": device, "n": number})
    count = 0
    for entry_id, document in documents.items():
        for stamp, fields in document.as_changes():
            clock = [stamp.ms, stamp.counter]
            yield encode({"c": clock, "o": "set", "i": entry_id, "f": fields})
            count += 1
    yield encode_trailer(count, covered)


def _are_equal(one: dict[str, Document], other: dict[str, Document]) -> bool:
    return one.keys() == other.keys() and all(
        one[name].fields == document.fields
        and all(one[name].stamp(key) == document.stamp(key) for key in document.fields)
        for name, document in other.items()
    )
