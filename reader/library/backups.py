"""Copies of the journals outside the library.

They hold what was said of articles, never their texts: they are no backup of the library.
"""

import os
import re
from collections.abc import Container, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from reader.library import device_identity, journal_files
from reader.library.durable_io import atomic_write, read_plain_file, sync, sync_folder
from reader.library.hlc import Stamp
from reader.library.journal_codec import batched_lines
from reader.library.journal_files import JournalName
from reader.library.journal_reader import JournalReader
from reader.library.journal_writer import RECENT_SUFFIX, last_line, recent_copies
from reader.library.lww_document import Document, newer_fields, operations
from reader.model.errors import LibraryDamagedError, WriteError

_NAME: Final = re.compile(r"journals-(\d{8}T\d{6}Z)-([a-z]+)\.tar\.gz")
_MAX_BYTES: Final = 4 << 30
"""Bytes of one unpacked journal; those of 100,000 articles have 60 MB."""
_MAX_DAILY, _MAX_WEEKLY, _MAX_MONTHLY = 7, 4, 6
_MAX_NEWEST: Final = 3
"""Backups that are kept whatever their age, if there is room."""
_SHARE: Final = 0.5
"""Of the bytes of the journals, what all backups together may take."""
_RECENT_SHARE: Final = 0.4
"""Share of the journals' bytes from which copies of recent lines need a new backup.

With all backups less than the journals. ⏱ An import of 100,000 links makes four; with a quarter
six, for 4 % of its time.
"""
_MIN_RECENT_BYTES: Final = 4 << 20
"""Bytes of recent copies that are always allowed, so that a small library is not copied often."""
_MAX_ASIDE_DAYS: Final = 90
"""Days for which bytes that were set aside from journals are kept."""
_COMPRESSION_LEVEL: Final = 1
"""Level of gzip: a better one saves a tenth and takes four times as long."""
_EMPTY: Final = Document()


class Backup(NamedTuple):
    """A backup file, when it was made, in UTC, and why: `daily`, `bulk`, `purge`, `repair`, `restore`."""

    path: Path
    created_at: datetime
    reason: str


def list_backups(state: Path) -> list[Backup]:
    """List the backups, oldest first. Blocks on disk."""
    found: list[Backup] = []
    try:
        names = [path.name for path in (state / "backups").iterdir()]
    except OSError:
        return found
    for name in names:
        parts = _NAME.fullmatch(name)
        if parts:
            try:
                at = _parse_time(parts[1])
            except ValueError:
                continue
            found.append(Backup(state / "backups" / name, at, parts[2]))
    return sorted(found, key=lambda backup: backup.path.name)


def _parse_time(stamp: str) -> datetime:
    """Return the time in a file name. ⏱ Without `strptime`, whose import takes 10 ms."""
    date, time = stamp[:8], stamp[9:15]
    return datetime.fromisoformat(
        f"{date[:4]}-{date[4:6]}-{date[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}+00:00"
    )


def create(home: Path, state: Path, reason: str, now: float) -> dict[str, int] | None:
    """Copy the journals as they are now and delete old copies.

    Raises WriteError. Blocks, about a second for 100,000 articles; holds no lock, because journals
    only grow.
    """
    names = journal_files.list_journals(home / "journal").names
    if not names:
        return None
    folder = state / "backups"
    at = datetime.fromtimestamp(now, UTC)
    target = folder / f"journals-{at:%Y%m%dT%H%M%SZ}-{reason}.tar.gz"
    part = folder / f".{target.name}.{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sizes = _pack(part, [home / "journal" / name.file for name in names])
        part.rename(target)
        sync_folder(folder)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise WriteError(
            f"no backup was made: {device_identity.describe_obstacle(folder, error)}"
        ) from None
    # A copy that cannot be removed costs its space, and nothing else.
    with suppress(OSError):
        _delete_old(state, at, int(sum(sizes.values()) * _SHARE))
    return sizes


