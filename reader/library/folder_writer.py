"""The article folders of one job: written before the library's lock is taken, settled under it.

Nothing that a record names is ever removed. A folder may be named by a record of another process
from the moment it is in its place, because two processes that save the same article write the same
folder. So a folder is only removed under the lock, with all that others wrote folded in, and only
if no record names it then; and a job that is about to name a folder looks under the lock whether it
is there, and writes it again if not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from reader.library import article_folders
from reader.library.article_folders import ArticleFolder
from reader.library.document_store import DocumentStore
from reader.library.folder_records import is_named, set_aside_unnamed
from reader.library.pending_folders import PendingFolders
from reader.library.record_builder import write_folder
from reader.model.article import Article
from reader.model.errors import LibraryError


@dataclass(frozen=True, slots=True)
class _Written:
    folder: ArticleFolder
    article: Article
    page: bytes
    known: Mapping[str, Any]


class FolderWriter:
    """Writes folders; on leaving, those that no record names are removed again."""

    def __init__(self, store: DocumentStore):
        self._store = store
        self._home = store.places.home
        self._pending = PendingFolders(self._home)
        self._written: dict[str, _Written] = {}

    def __contains__(self, entry_id: str) -> bool:
        return entry_id in self._written

    def write(
        self, entry_id: str, article: Article, page: bytes, known: Mapping[str, Any]
    ) -> ArticleFolder:
        """Write an article's folder; durable on return. Raises WriteError. Several fsyncs."""
        folder = write_folder(self._home, entry_id, article, page, known, self._pending.note)
        self._written[entry_id] = _Written(folder, article, page, known)
        return folder

    def confirm(self, entry_id: str) -> ArticleFolder:
        """Return the folder, which is there now: the caller holds the lock. Raises WriteError."""
        written = self._written[entry_id]
        if article_folders.exists(self._home, written.folder.path):
            return written.folder
        return self.write(entry_id, written.article, written.page, written.known)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        left = [
            each.folder.path
            for each in self._written.values()
            if each.folder.is_new and not is_named(self._store, each.folder.path)
        ]
        if not left:
            self._pending.finish()
            return
        try:
            with self._store.writing():
                moved, _ = set_aside_unnamed(self._store, left)
            article_folders.delete_set_aside(self._home, moved)
        except LibraryError:
            # The next process that writes finds them in the note.
            self._pending.abandon(unwanted=left)
        else:
            self._pending.finish()
