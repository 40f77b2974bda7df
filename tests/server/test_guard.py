"""Nothing but version and health is answered without the token, or to another site's page."""

import asyncio
import base64
import itertools
import time
from pathlib import Path
from typing import Any

import pytest

from reader import paths
from reader.cli.crash_log import report_bug
from reader.server.guard import AllowedHosts, Guard
from reader.services import server_token
from tests.server.conftest import SECRET, Served

ROUTES = [
    ("GET", "/api/entries"),
    ("GET", "/api/entries.json"),
    ("POST", "/api/entries.json"),
    ("GET", "/api/entries/1"),
    ("PATCH", "/api/entries/1.json"),
    ("DELETE", "/api/entries/1.json"),
    ("GET", "/api/tags.json"),
    ("GET", "/api/search?term=a"),
    ("GET", "/api/user"),
    ("GET", "/"),
    ("GET", "/api/nothing"),
    ("GET", "/api//version"),
    ("GET", "/api/version/"),
    ("GET", "/api/entries/../version"),
    ("GET", "/api/%76ersion%2f..%2fentries"),
    ("BREW", "/api/entries"),
]


def test_nothing_is_answered_without_the_token(served: Served) -> None:
    wrong = (None, "", "wrong", SECRET + "x", SECRET[:-1], "access.9999999999.0")
    for (method, path), token in itertools.product(ROUTES, wrong):
        answer = served.ask(method, path, token=token)
        assert answer.status == 401, (method, path)
        assert answer.json["error_description"] == "the token is missing, wrong or expired"
        assert answer.headers["www-authenticate"] == "Bearer", "a browser asks for no password"
        assert answer.body.count(b"\n") == 1


def test_version_and_health_are_public(served: Served) -> None:
    for path in ("/api/version", "/api/version.json", "/api/info.json", "/health"):
        answer = served.ask("GET", path, token=None)
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/json"


def test_a_foreign_host_is_dns_rebinding(served: Served) -> None:
    foreign = (
        *("evil.example", "127.0.0.1.evil.example", "0.0.0.0", "10.0.0.1", "[::2]"),
        *("localhost:x", "a b", "localhost@evil.example"),
    )
    for host in foreign:
        answer = served.ask("GET", "/api/version", headers={"Host": host})
        assert answer.status in (400, 403), host
        if answer.status == 403:
            assert answer.json["error"] == "wrong_host"
    for host in ("127.0.0.1", "localhost:80", "LOCALHOST", "[::1]:7373"):
        assert served.ask("GET", "/api/version", headers={"Host": host}).status == 200


def test_two_hosts_and_none_are_refused(served: Served) -> None:
    for heads in (b"", b"Host: localhost\r\nHost: localhost\r\n"):
        sent = b"GET /api/version HTTP/1.1\r\n" + heads + b"Connection: close\r\n\r\n"
        assert served.raw(sent).split(b" ")[1] in (b"400", b"403")


def test_pages_of_other_sites_are_refused(served: Served) -> None:
    """The token is right: even then a page of a browser may neither read nor post."""
    form = [("url", "https://example.org/a"), ("tags", "stolen")]
    origins = ("https://evil.example", "null", "http://127.0.0.1", "http://localhost:1", "file://")
    requests = (
        ("POST", "/api/entries.json", form),
        ("GET", "/api/entries.json", None),
        ("GET", "/api/version", None),
        ("OPTIONS", "/api/entries.json", None),
    )
    for origin, (method, path, body) in itertools.product(origins, requests):
        answer = served.ask(method, path, body, {"Origin": origin})
        assert answer.status == 403
        assert "access-control-allow-origin" not in answer.headers
    assert served.ask("GET", "/api/entries.json").json["total"] == 0


def test_extensions_may_ask_and_read(served: Served) -> None:
    origin = {"Origin": "moz-extension://2c5b1a3e-0000-4000-8000-000000000000"}
    asked = served.ask("OPTIONS", "/api/entries.json", headers=origin, token=None)
    assert asked.status == 204
    assert asked.headers["access-control-allow-origin"] == origin["Origin"]
    assert "PATCH" in asked.headers["access-control-allow-methods"]
    assert asked.body == b""
    assert {"content-length", "content-type", "transfer-encoding"}.isdisjoint(asked.headers)
    assert served.ask("GET", "/api/entries.json", headers=origin).status == 200
    assert served.ask("GET", "/api/entries.json", headers=origin, token=None).status == 401
    assert served.ask("OPTIONS", "/api/entries.json", token=None).status == 405


