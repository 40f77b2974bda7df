"""The app synchronises on request, when it starts, and when it is left."""

import pytest

from reader.settings import Settings, SyncSettings
from reader.ui.app import ReaderApp
from reader.ui.screens.main import MainScreen
from tests.ui.conftest import press, until
from tests.ui.memory_backend import MemoryBackend, sample
from tests.ui.test_main_screen import opened


async def test_sync_on_start_and_when_left() -> None:
    """Once each, and the app ends after the second."""
    desk = MemoryBackend(sample())
    app = ReaderApp(lambda: desk, Settings(sync=SyncSettings(on_start=True, on_leave=True)))
    async with app.run_test() as pilot:
        await opened(pilot)
        await until(pilot, lambda: desk.syncs == 1)
        await press(pilot, "q")
        await until(pilot, lambda: app.return_code == 0)
    assert desk.syncs == 2


async def test_sync_now() -> None:
    """A command of the palette; without a setting nothing is sent."""
    desk = MemoryBackend(sample())
    app = ReaderApp(lambda: desk, Settings())
    async with app.run_test() as pilot:
        await opened(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        assert desk.syncs == 0
        await screen.run_command("sync")
        await until(pilot, lambda: desk.syncs == 1)


@pytest.fixture(autouse=True)
def no_home(settled: object) -> None:
    """No file of this user."""
