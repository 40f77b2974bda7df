"""Tasks off the event loop: numbered queries, writes in their order, and jobs with progress.

A stale result is dropped, because Textual's `exclusive` does not stop a running thread. Writes are
never dropped and never overtake each other.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Generic, TypeVar

from textual.message import Message
from textual.screen import Screen

from reader.model.errors import ReaderError, describe_os_error
from reader.ui.messages import ControllerMessage

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Task(Generic[T]):
    """A function for a thread, and the functions that take its result on the event loop."""

    group: str
    number: int
    function: Callable[[], T]
    on_success: Callable[[T], None]
    on_error: Callable[[ReaderError], None]


class TaskRunner:
    """Runs tasks in threads of a screen, and passes their results on in its event loop."""

    def __init__(self, screen: Screen[Any], on_error: Callable[[ReaderError], None]):
        self._screen = screen
        self._on_error = on_error
        self._latest: dict[str, int] = {}
        self._waiting: dict[str, Task[Any] | None] = {}
        self._writes: deque[Task[Any]] = deque()
        self._after_writes: list[Callable[[], object]] = []

    def run_latest(
        self,
        group: str,
        function: Callable[[], T],
        on_success: Callable[[T], None],
        on_error: Callable[[ReaderError], None] | None = None,
    ) -> None:
        """Run a query; results of earlier queries of the group are dropped."""
        self._start(self._make_task(group, function, on_success, on_error))

    def queue_latest(
        self,
        group: str,
        function: Callable[[], T],
        on_success: Callable[[T], None],
        on_error: Callable[[ReaderError], None] | None = None,
    ) -> None:
        """Run a query after the running one of its group; only the newest query waits.

        However fast the user types, only one thread works for the group.
        """
        task = self._make_task(group, function, on_success, on_error)
        if group in self._waiting:
            self._waiting[group] = task
        else:
            self._waiting[group] = None
            self._start(task)

    def run_serial(
        self,
        function: Callable[[], T],
        on_success: Callable[[T], None],
        on_error: Callable[[ReaderError], None] | None = None,
    ) -> None:
        """Run a write after all writes before it; writes are never dropped."""
        self._writes.append(self._make_task("write", function, on_success, on_error))
        if len(self._writes) == 1:
            self._start(self._writes[0])

    @property
    def has_pending_writes(self) -> bool:
        """True while a write has not reached the disk."""
        return bool(self._writes)

    def after_writes(self, function: Callable[[], object]) -> None:
        """Call a function once every write is on the disk."""
        if self._writes:
            self._after_writes.append(function)
        else:
            function()

    def discard(self, group: str) -> None:
        """Drop the result of the running query of the group."""
        self._latest[group] = self._latest.get(group, 0) + 1

    def _finish(self, task: Task[T], result: T | ReaderError) -> None:
        """Pass a result on, unless it is stale; start the next write."""
        if task.group == "write":
            self._start_next_write()
        else:
            self._start_waiting(task.group)
            if task.number != self._latest[task.group]:
                return
        if isinstance(result, ReaderError):
            task.on_error(result)
        else:
            task.on_success(result)

    def _start_next_write(self) -> None:
        self._writes.popleft()
        if self._writes:
            self._start(self._writes[0])
        else:
            functions, self._after_writes = self._after_writes, []
            for function in functions:
                function()

    def _start_waiting(self, group: str) -> None:
        """Start the query that waited for its turn, if there is one."""
        waiting = self._waiting.pop(group, None)
        if waiting is not None:
            self._waiting[group] = None
            self._start(waiting)

    def _make_task(
        self,
        group: str,
        function: Callable[[], T],
        on_success: Callable[[T], None],
        on_error: Callable[[ReaderError], None] | None,
    ) -> Task[T]:
        number = self._latest.get(group, 0) + 1
        self._latest[group] = number
        return Task(group, number, function, on_success, on_error or self._on_error)

    def _start(self, task: Task[Any]) -> None:
        self._screen.run_worker(
            partial(self._run, task), thread=True, group=task.group, name=task.group
        )

    def _run(self, task: Task[T]) -> None:
        """Run a task in its thread, and hand the result to the event loop."""
        result: T | ReaderError
        try:
            result = task.function()
        except ReaderError as error:
            result = error
        except OSError as error:
            # The disk fails in a place that expects no failure: the app goes on.
            result = ReaderError(describe_os_error(error))
        self._screen.call_later(self._finish, task, result)


_ESTIMATE_AFTER: Final = 2.0
"""Seconds after which an estimate of the time left is shown."""


@dataclass(slots=True)
class RunningJob:
    """A task with progress.

    A background job belongs to another task that waits for it: it is shown from its first step to
    its last, and cannot be stopped.
    """

    name: str
    started: float
    is_background: bool = False
    done: int = 0
    total: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def describe(self, now: float) -> str:
        """Return the task's state as text: `fetching 38 of 120 · 2 min left`."""
        words = self.name
        if self.total > 1:
            words += f" {self.done:,} of {self.total:,}"
        spent = now - self.started
        if self.done and self.total > self.done and spent > _ESTIMATE_AFTER:
            words += f" · {time_left(spent / self.done * (self.total - self.done))} left"
        return words


def time_left(seconds: float) -> str:
    """Return seconds below 90 s, minutes above."""
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"


@dataclass
class JobProgress(ControllerMessage, bubble=False):
    """A job has made progress."""

    job: RunningJob
    done: int
    total: int

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, JobProgress) and message.job is self.job
