"""The desktop's browser, clipboard and pipe commands; none of them runs in a shell."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from reader.model.errors import ReaderError, UsageError
from reader.model.text import clean
from reader.model.urls import clean_url
from reader.services.external_command import first_line, run_command, start_failure

_OPENERS: Final = ("open",) if sys.platform == "darwin" else ("xdg-open", "wslview", "gio")


def open_in_browser(url: str, command: Sequence[str] = ()) -> None:
    """Open the address with `command`, else with the system's browser; do not wait.

    Opens http, https and mailto only. Raises UsageError for another address, ReaderError
    where no browser can be started.
    """
    is_mail = url[:7].casefold() == "mailto:"
    address = "".join(clean(url).split()) if is_mail else clean_url(url)
    words = [*(command or _system_browser()), address]
    try:
        # Without streams and in its own session: it must not write over the app's screen.
        subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise ReaderError(start_failure(words, error)) from None


def _system_browser() -> list[str]:
    """Return the system's opener; `webbrowser` might start a browser in this terminal."""
    found = next((name for name in _OPENERS if shutil.which(name)), None)
    if found is None:
        raise ReaderError("no browser was found: set [commands] browser in the settings")
    return [found, "open"] if found == "gio" else [found]


_TIMEOUT: Final = 30.0
"""Seconds that a command has for its text."""
_MAX_ANSWER: Final = 1 << 16
"""Bytes of a command's answer, of which one line is shown."""
_COPIERS: Final = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
)


def copy(text: str) -> bool:
    """Copy text with the platform's clipboard program; return whether there is one."""
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
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return True


def pipe(text: str, command: Sequence[str]) -> str:
    """Hand text to a command on its standard input; the first line that it answers.

    Raises UsageError without a command, ReaderError if it fails or takes more than 30 s.
    """
    if not command:
        raise UsageError("no command to pipe to: set [commands] pipe in the settings")
    output = run_command(
        command,
        text.encode(),
        max_bytes=_MAX_ANSWER,
        timeout=_TIMEOUT,
        with_errors=True,
        keeps_children=True,
    )
    return first_line(output)
