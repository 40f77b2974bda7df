"""A mark that says which settings file was found free of errors.

With it `list` can start without reading the settings, and still reports their errors as every
other command does.
"""

# ruff: noqa: PTH105, PTH116, PTH123 - importing pathlib costs as much as `list`

from __future__ import annotations

import os

from reader import __version__

MARK_NAME = "settings-checked"


def is_known_good(config: str, cache: str) -> bool:
    """Return whether the settings file is missing, or had no errors when it was last read."""
    stamp = _stamp(config)
    if stamp == "":
        return True
    try:
        with open(f"{cache}/{MARK_NAME}", encoding="utf-8") as file:
            return stamp is not None and file.read(4096) == stamp
    except (OSError, ValueError):
        return False


def remember_good(config: str, cache: str) -> None:
    """Note that the settings file has no errors. A mark that cannot be written is left out."""
    stamp = _stamp(config)
    if not stamp or is_known_good(config, cache):
        return
    target = f"{cache}/{MARK_NAME}"
    own = f"{target}.{os.getpid()}"
    try:
        os.makedirs(cache, exist_ok=True)  # noqa: PTH103
        with open(own, "w", encoding="utf-8") as file:
            file.write(stamp)
        os.replace(own, target)
    except OSError:
        # Without the mark the next `list` reads the settings again.
        return


def _stamp(config: str) -> str | None:
    """Return name, inode, size and times of the file; empty without one, None if it is unreadable."""
    try:
        stat = os.stat(config)
    except FileNotFoundError:
        return ""
    except (OSError, ValueError):
        return None
    times = f"{stat.st_mtime_ns} {stat.st_ctime_ns}"
    return f"{__version__}\n{config}\n{stat.st_ino} {stat.st_size} {times}\n"
