"""`reader serve` as its own process: start, token, network rules, signals and kills."""

import asyncio
import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from reader import paths
from reader.cli.main import run
from reader.model.errors import ReaderError, UsageError
from reader.services import server_token
from tests.server.conftest import article_page

READER = (sys.executable, "-m", "reader")


class Process:
    """A running server: its process, port and token."""

    def __init__(self, process: subprocess.Popen[str], port: int, token: str):
        self.process = process
        self.port = port
        self.token = token

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            heads = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            connection.request(method, path, json.dumps(body) if body else None, heads)
            response = connection.getresponse()
            content = response.read()
            assert response.status == 200, content
            return json.loads(content)
        finally:
            connection.close()


@contextmanager
def serving(*words: str) -> Iterator[Process]:
    process = subprocess.Popen(
        [*READER, "serve", "--port", "0", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # The first line has to come at once, also where Python buffers a pipe.
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
    )
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        port = int(address.rpartition(":")[2])
        yield Process(process, port, server_token.load_secret(paths.find()))
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def listed(query: str = "") -> list[dict[str, Any]]:
    done = subprocess.run(
        [*READER, "list", *query.split(), "--json"], capture_output=True, check=True, text=True
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_commands_work_while_the_server_runs(settled: Path) -> None:
    """Each sees at once what the other changed."""
    with serving() as server:
        url = "https://example.org/1"
        page = {"url": url, "content": article_page("The ferry"), "title": "Mine"}
        saved = server.ask("POST", "/api/entries.json", page)
        (row,) = listed()
        assert (row["url"], row["title"]) == (url, "Mine")
        subprocess.run([*READER, "mark", row["id"], "--star"], check=True, capture_output=True)
        assert server.ask("GET", f"/api/entries/{saved['id']}")["is_starred"] == 1
        server.ask("DELETE", f"/api/entries/{saved['id']}")
        assert listed() == []
        server.process.send_signal(signal.SIGINT)
        _, errors = server.process.communicate(timeout=15)
        assert server.process.returncode == 130
        assert errors.count("\n") == 1


@pytest.mark.slow
def test_a_kill_loses_nothing_that_was_acknowledged(settled: Path) -> None:
    acknowledged: list[str] = []
    with serving() as server:

        def save(client: int) -> None:
            for number in range(200):
                url = f"https://example.org/{client}/{number}"
                try:
                    server.ask("POST", "/api/entries", {"url": url, "tags": f"t{client}"})
                except (OSError, http.client.HTTPException):
                    return
                acknowledged.append(url)
                if len(acknowledged) == 60:
                    server.process.kill()

        clients = [threading.Thread(target=save, args=(client,)) for client in range(4)]
        for each in clients:
            each.start()
        for each in clients:
            each.join()
    assert len(acknowledged) >= 60
    assert set(acknowledged) <= {each["url"] for each in listed()}
    with serving() as server:
        assert server.ask("GET", "/api/entries?detail=metadata")["total"] >= len(acknowledged)


def test_the_token_is_private_and_renewed(
    settled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", "token"]) == 0
    first = capsys.readouterr().out.strip()
    file = server_token.secret_file(paths.find())
    assert file.read_text().strip() == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(first) >= 40
    run(["serve", "token"])
    assert capsys.readouterr().out.strip() == first
    run(["serve", "token", "--renew"])
    second = capsys.readouterr().out.strip()
    assert second != first
    file.chmod(0o644)
    assert server_token.load_secret(paths.find()) not in (first, second)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    target = file.with_name("elsewhere")
    target.write_text("x" * 50)
    file.unlink()
    file.symlink_to(target)
    assert server_token.load_secret(paths.find()) != "x" * 50
    assert target.read_text() == "x" * 50
    for broken in (b"", b"short", b"\xff" * 50, b"a" * 5000):
        file.unlink()
        file.write_bytes(broken)
        file.chmod(0o600)
        assert len(server_token.load_secret(paths.find())) == 43


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--lan"], "--without-tls"),
        (["--lan", "--cert", "a.pem"], "must be used together"),
        (["--key", "a.pem"], "must be used together"),
        (["--lan", "--cert", "missing.pem", "--key", "missing.pem"], "cannot be used"),
        (["--without-tls"], "works only with --lan"),
        (["--port", "65536"], "largest port"),
        (["--port", "x"], "not a number"),
        (["--renew"], "serve token"),
        (["tokens"], "unknown word"),
    ],
)
def test_wrong_options_are_named(settled: Path, words: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        run(["serve", *words])


def test_a_port_in_use_is_named(settled: Path) -> None:
    from reader.server.listener import listen

    with listen("127.0.0.1", 0) as taken, pytest.raises(ReaderError, match="another port"):
        run(["serve", "--port", str(taken.getsockname()[1])])


@pytest.mark.slow
def test_lan_warns_on_the_standard_error(settled: Path) -> None:
    with serving("--lan", "--without-tls") as server:
        assert server.ask("GET", "/api/tags") == []
        server.process.terminate()
        _, errors = server.process.communicate(timeout=15)
        assert server.process.returncode == 0
    assert "every device in this network" in errors
    assert "not encrypted" in errors


async def test_answers_are_sent_without_waiting_for_an_acknowledgement() -> None:
    """Each accepted connection has TCP_NODELAY, or a second packet waits 40 ms on Linux."""
    from reader.server.listener import listen

    found: asyncio.Queue[int] = asyncio.Queue()

    def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        found.put_nowait(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with listen("127.0.0.1", 0) as opened:
        server = await asyncio.start_server(accept, sock=opened)
        _reader, writer = await asyncio.open_connection(*opened.getsockname())
        assert await found.get()
        writer.close()
        server.close()
