"""The library: records in TinyDB, texts and pages in folders, every change one durable line."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self

from reader.library import article_folders, backups, compaction
from reader.library.article_folders import ArticleFolder
from reader.library.device_identity import create_library_folders
from reader.library.document_store import DocumentStore
from reader.library.field_validation import valid_fields
from reader.library.lww_document import IMAGE_PREFIX
from reader.library.record_builder import (
    creation_fields,
    exists,
    id_for_request,
    merge_fields,
    text_fields,
    write_folder,
)
from reader.library.record_mapper import changed_fields, folders_of, is_undoable, record_of
from reader.library.tinydb_storage import Database, JournalStorage, write_fields
from reader.library.undo_log import UndoEntry, UndoLog
from reader.model.change import AddResult, Change, SaveRequest, UndoResult
from reader.model.entry import EntryId, Record
from reader.model.errors import (
    AmbiguousIdError,
    LibraryError,
    NotAnArticle,
    UnknownIdError,
    UsageError,
)
from reader.model.text import one_line
from reader.model.urls import MIN_PREFIX
from reader.paths import Paths

_MIN_BULK: Final = 100
"""Records that a step changes at once from which a backup is made before."""
_SECONDS_PER_DAY: Final = 86_400
_CROCKFORD: Final = str.maketrans("oil", "011")


def _ignore(said: str) -> None:
    """Nobody listens."""


class Library:
    """One library, for one process; safe to use from several threads.

    Everything blocks on disk. Whatever changes it raises LibraryBusy, NotSaved, NewerFormat or
    LibraryError, and then nothing has changed.
    """

    def __init__(
        self,
        places: Paths,
        ledger: DocumentStore,
        clock: Callable[[], float],
        tell: Callable[[str], None],
    ):
        self.places = places
        self._ledger = ledger
        self._clock = clock
        self._warn = tell
        self._storage = JournalStorage(ledger)
        self._backup_day = 0
        self._undo_log: UndoLog | None = None
        self.database = Database(storage=lambda: self._storage)

    @classmethod
    def open(
        cls,
        places: Paths,
        *,
        clock: Callable[[], float] = time.time,
        tell: Callable[[str], None] = _ignore,
    ) -> Self:
        """Load what all journals say; nothing is written, and no folder is made.

        `tell` hears a sentence where a change was saved but something beside it was not.
        """
        ledger = DocumentStore(places, clock)
        ledger.refresh()
        return cls(places, ledger, clock, tell)

    def close(self) -> None:
        """Let go of memory and files; there is nothing to write."""
        self.database.close()
        self._ledger.close()
        if self._undo_log is not None:
            self._undo_log.close()

    # Reading.

    def get(self, wanted: EntryId) -> Record:
        """The record; of the article that it turned out to be, where it has. Raises UnknownId."""
        with self._ledger.lock:
            name = self._canonical_id(wanted)
            return record_of(name, self._ledger.documents[name])

    def resolve(self, prefix: str) -> EntryId:
        """The one id that begins so. Raises UnknownId, AmbiguousId, WrongUsage for under 4 characters."""
        folded = prefix.strip().casefold().translate(_CROCKFORD)
        if len(folded) < MIN_PREFIX:
            raise UsageError(
                f"{one_line(prefix, 40)!r} is too short for an id: {MIN_PREFIX} characters at least"
            )
        with self._ledger.lock:
            fitting = [
                name
                for name, document in self._ledger.documents.items()
                if name.startswith(folded) and exists(document.fields)
            ]
        if len(fitting) > 1:
            raise AmbiguousIdError(one_line(prefix, 40), sorted(fitting))
        if not fitting:
            raise UnknownIdError(
                f"no article {one_line(prefix, 40)!r}: `reader list` shows the ids"
            )
        return EntryId(fitting[0])

    def records(self) -> Iterator[Record]:
        """Every record, those in the trash included, in no order."""
        with self._ledger.lock:
            listed = list(self._ledger.documents.items())
        for name, document in listed:
            fields = valid_fields(document)
            if exists(fields) and not fields.get("same"):
                yield record_of(name, document)

    def markdown(self, wanted: EntryId) -> str:
        """The body of the article; empty for a link. Raises UnknownId, LibraryDamaged."""
        folder = self.get(wanted).entry.folder
        return article_folders.read_text(self.places.home, folder) if folder else ""

    def original(self, wanted: EntryId) -> bytes:
        """The page as it was fetched. Raises UnknownId, LibraryDamaged, NotAnArticle for a link."""
        folder = self.get(wanted).entry.folder
        if folder is None:
            raise NotAnArticle("this is a link whose page was not fetched yet")
        return article_folders.read_page(self.places.home, folder)

    def folder(self, wanted: EntryId) -> Path | None:
        """Where the article lies; None for a link. Raises UnknownId."""
        folder = self.get(wanted).entry.folder
        return self.places.home / folder if folder else None

    def refresh(self) -> frozenset[EntryId]:
        """Fold in what other processes and devices changed; the ids that are different now."""
        return frozenset(EntryId(name) for name in self._ledger.refresh())

    @property
    def device(self) -> str:
        """This device's id; empty as long as nothing was written here."""
        return self._ledger.device.id

    def fields(self, wanted: EntryId) -> dict[str, Any]:
        """All fields of a record by name, as the journal has them. Raises UnknownId."""
        with self._ledger.lock:
            if wanted not in self._ledger.documents:
                raise UnknownIdError(
                    f"no article {one_line(wanted, 40)!r}: `reader list` shows the ids"
                )
            return dict(self._fields(wanted))

    def damaged_journals(self) -> list[str]:
        """The journals that have lines which cannot be read; all others count."""
        return self._ledger.reader.damaged_files()

    def future_devices(self) -> Iterable[str]:
        """Devices whose clocks are more than a day ahead."""
        return self._ledger.future_devices()

    # Changing.

    def add(
        self, savings: Sequence[SaveRequest], *, step: str | None, sample: bool = False
    ) -> list[AddResult]:
        """Put articles and links in, as `take_in` does; the answers are their records."""
        met = self.import_entries(savings, step=step, sample=sample)
        return [AddResult(self.get(name), new) for name, new in met]

    def import_entries(
        self,
        savings: Sequence[SaveRequest],
        *,
        step: str | None,
        run: str = "",
        sample: bool = False,
    ) -> list[tuple[EntryId, bool]]:
        """Put articles and links in; the ids in the same order, and whether each is new.

        What is known gains tags, notes and highlights, and its text where it had none; it leaves
        the trash unless the saving is `quiet`. A few fsyncs for each article folder, outside the
        lock, and one for all records. `step` is what undo says; steps of one `run` are undone
        together. `sample` marks what any later word outweighs.
        """
        self._back_up(len(savings))
        self._ledger.refresh()
        create_library_folders(self.places)
        named = [(id_for_request(saving), saving) for saving in savings]
        folders_written = self._write_folders(named)
        try:
            with self._ledger.writing():
                wanted, new = self._requested_fields(named, folders_written)
                changed = {name: fields for name, fields in wanted.items() if fields}
                self._commit(changed, step, sample=sample, run=run)
                return [(EntryId(name), name in new) for name, _ in named]
        except LibraryError:
            self._remove_folders(folders_written)
            raise

    def change(self, changes: Mapping[EntryId, Change], *, step: str | None) -> int:
        """Change records, all or none; returns how many are different now. Raises UnknownId first."""
        self._back_up(len(changes))
        if not all(name in self._ledger.documents for name in changes):
            self._ledger.refresh()
        names = {name: self._canonical_id(name) for name in changes}
        folders_written = self._write_texts({names[name]: changes[name] for name in changes})
        try:
            with self._ledger.writing():
                wanted: dict[str, dict[str, Any]] = {}
                for asked, change in changes.items():
                    name, held = names[asked], self._fields(names[asked])
                    fields = changed_fields(change, held)
                    if change.article is not None:
                        fields |= text_fields(change.article, folders_written[name], held)
                    if fields:
                        wanted.setdefault(name, {}).update(fields)
                self._commit(wanted, step)
                return len(wanted)
        except LibraryError:
            self._remove_folders(folders_written)
            raise

    def add_images(self, wanted: EntryId, pictures: Mapping[str, tuple[str, bytes]]) -> None:
        """Keep pictures of an article: destination in the Markdown to (file name, content)."""
        record = self.get(wanted)
        if record.entry.folder is None:
            return
        article_folders.add_images(self.places.home, record.entry.folder, dict(pictures.values()))
        fields = {
            IMAGE_PREFIX + destination: f"images/{name}"
            for destination, (name, _) in pictures.items()
        }
        with self._ledger.writing():
            self._commit({record.entry.id: fields}, None)

    def purge(self, ids: Sequence[EntryId]) -> int:
        """Delete for good what is in the trash; returns how many. It is no step.

        What is on the disk goes after the records say so: a crash in between leaves folders that
        `doctor` sweeps, and so does a folder that cannot be removed, which is told.
        """
        self._back_up(len(ids), "purge")
        with self._ledger.writing():
            here = [name for name in dict.fromkeys(ids) if self._fields(name).get("deleted")]
            here = [name for name in here if exists(self._fields(name))]
            gone = [folder for name in here for folder in folders_of(self._fields(name))]
            self._commit({name: {"purged": True} for name in here}, None)
        left = ""
        for folder in gone:
            try:
                article_folders.remove(self.places.home, folder)
            except LibraryError as error:
                left = str(error)
        if left:
            self._warn(f"{left}; `reader doctor --repair` removes what is left")
        return len(here)

    def undo(self) -> UndoResult | None:
        """Take the newest step of this device back; None where there is none.

        A field goes back only where it still holds what the step wrote, and nothing does of what
        was deleted for good since.
        """
        self._back_up(1)
        with self._ledger.writing():
            steps = self._undo_entries()
            step = steps.latest(self._was_written)
            if step is None:
                return None
            wanted: dict[str, dict[str, Any]] = {}
            left = 0
            for name, after in step.after.items():
                fields = self._fields(name)
                back = {
                    key: step.before[name].get(key)
                    for key, value in after.items()
                    if exists(fields) and fields.get(key) == value
                }
                # What was noted and never written, because the process was killed, is not left.
                left += bool(fields) and len(back) < len(after)
                if back:
                    wanted[name] = back
            self._commit(wanted, None)
            steps.mark_undone()
            return UndoResult(
                step.message, len(wanted), left, tuple(EntryId(name) for name in wanted)
            )

    def start_generation(self, *, even_if_small: bool = False) -> tuple[str, int] | None:
        """Begin this device's next log where compaction is worth it: its device and number.

        What was written before is then ready for `compaction.finish`. One fsync.
        """
        if not self._ledger.device.id or not (even_if_small or compaction.is_due(self._ledger)):
            return None
        return self._ledger.device.id, self._ledger.start_log()

    # Inside.

    def _back_up(self, count: int, reason: str = "bulk") -> None:
        """Copy the journals before the first change of a day, and before one of many records.

        A disk that does not take the copy does not keep a change from being saved.
        """
        now, state = self._clock(), self._ledger.device.state
        today = int(now // _SECONDS_PER_DAY)
        if today == self._backup_day and count <= _MIN_BULK and reason == "bulk":
            return
        if self._ledger.reader.damaged_files():
            # A copy of damaged journals must not stand in for the good one before it.
            return
        with suppress(LibraryError):
            if count > _MIN_BULK or reason != "bulk":
                backups.create(self.places.home, state, reason, now)
            elif backups.is_due(state, now):
                backups.create(self.places.home, state, "daily", now)
        self._backup_day = today

    def _fields(self, name: str) -> Mapping[str, Any]:
        document = self._ledger.documents.get(name)
        return valid_fields(document) if document is not None else {}

    def _canonical_id(self, wanted: str) -> str:
        """The id of the record that counts. Raises UnknownId."""
        with self._ledger.lock:
            fields = self._fields(wanted)
            if fields.get("same") in self._ledger.documents:
                wanted = str(fields["same"])
                fields = self._fields(wanted)
            if not fields.get("added"):
                raise UnknownIdError(
                    f"no article {one_line(wanted, 40)!r}: `reader list` shows the ids"
                )
            return wanted

    def _write_folders(self, named: Sequence[tuple[str, SaveRequest]]) -> dict[str, ArticleFolder]:
        """Folders for the articles whose text is not here yet; taken back where one fails."""
        done: dict[str, ArticleFolder] = {}
        try:
            for name, saving in named:
                held = self._fields(name)
                if saving.article is None or name in done or (exists(held) and held.get("text")):
                    continue
                known = held if exists(held) else creation_fields(saving, {}, self._clock())
                done[name] = write_folder(
                    self.places.home, name, saving.article, saving.page, known
                )
        except LibraryError:
            self._remove_folders(done)
            raise
        return done

    def _write_texts(self, changes: Mapping[str, Change]) -> dict[str, ArticleFolder]:
        """Folders for the articles among the changes; taken back where one fails."""
        done: dict[str, ArticleFolder] = {}
        try:
            for name, change in changes.items():
                if change.article is not None:
                    page, held = change.page or b"", self._fields(name)
                    done[name] = write_folder(self.places.home, name, change.article, page, held)
        except LibraryError:
            self._remove_folders(done)
            raise
        return done

    def _remove_folders(self, done: Mapping[str, ArticleFolder]) -> None:
        """Remove folders whose records were not saved; `doctor` finds those that cannot be removed."""
        for folder in done.values():
            if folder.is_new:
                with suppress(LibraryError):
                    article_folders.remove(self.places.home, folder.path)

    def _requested_fields(
        self, named: Sequence[tuple[str, SaveRequest]], done: dict[str, ArticleFolder]
    ) -> tuple[dict[str, dict[str, Any]], set[str]]:
        """The fields that the savings change, under the lock, and which ids are new."""
        wanted: dict[str, dict[str, Any]] = {}
        new: set[str] = set()
        for name, saving in named:
            held = {**self._fields(name), **wanted.get(name, {})}
            if exists(held):
                fields = merge_fields(saving, held)
            else:
                fields = creation_fields(saving, held, self._clock())
                new.add(name)
            if saving.article is not None and name in done:
                if held.get("text") and exists(held):
                    # Another process saved the same article while this one wrote its folder.
                    self._remove_folders({name: done.pop(name)})
                else:
                    fields |= text_fields(saving.article, done[name], {**held, **fields})
            wanted.setdefault(name, {}).update(fields)
        return wanted, new

    def _was_written(self, step: UndoEntry) -> bool:
        """Whether the step's line was written: else no field is as new as its clock."""
        for name, after in step.after.items():
            document = self._ledger.documents.get(name)
            stamps = (document.stamp(key) for key in after) if document else ()
            if any(stamp is not None and stamp[:2] >= step.clock for stamp in stamps):
                return True
        return False

    def _commit(
        self,
        wanted: Mapping[str, Mapping[str, Any]],
        step: str | None,
        *,
        sample: bool = False,
        run: str = "",
    ) -> None:
        """Write the fields through TinyDB, as one step, after noting what was there before."""
        if not wanted:
            return
        steps, lost = self._undo_entries(), ""
        if step is not None:
            clock = (0, 0) if sample else self._ledger.reserve()
            try:
                steps.append(self._undo_entry(wanted, step, clock, run))
            except OSError as error:
                lost = f"saved, but undo will not know of it: {error.strerror} ({steps.path})"
        try:
            with self._storage.batch(clock=(0, 0) if sample else None):
                write_fields(self.database, wanted, self._ledger.documents)
        except LibraryError:
            if step is not None and not lost:
                steps.discard_last()
            raise
        if lost:
            self._warn(lost)

    def _undo_entries(self) -> UndoLog:
        """The steps of this device, which is another one where the home was exchanged."""
        state = self._ledger.device.state
        if self._undo_log is None or self._undo_log.state != state:
            self._undo_log = UndoLog(state)
        return self._undo_log

    def _undo_entry(
        self, wanted: Mapping[str, Mapping[str, Any]], said: str, clock: tuple[int, int], run: str
    ) -> UndoEntry:
        before: dict[str, dict[str, Any]] = {}
        after: dict[str, dict[str, Any]] = {}
        for name, fields in wanted.items():
            held = self._fields(name)
            if not exists(held):
                # Undoing a creation puts it in the trash: nothing else of it is taken back.
                before[name], after[name] = {"deleted": True}, {"deleted": False}
                continue
            undoable = {key: value for key, value in fields.items() if is_undoable(key, fields)}
            if undoable:
                before[name] = {key: held.get(key) for key in undoable}
                after[name] = undoable
        return UndoEntry(said, before, after, clock, run)
