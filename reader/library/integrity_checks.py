"""Checks of journals, folders, files and modes; nothing is changed."""

import hashlib
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from reader.library import article_folders, backups, device_identity, journal_files
from reader.library.device_identity import LIBRARY_FOLDERS
from reader.library.document_store import DocumentStore
from reader.library.field_validation import exists, invalid_names, is_folder_of, valid_fields
from reader.library.journal_codec import FORMAT
from reader.library.journal_files import FileProgress, JournalName
from reader.library.lww_document import IMAGE_PREFIX
from reader.library.pending_folders import list_pending
from reader.library.record_mapper import folders_of
from reader.model.diagnostics import Diagnostic, Severity
from reader.model.errors import JobCancelledError, LibraryDamagedError
from reader.model.text import one_line
from reader.paths import real_path

MIN_LEFTOVER_AGE: Final = 86_400
"""Seconds after which a file in `tmp/` belongs to no running process."""
_MIN_TRASH_AGE: Final = 60
"""Seconds after which a folder in `trash/` belongs to no running process."""
_ID: Final = re.compile(rb'"i":"([0-9a-z]{12})"')

Progress = Callable[[int, int], bool]
"""Called with the number of records done and their total; returns whether to continue."""


def always_continue(done: int, total: int) -> bool:
    """Return a progress that never stops."""
    return True


def run_checks(store: DocumentStore, progress: Progress = always_continue) -> Iterator[Diagnostic]:
    """Yield every finding. Blocks: reads each text once. Raises JobCancelledError if `progress` says no."""
    home = store.places.home
    for place in (home, *(home / name for name in LIBRARY_FOLDERS)):
        if place.is_symlink() and place != home:
            message = (
                "this is a symbolic link, which is not followed: replace it by the folder itself"
            )
            yield Diagnostic("place", message, Severity.DAMAGE, "", str(place))
            return
        if place.exists() and not place.is_dir():
            message = "this is not a folder, so the library cannot be read: move it away"
            yield Diagnostic("place", message, Severity.DAMAGE, "", str(place))
            return
    obstacle = device_identity.find_obstacle(store.device.state)
    if obstacle is not None:
        message = "this is not a folder, so nothing can be changed: move it away"
        yield Diagnostic("place", message, Severity.DAMAGE, "", str(obstacle))
    yield from check_journals(store)
    yield from check_backups(store)
    yield from check_records(store, progress)
    yield from check_folders(store)
    yield from check_permissions(home, store.device.id)


def check_journals(store: DocumentStore) -> Iterator[Diagnostic]:
    """Yield damaged and torn lines, rejected changes, formats, snapshots and clocks."""
    listing = journal_files.list_journals(store.folder)
    for file, progress in sorted(store.reader.progress.items()):
        name = journal_files.parse_name(file)
        if file in listing.stamps and name is not None:
            is_own = name.device == store.device.id and bool(store.device.id)
            yield from _check_journal(store, name, progress, is_own)
            rest = listing.stamps[file].size - progress.scan.end
            if rest > 0:
                message = f"{rest} bytes at the end are torn, or have not all arrived"
                yield Diagnostic("torn", message, Severity.NOTICE, "", f"journal/{file}")
            yield from _check_changes(store, name, progress)
    for path in _list_folder(store.folder):
        if journal_files.parse_name(path.name) and (path.is_symlink() or not path.is_file()):
            message = "this is not a file, so it is not read: move it away"
            yield Diagnostic("place", message, Severity.DAMAGE, "", f"journal/{path.name}")
    for device in store.future_devices():
        message = f"the clock of device {device} is ahead by days"
        yield Diagnostic("clock", message, Severity.NOTICE)


def _check_journal(
    store: DocumentStore, name: JournalName, progress: FileProgress, is_own: bool
) -> Iterator[Diagnostic]:
    file = f"journal/{name.file}"
    severity = Severity.REPAIRABLE if is_own else Severity.DAMAGE
    advice = "" if is_own else ": let its device's copy of the file arrive again"
    for offset, length in progress.scan.damaged:
        about = _find_id(store.folder / name.file, offset, length)
        message = f"{length} bytes at {offset} cannot be read{advice}"
        yield Diagnostic("rot", message, severity, about, file)
    if name.kind == "snap" and not progress.is_complete and not name.conflict:
        if is_own or progress.is_damaged:
            yield Diagnostic("rot", f"a snapshot is not whole{advice}", severity, "", file)
        else:
            yield Diagnostic("torn", "a snapshot has not all arrived", Severity.NOTICE, "", file)
    if not progress.has_header and progress.scan.end and not progress.is_complete:
        yield Diagnostic("header", f"the first line is damaged{advice}", severity, "", file)
    if progress.format > FORMAT:
        message = "written by a newer reader: it can only be read here"
        yield Diagnostic("newer", message, Severity.NOTICE, "", file)


def _check_changes(
    store: DocumentStore, name: JournalName, progress: FileProgress
) -> Iterator[Diagnostic]:
    """Yield a count of the changes that are ignored because of their form."""
    rejected = Counter(store.rejected.get(name.file, {}))
    if progress.scan.invalid:
        rejected["a line that is not JSON"] = progress.scan.invalid
    for reason, count in sorted(rejected.items()):
        message = f"{count} of device {name.device} passed over: {reason}"
        yield Diagnostic("rejected", message, Severity.NOTICE, "", f"journal/{name.file}")


