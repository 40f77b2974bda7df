"""A server on this machine that answers what a test tells it to, byte for byte."""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

PUBLIC = "93.184.215.14"
"""An address of the internet; tests let it arrive here by `route`."""

Answer = bytes | Iterable[bytes] | Callable[[], Iterable[bytes]]


class Wire:
    """An internet whose every name leads to one port of this machine."""

    def __init__(self, port: int):
        self.port = port

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """A name server to whom every name is one public address."""
        return [PUBLIC]

    def route(self, address: str, port: int) -> tuple[str, int]:
        """A network on which the public address arrives here."""
        assert address == PUBLIC, address
        return "127.0.0.1", self.port


class Loopback(Wire):
    """Answers one request per connection from `answers`, by path; counts connections.

    An answer is bytes, or a function that yields them; the connection is closed behind it.
    `requests` are the heads as they came. A path without an answer is not found.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[str] = []
        self.connections = 0
        self._over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        super().__init__(self._socket.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def until_over(self, seconds: float) -> bool:
        """Wait, as a slow server does; true once the test is over."""
        return self._over.wait(seconds)

    def close(self) -> None:
        self._over.set()
        # A thread in accept() is not woken by closing its socket.
        with socket.socket() as waker:
            waker.connect_ex(("127.0.0.1", self.port))
        self._thread.join()
        self._socket.close()

    def _accept(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            if self._over.is_set():
                connection.close()
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                head = b""
                while b"\r\n\r\n" not in head:
                    part = connection.recv(65536)
                    if not part:
                        return
                    head += part
                self.requests.append(head.decode("latin-1"))
                for part in self._answer(head.split(b" ")[1].decode("latin-1")):
                    connection.sendall(part)
            except OSError:
                return

    def _answer(self, path: str) -> Iterable[bytes]:
        answer = self.answers.get(path, plain(b"", status="404 Not Found"))
        if callable(answer):
            answer = answer()
        return [answer] if isinstance(answer, bytes) else answer


def plain(
    body: bytes,
    *,
    kind: str = "text/html; charset=utf-8",
    status: str = "200 OK",
    headers: Sequence[str] = (),
) -> bytes:
    """A whole answer with its true length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, *headers, "Connection: close", "", ""]).encode("latin-1") + body


def sent_on(where: str, status: str = "302 Found") -> bytes:
    """An answer that leads elsewhere."""
    return plain(b"", status=status, headers=[f"Location: {where}"])


@contextmanager
def running() -> Iterator[Loopback]:
    """A server that ends with the block."""
    server = Loopback()
    try:
        yield server
    finally:
        server.close()
