"""The command that exports articles to a file of another program."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from reader.model.entry import EntryId
from reader.model.query import Query
from reader.model.text import plural
from reader.ui.backend import ExportTarget
from reader.ui.controllers.context import UIContext
from reader.ui.dialogs.path_prompt import PathPrompt
from reader.ui.dialogs.picker import PickerDialog, Row

FORMATS: Final = (
    ("epub", "EPUB", "an e-book", "articles.epub"),
    ("markdown", "Markdown", "a folder of notes for Obsidian", "articles"),
    ("json", "JSON", "everything, to be imported again", "articles.json"),
    ("html", "HTML", "one web page", "articles.html"),
    ("netscape", "Bookmarks", "a bookmarks file for browsers", "bookmarks.html"),
    ("csv", "Highlights", "a CSV file for Readwise", "highlights.csv"),
)
"""Names of formats, their titles, what they are, and the file that is suggested."""


class ExportController:
    """Exports the selected articles, else those of the list."""

    def __init__(self, context: UIContext):
        self._context = context

    def ask(self) -> None:
        """Ask for the format, then for the file."""
        ids = tuple(self._context.entries.selection)
        count = len(ids) or len(self._context.entries.entries)
        if not count:
            self._context.notify_info("The list is empty: there is nothing to export.")
            return
        source = "the selection" if ids else self._context.state.filter.title
        rows = [Row(title, (name, file), what) for name, title, what, file in FORMATS]
        dialog = PickerDialog(
            f"Export {plural(count)}: {source}", rows, has_filter=False, answer="choose the file"
        )
        query = self._context.state.query
        self._context.prompt(dialog, lambda chosen: self._ask_path(*chosen, query, ids))

    def _ask_path(self, name: str, file: str, query: Query, ids: Sequence[EntryId]) -> None:
        title = "Export to the folder" if name == "markdown" else "Export to the file"
        self._context.prompt(
            PathPrompt(title, value=f"~/{file}", answer="export"),
            lambda path: self._start(query, ids, ExportTarget(name, path)),
        )

    def _start(self, query: Query, ids: Sequence[EntryId], target: ExportTarget) -> None:
        """Export what the first dialog named, in the background."""
        export = partial(self._context.backend.export, query, ids, target)
        self._context.start_job("exporting", export, self._context.notify_outcome)
