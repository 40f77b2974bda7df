"""What is wrong with a library: journals, folders, files and modes looked at, nothing changed."""

import hashlib
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from reader.library import article_folders, backups, journal_files
from reader.library.device_identity import PLACES
from reader.library.document_store import Ledger
from reader.library.field_validation import sound
from reader.library.journal_codec import FORMAT
from reader.library.lww_document import PICTURE
from reader.library.record_builder import is_here
from reader.library.record_mapper import folders_of
from reader.model.diagnostics import Problem, Weight
from reader.model.errors import Cancelled, LibraryDamaged

A_DAY: Final = 86_400
_ID: Final = re.compile(rb'"i":"([0-9a-z]{12})"')

Progress = Callable[[int, int], bool]
"""Told how many records are done of how many; says whether to go on."""


def going_on(done: int, total: int) -> bool:
    """A progress that never stops."""
    return True


def problems(ledger: Ledger, progress: Progress = going_on) -> Iterator[Problem]:
    """Every finding. Blocks: reads each text once. Raises Cancelled where `progress` says no."""
    home = ledger.places.home
    for place in (home, *(home / name for name in PLACES)):
        if place.exists() and not place.is_dir():
            said = "this is no folder, so there is no library: move it away"
            yield Problem("place", said, Weight.DAMAGE, "", str(place))
            return
    yield from in_journals(ledger)
    yield from in_backups(ledger)
    yield from in_records(ledger, progress)
    yield from in_folders(ledger)
    yield from in_modes(ledger.places.home)


def in_journals(ledger: Ledger) -> Iterator[Problem]:
    """Damaged and torn lines, formats, snapshots, clocks."""
    survey = journal_files.survey(ledger.folder)
    for file, standing in sorted(ledger.following.standings.items()):
        path = ledger.folder / file
        if file not in survey.sizes:
            continue
        name = journal_files.name_of(file)
        own = name is not None and name.device == ledger.device.id and bool(ledger.device.id)
        mendable = Weight.REPAIRABLE if own else Weight.DAMAGE
        for offset, length in standing.reading.rotten:
            about = _id_in(path, offset, length)
            said = f"{length} bytes at {offset} cannot be read"
            yield Problem("rot", said, mendable, about, f"journal/{file}")
        if file.endswith(".snap") and not standing.whole:
            yield Problem("rot", "a snapshot is not whole", mendable, "", f"journal/{file}")
        if not standing.headed and standing.reading.end and not standing.whole:
            yield Problem("header", "the first line is damaged", mendable, "", f"journal/{file}")
        if standing.format > FORMAT:
            said = "written by a newer reader: it can only be read here"
            yield Problem("newer", said, Weight.NOTICE, "", f"journal/{file}")
        rest = survey.sizes[file][1] - standing.reading.end
        if rest > 0:
            said = f"{rest} bytes at the end are torn, or have not all arrived"
            yield Problem("torn", said, Weight.NOTICE, "", f"journal/{file}")
    for device in ledger.future_devices():
        yield Problem("clock", f"the clock of device {device} is ahead by days", Weight.NOTICE)


def _id_in(path: Path, offset: int, length: int) -> str:
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            found = _ID.search(stream.read(length))
    except OSError:
        return ""
    return found[1].decode("ascii") if found else ""


def in_backups(ledger: Ledger) -> Iterator[Problem]:
    """Changes that the newest backup holds and the journals have lost."""
    try:
        ids = {
            entry_id for _, entry_id, _, _ in backups.lost(ledger.device.state, ledger.documents)
        }
    except LibraryDamaged as error:
        yield Problem("backup", str(error), Weight.NOTICE)
        return
    for entry_id in sorted(ids):
        said = "what a backup says of it is not in the journals"
        yield Problem("lost", said, Weight.REPAIRABLE, entry_id)


def in_records(ledger: Ledger, progress: Progress = going_on) -> Iterator[Problem]:
    """Texts, pages and pictures that are missing or differ from what was recorded."""
    home = ledger.places.home
    with ledger.lock:
        rows = [(name, dict(document.fields)) for name, document in ledger.documents.items()]
    for number, (name, fields) in enumerate(rows):
        if not progress(number, len(rows)):
            raise Cancelled("the check was stopped")
        if is_here(fields) and fields.get("folder"):
            yield from _in_record(home, name, fields)


def _in_record(home: Path, name: str, fields: dict[str, Any]) -> Iterator[Problem]:
    folder = str(fields["folder"])
    try:
        body = article_folders.text(home, folder)
    except LibraryDamaged as error:
        yield Problem("missing", str(error), Weight.DAMAGE, name, folder)
        return
    if hashlib.sha256(body.encode("utf-8", "replace")).hexdigest() != fields.get("text"):
        said = "the text is not the one that was saved"
        yield Problem("changed", said, Weight.DAMAGE, name, f"{folder}/{article_folders.TEXT}")
    if (home / folder / article_folders.PAGE).exists():
        try:
            article_folders.page(home, folder)
        except LibraryDamaged as error:
            path = f"{folder}/{article_folders.PAGE}"
            yield Problem("page", str(error), Weight.DAMAGE, name, path)
    for key, file in fields.items():
        if key.startswith(PICTURE) and file and not (home / folder / str(file)).is_file():
            said = "a picture is missing"
            yield Problem("picture", said, Weight.DAMAGE, name, f"{folder}/{file}")


def in_folders(ledger: Ledger) -> Iterator[Problem]:
    """Folders without a record, folders of what was deleted for good, and leftovers."""
    home = ledger.places.home
    with ledger.lock:
        fields = [sound(document) for document in ledger.documents.values()]
    held = {folder for one in fields if is_here(one) for folder in folders_of(one)}
    purged = {folder for one in fields if one.get("purged") for folder in folders_of(one)}
    for folder in article_folders.found(home):
        if folder in purged:
            said = "its article was deleted for good"
            yield Problem("purged", said, Weight.REPAIRABLE, "", folder)
        elif folder not in held:
            name = folder.rpartition("/")[2].split("-")[-2:-1]
            said = "no record names this folder"
            yield Problem("orphan", said, Weight.REPAIRABLE, "".join(name), folder)
    for place in ("tmp", "trash"):
        for path in _entries(home / place):
            if place == "trash" or time.time() - path.lstat().st_mtime > A_DAY:
                said = "left over by a process that was stopped"
                yield Problem("leftover", said, Weight.NOTICE, "", f"{place}/{path.name}")


def in_modes(home: Path) -> Iterator[Problem]:
    """Folders and journals that others may read."""
    for path in (home, *_entries(home), *_entries(home / "journal")):
        try:
            mode = path.lstat().st_mode & 0o077
        except OSError:
            continue
        if mode and not path.is_symlink():
            where = "." if path == home else path.relative_to(home).as_posix()
            said = "others may read or change it"
            yield Problem("mode", said, Weight.REPAIRABLE, "", where)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
