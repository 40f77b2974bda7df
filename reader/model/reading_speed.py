"""How fast one person reads: words and seconds of reading that was watched."""

from dataclasses import dataclass
from typing import Final

KNOWN_AFTER: Final = 180.0
"""Seconds of reading from which the speed is worth telling."""
REMEMBERED: Final = 4 * 3600.0
"""Seconds that count: of what lies further back, ever less."""
SLOWEST, FASTEST = 60.0, 900.0
"""Words a minute between which a stretch counts as reading; others are rests or skimming."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What is known of one's speed; nothing at first."""

    words: float = 0.0
    seconds: float = 0.0

    @property
    def speed(self) -> int:
        """Words a minute; 0 while too little was read to tell."""
        return round(60 * self.words / self.seconds) if self.seconds >= KNOWN_AFTER else 0

    def read(self, words: float, seconds: float) -> "Pace":
        """The pace after so many words were read in so many seconds."""
        if not is_reading(words, seconds):
            return self
        whole = self.seconds + seconds
        share = min(1.0, REMEMBERED / whole)
        return Pace((self.words + words) * share, whole * share)


def is_reading(words: float, seconds: float) -> bool:
    """Whether words in this time can have been read."""
    return seconds > 0 and SLOWEST <= 60 * words / seconds <= FASTEST
