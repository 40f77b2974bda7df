"""Bodies and connections have limits of size and time, and every refusal is a clean answer."""

import contextlib
import socket
import time

import pytest

from reader.server import guard, listener
from tests.server.conftest import SECRET, Served, article_page

HEAD = f"Host: localhost\r\nAuthorization: Bearer {SECRET}\r\n"


def post(length: str, more: str = "", secret: bool = True) -> bytes:
    head = HEAD if secret else "Host: localhost\r\n"
    return f"POST /api/entries.json HTTP/1.1\r\n{head}{length}{more}\r\n".encode()


def test_a_giant_body_is_refused_before_it_is_read(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "DRAIN_TIMEOUT", 0.2)
    answer = served.raw(
        post("Content-Length: 999999999999\r\nConnection: close\r\n") + b"{" * 50_000
    )
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.endswith(b'"code": 413}\n')


def test_a_body_that_grows_beyond_the_limit_is_refused(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that only reads after it has sent everything gets the answer as well."""
    monkeypatch.setattr(guard, "MAX_BODY_BYTES", 200_000)
    chunk = b"10000\r\n" + b"a" * 65536 + b"\r\n"
    sent = post("Transfer-Encoding: chunked\r\n") + chunk * 40 + b"0\r\n\r\n"
    answer = served.raw(sent)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer
    assert served.ask("GET", "/health").status == 200


def test_bodies_share_a_limit(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_BUFFERED_BYTES", 1_000)
    answer = served.ask("POST", "/api/entries", {"url": "https://example.org/" + "a" * 2_000})
    assert answer.status == 503
    assert answer.headers["retry-after"]
    assert served.ask("POST", "/api/entries", {"url": "https://example.org/"}).status == 200


def test_a_slow_body_is_refused(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "CHUNK_TIMEOUT", 0.3)
    monkeypatch.setattr(guard, "DRAIN_TIMEOUT", 0.2)
    began = time.monotonic()
    assert served.raw(post("Content-Length: 100\r\n") + b"{").startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - began < 5


def test_a_body_that_comes_byte_by_byte_is_refused(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "BODY_TIMEOUT", 0.5)
    monkeypatch.setattr(guard, "DRAIN_TIMEOUT", 0.2)
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as opened:
        opened.sendall(post("Content-Length: 1000\r\n"))
        for _ in range(100):
            time.sleep(0.02)
            try:
                opened.sendall(b" ")
            except OSError:
                break
        found = b""
        try:
            while part := opened.recv(4096):
                found += part
        except ConnectionResetError:
            pass
    assert found.startswith(b"HTTP/1.1 408 ")


def test_a_slow_body_without_the_token_is_not_waited_for(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "DRAIN_TIMEOUT", 0.2)
    began = time.monotonic()
    sent = post("Content-Length: 100\r\n", secret=False)
    assert served.raw(sent).startswith(b"HTTP/1.1 401 ")
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET /health HTTP/1.1\r\nHost: loc"])
def test_a_head_that_does_not_end_closes_the_connection(
    served: Served, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(listener, "HEADER_TIMEOUT", 0.3)
    began = time.monotonic()
    with contextlib.suppress(ConnectionResetError):
        assert served.raw(sent) == b""
    assert time.monotonic() - began < 5


def ask_slowly(port: int, request: bytes) -> socket.socket:
    """A connection with a small buffer, on which a request was sent."""
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    opened.settimeout(20)
    opened.connect(("127.0.0.1", port))
    opened.sendall(request)
    return opened


def test_a_client_that_takes_no_answer_is_left(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is answered, with and without further requests; others are served meanwhile."""
    monkeypatch.setattr(listener, "SEND_TIMEOUT", 0.5)
    served.save("https://example.org/long", content=article_page("Long", *["A ferry. " * 90] * 90))
    request = f"GET /api/entries.json HTTP/1.1\r\n{HEAD}\r\n".encode()
    with ask_slowly(served.port, request * 200) as opened:
        time.sleep(0.2)
        with contextlib.suppress(OSError):
            opened.sendall(request)
        assert served.ask("GET", "/health").status == 200
        time.sleep(1.5)
        found = 0
        with contextlib.suppress(ConnectionResetError):
            while part := opened.recv(1 << 20):
                found += part.count(b"HTTP/1.1 200")
    assert found < 200


def test_a_long_answer_reaches_a_slow_client_whole(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes longer than an idle connection stays open."""
    monkeypatch.setattr(listener, "KEEP_ALIVE_TIMEOUT", 0.1)
    monkeypatch.setattr(listener, "HEADER_TIMEOUT", 0.2)
    monkeypatch.setattr(listener, "SEND_TIMEOUT", 5.0)
    text = [f"The ferry number {number} leaves the pier. " * 200 for number in range(800)]
    served.save("https://example.org/long", content=article_page("Long", *text))
    request = f"GET /api/entries.json HTTP/1.1\r\n{HEAD}\r\n".encode()
    with ask_slowly(served.port, request) as opened:
        found = b""
        while b"\r\n\r\n" not in found:
            found += opened.recv(4096)
        head, _, body = found.partition(b"\r\n\r\n")
        left = int(head.lower().partition(b"content-length: ")[2].split()[0]) - len(body)
        pieces = 0
        while left > 0 and (part := opened.recv(1 << 17)):
            left -= len(part)
            pieces += 1
            time.sleep(0.02 if pieces < 50 else 0)
    assert left == 0


def test_a_connection_may_send_several_requests(served: Served) -> None:
    request = f"GET /health HTTP/1.1\r\n{HEAD}\r\n".encode()
    last = f"GET /api/tags HTTP/1.1\r\n{HEAD}Connection: close\r\n\r\n".encode()
    answer = served.raw(request * 3 + last)
    assert answer.count(b"HTTP/1.1 200 OK") == 4


def test_too_many_connections_are_closed(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "MAX_CONNECTIONS", 5)
    opened = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(20)]
    try:
        closed = 0
        for each in opened:
            each.settimeout(0.1)
            try:
                closed += each.recv(1) == b""
            except ConnectionResetError:
                closed += 1
            except TimeoutError:
                pass
        assert closed == 15
    finally:
        for each in opened:
            each.close()
    for _ in range(50):
        try:
            assert served.ask("GET", "/health").status == 200
            break
        except OSError:
            time.sleep(0.05)


def test_bytes_that_are_not_http_get_one_line(served: Served) -> None:
    for sent in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(50),
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000 + b"Connection: close\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"GET * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET http://evil.example/health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade,"
        b" close\r\nAuthorization: Bearer x\r\n\r\n",
    ):
        try:
            answer = served.raw(sent)
        except ConnectionResetError:
            continue
        head, _, body = answer.partition(b"\r\n\r\n")
        status = int(head.split(b" ")[1])
        assert 400 <= status < 500 or b"websocket" in sent, answer
        assert body.count(b"\n") <= 1
        assert b"Traceback" not in body
    assert served.ask("GET", "/health").status == 200


def test_a_client_that_leaves_early_harms_no_other(served: Served) -> None:
    for sent in (
        post("Content-Length: 500\r\n") + b"{",
        b"GET /api/entries HTTP/1.1\r\n" + HEAD.encode(),
    ):
        with socket.create_connection(("127.0.0.1", served.port)) as opened:
            opened.sendall(sent)
    assert served.ask("GET", "/api/entries").status == 200


def test_a_damaged_form_is_refused_without_a_word_in_the_terminal(
    served: Served, capfd: pytest.CaptureFixture[str]
) -> None:
    """The library that parses forms logs what it raises."""
    for form in (b"--x--x", b"--x\r\nno header", b"--x" + b"-" * 1_000):
        answer = served.ask(
            "POST", "/api/entries", form, {"Content-Type": "multipart/form-data; boundary=x"}
        )
        assert answer.status == 400
    assert capfd.readouterr() == ("", "")
