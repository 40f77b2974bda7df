"""A server of pages, and the open app, which shows what a browser saves."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browsers import pages
from tests.terminal.emulator import Program

MAX_SECONDS = 3.0
"""Seconds from the page in the library to its row in the app: half a second on an idle machine, one
on two cores with a load of five."""


@pytest.fixture
def server() -> Iterator[str]:
    """The address of the pages."""
    with pages.serving() as address:
        yield address


class OpenApp:
    """The app in a terminal, on the library that the browsers save into."""

    def __init__(self) -> None:
        self._program = Program("-m", "reader", columns=100, lines=30)
        # The first of the sample articles: from then on the folders are watched.
        self._program.shows("Start here")

    def wait_for(self, title: str) -> float:
        """Wait until a row shows the title; return the seconds."""
        begun = time.monotonic()
        self._program.until(lambda: f"● {title}" in self._program.text)
        return time.monotonic() - begun

    def close(self) -> None:
        self._program.press("q", "q")
        self._program.ends()
        self._program.close()


@pytest.fixture
def app(settled: Path) -> Iterator[OpenApp]:
    """The open app on a new library."""
    opened = OpenApp()
    yield opened
    opened.close()
