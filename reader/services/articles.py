"""One article to be read, from the cache and its folder alone: nobody waits for the library."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reader.library import lww_document
from reader.library.article_folders import read_page, read_text
from reader.library.record_mapper import record_of
from reader.model.change import Change
from reader.model.entry import EntryId, Record
from reader.model.errors import NotAnArticle
from reader.model.highlight import Position
from reader.search.store.cache import Cache
from reader.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class OpenArticle:
    """A record with the Markdown of its text, empty for a link."""

    record: Record
    markdown: str


def read(shelf: Workspace, cache: Cache, entry_id: EntryId) -> OpenArticle:
    """The record as the cache knows it, and its text from the disk.

    Blocks on disk. Raises UnknownId, LibraryDamaged where the text is gone.
    """
    found = record(shelf, cache, entry_id)
    folder = found.entry.folder
    return OpenArticle(found, read_text(shelf.places.home, folder) if folder else "")


def original(shelf: Workspace, cache: Cache, entry_id: EntryId) -> bytes:
    """The page as it was fetched. Blocks on disk. Raises UnknownId, LibraryDamaged, NotAnArticle."""
    folder = record(shelf, cache, entry_id).entry.folder
    if folder is None:
        raise NotAnArticle("this is a link whose page was not fetched yet")
    return read_page(shelf.places.home, folder)


def record(shelf: Workspace, cache: Cache, entry_id: EntryId) -> Record:
    """The record as the cache knows it, else as the library does. Blocks on disk. Raises UnknownId."""
    known = records(shelf, cache, [entry_id])
    return known[0] if known else shelf.library.get(entry_id)


def records(shelf: Workspace, cache: Cache, ids: Sequence[EntryId]) -> list[Record]:
    """The records of those that the cache knows, in the order asked for. Blocks on disk."""
    known = cache.documents(ids)
    return [record_of(each, lww_document.load(known[each])) for each in ids if each in known]


def summary(
    opened: OpenArticle, command: Sequence[str] = (), cancelled: Callable[[], bool] = lambda: False
) -> str:
    """Sentences that say what the article is about, and on a line of their own its key phrases.

    Its own sentences, or those of the command; see `summarising.summary` for what that raises.
    """
    from reader.services.summaries import summary as summarised

    title = opened.record.entry.title
    found = summarised(title, opened.markdown, command, cancelled=cancelled)
    return "\n\n".join(part for part in (str(found), " · ".join(found.phrases)) if part)


def save_position(
    shelf: Workspace, entry_id: EntryId, position: Position, *, finished: bool
) -> None:
    """Keep how far someone has read; no step of undo. One fsync."""
    change = Change(
        position=position, progress=position.progress, finished=True if finished else None
    )
    shelf.library.change({entry_id: change}, step=None)
