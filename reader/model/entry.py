"""A row of the library, and the whole record behind it."""

import math
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, NewType

from reader.model.text import WORDS_PER_MINUTE, reading_minutes

if TYPE_CHECKING:
    # A list of entries is on the screen before anything is known of articles.
    from reader.model.article import Related
    from reader.model.highlight import Highlight, Position

EntryId = NewType("EntryId", str)
"""12 lower-case Crockford base32 characters; see `model.urls.id_for`."""

MIN_READING_PROGRESS = 0.02
"""Progress from which an article counts as begun."""


class State(StrEnum):
    """The reading state of an article; derived, never stored."""

    UNREAD = "unread"
    READING = "reading"
    READ = "read"


class FetchStatus(StrEnum):
    """The state of a record's text: `done`, waiting (`queued`) or failed."""

    DONE = "done"
    QUEUED = "queued"
    FAILED = "failed"


class Entry(NamedTuple):
    """The row of one record, as the list pane and `reader list` show it.

    `added` is `YYYY-MM-DDTHH:MM:SSZ`. `tags` are sorted by their folded form. `highlights` counts
    highlights. `labels` are the colours and words of their labels, folded and sorted. `folder` is relative to the library's home, `None` for a link without text.
    `created` orders entries added in the same second: (milliseconds, counter, device).
    """

    id: EntryId
    url: str | None
    title: str
    added: str
    byline: str | None = None
    site: str | None = None
    published: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    words: int = 0
    progress: float = 0.0
    finished: bool = False
    starred: bool = False
    archived: bool = False
    trashed: bool = False
    fetch: FetchStatus = FetchStatus.DONE
    reason: str | None = None
    highlights: int = 0
    has_note: bool = False
    has_images: bool = False
    has_text: bool = False
    folder: str | None = None
    created: tuple[int, int, str] = (0, 0, "")
    labels: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        if self.finished:
            return State.READ
        return State.READING if self.progress >= MIN_READING_PROGRESS else State.UNREAD

    @property
    def minutes(self) -> int:
        """Minutes the whole text takes; 0 for a link."""
        return reading_minutes(self.words)

    @property
    def minutes_left(self) -> int:
        """Minutes left from where reading stopped; 0 when finished."""
        return minutes_left_of(self.words, self.progress, self.finished)


def minutes_left_of(words: int, progress: float, finished: bool) -> int:
    """Return the minutes left of a text at the usual speed; 0 when finished."""
    return 0 if finished else math.ceil(reading_minutes(words) * (1.0 - progress))


def minutes_left_at(entry: Entry, speed: int = 0) -> int:
    """Whole minutes of the rest at `speed` words a minute; 0 stands for the usual speed."""
    if entry.finished:
        return 0
    return math.ceil(entry.words * (1.0 - entry.progress) / (speed or WORDS_PER_MINUTE))


class Record(NamedTuple):
    """Everything the library knows of one article or link.

    `digest` is the SHA-256 of the Markdown body, `None` for a link. `pictures` maps an image's
    destination in the Markdown to its file below the article's folder. `suggested` are the tags
    that the page offered. `given` is the address as it was typed, `final` after redirects.
    `same` names the article that this id turned out to be. `former` are the folders of earlier
    fetches, oldest first.
    """

    entry: Entry
    given: str | None = None
    final: str | None = None
    canonical: str | None = None
    modified: str | None = None
    description: str | None = None
    image: str | None = None
    digest: str | None = None
    suggested: tuple[str, ...] = ()
    related: "tuple[Related, ...]" = ()
    cut: bool = False
    note: str = ""
    highlights: "tuple[Highlight, ...]" = ()
    position: "Position | None" = None
    images: Mapping[str, str] = MappingProxyType({})
    former: tuple[str, ...] = ()
    attempts: int = 0
    same: EntryId | None = None
    purged: bool = False
