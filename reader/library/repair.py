"""Repairs of a library; damaged files are moved to the state folder, never deleted."""

import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from reader.library import (
    article_folders,
    backups,
    compaction,
    folder_records,
    integrity_checks,
    journal_files,
    lost_changes,
)
from reader.library.document_store import DocumentStore
from reader.library.durable_io import atomic_write
from reader.model.diagnostics import Diagnostic
from reader.model.errors import LibraryDamagedError, WriteError


def repair(store: DocumentStore, found: Iterable[Diagnostic], now: float) -> None:
    """Repair what can be repaired of these findings. Make a backup before. Raises LibraryError.

    Each repair holds the library's lock and looks again under it: other processes may be at work.
    """
    kinds: dict[str, list[Diagnostic]] = {}
    for problem in found:
        kinds.setdefault(problem.kind, []).append(problem)
    home = store.places.home
    if "lost" in kinds:
        with store.writing():
            lost_changes.restore(store.folder, store.device.state, store.documents, now)
            store.refresh()
    if "rot" in kinds or "header" in kinds:
        _rewrite_journal(store, now)
    with store.writing():
        folder_records.settle_abandoned(store)
        left = list(integrity_checks.check_folders(store))
        folder_records.adopt(store, (each.path for each in left if each.kind == "orphan"))
        moved, failure = folder_records.set_aside_unnamed(
            store, (each.path for each in left if each.kind == "purged")
        )
    article_folders.delete_set_aside(home, moved)
    for problem in left:
        if problem.kind == "leftover":
            place, _, name = problem.path.partition("/")
            path = home / problem.path
            _ignore_missing(partial(article_folders.remove_leftover, home, place, name), path)
    for problem in kinds.get("mode", ()):
        path = home / problem.path
        _ignore_missing(partial(path.chmod, 0o700 if path.is_dir() else 0o600), path)
    if failure:
        raise WriteError(failure)


def _ignore_missing(action: Callable[[], object], path: Path) -> None:
    try:
        action()
    except FileNotFoundError:
        return
    except OSError as error:
        raise WriteError(f"{path} cannot be repaired: {error.strerror}") from None


def _copy(source: Path, target: Path) -> None:
    """Copy a file; durable on return. Raises OSError."""
    atomic_write(target, source.read_bytes())


def _rewrite_journal(store: DocumentStore, now: float) -> None:
    """Write a new generation of this device's journal from every readable line.

    The damaged files are kept in the folder of the backups.
    """
    with store.writing():
        rotten = {
            file
            for file, progress in store.reader.progress.items()
            if progress.is_damaged
            or not progress.has_header
            or (file.endswith(".snap") and not progress.is_complete)
        }
        own = [
            name.file
            for name in journal_files.list_journals(store.folder).names
            if name.device == store.device.id and name.file in rotten
        ]
        if not own:
            return
        number = store.start_log()
        compaction.write_snapshot(store.places.home, store.device.id, number, despite_rot=True)
        aside = store.device.state / "backups"
        at = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
        try:
            aside.mkdir(parents=True, exist_ok=True, mode=0o700)
            for file in own:
                _copy(store.folder / file, aside / f"damaged-{at}-{file}")
                (store.folder / file).unlink(missing_ok=True)
                store.reader.progress.pop(file, None)
        except OSError as error:
            raise WriteError(f"not repaired: {error.strerror} ({aside})") from None
        store.refresh()


def restore(store: DocumentStore, backup: Path, now: float) -> None:
    """Replace the journals by those of a backup, and keep the replaced ones.

    This device gets a new id: others may hold more of its old journal than the backup does.
    Raises LibraryDamagedError, WriteError.
    """
    files = dict(backups.read_files(backup))
    if not files:
        raise LibraryDamagedError(f"{backup} holds no journal")
    with store.writing():
        backups.create(store.places.home, store.device.state, "restore", now)
        at = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
        aside = store.device.state / "backups" / f"replaced-{at}"
        try:
            backups.delete_recent_lines(store.device.state)
            aside.mkdir(parents=True, exist_ok=True, mode=0o700)
            for name in journal_files.list_journals(store.folder).names:
                _copy(store.folder / name.file, aside / name.file)
            for file, content in files.items():
                atomic_write(store.folder / file, content)
            for name in journal_files.list_journals(store.folder).names:
                if name.file not in files:
                    (store.folder / name.file).unlink(missing_ok=True)
            (store.device.state / "device.json").unlink(missing_ok=True)
            (store.device.state / "steps.log").unlink(missing_ok=True)
        except OSError as error:
            raise WriteError(f"not restored: {error.strerror} ({store.folder})") from None
