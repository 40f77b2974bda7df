"""A web address handed to the browser, as one argument and never through a shell."""

import subprocess
import webbrowser
from collections.abc import Sequence

from reader.model.address import clean_url
from reader.model.errors import ReaderError
from reader.model.text import one_line


def open_address(url: str, command: Sequence[str] = ()) -> None:
    """Open the address with `command`, else the system's browser; returns at once.

    Only http and https are opened. Raises WrongUsage for another address, ReaderError where no
    browser can be started.
    """
    address = clean_url(url)
    if command:
        try:
            subprocess.Popen(
                [*command, address],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            name = one_line(command[0], 80)
            raise ReaderError(f"{name} cannot be started: {error.strerror}") from None
    elif not webbrowser.open(address):
        raise ReaderError("no browser was found: set [commands] browser in the settings")
