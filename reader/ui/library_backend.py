"""The desk over a person's own shelf: services for changes, the cache for everything shown.

Services are imported by the method that needs them: the first rows must not wait for TinyDB,
the HTTP client or the parser of pages.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock
from time import sleep
from typing import TYPE_CHECKING, Final

from reader.layout.document import ShownArticle
from reader.layout.half_block_image import Raster
from reader.model.entry import Entry, EntryId, Fetch
from reader.model.errors import LibraryError, SourceError, WrongQuery
from reader.model.highlight import Highlight, Position
from reader.model.query import Query, Text, parse
from reader.model.text import one_line
from reader.model.urls import is_web
from reader.services.workspace import Shelf
from reader.ui.backend import About, Done, Listed, Marked, Progress, Tallies
from reader.ui.relative_time import day

if TYPE_CHECKING:
    from reader.search.store.cache import Cache
    from reader.search.store.cache_state import JournalRead
    from reader.search.text.query_completion import Known
    from reader.search.text.snippets import Snippet
    from reader.services.fetch_scheduler import Progress as Crawled
    from reader.services.watch_folder import DropFolder
    from reader.ui.backend import RecallingDesk

_BREATH: Final = 0.03
"""Seconds between two steps of indexing."""


class ShelfDesk:
    """See `Desk`. Every change is on the disk and in the cache when its method returns."""

    def __init__(self, shelf: Shelf):
        self._shelf = shelf
        self._kept: Cache | None = None
        self._drop: DropFolder | None = None
        self._dropping = Lock()
        self._carrying = Lock()
        self._filling: Progress | None = None
        self._seen: Mapping[str, JournalRead] = {}

    @property
    def _cache(self) -> "Cache":
        # Kept here: the shelf's own lock is held for as long as the library loads.
        if self._kept is None:
            self._kept = self._shelf.cache
        return self._kept

    @property
    def recalling(self) -> "RecallingDesk":
        from reader.ui.backend import ShelfRecallingDesk

        return ShelfRecallingDesk(self._shelf, self.has_changed)

    def prepare(self, progress: Progress, cancelled: Callable[[], bool]) -> Done:
        from reader.services import compaction, samples

        laid_out = samples.lay_out(self._shelf)
        self.has_changed()

        def going_on() -> bool:
            # A breath for the event loop: indexing holds the interpreter for most of its time.
            sleep(_BREATH)
            return not cancelled()

        def told(done: int, total: int) -> bool:
            progress(done, total)
            return going_on()

        self._cache.index_texts(going_on=told)
        self._cache.get_ready(going_on=going_on)
        # A journal that could not be made smaller is as good as it was.
        with suppress(LibraryError):
            compaction.compact(self._shelf)
        words = f"{laid_out} sample articles to begin with, tagged #sample."
        return Done(words if laid_out else "", undoable=False)

    def tell_filling(self, progress: Progress) -> None:
        self._filling = progress

    # -- showing --------------------------------------------------------------------------------

    def listing(self, query: Query) -> Listed:
        if not self._cache.journals():
            # A library that this cache has never seen: better late than empty.
            self._carry()
        return self._cache.listing(query, now=self._shelf.now(), seed=0)

    def left_open(self, query: Query, typed: str) -> Query:
        return self._cache.left_open(query, typed)

    def snippets(
        self, entries: Sequence[Entry], words: Sequence[Text], length: int
    ) -> "Mapping[EntryId, Snippet]":
        cuts = self._cache.snippets(entries, words, length)
        return {entry.id: cut for entry, cut in zip(entries, cuts, strict=True)}

    def corrected(self, query: Query) -> Query | None:
        return self._cache.corrected(query)

    def known(self) -> "Known":
        return self._cache.known()

    def recent(self) -> Sequence[str]:
        from reader.services import search_history

        return search_history.recent(self._shelf)

    def remember(self, search: str) -> None:
        from reader.services import search_history

        search_history.remember(self._shelf, search)

    def tallies(self, views: Mapping[str, str]) -> Tallies:
        now = self._shelf.now()
        counts = {name: self._count(query, now) for name, query in views.items()}
        return Tallies(counts, [(tag.tag, tag.count) for tag in self._cache.counts().tags])

    def _count(self, text: str, now: datetime) -> int:
        try:
            return self._cache.count(parse(text), now=now)
        except WrongQuery:
            return 0

    def entries(self, ids: Sequence[EntryId]) -> list[Entry]:
        return self._cache.entries(ids)

    def article(self, entry_id: EntryId) -> ShownArticle:
        from reader.services import articles

        opened = articles.read(self._shelf, self._cache, entry_id)
        record, entry = opened.record, opened.record.entry
        home = self._shelf.places.home
        return ShownArticle(
            id=entry.id,
            title=entry.title,
            markdown=opened.markdown,
            byline=entry.byline,
            site=entry.site,
            published=day(entry.published),
            minutes=entry.minutes,
            tags=entry.tags,
            highlights=record.highlights,
            note=record.note,
            position=record.position,
            folder=home / entry.folder if entry.folder else None,
            pictures=record.pictures,
            language=entry.language,
            notice="This page was too long to keep whole; its end is missing."
            if record.cut
            else "",
        )

    def picture(self, folder: Path, file: str, width: int, height: int) -> Raster | None:
        from reader.services import thumbnails

        made = thumbnails.small(self._shelf.pictures, folder, file, width, height)
        return Raster(*made) if made else None

    def has_changed(self) -> bool:
        self._take_dropped()
        changed = self._carry()
        # Another process may have brought the cache up to date with what it wrote itself.
        before, self._seen = self._seen, self._cache.journals()
        return changed or before != self._seen

    def _carry(self) -> bool:
        """Bring the cache to what the journals say; whether that changed it."""
        from reader.services.cache_sync import catch_up

        # Two threads that fill the cache at once would both do all of it.
        with self._carrying:
            return bool(catch_up(self._shelf.places, self._cache, progress=self._filling))

    def _take_dropped(self) -> None:
        """Save what other programs left in the drop folder; one look at a time."""
        if not self._shelf.settings.fetch.drop or not self._dropping.acquire(blocking=False):
            return
        try:
            from reader.services.watch_folder import DropFolder

            if self._drop is None:
                self._drop = DropFolder(self._shelf)
            with suppress(SourceError):  # `reader fetch` says that the folder is not there
                self._drop.look()
        finally:
            self._dropping.release()

    # -- changing -------------------------------------------------------------------------------

    def _done(self, said: str, count: int) -> Done:
        self.has_changed()
        if not count:
            return Done("Nothing to change.", undoable=False)
        said = said if count == 1 else f"{said} {count} articles"
        if self._shelf.told:
            return Done(f"{said}; {self._shelf.told.pop()}", undoable=False, wrong=True)
        return Done(said)

    def mark(
        self,
        ids: Sequence[EntryId],
        *,
        finished: bool | None = None,
        starred: bool | None = None,
        archived: bool | None = None,
    ) -> Done:
        from reader.services import entries

        count = entries.mark(
            self._shelf, ids, finished=finished, starred=starred, archived=archived
        )
        words = {
            "Marked read": finished is True,
            "Marked unread": finished is False,
            "Starred": starred is True,
            "Star taken away": starred is False,
            "Archived": archived is True,
            "Back from the archive": archived is False,
        }
        return self._done(" and ".join(word for word, holds in words.items() if holds), count)

    def tag(self, ids: Sequence[EntryId], add: Sequence[str], remove: Sequence[str]) -> Done:
        from reader.services import entries

        count = entries.tag(self._shelf, ids, add, remove)
        said = [*(f"#{tag}" for tag in add), *(f"−#{tag}" for tag in remove)]
        return self._done(
            f"Tagged {one_line(' '.join(said), 60)}:" if count > 1 else f"Tagged {' '.join(said)}",
            count,
        )

    def suggested(self, entry_id: EntryId) -> Sequence[str]:
        from reader.services import articles

        opened = articles.read(self._shelf, self._cache, entry_id)
        entry = opened.record.entry
        found = self._cache.suggest_tags(
            entry.title,
            opened.markdown,
            offered=opened.record.suggested,
            borne=entry.tags,
            besides=entry.id,
        )
        return [suggestion.tag for suggestion in found]

    def delete(self, ids: Sequence[EntryId]) -> Done:
        from reader.services import entries

        return self._done("Moved to the trash", entries.delete(self._shelf, ids))

    def restore(self, ids: Sequence[EntryId]) -> Done:
        from reader.services import entries

        return self._done("Restored", entries.restore(self._shelf, ids))

    def undo(self) -> Done:
        from reader.services import entries

        undone = entries.undo(self._shelf)
        self.has_changed()
        if undone is None:
            return Done("Nothing to undo.", undoable=False)
        if not undone.changed:
            said = f"Nothing came back ({undone.step}): changed or deleted for good since."
            return Done(said, undoable=False, wrong=True)
        left = f"; {undone.left} changed or gone since" if undone.left else ""
        first = undone.ids[0] if len(undone.ids) == 1 else None
        return Done(f"Undone: {undone.step}{left}", undoable=False, entry=first)

    def add(self, source: str, tags: Sequence[str]) -> Done:
        from reader.services.add import save

        saved = save(self._shelf, source, tags=tags, later=is_web(source))
        self.has_changed()
        queued = saved.entry.fetch is Fetch.QUEUED
        said = "Queued" if queued else "Saved" if saved.new else "Known"
        more = f" ({saved.said})" if saved.said and not queued else ""
        title = one_line(saved.entry.title, 60)
        return Done(f"{said}: {title}{more}", saved.new, saved.entry.id, unfetched=queued)

    def fetch(
        self, ids: Sequence[EntryId], progress: Progress, cancelled: Callable[[], bool]
    ) -> Done:
        from reader.services.fetch_queue import work_off

        def tell(at: "Crawled") -> None:
            done = at.done + at.failed
            progress(done, done + at.left)

        report = work_off(self._shelf, only=ids, progress=tell, cancelled=cancelled)
        self.has_changed()
        if report.cancelled:
            return Done(f"Stopped; {report.left} left.", undoable=False)
        if report.gone:
            return Done(f"The network is gone; {report.left} wait for it.", undoable=False)
        if report.failed and len(ids) == 1:
            return Done(
                f"Could not be fetched: {report.failures[0][1]}", undoable=False, wrong=True
            )
        said = f"Fetched {report.done}" if len(ids) > 1 else "Fetched"
        said += f", {report.failed} failed" if report.failed else ""
        said += f", {report.kept} as before" if report.kept else ""
        return Done(said, undoable=False)

    # -- reading --------------------------------------------------------------------------------

    def speed(self) -> int:
        from reader.services import reading_speed

        return reading_speed.speed(self._shelf.places, self._shelf.settings)

    def keep_pace(self, words: float, seconds: float) -> int:
        from reader.services import reading_speed

        known = reading_speed.keep(self._shelf.places, words, seconds)
        return self._shelf.settings.reading.speed or known.speed

    def keep_place(self, entry_id: EntryId, position: Position, *, finished: bool) -> None:
        from reader.services import articles

        articles.keep_place(self._shelf, entry_id, position, finished=finished)
        self.has_changed()

    def keep_highlight(self, entry_id: EntryId, highlight: Highlight) -> Done:
        from reader.services import annotations

        annotations.keep_highlight(self._shelf, entry_id, highlight)
        return self._done("Highlighted" if not highlight.id else "Changed the highlight", 1)

    def remove_highlight(self, entry_id: EntryId, highlight: Highlight) -> Done:
        from reader.services import annotations

        annotations.remove_highlight(self._shelf, entry_id, highlight)
        return self._done("Removed the highlight", 1)

    def keep_note(self, entry_id: EntryId, note: str) -> Done:
        from reader.services import annotations

        annotations.keep_note(self._shelf, entry_id, note)
        return self._done("Kept the note" if note else "Removed the note", 1)

    def highlights(self, query: Query) -> Sequence[Marked]:
        from reader.services import articles

        listing = self._cache.listing(query, now=self._shelf.now())
        opened = articles.records(self._shelf, self._cache, listing.ids())
        return [Marked(r.entry, highlight) for r in opened for highlight in r.highlights]

    def about(self, entry_id: EntryId) -> About:
        from reader.services import articles

        opened = articles.read(self._shelf, self._cache, entry_id)
        record, entry = opened.record, opened.record.entry
        facts = (
            ("address", entry.url or ""),
            ("by", entry.byline or ""),
            ("site", entry.site or ""),
            ("published", day(entry.published) or ""),
            ("saved", day(entry.added) or ""),
            ("length", f"{entry.words} words, {entry.minutes} min" if entry.words else ""),
            ("language", entry.language or ""),
            ("tags", ", ".join(entry.tags)),
            ("highlights", str(entry.highlights or "")),
            ("note", record.note),
        )
        summary = articles.summary(opened) if opened.markdown else ""
        near = [kin.entry for kin in self._cache.related(entry)] if opened.markdown else []
        shown = [fact for fact in facts if fact[1]]
        return About(entry.title, shown, summary, record.related, near)

    def summarised(self, entry_id: EntryId, cancelled: Callable[[], bool]) -> str:
        from reader.services import articles

        command = self._shelf.settings.commands.summary
        if not command:
            return ""
        return articles.summary(
            articles.read(self._shelf, self._cache, entry_id), command, cancelled
        )

    # -- tags and views -------------------------------------------------------------------------

    def rename_tag(self, old: str, new: str) -> Done:
        return self._retag((old,), new, f"Renamed #{one_line(old, 40)} to #{one_line(new, 40)}")

    def merge_tag(self, old: str, into: str) -> Done:
        return self._retag((old,), into, f"Merged #{one_line(old, 40)} into #{one_line(into, 40)}")

    def delete_tag(self, tag: str) -> Done:
        return self._retag((tag,), None, f"Deleted the tag #{one_line(tag, 40)}")

    def _retag(self, old: tuple[str, ...], new: str | None, said: str) -> Done:
        from reader.services.tags import Plan, carry_out

        count = carry_out(self._shelf, Plan(old, new))
        self.has_changed()
        return Done(f"{said}: {count} article{'' if count == 1 else 's'}")

    def keep_view(self, name: str, query: str) -> Done:
        from reader.services.saved_views import keep_view

        keep_view(self._shelf.settings.path or self._shelf.places.config, name, query)
        return Done(f"Kept the view {one_line(name, 40)}", undoable=False)

    def drop_view(self, name: str) -> Done:
        from reader.services.saved_views import drop_view

        drop_view(self._shelf.settings.path or self._shelf.places.config, name)
        return Done(f"Dropped the view {one_line(name, 40)}", undoable=False)

    # -- other programs -------------------------------------------------------------------------

    def open_outside(self, url: str) -> None:
        from reader.services.desktop import open_address

        open_address(url, self._shelf.settings.commands.browser)

    def copy_outside(self, text: str) -> bool:
        from reader.services import desktop

        return desktop.copy(text)

    def pipe(self, entry_id: EntryId, command: Sequence[str]) -> str:
        from reader.services import desktop

        return desktop.pipe(self.article(entry_id).markdown, command)
