"""Commands on entries: the selected ones, else the one under the cursor or the open article."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from reader.model.entry import Entry, EntryId
from reader.model.errors import ReaderError
from reader.model.query import parse
from reader.model.text import plural
from reader.services.outcome import Outcome
from reader.services.views import TRASH
from reader.ui.controllers.context import UIContext
from reader.ui.dialogs.confirm import ConfirmDialog
from reader.ui.dialogs.tag_editor import TagEdit, TagEditor
from reader.ui.screen_state import MAX_REPAINTED

CONFIRM_FETCH_FROM: Final = 1000
"""Pages from which a download needs a confirmation."""


@dataclass(frozen=True, slots=True)
class Target:
    """The entries of a command; `entry` is the one whose state a toggle inverts."""

    ids: Sequence[EntryId]
    entry: Entry


class EntryController:
    """Commands on entries. What changes them is one change, one message and one undo step."""

    def __init__(
        self,
        context: UIContext,
        hold_keys: Callable[[], None],
        apply_suggestion: Callable[[], bool],
        confirm_fetch_from: int = CONFIRM_FETCH_FROM,
    ):
        self._context = context
        self._hold_list_keys = hold_keys
        self._apply_suggestion = apply_suggestion
        self.confirm_fetch_from = confirm_fetch_from

    # The entries of a command.

    def _target(self) -> Target | None:
        """Return the entries of the next command; None, and a message, if there are none."""
        entry, entries = self._context.require_entry(), self._context.entries
        if entry is None:
            return None
        if not entries.selection or self._context.has_focus(self._context.article):
            return Target([entry.id], entry)
        selected = entry if entry.id in entries.selection else entries.first_selected
        return Target(sorted(entries.selection), selected or entry)

    def _deselect_target(self) -> Target | None:
        """Return the entries of a command that runs now, and clear the selection they come from."""
        target = self._target()
        if target is not None:
            self._deselect(target.ids)
        return target

    def _deselect(self, ids: Sequence[EntryId]) -> None:
        """Clear the selection if a command takes these entries from it."""
        entries = self._context.entries
        if not entries.selection.isdisjoint(ids):
            entries.set_selection(())

    def prepare(self, entry: Entry) -> None:
        """Read ahead what a change of this entry needs: most commands follow a look at it."""
        read = partial(self._context.backend.prepare_change, [entry.id])
        self._context.tasks.queue_latest("prepare", read, lambda _: None)

    # Marks.

    def open(self) -> None:
        """Open the article under the cursor, or follow the suggestion of an empty list."""
        entry = self._context.entries.current
        if entry is not None:
            self._context.open_entry(entry)
        elif not self._apply_suggestion():
            self._context.require_entry()

    def toggle(self, mark: str) -> None:
        """Set or remove a mark of the entries: `finished`, `starred` or `archived`."""
        target = self._deselect_target()
        if target is None:
            return
        marks = {mark: not getattr(target.entry, mark)}
        painted: dict[str, Any] = dict(marks)
        if marks == {"finished": False}:
            painted["progress"] = 0.0
        # Painted at once, so that the key feels like a key; the disk follows.
        self._context.entries.repaint(target.ids, lambda entry: entry._replace(**painted))
        after = target.entry._replace(**painted)
        now, state = datetime.now(UTC), self._context.state
        if len(target.ids) > 1 or not state.keeps_row(target.entry, after, now):
            self._hold_keys(target.ids)
        self._change(lambda: self._context.backend.mark(target.ids, **marks))

    def _hold_keys(self, ids: Sequence[EntryId]) -> None:
        """Let the next key wait for the rows that it will act on; not for a long write."""
        if len(ids) <= MAX_REPAINTED:
            self._hold_list_keys()

    def _change(self, function: Callable[[], Outcome]) -> None:
        """Run a change in a thread, and paint what came of it."""
        self._context.tasks.run_serial(function, self._context.show_outcome, self._on_failed)

    def _on_failed(self, error: ReaderError) -> None:
        """Report the failure, and paint the rows as they are."""
        self._context.notify_error(str(error))
        self._context.refresh_list()

    # Tags, trash, undo.

    def tag(self) -> None:
        """Open the tag editor with the known tags; suggestions follow."""
        target = self._target()
        if target is None:
            return
        known = tuple(tag for tag, _ in self._context.state.counts.tags)
        own = target.entry.tags if len(target.ids) == 1 else ()
        dialog = TagEditor(TagEdit(own, known, len(target.ids), target.entry.title))
        self._context.prompt(dialog, lambda change: self._retag(target.ids, *change))
        self._context.tasks.run_latest(
            "suggested",
            lambda: self._context.backend.suggest_tags(target.entry.id),
            dialog.suggest,
        )

    def _retag(self, ids: Sequence[EntryId], add: Sequence[str], remove: Sequence[str]) -> None:
        if add or remove:
            self._deselect(ids)
            self._change(lambda: self._context.backend.tag(ids, add, remove))

    def delete(self) -> None:
        """Move the entries to the trash."""
        target = self._deselect_target()
        if target is not None:
            self._hold_keys(target.ids)
            self._change(lambda: self._context.backend.delete(target.ids))

    def restore(self) -> None:
        """Restore the entries from the trash."""
        target = self._target()
        if target is not None and not target.entry.trashed:
            self._context.notify_info("Only articles in the view Trash can be restored.")
            return
        if target is not None:
            self._deselect(target.ids)
            self._hold_keys(target.ids)
            self._change(lambda: self._context.backend.restore(target.ids))

    def purge(self) -> None:
        """Delete entries of the trash permanently, after a confirmation."""
        target = self._target()
        if target is None:
            return
        if not target.entry.trashed:
            key = self._context.keys.key("delete")
            self._context.notify_info(
                f"Only articles in the trash can be deleted permanently; {key} moves one there."
            )
            return
        self._confirm_purge(target.ids, f"Delete {plural(len(target.ids))} permanently?")

    def empty_trash(self) -> None:
        """Delete everything in the trash permanently, after a confirmation."""
        query = parse(TRASH.query)
        self._context.load_dialog(
            "trash",
            lambda: self._context.backend.listing(query).ids(),
            self._confirm_emptying,
        )

    def _confirm_emptying(self, ids: Sequence[EntryId]) -> None:
        if ids:
            self._confirm_purge(ids, f"Empty the trash of {plural(len(ids))}?")
        else:
            self._context.notify_info("The trash is empty.")

    def _confirm_purge(self, ids: Sequence[EntryId], question: str) -> None:
        dialog = ConfirmDialog(question, "This cannot be undone.", "delete permanently")

        def purge(_answer: bool) -> None:
            self._deselect(ids)
            self._change(lambda: self._context.backend.purge(ids))

        self._context.prompt(dialog, purge)

    def undo(self) -> None:
        self._change(self._context.backend.undo)

    # Pages.

    def fetch(self) -> None:
        """Download the pages again, after a confirmation if there are very many."""
        target = self._target()
        if target is None:
            return
        if len(target.ids) >= self.confirm_fetch_from:
            key = self._context.keys.key("cancel")
            text = f"Two at a time from each site; {key} stops, and downloaded pages are kept."
            dialog = ConfirmDialog(f"Fetch {len(target.ids):,} pages?", text, "fetch")
            self._context.prompt(dialog, lambda _: self._fetch(target.ids))
        else:
            self._fetch(target.ids)

    def _fetch(self, ids: Sequence[EntryId]) -> None:
        self._deselect(ids)
        self.download(ids)

    def download(self, ids: Sequence[EntryId]) -> None:
        """Download the pages of these entries in the background."""
        fetch = partial(self._context.backend.fetch, ids)
        self._context.start_job("fetching", fetch, self._context.show_outcome)
