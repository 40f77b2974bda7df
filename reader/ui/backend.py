"""The app's interface to the library, so that screens also run over a library in memory.

Every method blocks on disk or network, and is called in a thread. All raise ReaderError.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from reader.layout.document import ShownArticle
from reader.layout.half_block_image import Raster
from reader.model.article import Related, RemovedText
from reader.model.entry import Entry, EntryId
from reader.model.highlight import Highlight, Position
from reader.model.query import Query, TextTerm
from reader.services.add_plan import AddPlan
from reader.services.app_state import AppState
from reader.services.notebook import EntryHighlight
from reader.services.outcome import Outcome
from reader.services.workspace import Job, Progress
from reader.ui.entry_sequence import EntrySequence

if TYPE_CHECKING:
    from datetime import datetime

    from reader.search.discovery.similar_tags import MergeProposal
    from reader.search.discovery.spaced_repetition import Grade
    from reader.search.discovery.statistics import Statistics
    from reader.search.store.row_order import RankedListing
    from reader.search.text.query_completion import CompletionValues
    from reader.search.text.snippets import Snippet
    from reader.services.duplicates import DuplicateGroup
    from reader.services.imports import ImportReport
    from reader.services.review import Question
    from reader.services.rules import RuleEffect
    from reader.services.speech import Speech


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of views by name, of tags in tree order, and of failed links by kind of failure."""

    views: Mapping[str, int]
    tags: Sequence[tuple[str, int]]
    failures: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True, slots=True)
class ExportTarget:
    """A format of `services.exports`, and the path as the user typed it."""

    format: str
    path: str


@dataclass(frozen=True, slots=True)
class ArticleDetails:
    """Details of one article: facts by name, a summary, and related articles.

    `linked` are named by the page itself, `similar` are articles of the library.
    """

    title: str
    facts: Sequence[tuple[str, str]] = ()
    summary: str = ""
    linked: Sequence[Related] = ()
    similar: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True)
class ReadingSuggestions:
    """Articles that fit the time, with the minutes left of each, and neglected ones."""

    within_minutes: Sequence[tuple[Entry, int]] = ()
    neglected: Sequence[tuple[Entry, int]] = ()


class DiscoveryBackend(Protocol):
    """Everything that `ui.controllers.discovery` uses of the library."""

    def to_read(self, query: Query, minutes: int) -> ReadingSuggestions: ...
    def due_questions(self) -> "Sequence[Question]": ...
    def answer(self, question: "Question", how: "Grade") -> "datetime": ...
    def statistics(self) -> "Statistics": ...
    def similar_tags(self) -> "Sequence[MergeProposal]": ...
    def merge_tags(self, proposal: "MergeProposal") -> Outcome: ...
    def find_duplicates(self, query: Query, job: Job) -> "Sequence[DuplicateGroup]": ...
    def merge_duplicates(self, groups: "Sequence[DuplicateGroup]") -> Outcome: ...
    def plan_rules(self) -> "Sequence[RuleEffect]": ...
    def apply_rules(self, planned: "Sequence[RuleEffect]") -> Outcome: ...


