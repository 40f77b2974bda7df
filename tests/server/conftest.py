"""A real server on a free port of this machine, and a plain client for it."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pytest

from reader import paths, settings
from reader.model.entry import EntryId
from reader.server.asgi_app import make_app
from reader.server.guard import AllowedHosts
from reader.server.listener import listen, make_server
from reader.server.request_context import ServerContext
from reader.services.background_fetch import BackgroundFetch
from reader.services.workspace import Workspace

SECRET: Final = "a-secret-of-the-tests-that-is-long-enough-0123456789"
PARAGRAPHS: Final = (
    "The ferry leaves the pier at seven, and the gulls know it before the passengers do.",
    "Nobody on deck remembers a winter in which the harbour froze so early and so hard.",
    "The captain keeps a notebook of the ice, with a drawing for every week since October.",
    "At noon the sun stands a hand above the islands, and the engine changes its voice.",
)


def article_page(title: str, *more: str) -> str:
    """A page with an article that extraction finds."""
    body = "".join(f"<p>{text}</p>" for text in (*PARAGRAPHS, *more))
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body><nav>Home</nav>"
        f"<article><h1>{title}</h1>{body}</article></body></html>"
    )


class Answer:
    """A response: `status`, `headers` by lower-case name, and the body."""

    def __init__(self, status: int, headers: Sequence[tuple[str, str]], body: bytes):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Served:
    """The server under test: its workspace, the links it asked to fetch, and requests to it.

    Its clock is `ahead` seconds ahead of the system's.
    """

    def __init__(self, workspace: Workspace, port: int, requested: list[EntryId]):
        self.workspace = workspace
        self.port = port
        self.requested = requested
        self.bugs: list[Exception] = []
        self.ahead = 0.0

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        *,
        token: str | None = SECRET,
    ) -> Answer:
        """Send one request: a dictionary as JSON, a list of pairs as a form, bytes as they are."""
        sent = {"Authorization": f"Bearer {token}"} if token is not None else {}
        if isinstance(body, dict):
            sent["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        elif isinstance(body, list):
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, sent | dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        finally:
            connection.close()

    def save(self, url: str, title: str = "", **values: Any) -> int:
        """Save a page with content; return its number."""
        content = values.pop("content", article_page(title or url))
        answer = self.ask(
            "POST",
            "/api/entries.json",
            {"url": url, "content": content, "title": title, **values},
        )
        assert answer.status == 200, answer.body
        number: int = answer.json["id"]
        return number

    def raw(self, sent: bytes, *, timeout: float = 20.0) -> bytes:
        """Send bytes as they are, and return everything until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as opened:
            opened.sendall(sent)
            found = b""
            while part := opened.recv(65536):
                found += part
            return found


@pytest.fixture
def served(settled: Path, kept_extractors: None) -> Iterator[Served]:
    """A server over an empty library; links are noted instead of fetched."""
    requested: list[EntryId] = []

    def fetch(ids: Sequence[EntryId]) -> bool:
        requested.extend(ids)
        return True

    opened = listen("127.0.0.1", 0)
    with Workspace(
        paths.find(), settings.Settings(), clock=lambda: time.time() + found.ahead
    ) as workspace:
        found = Served(workspace, opened.getsockname()[1], requested)
        context = ServerContext(workspace, SECRET, BackgroundFetch(fetch))
        server = make_server(make_app(context, AllowedHosts(), found.bugs.append))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]})
        thread.start()
        try:
            yield found
        finally:
            server.stop()
            thread.join()
            context.close()
    assert not found.bugs
