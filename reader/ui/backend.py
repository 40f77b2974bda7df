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
from reader.model.entry import Entry, EntryId, minutes_left_at
from reader.model.highlight import Highlight, Position
from reader.model.query import Query, TextTerm
from reader.services.workspace import Workspace
from reader.ui.entry_sequence import EntrySequence

if TYPE_CHECKING:
    from datetime import datetime

    from reader.search.discovery.similar_tags import MergeProposal
    from reader.search.discovery.spaced_repetition import Grade
    from reader.search.discovery.statistics import Statistics
    from reader.search.text.query_completion import CompletionValues
    from reader.search.text.snippets import Snippet
    from reader.services.duplicates import DuplicateGroup
    from reader.services.review import Question
    from reader.services.rules import RuleEffect


Progress = Callable[[int, int], None]
"""Told how many are done of how many."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts by name of view, and tags in tree order with theirs."""

    views: Mapping[str, int]
    tags: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change did, as a sentence; `undoable` where `u` takes it back.

    `entry` is the one it is about, `unfetched` says that its page is still to be fetched, `wrong`
    that it failed.
    """

    message: str
    undoable: bool = True
    entry: EntryId | None = None
    needs_fetch: bool = False
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class ArticleDetails:
    """Details of one article: facts by name, a summary, and related articles.

    `named` are those that the page itself names, `near` those of the library that are alike.
    """

    title: str
    facts: Sequence[tuple[str, str]] = ()
    summary: str = ""
    linked: Sequence[Related] = ()
    similar: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True)
class EntryHighlight:
    """A highlight with the entry it is in."""

    entry: Entry
    highlight: Highlight


class Backend(Protocol):
    """All that screens ask for."""

    @property
    def discovery(self) -> "DiscoveryBackend":
        """What comes back without being searched for."""
        ...

    def prepare(self, progress: Progress, cancelled: Callable[[], bool]) -> Outcome:
        """Do what a library needs when it is opened: samples for a new one, the full text."""
        ...

    def on_rebuild_progress(self, progress: Progress) -> None:
        """Say there from now on how many rows are in, whenever all of them are read anew."""
        ...

    def listing(self, query: Query) -> EntrySequence: ...
    def as_prefix_query(self, query: Query, typed: str) -> Query:
        """The query that ends with what is being typed, whose last word may still go on."""
        ...

    def snippets(
        self, entries: Sequence[Entry], words: Sequence[TextTerm], length: int
    ) -> "Mapping[EntryId, Snippet]":
        """A line of each text around the words, of about so many characters."""
        ...

    def spell_corrected(self, query: Query) -> Query | None:
        """The query with the words that were probably meant; None where nothing is near."""
        ...

    def completions(self) -> "CompletionValues":
        """What a search may be completed with."""
        ...

    def recent_searches(self) -> Sequence[str]:
        """Searches that were kept, the last one first."""
        ...

    def remember_search(self, search: str) -> None:
        """Put a search among the recent ones."""
        ...

    def counts(self, views: Mapping[str, str]) -> Counts: ...
    def entries(self, ids: Sequence[EntryId]) -> list[Entry]: ...
    def article(self, entry_id: EntryId) -> ShownArticle: ...
    def image(self, folder: Path, file: str, width: int, height: int) -> Raster | None:
        """A picture of the article's folder, small enough for so many pixels; None for none."""
        ...

    def pull_changes(self) -> bool:
        """Take in what other processes wrote; whether there was anything."""
        ...

    def mark(
        self,
        ids: Sequence[EntryId],
        *,
        finished: bool | None = None,
        starred: bool | None = None,
        archived: bool | None = None,
    ) -> Outcome: ...
    def tag(self, ids: Sequence[EntryId], add: Sequence[str], remove: Sequence[str]) -> Outcome: ...
    def suggest_tags(self, entry_id: EntryId) -> Sequence[str]: ...
    def delete(self, ids: Sequence[EntryId]) -> Outcome: ...
    def restore(self, ids: Sequence[EntryId]) -> Outcome: ...
    def undo(self) -> Outcome: ...
    def add(self, source: str, tags: Sequence[str]) -> Outcome: ...
    def fetch(
        self, ids: Sequence[EntryId], progress: Progress, cancelled: Callable[[], bool]
    ) -> Outcome: ...
    def reading_speed(self) -> int:
        """Words a minute of the settings, else one's own; 0 while that is not known."""
        ...

    def record_reading_speed(self, words: float, seconds: float) -> int:
        """Take in how fast someone read; the speed as it is known then."""
        ...

    def save_position(self, entry_id: EntryId, position: Position, *, finished: bool) -> None: ...
    def save_highlight(self, entry_id: EntryId, highlight: Highlight) -> Outcome: ...
    def remove_highlight(self, entry_id: EntryId, highlight: Highlight) -> Outcome: ...
    def save_note(self, entry_id: EntryId, note: str) -> Outcome: ...
    def highlights(self, query: Query) -> Sequence[EntryHighlight]: ...
    def article_details(self, entry_id: EntryId) -> ArticleDetails: ...
    def summarise(self, entry_id: EntryId, cancelled: Callable[[], bool]) -> str:
        """The summary by the command of the settings; empty where none is set. May take minutes."""
        ...

    def rename_tag(self, old: str, new: str) -> Outcome: ...
    def merge_tag(self, old: str, into: str) -> Outcome: ...
    def delete_tag(self, tag: str) -> Outcome: ...
    def save_view(self, name: str, query: str) -> Outcome: ...
    def delete_view(self, name: str) -> Outcome: ...
    def open_in_browser(self, url: str) -> None: ...
    def copy_to_clipboard(self, text: str) -> bool: ...
    def pipe(self, entry_id: EntryId, command: Sequence[str]) -> str: ...


