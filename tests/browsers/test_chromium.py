"""One click in a real Chromium: the page that it shows is in the library, and in the open app.

Run by `make test-browsers`; needs Chromium (`apt-get install chromium`) and Playwright.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reader.paths import find
from reader.services.bookmarklet import bookmarklet
from reader.services.browser_manifests import Browser, install
from reader.services.watch_folder import WatchFolder
from reader.services.workspace import Workspace
from reader.settings import FetchSettings, Settings
from tests.browsers.conftest import MAX_SECONDS, OpenApp
from tests.browsers.pages import COOKIE, HEADERS, saved

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.xdist_group("browsers"),
]

EXTENSION = Path(__file__).parent / "extension"


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Any]:
    """A Chromium with the test extension, whose profile knows our host."""
    profile, extension = tmp_path / "profile", tmp_path / "extension"
    shutil.copytree(EXTENSION, extension)
    browser = Browser("chromium", profile, profile / "NativeMessagingHosts")
    install(browser, find(), os.environ)
    # An unpacked extension's id: the first 32 hexadecimal digits of its path's hash, as a to p.
    digest = hashlib.sha256(str(extension).encode()).hexdigest()[:32]
    own = "".join(chr(ord("a") + int(digit, 16)) for digit in digest)
    values = json.loads(browser.manifest.read_text())
    values["allowed_origins"].append(f"chrome-extension://{own}/")
    browser.manifest.write_text(json.dumps(values))
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            headless=False,
            accept_downloads=True,
            args=[
                "--headless=new",
                "--no-sandbox",
                f"--disable-extensions-except={extension}",
                f"--load-extension={extension}",
            ],
        )
        yield opened
        opened.close()


@pytest.mark.parametrize("path", list(HEADERS))
def test_one_click_saves_what_the_browser_shows(
    context: Any, server: str, path: str, app: OpenApp
) -> None:
    """Behind a login, under strict policies, drawn by scripts, 16 MB: the row is in the app."""
    if path == "/login":
        context.add_cookies([{"name": COOKIE[0], "value": COOKIE[1], "url": server}])
    tab = context.new_page()
    tab.goto(server + path)
    tab.bring_to_front()
    workers = context.service_workers
    worker = workers[0] if workers else context.wait_for_event("serviceworker")
    begun = time.monotonic()
    answer = worker.evaluate("savePage()")
    stored = time.monotonic() - begun
    assert answer == {}
    shown = app.wait_for(f"Ferry {path[1:]}")
    print(f"{path}: {stored:.2f} s from the click to the answer, {shown:.2f} s to the row")
    assert shown < MAX_SECONDS
    assert saved()[server + path].count("night ferry leaves") == 10


@pytest.mark.parametrize("path", [path for path in HEADERS if path not in ("/large", "/login")])
def test_the_bookmarklet_downloads_what_the_browser_shows(
    context: Any, server: str, path: str, tmp_path: Path
) -> None:
    """Its file, saved into the drop folder, becomes an article under the page's address."""
    drop = tmp_path / "drop"
    drop.mkdir()
    tab = context.new_page()
    tab.goto(server + path)
    with tab.expect_download() as waiting:
        # A bookmark runs its code outside of the page's policy, as the debugger does.
        tab.context.new_cdp_session(tab).send(
            "Runtime.evaluate",
            {"expression": decoded(bookmarklet()), "userGesture": True},
        )
    waiting.value.save_as(drop / "page.html")
    with Workspace(find(), Settings(fetch=FetchSettings(drop=str(drop)))) as workspace:
        (imported,) = WatchFolder(workspace).scan(settled=True)
        assert imported.reason == ""
    ((url, text),) = saved().items()
    assert url == server + path
    assert text.count("night ferry leaves") == 10


def decoded(address: str) -> str:
    from urllib.parse import unquote

    return unquote(address.removeprefix("javascript:"))
