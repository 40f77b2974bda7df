"""The store's documents: all of them, or those that were asked for, loaded from a source."""

from collections.abc import Callable, Collection, ItemsView, Iterable, Iterator, Mapping, ValuesView
from typing import Any, Final, Protocol, cast

from reader.library.journal_files import FileProgress, FileStamp
from reader.library.journal_reader import CoveredFile
from reader.library.lww_document import Document

_get: Final = dict[str, Document].get
_contains: Final = dict[str, Document].__contains__


class DocumentSource(Protocol):
    """Copies of all documents, folded from the journals up to `progress`, as the cache has them.

    `stamps` are those of all journal files at that time, `covered` the files that were not read. `clock` is the newest one that was
    adopted from them: (milliseconds, counter).
    """

    progress: Mapping[str, FileProgress]
    stamps: Mapping[str, FileStamp]
    covered: Mapping[str, CoveredFile]
    clock: tuple[int, int]

    def load(self, ids: Collection[str]) -> Mapping[str, Document] | None:
        """Load those of the documents that exist; None if the copies are no longer the same."""


class Documents(dict[str, Document]):
    """Documents by id. With a source, a document is loaded when it is first asked for.

    Iterating calls `load_all`, which must call `replace`, and so does a source that is gone.
    """

    def __init__(self, source: DocumentSource | None, load_all: Callable[[], object]):
        super().__init__()
        self._source = source
        self._load_all = load_all
        self._asked: set[str] = set()
        self.loads = 0
        """Return how often loading added or removed documents; older tables are out of date."""

    @property
    def is_partial(self) -> bool:
        """Return whether there may be documents that were not loaded."""
        return self._source is not None

    def replace(self, documents: dict[str, Document]) -> None:
        """Hold exactly these documents from now on, without a source."""
        self._source = None
        self._asked.clear()
        super().clear()
        super().update(documents)
        self.loads += 1

    def prefetch(self, ids: Iterable[str]) -> None:
        """Load those of the documents that were never asked for, in one query."""
        if self._source is None:
            return
        wanted = list(ids)
        if self._asked.issuperset(wanted):
            return
        missing = [name for name in wanted if name not in self._asked]
        found = self._source.load(missing)
        if found is None:
            self._load_all()
            return
        self._asked.update(missing)
        # Those that a journal line made since are newer.
        held = [(name, document) for name in found if (document := _get(self, name)) is not None]
        super().update(found)
        super().update(held)
        self.loads += bool(found)

    def release(self, ids: Iterable[str]) -> None:
        """Drop documents that the source has in their present state; it loads them again."""
        if self._source is None:
            return
        dropped = set(ids)
        self._asked -= dropped
        if self._asked:
            drop = super().pop
            for name in dropped:
                drop(name, None)
        else:
            # Nothing else is held: documents that a journal line makes are asked for before.
            super().clear()
        self.loads += 1

    def of(self, ids: Iterable[str]) -> dict[str, Document]:
        """Return those of the documents that exist, by id."""
        found: dict[str, Document] = {}
        for name in ids:
            document = _get(self, name)
            if document is None:
                document = self.get(name)
            if document is not None:
                found[name] = document
        return found

    def held(self) -> ItemsView[str, Document]:
        """Return the documents that are in memory."""
        return super().items()

    # ⏱ What is held is found first: bulk work asks for each record several times.

    def __contains__(self, name: object) -> bool:
        if _contains(self, name):
            return True
        if self._source is not None and isinstance(name, str) and name not in self._asked:
            self.prefetch((name,))
        return super().__contains__(name)

    def __getitem__(self, name: str) -> Document:
        document = self.get(name)
        if document is None:
            raise KeyError(name)
        return cast(Document, document)

    def get(self, name: str, default: Any = None) -> Any:
        document = _get(self, name)
        if document is not None:
            return document
        if self._source is not None and name not in self._asked:
            self.prefetch((name,))
            return _get(self, name, default)
        return default

    def items(self) -> ItemsView[str, Document]:  # type: ignore[override] # no public dict_items
        self.load_all()
        return super().items()

    def values(self) -> ValuesView[Document]:  # type: ignore[override] # no public dict_values
        self.load_all()
        return super().values()

    def __iter__(self) -> Iterator[str]:
        self.load_all()
        return super().__iter__()

    def __len__(self) -> int:
        self.load_all()
        return super().__len__()

    def load_all(self) -> None:
        """Load every document, unless all are held."""
        if self._source is not None:
            self._load_all()
