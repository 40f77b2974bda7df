"""The controllers of the main screen, by the names that the command table uses."""

from collections.abc import Callable, Sequence

from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Input

from reader.model.entry import Entry
from reader.settings import Settings
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
from reader.ui.controllers.navigation import NavigationController
from reader.ui.controllers.panes import PaneController
from reader.ui.controllers.prompts import PromptQueue
from reader.ui.controllers.read_along import ReadAlongController
from reader.ui.controllers.search import CompletionController, SearchController
from reader.ui.controllers.status import JobController, StatusController
from reader.ui.controllers.tags import TagController
from reader.ui.keymap import Keymap
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
        settings: Settings,
        keys: Keymap,
        hooks: AppHooks,
        run: Callable[[str], object],
    ):
        find = screen.query_one
        status = find(StatusLine)
        self.text = find(ArticleView)
        self.status = StatusController(status, keys, screen.set_timer)
        self.tasks = TaskRunner(screen, lambda error: self.status.show_error(str(error)))
        context = UIContext(
            backend=backend,
            settings=settings,
            keys=keys,
            tasks=self.tasks,
            sidebar=find(Sidebar),
            entries=find(EntryList),
            title=find(PaneTitle),
            filter=find("#filter", SearchField),
            article=self.text,
            status=status,
            show_message=self.status.show_message,
            prompt=PromptQueue(screen.app).prompt,
            run=run,
            show_changes=self._show_changes,
            hold_keys=hooks.hold_keys,
            release_keys=hooks.release_keys,
            screen=screen,
        )
        self.appearance = AppearanceController(context, screen.app, hooks.state)
        self.entry_list = ListController(context, self.appearance)
        self.article = ArticleController(context, self.entry_list)
        self.jobs = JobController(context, self.status, screen.post_message)
        self.entries = EntryController(context, self.entry_list, self.article, self.jobs)
        self.add = AddController(context, self.entry_list, self.entries, self.jobs)
        self.search = SearchController(
            context,
            self.entry_list,
            CompletionController(context, find(CompletionList)),
            find("#find", Input),
        )
        panes = find("#panes", Horizontal)
        self.panes = PaneController(
            context, panes, self.entry_list, self.search, self.entries, self.appearance
        )
        self.read_along = ReadAlongController(context, self.article, self.appearance)
        self.annotations = AnnotationController(context, self.entry_list, self.article)
        self.external = ExternalController(
            context,
            self.entries,
            self.add,
            ExportController(context, self.entry_list, self.jobs),
            screen.app.copy_to_clipboard,
        )
        self.tags = TagController(context, self.entry_list)
        self.discovery = DiscoveryController(context, self.entry_list, self.article, self.jobs)
        self.images = ImageController(context, hooks.terminal_images)
        self.app = AppController(
            context, self.status, self.entry_list, self.article, self.jobs, self.panes,
            self.search, find(EmptyState), self.read_along.silence,
        )  # fmt: skip
        self.navigation = NavigationController(
            context, self.entry_list, self.article, self.entries, self.external, self.add,
            self.jobs, self.panes,
        )  # fmt: skip

    def _show_changes(self, changes: Sequence[tuple[Entry, Entry]]) -> None:
        self.entry_list.show_changes(changes)
        self.article.show_changes(changes)

    def start(self) -> None:
        """Load the list and the counts, and watch the library from now on."""
        self.appearance.start()
        self.images.start()
        self.app.start()
