"""TinyDB's storage on the ledger: a change costs what it changes, not what the library holds.

`Table.update` changes documents in place before it calls `write`, so what `read` hands out must
never be what is kept: a table is copied when it is first asked for, and `write` compares the
copies with what is kept.
"""

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any

from tinydb.storages import Storage

from reader.library.ledger import Ledger

TABLE_LETTERS = 2
"""A table holds the ids with the same first letters: 1,024 tables of about a hundred at 100,000."""


class Tables(MutableMapping[str, dict[str, dict[str, Any]]]):
    """All tables by name; a table's documents are copied when it is first asked for."""

    def __init__(self, index: Mapping[str, Mapping[str, Any]]):
        self._index = index
        self.asked: dict[str, dict[str, dict[str, Any]]] = {}
        self.dropped: set[str] = set()

    def __getitem__(self, name: str) -> dict[str, dict[str, Any]]:
        if name not in self.asked:
            if name in self.dropped or name not in self._index:
                raise KeyError(name)
            documents = self._index[name]
            self.asked[name] = {
                entry_id: dict(document.fields) for entry_id, document in documents.items()
            }
        return self.asked[name]

    def __setitem__(self, name: str, table: dict[str, dict[str, Any]]) -> None:
        self.asked[name] = table
        self.dropped.discard(name)

    def __delitem__(self, name: str) -> None:
        self.asked.pop(name, None)
        self.dropped.add(name)

    def __iter__(self) -> Iterator[str]:
        return (name for name in {**self._index, **self.asked} if name not in self.dropped)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class JournalStorage(Storage):
    """Reads from and writes to a ledger. A document that is removed is marked deleted."""

    def __init__(self, ledger: Ledger):
        self._ledger = ledger
        self._index: dict[str, dict[str, Any]] = {}
        self._indexed = 0
        self._batch: dict[str, dict[str, Any]] | None = None
        self._sample = False

    def read(self) -> Any:
        """Tables of documents (field name to JSON value); None while there are none."""
        with self._ledger.lock:
            self._reindex()
            return Tables(self._index) if self._index else None

    def write(self, data: Any) -> None:
        """Append what differs from what is kept. Raises what `Ledger.commit` raises."""
        with self._ledger.lock:
            changes = self._differences(data)
            if self._batch is not None:
                for entry_id, fields in changes.items():
                    self._batch.setdefault(entry_id, {}).update(fields)
            elif changes:
                self._ledger.commit(changes)

    @contextmanager
    def batch(self, *, sample: bool = False) -> Iterator[None]:
        """Join the writes inside into lines of up to 1 MB and one fsync.

        Inside, reading shows what was there before. Nothing is written where the block fails.
        """
        with self._ledger.lock:
            self._batch = {}
            try:
                yield
                changes = self._batch
            finally:
                self._batch = None
            if changes:
                self._ledger.commit(changes, sample=sample)

    def _reindex(self) -> None:
        if self._indexed == len(self._ledger.documents):
            return
        for entry_id, document in self._ledger.documents.items():
            self._index.setdefault(entry_id[:TABLE_LETTERS], {}).setdefault(entry_id, document)
        self._indexed = len(self._ledger.documents)

    def _differences(self, data: Any) -> dict[str, dict[str, Any]]:
        if isinstance(data, Tables):
            asked = data.asked
            asked |= {name: {} for name in data.dropped}
        else:
            asked = {name: data.get(name, {}) for name in {*self._index, *data}}
        changes: dict[str, dict[str, Any]] = {}
        for name, table in asked.items():
            kept = self._index.get(name, {})
            for entry_id, fields in table.items():
                before = kept[entry_id].fields if entry_id in kept else {}
                different = {
                    key: value
                    for key, value in fields.items()
                    if key not in before or before[key] != value
                }
                different |= {key: None for key in before if key not in fields}
                if different:
                    changes[entry_id] = different
            for entry_id in kept:
                if entry_id not in table and not kept[entry_id].fields.get("deleted"):
                    changes[entry_id] = {"deleted": True}
        return changes
