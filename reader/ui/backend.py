"""What the app asks of the library: one narrow interface, so that screens can be run over memory.

Every method blocks on disk or network and is called in a thread; all raise ReaderErrors.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from reader.layout.document import ShownArticle
from reader.layout.half_block_image import Raster
from reader.model.article import Related
from reader.model.entry import Entry, EntryId, minutes_left
from reader.model.highlight import Highlight, Position
from reader.model.query import Query, Text
from reader.services.workspace import Shelf

if TYPE_CHECKING:
    from datetime import datetime

    from reader.search.discovery.similar_tags import Proposal
    from reader.search.discovery.spaced_repetition import Remembered
    from reader.search.discovery.statistics import Statistics
    from reader.search.text.query_completion import Known
    from reader.search.text.snippets import Snippet
    from reader.services.duplicates import Group
    from reader.services.review import Question
    from reader.services.rules import Effect


class Listed(Protocol):
    """A frozen result of a query, in its order."""

    def __len__(self) -> int: ...
    def __getitem__(self, row: int, /) -> Entry: ...
    def index_of(self, entry_id: EntryId, /) -> int | None:
        """The row of the entry, None where it is not among these."""
        ...

    def ids(self) -> list[EntryId]:
        """The ids of all, in order. Reads every entry."""
        ...


Progress = Callable[[int, int], None]
"""Told how many are done of how many."""


@dataclass(frozen=True, slots=True)
class Tallies:
    """Counts by name of view, and tags in tree order with theirs."""

    views: Mapping[str, int]
    tags: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Done:
    """What a change did, as a sentence; `undoable` where `u` takes it back.

    `entry` is the one it is about, `unfetched` says that its page is still to be fetched, `wrong`
    that it failed.
    """

    said: str
    undoable: bool = True
    entry: EntryId | None = None
    unfetched: bool = False
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """Details of one article: facts by name, a summary, and related articles.

    `named` are those that the page itself names, `near` those of the library that are alike.
    """

    title: str
    facts: Sequence[tuple[str, str]] = ()
    summary: str = ""
    named: Sequence[Related] = ()
    near: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """A highlight with the entry it is in."""

    entry: Entry
    highlight: Highlight


class Desk(Protocol):
    """All that screens ask for."""

    @property
    def recalling(self) -> "RecallingDesk":
        """What comes back without being searched for."""
        ...

    def prepare(self, progress: Progress, cancelled: Callable[[], bool]) -> Done:
        """Do what a library needs when it is opened: samples for a new one, the full text."""
        ...

    def tell_filling(self, progress: Progress) -> None:
        """Say there from now on how many rows are in, whenever all of them are read anew."""
        ...

    def listing(self, query: Query) -> Listed: ...
    def left_open(self, query: Query, typed: str) -> Query:
        """The query that ends with what is being typed, whose last word may still go on."""
        ...

    def snippets(
        self, entries: Sequence[Entry], words: Sequence[Text], length: int
    ) -> "Mapping[EntryId, Snippet]":
        """A line of each text around the words, of about so many characters."""
        ...

    def corrected(self, query: Query) -> Query | None:
        """The query with the words that were probably meant; None where nothing is near."""
        ...

    def known(self) -> "Known":
        """What a search may be completed with."""
        ...

    def recent(self) -> Sequence[str]:
        """Searches that were kept, the last one first."""
        ...

    def remember(self, search: str) -> None:
        """Put a search among the recent ones."""
        ...

    def tallies(self, views: Mapping[str, str]) -> Tallies: ...
    def entries(self, ids: Sequence[EntryId]) -> list[Entry]: ...
    def article(self, entry_id: EntryId) -> ShownArticle: ...
    def picture(self, folder: Path, file: str, width: int, height: int) -> Raster | None:
        """A picture of the article's folder, small enough for so many pixels; None for none."""
        ...

    def has_changed(self) -> bool:
        """Take in what other processes wrote; whether there was anything."""
        ...

    def mark(
        self,
        ids: Sequence[EntryId],
        *,
        finished: bool | None = None,
        starred: bool | None = None,
        archived: bool | None = None,
    ) -> Done: ...
    def tag(self, ids: Sequence[EntryId], add: Sequence[str], remove: Sequence[str]) -> Done: ...
    def suggested(self, entry_id: EntryId) -> Sequence[str]: ...
    def delete(self, ids: Sequence[EntryId]) -> Done: ...
    def restore(self, ids: Sequence[EntryId]) -> Done: ...
    def undo(self) -> Done: ...
    def add(self, source: str, tags: Sequence[str]) -> Done: ...
    def fetch(
        self, ids: Sequence[EntryId], progress: Progress, cancelled: Callable[[], bool]
    ) -> Done: ...
    def speed(self) -> int:
        """Words a minute of the settings, else one's own; 0 while that is not known."""
        ...

    def keep_pace(self, words: float, seconds: float) -> int:
        """Take in how fast someone read; the speed as it is known then."""
        ...

    def keep_place(self, entry_id: EntryId, position: Position, *, finished: bool) -> None: ...
    def keep_highlight(self, entry_id: EntryId, highlight: Highlight) -> Done: ...
    def remove_highlight(self, entry_id: EntryId, highlight: Highlight) -> Done: ...
    def keep_note(self, entry_id: EntryId, note: str) -> Done: ...
    def highlights(self, query: Query) -> Sequence[Marked]: ...
    def about(self, entry_id: EntryId) -> About: ...
    def summarised(self, entry_id: EntryId, cancelled: Callable[[], bool]) -> str:
        """The summary by the command of the settings; empty where none is set. May take minutes."""
        ...

    def rename_tag(self, old: str, new: str) -> Done: ...
    def merge_tag(self, old: str, into: str) -> Done: ...
    def delete_tag(self, tag: str) -> Done: ...
    def keep_view(self, name: str, query: str) -> Done: ...
    def drop_view(self, name: str) -> Done: ...
    def open_outside(self, url: str) -> None: ...
    def copy_outside(self, text: str) -> bool: ...
    def pipe(self, entry_id: EntryId, command: Sequence[str]) -> str: ...


