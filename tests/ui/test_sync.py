"""The app synchronises on request, when it starts, and when it is left."""

from threading import Event

import pytest

from reader.model.errors import SyncError
from reader.services.outcome import Outcome
from reader.services.workspace import Job
from reader.settings import Settings, SyncSettings
from reader.ui.app import ReaderApp
from reader.ui.screens.main import MainScreen
from reader.ui.widgets.status_line import StatusLine
from tests.ui.conftest import press, screen_text, until
from tests.ui.memory_backend import MemoryBackend, sample
from tests.ui.test_main_screen import opened


async def test_sync_on_start_and_when_left() -> None:
    """Once each, and the app ends after the second."""
    backend = MemoryBackend(sample())
    app = ReaderApp(lambda: backend, Settings(sync=SyncSettings(on_start=True, on_leave=True)))
    async with app.run_test() as pilot:
        await opened(pilot)
        await until(pilot, lambda: backend.syncs == 1)
        await press(pilot, "q")
        await until(pilot, lambda: app.return_code == 0)
    assert backend.syncs == 2


async def test_sync_now() -> None:
    """A command of the palette; without a setting nothing is sent."""
    backend = MemoryBackend(sample())
    app = ReaderApp(lambda: backend, Settings())
    async with app.run_test() as pilot:
        await opened(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        assert backend.syncs == 0
        await screen.run_command("sync")
        await until(pilot, lambda: backend.syncs == 1)


@pytest.fixture(autouse=True)
def no_home(settled: object) -> None:
    """No file of this user."""


@pytest.mark.parametrize("columns", [200, 120, 90, 60])
async def test_a_failed_sync_stays_in_the_footer(
    monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """Progress and reason fit on any screen; the state goes with the next sync that succeeds."""
    backend = MemoryBackend(sample())
    app = ReaderApp(lambda: backend, Settings())
    ended = Event()

    def fail(job: Job) -> Outcome:
        job.progress(3, 8)
        ended.wait(10)
        raise SyncError("no connection to https://example.org/files: connection refused")

    async with app.run_test(size=(columns, 20)) as pilot:
        await opened(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        with monkeypatch.context() as patch:
            patch.setattr(backend, "sync", fail)
            await screen.run_command("sync")
            await until(pilot, lambda: "syncing 3 of 8" in screen_text(app))
            ended.set()
            await until(pilot, lambda: "no connection to https" in screen_text(app))
        screen.query_one(StatusLine).show_message(None)
        await until(pilot, lambda: "not synced" in screen_text(app))
        await screen.run_command("sync")
        await until(pilot, lambda: backend.syncs == 1 and "not synced" not in screen_text(app))
