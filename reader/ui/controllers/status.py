"""Jobs that take longer than a moment: their progress is told, and they can be stopped."""

from collections.abc import Callable
from time import monotonic
from typing import Any, Final

from textual.message import Message
from textual.timer import Timer

from reader.model.errors import Cancelled, ReaderError
from reader.ui.backend import Done, Progress
from reader.ui.commands import BY_ID, Scope, of_scope
from reader.ui.controllers.context import Stage
from reader.ui.keymap import Keyring
from reader.ui.tasks import Job, JobMoved
from reader.ui.widgets.status_line import Hint, Note, StatusLine

SHOWN_FOR: Final = 6.0
"""Seconds that a message stays."""
_HINTS: Final = 4
"""Keys shown beside the one that shows all."""


class Telling:
    """Chooses hints from the command table; messages give way to them after a while."""

    def __init__(
        self,
        status: StatusLine,
        keyring: Keyring,
        set_timer: Callable[[float, Callable[[], None]], Timer],
    ):
        self._status = status
        self._keyring = keyring
        self._set_timer = set_timer
        self._timer: Timer | None = None

    def note(self, note: Note) -> None:
        """Show a message for a few seconds."""
        self._status.show_note(note)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._set_timer(SHOWN_FOR, lambda: self._status.show_note(None))

    def hint_following(self) -> None:
        """Show what letters do while links carry them."""
        back = self._keyring.key("back")
        letters = [Hint("a-z", "follow", ""), Hint("A-Z", "save", "")]
        self._status.show_hints([*letters, Hint(back, "leave", "back")])

    def hint_finding(self) -> None:
        """Show the keys of the line that says what to find."""
        back = self._keyring.key("back")
        self._status.show_hints([Hint("enter", "keep", ""), Hint(back, "clear", "back")])

    def hint(self, scope: Scope) -> None:
        """Show the keys of that scope."""
        commands = [command for command in of_scope(scope) if command.short]
        if scope not in (Scope.EVERYWHERE, Scope.MARKING, Scope.SEARCH):
            commands += [command for command in of_scope(Scope.EVERYWHERE) if command.short]
        last = BY_ID["help"]
        ranked = sorted((c for c in commands if c is not last), key=lambda command: command.rank)
        # Where words are typed, a letter is no key.
        chosen = ranked[: _HINTS + 1] if scope is Scope.SEARCH else [*ranked[:_HINTS], last]
        key = self._keyring.key
        self._status.show_hints([Hint(key(c.id), c.short, c.id) for c in chosen if key(c.id)])


Task = Callable[[Progress, Callable[[], bool]], Done]
"""Does the work in a thread: is given where to tell progress, and how to know that it is unwanted."""


class Working:
    """Starts jobs, shows the newest in the footer, stops it when asked."""

    def __init__(self, stage: Stage, post: Callable[[Message], Any]):
        self._stage = stage
        self._post = post
        self._jobs: list[Job] = []
        self._count = 0

    def start(self, name: str, task: Task, then: Callable[[Done], None]) -> None:
        """Run the task in a thread; `then` gets what it did."""
        job = Job(name, monotonic())
        self._jobs.append(job)
        self._count += 1
        self._tell()

        def progress(done: int, total: int) -> None:
            self._post(JobMoved(job, done, total))

        def settle(done: Done) -> None:
            self._end(job)
            then(done)

        def fail(error: ReaderError) -> None:
            self._end(job)
            if isinstance(error, Cancelled):
                self._stage.wrong(f"Stopped: {name}")
            else:
                self._stage.wrong(str(error))

        self._stage.errands.ask(
            f"job {self._count}", lambda: task(progress, job.stop.is_set), settle, fail
        )

    def overheard(self, name: str) -> Progress:
        """Where work that something else waits for tells how far it is; from any thread."""
        job = Job(name, monotonic(), is_overheard=True)

        def progress(done: int, total: int) -> None:
            self._post(JobMoved(job, done, total))

        return progress

    def moved(self, message: JobMoved) -> None:
        job = message.job
        job.done, job.total = message.done, message.total
        if job.is_overheard and job.done >= job.total:
            self._jobs = [other for other in self._jobs if other is not job]
        elif job.is_overheard and job not in self._jobs:
            job.began = monotonic()
            self._jobs.insert(0, job)
        self._tell()

    def stop(self) -> None:
        """Stop the newest job that can be stopped as soon as it looks."""
        for job in reversed(self._jobs):
            if not job.is_overheard:
                job.stop.set()
                return

    def stop_all(self) -> None:
        """Stop every job: the app is being left."""
        for job in self._jobs:
            job.stop.set()

    def _end(self, job: Job) -> None:
        self._jobs.remove(job)
        self._tell()

    def _tell(self) -> None:
        if not self._jobs:
            self._stage.status.show_job("")
            return
        more = f" (+{len(self._jobs) - 1})" if len(self._jobs) > 1 else ""
        self._stage.status.show_job(self._jobs[-1].said(monotonic()) + more)

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {"cancel": self.stop}
