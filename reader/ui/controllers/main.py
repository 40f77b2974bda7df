"""The controllers of the main screen, by the names that the command table uses."""

from collections.abc import Callable, Sequence

from textual.containers import Horizontal
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from reader.model.entry import Entry, EntryId
from reader.model.highlight import Highlight
from reader.services.views import View
from reader.ui.app_hooks import AppHooks
from reader.ui.backend import Backend
from reader.ui.controllers.add import AddController
from reader.ui.controllers.annotations import AnnotationController
from reader.ui.controllers.app import AppController
from reader.ui.controllers.appearance import AppearanceController, ImageController
from reader.ui.controllers.article import ArticleController
from reader.ui.controllers.context import UIContext
from reader.ui.controllers.discovery import DiscoveryController
from reader.ui.controllers.entries import EntryController
from reader.ui.controllers.entry_list import ListController
from reader.ui.controllers.export import ExportController
from reader.ui.controllers.external import ExternalController
from reader.ui.controllers.key_changes import KeyChangeController
from reader.ui.controllers.navigation import NavigationController
from reader.ui.controllers.panes import PaneController
from reader.ui.controllers.prompts import PromptQueue
from reader.ui.controllers.read_along import ReadAlongController
from reader.ui.controllers.search import CompletionController, SearchController
from reader.ui.controllers.status import JobController, StatusController
from reader.ui.controllers.tags import TagController
from reader.ui.list_filter import ListFilter
from reader.ui.screen_state import ScreenState, remembered_sort
from reader.ui.tasks import TaskRunner
from reader.ui.widgets.article_view import ArticleView
from reader.ui.widgets.empty_state import EmptyState
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.pane_title import PaneTitle
from reader.ui.widgets.search_field import CompletionList, SearchField
from reader.ui.widgets.sidebar import Sidebar
from reader.ui.widgets.status_line import StatusLine


class Controllers:
    """The controllers of the main screen; `start` loads what they show."""

    def __init__(
        self,
        screen: Screen[None],
        backend: Backend,
        hooks: AppHooks,
        run: Callable[[str], object],
    ):
        find = screen.query_one
        status = find(StatusLine)
        self.text = find(ArticleView)
        self.status = StatusController(status, hooks.keys, screen.set_timer)
        self.tasks = TaskRunner(screen, lambda error: self.status.show_error(str(error)))
        self.jobs = JobController(self.tasks, self.status, screen.post_message)
        context = self.context = self._make_context(screen, backend, hooks, run)
        self.appearance = AppearanceController(context, screen.app)
        rows = self.entry_list = ListController(context)
        self.article = ArticleController(context)
        self.entries = EntryController(context, rows.hold_keys, rows.apply_suggestion)
        self.add = AddController(context, self.entries.download, rows.show_view)
        self.completion = CompletionController(context, find(CompletionList))
        self.search = SearchController(
            context, rows.set_text, rows.apply_suggestion, self.completion, find("#find", Input)
        )
        panes = find("#panes", Horizontal)
        self.panes = PaneController(context, panes, self.search.leave, self._clear_filter)
        self.read_along = ReadAlongController(
            context, self.article.on_scroll, self.article.reached_end
        )
        self.annotations = AnnotationController(context)
        self.external = ExternalController(context, self.add.save, screen.app.copy_to_clipboard)
        self.export = ExportController(context)
        self.tags = TagController(context, rows.save_view, rows.drop_view, rows.apply_filter)
        self.discovery = DiscoveryController(context)
        self.images = ImageController(context, hooks.terminal_images)
        self.app = AppController(
            context, self.status, self.entry_list, self.article, self.jobs, self.panes,
            self.search, find(EmptyState), self.read_along.silence,
        )  # fmt: skip
        self.key_changes = KeyChangeController(
            context, screen.app.set_keymap, self.app.update_hints
        )
        self.navigation = NavigationController(
            context, rows.show_view, rows.show_tag, self.jobs.stop
        )

    def _make_context(
        self,
        screen: Screen[None],
        backend: Backend,
        hooks: AppHooks,
        run: Callable[[str], object],
    ) -> UIContext:
        """Return the objects that the controllers share."""
        find = screen.query_one
        views = hooks.settings.views.items()
        saved = tuple(View(name, text, saved=True) for name, text in views)
        state = ScreenState(hooks.state, saved, ListFilter(sort=remembered_sort(hooks.state)))
        return UIContext(
            backend=backend,
            state=state,
            settings=hooks.settings,
            keys=hooks.keys,
            tasks=self.tasks,
            sidebar=find(Sidebar),
            entries=find(EntryList),
            title=find(PaneTitle),
            filter=find("#filter", SearchField),
            article=self.text,
            status=find(StatusLine),
            show_message=self.status.show_message,
            prompt=PromptQueue(screen.app).prompt,
            run=run,
            start_job=self.jobs.start,
            open_entry=self._open_entry,
            refresh_list=self._refresh_list,
            show_changes=self._show_changes,
            show_pane=self._show_pane,
            save_app_state=backend.save_app_state,
            hold_keys=hooks.hold_keys,
            release_keys=hooks.release_keys,
            screen=screen,
        )

    def _open_entry(self, entry: Entry, at: Highlight | None = None) -> None:
        self.article.open(entry, at)

    def _show_pane(self, widget: Widget) -> None:
        self.panes.show_pane(widget)

    def _refresh_list(self, cursor: EntryId | None = None) -> None:
        self.entry_list.refresh(cursor)

    def _clear_filter(self) -> bool:
        is_cleared = self.entry_list.clear_filter()
        if is_cleared:
            self.search.show_filter()
        return is_cleared

    def _show_changes(self, changes: Sequence[tuple[Entry, Entry]]) -> None:
        self.entry_list.show_changes(changes)
        self.article.show_changes(changes)

    def start(self) -> None:
        """Load the list and the counts, and watch the library from now on."""
        self.appearance.start()
        self.panes.apply_widths()
        self.images.start()
        self.app.start()
