"""The footer: hints, messages, and the progress of jobs."""

from collections.abc import Callable, Collection, Sequence
from time import monotonic
from typing import Any, Final, TypeVar

from textual.message import Message
from textual.timer import Timer

from reader.model.errors import JobCancelledError, ReaderError
from reader.services.workspace import Job, Progress
from reader.ui.commands import BY_ID, Scope, commands_in
from reader.ui.keymap import Keymap
from reader.ui.tasks import JobProgress, RunningJob, TaskRunner
from reader.ui.widgets.status_line import KeyHint, StatusLine, StatusMessage

T = TypeVar("T")

MESSAGE_SECONDS: Final = 6.0
"""Seconds for which a message is shown."""
LONG_JOB: Final = 10.0
"""Seconds of a job from which the user may have looked away when it ends."""
_MAX_HINTS: Final = 5
"""Keys shown where there is room, and those that show all commands and all keys."""


class StatusController:
    """Shows hints from the command table, and messages for a few seconds."""

    def __init__(
        self,
        status: StatusLine,
        keys: Keymap,
        set_timer: Callable[[float, Callable[[], None]], Timer],
    ):
        self._status = status
        self._keys = keys
        self._set_timer = set_timer
        self._timer: Timer | None = None
        self._waits_for_key = False

    def show_error(self, text: str) -> None:
        """Show an error for a few seconds."""
        self.show_message(StatusMessage(text, is_error=True))

    def show_message(self, message: StatusMessage) -> None:
        """Show a message for a few seconds."""
        self._status.show_message(message)
        self._waits_for_key = False
        self._restart_timer()

    def show_job(self, text: str) -> None:
        """Show a running job or a lasting state; empty for none."""
        self._status.show_job(text)

    def _restart_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._set_timer(MESSAGE_SECONDS, lambda: self._status.show_message(None))

    def keep_until_key(self) -> None:
        """Keep the message until the user is back: its seconds start with the next key."""
        if self._timer is not None and self._status.message is not None:
            self._timer.stop()
            self._waits_for_key = True

    def on_key(self) -> None:
        """Start the seconds of a message that waited for a key."""
        if self._waits_for_key:
            self._waits_for_key = False
            self._restart_timer()

    def show_link_hint(self) -> None:
        """Show the keys of link hints."""
        back = self._keys.key("back")
        letters = [KeyHint("a-z", "follow", ""), KeyHint("A-Z", "save", "")]
        self._status.show_hints([*letters, KeyHint(back, "leave", "back")])
        self._status.show_mode("LINK")

    def show_find_hint(self) -> None:
        """Show the keys of the field for words to find."""
        back = self._keys.key("back")
        self._status.show_hints([KeyHint("enter", "done", ""), KeyHint(back, "clear", "back")])

    def show_selection_hint(self, unit: str) -> None:
        """Show that text is being highlighted, by which unit, and the keys."""
        self.show_hint(Scope.HIGHLIGHTING)
        self._status.show_mode(f"HIGHLIGHT {unit}")

    def show_speech_hint(self) -> None:
        """Show that the text is read aloud, and the keys."""
        names = (("speak-next", "next"), ("speak-previous", "previous"), ("speak", "stop"))
        self._status.show_hints(
            [KeyHint(self._keys.key(name), label, name) for name, label in names]
        )
        self._status.show_mode("ALOUD")

    def show_mouse_hint(self) -> None:
        """Show the keys for text that is selected with the mouse."""
        names = (("highlight", "highlight selection"), ("copy-selection", "copy"))
        self._status.show_hints(
            [KeyHint(self._keys.key(name), label, name) for name, label in names]
        )

    def show_hint(
        self, scope: Scope, first: Sequence[str] = (), without: Collection[str] = ()
    ) -> None:
        """Show the most useful keys of a scope, those of the commands `first` before others.

        Commands `without` have no use here.
        """
        self._status.show_mode("")
        commands = [command for command in commands_in(scope) if command.short]
        if scope not in (Scope.EVERYWHERE, Scope.HIGHLIGHTING, Scope.SEARCH):
            commands += [command for command in commands_in(Scope.EVERYWHERE) if command.short]
        names = ("help",) if scope is Scope.HIGHLIGHTING else ("palette", "help")
        last = [BY_ID[name] for name in names]
        ranked = sorted((c for c in commands if c not in last), key=lambda command: command.rank)
        ranked = [
            *(BY_ID[name] for name in first),
            *(c for c in ranked if c.id not in {*first, *without}),
        ]
        # In a text field a letter is text, not a key.
        chosen = ranked[:_MAX_HINTS] if scope is Scope.SEARCH else [*ranked[:_MAX_HINTS], *last]
        key = self._keys.key
        self._status.show_hints([KeyHint(key(c.id), c.short, c.id) for c in chosen if key(c.id)])


