"""Hybrid logical clocks: order among changes that no wall clock can give.

Source: Kulkarni and others, "Logical Physical Clocks", 2014.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

MAX_DRIFT_MS: Final = 86_400_000
"""Milliseconds up to which a clock that is ahead is adopted."""


class Stamp(NamedTuple):
    """The time of a write: milliseconds since 1970, a counter, and a device to break ties."""

    ms: int
    counter: int
    device: str


class Clock:
    """The clock of this device; it never runs back and follows none far in the future."""

    def __init__(self) -> None:
        self._ms = 0
        self._counter = 0

    @property
    def latest(self) -> tuple[int, int]:
        """Return the newest clock that was given or adopted: milliseconds and counter."""
        return self._ms, self._counter

    def observe(self, stamps: Sequence[Stamp], now: float) -> bool:
        """Adopt clocks read from a journal, except those more than a day ahead.

        Returns whether none was. `now` is in seconds since 1970.
        """
        limit = now * 1000 + MAX_DRIFT_MS
        adopted = [stamp for stamp in stamps if stamp.ms <= limit]
        if adopted:
            ms, counter, _ = max(adopted)
            if (ms, counter) > (self._ms, self._counter):
                self._ms, self._counter = ms, counter
        return len(adopted) == len(stamps)

    def next(self, now: float) -> tuple[int, int]:
        """Return a clock later than all seen; `now` is in seconds since 1970."""
        ms = int(now * 1000)
        if ms > self._ms:
            self._ms, self._counter = ms, 0
        else:
            self._counter += 1
        return self._ms, self._counter
