"""A reader that follows the journals of a library."""

import zlib
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from reader.library import journal_files
from reader.library.journal_codec import ScanResult
from reader.library.journal_files import AppendedStamp, FileProgress, FileStamp, JournalName
from reader.model.errors import LibraryError


class CoveredFile(NamedTuple):
    """A file that a snapshot stands for: its stamp, and the compared length and CRC-32."""

    stamp: FileStamp
    is_settled: bool = False
    end: int = 0
    crc: int = 0


def _scan_in(files: object, file: str) -> ScanResult | None:
    """Return what a trailer says of a file; None if it says nothing that makes sense."""
    row = files.get(file) if isinstance(files, dict) else None
    if type(row) is list and len(row) == 2 and all(type(each) is int for each in row):
        return ScanResult(row[0], row[1])
    return None


def _accept_all(name: JournalName) -> bool:
    return True


class JournalReader:
    """Reads every line that counts once, while files come, grow, shrink or disappear.

    Which lines count depends on nothing but the files that are there: those of
    `select_generation`, for each device. What a reader holds is the fold of the lines that it has
    yielded since `restart`. The invariant: after `read_new_lines` these are exactly the lines that
    count. Folding a line twice changes nothing, so it is enough that

    1. every line that counts was read: a file whose stamp differs from that of the last time, or
       whose stamp could stand for two contents, is read on from the end of the last good line;
    2. every line that was read counts still: `must_restart` is true if a file that was read is
       gone, if its first bytes are not those that were read (by their checksum), or if it no
       longer counts because a newer snapshot of its device is complete.

    A file for which a snapshot stands is not read, but compared with what the snapshot was made
    from: `covered` holds the result.

    With `trusts_own_writes`, which a job of many batches sets between them, a file that has the
    stamp of this process's last append to it counts as compared: else each batch would read all
    that the former ones wrote. The first reading afterwards compares it.

    A later pass over a file begins behind the last good line and so gives what one pass over the
    whole file gives. Not safe from several threads. `progress`, `stamps` and `covered` are those
    of a former time to continue from, by file name. `accept` chooses among the files.
    """

    def __init__(
        self,
        folder: Path,
        progress: Mapping[str, FileProgress] | None = None,
        stamps: Mapping[str, FileStamp] | None = None,
        covered: Mapping[str, CoveredFile] | None = None,
        *,
        accept: Callable[[JournalName], bool] = _accept_all,
    ):
        self.folder = folder
        self.progress: dict[str, FileProgress] = dict(progress or {})
        self.covered: dict[str, CoveredFile] = dict(covered or {})
        self.listing = journal_files.listing_of(stamps or {})
        self._latest = self.listing
        self._accept = accept
        self._is_broken = False
        self.trusts_own_writes = False
        self._own_stamps: dict[str, FileStamp] = {}

    def poll(self) -> bool:
        """List the files; return whether there may be something new since the last reading.

        Blocks for one `stat` a file; reads those whose stamp could stand for another content.
        Raises LibraryError.
        """
        self._latest = journal_files.list_journals(self.folder, self._accept)
        return (
            self._is_broken
            or self._latest.stamps != self.listing.stamps
            or not all(each.is_settled for each in self.covered.values())
            or not all(
                self._is_compared(file, each)
                or journal_files.is_unchanged(self.folder / file, each)
                for file, each in self.progress.items()
            )
        )

    def must_restart(self) -> bool:
        """Return whether something that was read no longer counts: then all must be read again.

        Blocks: reads what was read of the files that may have changed, to compare checksums.
        """
        if self._is_broken:
            return True
        for file, progress in self.progress.items():
            stamp = self._latest.stamps.get(file)
            if stamp is None:
                return True
            if stamp == progress.stamp and self._is_compared(file, progress):
                continue
            if stamp.size < progress.scan.end or not journal_files.has_same_start(
                self.folder / file, progress.scan
            ):
                return True
            progress.verified = stamp
        return any(self._is_superseded(names) for names in self._latest.by_device())

    def _is_compared(self, file: str, progress: FileProgress) -> bool:
        """Return whether the stamp of what was read of the file stands for its content."""
        return progress.is_settled or (
            self.trusts_own_writes and self._own_stamps.get(file) == progress.stamp
        )

    @property
    def size(self) -> int:
        """Bytes of all journal files."""
        return sum(stamp.size for stamp in self.listing.stamps.values())

    @property
    def is_broken(self) -> bool:
        """Return whether a file disappeared or was exchanged while it was read."""
        return self._is_broken

    def restart(self) -> None:
        """Begin again with the first line of every file."""
        self.progress.clear()
        self.covered.clear()
        self._is_broken = False

    def read_new_lines(self) -> Iterator[tuple[JournalName, list[dict[str, Any]]]]:
        """Yield the unread lines of the files of the last poll, in lists, with their file.

        Blocks on disk, linear in the new lines. An iterator that is not exhausted leaves a reader
        that must restart. Raises LibraryError.
        """
        self._is_broken = True
        is_whole = True
        for names in self._latest.by_device():
            done: set[str] = set()
            # A snapshot may prove incomplete when it is read: then the one before counts as well.
            while unread := [name for name in self._select(names, done) if name.file not in done]:
                for name in unread:
                    done.add(name.file)
                    if self._may_have_more(name.file):
                        for batch in self._read_file(name):
                            yield name, batch
                        is_whole &= name.file in self.progress
        self.listing = self._latest
        for file in [file for file in self.covered if file not in self.listing.stamps]:
            del self.covered[file]
        self._is_broken = not is_whole

    def note_own_write(
        self, file: str, appended: AppendedStamp, start: int, content: bytes, changes: int
    ) -> None:
        """Count lines as read that this process has just appended at this offset.

        Unless the stamp afterwards is settled, the next reading compares the whole file with it.
        """
        stamp = appended.stamp
        progress = self.progress.setdefault(file, FileProgress(stamp, has_header=True))
        self._is_broken |= start != progress.scan.end
        progress.scan.crc = zlib.crc32(content, progress.scan.crc)
        progress.scan.end = start + len(content)
        progress.changes += changes
        progress.stamp, progress.is_settled = appended
        self._own_stamps[file] = stamp
        if file not in self.listing.stamps:
            name = journal_files.parse_name(file)
            if name is not None:
                self.listing.names.append(name)
        self.listing.stamps[file] = stamp

    def repeated_ids(self) -> tuple[frozenset[str], int]:
        """Return ids that have several changes in the files of the last poll, and how many ids there are.

        A guess from the bytes, since files change meanwhile. ⏱ A tenth of the time of parsing.
        Blocks: reads the files.
        """
        repeated: set[bytes] = set()
        known: set[bytes] = set()
        for names in self._latest.by_device():
            for name in self._select(names):
                for found in journal_files.read_ids(self.folder / name.file):
                    some = set(found)
                    repeated |= known & some
                    if len(some) < len(found):
                        repeated.update(each for each, count in Counter(found).items() if count > 1)
                    known |= some
        return frozenset(each.decode() for each in repeated), len(known)

    def content_of(self, file: str) -> ScanResult | None:
        """Return length and CRC-32 of a whole file that was read or compared.

        Blocks on disk.
        """
        progress, covered = self.progress.get(file), self.covered.get(file)
        if progress is not None:
            size = progress.stamp.size
            if size == progress.scan.end:
                return progress.scan
            return journal_files.checksum(self.folder / file, size)
        return ScanResult(covered.end, covered.crc) if covered and covered.end else None

    def damaged_files(self) -> list[str]:
        """Return the files in use that have unreadable lines."""
        return [file for file, progress in self.progress.items() if progress.is_damaged]

    def _select(self, names: list[JournalName], read: Container[str] = ()) -> list[JournalName]:
        return journal_files.select_generation(
            names, lambda name: self._is_complete(name, name.file in read), self._is_covered
        )

    def _is_superseded(self, names: list[JournalName]) -> bool:
        """Return whether a file of this device was read that counts no longer."""
        counting = {name.file for name in self._select(names)}
        return any(name.file in self.progress and name.file not in counting for name in names)

    def _is_complete(self, name: JournalName, is_read: bool = False) -> bool:
        """Return whether a snapshot is complete, or can only be found incomplete by reading it."""
        progress = self.progress.get(name.file)
        if progress is not None and (is_read or progress.stamp == self._latest.stamps[name.file]):
            return progress.is_complete
        return journal_files.read_trailer(self.folder / name.file) is not None

    def _is_covered(self, base: JournalName, name: JournalName) -> bool:
        """Return whether the snapshot was made from this file as it is now."""
        trailer = journal_files.read_trailer(self.folder / base.file) or {}
        stamp = self._latest.stamps[name.file]
        if "of" not in trailer:
            self.covered[name.file] = CoveredFile(stamp, is_settled=True)
            return True
        scan = _scan_in(trailer["of"], name.file)
        known = self.covered.pop(name.file, None)
        if scan is None or stamp.size != scan.end:
            return False
        found = CoveredFile(stamp, stamp.is_settled(), scan.end, scan.crc)
        is_same = known is not None and known == found and known.is_settled
        if not is_same and not journal_files.has_same_start(self.folder / name.file, scan):
            return False
        self.covered[name.file] = found
        return True

    def _may_have_more(self, file: str) -> bool:
        progress = self.progress.get(file)
        return (
            progress is None
            or progress.stamp != self._latest.stamps[file]
            or not self._is_compared(file, progress)
        )

    def _read_file(self, name: JournalName) -> Iterator[list[dict[str, Any]]]:
        progress = self.progress.setdefault(name.file, FileProgress(self._latest.stamps[name.file]))
        try:
            yield from journal_files.read_lines(self.folder / name.file, progress)
        except (FileNotFoundError, journal_files.OtherContentError):
            # Compacted or taken away by a synchroniser meanwhile; the next poll shows what came.
            del self.progress[name.file]
        except OSError as error:
            del self.progress[name.file]
            raise LibraryError(
                f"{self.folder / name.file} cannot be read: {error.strerror}"
            ) from None