def delete_recent_lines(state: Path) -> None:
    """Delete the copies of lines since the last backup. Raises OSError."""
    for path in recent_copies(state / "backups"):
        path.unlink(missing_ok=True)


def trim_recent_lines(home: Path, state: Path, sizes: Mapping[str, int]) -> None:
    """Forget the copies of lines that a backup holds; the caller holds the library's lock.

    The last line of each stays: by it a device knows its own log again. Raises OSError.
    """
    for path in recent_copies(state / "backups"):
        file = path.name.removesuffix(RECENT_SUFFIX)
        log = home / "journal" / file
        if file in sizes and log.exists() and log.stat().st_size != sizes[file]:
            continue
        line = last_line(path)
        if line is None:
            path.unlink(missing_ok=True)
        elif path.stat().st_size > len(line):
            atomic_write(path, line)


def has_outgrown(state: Path, journal_bytes: int) -> bool:
    """Return whether the copies of recent lines take so much that a backup should replace them."""
    limit = max(_MIN_RECENT_BYTES, int(journal_bytes * _RECENT_SHARE))
    size = 0
    for path in recent_copies(state / "backups"):
        with suppress(OSError):
            size += path.stat().st_size
    return size > limit


def _pack(part: Path, files: list[Path]) -> dict[str, int]:
    """Write the archive; return how many bytes of each file it has. Raises OSError."""
    import tarfile  # Here and below: a mark looks whether a backup is due, and makes none.

    sizes: dict[str, int] = {}
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with (
        os.fdopen(descriptor, "wb") as stream,
        tarfile.open(fileobj=stream, mode="w:gz", compresslevel=_COMPRESSION_LEVEL) as archive,
    ):
        for file in files:
            with file.open("rb") as content:
                entry = tarfile.TarInfo(file.name)
                # The size as it is now: what another process appends meanwhile is not copied.
                entry.size = os.fstat(content.fileno()).st_size
                archive.addfile(entry, content)
                sizes[file.name] = entry.size
        archive.close()
        stream.flush()
        sync(descriptor)
    return sizes


def is_due(state: Path, now: float) -> bool:
    """Return whether no backup was made today, by UTC."""
    today = datetime.fromtimestamp(now, UTC).date()
    return not any(backup.created_at.date() == today for backup in list_backups(state))


def _delete_old(state: Path, now: datetime, limit: int) -> None:
    """Keep the newest of each of 7 days, 4 weeks and 6 months, and three more.

    Of these the newest ones that take `limit` bytes together, and at least one that counts.
    """
    backups = list_backups(state)
    kept = {backup.path for backup in backups[-_MAX_NEWEST:]}
    for length, count, period in (
        (timedelta(days=_MAX_DAILY), _MAX_DAILY, "%Y-%m-%d"),
        (timedelta(weeks=_MAX_WEEKLY), _MAX_WEEKLY, "%G-%V"),
        (timedelta(days=31 * _MAX_MONTHLY), _MAX_MONTHLY, "%Y-%m"),
    ):
        newest: dict[str, Path] = {}
        for backup in backups:
            if backup.created_at > now - length:
                newest[f"{backup.created_at:{period}}"] = backup.path
        kept |= set(list(newest.values())[-count:])
    trusted = latest_trusted(state)
    size = 0
    for backup in reversed(backups):
        size += backup.path.stat().st_size
        if trusted is not None and backup.path == trusted.path:
            continue
        if backup.path not in kept or size > limit:
            backup.path.unlink(missing_ok=True)
    _delete_old_asides(state, now)


