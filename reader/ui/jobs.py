"""A piece of work under way: how far it is, and how to stop it."""

import threading
from dataclasses import dataclass, field
from typing import Final

from textual.message import Message

from reader.ui.hearing import ForCrew

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
