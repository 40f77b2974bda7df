"""Tags and saved views: rename, merge, delete, save."""

from collections.abc import Callable

from reader.model.text import clean_tag, fold_case, plural
from reader.services.outcome import Outcome
from reader.services.views import BUILT_IN_NAMES, View
from reader.ui.controllers.context import UIContext
from reader.ui.dialogs.confirm import ConfirmDialog
from reader.ui.dialogs.prompt import PromptDialog
from reader.ui.list_filter import ListFilter
from reader.ui.widgets.search_field import OPEN_CLASS
from reader.ui.widgets.sidebar import SidebarItem, SidebarItemKind


class TagController:
    """Changes the tag or view under the cursor of the sidebar."""

    def __init__(
        self,
        context: UIContext,
        put_view: Callable[[View], None],
        drop_view: Callable[[str], None],
        apply_filter: Callable[[ListFilter], None],
    ):
        """Keep the functions of the list.

        They add a saved view, remove one by its name, and apply a filter.
        """
        self._context = context
        self._put_view = put_view
        self._drop_view = drop_view
        self._apply_filter = apply_filter

    def rename(self) -> None:
        """Rename the tag, or the saved view."""
        item = self._context.sidebar.current
        if item is not None and item.kind is SidebarItemKind.VIEW:
            self._rename_view(item)
            return
        item = self._context.require_tag()
        if item is None:
            return
        dialog = PromptDialog(f"Rename #{item.name}", value=item.name, answer="rename")
        backend = self._context.backend

        def rename(new: str) -> None:
            if new != item.name:
                self._move(lambda: backend.retag(item.name, new), new)

        self._context.prompt(dialog, rename)

    def merge(self) -> None:
        """Merge the tag into another one."""
        item = self._context.require_tag()
        if item is None:
            return
        known = [
            tag
            for tag, _ in self._context.state.counts.tags
            if fold_case(tag) != fold_case(item.name)
        ]
        dialog = PromptDialog(f"Merge #{item.name} into", answer="merge", known=known)
        backend = self._context.backend
        self._context.prompt(
            dialog, lambda into: self._move(lambda: backend.retag(item.name, into), into)
        )

    def delete(self) -> None:
        """Remove the tag from all articles, or delete the view, after a confirmation."""
        item = self._context.sidebar.current
        if item is not None and item.kind is SidebarItemKind.VIEW:
            self._delete_view(item)
            return
        item = self._context.require_tag()
        if item is None:
            return
        count = item.count or 0
        text = f"It is removed from {plural(count)}; no article is deleted."
        dialog = ConfirmDialog(f"Delete the tag #{item.name}?", text, "delete")
        backend = self._context.backend
        self._context.prompt(dialog, lambda _: self._change(lambda: backend.retag(item.name, None)))

    def _move(self, function: Callable[[], Outcome], tag: str) -> None:
        """Rename or merge a tag; the cursor of the sidebar follows it."""
        self._context.sidebar.follow_rename(clean_tag(tag))
        self._change(function)

    def _change(self, function: Callable[[], Outcome]) -> None:
        self._context.tasks.run_serial(function, self._context.show_outcome)

    # Views.

    def save_view(self) -> None:
        """Save the filter of the list as a view."""
        if self._context.state.query_error:
            self._context.notify_error(self._context.state.query_error)
            return
        query = self._context.state.filter.as_saved_query(self._context.state.query)
        dialog = PromptDialog("Save filter as view", placeholder="name of the view", answer="save")
        self._context.prompt(dialog, lambda name: self._save_view(View(name, query, saved=True)))

    def _save_view(self, view: View, replaced: str = "") -> None:
        if view.name.casefold() in BUILT_IN_NAMES:
            self._context.notify_error(f"{view.name} is a built-in view; choose another name")
            return
        backend = self._context.backend

        def save() -> Outcome:
            if replaced:
                backend.delete_view(replaced)
            return backend.save_view(view.name, view.query)

        def on_done(outcome: Outcome) -> None:
            self._context.notify_outcome(outcome)
            if replaced:
                self._drop_view(replaced)
            self._put_view(view)
            self._apply_filter(ListFilter(view=view))
            # The text of the filter is the view's now.
            self._context.filter.value = ""
            self._context.filter.set_class(False, OPEN_CLASS)
            self._context.focus(self._context.entries)

        self._context.tasks.run_serial(save, on_done)

    def _saved_view(self, item: SidebarItem) -> View | None:
        view = next((v for v in self._context.state.views if v.name == item.name and v.saved), None)
        if view is None:
            self._context.notify_info(f"{item.name} is a built-in view.")
        return view

    def _rename_view(self, item: SidebarItem) -> None:
        view = self._saved_view(item)
        if view is not None:
            dialog = PromptDialog(f"Rename {view.name}", value=view.name, answer="rename")
            self._context.prompt(
                dialog, lambda name: self._save_view(View(name, view.query, saved=True), view.name)
            )

    def _delete_view(self, item: SidebarItem) -> None:
        view = self._saved_view(item)
        if view is None:
            return
        backend = self._context.backend

        def on_done(outcome: Outcome) -> None:
            self._context.notify_outcome(outcome)
            self._drop_view(view.name)

        dialog = ConfirmDialog(f"Delete the view {view.name}?", view.query, "delete")
        self._context.prompt(
            dialog,
            lambda _: self._context.tasks.run_serial(
                lambda: backend.delete_view(view.name), on_done
            ),
        )
