"""Marks, tags, trash and undo: on the selection, else on the row under the cursor or the open text."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from reader.model.entry import Entry, EntryId, State
from reader.ui.backend import Outcome
from reader.ui.controllers.article import ArticleController
from reader.ui.controllers.context import UIContext
from reader.ui.controllers.entry_list import ListController
from reader.ui.controllers.status import JobController
from reader.ui.dialogs.confirm import ConfirmDialog
from reader.ui.dialogs.prompt import PromptDialog
from reader.ui.dialogs.tag_editor import TagEdit, TagEditor

CONFIRM_FETCH_FROM: Final = 1000
"""Pages from which a person is asked before they are fetched."""


class EntryController:
    """Each key is one change to all that is meant, one message with its count, one undo."""

    def __init__(
        self,
        stage: UIContext,
        browsing: ListController,
        working: JobController,
        reading: ArticleController,
    ):
        self._context = stage
        self._entry_list = browsing
        self._jobs = working
        self._article = reading

    # -- on what --------------------------------------------------------------------------------

    @property
    def entry(self) -> Entry | None:
        """The entry that is open while the text has focus, else the one under the cursor."""
        if self._context.has_focus(self._context.article):
            return self._article.entry
        return self._context.entries.current

    def _target_ids(self) -> Sequence[EntryId]:
        selection = self._context.entries.selection
        if selection and not self._context.has_focus(self._context.article):
            return sorted(selection)
        return [self.entry.id] if self.entry else []

    # -- marks ----------------------------------------------------------------------------------

    def open(self) -> None:
        """Read the article under the cursor; where nothing was found, what may have been meant."""
        entry = self._context.entries.current
        if entry is not None:
            self._article.open(entry)
        else:
            self._entry_list.apply_suggestion()

    def toggle_read(self) -> None:
        entry = self.entry
        if entry:
            finished = entry.state is not State.READ
            self._mark(
                replace(entry, finished=finished, progress=entry.progress if finished else 0.0),
                finished=finished,
            )

    def star(self) -> None:
        entry = self.entry
        if entry:
            self._mark(replace(entry, starred=not entry.starred), starred=not entry.starred)

    def archive(self) -> None:
        entry = self.entry
        if entry:
            self._mark(replace(entry, archived=not entry.archived), archived=not entry.archived)

    def _mark(self, shown: Entry, **marks: bool) -> None:
        ids = self._target_ids()
        # Shown at once, so that the key feels like a key; the listing follows from the disk.
        self._context.entries.update_rows([shown])
        self._change(lambda: self._context.backend.mark(ids, **marks))

    def _change(
        self, task: Callable[[], Outcome], then: Callable[[Outcome], None] | None = None
    ) -> None:
        """Do it in a thread, tell it, and show what has become of the list."""

        def settle(done: Outcome) -> None:
            self._context.notify_outcome(done)
            if then:
                then(done)
            self._entry_list.refresh()

        self._context.tasks.run_serial(task, settle)

    def _change_selection(self, task: Callable[[], Outcome]) -> None:
        self._change(task, lambda _: self._context.entries.set_selection(()))

    # -- tags, trash, undo ----------------------------------------------------------------------

    def tag(self) -> None:
        """Open the tag dialog at once with the known tags; suggestions follow."""
        entry, ids = self.entry, self._target_ids()
        if entry is None:
            return
        known = tuple(tag for tag, _ in self._entry_list.counts.tags)
        own = entry.tags if len(ids) == 1 else ()
        dialog = TagEditor(TagEdit(own, known, len(ids)))
        self._context.prompt(dialog, lambda change: self._retag(ids, *change))
        self._context.tasks.run_latest(
            "suggested", lambda: self._context.backend.suggest_tags(entry.id), dialog.suggest
        )

    def _retag(self, ids: Sequence[EntryId], add: Sequence[str], remove: Sequence[str]) -> None:
        if add or remove:
            self._change(lambda: self._context.backend.tag(ids, add, remove))

    def delete(self) -> None:
        ids = self._target_ids()
        if ids:
            self._change_selection(lambda: self._context.backend.delete(ids))

    def restore(self) -> None:
        ids = self._target_ids()
        if ids:
            self._change_selection(lambda: self._context.backend.restore(ids))

    def undo(self) -> None:
        self._change(self._context.backend.undo)

    # -- adding ---------------------------------------------------------------------------------

    def add(self) -> None:
        """Ask for an address or a file, and save it."""
        dialog = PromptDialog("Add", placeholder="https://… or a file", answer="save")
        self._context.prompt(dialog, self.save)

    def save(self, source: str) -> None:
        """Save a source, its row under the cursor; an address is then fetched in the background."""
        desk = self._context.backend

        def settle(done: Outcome) -> None:
            self._context.notify_outcome(done)
            self._entry_list.refresh(done.entry)
            if done.needs_fetch and done.entry:
                self._fetch([done.entry])

        self._jobs.start("saving", lambda _progress, _stopped: desk.add(source, ()), settle)

    def fetch(self) -> None:
        """Fetch the pages again, after a question where they are very many."""
        ids = self._target_ids()
        if len(ids) >= CONFIRM_FETCH_FROM:
            said = "Two at a time from each site; ctrl+x stops, and what has come stays."
            dialog = ConfirmDialog(f"Fetch {len(ids):,} pages?", said, "fetch")
            self._context.prompt(dialog, lambda _: self._fetch(ids))
        elif ids:
            self._fetch(ids)

    def _fetch(self, ids: Sequence[EntryId]) -> None:
        desk = self._context.backend

        def settle(done: Outcome) -> None:
            self._context.notify_outcome(done)
            self._entry_list.refresh()
            self._article.reload()

        self._jobs.start(
            "fetching", lambda progress, stopped: desk.fetch(ids, progress, stopped), settle
        )

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {
            "open": self.open,
            "toggle-read": self.toggle_read,
            "star": self.star,
            "archive": self.archive,
            "tag": self.tag,
            "delete": self.delete,
            "restore": self.restore,
            "undo": self.undo,
            "add": self.add,
            "fetch": self.fetch,
        }
