"""The command that adds addresses, pages, folders and exports."""

from reader.model.text import plural
from reader.services.add_plan import AddKind, AddPlan
from reader.services.outcome import Outcome
from reader.ui.controllers.context import UIContext
from reader.ui.controllers.entries import EntryController
from reader.ui.controllers.entry_list import ListController
from reader.ui.controllers.status import JobController
from reader.ui.dialogs.add import AddDialog, AddRequest
from reader.ui.dialogs.confirm import ConfirmDialog


class AddController:
    """Adds whatever the user typed, pasted or dropped; pages download in the background."""

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

    def add(self, source: str = "") -> None:
        """Ask what to add."""
        self._context.prompt(AddDialog(source), self._plan)

    def save(self, url: str) -> None:
        """Add an address."""
        self._plan((url, ()))

    def _plan(self, request: AddRequest) -> None:
        text, tags = request
        backend = self._context.backend
        self._context.load_dialog(
            "plan", lambda: backend.plan_add(text), lambda plan: self._confirm(plan, tags)
        )

    def _confirm(self, plan: AddPlan, tags: tuple[str, ...]) -> None:
        if not plan.must_confirm:
            self._start(plan, tags)
            return
        if plan.kind is AddKind.EXPORT:
            self._context.load_dialog(
                "preview",
                lambda: self._context.backend.preview_import(plan),
                lambda preview: self._ask(preview, "import", plan, tags),
            )
            return
        self._ask(f"Add {plural(len(plan.sources), 'page')} from this folder?", "add", plan, tags)

    def _ask(self, question: str, answer: str, plan: AddPlan, tags: tuple[str, ...]) -> None:
        dialog = ConfirmDialog(question, "Undo reverts all of it at once.", answer)
        self._context.prompt(dialog, lambda _: self._start(plan, tags))

    def _start(self, plan: AddPlan, tags: tuple[str, ...]) -> None:
        """Add in the background, then download the queued pages."""
        backend = self._context.backend

        def settle(outcome: Outcome) -> None:
            self._context.notify_outcome(outcome)
            self._entry_list.refresh(outcome.entry)
            if outcome.queued:
                self._entries.download(outcome.queued)

        name = "importing" if plan.kind is AddKind.EXPORT else "adding"
        self._jobs.start(
            name,
            lambda progress, cancelled: backend.add_all(plan, tags, progress, cancelled),
            settle,
        )
