"""The command that adds articles."""

from reader.ui.backend import Outcome
from reader.ui.controllers.context import UIContext
from reader.ui.controllers.entries import EntryController
from reader.ui.controllers.entry_list import ListController
from reader.ui.controllers.status import JobController
from reader.ui.dialogs.prompt import PromptDialog


class AddController:
    """Adds a source; the page of an address is downloaded in the background."""

    def __init__(
        self,
        context: UIContext,
        entry_list: ListController,
        entries: EntryController,
        jobs: JobController,
    ):
        self._context = context
        self._entry_list = entry_list
        self._entries = entries
        self._jobs = jobs

    def add(self) -> None:
        """Ask for an address or a file, and add it."""
        dialog = PromptDialog("Add", placeholder="https://… or a file", answer="save")
        self._context.prompt(dialog, self.save)

    def save(self, source: str) -> None:
        """Add a source, and move the cursor to its row."""
        backend = self._context.backend

        def settle(outcome: Outcome) -> None:
            self._context.notify_outcome(outcome)
            self._entry_list.refresh(outcome.entry)
            if outcome.needs_fetch and outcome.entry:
                self._entries.download([outcome.entry])

        self._jobs.start("saving", lambda _progress, _cancelled: backend.add(source, ()), settle)
