"""The app over a library in memory."""

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from reader.settings import Settings
from reader.ui.app import ReaderApp
from tests.ui.memory_backend import MemoryBackend, sample

UNTIL = 60.0
"""Seconds that a test waits for something that should be there at once."""


@pytest.fixture
def desk() -> MemoryBackend:
    return MemoryBackend(sample())


@pytest.fixture
def app(desk: MemoryBackend) -> ReaderApp:
    return ReaderApp(lambda: desk, Settings())


async def until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    """Wait until something holds, however long threads take; fails after a deadline."""
    from time import monotonic

    deadline = monotonic() + UNTIL
    while not holds():
        assert monotonic() < deadline, "it never came to be"
        await pilot.pause(0.01)
