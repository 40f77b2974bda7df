"""A device with a small disk brings the journals, and each text when it is wanted."""

from pathlib import Path

import pytest

from reader.library.article_folders import exists
from reader.model.errors import SyncError
from reader.model.query import parse
from reader.services import articles, sync, sync_texts
from reader.services.doctor import check_library
from tests.sync.devices import Device
from tests.sync.remotes import MemoryRemote


def test_texts_come_when_they_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list is whole, the doctor is content, opening brings one, and searching finds it then."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    names = one.add(*range(4))
    one.sync()
    two = Device(tmp_path, "two", remote).begin()
    with two.opened() as workspace:
        report = sync.run_sync(workspace, store=remote, on_demand=True)
        assert (report.received, report.problems) == (0, [])
        assert two.state() == one.state()
        assert not list((two.places.home / "articles").rglob("*.md"))
        assert check_library(workspace).is_ok
        monkeypatch.setattr(sync, "open_remote", lambda *words, **named: remote)
        cache = workspace.synced_cache(text=True)
        assert not list(cache.listing(parse("sentence"), now=workspace.now()).ids())
        opened = articles.read(workspace, cache, names[2])
        assert "violin" in opened.markdown
        cache = workspace.synced_cache(text=True)
        assert list(cache.listing(parse("sentence"), now=workspace.now()).ids()) == [names[2]]
        assert sync_texts.bring_entries(workspace, names[:2], store=remote) == 2
        assert sync_texts.bring_entries(workspace, names[:2], store=remote) == 0
        remote.objects = {
            name: content for name, content in remote.objects.items() if ".tar" not in name
        }
        with pytest.raises(SyncError, match="lacks"):
            sync_texts.bring_entries(workspace, names, store=remote)


def test_all_texts_come_again(tmp_path: Path) -> None:
    """Where the device gets room, one sync brings the rest."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    one.add(*range(4))
    one.sync()
    two = Device(tmp_path, "two", remote).begin()
    with two.opened() as workspace:
        sync.run_sync(workspace, store=remote, on_demand=True)
        report = sync.run_sync(workspace, store=remote, on_demand=False)
        assert report.received == 4
    folders = [str(fields["folder"]) for fields in two.state().values()]
    assert all(exists(two.places.home, each) for each in folders)
