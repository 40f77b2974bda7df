"""TinyDB's storage on the document store.

`Table.update` changes documents in place before it calls `write`, so what `read` hands out must
never be the stored document: a table that is asked for is copied, each of its documents when it is first
changed, and `write` compares the copies with the stored ones. Values inside documents are never
changed in place.
"""

from collections.abc import Callable, Container, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document as TableDocument
from tinydb.table import Table

from reader.library.document_store import TABLE_NAME_LENGTH, DocumentStore
from reader.library.lww_document import Document


class Documents(Table):
    """A table whose ids are texts."""

    document_id_class = str  # type: ignore[assignment]
    # Fields of many documents are written past the tables, which must not remember old ones.
    default_query_cache_capacity = 0


class Database(TinyDB):
    """TinyDB on a journal; its tables are named after the first letters of their ids."""

    table_class = Documents


def write_fields(
    database: TinyDB, changes: Mapping[str, Mapping[str, Any]], known: Container[str]
) -> None:
    """Insert documents, or update those that are `known`, touching each table once."""
    tables: dict[str, dict[str, Mapping[str, Any]]] = {}
    for entry_id, fields in changes.items():
        tables.setdefault(entry_id[:TABLE_NAME_LENGTH], {})[entry_id] = fields
    for name, rows in tables.items():
        table: Any = database.table(name)
        met = [entry_id for entry_id in rows if entry_id in known]
        if met:
            table.update(_update_in_order([rows[entry_id] for entry_id in met]), doc_ids=met)
        new = rows.keys() - set(met)
        if new:
            table.insert_multiple([TableDocument(dict(rows[each]), doc_id=each) for each in new])  # type: ignore[arg-type]


def _update_in_order(rows: list[Mapping[str, Any]]) -> Callable[[MutableMapping[str, Any]], None]:
    """Return a change for `Table.update`, which calls it for each id in order."""
    following = iter(rows)

    def update(document: MutableMapping[str, Any]) -> None:
        document.update(next(following))

    return update


class DocumentView(MutableMapping[str, Any]):
    """A document that is read as it is kept, and copied when it is first changed.

    Making one does not touch the document: most of a table's are only passed by.
    """

    __slots__ = ("_id", "_table", "changed")

    def __init__(self, table: Mapping[str, Document], entry_id: str):
        self._table = table
        self._id = entry_id
        self.changed: dict[str, Any] | None = None

    def __getitem__(self, name: str) -> Any:
        return self._fields()[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._copy_on_write()[name] = value

    def __delitem__(self, name: str) -> None:
        del self._copy_on_write()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields())

    def __len__(self) -> int:
        return len(self._fields())

    def _fields(self) -> dict[str, Any]:
        return self._table[self._id].fields if self.changed is None else self.changed

    def _copy_on_write(self) -> dict[str, Any]:
        if self.changed is None:
            self.changed = self._fields().copy()
        return self.changed


class TableViews(MutableMapping[str, Mapping[str, Mapping[str, Any]]]):
    """All tables by name; changes to them do not reach the stored documents."""

    def __init__(self, kept: Mapping[str, Mapping[str, Document]]):
        self._kept = kept
        self.loaded: dict[str, Mapping[str, Mapping[str, Any]]] = {}
        self.dropped: set[str] = set()

    def __getitem__(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        if name not in self.loaded:
            if name in self.dropped or name not in self._kept:
                raise KeyError(name)
            documents = self._kept[name]
            self.loaded[name] = {
                entry_id: DocumentView(documents, entry_id) for entry_id in documents
            }
        return self.loaded[name]

    def __setitem__(self, name: str, table: Mapping[str, Mapping[str, Any]]) -> None:
        self.loaded[name] = table
        self.dropped.discard(name)

    def __delitem__(self, name: str) -> None:
        if name not in self.loaded and name not in self._kept:
            raise KeyError(name)
        self.loaded.pop(name, None)
        self.dropped.add(name)

    def __iter__(self) -> Iterator[str]:
        return (name for name in {**self._kept, **self.loaded} if name not in self.dropped)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class JournalStorage(Storage):
    """Reads from and writes to a store. A document that is removed is marked deleted."""

    def __init__(self, store: DocumentStore):
        self._store = store
        self._batch: dict[str, dict[str, Any]] | None = None

    def read(self) -> Any:
        """Tables of documents (field name to JSON value); None while there are none."""
        with self._store.lock:
            return TableViews(self._store.tables) if self._store.tables else None

    def write(self, data: Any) -> None:
        """Append the differences from the stored documents. Raises as `DocumentStore.commit` does.

        Raises what `DocumentStore.commit` raises.
        """
        with self._store.lock:
            changes = self._differences(data)
            if self._batch is not None:
                for entry_id, fields in changes.items():
                    self._batch.setdefault(entry_id, {}).update(fields)
            elif changes:
                self._store.commit(changes)

    @contextmanager
    def batch(self, *, clock: tuple[int, int] | None = None) -> Iterator[None]:
        """Join the writes inside into one step with one fsync.

        Inside, reading shows what was there before. Nothing is written where the block fails.
        """
        with self._store.lock:
            self._batch = {}
            try:
                yield
                changes = self._batch
            finally:
                self._batch = None
            if changes:
                self._store.commit(changes, clock=clock)

    def _differences(self, data: Any) -> dict[str, dict[str, Any]]:
        kept_tables = self._store.tables
        if isinstance(data, TableViews):
            asked = data.loaded | {name: {} for name in data.dropped}
        else:
            asked = {name: data.get(name, {}) for name in {*kept_tables, *data}}
        changes: dict[str, dict[str, Any]] = {}
        for name, table in asked.items():
            kept = kept_tables.get(name, {})
            for entry_id, fields in table.items():
                if isinstance(fields, DocumentView):
                    if fields.changed is None:
                        continue
                    fields = fields.changed
                before = kept[entry_id].fields if entry_id in kept else {}
                if fields != before:
                    changes[entry_id] = _changed_fields(before, fields)
            for entry_id in kept:
                if entry_id not in table and not kept[entry_id].fields.get("deleted"):
                    changes[entry_id] = {"deleted": True}
        return changes


def _changed_fields(before: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that were written, and None for removed ones."""
    written = {
        key: value for key, value in fields.items() if key not in before or before[key] != value
    }
    return written | {key: None for key in before if key not in fields}
