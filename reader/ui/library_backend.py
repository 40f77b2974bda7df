"""The backend over a workspace: services for changes, the cache for everything shown.

Services are imported by the methods that need them: the first rows must not wait for TinyDB, the
HTTP client or the HTML parser.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock
from time import sleep
from typing import TYPE_CHECKING, Final

from reader.layout.document import ShownArticle
from reader.layout.half_block_image import Raster
from reader.model.article import RemovedText
from reader.model.entry import Entry, EntryId, FetchStatus
from reader.model.errors import LibraryError, QueryError, ReaderError, SourceError
from reader.model.failure_reason import group_reasons
from reader.model.highlight import Highlight, Position
from reader.model.journal_names import may_be_journal
from reader.model.query import Query, TextTerm, parse
from reader.model.text import one_line, plural
from reader.model.urls import is_web_url
from reader.paths import expand_user
from reader.services.add_plan import AddKind, AddPlan, plan_add
from reader.services.app_state import AppState, save_state
from reader.services.notebook import (
    EntryHighlight,
    article_note,
    describe_marks,
    export_highlights,
)
from reader.services.outcome import Outcome
from reader.services.workspace import Job, Progress, Workspace
from reader.ui.backend import ArticleDetails, Counts, ExportTarget
from reader.ui.entry_sequence import EntrySequence
from reader.ui.relative_time import day

if TYPE_CHECKING:
    from reader.search.store.cache import Cache
    from reader.search.store.cache_state import JournalCursor
    from reader.search.store.row_order import RankedListing
    from reader.search.text.query_completion import CompletionValues
    from reader.search.text.snippets import Snippet
    from reader.services.fetch_scheduler import FetchProgress
    from reader.services.imports import ImportReport
    from reader.services.speech import Speech
    from reader.services.watch_folder import WatchFolder
    from reader.ui.backend import DiscoveryBackend

_INDEXING_PAUSE: Final = 0.03
"""Seconds between two steps of indexing, so that keys are handled in between."""

MAX_WRITE_THROUGH: Final = 20
"""Entries of a change up to which the cache gets them without reading the journal back."""


class LibraryBackend:
    """See `Backend`. A change is on the disk and in the cache when its method returns."""

    def __init__(self, workspace: Workspace):
        self._workspace = workspace
        self._opened_cache: Cache | None = None
        self._watch_folder: WatchFolder | None = None
        self._watch_lock = Lock()
        self._sync_lock = Lock()
        self._rebuild_progress: Progress | None = None
        self._seen_cursors: Mapping[str, JournalCursor] = {}
        self._indexed_file: tuple[int, int] | None = None

    @property
    def _cache(self) -> "Cache":
        # Kept here: the workspace's lock is held while the library loads.
        if self._opened_cache is None:
            self._opened_cache = self._workspace.cache
        return self._opened_cache

    @property
    def discovery(self) -> "DiscoveryBackend":
        from reader.ui.library_discovery import LibraryDiscovery

        return LibraryDiscovery(self._workspace, self.pull_changes)

    def prepare(self, job: Job) -> Outcome:
        from reader.services import compaction, samples

        installed = samples.install_samples(self._workspace)
        self.pull_changes()

        self.index_texts(job)
        self._cache.preload(going_on=lambda: _pause(job.cancelled))
        # A journal that could not be compacted still works.
        with suppress(LibraryError):
            compaction.compact(self._workspace)
        message = f"{installed} sample articles to start with, tagged #sample."
        return Outcome(message if installed else "", undoable=False)

    def index_texts(self, job: Job) -> int:
        def going_on(done: int, total: int) -> bool:
            job.progress(done, total)
            return _pause(job.cancelled)

        file = self._cache.filled_file
        if file is not None and file == self._indexed_file:
            return 0
        # Before the work: what is synchronised meanwhile is left to the next call.
        self._indexed_file = file
        try:
            return self._cache.index_texts(going_on=going_on)
        finally:
            if job.cancelled():
                self._indexed_file = None

    def on_rebuild_progress(self, progress: Progress) -> None:
        self._rebuild_progress = progress

    # Showing.

    def listing(self, query: Query) -> EntrySequence:
        self._fill_new_cache()
        return self._cache.listing(query, now=self._workspace.now(), seed=0)

    def _fill_new_cache(self) -> None:
        """Fill a cache that has read no journal yet; without it the list would be empty."""
        if not self._cache.journal_cursors():
            self._sync_cache()

    def ranked_listing(self, query: Query) -> "RankedListing":
        self._index_latest()
        return self._cache.ranked_listing(query, now=self._workspace.now())

    def _index_latest(self) -> None:
        """Index the few texts of a note or a page just added; the others follow soon."""
        with suppress(LibraryError):
            self._cache.index_texts(going_on=lambda _done, _total: False)

    def as_prefix_query(self, query: Query, typed: str) -> Query:
        # The word may be in no other text.
        self._index_latest()
        return self._cache.as_prefix_query(query, typed)

    def snippets(
        self, entries: Sequence[Entry], words: Sequence[TextTerm], length: int
    ) -> "Mapping[EntryId, Snippet]":
        cuts = self._cache.snippets(entries, words, length)
        return {entry.id: cut for entry, cut in zip(entries, cuts, strict=True)}

    def spell_corrected(self, query: Query) -> Query | None:
        return self._cache.spell_corrected(query)

    def completions(self) -> "CompletionValues":
        return self._cache.completions()

    def recent_searches(self) -> Sequence[str]:
        from reader.services import search_history

        return search_history.recent(self._workspace)

    def remember_search(self, search: str) -> None:
        from reader.services import search_history

        search_history.remember(self._workspace, search)

    def counts(self, views: Mapping[str, str]) -> Counts:
        self._fill_new_cache()
        now = self._workspace.now()
        counts = {name: self._count(query, now) for name, query in views.items()}
        tags = [(tag.tag, tag.count) for tag in self._cache.facets().tags]
        return Counts(counts, tags, group_reasons(self._cache.failure_reasons()))

    def _count(self, text: str, now: datetime) -> int:
        try:
            return self._cache.count(parse(text), now=now)
        except QueryError:
            return 0

    def entries(self, ids: Sequence[EntryId]) -> list[Entry]:
        return self._cache.entries(ids)

    def article(self, entry_id: EntryId) -> ShownArticle:
        from reader.services import articles

        opened = articles.read(self._workspace, self._cache, entry_id)
        record, entry = opened.record, opened.record.entry
        home = self._workspace.places.home
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
            position=None if entry.finished else record.position,
            folder=home / entry.folder if entry.folder else None,
            images=record.images,
            language=entry.language,
            notice="This page was too long to be saved whole; its end is missing."
            if record.cut
            else "",
        )

    def image(self, folder: Path, file: str, width: int, height: int) -> Raster | None:
        from reader.services import thumbnails

        made = thumbnails.decode_thumbnail(self._workspace.images, folder, file, width, height)
        return Raster(*made) if made else None

    @property
    def watched_folders(self) -> Sequence[Path]:
        drop = self._workspace.settings.fetch.drop
        return [self._journal_folder, *([Path(drop)] if drop else [])]

    @property
    def _journal_folder(self) -> Path:
        return self._workspace.places.home / "journal"

    def save_app_state(self, state: AppState) -> None:
        save_state(self._workspace.places.state, state)

    def pull_changes(self) -> bool:
        self._import_dropped()
        if self._is_up_to_date():
            return False
        changed = self._sync_cache()
        # Another process may have synced the cache with its own changes.
        before, self._seen_cursors = self._seen_cursors, self._cache.journal_cursors()
        return changed or before != self._seen_cursors

    def _is_up_to_date(self) -> bool:
        """Return whether no journal changed since the cache read it; a few calls of `stat`."""
        try:
            with os.scandir(self._journal_folder) as files:
                found = [(file.name, file.stat()) for file in files]
        except OSError:
            return False
        stamps = {
            name: (stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
            for name, stat in found
            if may_be_journal(name)
        }
        return stamps == {
            name: cursor.stamp for name, cursor in self._seen_cursors.items()
        } and all(cursor.is_settled for cursor in self._seen_cursors.values())

    def _sync_cache(self) -> bool:
        """Apply new journal lines to the cache. Returns whether rows changed."""
        from reader.services.cache_sync import catch_up

        # Two threads that rebuild the cache at once would both do all of it.
        with self._sync_lock:
            changed = catch_up(self._workspace.places, self._cache, progress=self._rebuild_progress)
        self._indexed_file = None
        return bool(changed)

    def _import_dropped(self) -> None:
        """Import files that other programs left in the watch folder; one scan at a time."""
        if not self._workspace.settings.fetch.drop or not self._watch_lock.acquire(blocking=False):
            return
        try:
            from reader.services.watch_folder import WatchFolder

            if self._watch_folder is None:
                self._watch_folder = WatchFolder(self._workspace)
            with suppress(SourceError):  # `reader fetch` reports a missing folder
                self._watch_folder.scan()
        finally:
            self._watch_lock.release()

    # Changing.

    def _change(self, ids: Sequence[EntryId], change: Callable[[], Outcome]) -> Outcome:
        """Make a change and hand it to the cache; large changes are read back."""
        if len(ids) > MAX_WRITE_THROUGH:
            outcome = change()
            self.pull_changes()
        else:
            from reader.services.cache_sync import write_through

            with self._sync_lock:
                outcome, cursors = write_through(self._workspace.library, self._cache, ids, change)
            if cursors is None:
                self.pull_changes()
            else:
                # Of this file only: another one may have lines that the cache lacks.
                self._seen_cursors = {**self._seen_cursors, **cursors}
        if outcome.changed and self._workspace.warnings:
            message = f"{outcome.message}; {self._workspace.warnings.pop()}"
            return outcome._replace(message=message, undoable=False, is_error=True)
        return outcome

    def prepare_change(self, ids: Sequence[EntryId]) -> None:
        # The change itself reports what keeps it from being saved.
        with suppress(ReaderError):
            self._workspace.prepare_change(ids)

    def mark(
        self,
        ids: Sequence[EntryId],
        *,
        finished: bool | None = None,
        starred: bool | None = None,
        archived: bool | None = None,
    ) -> Outcome:
        from reader.services import entries

        return self._change(
            ids,
            lambda: entries.mark(
                self._workspace, ids, finished=finished, starred=starred, archived=archived
            ),
        )

    def tag(self, ids: Sequence[EntryId], add: Sequence[str], remove: Sequence[str]) -> Outcome:
        from reader.services import entries

        return self._change(ids, lambda: entries.tag(self._workspace, ids, add, remove))

    def suggest_tags(self, entry_id: EntryId) -> Sequence[str]:
        from reader.services import articles

        opened = articles.read(self._workspace, self._cache, entry_id)
        entry = opened.record.entry
        found = self._cache.suggest_tags(
            entry.title,
            opened.markdown,
            offered=opened.record.suggested,
            own_tags=entry.tags,
            besides=entry.id,
        )
        return [suggestion.tag for suggestion in found]

    def delete(self, ids: Sequence[EntryId]) -> Outcome:
        from reader.services import entries

        return self._change(ids, lambda: entries.delete(self._workspace, ids))

    def restore(self, ids: Sequence[EntryId]) -> Outcome:
        from reader.services import entries

        return self._change(ids, lambda: entries.restore(self._workspace, ids))

    def undo(self) -> Outcome:
        from reader.services import entries

        outcome, _ = entries.undo(self._workspace)
        self.pull_changes()
        return outcome

    def _add_one(self, source: str, tags: Sequence[str]) -> Outcome:
        from reader.services.add import add

        saved = add(self._workspace, source, tags=tags, later=is_web_url(source))
        self.pull_changes()
        queued = saved.entry.fetch is FetchStatus.QUEUED
        done = "Queued" if queued else "Added" if saved.is_new else "Already there"
        is_told = queued or saved.message in ("already saved", "already queued")
        more = f" ({saved.message})" if saved.message and not is_told else ""
        title = one_line(saved.entry.title, 60)
        return Outcome(
            f"{done}: {title}{more}",
            saved.is_new,
            changed=int(saved.is_new),
            entry=saved.entry.id,
            queued=[saved.entry.id] if queued else (),
        )

    def plan_add(self, text: str) -> AddPlan:
        return plan_add(text)

    def preview_import(self, plan: AddPlan) -> str:
        from reader.services.imports import import_file

        report = import_file(self._workspace, Path(plan.sources[0]), dry_run=True)
        aside = [f"{report.known:,} are already there"] if report.known else []
        if report.refused_count:
            aside.append(f"{plural(report.refused_count, 'row')} cannot be read")
        besides = f" ({', '.join(aside)})" if aside else ""
        return f"Import {plural(report.new, 'new link')} from {report.program}{besides}?"

    def add_all(
        self,
        plan: AddPlan,
        tags: Sequence[str],
        job: Job,
    ) -> Outcome:
        if plan.kind is AddKind.EXPORT:
            return Outcome(self.import_export(plan, tags, job).message)
        if len(plan.sources) == 1:
            return self._add_one(plan.sources[0], tags)
        return self._add_each(plan.sources, tags, job)

    def _add_each(
        self,
        sources: Sequence[str],
        tags: Sequence[str],
        job: Job,
    ) -> Outcome:
        """Add sources one by one; one that fails does not stop the others."""
        from reader.services.add import AddBatch, add

        queued: list[EntryId] = []
        batch = AddBatch()
        known = failed = 0
        reason = ""
        for number, source in enumerate(sources, 1):
            if job.cancelled():
                break
            try:
                added = add(
                    self._workspace, source, tags=tags, later=is_web_url(source), batch=batch
                )
            except ReaderError as error:
                failed, reason = failed + 1, reason or str(error)
                continue
            known += not added.is_new
            if added.entry.fetch is FetchStatus.QUEUED:
                queued.append(added.entry.id)
            job.progress(number, len(sources))
        self.pull_changes()
        message = f"Added {plural(batch.count)}"
        message += f", {known:,} already there" if known else ""
        message += f"; {failed:,} failed: {one_line(reason, 80)}" if failed else ""
        is_undoable = bool(batch.count)
        return Outcome(message, is_undoable, batch.count, is_error=bool(failed), queued=queued)

    def import_export(
        self,
        plan: AddPlan,
        tags: Sequence[str],
        job: Job,
    ) -> "ImportReport":
        from reader.services.imports import import_file

        report = import_file(self._workspace, Path(plan.sources[0]), tags=tags, job=job)
        self.pull_changes()
        return report

    def export(
        self,
        query: Query,
        ids: Sequence[EntryId],
        target: ExportTarget,
        job: Job,
    ) -> Outcome:
        from reader.services import exports

        listing = self._cache.listing(query, now=self._workspace.now())
        wanted = set(ids)
        chosen = [each for each in listing.ids() if not wanted or each in wanted]
        done = exports.export(
            self._workspace,
            chosen or list(ids),
            target.format,
            expand_user(target.path),
            job=job,
        )
        message = f"Exported {plural(done.count)} to {one_line(str(done.path), 120)}"
        missing = f"; {plural(len(done.missing), 'file')} missing" if done.missing else ""
        return Outcome(
            message + missing + done.left_out_note, undoable=False, is_error=bool(missing)
        )

    def purge(self, ids: Sequence[EntryId]) -> Outcome:
        from reader.services import entries

        outcome = entries.purge(self._workspace, ids)
        self.pull_changes()
        return outcome

    def fetch(self, ids: Sequence[EntryId], job: Job) -> Outcome:
        from reader.services.fetch_queue import process_queue

        def report_progress(at: "FetchProgress") -> None:
            done = at.done + at.failed
            job.progress(done, done + at.left)

        report = process_queue(
            self._workspace, only=ids, progress=report_progress, cancelled=job.cancelled
        )
        self.pull_changes()
        if report.cancelled:
            return Outcome(f"Stopped; {report.left:,} left.", undoable=False)
        if report.gone:
            return Outcome(
                f"No network; {report.left:,} waiting for it in the view Queued.", undoable=False
            )
        if report.failed and len(ids) == 1:
            return Outcome(
                f"Could not be fetched: {report.failures[0][1]}", undoable=False, is_error=True
            )
        message = f"Fetched {report.done:,}" if len(ids) > 1 else "Fetched"
        message += f", {report.kept:,} unchanged" if report.kept else ""
        message += f", {report.failed:,} failed: see the view Failed" if report.failed else ""
        return Outcome(message, undoable=False)

    # Reading.

    def sync(self, job: Job) -> Outcome:
        # Imported here: a library without a remote needs none of it.
        from reader.services import sync

        run = sync.SyncJob(lambda at: job.progress(at.done, at.total), job.cancelled)
        report = sync.run_sync(self._workspace, run)
        self.pull_changes()
        self._indexed_file = None
        if report.problems:
            return Outcome(report.problems[0], undoable=False, is_error=True)
        message = sync.describe_report(report)
        return Outcome(message[0].upper() + message[1:], undoable=False)

    def reading_speed(self) -> int:
        from reader.services import reading_speed

        return reading_speed.words_per_minute(self._workspace.places, self._workspace.settings)

    def record_reading_speed(self, words: float, seconds: float) -> int:
        from reader.services import reading_speed

        known = reading_speed.record(self._workspace.places, words, seconds)
        return self._workspace.settings.reading.speed or known.words_per_minute

    def save_position(self, entry_id: EntryId, position: Position, *, finished: bool) -> Outcome:
        from reader.services import articles

        def save() -> Outcome:
            articles.save_position(self._workspace, entry_id, position, finished=finished)
            return Outcome("", changed=1)

        return self._change([entry_id], save)

    def save_highlight(self, entry_id: EntryId, highlight: Highlight) -> Outcome:
        from reader.services import annotations

        return self._change(
            [entry_id], lambda: annotations.save_highlight(self._workspace, entry_id, highlight)
        )

    def remove_highlight(self, entry_id: EntryId, highlight: Highlight) -> Outcome:
        from reader.services import annotations

        return self._change(
            [entry_id], lambda: annotations.remove_highlight(self._workspace, entry_id, highlight)
        )

    def save_note(self, entry_id: EntryId, note: str) -> Outcome:
        from reader.services import annotations

        return self._change(
            [entry_id], lambda: annotations.save_note(self._workspace, entry_id, note)
        )

    def highlights(self, query: Query) -> Sequence[EntryHighlight]:
        from reader.services import articles

        listing = self._cache.listing(query, now=self._workspace.now())
        opened = articles.records(self._workspace, self._cache, listing.ids())
        found: list[EntryHighlight] = []
        for record in opened:
            found += [article_note(record.entry, record.note)] if record.note else []
            found += [EntryHighlight(record.entry, each) for each in record.highlights]
        return found

    def removed_text(self, entry_id: EntryId) -> Sequence[RemovedText]:
        from reader.services import articles

        return articles.removed_text(self._workspace, self._cache, entry_id)

    def export_highlights(self, marks: Sequence[EntryHighlight], path: str) -> Outcome:
        target = export_highlights(marks, expand_user(path))
        notes = [mark for mark in marks if mark.is_article_note]
        left_out = notes if target.suffix.casefold() == ".csv" else []
        written = [mark for mark in marks if mark not in left_out]
        message = f"Exported {describe_marks(written)} to {one_line(str(target), 120)}"
        message += f"; CSV has no place for {describe_marks(left_out)}" if left_out else ""
        return Outcome(message, undoable=False)

    def article_details(self, entry_id: EntryId) -> ArticleDetails:
        from reader.services import articles

        opened = articles.read(self._workspace, self._cache, entry_id)
        record, entry = opened.record, opened.record.entry
        facts = (
            ("address", entry.url or ""),
            ("by", entry.byline or ""),
            ("site", entry.site or ""),
            ("published", day(entry.published) or ""),
            ("saved", day(entry.added) or ""),
            ("length", f"{entry.words:,} words, {entry.minutes} min" if entry.words else ""),
            ("progress", _progress(entry)),
            ("language", entry.language or ""),
            ("tags", ", ".join(entry.tags)),
            ("highlights", str(entry.highlights or "")),
            ("note", record.note),
        )
        summary = articles.summary_text(opened) if opened.markdown else ""
        similar = [each.entry for each in self._cache.related(entry)] if opened.markdown else []
        shown = [fact for fact in facts if fact[1]]
        return ArticleDetails(entry.title, shown, summary, record.related, similar)

    def summarise(self, entry_id: EntryId, cancelled: Callable[[], bool]) -> str:
        from reader.services import articles

        command = self._workspace.settings.commands.summary
        if not command:
            return ""
        return articles.summary_text(
            articles.read(self._workspace, self._cache, entry_id), command, cancelled
        )

    def speech(self, text: str, language: str | None) -> "Speech":
        from reader.services.speech import Speech

        return Speech(self._workspace.settings.commands.speak, text, language)

    # Tags and views.

    def retag(self, tag: str, new: str | None) -> Outcome:
        from reader.services.tags import TagChange, apply

        outcome = apply(self._workspace, TagChange((tag,), new))
        self.pull_changes()
        return outcome

    def save_view(self, name: str, query: str) -> Outcome:
        from reader.services.saved_views import save_view

        save_view(self._workspace.settings.path or self._workspace.places.config, name, query)
        return Outcome(f"Saved the view {one_line(name, 40)}", undoable=False)

    def delete_view(self, name: str) -> Outcome:
        from reader.services.saved_views import delete_view

        delete_view(self._workspace.settings.path or self._workspace.places.config, name)
        return Outcome(f"Deleted the view {one_line(name, 40)}", undoable=False)

    def save_keys(self, command_id: str, keys: str) -> None:
        from reader.services.settings_file import set_value

        path = self._workspace.settings.path or self._workspace.places.config
        set_value(path, "keys", command_id, keys)

    # Other programs.

    def open_in_browser(self, url: str) -> None:
        from reader.services.desktop import open_in_browser

        open_in_browser(url, self._workspace.settings.commands.browser)

    def copy_to_clipboard(self, text: str) -> bool:
        from reader.services import desktop

        return desktop.copy(text)

    def pipe(self, entry_id: EntryId, command: Sequence[str]) -> str:
        from reader.services import desktop

        return desktop.pipe(self.article(entry_id).markdown, command)


def _pause(cancelled: Callable[[], bool]) -> bool:
    """Let the event loop run: indexing holds the interpreter for most of its time."""
    sleep(_INDEXING_PAUSE)
    return not cancelled()


def _progress(entry: Entry) -> str:
    """Return the reading progress in words."""
    if entry.finished:
        return "finished"
    return f"{round(entry.progress * 100)} %" if entry.progress else ""
