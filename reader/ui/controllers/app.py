"""Start and end of the app, changes of other programs, hints, and the empty list."""

from collections.abc import Callable, Sequence
from functools import partial
from threading import Event, Thread
from typing import Final

from reader.model.errors import ReaderError
from reader.model.query import uses_full_text
from reader.services import library_watcher
from reader.services.outcome import Outcome
from reader.services.workspace import Job
from reader.ui.commands import BY_ID, Scope
from reader.ui.controllers.article import ArticleController
from reader.ui.controllers.context import UIContext
from reader.ui.controllers.entry_list import ListController
from reader.ui.controllers.panes import PaneController
from reader.ui.controllers.search import SearchController
from reader.ui.controllers.status import JobController, StatusController
from reader.ui.messages import ArticleMode, LibraryTouched, ListPainted
from reader.ui.widgets.empty_state import EmptyState

POLL_INTERVAL: Final = 15.0
"""Seconds between two looks at the journals, for file systems that do not notify."""
FOLLOW_UP: Final = 0.6
"""Seconds after which files are looked at again: one in the watch folder was being written."""

TEXT_COMMANDS: Final = frozenset({"reader-page-down", "highlight", "find"})
"""Commands of the reader that do nothing in an entry without text."""


class AppController:
    """Loads the list, keeps it up to date with other programs, and ends the app."""

    def __init__(
        self,
        context: UIContext,
        status: StatusController,
        entry_list: ListController,
        article: ArticleController,
        jobs: JobController,
        panes: PaneController,
        search: SearchController,
        empty_state: EmptyState,
        silence: Callable[[], None],
    ):
        """`silence` stops the program that reads aloud."""
        self._context = context
        self._status = status
        self._entry_list = entry_list
        self._article = article
        self._jobs = jobs
        self._panes = panes
        self._search = search
        self._empty_state = empty_state
        self._silence = silence
        self._began_preparing = False
        self._is_leaving = False
        self._is_pulling = False
        self._pull_again = False
        self._pull_error = ""
        self._ended = Event()
        entry_list.on_painted = self._on_list_painted

    def start(self) -> None:
        """Load the list and the counts, and watch for changes of other programs."""
        context, screen = self._context, self._context.screen
        context.backend.on_rebuild_progress(self._jobs.passive_progress("reading the library"))
        self._entry_list.refresh()
        self._article.start()
        self.update_hints()
        screen.set_interval(POLL_INTERVAL, self.pull_changes)
        if context.settings.sync.on_start:
            self.sync()
        problems = (*context.settings.problems, *context.keys.problems)
        if problems:
            context.notify_error(self._settings_problem(problems))

    def _settings_problem(self, problems: Sequence[str]) -> str:
        """Return one invalid setting as it is, or the number of several; the last line is short."""
        if len(problems) > 1:
            return f"{len(problems)} invalid settings: `reader config` lists them"
        path = self._context.settings.path
        return problems[0].replace(str(path), path.name, 1) if path else problems[0]

    def quit(self) -> None:
        """Go back if there is something to go back from, else quit."""
        if not self._panes.back():
            self.shutdown()

    def suspend(self) -> None:
        """Suspend until the shell's `fg`, with the position saved and no write under way."""
        self._stop_reading_aloud()
        self._article.save_position()
        self._context.tasks.after_writes(self._context.screen.app.action_suspend_process)

    def shutdown(self) -> None:
        """Quit once every change is on the disk, and on the remote if the settings say so.

        A second call quits at once.
        """
        self._ended.set()
        self._stop_reading_aloud()
        self._article.leave()
        self._jobs.stop_all()
        leave = partial(self._context.screen.app.exit, 0)
        if self._context.settings.sync.on_leave and not self._is_leaving:
            self._is_leaving = True
            key = self._context.keys.key("quit")
            name = f"syncing; press {key} again to leave at once"
            backend = self._context.backend
            start = partial(self._jobs.start, name, backend.sync, lambda _: leave())
            self._context.tasks.after_writes(start)
        else:
            self._context.tasks.after_writes(leave)

    def _stop_reading_aloud(self) -> None:
        """Kill the program that speaks now: no message is handled once the app ends or stops."""
        self._context.article.end_passage()
        self._silence()

    def sync(self) -> None:
        """Synchronise with the remote in the background."""

        def on_done(outcome: Outcome) -> None:
            self._jobs.show_state("not synced" if outcome.is_error else "")
            self._context.show_outcome(outcome)

        sync = self._context.backend.sync
        self._jobs.start("syncing", sync, on_done, state_on_failure="not synced")

    # Changes of other programs.

    def _watch(self) -> None:
        screen = self._context.screen
        folders = self._context.backend.watched_folders
        if folders:
            arguments = (folders, lambda: screen.post_message(LibraryTouched()), self._ended)
            Thread(target=library_watcher.watch, args=arguments, daemon=True).start()

    def on_library_touched(self) -> None:
        """Pull changes now, and once more for files that were still being written."""
        self.pull_changes()
        if self._context.settings.fetch.drop:
            self._context.screen.set_timer(FOLLOW_UP, self.pull_changes)

    def pull_changes(self) -> None:
        """Pull the changes of other programs, after a pull or a write that is under way."""
        if self._is_pulling:
            self._pull_again = True
        elif self._context.tasks.has_pending_writes:
            self._pull_again = True
            self._context.tasks.after_writes(self._pull_if_asked)
        else:
            self._is_pulling = True
            self._context.tasks.run_latest(
                "pull", self._context.backend.pull_changes, self._on_pulled, self._on_pull_failed
            )

    def _pull_if_asked(self) -> None:
        if self._pull_again:
            self._pull_again = False
            self.pull_changes()

    def _on_pulled(self, has_changed: bool) -> None:
        self._is_pulling = False
        self._pull_error = ""
        if has_changed:
            self._entry_list.refresh()
            self._article.follow_others()
        self._index_new_texts()
        self._pull_if_asked()

    def _index_new_texts(self) -> None:
        """Index what this app or another program has changed; then search again."""
        backend = self._context.backend

        def on_done(count: int) -> None:
            if count:
                self._search_again()

        job = Job(cancelled=self._ended.is_set)
        self._context.tasks.queue_latest("index", lambda: backend.index_texts(job), on_done)

    def _search_again(self) -> None:
        """Load the rows again if words choose them: the index has more texts now."""
        if uses_full_text(self._context.state.query):
            self._entry_list.refresh()

    def _on_pull_failed(self, error: ReaderError) -> None:
        self._is_pulling = False
        if str(error) != self._pull_error:
            self._pull_error = str(error)
            self._context.notify_error(str(error))

    # The list was painted.

    def _on_list_painted(self) -> None:
        entries, empty_state = self._context.entries, self._empty_state
        empty_state.display = not len(entries.entries)
        # Not hidden: its keys would go to the next widget, which may be out of sight.
        entries.styles.height = 0 if empty_state.display else "1fr"
        if empty_state.display:
            text, command, label = self._entry_list.empty_state_text()
            key = self._context.keys.key(command)
            empty_state.show_message(text, key, label or BY_ID[command].title)
            self._article.close()
        self.update_hints()
        if not self._began_preparing:
            self._began_preparing = True
            self._context.screen.post_message(ListPainted())
            self._jobs.start(
                "preparing",
                self._context.backend.prepare,
                self._on_prepared,
                on_failure=self._end_preparing,
            )

    def _on_prepared(self, outcome: Outcome) -> None:
        if outcome.message:
            self._context.notify_outcome(outcome)
            self._entry_list.refresh()
        self._end_preparing()

    def _end_preparing(self) -> None:
        self._entry_list.is_prepared = True
        if not self._context.entries.entries:
            self._entry_list.refresh()
        else:
            self._search_again()
        self._watch()

    def update_hints(self) -> None:
        """Show the keys that are most useful here."""
        scope = self._context.scope
        if self._search.is_finding:
            self._status.show_find_hint()
        elif self._context.article.mode is ArticleMode.HINTING:
            self._status.show_link_hint()
        elif scope is Scope.HIGHLIGHTING:
            self._status.show_selection_hint(self._context.article.selection_unit)
        elif scope is Scope.READER and self._context.article.passage is not None:
            self._status.show_speech_hint()
        elif scope is Scope.READER and self._context.article.has_mouse_selection:
            self._status.show_mouse_hint()
        elif scope is Scope.LIST and not self._context.entries.entries:
            self._status.show_hint(Scope.EVERYWHERE)
        elif scope is Scope.LIST:
            self._status.show_hint(scope, self._entry_list.view_commands)
        elif scope is Scope.READER and self._article.shows_link:
            self._status.show_hint(scope, ("to-list", "fetch"), TEXT_COMMANDS)
        else:
            self._status.show_hint(scope)
