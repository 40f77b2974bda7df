"""An address handed to the browser, as one argument and never through a shell."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from reader.model.errors import ReaderError
from reader.model.text import clean, one_line
from reader.model.urls import clean_url

_OPENERS: Final = ("open",) if sys.platform == "darwin" else ("xdg-open", "wslview", "gio")


def open_address(url: str, command: Sequence[str] = ()) -> None:
    """Open the address with `command`, else the system's browser; returns at once.

    Only http, https and mailto are opened. Raises WrongUsage for another address, ReaderError
    where no browser can be started.
    """
    is_mail = url[:7].casefold() == "mailto:"
    address = "".join(clean(url).split()) if is_mail else clean_url(url)
    words = [*(command or _opener()), address]
    try:
        # Without streams and in its own session: it must not write over the app's screen.
        subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        name = one_line(words[0], 80)
        raise ReaderError(f"{name} cannot be started: {error.strerror}") from None


def _opener() -> list[str]:
    """The system's own program for addresses; `webbrowser` may start one in this very terminal."""
    found = next((name for name in _OPENERS if shutil.which(name)), None)
    if found is None:
        raise ReaderError("no browser was found: set [commands] browser in the settings")
    return [found, "open"] if found == "gio" else [found]
