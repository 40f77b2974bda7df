"""Highlights and notes: what the text asks for is kept, changed, removed, and shown again."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from reader.model.entry import EntryId
from reader.model.highlight import Highlight
from reader.model.text import one_line
from reader.ui.backend import Done, Marked
from reader.ui.controllers.article import Reading
from reader.ui.controllers.context import Stage
from reader.ui.controllers.entry_list import Browsing
from reader.ui.dialogs.note_editor import NoteDialog
from reader.ui.dialogs.picker import PickDialog, Row
from reader.ui.messages import (
    EditHighlight,
    EditNote,
    HighlightsLost,
    KeepHighlight,
    RemoveHighlight,
)
from reader.ui.widgets.status_line import Note


class Annotating:
    """One change for each request; the text shows what the disk has."""

    def __init__(self, stage: Stage, browsing: Browsing, reading: Reading):
        self._stage = stage
        self._browsing = browsing
        self._reading = reading

    def keep(self, request: KeepHighlight) -> None:
        """Keep a new highlight, with a note where one was asked for."""
        entry_id = EntryId(request.article)
        if not request.noting:
            self._keep(entry_id, request.highlight)
            return
        dialog = NoteDialog("Note on the highlight", quote=request.highlight.quote)
        self._stage.ask(
            dialog, lambda note: self._keep(entry_id, replace(request.highlight, note=note))
        )

    def edit(self, request: EditHighlight) -> None:
        """Ask for another note on a highlight."""
        known = request.highlight
        dialog = NoteDialog("Note on the highlight", known.note, known.quote)
        entry_id = EntryId(request.article)
        self._stage.ask(dialog, lambda note: self._keep(entry_id, replace(known, note=note)))

    def remove(self, request: RemoveHighlight) -> None:
        entry_id = EntryId(request.article)
        self._change(lambda: self._stage.desk.remove_highlight(entry_id, request.highlight))

    def note(self, request: EditNote) -> None:
        """Ask for the note on the whole article."""
        article = self._stage.article.article
        entry_id = EntryId(request.article)
        dialog = NoteDialog("Note on the article", article.note if article else "")
        self._stage.ask(
            dialog, lambda note: self._change(lambda: self._stage.desk.keep_note(entry_id, note))
        )

    def lost(self, request: HighlightsLost) -> None:
        count = len(request.highlights)
        words = "A highlight has" if count == 1 else f"{count} highlights have"
        self._stage.note(Note(f"{words} lost its words: see below the text."))

    def _keep(self, entry_id: EntryId, highlight: Highlight) -> None:
        self._change(lambda: self._stage.desk.keep_highlight(entry_id, highlight))

    def _change(self, task: Callable[[], Done]) -> None:
        def settle(done: Done) -> None:
            self._stage.said(done)
            self._reading.reload()
            self._browsing.refresh()

        self._stage.errands.change(task, settle)

    # -- all of the library ---------------------------------------------------------------------

    def show_all(self) -> None:
        """Every highlight of what the list shows, newest article first."""
        query = self._browsing.query
        self._stage.errands.ask(
            "highlights", lambda: self._stage.desk.highlights(query), self._show
        )

    def _show(self, found: Sequence[Marked]) -> None:
        rows = [
            Row(one_line(mark.highlight.quote), mark, mark.highlight.at[:10], self._below(mark))
            for mark in found
        ]
        dialog = PickDialog(
            f"Highlights: {self._browsing.choice.title}",
            rows,
            answer="read",
            empty="No highlights here. While reading, v chooses words and enter keeps them.",
        )
        dialog.add_class("-wide-dialog")
        self._stage.ask(dialog, lambda mark: self._reading.open_at(mark.entry, mark.highlight))

    def _below(self, mark: Marked) -> str:
        note = f" · {one_line(mark.highlight.note, 80)}" if mark.highlight.note else ""
        return one_line(mark.entry.title, 60) + note

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {"highlights": self.show_all}
