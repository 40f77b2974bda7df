"""Work off the event loop for one screen: numbered questions, and changes in their order.

A stale answer to a question is dropped, because `exclusive` does not stop a running thread.
Changes are never dropped and never overtake each other.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from textual.message import Message
from textual.screen import Screen

from reader.model.errors import ReaderError
from reader.ui.messages import ControllerMessage

T = TypeVar("T")


@dataclass
class TaskFinished(ControllerMessage, bubble=False):
    """A thread has finished an errand; `error` is what it failed with."""

    task: "Task[Any]"
    value: Any = None
    error: ReaderError | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Task(Generic[T]):
    """A task for a thread, and what to do on the event loop with its result."""

    group: str
    number: int
    function: Callable[[], T]
    on_success: Callable[[T], None]
    on_error: Callable[[ReaderError], None]


class TaskRunner:
    """Runs errands in threads of the screen; the screen hands each `Answered` to `settle`."""

    def __init__(self, screen: Screen[Any], failed: Callable[[ReaderError], None]):
        self._screen = screen
        self._on_error = failed
        self._latest: dict[str, int] = {}
        self._waiting: dict[str, Task[Any] | None] = {}
        self._writes: deque[Task[Any]] = deque()
        self._after_writes: list[Callable[[], object]] = []

    def run_latest(
        self,
        kind: str,
        task: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[ReaderError], None] | None = None,
    ) -> None:
        """Run a question; an earlier one of the same kind is no longer waited for."""
        self._start(self._make_task(kind, task, then, failed))

    def queue_latest(
        self,
        kind: str,
        task: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[ReaderError], None] | None = None,
    ) -> None:
        """Run a question once the one of its kind under way has ended; only the newest waits.

        However fast someone types, no more than one thread is at work for it.
        """
        errand = self._make_task(kind, task, then, failed)
        if kind in self._waiting:
            self._waiting[kind] = errand
        else:
            self._waiting[kind] = None
            self._start(errand)

    def run_serial(
        self,
        task: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[ReaderError], None] | None = None,
    ) -> None:
        """Run a change after all changes before it."""
        self._writes.append(self._make_task("change", task, then, failed))
        if len(self._writes) == 1:
            self._start(self._writes[0])

    @property
    def has_pending_writes(self) -> bool:
        """Whether a change is still on its way to the disk."""
        return bool(self._writes)

    def after_writes(self, then: Callable[[], object]) -> None:
        """Do this once every change is on the disk."""
        if self._writes:
            self._after_writes.append(then)
        else:
            then()

    def discard(self, kind: str) -> None:
        """Drop the answer to a question that is under way."""
        self._latest[kind] = self._latest.get(kind, 0) + 1

    def on_finished(self, answer: TaskFinished) -> None:
        """Hand a result over, unless it is stale; start the next change."""
        errand = answer.task
        if errand.group == "change":
            self._writes.popleft()
            if self._writes:
                self._start(self._writes[0])
            else:
                waiting, self._after_writes = self._after_writes, []
                for then in waiting:
                    then()
        else:
            self._start_next(errand.group)
            if errand.number != self._latest[errand.group]:
                return
        if answer.error is not None:
            errand.on_error(answer.error)
        else:
            errand.on_success(answer.value)

    def _start_next(self, kind: str) -> None:
        """Start the question that waited for its turn, if one did."""
        waiting = self._waiting.pop(kind, None)
        if waiting is not None:
            self._waiting[kind] = None
            self._start(waiting)

    def _make_task(
        self,
        kind: str,
        task: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[ReaderError], None] | None,
    ) -> Task[T]:
        number = self._latest.get(kind, 0) + 1
        self._latest[kind] = number
        return Task(kind, number, task, then, failed or self._on_error)

    def _start(self, errand: Task[Any]) -> None:
        screen = self._screen

        def run() -> None:
            try:
                value = errand.function()
            except ReaderError as error:
                screen.post_message(TaskFinished(errand, error=error))
            else:
                screen.post_message(TaskFinished(errand, value))

        screen.run_worker(run, thread=True, group=errand.group, name=errand.group)


_ESTIMATE_AFTER: Final = 2.0
"""Seconds before a guess at what is left is worth telling."""


@dataclass(slots=True)
class Job:
    """One piece of work under way.

    What is `overheard` belongs to something else that waits for it: it is shown from its first step
    to its last, and cannot be stopped.
    """

    name: str
    started: float
    is_background: bool = False
    done: int = 0
    total: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def describe(self, now: float) -> str:
        """`fetching 38 of 120 · 2 min left`."""
        words = self.name
        if self.total > 1:
            words += f" {self.done} of {self.total}"
        spent = now - self.started
        if self.done and self.total > self.done and spent > _ESTIMATE_AFTER:
            words += f" · {time_left(spent / self.done * (self.total - self.done))} left"
        return words


def time_left(seconds: float) -> str:
    """Seconds below a minute and a half, minutes beyond."""
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"


@dataclass
class JobProgress(ControllerMessage, bubble=False):
    """A job has done more of its work."""

    job: Job
    done: int
    total: int

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, JobProgress) and message.job is self.job