def test_basic_credentials_open_no_call_that_changes(served: Served) -> None:
    """A browser sends them with every request once they are typed."""
    basic = {"Authorization": "Basic " + base64.b64encode(f"x:{SECRET}".encode()).decode()}
    for method, path in (("GET", "/api/entries"), ("POST", "/api/entries"), ("GET", "/opdsx")):
        assert served.ask(method, path, headers=basic, token=None).status == 401


def test_a_token_is_bought_with_the_secret_in_each_form(served: Served) -> None:
    values = {
        "grant_type": "password",
        "client_id": "reader",
        "client_secret": "anything",
        "username": "reader",
        "password": SECRET,
    }
    query = "&".join(f"{name}={value}" for name, value in values.items())
    found = [
        served.ask("POST", "/oauth/v2/token", values, token=None),
        served.ask("POST", "/oauth/v2/token", list(values.items()), token=None),
        served.ask("GET", f"/oauth/v2/token?{query}", token=None),
    ]
    for answer in found:
        assert answer.status == 200
        token = answer.json
        assert token["expires_in"] == 3600
        assert token["token_type"] == "bearer"
        assert served.ask("GET", "/api/entries", token=token["access_token"]).status == 200
        assert served.ask("GET", "/api/entries", token=token["refresh_token"]).status == 401
        refreshed = served.ask(
            "POST",
            "/oauth/v2/token",
            {"grant_type": "refresh_token", "refresh_token": token["refresh_token"]},
            token=None,
        )
        assert served.ask("GET", "/api/tags", token=refreshed.json["access_token"]).status == 200


WRONG: list[dict[str, object]] = [
    {"grant_type": "password", "password": "wrong"},
    {"grant_type": "password"},
    {"grant_type": "refresh_token", "refresh_token": SECRET},
    {"grant_type": "client_credentials", "client_secret": "x" * 5000},
    {"grant_type": "authorization_code", "password": SECRET},
    {"grant_type": ["password"], "password": SECRET},
    {"password": {"a": 1}, "grant_type": "password"},
    {},
]


def test_a_wrong_password_gives_no_token(served: Served) -> None:
    for values in WRONG:
        answer = served.ask("POST", "/oauth/v2/token", values, token=None)
        assert answer.status == 400, values
        assert "access_token" not in answer.json


def test_access_tokens_expire_and_end_with_the_secret() -> None:
    now = 1_767_323_045
    token = server_token.sign(SECRET, "access", now + 3600)
    assert server_token.is_valid(SECRET, "access", token, now)
    assert not server_token.is_valid(SECRET, "access", token, now + 3600)
    assert not server_token.is_valid(SECRET, "refresh", token, now)
    assert not server_token.is_valid("another", "access", token, now)
    later = token.replace(str(now + 3600), str(now + 99_999))
    assert not server_token.is_valid(SECRET, "access", later, now)
    for broken in ("", ".", "access", "access..", "access.١٢.x", "access.-1.x", "a" * 9000):
        assert not server_token.is_valid(SECRET, "access", broken, now)


def test_comparing_takes_as_long_for_a_wrong_start_as_for_a_wrong_end() -> None:
    """Digests are compared, so no byte of the secret decides how long it takes."""

    def spent(guess: str) -> float:
        best = 1.0
        for _ in range(40):
            began = time.perf_counter()
            for _ in range(200):
                server_token.is_equal(guess, SECRET)
            best = min(best, time.perf_counter() - began)
        return best

    wrong_start, wrong_end = "x" + SECRET[1:], SECRET[:-1] + "x"
    assert 0.5 < spent(wrong_start) / spent(wrong_end) < 2.0


def test_hosts_of_a_local_network() -> None:
    hosts = AllowedHosts({"shelf.local"}, any_local_address=True)
    server = ("192.168.1.7", 7373)
    assert hosts.allows("192.168.1.7:7373", server)
    assert hosts.allows("shelf.local", server)
    assert not hosts.allows("192.168.1.8", server)
    assert not hosts.allows("evil.example", server)
    assert not AllowedHosts().allows("192.168.1.7", server)


def test_a_bug_ends_its_request_and_its_traceback_is_kept(
    settled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The client gets no detail, the terminal one line, the log where it happened."""

    async def broken_route(*_: object) -> None:
        raise ZeroDivisionError("of the tests")

    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {SECRET}".encode())]
    scope = {"type": "http", "method": "GET", "path": "/api/entries", "headers": headers}
    guard = Guard(broken_route, None, SECRET, AllowedHosts(), time.time, report_bug)
    asyncio.run(guard(scope, None, send))
    assert sent[0]["status"] == 500
    assert b"of the tests" not in sent[1]["body"]
    said = capsys.readouterr().err
    assert said.startswith("reader: a bug in reader: ZeroDivisionError: of the tests")
    assert said.count("\n") == 1
    assert "in broken_route" in (paths.find().state / "crash.log").read_text()
