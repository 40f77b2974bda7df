"""The user's measured reading speed, stored in this device's state folder."""

import json
import math
from pathlib import Path
from typing import Final

from reader.library.durable_io import atomic_write, read_plain_file
from reader.model.reading_speed import ReadingSpeed
from reader.paths import Paths
from reader.settings import Settings

_MAX_BYTES: Final = 4096
"""Bytes of the file that are read."""


def words_per_minute(places: Paths, settings: Settings) -> int:
    """Return words per minute: the setting, else the measured speed, else 0. Blocks on disk."""
    return settings.reading.speed or load(places).words_per_minute


def load(places: Paths) -> ReadingSpeed:
    """Load the measured speed; empty if the file is unreadable or invalid. Blocks on disk."""
    try:
        found = json.loads(read_plain_file(_file(places), _MAX_BYTES))
        words, seconds = float(found["words"]), float(found["seconds"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return ReadingSpeed()
    sane = math.isfinite(words) and math.isfinite(seconds) and words >= 0 and seconds >= 0
    return ReadingSpeed(words, seconds) if sane else ReadingSpeed()


def record(places: Paths, words: float, seconds: float) -> ReadingSpeed:
    """Add a measurement and return the new estimate. Blocks on disk.

    A failed write loses only an estimate, so it is not reported.
    """
    known = load(places).update(words, seconds)
    path = _file(places)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        row = {"words": known.words, "seconds": known.seconds}
        atomic_write(path, json.dumps(row).encode())
    except OSError:
        return known
    return known


def _file(places: Paths) -> Path:
    return places.state / "pace.json"
