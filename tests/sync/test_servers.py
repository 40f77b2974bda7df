"""The same run over every storage: a folder, and real servers, which the tests start themselves."""

import os
import sys
from pathlib import Path

import pytest

from reader.model.change import Change
from reader.model.errors import MissingExtraError, SyncError, UsageError
from reader.sync.object_store import Access, open_store
from reader.sync.seal import new_identity
from tests.loopback import plain, running
from tests.sync import servers
from tests.sync.devices import Device
from tests.sync.test_inbox import PAGE


@pytest.mark.parametrize(
    "server",
    [
        name if name == "folder" else pytest.param(name, marks=pytest.mark.server)
        for name in servers.SERVERS
    ],
)
def test_two_devices_meet_on_a_server(tmp_path: Path, server: str) -> None:
    """Everything arrives, with the same count of requests everywhere; the inbox is taken in."""
    if servers.is_missing(server):
        pytest.skip(
            "its program is not installed: `pip install 'reader-tui[servers]'`, `npm install -g azurite`"
        )
    with servers.SERVERS[server](tmp_path / "served") as store:
        one = Device(tmp_path, "one", store).begin()
        names = one.add(*range(5))
        first = one.sync()
        assert (first.sent, first.problems) == (5, [])
        assert first.requests == 1 + 5 + 1 + 1
        assert one.sync().requests == 1
        one.add(10)
        assert one.sync().requests == 3
        two = Device(tmp_path, "two", store).begin()
        assert two.sync().received == 6
        assert two.state() == one.state()
        two.library().change({names[0]: Change(starred=True)}, step=None)
        store.put("inbox/Ferns – 2026 (ü).html", PAGE)
        store.put("inbox/shared/links.txt", b"https://example.org/shared")
        assert two.sync().inbox == 2
        assert one.sync().problems == []
        assert one.state() == two.state()
        assert not store.list_level("inbox").sizes
        assert not store.list_some("inbox/shared", 10)
        assert one.sync().requests <= 3
        store.delete(["inbox/nothing", "articles/2026/nothing.tar"])


@pytest.mark.server
def test_refusals_are_one_line_without_the_secret(tmp_path: Path) -> None:
    """A wrong password, no server, a full address."""
    if servers.is_missing("rclone"):
        pytest.skip("rclone is not installed")
    with servers.rclone_webdav(tmp_path / "served") as store:
        address = store.label
        wrong = open_store(address, Access("me", "wrong-secret"))
        with pytest.raises(SyncError, match="refuses access") as refused:
            wrong.list_level()
        assert "wrong-secret" not in str(refused.value)
    with pytest.raises(SyncError, match="no connection") as gone:
        open_store(address, Access("me", "wrong-secret")).get("x", 10)
    assert "wrong-secret" not in str(gone.value)
    assert "\n" not in str(gone.value)


@pytest.mark.parametrize(
    "url",
    ["https://me:secret@example.org/x", "ftp://example.org/x", "s3:///x", "gopher:x"],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    """Passwords in addresses are seen by others, and refused without repeating them."""
    with pytest.raises(UsageError) as refused:
        open_store(url, Access())
    assert "secret@" not in str(refused.value)


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """An unmounted disk must not be filled below its mount point."""
    with pytest.raises(SyncError, match="is the disk connected"):
        open_store(str(tmp_path / "gone"), Access())
    assert not (tmp_path / "gone").exists()


def test_without_the_extra_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything else works without obstore and pyrage."""
    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.setitem(sys.modules, "pyrage", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'reader-tui\[sync\]'"):
        open_store(str(tmp_path), Access())
    with pytest.raises(MissingExtraError):
        new_identity()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (plain(b"<html>Welcome to the hotel</html>"), "not that of a WebDAV server"),
        (b"SSH-2.0-OpenSSH_9\r\n", "does not speak HTTP"),
    ],
)
def test_a_server_that_speaks_something_else_is_named(answer: bytes, said: str) -> None:
    """The login page of a network, and a port of another service."""
    with running() as server:
        server.answers["/reader"] = answer
        with pytest.raises(SyncError, match=said) as caught:
            open_store(f"{server.url}/reader", Access("me", "my secret")).list_level("")
        assert "PROPFIND" not in str(caught.value)


@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_what_is_no_file_in_a_folder_is_damaged(tmp_path: Path, kind: str) -> None:
    """It is neither waited for nor followed; the device that has the original sends it again."""
    secret = tmp_path / "secret"
    secret.write_text("<article>" + "<p>A private sentence of this machine, on its own.</p>" * 9)

    def put_there(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "link":
            path.symlink_to(secret)
        else:
            path.mkdir()

    remote = tmp_path / "remote"
    store = open_store(str(remote), Access(), create=True)
    one, two = (Device(tmp_path, name, store) for name in ("one", "two"))
    one.begin()
    one.add(1)
    one.sync()
    (archive,) = (remote / "articles").rglob("*.tar")
    put_there(archive)
    put_there(remote / "inbox" / "page.html")
    two.begin()
    two.sync()
    assert not [each for each in two.library().records() if "private" in (each.entry.title or "")]
    if kind != "folder":
        one.sync()
        two.sync()
        assert archive.is_file()
        assert not archive.is_symlink()
        (record,) = two.library().records()
        assert two.library().markdown(record.entry.id)


def test_a_foreign_name_in_a_folder_stops_no_sync(tmp_path: Path) -> None:
    """The file of a folder's icon on macOS."""
    remote = tmp_path / "remote"
    store = open_store(str(remote), Access(), create=True)
    one, two = (Device(tmp_path, name, store) for name in ("one", "two"))
    one.begin()
    one.add(1)
    one.sync()
    (remote / "inbox").mkdir()
    (remote / "inbox" / "page.html").write_bytes(PAGE)
    for folder in (remote, remote / "inbox"):
        (folder / "Icon\r").touch()
        (folder / "journal#1").touch()
    plain_names = {name for name in store.list_level().sizes if name.startswith("journal")}
    assert plain_names
    assert "journal#1" not in plain_names
    two.begin()
    two.sync()
    one.sync()
    for device in (one, two):
        assert len(list(device.library().records())) == 2
