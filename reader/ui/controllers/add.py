"""The command that adds addresses, pages, folders and exports."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from reader.model.entry import EntryId
from reader.model.query import parse
from reader.model.text import plural
from reader.services.add_plan import AddKind, AddPlan
from reader.services.outcome import Outcome
from reader.services.views import QUEUED, View
from reader.ui.controllers.context import UIContext
from reader.ui.dialogs.add import AddDialog, AddRequest
from reader.ui.dialogs.confirm import ConfirmDialog
from reader.ui.dialogs.import_summary import ImportChoice, ImportSummaryDialog

if TYPE_CHECKING:
    from reader.services.imports import ImportReport


class AddController:
    """Adds whatever the user typed, pasted or dropped; pages download in the background."""

    def __init__(
        self,
        context: UIContext,
        download: Callable[[Sequence[EntryId]], None],
        show_view: Callable[[View], None],
    ):
        self._context = context
        self._download = download
        self._show_view = show_view
        self._report: ImportReport | None = None

    def add(self, source: str = "") -> None:
        """Ask what to add."""
        self._ask_source(source)

    def import_file(self) -> None:
        """Ask for the export of another program."""
        self._ask_source(title="Import the export of another program")

    def show_last_import(self) -> None:
        """Show the result of the last import again, with the rows that failed."""
        if self._report is None:
            self._context.notify_info("Nothing was imported since the app was opened.")
        else:
            self._show_summary(self._report)

    def save(self, url: str) -> None:
        """Add an address."""
        self._plan((url, ()))

    def _ask_source(self, source: str = "", title: str = "Add", **known: Any) -> None:
        self._context.prompt(
            AddDialog(source, title, **known), lambda request: self._plan(request, title)
        )

    def _plan(self, request: AddRequest, title: str = "Add") -> None:
        """Find out what the input names; if it names nothing, let the user correct it."""
        text, tags = request
        backend = self._context.backend
        self._context.load_dialog(
            "plan",
            lambda: backend.plan_add(text),
            lambda plan: self._confirm(plan, tags),
            lambda error: self._ask_source(text, title, tags=tags, problem=str(error)),
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
        key = self._context.keys.key("cancel")
        is_export = plan.kind is AddKind.EXPORT
        undo = self._context.keys.key("undo")
        text = f"{undo} undoes all of it at once."
        text = text if is_export else f"{key} stops it; {text}"
        dialog = ConfirmDialog(question, text, answer)
        self._context.prompt(dialog, lambda _: self._start(plan, tags))

    def _start(self, plan: AddPlan, tags: tuple[str, ...]) -> None:
        """Add in the background, then download the queued pages."""
        if plan.kind is AddKind.EXPORT:
            self._import(plan, tags)
            return

        def on_done(outcome: Outcome) -> None:
            self._context.notify_outcome(outcome)
            self._context.refresh_list(outcome.entry)
            if outcome.queued:
                self._download(outcome.queued)

        add = partial(self._context.backend.add_all, plan, tags)
        self._context.start_job("adding", add, on_done)

    def _import(self, plan: AddPlan, tags: tuple[str, ...]) -> None:
        """Import in the background, then show what came and why the rest did not."""

        def on_done(report: "ImportReport") -> None:
            self._report = report
            self._context.notify_outcome(Outcome(report.message))
            self._context.refresh_list()
            self._show_summary(report)

        import_export = partial(self._context.backend.import_export, plan, tags)
        self._context.start_job("importing", import_export, on_done)

    def _show_summary(self, report: "ImportReport") -> None:
        self._context.prompt(ImportSummaryDialog(report), self._follow)

    def _follow(self, choice: ImportChoice) -> None:
        self._show_view(QUEUED)
        if choice == "fetch":
            queued = parse(QUEUED.query)
            self._context.tasks.run_latest(
                "queued",
                lambda: self._context.backend.listing(queued).ids(),
                self._download,
            )