def _delete_old_asides(state: Path, now: datetime) -> None:
    import shutil

    oldest = now.timestamp() - _MAX_ASIDE_DAYS * 86_400
    for path in (state / "backups").iterdir():
        if path.name.startswith(("torn-", "damaged-", "replaced-")):
            if path.lstat().st_mtime >= oldest:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def read_files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Return the journals in a backup: file name and content. Raises LibraryDamagedError."""
    import tarfile

    try:
        with tarfile.open(path, "r:gz") as archive:
            for entry in archive:
                if not entry.isfile() or journal_files.parse_name(entry.name) is None:
                    continue
                if entry.size > _MAX_BYTES:
                    raise LibraryDamagedError(f"{path} is damaged: {entry.name} is too large")
                content = archive.extractfile(entry)
                yield entry.name, content.read() if content is not None else b""
    except (OSError, EOFError, tarfile.TarError, ValueError) as error:
        raise LibraryDamagedError(f"{path} cannot be read as a backup: {error}") from None


def latest_trusted(state: Path) -> Backup | None:
    """Return the newest backup that lost changes may be taken from.

    None from before a restore, which was meant, and none of journals that were damaged.
    """
    found = [backup for backup in list_backups(state) if backup.reason != "repair"]
    last = next((backup for backup in reversed(found) if backup.reason == "restore"), None)
    later = [backup for backup in found if last is None or backup.path.name > last.path.name]
    return later[-1] if later else None


def _copied_files(state: Path) -> Iterator[tuple[JournalName, bytes, bool]]:
    """Yield the files of the newest backup that counts, and the copies of lines since.

    The flag says that the copy is the beginning of its file, not its end.
    """
    newest = latest_trusted(state)
    for file, content in read_files(newest.path) if newest else ():
        name = journal_files.parse_name(file)
        if name is not None:
            yield name, content, True
    for path in sorted(recent_copies(state / "backups")):
        name = journal_files.parse_name(path.name.removesuffix(RECENT_SUFFIX))
        if name is not None:
            with suppress(OSError):
                yield name, read_plain_file(path), False


CopiedChange = tuple[JournalName, str, dict[str, Any], Stamp]
"""The file, id, fields and clock of a change in the copies of the state folder."""


def missing_changes(
    state: Path, documents: Mapping[str, Document], reader: JournalReader | None = None
) -> Iterator[CopiedChange]:
    """Yield what was copied and the documents lack. Raises LibraryDamagedError.

    Lines still in a file that `reader` has read are not parsed: comparing bytes takes a
    hundredth of the time.
    """
    for name, content, is_start in _copied_files(state):
        if reader is not None and _holds(reader, name.file, content, is_start):
            continue
        for lines in batched_lines(content):
            for entry_id, fields, stamp in operations(lines, name.device):
                document = documents.get(entry_id, _EMPTY)
                missing = newer_fields(document, fields, stamp)
                if missing:
                    yield name, entry_id, missing, stamp


def current_changes(
    state: Path, documents: Mapping[str, Document], devices: Container[str]
) -> Iterator[CopiedChange]:
    """Yield the changes in copied logs of these devices that nothing has overwritten since.

    Raises LibraryDamagedError.
    """
    for name, content, _ in _copied_files(state):
        if name.kind != "log" or name.device not in devices:
            continue
        for lines in batched_lines(content):
            for entry_id, fields, stamp in operations(lines, name.device):
                document = documents.get(entry_id, _EMPTY)
                newer = newer_fields(document, fields, stamp)
                current = {
                    key: value
                    for key, value in fields.items()
                    if key in newer or document.stamp(key) == stamp
                }
                if current:
                    yield name, entry_id, current, stamp


def _holds(reader: JournalReader, file: str, content: bytes, is_start: bool) -> bool:
    """Return whether a journal that was read begins or ends with these bytes."""
    progress, covered = reader.progress.get(file), reader.covered.get(file)
    end = progress.scan.end if progress else covered.end if covered else 0
    if not content or len(content) > end:
        return False
    try:
        with journal_files.open_journal(reader.folder / file) as stream:
            stream.seek(0 if is_start else end - len(content))
            return stream.read(len(content)) == content
    except OSError:
        return False