class Backend(Protocol):
    """Everything that the app uses of the library."""

    @property
    def discovery(self) -> "DiscoveryBackend":
        """Suggestions, review, duplicates and the like."""

    # The list, the sidebar and the search box.

    def listing(self, query: Query) -> EntrySequence: ...
    def ranked_listing(self, query: Query) -> "RankedListing":
        """Return the listing with entries that have some of the words below the others."""

    def as_prefix_query(self, query: Query, typed: str) -> Query:
        """Return the query with its last word as a prefix while it is being typed."""

    def snippets(
        self, entries: Sequence[Entry], words: Sequence[TextTerm], length: int
    ) -> "Mapping[EntryId, Snippet]":
        """Return a line of each text around the words, of about `length` characters."""

    def completions(self) -> "CompletionValues":
        """Return the values in use, which complete a search."""

    def spell_corrected(self, query: Query) -> Query | None:
        """Return the query with corrected spelling; None without a similar word."""

    def recent_searches(self) -> Sequence[str]:
        """Return recent searches, the latest first."""

    def remember_search(self, search: str) -> None:
        """Add a search to the recent ones."""

    def counts(self, views: Mapping[str, str]) -> Counts: ...

    # Changes of entries, tags and views.

    def prepare_change(self, ids: Sequence[EntryId]) -> None:
        """Read what a change of these entries needs, so that it is saved sooner."""

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
    def purge(self, ids: Sequence[EntryId]) -> Outcome: ...
    def undo(self) -> Outcome: ...
    def fetch(self, ids: Sequence[EntryId], job: Job) -> Outcome: ...
    def retag(self, tag: str, new: str | None) -> Outcome:
        """Rename a tag in all articles, merge it into another one, or with None delete it."""

    def save_view(self, name: str, query: str) -> Outcome: ...
    def delete_view(self, name: str) -> Outcome: ...

    # Pages and exports in, articles out.

    def plan_add(self, text: str) -> AddPlan:
        """Return what an input names. Raises SourceError if it names nothing."""

    def preview_import(self, plan: AddPlan) -> str:
        """Return the question to ask before an export is imported."""

    def add_all(self, plan: AddPlan, tags: Sequence[str], job: Job) -> Outcome: ...
    def import_export(self, plan: AddPlan, tags: Sequence[str], job: Job) -> "ImportReport":
        """Import another program's export; each of its entries gets the tags."""

    def export(
        self, query: Query, ids: Sequence[EntryId], target: ExportTarget, job: Job
    ) -> Outcome:
        """Write the articles of the query, or those of `ids` if there are any, to a file."""

    # The open article.

    def entries(self, ids: Sequence[EntryId]) -> list[Entry]: ...
    def article(self, entry_id: EntryId) -> ShownArticle: ...
    def image(self, folder: Path, file: str, width: int, height: int) -> Raster | None:
        """Return an image of the article's folder, scaled to fit; None if it is unusable."""

    def save_position(
        self, entry_id: EntryId, position: Position, *, finished: bool
    ) -> Outcome: ...
    def reading_speed(self) -> int:
        """Return words a minute: of the settings, else measured; 0 if unknown."""

    def record_reading_speed(self, words: float, seconds: float) -> int:
        """Record a stretch of reading. Returns the speed measured so far."""

    def article_details(self, entry_id: EntryId) -> ArticleDetails: ...
    def removed_text(self, entry_id: EntryId) -> Sequence[RemovedText]:
        """Return what the article leaves out of its page. Extracts the page again."""

    def summarise(self, entry_id: EntryId, cancelled: Callable[[], bool]) -> str:
        """Return the summary of the configured command; empty if none is set. May take minutes."""

    def speech(self, text: str, language: str | None) -> "Speech":
        """Return a sentence to be spoken. Raises UsageError without a program for it."""

    def open_in_browser(self, url: str) -> None: ...
    def copy_to_clipboard(self, text: str) -> bool: ...
    def pipe(self, entry_id: EntryId, command: Sequence[str]) -> str: ...

    # Highlights and notes.

    def highlights(self, query: Query) -> Sequence[EntryHighlight]: ...
    def save_highlight(self, entry_id: EntryId, highlight: Highlight) -> Outcome: ...
    def remove_highlight(self, entry_id: EntryId, highlight: Highlight) -> Outcome: ...
    def save_note(self, entry_id: EntryId, note: str) -> Outcome: ...
    def export_highlights(self, marks: Sequence[EntryHighlight], path: str) -> Outcome:
        """Write highlights to a Markdown or CSV file."""

    # The library as a whole, and what the app remembers of itself.

    def prepare(self, job: Job) -> Outcome:
        """Prepare a library that was opened: samples for a new one, the full-text index."""

    def index_texts(self, job: Job) -> int:
        """Index the texts that have changed, in short steps; return their number."""

    def on_rebuild_progress(self, progress: Progress) -> None:
        """Report the progress of each rebuild of the cache there."""

    @property
    def watched_folders(self) -> Sequence[Path]:
        """The folders in which other programs make changes; empty if there are none."""

    def pull_changes(self) -> bool:
        """Apply changes of other processes. Returns whether there were any."""

    def sync(self, job: Job) -> Outcome:
        """Synchronise with the remote, if the library has one. Blocks on the network."""

    def save_app_state(self, state: AppState) -> None: ...
    def save_keys(self, command_id: str, keys: str) -> None:
        """Give a command these keys in the settings file."""
