"""Sockets and connections of the server: uvicorn with deadlines and without a polling loop."""

import asyncio
import contextlib
import logging
import signal
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, Final

import h11
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from reader.model.errors import ReaderError, UsageError

MAX_HEADER_BYTES: Final = 32 << 10
"""Bytes of a request's head: tokens, a long address and a browser's headers fit four times."""
MAX_CONNECTIONS: Final = 128
"""Open connections; further ones are closed. Twenty clients use six each at most."""
HEADER_TIMEOUT: Final = 10.0
"""Seconds from the first chance to send a request until its head is complete."""
KEEP_ALIVE_TIMEOUT: Final = 30
"""Seconds that an idle connection stays open; uvicorn's default is 5."""
SEND_TIMEOUT: Final = 60.0
"""Seconds in which a client must take some part of an answer. A kernel's buffer of 2.5 MB takes more
once a third of it is free: 15 kB a second are enough."""
SHUTDOWN_TIMEOUT: Final = 10
"""Seconds that running requests may take to finish when the server stops."""
_BACKLOG: Final = 256
"""Connections that wait to be accepted: twice as many as may be open."""


class DeadlineProtocol(H11Protocol):
    """A connection that is closed if its client neither sends a request nor takes an answer in time.

    uvicorn has no limit before the first request, for a head that comes byte by byte, and for an
    answer that the client does not read. It closes a connection after an answer even if most of it is unsent.
    """

    _deadline: asyncio.TimerHandle | None = None
    _unsent = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept the connection, unless too many are open."""
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            transport.abort()
            return
        self._set_deadline(HEADER_TIMEOUT)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._clear_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read bytes; no deadline holds while a request is answered to a client that reads."""
        super().data_received(data)
        if not self._is_answering():
            if self._deadline is None:
                self._set_deadline(HEADER_TIMEOUT)
        elif not self.flow.write_paused:
            self._clear_deadline()

    def pause_writing(self) -> None:
        """Stop sending until the client has taken most of what was sent."""
        super().pause_writing()
        self._set_deadline(SEND_TIMEOUT)

    def resume_writing(self) -> None:
        """Send again."""
        super().resume_writing()
        if self._is_answering():
            self._clear_deadline()

    def on_response_complete(self) -> None:
        """Wait for the next request; bytes of it may have arrived already."""
        super().on_response_complete()
        if not self.transport.is_closing() and not self._is_answering():
            has_unsent = self.transport.get_write_buffer_size() > 0
            self._set_deadline(SEND_TIMEOUT if has_unsent else KEEP_ALIVE_TIMEOUT + HEADER_TIMEOUT)

    def timeout_keep_alive_handler(self) -> None:
        """Close the idle connection, unless its client is still taking the last answer."""
        if not self.transport.get_write_buffer_size():
            super().timeout_keep_alive_handler()

    def shutdown(self) -> None:
        """Close the connection because the server stops, after the answer that is being sent.

        An idle TLS connection is not asked to close: a sleeping phone would not answer, and the
        server would wait for it.
        """
        if self._is_answering() or self.transport.get_write_buffer_size():
            super().shutdown()
        else:
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Refuse bytes that are not HTTP; close if an answer has begun already."""
        try:
            super().send_400_response(msg + "\n")
        except h11.LocalProtocolError:
            self.transport.close()

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _set_deadline(self, seconds: float) -> None:
        self._clear_deadline()
        self._unsent = self.transport.get_write_buffer_size()
        self._deadline = self.loop.call_later(seconds, self._close_late)

    def _clear_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _close_late(self) -> None:
        self._deadline = None
        if self.transport.get_write_buffer_size() < self._unsent:
            self._set_deadline(SEND_TIMEOUT)
        elif self.flow.write_paused or not self._is_answering():
            self.transport.abort()


class QuietServer(Server):
    """A server that sleeps until a connection or a signal arrives, and ends without a traceback.

    uvicorn wakes ten times a second, and raises the signal again before its caller can clean up.
    """

    def __init__(self, config: Config):
        super().__init__(config)
        self.is_interrupted = False
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        """Wait for a signal or `stop`."""
        self._loop = asyncio.get_running_loop()
        if not self.should_exit:
            await self._stop.wait()

    def stop(self) -> None:
        """End the server, once running requests are answered; from any thread."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at SIGINT and SIGTERM; a second one does not wait for running requests."""
        try:
            former = {
                each: signal.signal(each, self.handle_exit)
                for each in (signal.SIGINT, signal.SIGTERM)
            }
        except ValueError:
            # Not the main thread, which alone gets signals.
            yield
            return
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop at a signal."""
        self.force_exit = self.should_exit
        self.is_interrupted = self.is_interrupted or sig == signal.SIGINT
        self.stop()


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 selects a free one. Raises ReaderError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only for sockets that name their protocol. With it on, the
    # body of each answer waits for the client's delayed acknowledgement of the head: 40 ms on Linux.
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        opened.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        opened.close()
        reason = getattr(error, "strerror", None) or "not a port"
        raise ReaderError(
            f"{host}:{port} cannot be used: {reason}: choose another port with --port"
        ) from None
    return opened


def tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """Return the context of these PEM files. Raises UsageError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"the certificate {certificate} with the key {key} cannot be used: {error}"
        ) from None
    return context


def make_server(app: Any, tls: ssl.SSLContext | None = None) -> QuietServer:
    """Return a server for the ASGI app; `run` it with sockets from `listen`."""
    config = Config(
        app,
        http=DeadlineProtocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        loop="asyncio",
        log_config=None,
        log_level=logging.CRITICAL + 1,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        # uvicorn's is updated by the loop that `QuietServer` does without; the guard adds it.
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE_TIMEOUT,
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
        h11_max_incomplete_event_size=MAX_HEADER_BYTES,
        ssl_context_factory=None if tls is None else lambda config, default: tls,
    )
    return QuietServer(config)