def _find_id(path: Path, offset: int, length: int) -> str:
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            found = _ID.search(stream.read(length))
    except OSError:
        return ""
    return found[1].decode("ascii") if found else ""


def check_backups(store: DocumentStore) -> Iterator[Diagnostic]:
    """Return changes that the newest backup holds and the journals have lost."""
    try:
        ids = {
            entry_id
            for _, entry_id, _, _ in backups.missing_changes(
                store.device.state, store.documents, store.reader
            )
        }
    except LibraryDamagedError as error:
        yield Diagnostic("backup", str(error), Severity.NOTICE)
        return
    for entry_id in sorted(ids):
        message = "what a backup says of it is not in the journals"
        yield Diagnostic("lost", message, Severity.REPAIRABLE, entry_id)


def check_records(
    store: DocumentStore, progress: Progress = always_continue
) -> Iterator[Diagnostic]:
    """Yield texts, pages and images that are missing or differ from what was recorded."""
    home = store.places.home
    with store.lock:
        rows = [(name, valid_fields(name, each)) for name, each in store.documents.items()]
        odd = {name: invalid_names(name, each) for name, each in store.documents.items()}
    for number, (name, fields) in enumerate(rows):
        if not progress(number, len(rows)):
            raise JobCancelledError("the check was stopped")
        if odd[name]:
            message = (
                f"values of another form, cleaned or passed over: {', '.join(odd[name])[:200]}"
            )
            yield Diagnostic("rejected", one_line(message), Severity.NOTICE, name)
        if exists(fields) and fields.get("folder"):
            yield from _check_record(home, name, fields)


def _check_record(home: Path, name: str, fields: Mapping[str, Any]) -> Iterator[Diagnostic]:
    folder = str(fields["folder"])
    try:
        body = article_folders.read_text(home, folder)
    except LibraryDamagedError as error:
        yield Diagnostic("missing", str(error), Severity.DAMAGE, name, folder)
        return
    if hashlib.sha256(body.encode("utf-8", "replace")).hexdigest() != fields.get("text"):
        message = "the text is not the one that was saved"
        yield Diagnostic(
            "changed", message, Severity.DAMAGE, name, f"{folder}/{article_folders.TEXT}"
        )
    if (home / folder / article_folders.PAGE).exists():
        try:
            article_folders.read_page(home, folder)
        except LibraryDamagedError as error:
            path = f"{folder}/{article_folders.PAGE}"
            yield Diagnostic("page", str(error), Severity.DAMAGE, name, path)
    for key, file in fields.items():
        if not key.startswith(IMAGE_PREFIX) or not file:
            continue
        image = home / folder / str(file)
        if image.is_symlink() or not image.is_file():
            message = "a picture is missing"
            yield Diagnostic("picture", message, Severity.DAMAGE, name, f"{folder}/{file}")


def check_folders(store: DocumentStore) -> Iterator[Diagnostic]:
    """Yield folders without a record, folders of purged articles, and leftovers."""
    home = store.places.home
    # In this order: a folder is noted before it is there, and until its record is.
    folders = list(article_folders.list_folders(home))
    at_work = list_pending(home)
    store.refresh()
    for folder in folders:
        entry_id = article_folders.id_in(folder)
        with store.lock:
            document = store.documents.get(entry_id)
            fields = valid_fields(entry_id, document) if document else {}
        if folder in at_work or (exists(fields) and folder in folders_of(fields)):
            continue
        if not is_folder_of(folder, entry_id):
            message = "not the folder of an article: it is left alone"
            yield Diagnostic("stray", message, Severity.NOTICE, "", folder)
        elif fields.get("purged"):
            message = "its article was deleted permanently"
            yield Diagnostic("purged", message, Severity.REPAIRABLE, "", folder)
        else:
            message = "no record names this folder"
            yield Diagnostic("orphan", message, Severity.REPAIRABLE, entry_id, folder)
    for place in ("tmp", "trash"):
        for path in _list_folder(home / place):
            with suppress(OSError):
                age = time.time() - path.lstat().st_mtime
                if age > (MIN_LEFTOVER_AGE if place == "tmp" else _MIN_TRASH_AGE):
                    message = "left over by a process that was stopped"
                    yield Diagnostic(
                        "leftover", message, Severity.NOTICE, "", f"{place}/{path.name}"
                    )


def check_permissions(home: Path, device: str) -> Iterator[Diagnostic]:
    """Yield folders and files that other users may read, if they can reach them.

    In a private home they cannot. Files of other devices come as their synchroniser makes
    them.
    """
    # The home itself may be a link, whose own mode says nothing.
    if not _is_open(real_path(home)):
        return
    message = "other users can read or change the library folder: run `reader doctor --repair`"
    yield Diagnostic("mode", message, Severity.REPAIRABLE, "", ".")
    for path in (*_list_folder(home), *_list_folder(home / "journal")):
        if path.is_symlink() or not _is_open(path):
            continue
        name = journal_files.parse_name(path.name)
        is_own = name is None or name.device == device
        severity = Severity.REPAIRABLE if is_own else Severity.NOTICE
        where = path.relative_to(home).as_posix()
        yield Diagnostic("mode", "other users can read or change it", severity, "", where)


def _is_open(path: Path) -> bool:
    try:
        return bool(path.lstat().st_mode & 0o077)
    except OSError:
        return False


def _list_folder(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
