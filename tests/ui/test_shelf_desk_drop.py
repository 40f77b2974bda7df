"""The app takes in what other programs leave in the drop folder."""

from pathlib import Path

from reader import resources
from reader.paths import find
from reader.services.workspace import Shelf
from reader.settings import Fetching, Settings
from reader.ui.library_backend import ShelfDesk


def test_a_dropped_page_becomes_a_row(settled: Path) -> None:
    """Two looks after a page was left there it is in the library; a missing folder is no error."""
    drop = settled / "drop"
    with Shelf(find(), Settings(fetch=Fetching(drop=str(drop)))) as shelf:
        desk = ShelfDesk(shelf)
        assert not desk.has_changed()
        drop.mkdir()
        (drop / "page.html").write_bytes((resources.seeds() / "ferry-news.html").read_bytes())
        assert not desk.has_changed()
        assert desk.has_changed()
        assert [record.entry.site for record in shelf.library.records()] != []
