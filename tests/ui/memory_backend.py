"""A library in memory behind the app's own interface."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep

from reader.layout.document import ShownArticle
from reader.layout.half_block_image import Raster
from reader.model.article import RemovedText
from reader.model.entry import Entry, EntryId, FetchStatus
from reader.model.errors import JobCancelledError, LibraryError, UnknownIdError
from reader.model.failure_reason import group_reasons
from reader.model.highlight import Highlight, Position
from reader.model.query import (
    Query,
    TextTerm,
    loose_words,
    matches,
    parse,
    search_words,
    sort_entries,
    sort_of,
)
from reader.model.reading_speed import ReadingSpeed
from reader.model.text import fold_case, plural
from reader.model.urls import id_for
from reader.search.discovery.similar_tags import MergeProposal
from reader.search.discovery.spaced_repetition import Grade
from reader.search.discovery.statistics import Statistics, make_statistics
from reader.search.store.prefix_query import unfinished_word, with_prefix
from reader.search.store.row_order import Listing, RankedListing
from reader.search.text.query_completion import CompletionValues
from reader.search.text.snippets import Snippet, make_snippet
from reader.services.add_plan import AddPlan, plan_add
from reader.services.app_state import AppState
from reader.services.duplicates import DuplicateGroup
from reader.services.imports import ImportReport
from reader.services.notebook import EntryHighlight, article_note
from reader.services.outcome import Outcome
from reader.services.review import Question
from reader.services.rules import RuleEffect
from reader.services.speech import Speech
from reader.services.workspace import Job, Progress
from reader.ui.backend import (
    ArticleDetails,
    Counts,
    ExportTarget,
    ReadingSuggestions,
)
from reader.ui.startup_rows import StartupRows

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)

TITLES = (
    ("Why the ferry still beats the bridge", "coastlines.example", 9, ("asia/asean", "transport")),
    ("A field guide to terminal colours", "teletype.example", 14, ("terminals",)),
    ("The long walk home from the salt flats", "longform.example", 41, ("essays", "walking")),
    ("How sourdough keeps time", "crumb.example", 6, ("cooking",)),
    ("Reading in the night library", "yoru.example", 8, ("asia/japan",)),
    ("Six indexes and what they cost", "tables.example", 22, ("programming",)),
    ("Notes on keeping a commonplace book", "margins.example", 11, ("essays",)),
    ("What the tide tables leave out", "coastlines.example", 12, ("walking",)),
    ("Small programs, long lives", "tables.example", 17, ("programming/python", "essays")),
)
BODY = """The first thing one notices about the crossing is how little of it is about speed. The bridge,
opened with bands and bunting eleven years ago, takes four minutes; the ferry takes twenty-five, and
on a market morning its deck is full.

I asked the woman beside me, who had two crates of mangosteens and no car, why she did not take the
bus over the bridge. She looked at me as one looks at a child. “The bus does not wait,” she said,
“and nobody talks on it.”

## What a crossing is for

