"""Repairs of a library: what was lost is brought back, what is damaged set aside, never deleted."""

import shutil
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from reader.library import article_folders, backups, compaction, integrity_checks, journal_files
from reader.library.document_store import DocumentStore
from reader.library.durable_io import atomic_write
from reader.library.journal_codec import FORMAT, encode
from reader.library.record_builder import exists
from reader.model.diagnostics import Diagnostic
from reader.model.errors import LibraryDamagedError, WriteError
from reader.model.text import count_words

ADOPTED_CLOCK = (1, 0)
"""The clock of what a folder says of itself: later than samples, earlier than any person's word."""


def repair(ledger: DocumentStore, found: Iterable[Diagnostic], now: float) -> None:
    """Mend what can be mended of these findings. Make a backup before. Raises LibraryError."""
    kinds: dict[str, list[Diagnostic]] = {}
    for problem in found:
        kinds.setdefault(problem.kind, []).append(problem)
    home = ledger.places.home
    if "lost" in kinds:
        _restore_missing(ledger, now)
    if "rot" in kinds or "header" in kinds:
        _rewrite_journal(ledger, now)
    if "orphan" in kinds or "lost" in kinds:
        _adopt(ledger)
    for problem in integrity_checks.check_folders(ledger):
        if problem.kind == "purged":
            article_folders.remove(home, problem.path)
        elif problem.kind == "leftover":
            shutil.rmtree(home / problem.path, ignore_errors=True)
            _ignore_missing((home / problem.path).unlink, home / problem.path)
    for problem in kinds.get("mode", ()):
        path = home / problem.path
        _ignore_missing(partial(path.chmod, 0o700 if path.is_dir() else 0o600), path)


def _ignore_missing(action: Callable[[], object], path: Path) -> None:
    try:
        action()
    except FileNotFoundError:
        return
    except OSError as error:
        raise WriteError(f"{path} cannot be mended: {error.strerror}") from None


def _copy(source: Path, target: Path) -> None:
    """Raises OSError; else the copy is durable before what it is of may go."""
    atomic_write(target, source.read_bytes())


def _restore_missing(ledger: DocumentStore, now: float) -> None:
    """Lines that only the newest backup has, with their own clocks, in files beside the journals."""
    files: dict[str, list[bytes]] = {}
    for file, entry_id, fields, stamp in backups.missing_changes(
        ledger.device.state, ledger.documents
    ):
        line = {"c": [stamp.ms, stamp.counter], "o": "set", "i": entry_id, "f": fields}
        files.setdefault(file, []).append(encode(line))
    with ledger.writing():
        for file, lines in files.items():
            name = journal_files.parse_name(file)
            if name is None:
                continue
            header = encode({"format": FORMAT, "device": name.device, "n": name.number})
            at = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
            target = ledger.folder / f"{name.device}-{name.number}.restored-{at}-{name.kind}.log"
            try:
                atomic_write(target, header + b"".join(lines))
            except OSError as error:
                raise WriteError(f"not repaired: {error.strerror} ({target})") from None
        ledger.refresh()


def _rewrite_journal(ledger: DocumentStore, now: float) -> None:
    """A new generation of this device's journal from every line that can be read.

    The damaged files are kept beside the backups.
    """
    with ledger.writing():
        rotten = {
            file
            for file, standing in ledger.reader.progress.items()
            if standing.is_damaged
            or not standing.has_header
            or (file.endswith(".snap") and not standing.is_complete)
        }
        own = [
            name.file
            for name in journal_files.list_journals(ledger.folder).names
            if name.device == ledger.device.id and name.file in rotten
        ]
        if not own:
            return
        number = ledger.start_log()
        compaction.write_snapshot(ledger.places.home, ledger.device.id, number, despite_rot=True)
        aside = ledger.device.state / "backups"
        at = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
        try:
            aside.mkdir(parents=True, exist_ok=True, mode=0o700)
            for file in own:
                _copy(ledger.folder / file, aside / f"damaged-{at}-{file}")
                (ledger.folder / file).unlink(missing_ok=True)
                ledger.reader.progress.pop(file, None)
        except OSError as error:
            raise WriteError(f"not repaired: {error.strerror} ({aside})") from None
        ledger.refresh()


def _adopt(ledger: DocumentStore) -> None:
    """Records for folders that have none, out of their front matter."""
    home = ledger.places.home
    with ledger.writing():
        for problem in integrity_checks.check_folders(ledger):
            if problem.kind != "orphan":
                continue
            try:
                values = article_folders.read_front_matter(home, problem.path)
            except LibraryDamagedError:
                continue
            name = values.get("id")
            if not isinstance(name, str) or name != problem.id or len(name) != 12:
                continue
            document = ledger.documents.get(name)
            held = document.fields if document else {}
            if not exists(held) and held.get("purged"):
                continue
            words = count_words(article_folders.read_text(home, problem.path))
            text = {"text": values.get("sha256"), "folder": problem.path, "words": words}
            if not exists(held):
                ledger.commit({name: _creation_fields(values) | text}, clock=ADOPTED_CLOCK)
            elif (
                not held.get("text")
                or not (home / str(held.get("folder")) / article_folders.TEXT).exists()
            ):
                ledger.commit({name: text})
            else:
                former = [*(held.get("former") or ()), problem.path]
                ledger.commit({name: {"former": former}})


def _creation_fields(values: dict[str, object]) -> dict[str, object]:
    kept = (
        "url", "title", "byline", "site", "published", "added", "language", "description",
        "suggested",
    )  # fmt: skip
    return {key: values[key] for key in kept if key in values} | {"deleted": False}


def restore(ledger: DocumentStore, backup: Path, now: float) -> None:
    """Put the journals of a backup in the place of those that are there, which are kept.

    This device gets a new id: others may hold more of its old journal than the backup does.
    Raises LibraryDamaged, NotSaved.
    """
    files = dict(backups.read_files(backup))
    if not files:
        raise LibraryDamagedError(f"{backup} holds no journal")
    with ledger.writing():
        backups.create(ledger.places.home, ledger.device.state, "restore", now)
        at = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
        aside = ledger.device.state / "backups" / f"replaced-{at}"
        try:
            backups.discard_recent_lines(ledger.device.state)
            aside.mkdir(parents=True, exist_ok=True, mode=0o700)
            for name in journal_files.list_journals(ledger.folder).names:
                _copy(ledger.folder / name.file, aside / name.file)
            for file, content in files.items():
                atomic_write(ledger.folder / file, content)
            for name in journal_files.list_journals(ledger.folder).names:
                if name.file not in files:
                    (ledger.folder / name.file).unlink(missing_ok=True)
            (ledger.device.state / "device.json").unlink(missing_ok=True)
            (ledger.device.state / "steps.log").unlink(missing_ok=True)
        except OSError as error:
            raise WriteError(f"not restored: {error.strerror} ({ledger.folder})") from None
