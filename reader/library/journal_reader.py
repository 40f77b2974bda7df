"""The journals of a library followed: how far each was read, and what lies beyond."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from reader.library import journal_files
from reader.library.journal_codec import EncodedLine, ScanResult
from reader.library.journal_files import FileProgress, JournalListing, JournalName
from reader.model.errors import LibraryError


def _accept_all(name: JournalName) -> bool:
    return True


class JournalReader:
    """Reads every line once, whatever comes, grows or is compacted; not safe from several threads.

    `standings` are those of a former time to go on from, by file name. `own` is this device's id:
    its log was complete when it was closed, so a snapshot that closes it says nothing new; that
    of another device may arrive before the end of the log. `wanted` chooses among the files.
    """

    def __init__(
        self,
        folder: Path,
        standings: Mapping[str, FileProgress] | None = None,
        *,
        own: str = "",
        wanted: Callable[[JournalName], bool] = _accept_all,
    ):
        self.folder = folder
        self.own = own
        self.progress: dict[str, FileProgress] = dict(standings or {})
        self.listing = JournalListing(
            sizes={file: (each.inode, each.scan.end) for file, each in self.progress.items()}
        )
        # Inodes are used again: what stood there at a former time is looked at once.
        self._unconfirmed = set(self.progress)
        self._latest = self.listing
        self._accept = wanted

    def poll(self) -> bool:
        """See which files there are, and whether they are others or longer than at the last look.

        Blocks for one `stat` a file. Raises LibraryError.
        """
        self._latest = journal_files.list_journals(self.folder, self._accept)
        if self._latest.sizes != self.listing.sizes:
            return True
        if not all(
            self._has_same_last_line(file, self.progress[file]) for file in self._unconfirmed
        ):
            return True
        self._unconfirmed.clear()
        return False

    def must_restart(self) -> bool:
        """Whether something that was read is there no longer: then all must be read anew.

        A file may be exchanged for a longer one with the same beginning, as synchronisers do. One
        that is gone is no loss where a snapshot of its device came after it.
        """
        for file, standing in list(self.progress.items()):
            now = self._latest.sizes.get(file)
            if now == self.listing.sizes.get(file) and file not in self._unconfirmed:
                continue
            if now is None:
                if not self._is_covered(file):
                    return True
                del self.progress[file]
            elif now[1] < standing.scan.end or not self._has_same_last_line(file, standing):
                return True
            else:
                standing.inode = now[0]
        return False

    def restart(self) -> None:
        """Begin again with the first line of every file."""
        self.progress.clear()
        self._unconfirmed.clear()

    def read_new_lines(self) -> Iterator[tuple[JournalName, list[dict[str, Any]]]]:
        """The good lines of the last look's files beyond what was read, in lists, with their file.

        Everything counts as read when the iterator is exhausted. Blocks on disk, linear in what
        is new. Raises LibraryError; then the next look goes on from there.
        """
        for names in self._latest.by_device():
            done: set[str] = set()
            # A snapshot may prove damaged when it is read: then the generation before counts too.
            while unread := [
                name
                for name in journal_files.select_generation(names, self._verifies)
                if name.file not in done and not self._is_read(name)
            ]:
                for name in unread:
                    done.add(name.file)
                    for batch in self._read_file(name):
                        yield name, batch
        self.listing = self._latest
        self._unconfirmed.clear()

    def note_own_write(self, file: str, inode: int, at: int, drafts: list[EncodedLine]) -> None:
        """Count lines as read that this process has just appended at this offset."""
        standing = self.progress.setdefault(
            file, FileProgress(inode, ScanResult(), has_header=True)
        )
        standing.inode = inode
        reading = standing.scan
        reading.end = max(reading.end, at)
        for draft in drafts:
            reading.last, reading.end = at, at + len(draft.content)
            reading.crc = draft.content[:8].decode("ascii")
            standing.changes += 1
            at = reading.end
        if file not in self.listing.sizes:
            name = journal_files.parse_name(file)
            if name is not None:
                self.listing.names.append(name)
        self.listing.sizes[file] = (inode, at)

    def damaged_files(self) -> list[str]:
        """The files that count and have lines that cannot be read."""
        return [file for file, standing in self.progress.items() if standing.is_damaged]

    def _is_covered(self, file: str) -> bool:
        gone = journal_files.parse_name(file)
        return gone is not None and any(
            name.device == gone.device
            and name.kind == "snap"
            and name.number > gone.number
            and not name.conflict
            and self._verifies(name)
            for name in self._latest.names
        )

    def _has_same_last_line(self, file: str, standing: FileProgress) -> bool:
        """Whether the line that was read last still stands where it stood."""
        if not standing.scan.crc:
            return True
        try:
            with (self.folder / file).open("rb") as stream:
                stream.seek(standing.scan.last)
                return stream.read(8) == standing.scan.crc.encode("latin-1")
        except OSError:
            return False

    def _verifies(self, name: JournalName) -> bool:
        standing = self.progress.get(name.file)
        if standing is not None and standing.is_damaged:
            return False
        return (standing is not None and standing.is_complete) or journal_files.has_trailer(
            self.folder / name.file
        )

    def _is_read(self, name: JournalName) -> bool:
        standing, size = self.progress.get(name.file), self._latest.sizes[name.file]
        return standing is not None and standing.scan.end == size[1]

    def _read_file(self, name: JournalName) -> Iterator[list[dict[str, Any]]]:
        inode, size = self._latest.sizes[name.file]
        standing = self.progress.get(name.file)
        if standing is None or (name.kind == "snap" and not standing.is_complete):
            # A snapshot is read at one go: its last line says how many there must be.
            standing = self.progress[name.file] = FileProgress(inode, ScanResult())
            if self._repeats_own_log(name):
                standing.scan.end, standing.is_complete = size, True
                return
        try:
            yield from journal_files.read_lines(self.folder / name.file, standing)
        except FileNotFoundError:
            # Compacted or taken away by a synchroniser meanwhile; the next look shows what came.
            del self.progress[name.file]
        except OSError as error:
            raise LibraryError(
                f"{self.folder / name.file} cannot be read: {error.strerror}"
            ) from None

    def _repeats_own_log(self, name: JournalName) -> bool:
        if name.kind != "snap" or name.conflict or not self.own or name.device != self.own:
            return False
        log = f"{name.device}-{name.number - 1}.log"
        standing = self.progress.get(log)
        return (
            standing is not None
            and not standing.is_damaged
            and self._latest.sizes.get(log) == (standing.inode, standing.scan.end)
        )
