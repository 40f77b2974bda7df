"""A folder in which other programs leave pages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reader import resources
from reader.model.errors import SourceError
from reader.paths import find
from reader.services.watch_folder import WatchFolder
from reader.services.workspace import Workspace
from reader.settings import FetchSettings, Settings

Open = Callable[[], WatchFolder]


@pytest.fixture
def drop(settled: Path) -> Path:
    folder = settled / "drop"
    folder.mkdir()
    return folder


@pytest.fixture
def opened(drop: Path) -> Iterator[Open]:
    with Workspace(find(), Settings(fetch=FetchSettings(drop=str(drop)))) as workspace:
        yield lambda: WatchFolder(workspace)


def article() -> bytes:
    return (resources.sample_articles() / "ferry-news.html").read_bytes()


def test_a_file_is_saved_once_it_stands_still(drop: Path, opened: Open) -> None:
    """Half a file is left alone; the whole one is saved, and stays where it is."""
    folder = opened()
    (drop / "ferry.html").write_bytes(article()[:300])
    assert folder.scan() == []
    (drop / "ferry.html").write_bytes(article())
    assert folder.scan() == []
    (taken,) = folder.scan()
    assert taken.saved is not None
    assert taken.saved.is_new
    assert "ferry" in taken.saved.entry.title
    assert folder.scan() == []
    assert (drop / "ferry.html").read_bytes() == article()


def test_what_was_taken_is_remembered_by_the_next_process(drop: Path, opened: Open) -> None:
    """Another start saves nothing twice; a file that changed is looked at again."""
    (drop / "ferry.html").write_bytes(article())
    assert len(opened().scan(settled=True)) == 1
    assert opened().scan(settled=True) == []
    (drop / "ferry.html").write_bytes(article() + b"<!-- again -->")
    assert len(opened().scan(settled=True)) == 1


def test_failed_saves_are_reported_once(drop: Path, opened: Open) -> None:
    """A file without an article has its reason, and is not tried again until it changes."""
    (drop / "empty.html").write_bytes(b"<html></html>")
    (told,) = opened().scan(settled=True)
    assert told.saved is None
    assert told.reason.startswith("no article")
    assert opened().scan(settled=True) == []


def test_only_pages_are_looked_at(drop: Path, opened: Open, settled: Path) -> None:
    """Hidden files, parts of downloads, pictures, folders and links out of the folder are not."""
    secret = settled / "secret.html"
    secret.write_bytes(article())
    for name in (".hidden.html", "page.html.part", "picture.png"):
        (drop / name).write_bytes(article())
    (drop / "folder.html").mkdir()
    (drop / "link.html").symlink_to(secret)
    assert opened().scan(settled=True) == []


def test_a_missing_folder_is_reported_and_none_is_fine(drop: Path, opened: Open) -> None:
    """The setting is named where the folder is not there; without a setting nothing is read."""
    drop.rmdir()
    with pytest.raises(SourceError, match=r"fetch\.drop"):
        opened().scan()
    with Workspace(find(), Settings()) as workspace:
        assert WatchFolder(workspace).scan(settled=True) == []
