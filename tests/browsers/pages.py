"""The pages that browsers show in these tests, and what the library holds afterwards."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from reader.paths import find
from reader.services.workspace import Workspace
from reader.settings import Settings

PARAGRAPH = "The night ferry leaves the harbour at ten and reaches the island before sunrise. " * 5
STRICT = "default-src 'none'; script-src 'self'"
HEADERS = {
    "/plain": {},
    "/login": {},
    "/csp": {"Content-Security-Policy": STRICT},
    "/coop": {"Cross-Origin-Opener-Policy": "same-origin"},
    "/trusted": {"Content-Security-Policy": f"{STRICT}; require-trusted-types-for 'script'"},
    "/drawn": {},
    "/large": {},
}
"""The headers of each page: behind a login, under strict policies, drawn by a script, 16 MB."""
COOKIE = ("session", "1")
"""The cookie without which `/login` shows a form."""


def page(path: str) -> str:
    """Return the page of a path; the large one is padded to 16 MB by a comment."""
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
        if self.path == "/login" and "=".join(COOKIE) not in self.headers.get("Cookie", ""):
            body = "<!DOCTYPE html><title>Login</title><form>Please log in</form>"
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        for name, value in HEADERS.get(self.path, {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def serving() -> Iterator[str]:
    """Serve the pages; the address without a slash at its end."""
    opened = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=opened.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{opened.server_port}"
    finally:
        opened.shutdown()
        opened.server_close()


def saved() -> dict[str | None, str]:
    """Return the Markdown of the articles in the library by their addresses."""
    with Workspace(find(), Settings()) as workspace:
        return {
            record.entry.url: workspace.library.markdown(record.entry.id)
            for record in workspace.library.records()
        }
