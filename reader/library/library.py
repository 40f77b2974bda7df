"""The library: records in TinyDB, texts and pages in folders, every change one durable line."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from reader.library import backups, pending_folders
from reader.library.document_store import DocumentStore, OwnAppend
from reader.library.field_validation import exists, valid_fields
from reader.library.lww_document import IMAGE_PREFIX, Document
from reader.library.record_mapper import (
    PERSONAL_FIELDS,
    ChangedFields,
    folders_of,
    is_undoable,
    record_of,
)
from reader.library.undo_log import UndoEntry, UndoLog, UndoStep
from reader.model.change import AddResult, Change, SaveRequest, UndoResult
from reader.model.entry import EntryId, Record
from reader.model.errors import (
    AmbiguousIdError,
    LibraryError,
    NotAnArticleError,
    UnknownIdError,
    UsageError,
    WriteError,
)
from reader.model.text import one_line
from reader.model.urls import MIN_PREFIX
from reader.paths import Paths

if TYPE_CHECKING:
    # A mark of one article, by a process of its own, waits for nothing that it does not use:
    # TinyDB and the modules of article folders are imported where they are needed.
    from reader.library.folder_writer import FolderWriter
    from reader.library.partial_documents import DocumentSource
    from reader.library.tinydb_storage import Database, JournalStorage

_MIN_BULK: Final = 100
"""Records that a step changes at once from which a backup is made before."""
_MAX_TABLE_WRITES: Final = 200
"""Records from which the store is written directly.

⏱ TinyDB's tables take 150 µs for each record, the store 3 µs.
"""
_MEASURED_GROWTH: Final = 1 << 20
"""Bytes that the journals grow before copies of recent lines are measured again.