@dataclass(frozen=True, slots=True)
class ToRead:
    """What fits the time at hand, with the minutes left of each, and what was forgotten."""

    fitting: Sequence[tuple[Entry, int]] = ()
    forgotten: Sequence[tuple[Entry, int]] = ()


class RecallingDesk(Protocol):
    """All that the recalling screens ask for."""

    def to_read(self, query: Query, minutes: int) -> ToRead: ...
    def questions(self) -> "Sequence[Question]": ...
    def answer(self, question: "Question", how: "Remembered") -> "datetime": ...
    def statistics(self) -> "Statistics": ...
    def alike_tags(self) -> "Sequence[Proposal]": ...
    def merge_tags(self, proposal: "Proposal") -> Done: ...
    def doubles(
        self, query: Query, progress: Progress, cancelled: Callable[[], bool]
    ) -> "Sequence[Group]": ...
    def merge_doubles(self, groups: "Sequence[Group]") -> Done: ...
    def ruled(self) -> "Sequence[Effect]": ...
    def apply_rules(self, planned: "Sequence[Effect]") -> Done: ...


class ShelfRecallingDesk:
    """See `RecallingDesk`; `changed` is called after each change."""

    def __init__(self, shelf: Shelf, changed: Callable[[], object]):
        self._shelf = shelf
        self._changed = changed

    def to_read(self, query: Query, minutes: int) -> ToRead:
        from reader.search.discovery.reading_suggestions import fitting, forgotten

        speed = self._shelf.settings.reading.speed
        found = list(self._shelf.fresh_cache().listing(query, now=self._shelf.now()))
        chosen = fitting(found, minutes, speed=speed)
        gems = [entry for entry in forgotten(found, self._shelf.now()) if entry not in chosen]
        return ToRead(
            [(entry, minutes_left(entry, speed)) for entry in chosen],
            [(entry, minutes_left(entry, speed)) for entry in gems],
        )

    def questions(self) -> "Sequence[Question]":
        from reader.services import review

        return review.questions(self._shelf)

    def answer(self, question: "Question", how: "Remembered") -> "datetime":
        from reader.services import review

        return review.answer(self._shelf, question, how)

    def statistics(self) -> "Statistics":
        from reader.services import statistics as statistics_service

        return statistics_service.reckon(self._shelf)

    def alike_tags(self) -> "Sequence[Proposal]":
        from reader.search.discovery.similar_tags import near_duplicates

        return near_duplicates(self._shelf.fresh_cache().counts().tags)

    def merge_tags(self, proposal: "Proposal") -> Done:
        from reader.services.tags import Plan, carry_out

        count = carry_out(self._shelf, Plan(tuple(proposal.others), proposal.keep))
        self._changed()
        return Done(f"Merged into #{proposal.keep}: {count} article{'' if count == 1 else 's'}")

    def doubles(
        self, query: Query, progress: Progress, cancelled: Callable[[], bool]
    ) -> "Sequence[Group]":
        from reader.services import duplicates

        return duplicates.doubles(self._shelf, query, progress=progress, cancelled=cancelled)

    def merge_doubles(self, groups: "Sequence[Group]") -> Done:
        from reader.services import duplicates

        count = duplicates.merge(self._shelf, groups)
        self._changed()
        return Done(f"Merged {count} article{'' if count == 1 else 's'}")

    def ruled(self) -> "Sequence[Effect]":
        from reader.model.rules import rules_of
        from reader.services import rules

        return rules.effects(self._shelf, rules_of(self._shelf.settings.rules))

    def apply_rules(self, planned: "Sequence[Effect]") -> Done:
        from reader.services import rules

        count = rules.carry_out(self._shelf, planned)
        self._changed()
        return Done(f"Rules changed {count} article{'' if count == 1 else 's'}")
