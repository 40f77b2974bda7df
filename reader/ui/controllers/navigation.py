"""Looking things up: details, outline, a percentage, keys, commands."""

from collections.abc import Callable
from functools import partial
from typing import Any

from reader.model.article import Related
from reader.model.entry import Entry, EntryId
from reader.ui.backend import About, Done
from reader.ui.commands import COMMANDS, Scope
from reader.ui.controllers.article import Reading
from reader.ui.controllers.context import Stage
from reader.ui.controllers.entries import Acting
from reader.ui.controllers.entry_list import Browsing
from reader.ui.controllers.external import Leaving
from reader.ui.controllers.status import Working
from reader.ui.dialogs.details import Chosen, DetailsDialog
from reader.ui.dialogs.help import KeysDialog
from reader.ui.dialogs.picker import PickDialog, Row
from reader.ui.dialogs.prompt import WordsDialog
from reader.ui.widgets.status_line import Note


class Looking:
    """Opens dialogs that show, and goes where they lead."""

    def __init__(
        self,
        stage: Stage,
        browsing: Browsing,
        reading: Reading,
        acting: Acting,
        leaving: Leaving,
        working: Working,
        scope: Callable[[], Scope],
    ):
        self._stage = stage
        self._browsing = browsing
        self._reading = reading
        self._acting = acting
        self._leaving = leaving
        self._working = working
        self._scope = scope

    def details(self) -> None:
        """What is known of the article, with a summary and related ones."""
        entry = self._acting.entry
        if entry is not None:
            self._stage.errands.ask(
                "about",
                lambda: self._stage.desk.about(entry.id),
                lambda about: self._show(entry.id, about),
            )

    def _show(self, entry_id: EntryId, about: About) -> None:
        asks = bool(self._stage.settings.commands.summary and about.summary)
        dialog = DetailsDialog(about, self._stage.keyring, self._working.stop if asks else None)
        self._stage.ask(dialog, self._go)
        if asks:
            desk = self._stage.desk
            self._working.start(
                "summarising",
                lambda _, stopped: Done(desk.summarised(entry_id, stopped), undoable=False),
                lambda done: dialog.show_summary(done.said),
            )

    def _go(self, chosen: Chosen) -> None:
        what, item = chosen
        if isinstance(item, Entry):
            if what == "open":
                self._reading.open(item)
        elif item.url is None:
            self._stage.note(Note("The page gave no address for it."))
        elif what == "open":
            self._leaving.open(item.url)
        else:
            self._save(item)

    def _save(self, item: Related) -> None:
        if item.url:
            self._acting.save(item.url)

    def outline(self) -> None:
        """The headings; the one that is picked comes to the top."""
        headings = self._stage.article.outline()
        rows = [Row(heading.text, heading.block, depth=heading.level - 1) for heading in headings]
        dialog = PickDialog("Outline", rows, empty="This text has no headings.")
        self._stage.ask(dialog, lambda block: self._stage.article.go_to_place(block))

    def percent(self) -> None:
        """Go to a percentage of the text."""
        dialog = WordsDialog("Go to", placeholder="percent, 0 to 100", answer="go")
        self._stage.ask(dialog, self._go_to)

    def _go_to(self, words: str) -> None:
        try:
            self._stage.article.go_to(float(words.strip(" %")))
        except ValueError:
            self._stage.wrong(f"{words} is no percentage")

    def keys(self) -> None:
        self._stage.ask(KeysDialog(self._stage.keyring, self._scope()), lambda _: None)

    def palette(self) -> None:
        """Every command by its name, every view and tag."""
        key = self._stage.keyring.key
        rows: list[Row[Callable[[], Any]]] = [
            Row(command.title, partial(self._stage.run, command.id), key(command.id))
            for command in COMMANDS
            if command.listed
        ]
        for view in self._browsing.views:
            rows.append(Row(view.name, partial(self._browsing.show_view, view), "view"))
        for tag, count in self._browsing.tallies.tags:
            rows.append(Row(f"#{tag}", partial(self._browsing.show_tag, tag), f"{count}"))
        self._stage.ask(PickDialog("Commands", rows, answer="do"), lambda act: act())

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {
            "details": self.details,
            "outline": self.outline,
            "percent": self.percent,
            "help": self.keys,
            "palette": self.palette,
        }
