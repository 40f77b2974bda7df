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
from reader.ui.messages import ForCrew

T = TypeVar("T")


@dataclass
class Answered(ForCrew, bubble=False):
    """A thread has finished an errand; `error` is what it failed with."""

    errand: "Errand[Any]"
    value: Any = None
    error: ReaderError | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Errand(Generic[T]):
    """A task for a thread, and what to do on the event loop with its result."""

    kind: str
    number: int
    task: Callable[[], T]
    then: Callable[[T], None]
    failed: Callable[[ReaderError], None]


class Errands:
    """Runs errands in threads of the screen; the screen hands each `Answered` to `settle`."""

    def __init__(self, screen: Screen[Any], failed: Callable[[ReaderError], None]):
        self._screen = screen
        self._failed = failed
        self._numbers: dict[str, int] = {}
        self._under_way: dict[str, Errand[Any] | None] = {}
        self._changes: deque[Errand[Any]] = deque()
        self._settled: list[Callable[[], object]] = []

    def ask(
        self,
        kind: str,
        task: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[ReaderError], None] | None = None,
    ) -> None:
        """Run a question; an earlier one of the same kind is no longer waited for."""
        self._start(self._errand(kind, task, then, failed))

    def ask_in_turn(
        self,
        kind: str,
        task: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[ReaderError], None] | None = None,
    ) -> None:
        """Run a question once the one of its kind under way has ended; only the newest waits.

        However fast someone types, no more than one thread is at work for it.
        """
        errand = self._errand(kind, task, then, failed)
        if kind in self._under_way:
            self._under_way[kind] = errand
        else:
            self._under_way[kind] = None
            self._start(errand)

    def change(
        self,
        task: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[ReaderError], None] | None = None,
    ) -> None:
        """Run a change after all changes before it."""
        self._changes.append(self._errand("change", task, then, failed))
        if len(self._changes) == 1:
            self._start(self._changes[0])

    @property
    def is_changing(self) -> bool:
        """Whether a change is still on its way to the disk."""
        return bool(self._changes)

    def when_settled(self, then: Callable[[], object]) -> None:
        """Do this once every change is on the disk."""
        if self._changes:
            self._settled.append(then)
        else:
            then()

    def forget(self, kind: str) -> None:
        """Drop the answer to a question that is under way."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1

    def settle(self, answer: Answered) -> None:
        """Hand a result over, unless it is stale; start the next change."""
        errand = answer.errand
        if errand.kind == "change":
            self._changes.popleft()
            if self._changes:
                self._start(self._changes[0])
            else:
                waiting, self._settled = self._settled, []
                for then in waiting:
                    then()
        else:
            self._start_next(errand.kind)
            if errand.number != self._numbers[errand.kind]:
                return
        if answer.error is not None:
            errand.failed(answer.error)
        else:
            errand.then(answer.value)

    def _start_next(self, kind: str) -> None:
        """Start the question that waited for its turn, if one did."""
        waiting = self._under_way.pop(kind, None)
        if waiting is not None:
            self._under_way[kind] = None
            self._start(waiting)

    def _errand(
        self,
        kind: str,
        task: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[ReaderError], None] | None,
    ) -> Errand[T]:
        number = self._numbers.get(kind, 0) + 1
        self._numbers[kind] = number
        return Errand(kind, number, task, then, failed or self._failed)

    def _start(self, errand: Errand[Any]) -> None:
        screen = self._screen

        def run() -> None:
            try:
                value = errand.task()
            except ReaderError as error:
                screen.post_message(Answered(errand, error=error))
            else:
                screen.post_message(Answered(errand, value))

        screen.run_worker(run, thread=True, group=errand.kind, name=errand.kind)


_TOLD_AFTER: Final = 2.0
"""Seconds before a guess at what is left is worth telling."""


@dataclass(slots=True)
class Job:
    """One piece of work under way.

    What is `overheard` belongs to something else that waits for it: it is shown from its first step
    to its last, and cannot be stopped.
    """

    name: str
    began: float
    is_overheard: bool = False
    done: int = 0
    total: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def said(self, now: float) -> str:
        """`fetching 38 of 120 · 2 min left`."""
        words = self.name
        if self.total > 1:
            words += f" {self.done} of {self.total}"
        spent = now - self.began
        if self.done and self.total > self.done and spent > _TOLD_AFTER:
            words += f" · {left(spent / self.done * (self.total - self.done))} left"
        return words


def left(seconds: float) -> str:
    """Seconds below a minute and a half, minutes beyond."""
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"


@dataclass
class JobMoved(ForCrew, bubble=False):
    """A job has done more of its work."""

    job: Job
    done: int
    total: int

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, JobMoved) and message.job is self.job
