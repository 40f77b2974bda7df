"""Notification of changes in the library's folders."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from reader.services import library_watcher


@contextmanager
def watching(*folders: Path) -> Iterator[Event]:
    """Watch the folders in a thread; the event is set by each call."""
    called, stopped = Event(), Event()
    thread = Thread(target=library_watcher.watch, args=(folders, called.set, stopped))
    thread.start()
    try:
        yield called
    finally:
        stopped.set()
        thread.join(10)


def test_what_changed_before_watching_began_is_reported(tmp_path: Path) -> None:
    """The platform reports nothing that happened before: one call follows each start."""
    with watching(tmp_path) as called:
        assert called.wait(10)
        called.clear()
        assert not called.wait(2.5)
        (tmp_path / "a.log").write_text("x")
        assert called.wait(10)


def test_a_folder_that_appears_is_watched(tmp_path: Path) -> None:
    """A new library has no journal yet; what is written right after it appears is reported."""
    journal = tmp_path / "journal"
    with watching(journal) as called:
        assert not called.wait(0.7)
        journal.mkdir()
        assert called.wait(10)
        called.clear()
        (journal / "a.log").write_text("x")
        assert called.wait(10)
