"""A closed terminal ends the program, at any moment and whoever started it."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from time import monotonic, sleep

import pytest

from reader.services.workspace import Workspace
from tests.forking import run_in_child
from tests.terminal.conftest import id_of, saving
from tests.terminal.emulator import ROOT, Program, lines_of

pytestmark = [pytest.mark.terminal, pytest.mark.xdist_group("terminal")]

MAX_SECONDS = 2.0
"""Seconds after which the program has ended, as the documentation promises."""
SLACK = 3.0
"""Seconds more for a machine that runs other tests at the same time."""


def close_under(keys: list[str], started: float) -> tuple[float, int]:
    """Start the app below a parent that survives the hang-up, and close the terminal.

    The keys are typed `started` seconds after the start. Returns the seconds until the end, and
    the exit code.
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 130, 0, 0))
    reading, writing = os.pipe()
    parent = os.fork()
    if not parent:
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.close(master)
        child = os.fork()
        if not child:
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            for number in range(3):
                os.dup2(slave, number)
            variables = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
            run_in_child([sys.executable, "-m", "reader"], variables)
        os.close(slave)
        os.write(writing, f"{child}\n".encode())
        _, status = os.waitpid(child, 0)
        os.write(writing, f"{os.waitstatus_to_exitcode(status)}\n".encode())
        os._exit(0)
    os.close(slave)
    os.close(writing)
    child = int(os.read(reading, 100))
    _read_for(master, started)
    for key in keys:
        os.write(master, key.encode())
        _read_for(master, 0.3)
    os.close(master)
    closed = monotonic()
    try:
        if not select.select([reading], [], [], 20)[0]:
            os.kill(child, signal.SIGKILL)
            raise AssertionError("the program still runs on a closed terminal")
        return monotonic() - closed, int(os.read(reading, 100))
    finally:
        os.close(reading)
        os.waitpid(parent, 0)


def _read_for(terminal: int, seconds: float) -> None:
    """Read the terminal for some seconds, or until the program has closed it (EIO on Linux)."""
    deadline = monotonic() + seconds
    with suppress(OSError):
        while monotonic() < deadline:
            if select.select([terminal], [], [], 0.05)[0]:
                os.read(terminal, 65536)


@pytest.mark.parametrize(
    ("keys", "started"),
    [([], 0.3), ([], 1.0), ([], 4.0), (["t"], 4.0), (["\r", " "], 4.0), (["q"], 4.0)],
    ids=["starting", "first-rows", "list", "dialog", "reading", "leaving"],
)
def test_a_closed_terminal_ends_the_program(
    workspace: Workspace, keys: list[str], started: float
) -> None:
    """The parent ignores the hang-up, so no signal reaches the program."""
    seconds, _ = close_under(keys, started)
    assert seconds < MAX_SECONDS + SLACK


def test_the_position_is_saved_when_the_terminal_closes(workspace: Workspace) -> None:
    close_under(["\r", " ", " "], 5.0)
    workspace.library.refresh()
    record = workspace.library.get(id_of(workspace, "The long crossing"))
    assert record.position is not None


@pytest.mark.parametrize("name", ["xterm", "linux", "vt100"])
def test_the_cursor_is_visible_with_few_colors(
    workspace: Workspace,
    start: Callable[..., Program],
    name: str,
) -> None:
    """With 8 or 16 colours rows have no shades: the cursor's row is in reverse video."""
    app = start(term=name)
    app.shows("Sentence number 0")
    app.until(lambda: reversed_lines(app) != [])
    assert any("The long crossing" in line for line in reversed_lines(app))
    app.press("1")
    app.until(lambda: any("Inbox" in line for line in reversed_lines(app)))
    app.press("2", "q")
    assert app.ends() == 0


def reversed_lines(app: Program) -> list[str]:
    """The lines of the screen with cells in reverse video."""
    screen = app.screen
    return [
        lines_of(screen)[row]
        for row in range(screen.lines)
        if any(screen.buffer[row][column].reverse for column in range(screen.columns))
    ]


def test_another_program_is_seen_within_a_second(
    workspace: Workspace, start: Callable[..., Program]
) -> None:
    """The platform notifies the change; nothing is polled meanwhile."""
    app = start()
    app.shows("Sentence number 0")
    sleep(2.0)
    workspace.library.add([saving("From elsewhere", "Text.", "2026-04-01T00:00:00Z")], step=None)
    written = monotonic()
    app.shows("From elsewhere")
    assert monotonic() - written < 1.0 + SLACK
    app.press("q")
    assert app.ends() == 0
