"""What is wrong with a library: journals, folders, files and modes looked at, nothing changed."""

import hashlib
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from reader.library import article_folders, backups, journal_files
from reader.library.device_identity import LIBRARY_FOLDERS
from reader.library.document_store import DocumentStore
from reader.library.field_validation import valid_fields
from reader.library.journal_codec import FORMAT
from reader.library.lww_document import IMAGE_PREFIX
from reader.library.record_builder import exists
from reader.library.record_mapper import folders_of
from reader.model.diagnostics import Diagnostic, Severity
from reader.model.errors import Cancelled, LibraryDamagedError

MIN_LEFTOVER_AGE: Final = 86_400
_ID: Final = re.compile(rb'"i":"([0-9a-z]{12})"')

Progress = Callable[[int, int], bool]
"""Told how many records are done of how many; says whether to go on."""


def always_continue(done: int, total: int) -> bool:
    """A progress that never stops."""
    return True


def run_checks(ledger: DocumentStore, progress: Progress = always_continue) -> Iterator[Diagnostic]:
    """Every finding. Blocks: reads each text once. Raises Cancelled where `progress` says no."""
    home = ledger.places.home
    for place in (home, *(home / name for name in LIBRARY_FOLDERS)):
        if place.exists() and not place.is_dir():
            said = "this is no folder, so there is no library: move it away"
            yield Diagnostic("place", said, Severity.DAMAGE, "", str(place))
            return
    yield from check_journals(ledger)
    yield from check_backups(ledger)
    yield from check_records(ledger, progress)
    yield from check_folders(ledger)
    yield from check_permissions(ledger.places.home)


def check_journals(ledger: DocumentStore) -> Iterator[Diagnostic]:
    """Damaged and torn lines, formats, snapshots, clocks."""
    survey = journal_files.list_journals(ledger.folder)
    for file, standing in sorted(ledger.reader.progress.items()):
        path = ledger.folder / file
        if file not in survey.sizes:
            continue
        name = journal_files.parse_name(file)
        own = name is not None and name.device == ledger.device.id and bool(ledger.device.id)
        mendable = Severity.REPAIRABLE if own else Severity.DAMAGE
        for offset, length in standing.scan.damaged:
            about = _find_id(path, offset, length)
            said = f"{length} bytes at {offset} cannot be read"
            yield Diagnostic("rot", said, mendable, about, f"journal/{file}")
        if file.endswith(".snap") and not standing.is_complete:
            yield Diagnostic("rot", "a snapshot is not whole", mendable, "", f"journal/{file}")
        if not standing.has_header and standing.scan.end and not standing.is_complete:
            yield Diagnostic("header", "the first line is damaged", mendable, "", f"journal/{file}")
        if standing.format > FORMAT:
            said = "written by a newer reader: it can only be read here"
            yield Diagnostic("newer", said, Severity.NOTICE, "", f"journal/{file}")
        rest = survey.sizes[file][1] - standing.scan.end
        if rest > 0:
            said = f"{rest} bytes at the end are torn, or have not all arrived"
            yield Diagnostic("torn", said, Severity.NOTICE, "", f"journal/{file}")
    for device in ledger.future_devices():
        yield Diagnostic("clock", f"the clock of device {device} is ahead by days", Severity.NOTICE)


def _find_id(path: Path, offset: int, length: int) -> str:
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            found = _ID.search(stream.read(length))
    except OSError:
        return ""
    return found[1].decode("ascii") if found else ""


def check_backups(ledger: DocumentStore) -> Iterator[Diagnostic]:
    """Changes that the newest backup holds and the journals have lost."""
    try:
        ids = {
            entry_id
            for _, entry_id, _, _ in backups.missing_changes(ledger.device.state, ledger.documents)
        }
    except LibraryDamagedError as error:
        yield Diagnostic("backup", str(error), Severity.NOTICE)
        return
    for entry_id in sorted(ids):
        said = "what a backup says of it is not in the journals"
        yield Diagnostic("lost", said, Severity.REPAIRABLE, entry_id)


def check_records(
    ledger: DocumentStore, progress: Progress = always_continue
) -> Iterator[Diagnostic]:
    """Texts, pages and pictures that are missing or differ from what was recorded."""
    home = ledger.places.home
    with ledger.lock:
        rows = [(name, dict(document.fields)) for name, document in ledger.documents.items()]
    for number, (name, fields) in enumerate(rows):
        if not progress(number, len(rows)):
            raise Cancelled("the check was stopped")
        if exists(fields) and fields.get("folder"):
            yield from _check_record(home, name, fields)


def _check_record(home: Path, name: str, fields: dict[str, Any]) -> Iterator[Diagnostic]:
    folder = str(fields["folder"])
    try:
        body = article_folders.read_text(home, folder)
    except LibraryDamagedError as error:
        yield Diagnostic("missing", str(error), Severity.DAMAGE, name, folder)
        return
    if hashlib.sha256(body.encode("utf-8", "replace")).hexdigest() != fields.get("text"):
        said = "the text is not the one that was saved"
        yield Diagnostic("changed", said, Severity.DAMAGE, name, f"{folder}/{article_folders.TEXT}")
    if (home / folder / article_folders.PAGE).exists():
        try:
            article_folders.read_page(home, folder)
        except LibraryDamagedError as error:
            path = f"{folder}/{article_folders.PAGE}"
            yield Diagnostic("page", str(error), Severity.DAMAGE, name, path)
    for key, file in fields.items():
        if key.startswith(IMAGE_PREFIX) and file and not (home / folder / str(file)).is_file():
            said = "a picture is missing"
            yield Diagnostic("picture", said, Severity.DAMAGE, name, f"{folder}/{file}")


def check_folders(ledger: DocumentStore) -> Iterator[Diagnostic]:
    """Folders without a record, folders of what was deleted for good, and leftovers."""
    home = ledger.places.home
    with ledger.lock:
        fields = [valid_fields(document) for document in ledger.documents.values()]
    held = {folder for one in fields if exists(one) for folder in folders_of(one)}
    purged = {folder for one in fields if one.get("purged") for folder in folders_of(one)}
    for folder in article_folders.list_folders(home):
        if folder in purged:
            said = "its article was deleted for good"
            yield Diagnostic("purged", said, Severity.REPAIRABLE, "", folder)
        elif folder not in held:
            name = folder.rpartition("/")[2].split("-")[-2:-1]
            said = "no record names this folder"
            yield Diagnostic("orphan", said, Severity.REPAIRABLE, "".join(name), folder)
    for place in ("tmp", "trash"):
        for path in _list_folder(home / place):
            if place == "trash" or time.time() - path.lstat().st_mtime > MIN_LEFTOVER_AGE:
                said = "left over by a process that was stopped"
                yield Diagnostic("leftover", said, Severity.NOTICE, "", f"{place}/{path.name}")


def check_permissions(home: Path) -> Iterator[Diagnostic]:
    """Folders and journals that others may read."""
    for path in (home, *_list_folder(home), *_list_folder(home / "journal")):
        try:
            mode = path.lstat().st_mode & 0o077
        except OSError:
            continue
        if mode and not path.is_symlink():
            where = "." if path == home else path.relative_to(home).as_posix()
            said = "others may read or change it"
            yield Diagnostic("mode", said, Severity.REPAIRABLE, "", where)


def _list_folder(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
