"""Jobs that take longer than a moment: their progress is told, and they can be stopped."""

from collections.abc import Callable
from time import monotonic
from typing import Any, Final

from textual.message import Message
from textual.timer import Timer

from reader.model.errors import Cancelled, ReaderError
from reader.ui.backend import Outcome, Progress
from reader.ui.commands import BY_ID, Scope, commands_in
from reader.ui.controllers.context import UIContext
from reader.ui.keymap import Keymap
from reader.ui.tasks import Job, JobProgress
from reader.ui.widgets.status_line import KeyHint, StatusLine, StatusMessage

MESSAGE_SECONDS: Final = 6.0
"""Seconds that a message stays."""
_MAX_HINTS: Final = 4
"""Keys shown beside the one that shows all."""


class StatusController:
    """Chooses hints from the command table; messages give way to them after a while."""

    def __init__(
        self,
        status: StatusLine,
        keyring: Keymap,
        set_timer: Callable[[float, Callable[[], None]], Timer],
    ):
        self._status = status
        self._keys = keyring
        self._set_timer = set_timer
        self._timer: Timer | None = None

    def show_message(self, note: StatusMessage) -> None:
        """Show a message for a few seconds."""
        self._status.show_message(note)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._set_timer(MESSAGE_SECONDS, lambda: self._status.show_message(None))

    def show_link_hint(self) -> None:
        """Show what letters do while links carry them."""
        back = self._keys.key("back")
        letters = [KeyHint("a-z", "follow", ""), KeyHint("A-Z", "save", "")]
        self._status.show_hints([*letters, KeyHint(back, "leave", "back")])

    def show_find_hint(self) -> None:
        """Show the keys of the line that says what to find."""
        back = self._keys.key("back")
        self._status.show_hints([KeyHint("enter", "keep", ""), KeyHint(back, "clear", "back")])

    def show_hint(self, scope: Scope) -> None:
        """Show the keys of that scope."""
        commands = [command for command in commands_in(scope) if command.short]
        if scope not in (Scope.EVERYWHERE, Scope.HIGHLIGHTING, Scope.SEARCH):
            commands += [command for command in commands_in(Scope.EVERYWHERE) if command.short]
        last = BY_ID["help"]
        ranked = sorted((c for c in commands if c is not last), key=lambda command: command.rank)
        # Where words are typed, a letter is no key.
        chosen = ranked[: _MAX_HINTS + 1] if scope is Scope.SEARCH else [*ranked[:_MAX_HINTS], last]
        key = self._keys.key
        self._status.show_hints([KeyHint(key(c.id), c.short, c.id) for c in chosen if key(c.id)])


JobFunction = Callable[[Progress, Callable[[], bool]], Outcome]
"""Does the work in a thread: is given where to tell progress, and how to know that it is unwanted."""


class JobController:
    """Starts jobs, shows the newest in the footer, stops it when asked."""

    def __init__(self, stage: UIContext, post: Callable[[Message], Any]):
        self._context = stage
        self._post_message = post
        self._jobs: list[Job] = []
        self._count = 0

    def start(self, name: str, task: JobFunction, then: Callable[[Outcome], None]) -> None:
        """Run the task in a thread; `then` gets what it did."""
        job = Job(name, monotonic())
        self._jobs.append(job)
        self._count += 1
        self._show()

        def progress(done: int, total: int) -> None:
            self._post_message(JobProgress(job, done, total))

        def settle(done: Outcome) -> None:
            self._end(job)
            then(done)

        def fail(error: ReaderError) -> None:
            self._end(job)
            if isinstance(error, Cancelled):
                self._context.notify_error(f"Stopped: {name}")
            else:
                self._context.notify_error(str(error))

        self._context.tasks.run_latest(
            f"job {self._count}", lambda: task(progress, job.stop.is_set), settle, fail
        )

    def passive_progress(self, name: str) -> Progress:
        """Where work that something else waits for tells how far it is; from any thread."""
        job = Job(name, monotonic(), is_background=True)

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
        """Stop the newest job that can be stopped as soon as it looks."""
        for job in reversed(self._jobs):
            if not job.is_background:
                job.stop.set()
                return

    def stop_all(self) -> None:
        """Stop every job: the app is being left."""
        for job in self._jobs:
            job.stop.set()

    def _end(self, job: Job) -> None:
        self._jobs.remove(job)
        self._show()

    def _show(self) -> None:
        if not self._jobs:
            self._context.status.show_job("")
            return
        more = f" (+{len(self._jobs) - 1})" if len(self._jobs) > 1 else ""
        self._context.status.show_job(self._jobs[-1].describe(monotonic()) + more)

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {"cancel": self.stop}
