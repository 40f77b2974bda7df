"""Requests to the library, and their results."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    # A mark must not wait for the classes of articles and highlights.
    from reader.model.article import Article
    from reader.model.entry import EntryId, Record
    from reader.model.highlight import Highlight, Position


class Change(NamedTuple):
    """The changes of one record; None and empty leave a field as it is.

    Tags and highlights are added and removed by member, so that changes made on two devices
    meet. `add_highlights` adds highlights or replaces those with the same id. `failure` is why a link has
    no text; an empty one queues it again. `article` and `page` give a link its text, or an
    article a newer one.
    """

    title: str | None = None
    finished: bool | None = None
    progress: float | None = None
    position: "Position | None" = None
    starred: bool | None = None
    archived: bool | None = None
    trashed: bool | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    note: str | None = None
    add_highlights: "tuple[Highlight, ...]" = ()
    remove_highlights: tuple[str, ...] = ()
    failure: str | None = None
    attempts: int | None = None
    same: "EntryId | None" = None
    article: "Article | None" = None
    page: bytes | None = None
    final: str | None = None


class SaveRequest(NamedTuple):
    """An article with its page, or a link (`article` None), to be saved in the library.

    `given` is the address as typed or found, None for text without one; `id` is set where it is
    known already, as in an import. `added` is `YYYY-MM-DDTHH:MM:SSZ`, None for now.
    `link_metadata` is what an import says of a link: byline, site, published, language, description; a
    page that is fetched says it better. With `leave_in_trash`, a trashed record stays in the trash.
    """

    article: "Article | None" = None
    page: bytes = b""
    given: str | None = None
    final: str | None = None
    title: str | None = None
    link_metadata: Mapping[str, str] = MappingProxyType({})
    tags: tuple[str, ...] = ()
    added: str | None = None
    finished: bool = False
    progress: float = 0.0
    position: "Position | None" = None
    starred: bool = False
    archived: bool = False
    note: str = ""
    highlights: "tuple[Highlight, ...]" = ()
    id: "EntryId | None" = None
    leave_in_trash: bool = False


class AddResult(NamedTuple):
    """The result of one save request: the record, and whether it is new."""

    record: "Record"
    is_new: bool


class UndoResult(NamedTuple):
    """A step taken back: its sentence, how many records changed, how many were left alone."""

    step: str
    changed: int
    skipped: int
    ids: "tuple[EntryId, ...]" = ()
