"""The native messaging host is registered with browsers, and other programs keep their own."""

import json
import stat
import sys
from pathlib import Path

import pytest

from reader.model.errors import UsageError
from reader.paths import Paths
from reader.services.browser_manifests import (
    Browser,
    ManifestState,
    browsers,
    install,
    launcher_path,
    select,
    status,
    uninstall,
)


@pytest.fixture
def places(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "home", tmp_path / "state", tmp_path / "cache", tmp_path / "c.toml")


@pytest.fixture
def user(tmp_path: Path) -> Path:
    """A home folder in which Firefox and Chromium have been used."""
    home = tmp_path / "user"
    (home / ".mozilla").mkdir(parents=True)
    (home / ".config" / "chromium").mkdir(parents=True)
    return home


def named(home: Path, name: str) -> Browser:
    (found,) = [each for each in browsers(home, is_mac=False) if each.name == name]
    return found


def test_only_browsers_of_this_user_are_chosen(user: Path) -> None:
    """Without names, the browsers with a settings folder; unknown names are refused."""
    assert [each.name for each in select([], user)] == ["firefox", "chromium"]
    assert [each.name for each in select(["chrome"], user)] == ["chrome"]
    with pytest.raises(UsageError, match="use one of firefox"):
        select(["netscape"], user)
    with pytest.raises(UsageError, match="no browser found"):
        select([], user / "nothing")


def test_a_new_firefox_is_found(tmp_path: Path) -> None:
    """Since version 147 its profiles are in `.config`; it reads manifests from the former folder."""
    (tmp_path / ".config" / "mozilla" / "firefox").mkdir(parents=True)
    (found,) = select([], tmp_path)
    assert found.name == "firefox"
    if sys.platform != "darwin":
        assert found.manifest.parent == tmp_path / ".mozilla" / "native-messaging-hosts"


@pytest.mark.parametrize("name", ["firefox", "chromium"])
def test_a_manifest_is_written_and_removed(user: Path, places: Paths, name: str) -> None:
    """The manifest names an executable launcher and the extension in the browser's own form."""
    browser = named(user, name)
    assert status(browser, places).state is ManifestState.MISSING
    install(browser, places, {"READER_HOME": "/books/my library"})
    assert status(browser, places).state is ManifestState.INSTALLED
    values = json.loads(browser.manifest.read_text())
    assert values["name"] == "singlefile_companion"
    assert values["type"] == "stdio"
    assert ("allowed_extensions" in values) is (name == "firefox")
    assert ("allowed_origins" in values) is (name == "chromium")
    launcher = Path(values["path"])
    assert launcher == launcher_path(places)
    assert launcher.stat().st_mode & stat.S_IXUSR
    assert "READER_HOME='/books/my library'" in launcher.read_text()
    launcher.unlink()
    assert status(browser, places).state is ManifestState.BROKEN
    assert uninstall(browser, places)
    assert not browser.manifest.exists()
    assert not uninstall(browser, places)


def test_another_program_gets_its_manifest_back(user: Path, places: Paths) -> None:
    """A foreign manifest is kept beside ours, and put back unchanged."""
    browser = named(user, "firefox")
    browser.manifest_folder.mkdir()
    theirs = json.dumps({"name": "singlefile_companion", "path": "/opt/companion"})
    browser.manifest.write_text(theirs)
    found = status(browser, places)
    assert (found.state, found.program) == (ManifestState.OTHER, "/opt/companion")
    assert not uninstall(browser, places)
    install(browser, places, {})
    install(browser, places, {})
    assert status(browser, places).state is ManifestState.INSTALLED
    assert uninstall(browser, places)
    assert browser.manifest.read_text() == theirs
    assert list(browser.manifest_folder.iterdir()) == [browser.manifest]


@pytest.mark.parametrize("content", [b"", b"[", b"[]", b"\xff", b"[" * 50_000, b'{"path": 7}'])
def test_a_damaged_manifest_counts_as_foreign(user: Path, places: Paths, content: bytes) -> None:
    """A manifest that cannot be parsed is never overwritten silently."""
    browser = named(user, "firefox")
    browser.manifest_folder.mkdir()
    browser.manifest.write_bytes(content)
    assert status(browser, places).state is ManifestState.OTHER
