"""The app over a library in memory."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any, Final

import pytest
from textual._context import active_app, visible_screen_stack
from textual.app import App
from textual.pilot import Pilot

from reader.settings import Settings
from reader.ui.app import ReaderApp
from tests.ui.memory_backend import MemoryBackend, sample

UNTIL = 60.0
"""Seconds that a test waits for something that should be there at once."""
_TURN: Final = 0.001
"""Seconds between two looks at threads and queues."""
_QUIET_TURNS: Final = 3
"""Looks in a row that find nothing to do: a message may lead to another one."""


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend(sample())


@pytest.fixture
def app(backend: MemoryBackend) -> ReaderApp:
    return ReaderApp(lambda: backend, Settings())


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
    deadline = monotonic() + UNTIL
    while not holds():
        assert monotonic() < deadline, f"it never came to be; focused: {pilot.app.focused}"
        await pilot.pause(0.01)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys, and wait until each is handled: some wait for the rows or the text they act on."""
    await pilot.press(*keys)
    app = pilot.app
    assert isinstance(app, ReaderApp)
    await until(pilot, lambda: app._queue.is_idle or not app.is_running)
    await pilot.pause()


async def wait_for_workers(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Wait until no thread works for the app, and every message in its queues was handled.

    In place of Textual's own wait, which sleeps 20 ms at a time until the process is idle.
    """
    app = active_app.get()
    deadline = monotonic() + max_sleep
    quiet = 0
    while quiet < _QUIET_TURNS and monotonic() < deadline:
        await asyncio.sleep(_TURN)
        is_working = any(worker.is_running for worker in app.workers)
        quiet = 0 if is_working or not _are_queues_empty(app) else quiet + 1


def _are_queues_empty(app: App[Any]) -> bool:
    if isinstance(app, ReaderApp) and not app._queue.is_idle:
        return False
    return all(each._message_queue.empty() for each in (app, *app._registry))


@pytest.fixture(autouse=True)
def no_idle_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a key take as long as the app needs for it."""
    for module in ("textual.app", "textual.pilot"):
        monkeypatch.setattr(f"{module}.wait_for_idle", wait_for_workers)
