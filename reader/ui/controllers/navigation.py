"""Looking things up: details, outline, a percentage, keys, commands."""

from collections.abc import Callable
from functools import partial
from typing import Any

from reader.model.article import Related
from reader.model.entry import Entry, EntryId
from reader.ui.backend import ArticleDetails, Outcome
from reader.ui.commands import COMMANDS, Scope
from reader.ui.controllers.article import ArticleController
from reader.ui.controllers.context import UIContext
from reader.ui.controllers.entries import EntryController
from reader.ui.controllers.entry_list import ListController
from reader.ui.controllers.external import ExternalController
from reader.ui.controllers.status import JobController
from reader.ui.dialogs.details import DetailsChoice, DetailsDialog
from reader.ui.dialogs.help import HelpDialog
from reader.ui.dialogs.picker import PickerDialog, Row
from reader.ui.dialogs.prompt import PromptDialog
from reader.ui.widgets.status_line import StatusMessage


class NavigationController:
    """Opens dialogs that show, and goes where they lead."""

    def __init__(
        self,
        stage: UIContext,
        browsing: ListController,
        reading: ArticleController,
        acting: EntryController,
        leaving: ExternalController,
        working: JobController,
        scope: Callable[[], Scope],
    ):
        self._context = stage
        self._entry_list = browsing
        self._article = reading
        self._entries = acting
        self._external = leaving
        self._jobs = working
        self._scope = scope

    def details(self) -> None:
        """What is known of the article, with a summary and related ones."""
        entry = self._entries.entry
        if entry is not None:
            self._context.tasks.run_latest(
                "about",
                lambda: self._context.backend.article_details(entry.id),
                lambda about: self._show(entry.id, about),
            )

    def _show(self, entry_id: EntryId, about: ArticleDetails) -> None:
        asks = bool(self._context.settings.commands.summary and about.summary)
        dialog = DetailsDialog(about, self._context.keys, self._jobs.stop if asks else None)
        self._context.prompt(dialog, self._go)
        if asks:
            desk = self._context.backend
            self._jobs.start(
                "summarising",
                lambda _, stopped: Outcome(desk.summarise(entry_id, stopped), undoable=False),
                lambda done: dialog.show_summary(done.message),
            )

    def _go(self, chosen: DetailsChoice) -> None:
        what, item = chosen
        if isinstance(item, Entry):
            if what == "open":
                self._article.open(item)
        elif item.url is None:
            self._context.show_message(StatusMessage("The page gave no address for it."))
        elif what == "open":
            self._external.open(item.url)
        else:
            self._save(item)

    def _save(self, item: Related) -> None:
        if item.url:
            self._entries.save(item.url)

    def outline(self) -> None:
        """The headings; the one that is picked comes to the top."""
        headings = self._context.article.outline()
        rows = [Row(heading.text, heading.block, depth=heading.level - 1) for heading in headings]
        dialog = PickerDialog("Outline", rows, empty="This text has no headings.")
        self._context.prompt(dialog, lambda block: self._context.article.scroll_to_text(block))

    def percent(self) -> None:
        """Go to a percentage of the text."""
        dialog = PromptDialog("Go to", placeholder="percent, 0 to 100", answer="go")
        self._context.prompt(dialog, self._go_to)

    def _go_to(self, words: str) -> None:
        try:
            self._context.article.scroll_to_percent(float(words.strip(" %")))
        except ValueError:
            self._context.notify_error(f"{words} is no percentage")

    def keys(self) -> None:
        self._context.prompt(HelpDialog(self._context.keys, self._scope()), lambda _: None)

    def palette(self) -> None:
        """Every command by its name, every view and tag."""
        key = self._context.keys.key
        rows: list[Row[Callable[[], Any]]] = [
            Row(command.title, partial(self._context.run, command.id), key(command.id))
            for command in COMMANDS
            if command.in_palette
        ]
        for view in self._entry_list.views:
            rows.append(Row(view.name, partial(self._entry_list.show_view, view), "view"))
        for tag, count in self._entry_list.counts.tags:
            rows.append(Row(f"#{tag}", partial(self._entry_list.show_tag, tag), f"{count}"))
        self._context.prompt(PickerDialog("Commands", rows, answer="do"), lambda act: act())

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {
            "details": self.details,
            "outline": self.outline,
            "percent": self.percent,
            "help": self.keys,
            "palette": self.palette,
        }
