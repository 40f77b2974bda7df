"""Measures reading: which moves through a text were reading, and how long they took."""

from collections.abc import Callable
from time import monotonic
from typing import Final

from reader.model.reading_speed import is_reading

STRETCH: Final = 20.0
"""Seconds that are looked at together: someone may press a key for each line, or for each page."""
LONGEST: Final = 240.0
"""Seconds without a move after which nobody was reading."""
LEAP: Final = 900.0
"""Words that no screen holds: further moves are jumps."""


class Pacing:
    """Told where in its words a text stands; sums up the stretches that were read."""

    def __init__(self, clock: Callable[[], float] = monotonic):
        self._clock = clock
        self._start: tuple[float, float] | None = None
        self._last = (0.0, 0.0)
        self.words = 0.0
        self.seconds = 0.0

    def begin(self, at: float) -> None:
        """The text stands at so many words, and reading begins."""
        now = self._clock()
        self._start = self._last = (at, now)
        self.words = self.seconds = 0.0

    def moved(self, at: float) -> None:
        """The text moved to so many words."""
        if self._start is None:
            return
        now = self._clock()
        before, then = self._last
        self._last = (at, now)
        if not 0 <= at - before <= LEAP or now - then > LONGEST:
            self._start = self._last
        elif now - self._start[1] >= STRETCH:
            words, seconds = at - self._start[0], now - self._start[1]
            if is_reading(words, seconds):
                self.words += words
                self.seconds += seconds
            self._start = self._last
