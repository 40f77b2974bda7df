"""One click in a real Chromium: the page that it shows is in the library.

Run by `make test-browsers`; needs Chromium (`apt-get install chromium`) and Playwright.
"""

import hashlib
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from reader.paths import find
from reader.services.bookmarklet import bookmarklet
from reader.services.browser_manifests import Browser, install
from reader.services.watch_folder import WatchFolder
from reader.services.workspace import Workspace
from reader.settings import FetchSettings, Settings

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

EXTENSION = Path(__file__).parent / "extension"
PARAGRAPH = "The night ferry leaves the harbour at ten and reaches the island before sunrise. " * 5
STRICT = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'"
HEADERS = {
    "/plain": {},
    "/login": {},
    "/csp": {"Content-Security-Policy": STRICT},
    "/coop": {"Cross-Origin-Opener-Policy": "same-origin"},
    "/drawn": {},
    "/large": {},
}


def page(path: str) -> str:
    """Return the page of a path; the large one is padded to 16 MB by a hidden text."""
    text = f"<article><h1>Ferry {path[1:]}</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></article>"
    if path == "/drawn":
        code = f"document.querySelector('main').innerHTML = {json.dumps(text)}"
        return f"<!DOCTYPE html><title>Ferry drawn</title><main></main><script>{code}</script>"
    padding = f"<!-- {'x' * (16 << 20)} -->" if path == "/large" else ""
    return f"<!DOCTYPE html><title>Ferry {path[1:]}</title>{text}{padding}"


class Pages(BaseHTTPRequestHandler):
    """Serves the pages; `/login` shows its article only with the cookie."""

    def do_GET(self) -> None:
        known = self.path in HEADERS
        body = page(self.path) if known else ""
        if self.path == "/login" and "session=1" not in self.headers.get("Cookie", ""):
            body = "<!DOCTYPE html><title>Login</title><form>Please log in</form>"
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        for name, value in HEADERS.get(self.path, {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[str]:
    opened = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=opened.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{opened.server_port}"
    opened.shutdown()
    opened.server_close()


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


def saved() -> dict[str | None, str]:
    with Workspace(find(), Settings()) as workspace:
        return {
            record.entry.url: workspace.library.markdown(record.entry.id)
            for record in workspace.library.records()
        }


@pytest.mark.parametrize("path", list(HEADERS))
def test_one_click_saves_what_the_browser_shows(context: Any, server: str, path: str) -> None:
    """Behind a login, under strict policies, drawn by scripts, 16 MB: the text is in the library."""
    if path == "/login":
        context.add_cookies([{"name": "session", "value": "1", "url": server}])
    tab = context.new_page()
    tab.goto(server + path)
    tab.bring_to_front()
    workers = context.service_workers
    worker = workers[0] if workers else context.wait_for_event("serviceworker")
    began = time.perf_counter()
    answer = worker.evaluate("savePage()")
    print(f"{path}: {time.perf_counter() - began:.2f} s from the click to the answer")
    assert answer == {}
    ((url, text),) = saved().items()
    assert url == server + path
    assert text.count("night ferry leaves") == 10


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
