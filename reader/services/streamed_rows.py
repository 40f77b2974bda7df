"""Rows of the cache made while the journals are read, without holding all documents."""

from collections.abc import Container, Iterable, Iterator
from typing import Any, Final, cast

from reader.library.hlc import Stamp
from reader.library.lww_document import Document, new_document
from reader.model.entry import EntryId
from reader.search.store.rows import CacheRow, HiddenRecord, LinkRow
from reader.services.cache_rows import split_rows

Operation = tuple[str, dict[str, Any], Stamp]
_BATCH: Final = 500
"""Records whose rows are made together: ⏱ their values are still in the processor's cache."""


class StreamedRows:
    """The rows of a library of which only records with several changes are folded at the end.

    `repeated` are ids that have several changes. `hidden` holds the records that lists do not show,
    all of them when the last row was taken. If then `is_incomplete`, a record outside
    `repeated` had several changes, and the rows are not those of the library.
    """

    def __init__(self, repeated: Container[str]):
        self._repeated = repeated
        self._folded: dict[str, Document] = {}
        self._single: dict[str, Document] = {}
        self._seen: set[str] = set()
        self.hidden: dict[EntryId, HiddenRecord] = {}
        self.is_incomplete = False

    def rows(self, changes: Iterable[list[Operation]]) -> Iterator[list[CacheRow | LinkRow]]:
        """Yield the rows of these changes in lists; each list of changes is read when it is needed."""
        for operations in changes:
            self._fold(operations)
            if len(self._single) >= _BATCH:
                yield from self._take(self._single)
                self._single = {}
        yield from self._take(self._single)
        yield from self._take(self._folded)

    def _fold(self, operations: list[Operation]) -> None:
        repeated, folded, single, seen = self._repeated, self._folded, self._single, self._seen
        for entry_id, fields, stamp in operations:
            if entry_id not in repeated:
                if entry_id in seen:
                    self.is_incomplete = True
                seen.add(entry_id)
                single[entry_id] = new_document(fields, stamp)
            elif (document := folded.get(entry_id)) is None:
                folded[entry_id] = Document(fields, stamp)
            else:
                document.apply(fields, stamp)

    def _take(self, documents: dict[str, Document]) -> Iterator[list[CacheRow | LinkRow]]:
        # ⏱ Not `EntryId(...)` for each record, which is a call.
        rows, gone = split_rows(cast("dict[EntryId, Document]", documents))
        self.hidden |= gone
        return rows
