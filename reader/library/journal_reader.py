"""The journals of a library followed: how far each was read, and what lies beyond."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from reader.library import journal_files
from reader.library.journal_codec import Draft, Reading
from reader.library.journal_files import Name, Standing, Survey
from reader.model.errors import LibraryError


def _all(name: Name) -> bool:
    return True


class Following:
    """Reads every line once, whatever comes, grows or is compacted; not safe from several threads.

    `standings` are those of a former time to go on from, by file name. `own` is this device's id:
    its log was complete when it was closed, so a snapshot that closes it says nothing new; that
    of another device may arrive before the end of the log. `wanted` chooses among the files.
    """

    def __init__(
        self,
        folder: Path,
        standings: Mapping[str, Standing] | None = None,
        *,
        own: str = "",
        wanted: Callable[[Name], bool] = _all,
    ):
        self.folder = folder
        self.own = own
        self.standings: dict[str, Standing] = dict(standings or {})
        self.survey = Survey(
            sizes={file: (each.inode, each.reading.end) for file, each in self.standings.items()}
        )
        # Inodes are used again: what stood there at a former time is looked at once.
        self._unsure = set(self.standings)
        self._found = self.survey
        self._wanted = wanted

    def look(self) -> bool:
        """See which files there are, and whether they are others or longer than at the last look.

        Blocks for one `stat` a file. Raises LibraryError.
        """
        self._found = journal_files.survey(self.folder, self._wanted)
        if self._found.sizes != self.survey.sizes:
            return True
        if not all(self._begins_alike(file, self.standings[file]) for file in self._unsure):
            return True
        self._unsure.clear()
        return False

    def is_cut(self) -> bool:
        """Whether something that was read is there no longer: then all must be read anew.

        A file may be exchanged for a longer one with the same beginning, as synchronisers do. One
        that is gone is no loss where a snapshot of its device came after it.
        """
        for file, standing in list(self.standings.items()):
            now = self._found.sizes.get(file)
            if now == self.survey.sizes.get(file) and file not in self._unsure:
                continue
            if now is None:
                if not self._is_covered(file):
                    return True
                del self.standings[file]
            elif now[1] < standing.reading.end or not self._begins_alike(file, standing):
                return True
            else:
                standing.inode = now[0]
        return False

    def forget(self) -> None:
        """Begin again with the first line of every file."""
        self.standings.clear()
        self._unsure.clear()

    def lines(self) -> Iterator[tuple[Name, list[dict[str, Any]]]]:
        """The good lines of the last look's files beyond what was read, in lists, with their file.

        Everything counts as read when the iterator is exhausted. Blocks on disk, linear in what
        is new. Raises LibraryError; then the next look goes on from there.
        """
        for names in self._found.by_device():
            done: set[str] = set()
            # A snapshot may prove damaged when it is read: then the generation before counts too.
            while unread := [
                name
                for name in journal_files.generation(names, self._verifies)
                if name.file not in done and not self._is_read(name)
            ]:
                for name in unread:
                    done.add(name.file)
                    for batch in self._beyond(name):
                        yield name, batch
        self.survey = self._found
        self._unsure.clear()

    def wrote(self, file: str, inode: int, at: int, drafts: list[Draft]) -> None:
        """Count lines as read that this process has just appended at this offset."""
        standing = self.standings.setdefault(file, Standing(inode, Reading(), headed=True))
        standing.inode = inode
        reading = standing.reading
        reading.end = max(reading.end, at)
        for draft in drafts:
            reading.last, reading.end = at, at + len(draft.content)
            reading.crc = draft.content[:8].decode("ascii")
            standing.changes += 1
            at = reading.end
        if file not in self.survey.sizes:
            name = journal_files.name_of(file)
            if name is not None:
                self.survey.names.append(name)
        self.survey.sizes[file] = (inode, at)

    def damaged(self) -> list[str]:
        """The files that count and have lines that cannot be read."""
        return [file for file, standing in self.standings.items() if standing.is_damaged]

    def _is_covered(self, file: str) -> bool:
        gone = journal_files.name_of(file)
        return gone is not None and any(
            name.device == gone.device
            and name.kind == "snap"
            and name.number > gone.number
            and not name.extra
            and self._verifies(name)
            for name in self._found.names
        )

    def _begins_alike(self, file: str, standing: Standing) -> bool:
        """Whether the line that was read last still stands where it stood."""
        if not standing.reading.crc:
            return True
        try:
            with (self.folder / file).open("rb") as stream:
                stream.seek(standing.reading.last)
                return stream.read(8) == standing.reading.crc.encode("latin-1")
        except OSError:
            return False

    def _verifies(self, name: Name) -> bool:
        standing = self.standings.get(name.file)
        if standing is not None and standing.is_damaged:
            return False
        return (standing is not None and standing.whole) or journal_files.verified(
            self.folder / name.file
        )

    def _is_read(self, name: Name) -> bool:
        standing, size = self.standings.get(name.file), self._found.sizes[name.file]
        return standing is not None and standing.reading.end == size[1]

    def _beyond(self, name: Name) -> Iterator[list[dict[str, Any]]]:
        inode, size = self._found.sizes[name.file]
        standing = self.standings.get(name.file)
        if standing is None or (name.kind == "snap" and not standing.whole):
            # A snapshot is read at one go: its last line says how many there must be.
            standing = self.standings[name.file] = Standing(inode, Reading())
            if self._closes_what_was_read(name):
                standing.reading.end, standing.whole = size, True
                return
        try:
            yield from journal_files.lines_of(self.folder / name.file, standing)
        except FileNotFoundError:
            # Compacted or taken away by a synchroniser meanwhile; the next look shows what came.
            del self.standings[name.file]
        except OSError as error:
            raise LibraryError(
                f"{self.folder / name.file} cannot be read: {error.strerror}"
            ) from None

    def _closes_what_was_read(self, name: Name) -> bool:
        if name.kind != "snap" or name.extra or not self.own or name.device != self.own:
            return False
        log = f"{name.device}-{name.number - 1}.log"
        standing = self.standings.get(log)
        return (
            standing is not None
            and not standing.is_damaged
            and self._found.sizes.get(log) == (standing.inode, standing.reading.end)
        )
