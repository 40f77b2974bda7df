"""The app over a library in memory."""

from collections.abc import Callable
from typing import Any

import pytest
from textual._context import visible_screen_stack
from textual.app import App
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


def screen_text(app: App[Any]) -> str:
    """Return the text on the screen, control codes included, drawn as the app draws it.

    Outside the app's own drawing a dialog does not know the screens below it: its background would
    be drawn as a plain colour, and stay so until it changes.
    """
    token = visible_screen_stack.set(app._background_screens)
    try:
        return "\n".join(strip.text for strip in app.screen._compositor.render_strips())
    finally:
        visible_screen_stack.reset(token)


async def until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    """Wait until something holds, however long threads take; fails after a deadline."""
    from time import monotonic

    deadline = monotonic() + UNTIL
    while not holds():
        assert monotonic() < deadline, "it never came to be"
        await pilot.pause(0.01)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys, and wait until each is handled: some wait for the rows or the text they act on."""
    await pilot.press(*keys)
    app = pilot.app
    assert isinstance(app, ReaderApp)
    await until(pilot, lambda: app._queue.is_idle or not app.is_running)
    await pilot.pause()