class JobController:
    """Starts jobs, shows the newest in the footer, and stops it on request."""

    def __init__(
        self,
        tasks: TaskRunner,
        status: StatusController,
        post_message: Callable[[Message], Any],
    ):
        self._tasks = tasks
        self._status = status
        self._post_message = post_message
        self._jobs: list[RunningJob] = []
        self._count = 0
        self._state = ""

    def start(
        self,
        name: str,
        function: Callable[[Job], T],
        on_success: Callable[[T], None],
        *,
        on_failure: Callable[[], None] = lambda: None,
        state_on_failure: str = "",
    ) -> None:
        """Run a function in a thread; `on_success` gets its result.

        If it fails or is stopped, `on_failure` is called after the error is shown, and the footer
        shows `state_on_failure` until `show_state` changes it.
        """
        job = RunningJob(name, monotonic())
        self._jobs.append(job)
        self._count += 1
        self._show()

        def progress(done: int, total: int) -> None:
            self._post_message(JobProgress(job, done, total))

        def succeed(result: T) -> None:
            self._end(job)
            on_success(result)
            self._keep_message(job)

        def fail(error: ReaderError) -> None:
            self._end(job)
            if state_on_failure:
                self.show_state(state_on_failure)
            if isinstance(error, JobCancelledError):
                self._status.show_error(f"Stopped: {name}")
            else:
                self._status.show_error(str(error))
            self._keep_message(job)
            on_failure()

        callbacks = Job(progress, job.stop.is_set)
        self._tasks.run_latest(f"job {self._count}", lambda: function(callbacks), succeed, fail)

    def show_state(self, text: str) -> None:
        """Show a state in the footer while no job runs; empty for none."""
        self._state = text
        self._show()

    def passive_progress(self, name: str) -> Progress:
        """Return the progress callback of a task that another one waits for; for any thread."""
        job = RunningJob(name, monotonic(), is_background=True)

        def progress(done: int, total: int) -> None:
            self._post_message(JobProgress(job, done, total))

        return progress

    def on_progress(self, message: JobProgress) -> None:
        job = message.job
        job.done, job.total = message.done, message.total
        if job.is_background and job.done >= job.total:
            self._jobs = [other for other in self._jobs if other is not job]
        elif job.is_background and job not in self._jobs:
            job.started = monotonic()
            self._jobs.insert(0, job)
        self._show()

    def stop(self) -> None:
        """Ask the newest job to stop."""
        for job in reversed(self._jobs):
            if not job.is_background:
                job.stop.set()
                return
        self._status.show_message(StatusMessage("No task is running."))

    def stop_all(self) -> None:
        """Ask every job to stop, because the app ends."""
        for job in self._jobs:
            job.stop.set()

    def _keep_message(self, job: RunningJob) -> None:
        """Keep the result of a long job on the screen until the user is back."""
        if monotonic() - job.started > LONG_JOB:
            self._status.keep_until_key()

    def _end(self, job: RunningJob) -> None:
        self._jobs.remove(job)
        self._show()

    def _show(self) -> None:
        if not self._jobs:
            self._status.show_job(self._state)
            return
        more = f" (+{len(self._jobs) - 1})" if len(self._jobs) > 1 else ""
        self._status.show_job(self._jobs[-1].describe(monotonic()) + more)
