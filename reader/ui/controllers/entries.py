"""Marks, tags, trash and undo: on the selection, else on the row under the cursor or the open text."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from reader.model.entry import Entry, EntryId, State
from reader.ui.backend import Done
from reader.ui.controllers.article import Reading
from reader.ui.controllers.context import Stage
from reader.ui.controllers.entry_list import Browsing
from reader.ui.controllers.status import Working
from reader.ui.dialogs.confirm import ConfirmDialog
from reader.ui.dialogs.prompt import WordsDialog
from reader.ui.dialogs.tag_editor import TagDialog, Tagging

ASK_FROM: Final = 1000
"""Pages from which a person is asked before they are fetched."""


class Acting:
    """Each key is one change to all that is meant, one message with its count, one undo."""

    def __init__(
        self,
        stage: Stage,
        browsing: Browsing,
        working: Working,
        reading: Reading,
    ):
        self._stage = stage
        self._browsing = browsing
        self._working = working
        self._reading = reading

    # -- on what --------------------------------------------------------------------------------

    @property
    def entry(self) -> Entry | None:
        """The entry that is open while the text has focus, else the one under the cursor."""
        if self._stage.is_at(self._stage.article):
            return self._reading.entry
        return self._stage.entries.current

    def _ids(self) -> Sequence[EntryId]:
        selection = self._stage.entries.selection
        if selection and not self._stage.is_at(self._stage.article):
            return sorted(selection)
        return [self.entry.id] if self.entry else []

    # -- marks ----------------------------------------------------------------------------------

    def open(self) -> None:
        """Read the article under the cursor; where nothing was found, what may have been meant."""
        entry = self._stage.entries.current
        if entry is not None:
            self._reading.open(entry)
        else:
            self._browsing.take_instead()

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
        ids = self._ids()
        # Shown at once, so that the key feels like a key; the listing follows from the disk.
        self._stage.entries.change([shown])
        self._change(lambda: self._stage.desk.mark(ids, **marks))

    def _change(self, task: Callable[[], Done], then: Callable[[Done], None] | None = None) -> None:
        """Do it in a thread, tell it, and show what has become of the list."""

        def settle(done: Done) -> None:
            self._stage.said(done)
            if then:
                then(done)
            self._browsing.refresh()

        self._stage.errands.change(task, settle)

    def _change_selection(self, task: Callable[[], Done]) -> None:
        self._change(task, lambda _: self._stage.entries.select(()))

    # -- tags, trash, undo ----------------------------------------------------------------------

    def tag(self) -> None:
        """Open the tag dialog at once with the known tags; suggestions follow."""
        entry, ids = self.entry, self._ids()
        if entry is None:
            return
        known = tuple(tag for tag, _ in self._browsing.tallies.tags)
        own = entry.tags if len(ids) == 1 else ()
        dialog = TagDialog(Tagging(own, known, len(ids)))
        self._stage.ask(dialog, lambda change: self._retag(ids, *change))
        self._stage.errands.ask(
            "suggested", lambda: self._stage.desk.suggested(entry.id), dialog.suggest
        )

    def _retag(self, ids: Sequence[EntryId], add: Sequence[str], remove: Sequence[str]) -> None:
        if add or remove:
            self._change(lambda: self._stage.desk.tag(ids, add, remove))

    def delete(self) -> None:
        ids = self._ids()
        if ids:
            self._change_selection(lambda: self._stage.desk.delete(ids))

    def restore(self) -> None:
        ids = self._ids()
        if ids:
            self._change_selection(lambda: self._stage.desk.restore(ids))

    def undo(self) -> None:
        self._change(self._stage.desk.undo)

    # -- adding ---------------------------------------------------------------------------------

    def add(self) -> None:
        """Ask for an address or a file, and save it."""
        dialog = WordsDialog("Add", placeholder="https://… or a file", answer="save")
        self._stage.ask(dialog, self.save)

    def save(self, source: str) -> None:
        """Save a source, its row under the cursor; an address is then fetched in the background."""
        desk = self._stage.desk

        def settle(done: Done) -> None:
            self._stage.said(done)
            self._browsing.refresh(done.entry)
            if done.unfetched and done.entry:
                self._fetch([done.entry])

        self._working.start("saving", lambda _progress, _stopped: desk.add(source, ()), settle)

    def fetch(self) -> None:
        """Fetch the pages again, after a question where they are very many."""
        ids = self._ids()
        if len(ids) >= ASK_FROM:
            said = "Two at a time from each site; ctrl+x stops, and what has come stays."
            dialog = ConfirmDialog(f"Fetch {len(ids):,} pages?", said, "fetch")
            self._stage.ask(dialog, lambda _: self._fetch(ids))
        elif ids:
            self._fetch(ids)

    def _fetch(self, ids: Sequence[EntryId]) -> None:
        desk = self._stage.desk

        def settle(done: Done) -> None:
            self._stage.said(done)
            self._browsing.refresh()
            self._reading.reload()

        self._working.start(
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