@dataclass(frozen=True, slots=True)
class ReadingSuggestions:
    """What fits the time at hand, with the minutes left of each, and what was forgotten."""

    within_minutes: Sequence[tuple[Entry, int]] = ()
    neglected: Sequence[tuple[Entry, int]] = ()


class DiscoveryBackend(Protocol):
    """All that the recalling screens ask for."""

    def to_read(self, query: Query, minutes: int) -> ReadingSuggestions: ...
    def due_questions(self) -> "Sequence[Question]": ...
    def answer(self, question: "Question", how: "Grade") -> "datetime": ...
    def statistics(self) -> "Statistics": ...
    def similar_tags(self) -> "Sequence[MergeProposal]": ...
    def merge_tags(self, proposal: "MergeProposal") -> Outcome: ...
    def find_duplicates(
        self, query: Query, progress: Progress, cancelled: Callable[[], bool]
    ) -> "Sequence[DuplicateGroup]": ...
    def merge_duplicates(self, groups: "Sequence[DuplicateGroup]") -> Outcome: ...
    def plan_rules(self) -> "Sequence[RuleEffect]": ...
    def apply_rules(self, planned: "Sequence[RuleEffect]") -> Outcome: ...


class LibraryDiscovery:
    """See `RecallingDesk`; `changed` is called after each change."""

    def __init__(self, workspace: Workspace, changed: Callable[[], object]):
        self._workspace = workspace
        self._changed = changed

    def to_read(self, query: Query, minutes: int) -> ReadingSuggestions:
        from reader.search.discovery.reading_suggestions import neglected, within_minutes

        speed = self._workspace.settings.reading.speed
        found = list(self._workspace.synced_cache().listing(query, now=self._workspace.now()))
        chosen = within_minutes(found, minutes, speed=speed)
        gems = [entry for entry in neglected(found, self._workspace.now()) if entry not in chosen]
        return ReadingSuggestions(
            [(entry, minutes_left_at(entry, speed)) for entry in chosen],
            [(entry, minutes_left_at(entry, speed)) for entry in gems],
        )

    def due_questions(self) -> "Sequence[Question]":
        from reader.services import review

        return review.due_questions(self._workspace)

    def answer(self, question: "Question", how: "Grade") -> "datetime":
        from reader.services import review

        return review.record_answer(self._workspace, question, how)

    def statistics(self) -> "Statistics":
        from reader.services import statistics as statistics_service

        return statistics_service.collect_statistics(self._workspace)

    def similar_tags(self) -> "Sequence[MergeProposal]":
        from reader.search.discovery.similar_tags import propose_merges

        return propose_merges(self._workspace.synced_cache().facets().tags)

    def merge_tags(self, proposal: "MergeProposal") -> Outcome:
        from reader.services.tags import TagChange, apply

        count = apply(self._workspace, TagChange(tuple(proposal.others), proposal.keep))
        self._changed()
        return Outcome(f"Merged into #{proposal.keep}: {count} article{'' if count == 1 else 's'}")

    def find_duplicates(
        self, query: Query, progress: Progress, cancelled: Callable[[], bool]
    ) -> "Sequence[DuplicateGroup]":
        from reader.services import duplicates

        return duplicates.find_duplicates(
            self._workspace, query, progress=progress, cancelled=cancelled
        )

    def merge_duplicates(self, groups: "Sequence[DuplicateGroup]") -> Outcome:
        from reader.services import duplicates

        count = duplicates.merge(self._workspace, groups)
        self._changed()
        return Outcome(f"Merged {count} article{'' if count == 1 else 's'}")

    def plan_rules(self) -> "Sequence[RuleEffect]":
        from reader.model.rules import parse_rules
        from reader.services import rules

        return rules.plan_effects(self._workspace, parse_rules(self._workspace.settings.rules))

    def apply_rules(self, planned: "Sequence[RuleEffect]") -> Outcome:
        from reader.services import rules

        count = rules.apply_all(self._workspace, planned)
        self._changed()
        return Outcome(f"Rules changed {count} article{'' if count == 1 else 's'}")
