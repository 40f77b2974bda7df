"""One click in a real Firefox: the page that it shows is in the library, and in the open app.

Run by `make test-browsers`; needs Firefox (`apt-get install firefox-esr`) and websockets.
"""

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from reader.paths import find
from reader.services.bookmarklet import bookmarklet
from reader.services.browser_manifests import Browser, install
from reader.services.watch_folder import WatchFolder
from reader.services.workspace import Workspace
from reader.settings import FetchSettings, Settings
from tests.browsers.conftest import MAX_SECONDS, OpenApp
from tests.browsers.pages import COOKIE, HEADERS, saved

bidi: Any = pytest.importorskip(
    "tests.browsers.bidi", reason="websockets is not installed", exc_type=ImportError
)
FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(FIREFOX is None, reason="Firefox is not installed"),
    pytest.mark.xdist_group("browsers"),
]

EXTENSION = Path(__file__).parent / "extension"
PATIENCE = 40.0
"""Seconds for what Firefox does by itself: on a busy machine a page of 16 MB takes ten."""


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Any]:
    """A Firefox that knows our host, in a home of its own; `companion` is the extension's id."""
    home, extension = tmp_path / "firefox", tmp_path / "extension"
    shutil.copytree(EXTENSION, extension)
    mozilla = home / ".mozilla"
    browser = Browser("firefox", mozilla, mozilla / "native-messaging-hosts", is_firefox=True)
    install(browser, find(), os.environ)
    own = json.loads((extension / "manifest.json").read_text())["browser_specific_settings"]
    values = json.loads(browser.manifest.read_text())
    values["allowed_extensions"].append(own["gecko"]["id"])
    browser.manifest.write_text(json.dumps(values))
    assert FIREFOX is not None
    with bidi.started(FIREFOX, home / "profile", {**os.environ, "HOME": str(home)}) as opened:
        opened.companion = opened.install(extension)
        yield opened


def wait_for_article(url: str) -> str:
    """Wait until the library has the article of an address; return its text."""
    deadline = time.monotonic() + PATIENCE
    while url not in (found := saved()):
        assert time.monotonic() < deadline, "the page was never saved"
        time.sleep(0.02)
    return found[url]


@pytest.mark.parametrize("path", list(HEADERS))
def test_one_click_saves_what_the_browser_shows(
    firefox: Any, server: str, path: str, app: OpenApp
) -> None:
    """Behind a login, under strict policies, drawn by scripts, 16 MB: the row is in the app."""
    if path == "/login":
        firefox.set_cookie(server, *COOKIE)
    firefox.open(server + path)
    begun = time.monotonic()
    firefox.click_button(firefox.companion)
    text = wait_for_article(server + path)
    stored = time.monotonic() - begun
    shown = app.wait_for(f"Ferry {path[1:]}")
    print(f"{path}: {stored:.2f} s from the click to the library, {shown:.2f} s to the row")
    assert shown < MAX_SECONDS
    assert text.count("night ferry leaves") == 10


@pytest.mark.parametrize("path", [path for path in HEADERS if path not in ("/large", "/login")])
def test_the_bookmarklet_downloads_what_the_browser_shows(
    firefox: Any, server: str, path: str, tmp_path: Path
) -> None:
    """Its file, saved into the drop folder, becomes an article under the page's address."""
    drop = tmp_path / "drop"
    drop.mkdir()
    behavior = {"type": "allowed", "destinationFolder": str(drop)}
    firefox.call("browser.setDownloadBehavior", downloadBehavior=behavior)
    firefox.open(server + path)
    firefox.run(unquote(bookmarklet().removeprefix("javascript:")))
    deadline = time.monotonic() + PATIENCE
    while not list(drop.glob("*.html")) or list(drop.glob("*.part")):
        assert time.monotonic() < deadline, "nothing was downloaded"
        time.sleep(0.05)
    with Workspace(find(), Settings(fetch=FetchSettings(drop=str(drop)))) as workspace:
        (imported,) = WatchFolder(workspace).scan(settled=True)
        assert imported.reason == ""
    ((url, text),) = saved().items()
    assert url == server + path
    assert text.count("night ferry leaves") == 10
