"""The reading speed of the user, from words and seconds of measured reading."""

from dataclasses import dataclass
from typing import Final

MIN_SECONDS: Final = 180.0
"""Seconds of reading from which the speed is worth telling."""
MAX_SECONDS: Final = 4 * 3600.0
"""Seconds that count: of what lies further back, ever less."""
MIN_WORDS_PER_MINUTE, MAX_WORDS_PER_MINUTE = 60.0, 900.0
"""Words a minute between which a stretch counts as reading; others are rests or skimming."""


@dataclass(frozen=True, slots=True)
class ReadingSpeed:
    """The measured reading speed; empty at first."""

    words: float = 0.0
    seconds: float = 0.0

    @property
    def words_per_minute(self) -> int:
        """Words a minute; 0 while too little was read to tell."""
        return round(60 * self.words / self.seconds) if self.seconds >= MIN_SECONDS else 0

    def update(self, words: float, seconds: float) -> "ReadingSpeed":
        """Return the speed after reading a number of words in some seconds."""
        if not is_reading(words, seconds):
            return self
        whole = self.seconds + seconds
        share = min(1.0, MAX_SECONDS / whole)
        return ReadingSpeed((self.words + words) * share, whole * share)


def is_reading(words: float, seconds: float) -> bool:
    """Return whether the words can have been read in this time."""
    return seconds > 0 and MIN_WORDS_PER_MINUTE <= 60 * words / seconds <= MAX_WORDS_PER_MINUTE
