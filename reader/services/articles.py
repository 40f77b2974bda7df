"""Read one article from the cache and its folder, without opening the library."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reader.library import lww_document
from reader.library.article_folders import exists, read_page, read_text
from reader.library.record_mapper import record_of
from reader.model.article import RemovedText
from reader.model.change import Change
from reader.model.entry import EntryId, Record
from reader.model.errors import NotAnArticleError
from reader.model.highlight import Position
from reader.search.store.cache import Cache
from reader.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class OpenArticle:
    """A record with the Markdown of its text, empty for a link."""

    record: Record
    markdown: str


def read(workspace: Workspace, cache: Cache, entry_id: EntryId) -> OpenArticle:
    """Read the cache's record, and its text from the disk.

    Blocks on disk, and on the network if texts are on demand. Raises UnknownIdError,
    LibraryDamagedError if the text is missing, SyncError.
    """
    found = record(workspace, cache, entry_id)
    folder = found.entry.folder
    if folder:
        _bring(workspace, folder)
    return OpenArticle(found, read_text(workspace.places.home, folder) if folder else "")


def original(workspace: Workspace, cache: Cache, entry_id: EntryId) -> bytes:
    """Read the page as it was fetched. Blocks on disk.

    Raises UnknownIdError, LibraryDamagedError, NotAnArticleError.
    """
    folder = record(workspace, cache, entry_id).entry.folder
    if folder is None:
        raise NotAnArticleError("this is a link whose page was not fetched yet")
    _bring(workspace, folder)
    return read_page(workspace.places.home, folder)


def removed_text(workspace: Workspace, cache: Cache, entry_id: EntryId) -> Sequence[RemovedText]:
    """Return the visible texts of the page that its article leaves out, in order.

    Extracts the page again, in a child process. Blocks on disk. Raises as `original` does.
    """
    page = original(workspace, cache, entry_id)
    url = record(workspace, cache, entry_id).entry.url
    article, _ = workspace.extractors.timed(page, url)
    return article.removed


def _bring(workspace: Workspace, folder: str) -> None:
    """Bring an article's folder from the remote if this device has its texts on demand."""
    if not exists(workspace.places.home, folder):
        # Imported here: nearly every article is here.
        from reader.services.sync_texts import bring_on_demand

        bring_on_demand(workspace, folder)


def record(workspace: Workspace, cache: Cache, entry_id: EntryId) -> Record:
    """Return the record from the cache, else from the library. Blocks on disk. Raises UnknownIdError."""
    known = records(workspace, cache, [entry_id])
    return known[0] if known else workspace.library.get(entry_id)


def records(workspace: Workspace, cache: Cache, ids: Sequence[EntryId]) -> list[Record]:
    """Return the records that the cache holds, in the order of `ids`. Blocks on disk."""
    known = cache.documents(ids)
    return [record_of(each, lww_document.load(known[each])) for each in ids if each in known]


def summary_text(
    opened: OpenArticle, command: Sequence[str] = (), cancelled: Callable[[], bool] = lambda: False
) -> str:
    """Return the article's key sentences, and its key phrases as a last paragraph.

    The sentences are the article's, or the command's answer; raises as `summarise_article` does.
    """
    from reader.services.summaries import summarise_article

    title = opened.record.entry.title
    found = summarise_article(title, opened.markdown, command, cancelled=cancelled)
    return "\n\n".join(part for part in (str(found), " · ".join(found.phrases)) if part)


def save_position(
    workspace: Workspace, entry_id: EntryId, position: Position, *, finished: bool
) -> None:
    """Save the reading position; not an undo step. One fsync."""
    change = Change(
        position=position, progress=position.progress, finished=True if finished else None
    )
    workspace.library.change({entry_id: change}, step=None)