Planners count minutes because minutes are easy to count. A ferry is slow in the way a square is
slow: it is a place where people who did not plan to meet one another are kept together for a while.
"""


class MemoryDiscovery:
    """A `DiscoveryBackend` whose answers a test may change."""

    def __init__(self, backend: "MemoryBackend"):
        self.backend = backend
        self.due: list[Question] = []
        self.answered: list[Grade] = []
        self.groups: list[DuplicateGroup] = []
        self.proposals: list[MergeProposal] = []
        self.planned: list[RuleEffect] = []
        self.done: list[str] = []

    def to_read(self, query: Query, minutes: int) -> ReadingSuggestions:
        found = [(entry, entry.minutes) for entry in self.backend.listing(query)]
        return ReadingSuggestions([pair for pair in found if pair[1] <= minutes])

    def due_questions(self) -> list[Question]:
        return self.due

    def answer(self, question: Question, how: Grade) -> datetime:
        self.answered.append(how)
        return NOW

    def statistics(self) -> Statistics:
        return make_statistics(self.backend.held.values(), {}, NOW)

    def similar_tags(self) -> list[MergeProposal]:
        return self.proposals

    def merge_tags(self, proposal: MergeProposal) -> Outcome:
        self.done.append(f"merged into {proposal.keep}")
        return Outcome(self.done[-1])

    def find_duplicates(self, query: Query, job: Job) -> list[DuplicateGroup]:
        return self.groups

    def merge_duplicates(self, groups: Sequence[DuplicateGroup]) -> Outcome:
        self.done.append(f"merged {len(groups)}")
        return Outcome(self.done[-1])

    def plan_rules(self) -> list[RuleEffect]:
        return self.planned

    def apply_rules(self, planned: Sequence[RuleEffect]) -> Outcome:
        self.done.append(f"ruled {len(planned)}")
        return Outcome(self.done[-1])


class MemoryBackend:
    """The app's backend over a dict; `steps` are the states before each change."""

    def __init__(self, entries: Sequence[Entry], now: datetime = NOW):
        self.now = now
        self.held = {entry.id: entry for entry in entries}
        self.bodies = {entry.id: BODY for entry in entries}
        self.positions: dict[EntryId, Position] = {}
        self.highlighted: dict[EntryId, tuple[Highlight, ...]] = {}
        self.notes: dict[EntryId, str] = {}
        self.steps: list[tuple[str, dict[EntryId, Entry]]] = []
        self.changed = False
        self.pace = ReadingSpeed()
        self.syncs = 0
        self.asked: list[str] = []
        self.prepared: list[EntryId] = []
        self.saved_keys: dict[str, str] = {}
        self.searches: list[str] = []
        self.state = AppState()
        self.failing = ""
        self.summary = ""
        self.spoken: list[str] = []
        self.speak_command: tuple[str, ...] = ("cat",)
        self.exported_highlights: list[tuple[str, list[EntryHighlight]]] = []
        self.imported: list[tuple[str, tuple[str, ...]]] = []
        self.exported: list[tuple[ExportTarget, list[EntryId]]] = []
        self.import_report = ImportReport("pocket", new=3)
        self.discovery = MemoryDiscovery(self)

    def prepare(self, job: Job) -> Outcome:
        return Outcome("", undoable=False)

    def index_texts(self, job: Job) -> int:
        return 0

    def listing(self, query: Query) -> StartupRows:
        if self.failing:
            raise LibraryError(self.failing)
        found = [entry for entry in self.held.values() if matches(query, entry, self.now)]
        return StartupRows(sort_entries(found, sort_of(query)))

    def ranked_listing(self, query: Query) -> RankedListing:
        """All words first, then entries with any of them: by titles, like the rest here."""
        complete = list(self.listing(query))
        loose = loose_words(query)
        lacking = {
            entry.id: tuple(
                word.text for word in loose if not matches(Query(word), entry, self.now)
            )
            for entry in self.held.values()
        }
        others = [
            entry
            for entry in self.listing(Query())
            if entry not in complete and len(lacking[entry.id]) < len(loose)
        ]
        missing = {len(complete) + row: lacking[entry.id] for row, entry in enumerate(others)}
        rows = [*complete, *others]
        entries = Listing(
            range(len(rows)), lambda at: [rows[row] for row in at], StartupRows(rows).index_of
        )
        return RankedListing(entries, len(complete), missing, search_words(query))

    def as_prefix_query(self, query: Query, typed: str) -> Query:
        last = unfinished_word(typed)
        return with_prefix(query, last) if last else query

    def snippets(
        self, entries: Sequence[Entry], words: Sequence[TextTerm], length: int
    ) -> dict[EntryId, Snippet]:
        return {entry.id: make_snippet(self.bodies[entry.id], words, length) for entry in entries}

    def spell_corrected(self, query: Query) -> Query | None:
        return parse("ferry") if str(query) == "fery" else None

    def completions(self) -> CompletionValues:
        return CompletionValues(tags=tuple(tag for tag, _ in self.counts({}).tags))

    def recent_searches(self) -> Sequence[str]:
        return tuple(self.searches)

    def remember_search(self, search: str) -> None:
        self.searches.insert(0, search)

    def counts(self, views: Mapping[str, str]) -> Counts:
        counts = {name: len(self.listing(parse(query))) for name, query in views.items()}
        tags: dict[str, int] = {}
        for entry in self.held.values():
            levels = {
                "/".join(tag.split("/")[:depth])
                for tag in entry.tags
                for depth in range(1, tag.count("/") + 2)
            }
            for level in levels if not entry.trashed else ():
                tags[level] = tags.get(level, 0) + 1
        failed = [(e.reason or "", 1) for e in self.listing(parse("is:failed"))]
        ordered = sorted(tags.items(), key=lambda row: fold_case(row[0]).split("/"))
        return Counts(counts, ordered, group_reasons(failed))

    def entries(self, ids: Sequence[EntryId]) -> list[Entry]:
        return [self.held[each] for each in ids if each in self.held]

    def article(self, entry_id: EntryId) -> ShownArticle:
        if entry_id not in self.held:
            raise UnknownIdError(f"there is no article {entry_id}")
        entry = self.held[entry_id]
        return ShownArticle(
            entry.id,
            entry.title,
            self.bodies[entry_id],
            byline=entry.byline,
            site=entry.site,
            published=entry.published,
            minutes=entry.minutes,
            tags=entry.tags,
            highlights=self.highlighted.get(entry_id, ()),
            note=self.notes.get(entry_id, ""),
            position=self.positions.get(entry_id),
        )

    def image(self, folder: Path, file: str, width: int, height: int) -> Raster | None:
        return Raster(2, 2, b"\xff\x00\x00\xff" * 4)

    def on_rebuild_progress(self, progress: Progress) -> None:
        self.filling = progress

    @property
    def watched_folders(self) -> Sequence[Path]:
        return ()

    def save_app_state(self, state: AppState) -> None:
        self.state = state

    def pull_changes(self) -> bool:
        changed, self.changed = self.changed, False
        return changed

    def _change(
        self, said: str, ids: Sequence[EntryId], change: Callable[[Entry], Entry]
    ) -> Outcome:
        before = {each: self.held[each] for each in ids}
        self.steps.append((said, before))
        self.held.update({each: change(self.held[each]) for each in ids})
        pairs = [(entry, self.held[each]) for each, entry in before.items()]
        changes = [pair for pair in pairs if pair[0] != pair[1]]
        return Outcome(f"{said} {plural(len(ids))}", changes=changes)

    def prepare_change(self, ids: Sequence[EntryId]) -> None:
        self.prepared = list(ids)

    def mark(self, ids: Sequence[EntryId], **marks: bool | None) -> Outcome:
        values = {name: value for name, value in marks.items() if value is not None}
        if values.get("finished") is False:
            values["progress"] = 0.0  # type: ignore[assignment]
        said = " and ".join(f"{'' if value else 'not '}{name}" for name, value in values.items())
        return self._change(said, ids, lambda entry: entry._replace(**values))  # type: ignore[arg-type]

    def tag(self, ids: Sequence[EntryId], add: Sequence[str], remove: Sequence[str]) -> Outcome:
        gone = set(map(fold_case, remove))

        def retag(entry: Entry) -> Entry:
            tags = {
                fold_case(tag): tag for tag in (*entry.tags, *add) if fold_case(tag) not in gone
            }
            return entry._replace(tags=tuple(tags[key] for key in sorted(tags)))

        return self._change("tagged", ids, retag)

    def suggest_tags(self, entry_id: EntryId) -> Sequence[str]:
        return ("harbours", "transport")

    def delete(self, ids: Sequence[EntryId]) -> Outcome:
        return self._change("deleted", ids, lambda entry: entry._replace(trashed=True))

    def restore(self, ids: Sequence[EntryId]) -> Outcome:
        return self._change("restored", ids, lambda entry: entry._replace(trashed=False))

    def undo(self) -> Outcome:
        if not self.steps:
            return Outcome("nothing to undo", undoable=False)
        said, before = self.steps.pop()
        self.held.update(before)
        return Outcome(f"undone: {said}", undoable=False)

    def add(self, source: str, tags: Sequence[str]) -> Outcome:
        self.asked.append(source)
        entry = Entry(
            id_for(None, source.encode()), None, source, "2026-03-20T11:59:00Z", words=300
        )
        self.held[entry.id] = entry
        self.bodies[entry.id] = BODY
        return Outcome(f"saved {source}", entry=entry.id)

    def plan_add(self, text: str) -> AddPlan:
        return plan_add(text)

    def preview_import(self, plan: AddPlan) -> str:
        return "Import 3 new links from Pocket?"

    def add_all(
        self,
        plan: AddPlan,
        tags: Sequence[str],
        job: Job,
    ) -> Outcome:
        outcomes = [self.add(source, tags) for source in plan.sources]
        return outcomes[-1]._replace(message=f"added {plural(len(outcomes))}")

    def import_export(
        self,
        plan: AddPlan,
        tags: Sequence[str],
        job: Job,
    ) -> ImportReport:
        self.imported.append((plan.sources[0], tuple(tags)))
        return self.import_report

    def export(
        self,
        query: Query,
        ids: Sequence[EntryId],
        target: ExportTarget,
        job: Job,
    ) -> Outcome:
        chosen = list(ids) or [entry.id for entry in self.listing(query)]
        self.exported.append((target, chosen))
        return Outcome(f"Exported {plural(len(chosen))} to {target.path}", undoable=False)

    def purge(self, ids: Sequence[EntryId]) -> Outcome:
        for each in ids:
            del self.held[each]
        self.steps.clear()
        return Outcome(f"deleted {plural(len(ids))} permanently", undoable=False)

    def fetch(self, ids: Sequence[EntryId], job: Job) -> Outcome:
        for number, each in enumerate(ids, 1):
            if job.cancelled():
                return Outcome("stopped", undoable=False)
            self.held[each] = self.held[each]._replace(
                fetch=FetchStatus.DONE, reason=None, words=400
            )
            job.progress(number, len(ids))
        return Outcome(f"fetched {len(ids)}", undoable=False)

    def sync(self, job: Job) -> Outcome:
        self.syncs += 1
        return Outcome("nothing new", undoable=False)

    def reading_speed(self) -> int:
        return self.pace.words_per_minute

    def record_reading_speed(self, words: float, seconds: float) -> int:
        self.pace = self.pace.update(words, seconds)
        return self.pace.words_per_minute

    def save_position(self, entry_id: EntryId, position: Position, *, finished: bool) -> Outcome:
        self.positions[entry_id] = position
        entry = self.held[entry_id]
        self.held[entry_id] = entry._replace(
            progress=position.progress, finished=entry.finished or finished
        )
        return Outcome("", changes=[(entry, self.held[entry_id])])

    def save_highlight(self, entry_id: EntryId, highlight: Highlight) -> Outcome:
        kept = tuple(h for h in self.highlighted.get(entry_id, ()) if h.id != highlight.id)
        new = highlight if highlight.id else replace(highlight, id=f"h{len(kept)}")
        self.highlighted[entry_id] = (*kept, new)
        return Outcome("highlighted")

    def remove_highlight(self, entry_id: EntryId, highlight: Highlight) -> Outcome:
        kept = self.highlighted.get(entry_id, ())
        self.highlighted[entry_id] = tuple(h for h in kept if h.id != highlight.id)
        return Outcome("removed the highlight")

    def save_note(self, entry_id: EntryId, note: str) -> Outcome:
        self.notes[entry_id] = note
        return Outcome("noted")

    def highlights(self, query: Query) -> Sequence[EntryHighlight]:
        notes = [article_note(self.held[each], note) for each, note in self.notes.items() if note]
        return [
            *notes,
            *(
                EntryHighlight(self.held[each], highlight)
                for each, highlights in self.highlighted.items()
                for highlight in highlights
            ),
        ]

    def removed_text(self, entry_id: EntryId) -> Sequence[RemovedText]:
        return [RemovedText("chrome", f"Share {self.held[entry_id].title}")]

    def export_highlights(self, marks: Sequence[EntryHighlight], path: str) -> Outcome:
        self.exported_highlights.append((path, list(marks)))
        return Outcome(f"Exported {len(marks)} to {path}", undoable=False)

    def article_details(self, entry_id: EntryId) -> ArticleDetails:
        entry = self.held[entry_id]
        near = [other for other in self.held.values() if set(other.tags) & set(entry.tags)]
        return ArticleDetails(
            entry.title, (("site", entry.site or ""),), "A summary.", (), near[:3]
        )

    def summarise(self, entry_id: EntryId, cancelled: Callable[[], bool]) -> str:
        while not self.summary:
            if cancelled():
                self.asked.append("stopped")
                raise JobCancelledError("stopped")
            sleep(0.01)
        return self.summary

    def retag(self, tag: str, new: str | None) -> Outcome:
        ids = [entry.id for entry in self.held.values() if tag in entry.tags]
        if new is None:
            return self.tag(ids, (), (tag,))
        return self._change(
            "renamed",
            ids,
            lambda entry: entry._replace(tags=tuple(new if t == tag else t for t in entry.tags)),
        )

    def save_view(self, name: str, query: str) -> Outcome:
        return Outcome(f"kept the view {name}", undoable=False)

    def delete_view(self, name: str) -> Outcome:
        return Outcome(f"dropped the view {name}", undoable=False)

    def save_keys(self, command_id: str, keys: str) -> None:
        self.saved_keys[command_id] = keys

    def open_in_browser(self, url: str) -> None:
        self.asked.append(f"open {url}")

    def copy_to_clipboard(self, text: str) -> bool:
        self.asked.append(f"copy {text}")
        return True

    def speech(self, text: str, language: str | None) -> Speech:
        self.spoken.append(text)
        return Speech(self.speak_command, text, language)

    def pipe(self, entry_id: EntryId, command: Sequence[str]) -> str:
        self.asked.append(f"pipe {entry_id}")
        return "piped"


def sample(count: int = len(TITLES)) -> list[Entry]:
    """Entries newest first, some begun, some finished."""
    dice = random.Random(7)
    entries = []
    for number in range(count):
        title, site, minutes, tags = TITLES[number % len(TITLES)]
        again = f" ({number // len(TITLES) + 1})" if number >= len(TITLES) else ""
        added = NOW - timedelta(hours=2 + 9 * number + dice.randint(0, 3))
        entries.append(
            Entry(
                id=id_for(f"https://{site}/{number}"),
                url=f"https://{site}/{number}",
                title=title + again,
                added=added.strftime("%Y-%m-%dT%H:%M:%SZ"),
                byline="Mara Okello",
                site=site,
                published="2026-03-14",
                tags=tags,
                words=minutes * 230,
                progress={2: 0.6, 5: 0.9}.get(number, 0.0),
                finished=number == 6,
                starred=number == 1,
                created=(-number, 0, ""),
            )
        )
    return entries