The copies grow no faster, and a quarter of what they may always take is not worth a look.
"""
_SECONDS_PER_DAY: Final = 86_400
_TRASHED: Final[dict[str, Any]] = {"deleted": True}
_NOT_TRASHED: Final[dict[str, Any]] = {"deleted": False}
_CROCKFORD: Final = str.maketrans("oil", "011")


def _ignore(message: str) -> None:
    """Ignore the message."""


class Library:
    """One library, for one process; safe to use from several threads.

    Everything blocks on disk. Whatever changes it raises LibraryBusyError, WriteError, NewerFormatError or
    LibraryError, and then nothing has changed.
    """

    def __init__(
        self,
        places: Paths,
        store: DocumentStore,
        clock: Callable[[], float],
        tell: Callable[[str], None],
    ):
        self.places = places
        self._store = store
        self._clock = clock
        self._warn = tell
        self._backup_day, self._backup_run = 0, ""
        self._measured_bytes = 0
        self._run = ""
        self._undo_log = UndoLog(store.device.state)
        self._opened: tuple[JournalStorage, Database] | None = None

    @property
    def database(self) -> "Database":
        """Return the library as a TinyDB database, with every document loaded."""
        self._store.documents.load_all()
        return self._tinydb()[1]

    def _tinydb(self) -> "tuple[JournalStorage, Database]":
        """Return TinyDB's storage and database over the documents that are held."""
        if self._opened is None:
            from reader.library.tinydb_storage import Database, JournalStorage

            storage = JournalStorage(self._store)
            self._opened = storage, Database(storage=lambda: storage)
        return self._opened

    @classmethod
    def open(
        cls,
        places: Paths,
        *,
        clock: Callable[[], float] = time.time,
        tell: Callable[[str], None] = _ignore,
        source: "DocumentSource | None" = None,
    ) -> Self:
        """Load what all journals say; write nothing and make no folder.

        With a `source`, only what the journals say beyond it is read, and records are loaded when
        they are asked for. `tell` hears a sentence where a change was saved but not all else was.
        """
        store = DocumentStore(places, clock, source)
        store.refresh()
        return cls(places, store, clock, tell)

    def close(self) -> None:
        """Close the files; there is nothing to write."""
        if self._opened is not None:
            self._opened[1].close()
        self._store.close()
        self._undo_log.close()

    # Reading.

    def get(self, wanted: EntryId) -> Record:
        """Return the record, or that of the article it was merged into. Raises UnknownIdError."""
        with self._store.lock:
            name = self._canonical_id(wanted)
            return record_of(name, self._store.documents[name])

    def document(self, wanted: EntryId) -> Document:
        """Return the document of a record. Raises UnknownIdError."""
        with self._store.lock:
            return self._store.documents[self._canonical_id(wanted)]

    def take_last_append(self) -> OwnAppend | None:
        """Return this process's last append to its journal, once."""
        with self._store.lock:
            append, self._store.last_append = self._store.last_append, None
            return append

    def is_trashed(self, wanted: EntryId) -> bool:
        """Return whether the record is in the trash. Raises UnknownIdError."""
        with self._store.lock:
            return bool(self._fields(self._canonical_id(wanted)).get("deleted"))

    def prefetch(self, ids: Iterable[EntryId]) -> None:
        """Load the records that are about to be asked for, in one query."""
        with self._store.lock:
            self._store.documents.prefetch(ids)

    def resolve(self, prefix: str) -> EntryId:
        """Return the only id with this prefix.

        Raises UnknownIdError, AmbiguousIdError, UsageError for under 4 characters.
        """
        folded = prefix.strip().casefold().translate(_CROCKFORD)
        if len(folded) < MIN_PREFIX:
            raise UsageError(
                f"{one_line(prefix, 40)!r} is too short for an id: {MIN_PREFIX} characters at least"
            )
        with self._store.lock:
            fitting = [
                name
                for name, document in self._store.documents.items()
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
        with self._store.lock:
            listed = list(self._store.documents.items())
        for name, document in listed:
            fields = valid_fields(name, document)
            if exists(fields) and not fields.get("same"):
                yield record_of(name, document)

    def markdown(self, wanted: EntryId) -> str:
        """Return the article's body; empty for a link. Raises UnknownIdError, LibraryDamagedError."""
        from reader.library import article_folders

        folder = self.get(wanted).entry.folder
        return article_folders.read_text(self.places.home, folder) if folder else ""

    def original(self, wanted: EntryId) -> bytes:
        """Return the page as it was fetched.

        Raises UnknownIdError, LibraryDamagedError, NotAnArticleError for a link.
        """
        from reader.library import article_folders

        folder = self.get(wanted).entry.folder
        if folder is None:
            raise NotAnArticleError("this is a link whose page was not fetched yet")
        return article_folders.read_page(self.places.home, folder)

    def image(self, wanted: EntryId, file: str) -> bytes | None:
        """Return an image by its name in the record; None if it is missing.

        No link is followed. Raises UnknownIdError.
        """
        from reader.library import article_folders

        folder = self.get(wanted).entry.folder
        return article_folders.read_image(self.places.home, folder, file) if folder else None

    def folder(self, wanted: EntryId) -> Path | None:
        """Return the article's folder; None for a link. Raises UnknownIdError."""
        folder = self.get(wanted).entry.folder
        return self.places.home / folder if folder else None

    def refresh(self) -> frozenset[EntryId]:
        """Fold in what other processes and devices changed; the ids that are different now."""
        return frozenset(EntryId(name) for name in self._store.refresh())

    @property
    def device(self) -> str:
        """This device's id; empty as long as nothing was written here."""
        return self._store.device.id

    def fields(self, wanted: EntryId) -> dict[str, Any]:
        """All fields of a record by name, as the journal has them. Raises UnknownIdError."""
        with self._store.lock:
            if wanted not in self._store.documents:
                raise UnknownIdError(
                    f"no article {one_line(wanted, 40)!r}: `reader list` shows the ids"
                )
            return dict(self._fields(wanted))

    @property
    def store(self) -> DocumentStore:
        """The documents, for what brings a cache up to them."""
        return self._store

    def damaged_journals(self) -> list[str]:
        """Return the journals with unreadable lines; the other lines are used."""
        return self._store.reader.damaged_files()

    def future_devices(self) -> Iterable[str]:
        """Devices whose clocks are more than a day ahead."""
        return self._store.future_devices()

    # Changing.

    def add(
        self,
        savings: Sequence[SaveRequest],
        *,
        step: str | None,
        run: str = "",
        sample: bool = False,
    ) -> list[AddResult]:
        """Save articles and links as `import_entries` does; return their records."""
        met = self.import_entries(savings, step=step, run=run, sample=sample)
        return [AddResult(self.get(name), new) for name, new in met]

    def import_entries(
        self,
        savings: Sequence[SaveRequest],
        *,
        step: str | None,
        run: str = "",
        sample: bool = False,
    ) -> list[tuple[EntryId, bool]]:
        """Save articles and links; return their ids in order, and whether each is new.

        Known records gain tags, notes and highlights, and text if they had none; they leave
        the trash unless the request says `leave_in_trash`. A few fsyncs for each article folder, outside the
        lock, and one for all records. `step` is what undo says; steps of one `run` are undone
        together. `sample` marks what any later word outweighs.
        """
        from reader.library.device_identity import create_library_folders
        from reader.library.record_builder import id_for_request

        with self._in_run(run):
            self._back_up(len(savings), run=run)
            self._store.refresh()
            create_library_folders(self.places)
            named = [(id_for_request(saving), saving) for saving in savings]
            self._store.documents.prefetch(name for name, _ in named)
            with self._saved_texts(named) as folders, self._writing():
                wanted, new = self._requested_fields(named, folders)
                self._commit(wanted, step, sample=sample, run=run)
                return [(EntryId(name), name in new) for name, _ in named]

    def change(
        self,
        changes: Mapping[EntryId, Change],
        *,
        step: str | None,
        run: str = "",
        survivors: Collection[EntryId] = (),
    ) -> int:
        """Change records, all or none; return how many are different now.

        Steps of one `run` are undone together. `survivors` are those that others are merged into:
        it is written after the merge that they are not deleted, so that of articles that two
        devices merge in opposite directions one always stays. Raises UnknownIdError before
        anything is changed.
        """
        with self._in_run(run):
            self._back_up(len(changes), run=run)
            self._store.documents.prefetch(changes)
            if not all(name in self._store.documents for name in changes):
                self._store.refresh()
            with self._changed_texts(changes) as folders, self._writing():
                wanted = self._changed_fields(changes, folders)
                self._commit(wanted, step, run=run, are_different=True)
                staying: dict[str, dict[str, Any]] = {
                    name: {"deleted": False, "same": None}
                    for name in survivors
                    if exists(held := self._fields(name))
                    and not held.get("deleted")
                    and not held.get("same")
                }
                if staying:
                    self._store.commit(staying)
                return len(wanted)

    @contextmanager
    def _changed_texts(self, changes: Mapping[EntryId, Change]) -> "Iterator[FolderWriter | None]":
        """Write the folders of new texts, which last only if they are confirmed; None without any."""
        if all(change.article is None for change in changes.values()):
            yield None
            return
        from reader.library.folder_writer import FolderWriter

        with FolderWriter(self._store) as folders:
            for asked, change in changes.items():
                if change.article is not None:
                    name = self._canonical_id(asked)
                    folders.write(name, change.article, change.page or b"", self._fields(name))
            yield folders

    def _changed_fields(
        self, changes: Mapping[EntryId, Change], folders: "FolderWriter | None"
    ) -> dict[str, Mapping[str, Any]]:
        """Return the fields that the changes make different, by id, under the lock."""
        wanted: dict[str, Mapping[str, Any]] = {}
        made: dict[int, ChangedFields] = {}
        for asked, change in changes.items():
            name: str = asked
            held = self._fields(name)
            if held.get("same") or not held.get("added"):
                name = self._canonical_id(asked)
                held = self._fields(name)
            fields_of = made.get(id(change))
            if fields_of is None:
                fields_of = made[id(change)] = ChangedFields(change)
            fields = fields_of(held)
            if change.article is not None and folders is not None:
                from reader.library.record_builder import text_fields

                fields = {**fields, **text_fields(change.article, folders.confirm(name), held)}
            if not fields:
                continue
            wanted[name] = {**wanted[name], **fields} if name in wanted else fields
        return wanted

    def add_images(self, wanted: EntryId, pictures: Mapping[str, tuple[str, bytes]]) -> None:
        """Keep pictures of an article: destination in the Markdown to (file name, content)."""
        from reader.library import article_folders

        record = self.get(wanted)
        if record.entry.folder is None:
            return
        article_folders.add_images(self.places.home, record.entry.folder, dict(pictures.values()))
        fields = {
            IMAGE_PREFIX + destination: f"images/{name}"
            for destination, (name, _) in pictures.items()
        }
        with self._writing():
            self._commit({record.entry.id: fields}, None)

    def purge(self, ids: Sequence[EntryId], *, run: str = "") -> int:
        """Delete trashed records and their files permanently; return how many. Not undoable.

        The files are deleted after the records say so. What a crash in between leaves, or a folder
        that cannot be removed now, is removed by the next process that writes.
        """
        from reader.library import article_folders, folder_records

        with self._in_run(run):
            self._back_up(len(ids), "purge", run)
            pending = pending_folders.PendingFolders(self.places.home)
            with self._writing():
                self._store.documents.prefetch(ids)
                here: list[str] = []
                gone: list[str] = []
                for name in dict.fromkeys(ids):
                    fields = self._fields(name)
                    if fields.get("deleted") and exists(fields):
                        here.append(name)
                        gone += folders_of(fields)
                # Without the note, `doctor` names what is left.
                with suppress(OSError):
                    pending.note_unwanted(gone)
                # ⏱ One mapping for all: it is measured once for the length of a line.
                purged = {"purged": True}
                try:
                    self._commit(dict.fromkeys(here, purged), None, are_different=True)
                    moved, failure = folder_records.set_aside_unnamed(self._store, gone)
                except BaseException:
                    pending.abandon()
                    raise
            article_folders.delete_set_aside(self.places.home, moved)
            if failure:
                pending.abandon()
                self._warn(
                    f"{failure}; the next change removes the rest, or else `reader doctor --repair`"
                )
            else:
                pending.finish()
            return len(here)

    def undo(
        self, after_part: Callable[[Sequence[EntryId], int, int], object] | None = None
    ) -> UndoResult | None:
        """Undo the newest step of this device; None if there is none.

        A field is restored only if it still has the value that the step wrote. Purged entries are
        not restored. A step of several batches is undone in as many, newest first; between two of
        them `after_part` is called, with the changed ids and the numbers of records done and in
        all. If it raises, or the process is killed there, the rest is the newest step.
        """
        self._back_up(1)
        with self._writing():
            step = self._latest_step()
            if step is None:
                return None
            parts = step.parts()
            run = step.run if len(step.sizes) > 1 else ""
            changed, left = self._undo_part(next(parts), run)
            self._run = run
        ids, done = dict.fromkeys(changed), step.sizes[0]
        for size, part in zip(step.sizes[1:], parts, strict=False):
            if after_part is not None:
                after_part(changed, done, sum(step.sizes))
            with self._in_run(run), self._writing():
                changed, skipped = self._undo_part(part, run)
            ids |= dict.fromkeys(changed)
            left, done = left + skipped, done + size
        return UndoResult(step.message, len(ids), left, tuple(ids))

    def _latest_step(self) -> UndoStep | None:
        try:
            return self._undo_log.latest()
        except OSError as error:
            raise WriteError(f"not undone: {error.strerror} ({self._undo_log.path})") from None

    def _undo_part(self, entry: UndoEntry, run: str) -> tuple[list[EntryId], int]:
        """Undo one entry under the lock; return the changed ids and how many were left alone."""
        log = self._undo_log
        wanted: dict[str, dict[str, Any]] = {}
        latest: dict[str, Any] = {}
        left = 0
        self._store.documents.prefetch(entry.after)
        for name, after in entry.after.items():
            fields = self._fields(name)
            if not exists(fields):
                # A record that is not here at all was not skipped.
                left += bool(fields)
                continue
            before = entry.before[name]
            back = {
                key: before.get(key) for key, value in after.items() if fields.get(key) == value
            }
            left += len(back) < len(after)
            if back == latest:
                # ⏱ One mapping for all that go back alike.
                back = latest
            elif "folder" in back:
                # The folder that goes stays one of the record's, so that no folder is lost.
                folders = [*(fields.get("former") or ()), fields["folder"]]
                back["former"] = [each for each in folders if each != back["folder"]]
            if back:
                wanted[name] = latest = back
        try:
            log.mark_undone(self._store.reserve() if wanted else None, run)
        except OSError as error:
            raise WriteError(f"not undone: {error.strerror} ({log.path})") from None
        try:
            self._commit(wanted, None, are_different=True)
        except LibraryError:
            log.discard_last()
            raise
        return [EntryId(name) for name in wanted], left

    def start_generation(self, *, even_if_small: bool = False) -> tuple[str, int] | None:
        """Begin this device's next log where compaction is worth it: its device and number.

        What was written before is then ready for `compaction.finish`. One fsync.
        """
        from reader.library import compaction

        if not self._store.device.id or not (even_if_small or compaction.is_due(self._store)):
            return None
        with self._writing():
            return self._store.device.id, self._store.start_log()

    # Inside.

    @contextmanager
    def _in_run(self, run: str) -> Iterator[None]:
        """Do one part of a run; from the second on, this process's own log is not compared again."""
        self._store.reader.trusts_own_writes = bool(run) and run == self._run
        self._run = run
        try:
            yield
        finally:
            self._store.reader.trusts_own_writes = False

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the library's lock; what killed processes have left behind is settled before."""
        with self._store.writing():
            state = self._store.device.state
            if self._undo_log.state != state:
                # The home was exchanged, and the library is another one.
                self._undo_log.close()
                self._undo_log = UndoLog(state)
            # Before another line of this device, which would look like the one that is missing.
            self._undo_log.settle(self._store.has_written)
            if pending_folders.has_pending(self._store.places.home):
                from reader.library import folder_records

                folder_records.settle_abandoned(self._store)
            yield

    def _back_up(self, count: int, reason: str = "bulk", run: str = "") -> None:
        """Copy the journals before the first change of a day, and before one of many records.

        A run of changes has one copy, made before its first. A disk that does not take the copy
        does not keep a change from being saved.
        """
        now, state = self._clock(), self._store.device.state
        today = int(now // _SECONDS_PER_DAY)
        is_first_today = today != self._backup_day
        is_bulk = (reason != "bulk" or count > _MIN_BULK) and not (run and run == self._backup_run)
        size = self._store.reader.size
        has_grown = abs(size - self._measured_bytes) >= _MEASURED_GROWTH
        if not (is_first_today or is_bulk or has_grown):
            return
        self._measured_bytes = size
        has_outgrown = backups.has_outgrown(state, size)
        if not (is_first_today or is_bulk or has_outgrown):
            return
        if self._store.has_damaged_log():
            # A copy of damaged journals must not stand in for the good one before it.
            return
        with suppress(LibraryError, OSError):
            if self._store.reader.listing.names:
                with self._store.writing():
                    # A log that is not ours any more must not replace the copy of what it was.
                    pass
            sizes: dict[str, int] | None = None
            if is_bulk:
                sizes = backups.create(self.places.home, state, reason, now)
            elif has_outgrown or backups.is_due(state, now):
                sizes = backups.create(self.places.home, state, "daily", now)
            if sizes:
                with self._store.writing():
                    backups.trim_recent_lines(self.places.home, state, sizes)
        self._backup_day, self._backup_run = today, run

    def _fields(self, name: str) -> Mapping[str, Any]:
        document = self._store.documents.get(name)
        if document is None:
            return {}
        return document.valid or valid_fields(name, document)

    def _canonical_id(self, wanted: str) -> str:
        """Return the id of the record that counts. Raises UnknownIdError."""
        with self._store.lock:
            fields = self._fields(wanted)
            if fields.get("same") and fields["same"] in self._store.documents:
                wanted = str(fields["same"])
                fields = self._fields(wanted)
            if not fields.get("added"):
                raise UnknownIdError(
                    f"no article {one_line(wanted, 40)!r}: `reader list` shows the ids"
                )
            return wanted

    @contextmanager
    def _saved_texts(
        self, named: Sequence[tuple[str, SaveRequest]]
    ) -> "Iterator[FolderWriter | None]":
        """Write folders for the articles whose text is not here yet; None if all are links.

        The folders last only if they are confirmed.
        """
        if all(saving.article is None for _, saving in named):
            yield None
            return
        from reader.library.folder_writer import FolderWriter
        from reader.library.record_builder import creation_fields

        with FolderWriter(self._store) as folders:
            for name, saving in named:
                held = self._fields(name)
                if saving.article is None or name in folders or (exists(held) and held.get("text")):
                    continue
                known = held if exists(held) else creation_fields(saving, {}, self._clock())
                folders.write(name, saving.article, saving.page, known)
            yield folders

    def _requested_fields(
        self, named: Sequence[tuple[str, SaveRequest]], folders: "FolderWriter | None"
    ) -> tuple[dict[str, dict[str, Any]], set[str]]:
        """Return the fields that the requests change, under the lock, and which ids are new."""
        from reader.library.record_builder import creation_fields, merge_fields, text_fields

        wanted: dict[str, dict[str, Any]] = {}
        new: set[str] = set()
        for name, saving in named:
            held = self._fields(name)
            if name in wanted:
                held = {**held, **wanted[name]}
            if exists(held):
                fields = merge_fields(saving, held)
            else:
                fields = creation_fields(saving, held, self._clock())
                new.add(name)
            if saving.article is not None and folders is not None and name in folders:
                # Another process may have saved the same article while this one wrote its folder.
                has_text = exists(held) and held.get("text")
                if not has_text:
                    folder = folders.confirm(name)
                    fields |= text_fields(saving.article, folder, {**held, **fields})
            if name in wanted:
                wanted[name].update(fields)
            elif fields:
                wanted[name] = fields
        return wanted, new

    def _commit(
        self,
        wanted: Mapping[str, Mapping[str, Any]],
        step: str | None,
        *,
        sample: bool = False,
        run: str = "",
        are_different: bool = False,
    ) -> None:
        """Write the fields as one step, after noting what was there before.

        `are_different` says that no field has its value already, as far as values are valid. Few
        fields go through TinyDB, unless the library is partly loaded: its import takes as long as
        the change of one record.
        """
        if not wanted:
            return
        steps, lost = self._undo_log, ""
        if step is not None:
            reserved = (0, 0) if sample else self._store.reserve()
            try:
                steps.append(self._undo_entry(wanted, step, reserved, run))
            except OSError as error:
                lost = f"saved, but undo will not know of it: {error.strerror} ({steps.path})"
        try:
            clock = (0, 0) if sample else None
            if self._store.documents.is_partial or len(wanted) > _MAX_TABLE_WRITES:
                commit = self._store.commit if are_different else self._store.commit_differences
                commit(wanted, clock=clock)
            else:
                from reader.library.tinydb_storage import write_fields

                storage, database = self._tinydb()
                with storage.batch(clock=clock):
                    write_fields(database, wanted, self._store.documents)
        except LibraryError:
            if step is not None and not lost:
                steps.discard_last()
            raise
        if lost:
            self._warn(lost)

    def _undo_entry(
        self,
        wanted: Mapping[str, Mapping[str, Any]],
        message: str,
        clock: tuple[int, int],
        run: str,
    ) -> UndoEntry:
        before: dict[str, dict[str, Any]] = {}
        after: dict[str, dict[str, Any]] = {}
        known: Mapping[str, Any] | None = None
        undoable: dict[str, Any] = {}
        for name, fields in wanted.items():
            held = self._fields(name)
            if not exists(held):
                # Undoing a creation puts it in the trash: nothing else of it is taken back.
                before[name], after[name] = _TRASHED, _NOT_TRASHED
                continue
            if fields is not known:
                # ⏱ Bulk work shares the fields of many records.
                known, undoable = fields, _undoable_part(fields)
            if undoable:
                get = held.get
                before[name] = {key: get(key) for key in undoable}
                after[name] = undoable
        return UndoEntry(message, before, after, clock, run)


def _undoable_part(fields: Mapping[str, Any]) -> dict[str, Any]:
    if PERSONAL_FIELDS.issuperset(fields):
        return dict(fields)
    brings_text = "text" in fields
    return {
        key: value
        for key, value in fields.items()
        if is_undoable(key, fields) or (brings_text and key != "former")
    }
