"""Highlights and notes: add, edit, remove, and the list of all."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from reader.model.entry import EntryId
from reader.model.highlight import Highlight
from reader.model.labels import HighlightLabel, label_of
from reader.model.query import parse
from reader.model.text import one_line
from reader.search.text.query_completion import CompletionValues
from reader.services.notebook import EntryHighlight, describe_marks
from reader.services.outcome import Outcome
from reader.services.views import HIGHLIGHTS
from reader.ui.commands import Scope
from reader.ui.controllers.context import UIContext
from reader.ui.dialogs.label_editor import LabelDialog
from reader.ui.dialogs.note_editor import NoteDialog
from reader.ui.dialogs.notebook import NotebookChoice, NotebookDialog, NotebookState
from reader.ui.dialogs.path_prompt import PathPrompt
from reader.ui.dialogs.picker import PickerDialog, Row
from reader.ui.messages import (
    AddHighlight,
    ChangeHighlight,
    CopyText,
    EditNote,
    HighlightsUnanchored,
)

ALL_HIGHLIGHTS: Final = "has:highlights OR has:notes"
"""The query of articles with highlights or a note."""


class AnnotationController:
    """Writes each request as one change; the text is loaded again afterwards."""

    def __init__(self, context: UIContext):
        self._context = context

    def add(self, request: AddHighlight) -> None:
        """Save a new highlight, with a note if one was asked for."""
        entry_id = EntryId(request.article)
        if request.with_note:
            self._ask_note(entry_id, request.highlight)
        else:
            self._save(entry_id, request.highlight)

    def _ask_note(
        self, entry_id: EntryId, known: Highlight, then: Callable[[], object] | None = None
    ) -> None:
        dialog = NoteDialog("Note on the highlight", known.note, known.quote)
        dialog.after_cancel = then
        self._context.prompt(
            dialog, lambda note: self._save(entry_id, replace(known, note=note), then)
        )

    def _label(
        self,
        entry_id: EntryId,
        known: Highlight,
        color: str,
        then: Callable[[], object] | None = None,
    ) -> None:
        def save(label: HighlightLabel) -> None:
            changed = replace(known, color=label.color, label=label.word)
            self._save(entry_id, changed, then)

        def show(found: CompletionValues) -> None:
            dialog = LabelDialog(label_of(known), found.labels, known.quote)
            dialog.after_cancel = then
            self._context.prompt(dialog, save)

        if color:
            self._save(entry_id, replace(known, color=color), then)
        else:
            self._context.load_dialog("labels", self._context.backend.completions, show)

    def change(self, request: ChangeHighlight) -> None:
        """Change the highlight, or the one that the user chooses of several."""
        if len(request.highlights) == 1:
            self._change_one(request, request.highlights[0])
            return
        rows = [
            Row(
                one_line(mark.quote),
                mark,
                str(label_of(mark)) or mark.at[:10],
                one_line(mark.note, 80),
            )
            for mark in request.highlights
        ]
        answer = "edit its note" if request.purpose == "note" else request.purpose
        dialog = PickerDialog("Which highlight?", rows, has_filter=False, answer=answer)
        self._context.prompt(dialog, lambda mark: self._change_one(request, mark))

    def _change_one(self, request: ChangeHighlight, mark: Highlight) -> None:
        entry_id, remove = EntryId(request.article), self._context.backend.remove_highlight
        if request.purpose == "note":
            self._ask_note(entry_id, mark)
        elif request.purpose == "label":
            self._label(entry_id, mark, request.color)
        else:
            self._change(lambda: remove(entry_id, mark))

    def note(self, request: EditNote) -> None:
        """Edit the note on the whole article."""
        article = self._context.article.article
        self._ask_article_note(EntryId(request.article), article.note if article else "")

    def _ask_article_note(
        self, entry_id: EntryId, note: str, then: Callable[[], object] | None = None
    ) -> None:
        dialog = NoteDialog("Note on the article", note)
        dialog.after_cancel = then
        save = self._context.backend.save_note
        self._context.prompt(dialog, lambda note: self._change(lambda: save(entry_id, note), then))

    def edit_note(self) -> None:
        """Edit the note on the article that is shown."""
        article = self._context.article.article
        if article is not None:
            self.note(EditNote(article.id))

    def on_unanchored(self, request: HighlightsUnanchored) -> None:
        count = len(request.highlights)
        highlights = "A highlight is" if count == 1 else f"{count:,} highlights are"
        self._context.notify_info(f"{highlights} missing from the text; see below it.")

    def _save(
        self, entry_id: EntryId, highlight: Highlight, then: Callable[[], object] | None = None
    ) -> None:
        self._change(lambda: self._context.backend.save_highlight(entry_id, highlight), then)

    def _change(
        self, function: Callable[[], Outcome], then: Callable[[], object] | None = None
    ) -> None:
        def on_done(outcome: Outcome) -> None:
            self._context.show_outcome(outcome)
            if then is not None:
                then()

        self._context.tasks.run_serial(function, on_done)

    # The notebook.

    def show_all(self) -> None:
        """Open the notebook: the highlights of the listed articles, newest article first.

        If these have none, or leave out the open article's, it has those of all articles.
        """
        self._open_notebook(NotebookState())

    def _open_notebook(self, state: NotebookState) -> None:
        query, listed = self._context.state.query, self._context.state.filter.title
        opened = self._context.entry if self._context.scope is Scope.READER else None
        wanted = opened.id if opened and (opened.highlights or opened.has_note) else None
        backend = self._context.backend

        def load() -> tuple[str, Sequence[EntryHighlight]]:
            found = backend.highlights(query)
            if found and (wanted is None or any(mark.entry.id == wanted for mark in found)):
                return ("all" if listed == HIGHLIGHTS.name else listed), found
            return "all", backend.highlights(parse(ALL_HIGHLIGHTS))

        def show(found: tuple[str, Sequence[EntryHighlight]]) -> None:
            source, marks = found
            dialog = NotebookDialog(f"Highlights: {source}", marks, self._copy, state)
            self._context.prompt(dialog, self._act)

        self._context.load_dialog("highlights", load, show)

    def _copy(self, text: str) -> None:
        self._context.screen.post_message(CopyText(text))

    def _act(self, choice: NotebookChoice) -> None:
        """Do what the user chose in the notebook, then come back to it."""
        backend, mark = self._context.backend, choice.mark

        def reopen() -> None:
            self._open_notebook(choice.state)

        if choice.action == "undo":
            self._change(backend.undo, reopen)
        elif mark is None:
            return
        elif choice.action == "open" and mark.is_article_note:
            self._context.open_entry(mark.entry)
        elif choice.action == "open":
            self._context.open_entry(mark.entry, mark.highlight)
        elif mark.is_article_note and choice.action in ("note", "delete", "label"):
            self._change_article_note(mark, choice.action, reopen)
        elif choice.action == "note":
            self._ask_note(mark.entry.id, mark.highlight, reopen)
        elif choice.action == "label":
            self._label(mark.entry.id, mark.highlight, choice.color, reopen)
        elif choice.action == "delete":
            entry_id, known = mark.entry.id, mark.highlight
            self._change(lambda: backend.remove_highlight(entry_id, known), reopen)
        else:
            self._export(choice.shown, reopen)

    def _change_article_note(
        self, mark: EntryHighlight, action: str, reopen: Callable[[], None]
    ) -> None:
        """Edit or delete the note on a whole article."""
        backend, entry_id = self._context.backend, mark.entry.id
        if action == "label":
            self._context.notify_info("Only highlights have labels; this is a note.")
            reopen()
        elif action == "delete":
            self._change(lambda: backend.save_note(entry_id, ""), reopen)
        else:
            self._ask_article_note(entry_id, mark.highlight.note, reopen)

    def _export(self, marks: Sequence[EntryHighlight], reopen: Callable[[], None]) -> None:
        dialog = PathPrompt(
            f"Export {describe_marks(marks)} (.md, or .csv for Readwise)",
            value="~/highlights.md",
            answer="export",
        )
        dialog.after_cancel = reopen

        def export(path: str) -> None:
            def on_done(outcome: Outcome) -> None:
                self._context.notify_outcome(outcome)
                reopen()

            self._context.tasks.run_latest(
                "export highlights",
                lambda: self._context.backend.export_highlights(marks, path),
                on_done,
            )

        self._context.prompt(dialog, export)
