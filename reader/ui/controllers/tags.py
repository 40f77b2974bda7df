"""Tags renamed, merged and deleted, views kept, renamed and dropped."""

from collections.abc import Callable
from typing import Any

from reader.model.text import folded
from reader.ui.backend import Done
from reader.ui.controllers.context import Stage
from reader.ui.controllers.entry_list import Browsing
from reader.ui.dialogs.confirm import ConfirmDialog
from reader.ui.dialogs.prompt import WordsDialog
from reader.ui.list_filter import Choice
from reader.ui.views import View
from reader.ui.widgets.sidebar import Branch, Kind
from reader.ui.widgets.status_line import Note


class Retagging:
    """Acts on the line of the tags' pane where the cursor is."""

    def __init__(self, stage: Stage, browsing: Browsing):
        self._stage = stage
        self._browsing = browsing

    def rename(self) -> None:
        """Another name for the tag, or for a saved view."""
        branch = self._stage.tree.current
        if branch is None:
            return
        if branch.kind is Kind.VIEW:
            self._rename_view(branch)
            return
        dialog = WordsDialog(f"Rename #{branch.name}", value=branch.name, answer="rename")
        desk = self._stage.desk
        self._stage.ask(dialog, lambda new: self._change(lambda: desk.rename_tag(branch.name, new)))

    def merge(self) -> None:
        """Merge the tag into another one."""
        branch = self._stage.tree.current
        if branch is None or branch.kind is not Kind.TAG:
            return
        known = [
            tag for tag, _ in self._browsing.tallies.tags if folded(tag) != folded(branch.name)
        ]
        dialog = WordsDialog(f"Merge #{branch.name} into", answer="merge", known=known)
        desk = self._stage.desk
        self._stage.ask(
            dialog, lambda into: self._change(lambda: desk.merge_tag(branch.name, into))
        )

    def delete(self) -> None:
        """Take the tag off everything, or drop a saved view, after a question."""
        branch = self._stage.tree.current
        if branch is None:
            return
        if branch.kind is Kind.VIEW:
            self._drop_view(branch)
            return
        said = f"{branch.count} article{'' if branch.count == 1 else 's'} lose it, and no article goes."
        dialog = ConfirmDialog(f"Delete the tag #{branch.name}?", said, "delete")
        desk = self._stage.desk
        self._stage.ask(dialog, lambda _: self._change(lambda: desk.delete_tag(branch.name)))

    def _change(self, task: Callable[[], Done]) -> None:
        def settle(done: Done) -> None:
            self._stage.said(done)
            self._browsing.refresh()

        self._stage.errands.change(task, settle)

    # -- views ----------------------------------------------------------------------------------

    def keep_view(self) -> None:
        """Keep what the list shows as a view, under a name."""
        if self._browsing.wrong:
            self._stage.wrong(self._browsing.wrong)
            return
        text = self._browsing.choice.kept(self._browsing.query)
        dialog = WordsDialog("Keep as a view", placeholder="its name", answer="keep")
        self._stage.ask(dialog, lambda name: self._keep(View(name, text, saved=True)))

    def _keep(self, view: View, instead_of: str = "") -> None:
        desk = self._stage.desk

        def keep() -> Done:
            if instead_of:
                desk.drop_view(instead_of)
            return desk.keep_view(view.name, view.query)

        def settle(done: Done) -> None:
            self._stage.said(done)
            if instead_of:
                self._browsing.drop_view(instead_of)
            self._browsing.save_view(view)
            self._browsing.choose(Choice(view=view))

        self._stage.errands.change(keep, settle)

    def _saved(self, branch: Branch) -> View | None:
        view = next((v for v in self._browsing.views if v.name == branch.name and v.saved), None)
        if view is None:
            self._stage.note(Note(f"{branch.name} is always there."))
        return view

    def _rename_view(self, branch: Branch) -> None:
        view = self._saved(branch)
        if view is not None:
            dialog = WordsDialog(f"Rename {view.name}", value=view.name, answer="rename")
            self._stage.ask(
                dialog, lambda name: self._keep(View(name, view.query, saved=True), view.name)
            )

    def _drop_view(self, branch: Branch) -> None:
        view = self._saved(branch)
        if view is None:
            return
        desk = self._stage.desk

        def settle(done: Done) -> None:
            self._stage.said(done)
            self._browsing.drop_view(view.name)

        dialog = ConfirmDialog(f"Drop the view {view.name}?", view.query, "drop")
        self._stage.ask(
            dialog, lambda _: self._stage.errands.change(lambda: desk.drop_view(view.name), settle)
        )

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {
            "rename-tag": self.rename,
            "merge-tag": self.merge,
            "delete-tag": self.delete,
            "keep-view": self.keep_view,
        }
