"""The real program in a real pseudo-terminal, its screen read by an emulator."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pyte

from tests.forking import run_in_child

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""Seconds that a test waits for something that should be there at once."""


def lines_of(screen: pyte.Screen) -> list[str]:
    """Return the lines of a screen as text.

    pyte's own `display` raises IndexError while a program draws over the first half of a wide
    character (findings/pyte_half_of_wide_character.sh). The second half is an empty string.
    """
    return [
        "".join(screen.buffer[line][column].data for column in range(screen.columns))
        for line in range(screen.lines)
    ]


class Program:
    """Python with a terminal of its own, running `words`; `sent` are all bytes it drew."""

    def __init__(
        self, *words: str, columns: int = 130, lines: int = 36, term: str = "xterm-256color"
    ):
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.sent = b""
        self.exit_code: int | None = None
        # xdist names a size of its own, which would count for more than the terminal's.
        inherited = {name: os.environ[name] for name in os.environ.keys() - {"COLUMNS", "LINES"}}
        variables = {
            **inherited,
            "TERM": term,
            "COLORTERM": "truecolor" if "256" in term else "",
            "PYTHONPATH": str(ROOT),
        }
        self._child, self._terminal = pty.fork()
        if not self._child:
            run_in_child([sys.executable, *words], variables, (lines, columns))

    def resize(self, columns: int, lines: int) -> None:
        size = struct.pack("HHHH", lines, columns, 0, 0)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, size)
        self.screen.resize(lines, columns)

    @property
    def text(self) -> str:
        """What a person sees."""
        return "\n".join(line.rstrip() for line in lines_of(self.screen))

    def press(self, *keys: str) -> None:
        """Type; a key is sent as its bytes."""
        for key in keys:
            os.write(self._terminal, key.encode())

    def kill(self, number: int = signal.SIGTERM) -> None:
        os.kill(self._child, number)

    def is_stopped(self) -> bool:
        """Whether the program was stopped since this was last asked, and all it drew is read."""
        child, status = os.waitpid(self._child, os.WNOHANG | os.WUNTRACED)
        if child and os.WIFSTOPPED(status):
            while select.select([self._terminal], [], [], 0)[0] and self._read():
                pass
            return True
        return False

    def until(self, holds: Callable[[], bool]) -> None:
        """Read what is drawn until it holds."""
        deadline = monotonic() + PATIENCE
        while not holds():
            assert monotonic() < deadline, f"it never came:\n{self.text}"
            assert self._read(), f"the program ended:\n{self.text}"

    def shows(self, words: str) -> None:
        """Wait until the words are on the screen."""
        self.until(lambda: words in self.text)

    def hides(self, words: str) -> None:
        """Wait until the words are gone from a screen that is drawn to its end: a dialog that
        grows is gone for a moment, too.
        """
        self.until(lambda: words not in self.text and not self._goes_on())

    def _goes_on(self) -> bool:
        """Whether more is being drawn."""
        return bool(select.select([self._terminal], [], [], 0.05)[0])

    def ends(self) -> int:
        """Wait until the program has ended; its exit code."""
        deadline = monotonic() + PATIENCE
        while self._read():
            assert monotonic() < deadline, f"it never ended:\n{self.text}"
        _, status = os.waitpid(self._child, 0)
        self.exit_code = os.waitstatus_to_exitcode(status)
        return self.exit_code

    def close(self) -> None:
        """End it, if a test has failed before it did."""
        if self.exit_code is None:
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
        os.close(self._terminal)

    def _read(self) -> bool:
        """Take in what was drawn; False once the program has closed its end."""
        ready, _, _ = select.select([self._terminal], [], [], 0.05)
        if not ready:
            return True
        try:
            data = os.read(self._terminal, 65536)
        except OSError:
            # Linux says so when the other end is closed.
            return False
        self.sent += data
        self._stream.feed(_drawable(data))
        return bool(data)


def _drawable(data: bytes) -> bytes:
    """Without the Kitty keyboard sequences, which pyte takes for text."""
    for sequence in (b"\x1b[>25u", b"\x1b[>1u", b"\x1b[<u"):
        data = data.replace(sequence, b"")
    return data


def is_restored(program: Program) -> bool:
    """Whether the last words to the terminal leave its other screen, and show the cursor."""
    end = program.sent[-4000:]
    return end.rfind(b"\x1b[?1049l") > end.rfind(b"\x1b[?1049h") and b"\x1b[?25h" in end
