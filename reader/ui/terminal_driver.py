"""Textual's terminal driver, made safe against a terminal that is closed."""

import os
import select
import sys
import threading
from collections.abc import Callable
from typing import Final

from textual.drivers.linux_driver import LinuxDriver

EXIT_TIMEOUT: Final = 1.5
"""Seconds that the program may take to end once its terminal is closed: two are promised."""
HANGUP_EXIT_CODE: Final = 129
"""The exit code of a program that SIGHUP ended."""


class TerminalDriver(LinuxDriver):
    """A driver that drops what it is given to write once its terminal is closed.

    Textual's writer thread ends with the first failed write. The queue before it would then fill up
    and block the event loop, and its reader thread would spin on the closed terminal.
    """

    _is_hung_up = False

    def write(self, data: str) -> None:
        if not self._is_hung_up:
            super().write(data)

    def hang_up(self) -> None:
        """Stop reading and writing; the terminal is closed."""
        self._is_hung_up = True
        self.exit_event.set()


def watch_for_hangup(on_hangup: Callable[[], None], fileno: int | None = None) -> None:
    """Call `on_hangup` from a thread once the terminal is closed, then end the program.

    A hang-up reaches the program as a signal only if the terminal's session leader ended. A parent
    that outlives its terminal leaves the program on a closed one. The program has `EXIT_TIMEOUT`
    seconds to end in its own way.
    """
    watched = sys.__stdin__.fileno() if fileno is None and sys.__stdin__ else fileno or 0
    if not os.isatty(watched):
        return

    def watch() -> None:
        poll = select.poll()
        # No events asked for: hang-up and errors are always reported.
        poll.register(watched, 0)
        poll.poll()
        end_soon()
        on_hangup()

    threading.Thread(target=watch, name="hangup", daemon=True).start()


def end_soon() -> None:
    """End the program after `EXIT_TIMEOUT`, whatever its threads wait for.

    The library's journals survive an end at any moment.
    """
    timer = threading.Timer(EXIT_TIMEOUT, os._exit, (HANGUP_EXIT_CODE,))
    timer.daemon = True
    timer.start()
