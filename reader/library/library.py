"""The library: records in TinyDB, texts and pages in folders, every change one durable line."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from tinydb import TinyDB
from tinydb.table import Document as TableDocument
from tinydb.table import Table

from reader.library import folders
from reader.library.devices import make_home
from reader.library.fold import PICTURE
from reader.library.ledger import Ledger
from reader.library.records import article_fields, changed_fields, member_fields, record_of
from reader.library.steps import Step, Steps
from reader.library.storage import TABLE_LETTERS, JournalStorage
from reader.model.address import SHORTEST_PREFIX, clean_url, entry_id, host_of
from reader.model.article import Article
from reader.model.change import Added, Change, Saving, Undone
from reader.model.entry import EntryId, Record
from reader.model.errors import AmbiguousId, NotAnArticle, UnknownId, WrongUsage
from reader.model.text import one_line
from reader.places import Places


class _Documents(Table):
    """A table whose ids are texts."""

    document_id_class = str  # type: ignore[assignment]


class _Database(TinyDB):
    table_class = _Documents


_CROCKFORD = str.maketrans("oil", "011")


class Library:
    """One library, for one process; safe to use from several threads.

    Everything blocks on disk. Whatever changes it raises LibraryBusy, NotSaved, NewerFormat or
    LibraryError, and then nothing has changed.
    """

    def __init__(self, places: Places, ledger: Ledger, clock: Callable[[], float]):
        self.places = places
        self._ledger = ledger
        self._clock = clock
        self._storage = JournalStorage(ledger)
        self._database = _Database(storage=lambda: self._storage)

    @classmethod
    def open(cls, places: Places, *, clock: Callable[[], float] = time.time) -> Self:
        """Load what all journals say; nothing is written, and no folder is made."""
        ledger = Ledger(places, clock)
        ledger.refresh()
        return cls(places, ledger, clock)

    def close(self) -> None:
        """Let go of the memory; there is nothing to write."""
        self._database.close()

    # Reading.

    def get(self, wanted: EntryId) -> Record:
        """The record; of the article that it turned out to be, where it has. Raises UnknownId."""
        with self._ledger.lock:
            document = self._ledger.documents.get(wanted)
            if document is not None and document.fields.get("same") in self._ledger.documents:
                wanted = EntryId(document.fields["same"])
                document = self._ledger.documents[wanted]
            if document is None or not document.fields.get("added"):
                raise UnknownId(f"no article {one_line(wanted, 40)!r}: `reader list` shows the ids")
            return record_of(wanted, document)

    def resolve(self, prefix: str) -> EntryId:
        """The one id that begins so. Raises UnknownId, AmbiguousId, WrongUsage for under 4 characters."""
        folded = prefix.strip().casefold().translate(_CROCKFORD)
        if len(folded) < SHORTEST_PREFIX:
            raise WrongUsage(
                f"{one_line(prefix, 40)!r} is too short for an id: {SHORTEST_PREFIX} characters at least"
            )
        with self._ledger.lock:
            fitting = [
                name
                for name, document in self._ledger.documents.items()
                if name.startswith(folded) and self._is_here(document.fields)
            ]
        if len(fitting) > 1:
            raise AmbiguousId(one_line(prefix, 40), sorted(fitting))
        if not fitting:
            raise UnknownId(f"no article {one_line(prefix, 40)!r}: `reader list` shows the ids")
        return EntryId(fitting[0])

    def records(self) -> Iterator[Record]:
        """Every record, those in the trash included, in no order."""
        with self._ledger.lock:
            listed = list(self._ledger.documents.items())
        for name, document in listed:
            if self._is_here(document.fields) and not document.fields.get("same"):
                yield record_of(name, document)

    def markdown(self, wanted: EntryId) -> str:
        """The body of the article; empty for a link. Raises UnknownId, LibraryDamaged."""
        folder = self.get(wanted).entry.folder
        return folders.text(self.places.home, folder) if folder else ""

    def original(self, wanted: EntryId) -> bytes:
        """The page as it was fetched. Raises UnknownId, LibraryDamaged, NotAnArticle for a link."""
        folder = self.get(wanted).entry.folder
        if folder is None:
            raise NotAnArticle("this is a link whose page was not fetched yet")
        return folders.page(self.places.home, folder)

    def folder(self, wanted: EntryId) -> Path | None:
        """Where the article lies; None for a link. Raises UnknownId."""
        folder = self.get(wanted).entry.folder
        return self.places.home / folder if folder else None

    def refresh(self) -> frozenset[EntryId]:
        """Fold in what other processes and devices changed; the ids that are different now."""
        return frozenset(EntryId(name) for name in self._ledger.refresh())

    def future_devices(self) -> Iterable[str]:
        """Devices whose clocks are more than a day ahead."""
        return self._ledger.future_devices()

    # Changing.

    def add(
        self, savings: Sequence[Saving], *, step: str | None, sample: bool = False
    ) -> list[Added]:
        """Put articles and links in; the answers are in the same order.

        What is known gains tags, notes and highlights, and its text where it had none; it leaves
        the trash unless the saving is `quiet`. One fsync per article folder and one for all
        records. `step` is what undo says; `sample` marks what any later word outweighs.
        """
        with self._ledger.lock:
            self._ledger.refresh()
            make_home(self.places)
            planned = [self._planned(saving) for saving in savings]
            self._commit(
                {name: fields for name, fields, _ in planned if fields}, step, sample=sample
            )
            return [
                Added(record_of(name, self._ledger.documents[name]), new)
                for name, _, new in planned
            ]

    def change(self, changes: Mapping[EntryId, Change], *, step: str | None) -> int:
        """Change records, all or none; returns how many are different now. Raises UnknownId first."""
        with self._ledger.lock:
            self._ledger.refresh()
            wanted: dict[str, dict[str, Any]] = {}
            for name, change in changes.items():
                record = self.get(name)
                fields = self._ledger.documents[record.entry.id].fields
                different = changed_fields(change, fields)
                if change.article is not None:
                    different |= self._text_fields(
                        record.entry.id, change.article, change.page or b"", fields
                    )
                if different:
                    wanted[record.entry.id] = different
            self._commit(wanted, step)
            return len(wanted)

    def add_pictures(self, wanted: EntryId, pictures: Mapping[str, tuple[str, bytes]]) -> None:
        """Keep pictures of an article: destination in the Markdown to (file name, content)."""
        record = self.get(wanted)
        if record.entry.folder is None:
            return
        folders.add_pictures(self.places.home, record.entry.folder, dict(pictures.values()))
        fields = {
            PICTURE + destination: f"images/{name}" for destination, (name, _) in pictures.items()
        }
        with self._ledger.lock:
            self._commit({record.entry.id: fields}, None)

    def purge(self, ids: Sequence[EntryId]) -> int:
        """Delete for good what is in the trash; returns how many. It is no step."""
        with self._ledger.lock:
            self._ledger.refresh()
            here = [
                name
                for name in ids
                if name in self._ledger.documents
                and self._ledger.documents[name].fields.get("deleted")
            ]
            held = [self._ledger.documents[name].fields for name in here]
            gone = [
                folder
                for fields in held
                for folder in [fields.get("folder"), *(fields.get("former") or ())]
                if folder
            ]
            self._commit({name: {"purged": True} for name in here}, None)
        for folder in gone:
            folders.remove(self.places.home, folder)
        return len(here)

    def undo(self) -> Undone | None:
        """Take the newest step of this device back; None where there is none.

        A field goes back only where it still holds what the step wrote.
        """
        with self._ledger.lock:
            self._ledger.refresh()
            steps = Steps(self._ledger.device.state)
            step = steps.newest()
            if step is None:
                return None
            wanted: dict[str, dict[str, Any]] = {}
            left = 0
            for name, after in step.after.items():
                fields = (
                    self._ledger.documents[name].fields if name in self._ledger.documents else {}
                )
                back = {
                    key: step.before[name].get(key)
                    for key, value in after.items()
                    if fields.get(key) == value
                }
                left += len(back) < len(after)
                if back:
                    wanted[name] = back
            self._commit(wanted, None)
            steps.taken_back()
            return Undone(step.said, len(wanted), left, tuple(EntryId(name) for name in wanted))

    # Inside.

    @staticmethod
    def _is_here(fields: Mapping[str, Any]) -> bool:
        return bool(fields.get("added")) and not fields.get("purged")

    def _commit(
        self, wanted: Mapping[str, Mapping[str, Any]], step: str | None, *, sample: bool = False
    ) -> None:
        """Write the fields through TinyDB, as one step, after noting what was there before."""
        if not wanted:
            return
        if step is not None:
            self._note_step(wanted, step)
        with self._storage.batch(sample=sample):
            for table_name, rows in _by_table(wanted).items():
                self._write_table(self._database.table(table_name), rows)

    def _write_table(self, table: Table, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """Insert what is new and update what is there, as few times as the table can be told."""
        new = [name for name in rows if name not in self._ledger.documents]
        if new:
            table.insert_multiple(
                TableDocument(dict(rows[name]), doc_id=name)  # type: ignore[arg-type]
                for name in new
            )
        # A bulk change gives many records the same fields: those are one update.
        alike: dict[str, list[str]] = {}
        for name in rows.keys() - set(new):
            alike.setdefault(repr(rows[name]), []).append(name)
        for names in alike.values():
            table.update(dict(rows[names[0]]), doc_ids=names)  # type: ignore[arg-type]

    def _note_step(self, wanted: Mapping[str, Mapping[str, Any]], step: str) -> None:
        before: dict[str, dict[str, Any]] = {}
        after: dict[str, dict[str, Any]] = {}
        for name, fields in wanted.items():
            document = self._ledger.documents.get(name)
            if document is None or not self._is_here(document.fields):
                # Undoing a creation puts it in the trash: nothing else of it is taken back.
                before[name], after[name] = {"deleted": True}, {"deleted": False}
                continue
            undoable = {
                key: value
                for key, value in fields.items()
                if key not in ("text", "folder", "former", "words")
            }
            before[name] = {key: document.fields.get(key) for key in undoable}
            after[name] = undoable
        Steps(self._ledger.device.state).note(Step(step, before, after))

    def _planned(self, saving: Saving) -> tuple[str, dict[str, Any], bool]:
        """Id, fields to write, and whether it is new; the article's folder is written here."""
        url = clean_url(saving.given) if saving.given else None
        name = saving.id or entry_id(url, saving.page)
        document = self._ledger.documents.get(name)
        fields: dict[str, Any] = dict(document.fields) if document else {}
        if self._is_here(fields):
            return str(name), self._met_again(str(name), saving, fields), False
        created: dict[str, Any] = {
            "url": url,
            "given": saving.given if saving.given != url else None,
            "final": saving.final if saving.final != url else None,
            "title": one_line(saving.title or "") or None,
            "site": host_of(url) or None,
            "added": saving.added
            or f"{datetime.fromtimestamp(self._clock(), UTC):%Y-%m-%dT%H:%M:%SZ}",
        }
        created = {key: value for key, value in created.items() if value is not None} | {
            "deleted": False
        }
        if fields.get("purged"):
            created["purged"] = False
        created |= self._given(saving, fields)
        if saving.article is not None:
            created |= self._text_fields(str(name), saving.article, saving.page, created)
        return str(name), created, True

    def _met_again(self, name: str, saving: Saving, fields: dict[str, Any]) -> dict[str, Any]:
        wanted = self._given(saving, fields)
        for key in ("finished", "starred", "archived", "progress", "position"):
            # What is known only gains tags, notes and highlights; how far one has read is one's own.
            wanted.pop(key, None)
        if fields.get("note"):
            wanted.pop("note", None)
        if fields.get("deleted") and not saving.quiet:
            wanted["deleted"] = False
        if saving.article is not None and not fields.get("text"):
            wanted |= self._text_fields(name, saving.article, saving.page, fields)
        return {
            key: value for key, value in wanted.items() if key not in fields or fields[key] != value
        }

    @staticmethod
    def _given(saving: Saving, fields: dict[str, Any]) -> dict[str, Any]:
        """What a person or an import says about an article, as fields; never a default."""
        values: dict[str, Any] = {
            "finished": saving.finished or None,
            "starred": saving.starred or None,
            "archived": saving.archived or None,
            "progress": round(saving.progress, 4) or None,
            "note": saving.note.strip() or None,
        }
        given = {key: value for key, value in values.items() if value is not None}
        if saving.position is not None:
            given["position"] = [
                saving.position.quote,
                saving.position.start,
                saving.position.progress,
            ]
        return given | member_fields(saving.tags, (), saving.highlights, (), fields)

    def _text_fields(
        self, name: str, article: Article, page: bytes, fields: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Write the article's folder; the fields that name it, and the former one."""
        found = article_fields(article)
        values = {
            "id": name,
            "url": fields.get("url"),
            "title": found["title"] or fields.get("title"),
            "byline": article.byline,
            "site": article.site or fields.get("site"),
            "published": article.published,
            "added": fields["added"],
            "language": article.language,
            "description": article.description,
            "suggested": found["suggested"],
        }
        written = folders.write(self.places.home, name, article, page, values)
        former = [
            *(fields.get("former") or ()),
            *([fields["folder"]] if fields.get("folder") not in (None, written.path) else []),
        ]
        pictures = {PICTURE + picture.place: picture.name for picture in article.pictures}
        said = {key: value for key, value in found.items() if value not in (None, "", [], False)}
        settled = {
            "text": written.digest,
            "folder": written.path,
            "reason": None if fields.get("reason") else "",
        }
        return (
            said
            | {key: value for key, value in settled.items() if value != ""}
            | ({"former": former} if former else {})
            | pictures
        )


def _by_table(wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Mapping[str, Any]]]:
    tables: dict[str, dict[str, Mapping[str, Any]]] = {}
    for name, fields in wanted.items():
        tables.setdefault(name[:TABLE_LETTERS], {})[name] = fields
    return tables
