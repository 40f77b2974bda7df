"""Tags renamed, merged and deleted, views kept, renamed and dropped."""

from collections.abc import Callable
from typing import Any

from reader.model.text import fold_case
from reader.ui.backend import Outcome
from reader.ui.controllers.context import UIContext
from reader.ui.controllers.entry_list import ListController
from reader.ui.dialogs.confirm import ConfirmDialog
from reader.ui.dialogs.prompt import PromptDialog
from reader.ui.list_filter import ListFilter
from reader.ui.views import View
from reader.ui.widgets.sidebar import SidebarItem, SidebarItemKind
from reader.ui.widgets.status_line import StatusMessage


class TagController:
    """Acts on the line of the tags' pane where the cursor is."""

    def __init__(self, stage: UIContext, browsing: ListController):
        self._context = stage
        self._entry_list = browsing

    def rename(self) -> None:
        """Another name for the tag, or for a saved view."""
        branch = self._context.sidebar.current
        if branch is None:
            return
        if branch.kind is SidebarItemKind.VIEW:
            self._rename_view(branch)
            return
        dialog = PromptDialog(f"Rename #{branch.name}", value=branch.name, answer="rename")
        desk = self._context.backend
        self._context.prompt(
            dialog, lambda new: self._change(lambda: desk.rename_tag(branch.name, new))
        )

    def merge(self) -> None:
        """Merge the tag into another one."""
        branch = self._context.sidebar.current
        if branch is None or branch.kind is not SidebarItemKind.TAG:
            return
        known = [
            tag
            for tag, _ in self._entry_list.counts.tags
            if fold_case(tag) != fold_case(branch.name)
        ]
        dialog = PromptDialog(f"Merge #{branch.name} into", answer="merge", known=known)
        desk = self._context.backend
        self._context.prompt(
            dialog, lambda into: self._change(lambda: desk.merge_tag(branch.name, into))
        )

    def delete(self) -> None:
        """Take the tag off everything, or drop a saved view, after a question."""
        branch = self._context.sidebar.current
        if branch is None:
            return
        if branch.kind is SidebarItemKind.VIEW:
            self._delete_view(branch)
            return
        said = f"{branch.count} article{'' if branch.count == 1 else 's'} lose it, and no article goes."
        dialog = ConfirmDialog(f"Delete the tag #{branch.name}?", said, "delete")
        desk = self._context.backend
        self._context.prompt(dialog, lambda _: self._change(lambda: desk.delete_tag(branch.name)))

    def _change(self, task: Callable[[], Outcome]) -> None:
        def settle(done: Outcome) -> None:
            self._context.notify_outcome(done)
            self._entry_list.refresh()

        self._context.tasks.run_serial(task, settle)

    # -- views ----------------------------------------------------------------------------------

    def save_view(self) -> None:
        """Keep what the list shows as a view, under a name."""
        if self._entry_list.query_error:
            self._context.notify_error(self._entry_list.query_error)
            return
        text = self._entry_list.filter.as_saved_query(self._entry_list.query)
        dialog = PromptDialog("Keep as a view", placeholder="its name", answer="keep")
        self._context.prompt(dialog, lambda name: self._save_view(View(name, text, saved=True)))

    def _save_view(self, view: View, instead_of: str = "") -> None:
        desk = self._context.backend

        def keep() -> Outcome:
            if instead_of:
                desk.delete_view(instead_of)
            return desk.save_view(view.name, view.query)

        def settle(done: Outcome) -> None:
            self._context.notify_outcome(done)
            if instead_of:
                self._entry_list.drop_view(instead_of)
            self._entry_list.save_view(view)
            self._entry_list.apply_filter(ListFilter(view=view))

        self._context.tasks.run_serial(keep, settle)

    def _saved_view(self, branch: SidebarItem) -> View | None:
        view = next((v for v in self._entry_list.views if v.name == branch.name and v.saved), None)
        if view is None:
            self._context.show_message(StatusMessage(f"{branch.name} is always there."))
        return view

    def _rename_view(self, branch: SidebarItem) -> None:
        view = self._saved_view(branch)
        if view is not None:
            dialog = PromptDialog(f"Rename {view.name}", value=view.name, answer="rename")
            self._context.prompt(
                dialog, lambda name: self._save_view(View(name, view.query, saved=True), view.name)
            )

    def _delete_view(self, branch: SidebarItem) -> None:
        view = self._saved_view(branch)
        if view is None:
            return
        desk = self._context.backend

        def settle(done: Outcome) -> None:
            self._context.notify_outcome(done)
            self._entry_list.drop_view(view.name)

        dialog = ConfirmDialog(f"Drop the view {view.name}?", view.query, "drop")
        self._context.prompt(
            dialog,
            lambda _: self._context.tasks.run_serial(lambda: desk.delete_view(view.name), settle),
        )

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {
            "rename-tag": self.rename,
            "merge-tag": self.merge,
            "delete-tag": self.delete,
            "keep-view": self.save_view,
        }
