"""Text handed to other programs: the clipboard's, a command of the settings. No shell."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from reader.model.errors import ReaderError, WrongUsage
from reader.model.text import clean, one_line

_PATIENCE: Final = 30.0
"""Seconds that a command has for its text."""
_COPIERS: Final = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
)


def copy(text: str) -> bool:
    """Put text on the clipboard by the platform's own program; whether there is one."""
    chosen: tuple[str, ...] = ("pbcopy",) if sys.platform == "darwin" else ()
    for variable, words in _COPIERS:
        if not chosen and os.environ.get(variable) and shutil.which(words[0]):
            chosen = words
    if not chosen:
        return False
    try:
        subprocess.run(
            chosen,
            input=clean(text).encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return True


def pipe(text: str, command: Sequence[str]) -> str:
    """Hand text to a command on its standard input; the first line that it answers.

    Raises WrongUsage without a command, ReaderError where it fails or takes more than 30 s.
    """
    if not command:
        raise WrongUsage("no command to pipe to: set [commands] pipe in the settings")
    try:
        done = subprocess.run(
            list(command), input=text.encode(), capture_output=True, timeout=_PATIENCE, check=False
        )
    except OSError as error:
        raise ReaderError(f"cannot start {command[0]}: {error.strerror}") from error
    except subprocess.TimeoutExpired:
        raise ReaderError(f"{command[0]} took longer than {_PATIENCE:.0f} s") from None
    said = done.stdout or done.stderr
    answer = one_line(said.decode("utf-8", "replace").strip().partition("\n")[0], 120)
    if done.returncode:
        raise ReaderError(f"{command[0]} failed: {answer or f'exit code {done.returncode}'}")
    return answer
