"""A library in memory behind the app's own interface."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep

from reader.layout.document import ShownArticle
from reader.layout.half_block_image import Raster
from reader.model.entry import Entry, EntryId, Fetch
from reader.model.errors import Cancelled, LibraryError, UnknownId
from reader.model.highlight import Highlight, Position
from reader.model.query import Query, Text, in_order, matches, order_of, parse
from reader.model.reading_speed import Pace
from reader.model.text import folded
from reader.model.urls import entry_id
from reader.search.discovery.similar_tags import Proposal
from reader.search.discovery.spaced_repetition import Remembered
from reader.search.discovery.statistics import Statistics, statistics
from reader.search.store.prefix_query import open_word, opened
from reader.search.text.query_completion import Known
from reader.search.text.snippets import Snippet, snippet
from reader.services.duplicates import Group
from reader.services.review import Question
from reader.services.rules import Effect
from reader.ui.backend import About, Done, Marked, Progress, Tallies, ToRead

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


class MemoryListing(list[Entry]):
    def index_of(self, entry_id: EntryId) -> int | None:
        return next((row for row, entry in enumerate(self) if entry.id == entry_id), None)

    def ids(self) -> list[EntryId]:
        return [entry.id for entry in self]


class MemoryRecalling:
    """What `RecallingDesk` promises, with answers that a test may change."""

    def __init__(self, desk: "MemoryDesk"):
        self.desk = desk
        self.due: list[Question] = []
        self.answered: list[Remembered] = []
        self.groups: list[Group] = []
        self.proposals: list[Proposal] = []
        self.planned: list[Effect] = []
        self.done: list[str] = []

    def to_read(self, query: Query, minutes: int) -> ToRead:
        found = [(entry, entry.minutes) for entry in self.desk.listing(query)]
        return ToRead([pair for pair in found if pair[1] <= minutes])

    def questions(self) -> list[Question]:
        return self.due

    def answer(self, question: Question, how: Remembered) -> datetime:
        self.answered.append(how)
        return NOW

    def statistics(self) -> Statistics:
        return statistics(self.desk.held.values(), {}, NOW)

    def alike_tags(self) -> list[Proposal]:
        return self.proposals

    def merge_tags(self, proposal: Proposal) -> Done:
        self.done.append(f"merged into {proposal.keep}")
        return Done(self.done[-1])

    def doubles(
        self, query: Query, progress: Progress, cancelled: Callable[[], bool]
    ) -> list[Group]:
        return self.groups

    def merge_doubles(self, groups: Sequence[Group]) -> Done:
        self.done.append(f"merged {len(groups)}")
        return Done(self.done[-1])

    def ruled(self) -> list[Effect]:
        return self.planned

    def apply_rules(self, planned: Sequence[Effect]) -> Done:
        self.done.append(f"ruled {len(planned)}")
        return Done(self.done[-1])


class MemoryDesk:
    """What `Desk` promises, over a dict; `steps` are the states before each change."""

    def __init__(self, entries: Sequence[Entry], now: datetime = NOW):
        self.now = now
        self.held = {entry.id: entry for entry in entries}
        self.bodies = {entry.id: BODY for entry in entries}
        self.positions: dict[EntryId, Position] = {}
        self.highlighted: dict[EntryId, tuple[Highlight, ...]] = {}
        self.notes: dict[EntryId, str] = {}
        self.steps: list[tuple[str, dict[EntryId, Entry]]] = []
        self.changed = False
        self.pace = Pace()
        self.asked: list[str] = []
        self.searches: list[str] = []
        self.failing = ""
        self.summary = ""
        self.recalling = MemoryRecalling(self)

    def prepare(self, progress: Progress, cancelled: Callable[[], bool]) -> Done:
        return Done("", undoable=False)

    def listing(self, query: Query) -> MemoryListing:
        if self.failing:
            raise LibraryError(self.failing)
        found = [entry for entry in self.held.values() if matches(query, entry, self.now)]
        return MemoryListing(in_order(found, order_of(query)))

    def left_open(self, query: Query, typed: str) -> Query:
        last = open_word(typed)
        return opened(query, last) if last else query

    def snippets(
        self, entries: Sequence[Entry], words: Sequence[Text], length: int
    ) -> dict[EntryId, Snippet]:
        return {entry.id: snippet(self.bodies[entry.id], words, length) for entry in entries}

    def corrected(self, query: Query) -> Query | None:
        return parse("ferry") if str(query) == "fery" else None

    def known(self) -> Known:
        return Known(tags=tuple(tag for tag, _ in self.tallies({}).tags))

    def recent(self) -> Sequence[str]:
        return tuple(self.searches)

    def remember(self, search: str) -> None:
        self.searches.insert(0, search)

    def tallies(self, views: Mapping[str, str]) -> Tallies:
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
        return Tallies(counts, sorted(tags.items(), key=lambda row: folded(row[0]).split("/")))

    def entries(self, ids: Sequence[EntryId]) -> list[Entry]:
        return [self.held[each] for each in ids if each in self.held]

    def article(self, entry_id: EntryId) -> ShownArticle:
        if entry_id not in self.held:
            raise UnknownId(f"there is no article {entry_id}")
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

    def picture(self, folder: Path, file: str, width: int, height: int) -> Raster | None:
        return Raster(2, 2, b"\xff\x00\x00\xff" * 4)

    def tell_filling(self, progress: Progress) -> None:
        self.filling = progress

    def has_changed(self) -> bool:
        changed, self.changed = self.changed, False
        return changed

    def _change(self, said: str, ids: Sequence[EntryId], change: Callable[[Entry], Entry]) -> Done:
        self.steps.append((said, {each: self.held[each] for each in ids}))
        self.held.update({each: change(self.held[each]) for each in ids})
        return Done(f"{said} {len(ids)} article{'s' if len(ids) > 1 else ''}")

    def mark(self, ids: Sequence[EntryId], **marks: bool | None) -> Done:
        values = {name: value for name, value in marks.items() if value is not None}
        if values.get("finished") is False:
            values["progress"] = 0.0  # type: ignore[assignment]
        said = " and ".join(f"{'' if value else 'not '}{name}" for name, value in values.items())
        return self._change(said, ids, lambda entry: replace(entry, **values))  # type: ignore[arg-type]

    def tag(self, ids: Sequence[EntryId], add: Sequence[str], remove: Sequence[str]) -> Done:
        gone = set(map(folded, remove))

        def retag(entry: Entry) -> Entry:
            tags = {folded(tag): tag for tag in (*entry.tags, *add) if folded(tag) not in gone}
            return replace(entry, tags=tuple(tags[key] for key in sorted(tags)))

        return self._change("tagged", ids, retag)

    def suggested(self, entry_id: EntryId) -> Sequence[str]:
        return ("harbours", "transport")

    def delete(self, ids: Sequence[EntryId]) -> Done:
        return self._change("deleted", ids, lambda entry: replace(entry, trashed=True))

    def restore(self, ids: Sequence[EntryId]) -> Done:
        return self._change("restored", ids, lambda entry: replace(entry, trashed=False))

    def undo(self) -> Done:
        if not self.steps:
            return Done("nothing to undo", undoable=False)
        said, before = self.steps.pop()
        self.held.update(before)
        return Done(f"undone: {said}", undoable=False)

    def add(self, source: str, tags: Sequence[str]) -> Done:
        self.asked.append(source)
        entry = Entry(
            entry_id(None, source.encode()), None, source, "2026-03-20T11:59:00Z", words=300
        )
        self.held[entry.id] = entry
        self.bodies[entry.id] = BODY
        return Done(f"saved {source}", entry=entry.id)

    def fetch(
        self, ids: Sequence[EntryId], progress: Progress, cancelled: Callable[[], bool]
    ) -> Done:
        for number, each in enumerate(ids, 1):
            if cancelled():
                return Done("stopped", undoable=False)
            self.held[each] = replace(self.held[each], fetch=Fetch.DONE, reason=None, words=400)
            progress(number, len(ids))
        return Done(f"fetched {len(ids)}", undoable=False)

    def speed(self) -> int:
        return self.pace.speed

    def keep_pace(self, words: float, seconds: float) -> int:
        self.pace = self.pace.read(words, seconds)
        return self.pace.speed

    def keep_place(self, entry_id: EntryId, position: Position, *, finished: bool) -> None:
        self.positions[entry_id] = position
        entry = self.held[entry_id]
        self.held[entry_id] = replace(
            entry, progress=position.progress, finished=entry.finished or finished
        )

    def keep_highlight(self, entry_id: EntryId, highlight: Highlight) -> Done:
        kept = tuple(h for h in self.highlighted.get(entry_id, ()) if h.id != highlight.id)
        new = highlight if highlight.id else replace(highlight, id=f"h{len(kept)}")
        self.highlighted[entry_id] = (*kept, new)
        return Done("highlighted")

    def remove_highlight(self, entry_id: EntryId, highlight: Highlight) -> Done:
        kept = self.highlighted.get(entry_id, ())
        self.highlighted[entry_id] = tuple(h for h in kept if h.id != highlight.id)
        return Done("removed the highlight")

    def keep_note(self, entry_id: EntryId, note: str) -> Done:
        self.notes[entry_id] = note
        return Done("noted")

    def highlights(self, query: Query) -> Sequence[Marked]:
        return [
            Marked(self.held[each], highlight)
            for each, highlights in self.highlighted.items()
            for highlight in highlights
        ]

    def about(self, entry_id: EntryId) -> About:
        entry = self.held[entry_id]
        near = [other for other in self.held.values() if set(other.tags) & set(entry.tags)]
        return About(entry.title, (("site", entry.site or ""),), "A summary.", (), near[:3])

    def summarised(self, entry_id: EntryId, cancelled: Callable[[], bool]) -> str:
        while not self.summary:
            if cancelled():
                self.asked.append("stopped")
                raise Cancelled("stopped")
            sleep(0.01)
        return self.summary

    def rename_tag(self, old: str, new: str) -> Done:
        ids = [entry.id for entry in self.held.values() if old in entry.tags]
        return self._change(
            "renamed",
            ids,
            lambda entry: replace(entry, tags=tuple(new if t == old else t for t in entry.tags)),
        )

    def merge_tag(self, old: str, into: str) -> Done:
        return self.rename_tag(old, into)

    def delete_tag(self, tag: str) -> Done:
        return self.tag([e.id for e in self.held.values() if tag in e.tags], (), (tag,))

    def keep_view(self, name: str, query: str) -> Done:
        return Done(f"kept the view {name}", undoable=False)

    def drop_view(self, name: str) -> Done:
        return Done(f"dropped the view {name}", undoable=False)

    def open_outside(self, url: str) -> None:
        self.asked.append(f"open {url}")

    def copy_outside(self, text: str) -> bool:
        self.asked.append(f"copy {text}")
        return True

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
                id=entry_id(f"https://{site}/{number}"),
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
