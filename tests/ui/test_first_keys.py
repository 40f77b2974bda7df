"""Keys that are typed before the app is there: moves are answered at once, the rest in its turn."""

from threading import Event

from reader.model.query import parse
from reader.services.views import INBOX
from reader.settings import Settings
from reader.ui.app import ReaderApp
from reader.ui.startup_rows import StartupRows
from reader.ui.widgets.entry_list import EntryList
from tests.ui.conftest import UNTIL, until
from tests.ui.memory_backend import MemoryBackend


async def test_moves_are_answered_before_the_rest_is_there(backend: MemoryBackend) -> None:
    """The first rows can be walked through while the library is opened; a change waits for it."""
    there = Event()

    def open_slowly() -> MemoryBackend:
        there.wait(UNTIL)
        return backend

    first = StartupRows(backend.listing(parse(INBOX.query)))
    app = ReaderApp(open_slowly, Settings(), first)
    async with app.run_test() as pilot:
        entries = app.screen.query_one(EntryList)
        await until(pilot, lambda: entries.has_focus)
        app.simulate_key("j")
        await until(pilot, lambda: entries.cursor == 1)
        for key in ("s", "j"):
            app.simulate_key(key)
        await pilot.pause(0.05)
        assert entries.cursor == 1
        assert not backend.steps
        there.set()
        await until(pilot, lambda: entries.cursor == 2)
        await until(pilot, lambda: bool(backend.steps))
        ((_, before),) = backend.steps
        assert list(before) == [first[1].id]
