"""One's own reading speed, kept in this device's state folder."""

import json
import math
from pathlib import Path
from typing import Final

from reader.model.reading_speed import ReadingSpeed
from reader.paths import Paths
from reader.settings import Settings

_MAX_BYTES: Final = 4096
"""Bytes of the file that are looked at."""


def words_per_minute(places: Paths, settings: Settings) -> int:
    """Words a minute: of the settings, else one's own; 0 while that is not known.

    Blocks on disk.
    """
    return settings.reading.speed or load(places).words_per_minute


def load(places: Paths) -> ReadingSpeed:
    """What is known; nothing where the file cannot be read or says nonsense. Blocks on disk."""
    try:
        with _file(places).open("rb") as stream:
            found = json.loads(stream.read(_MAX_BYTES))
        words, seconds = float(found["words"]), float(found["seconds"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return ReadingSpeed()
    sane = math.isfinite(words) and math.isfinite(seconds) and words >= 0 and seconds >= 0
    return ReadingSpeed(words, seconds) if sane else ReadingSpeed()


def record(places: Paths, words: float, seconds: float) -> ReadingSpeed:
    """Take in that so many words were read in so many seconds; what is known then.

    A disk that takes no file loses an estimate and nothing else, so nobody is told. Blocks on disk.
    """
    known = load(places).update(words, seconds)
    path = _file(places)
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps({"words": known.words, "seconds": known.seconds}), "utf-8")
        part.replace(path)
    except OSError:
        return known
    return known


def _file(places: Paths) -> Path:
    return places.state / "pace.json"
