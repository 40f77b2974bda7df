"""Reading time, measured from scroll positions."""

from collections.abc import Callable
from time import monotonic
from typing import Final

from reader.model.reading_speed import is_reading

MIN_SPAN: Final = 20.0
"""Seconds measured together, because some readers scroll by lines and some by pages."""
MAX_PAUSE: Final = 240.0
"""Seconds without scrolling after which the user has stopped reading."""
MAX_STEP: Final = 900.0
"""Words that no screen holds; larger steps are jumps."""


class ReadingTimer:
    """Measures reading time from scroll positions."""

    def __init__(self, clock: Callable[[], float] = monotonic):
        self._clock = clock
        self._span_start: tuple[float, float] | None = None
        self._last = (0.0, 0.0)
        self.words = 0.0
        self.seconds = 0.0

    def start(self, at: float) -> None:
        """Start reading at a position in words."""
        now = self._clock()
        self._span_start = self._last = (at, now)
        self.words = self.seconds = 0.0

    def skip_to(self, at: float) -> None:
        """Go to a position in words that was not reached by reading."""
        if self._span_start is not None:
            self._span_start = self._last = (at, self._clock())

    def on_scroll(self, at: float) -> None:
        """Note a scroll to a position in words."""
        if self._span_start is None:
            return
        now = self._clock()
        before, then = self._last
        self._last = (at, now)
        if not 0 <= at - before <= MAX_STEP or now - then > MAX_PAUSE:
            self._span_start = self._last
        elif now - self._span_start[1] >= MIN_SPAN:
            words, seconds = at - self._span_start[0], now - self._span_start[1]
            if is_reading(words, seconds):
                self.words += words
                self.seconds += seconds
            self._span_start = self._last
