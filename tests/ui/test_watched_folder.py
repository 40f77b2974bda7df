"""The app takes in what other programs leave in the drop folder."""

from pathlib import Path

from reader import resources
from reader.paths import find
from reader.services.workspace import Workspace
from reader.settings import FetchSettings, Settings
from reader.ui.library_backend import LibraryBackend


def test_a_dropped_page_becomes_a_row(settled: Path) -> None:
    """Two looks after a page was left there it is in the library; a missing folder is no error."""
    drop = settled / "drop"
    with Workspace(find(), Settings(fetch=FetchSettings(drop=str(drop)))) as workspace:
        backend = LibraryBackend(workspace)
        assert not backend.pull_changes()
        drop.mkdir()
        (drop / "page.html").write_bytes(
            (resources.sample_articles() / "ferry-news.html").read_bytes()
        )
        assert not backend.pull_changes()
        assert backend.pull_changes()
        assert [record.entry.site for record in workspace.library.records()] != []
