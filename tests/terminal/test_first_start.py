"""The first minutes of somebody new."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.terminal.emulator import ROOT, Program

pytestmark = [pytest.mark.terminal, pytest.mark.xdist_group("terminal")]


def reader(*words: str) -> str:
    """What a command printed; it must not fail."""
    command = [sys.executable, "-m", "reader", *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return done.stdout


def test_samples_come_once_and_never_again(start: Callable[..., Program]) -> None:
    """They are there to read at once, go by one command, and stay away however often one starts."""
    app = start()
    app.shows("Why the ferry still beats the bridge")
    app.shows("#sample")
    app.press("j")
    app.shows("little of it is about speed")
    app.press("q")
    assert app.ends() == 0
    assert reader("rm", "--query", "tag:sample", "--yes") == "Moved 10 articles to Trash\n"
    assert reader("trash", "--empty", "--yes") == "Permanently deleted 10 articles\n"
    again = start()
    again.shows("Nothing saved yet")
    again.press("q")
    assert again.ends() == 0
    assert reader("list") == ""
