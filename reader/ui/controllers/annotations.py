"""Highlights and notes: what the text asks for is kept, changed, removed, and shown again."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from reader.model.entry import EntryId
from reader.model.highlight import Highlight
from reader.model.text import one_line
from reader.ui.backend import EntryHighlight, Outcome
from reader.ui.controllers.article import ArticleController
from reader.ui.controllers.context import UIContext
from reader.ui.controllers.entry_list import ListController
from reader.ui.dialogs.note_editor import NoteDialog
from reader.ui.dialogs.picker import PickerDialog, Row
from reader.ui.messages import (
    AddHighlight,
    EditHighlight,
    EditNote,
    HighlightsUnanchored,
    RemoveHighlight,
)
from reader.ui.widgets.status_line import StatusMessage


class AnnotationController:
    """One change for each request; the text shows what the disk has."""

    def __init__(self, stage: UIContext, browsing: ListController, reading: ArticleController):
        self._context = stage
        self._entry_list = browsing
        self._article = reading

    def add(self, request: AddHighlight) -> None:
        """Keep a new highlight, with a note where one was asked for."""
        entry_id = EntryId(request.article)
        if not request.with_note:
            self._save(entry_id, request.highlight)
            return
        dialog = NoteDialog("Note on the highlight", quote=request.highlight.quote)
        self._context.prompt(
            dialog, lambda note: self._save(entry_id, replace(request.highlight, note=note))
        )

    def edit(self, request: EditHighlight) -> None:
        """Ask for another note on a highlight."""
        known = request.highlight
        dialog = NoteDialog("Note on the highlight", known.note, known.quote)
        entry_id = EntryId(request.article)
        self._context.prompt(dialog, lambda note: self._save(entry_id, replace(known, note=note)))

    def remove(self, request: RemoveHighlight) -> None:
        entry_id = EntryId(request.article)
        self._change(lambda: self._context.backend.remove_highlight(entry_id, request.highlight))

    def note(self, request: EditNote) -> None:
        """Ask for the note on the whole article."""
        article = self._context.article.article
        entry_id = EntryId(request.article)
        dialog = NoteDialog("Note on the article", article.note if article else "")
        self._context.prompt(
            dialog,
            lambda note: self._change(lambda: self._context.backend.save_note(entry_id, note)),
        )

    def on_unanchored(self, request: HighlightsUnanchored) -> None:
        count = len(request.highlights)
        words = "A highlight has" if count == 1 else f"{count} highlights have"
        self._context.show_message(StatusMessage(f"{words} lost its words: see below the text."))

    def _save(self, entry_id: EntryId, highlight: Highlight) -> None:
        self._change(lambda: self._context.backend.save_highlight(entry_id, highlight))

    def _change(self, task: Callable[[], Outcome]) -> None:
        def settle(done: Outcome) -> None:
            self._context.notify_outcome(done)
            self._article.reload()
            self._entry_list.refresh()

        self._context.tasks.run_serial(task, settle)

    # -- all of the library ---------------------------------------------------------------------

    def show_all(self) -> None:
        """Every highlight of what the list shows, newest article first."""
        query = self._entry_list.query
        self._context.tasks.run_latest(
            "highlights", lambda: self._context.backend.highlights(query), self._show
        )

    def _show(self, found: Sequence[EntryHighlight]) -> None:
        rows = [
            Row(one_line(mark.highlight.quote), mark, mark.highlight.at[:10], self._details(mark))
            for mark in found
        ]
        dialog = PickerDialog(
            f"Highlights: {self._entry_list.filter.title}",
            rows,
            answer="read",
            empty="No highlights here. While reading, v chooses words and enter keeps them.",
        )
        dialog.add_class("-wide-dialog")
        self._context.prompt(dialog, lambda mark: self._article.open_at(mark.entry, mark.highlight))

    def _details(self, mark: EntryHighlight) -> str:
        note = f" · {one_line(mark.highlight.note, 80)}" if mark.highlight.note else ""
        return one_line(mark.entry.title, 60) + note

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {"highlights": self.show_all}
