"""Checks before any route: host, origin and token; and limits of a request's body.

A page in a browser on this machine can send requests to loopback. It cannot send the token, and its
requests carry an `Origin` or, after DNS rebinding, a foreign `Host`.
Sources: RFC 9110 7.2 (Host), 8.6 and 11.6.1, Fetch standard (Origin), RFC 6750 (Bearer).
"""

import asyncio
import base64
import binascii
import ipaddress
import json
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, Final

from reader.model.errors import (
    AmbiguousIdError,
    ExchangeError,
    ExtractionLimitError,
    JobCancelledError,
    LibraryBusyError,
    NotAnArticleError,
    ReaderError,
    SourceError,
    UnknownIdError,
    UsageError,
)
from reader.model.text import one_line
from reader.services import server_token

Scope = dict[str, Any]
Message = dict[str, Any]

MAX_BODY_BYTES: Final = 64 << 20
"""As for a browser's message: JSON may escape a page of 20 MB to more than twice its size."""
MAX_BUFFERED_BYTES: Final = 160 << 20
"""Bytes of all bodies that are being read: two of the largest, and many usual ones."""
CHUNK_TIMEOUT: Final = 10.0
"""Seconds without any byte after which a request is refused."""
BODY_TIMEOUT: Final = 30.0
"""Seconds for a body, plus those that it needs at `MIN_RATE`."""
MIN_RATE: Final = 64 << 10
"""Bytes a second: a slow phone network."""
DRAIN_TIMEOUT: Final = 5.0
"""Seconds for which the rest of a refused body is read: a client that is still sending would get a
reset connection instead of the answer."""
PUBLIC_PATHS: Final = frozenset(
    path + suffix for path in ("/api/version", "/api/info") for suffix in ("", ".json")
) | {"/health"}
TOKEN_PATHS: Final = frozenset({"/oauth/v2/token", "/oauth/v2/token.json"})
"""Paths at which the token is asked for, in exchange for the secret."""
_EXTENSION_SCHEMES: Final = (
    "chrome-extension://", "moz-extension://", "safari-web-extension://", "extension://",
)  # fmt: skip
_STATUSES: Final[tuple[tuple[type[ReaderError], int], ...]] = (
    (UnknownIdError, 404),
    (AmbiguousIdError, 409),
    (UsageError, 400),
    (NotAnArticleError, 422),
    (ExtractionLimitError, 422),
    (SourceError, 422),
    (ExchangeError, 422),
    (LibraryBusyError, 503),
    (JobCancelledError, 503),
)
"""The status of each kind of error; the first that fits counts, 500 for others."""
_CORS_METHODS: Final = "GET, POST, PUT, PATCH, DELETE"
_SECURITY_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; img-src http: https: data:; sandbox"),
    (b"referrer-policy", b"no-referrer"),
)


class HttpError(Exception):
    """A refused request: a status, a sentence for the client's user, and a name for the program."""

    def __init__(self, status: int, message: str, error_name: str = ""):
        super().__init__(message)
        self.status = status
        self.error_name = error_name or HTTPStatus(status).phrase.lower().replace(" ", "_")


def error_body(status: int, message: str, error_name: str) -> bytes:
    """Return one line of JSON with the fields that OAuth and wallabag clients show."""
    fields = {"error": error_name, "error_description": one_line(message, 300), "code": status}
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def status_of(error: ReaderError) -> int:
    """Return the HTTP status of a failed job."""
    if type(error) is ReaderError:
        # The request was understood, but does not fit the article.
        return 422
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """Names under which the server may be asked.

    A foreign name in `Host` is DNS rebinding. An address is allowed if it is the one that the
    connection arrived at, because no name leads there.
    """

    names: Collection[str] = ()
    any_local_address: bool = False

    def allows(self, host: str, server: tuple[str, int] | None) -> bool:
        """Return whether the `Host` header, with or without a port, names this server."""
        name = _host_name(host)
        if not name:
            return False
        if name == "localhost" or name in self.names:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        if address.is_loopback:
            return True
        return self.any_local_address and server is not None and name == server[0]


def _host_name(host: str) -> str:
    """Return the name or address in a `Host` header; empty if it is invalid."""
    if host.startswith("["):
        name, bracket, rest = host[1:].partition("]")
        is_valid = bracket and (not rest or (rest[0] == ":" and rest[1:].isdecimal()))
        return name.lower() if is_valid else ""
    name, _, port = host.partition(":")
    if port and not port.isdecimal():
        return ""
    return name.rstrip(".").lower()


def local_names() -> frozenset[str]:
    """Return the names that this machine has in a local network."""
    name = socket.gethostname().lower().rstrip(".")
    return frozenset({name, f"{name.partition('.')[0]}.local"}) - {"", ".local"}


@dataclass(slots=True)
class Guard:
    """The outermost ASGI app: refuses what may not reach `app`, and answers its errors.

    `context` is what routes find in the request's state. `report` is called with each bug.
    """

    app: Any
    context: Any
    secret: str
    hosts: AllowedHosts
    clock: Callable[[], float]
    report: Callable[[Exception], object]
    _buffered: int = field(default=0, init=False)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        answer = _Answer(send, _cors_headers(scope))
        body = _Body(self, receive, scope)
        try:
            self._check(scope)
            if scope["method"] == "OPTIONS":
                await answer.send_empty(204, [(b"allow", _CORS_METHODS.encode())])
                return
            body.check_length()
            scope["state"] = {"context": self.context}
            await self.app(scope, body.receive, answer.send)
        except HttpError as error:
            await self._refuse(answer, body, error, scope["path"])
        except ReaderError as error:
            refusal = HttpError(status_of(error), str(error))
            await self._refuse(answer, body, refusal, scope["path"])
        except Exception as error:  # noqa: BLE001 - a bug must end one request, not the server
            self.report(error)
            await self._refuse(answer, body, HttpError(500, "a bug in reader"), scope["path"])
        finally:
            self._buffered -= body.counted

    def _check(self, scope: Scope) -> None:
        """Raise HttpError unless host, origin and token are right."""
        headers = scope["headers"]
        hosts = [value for name, value in headers if name == b"host"]
        server = scope.get("server")
        if len(hosts) != 1 or not self.hosts.allows(hosts[0].decode("latin-1"), server):
            raise HttpError(
                403, "the Host header does not name this server: see --name", "wrong_host"
            )
        origin = _header(scope, b"origin")
        if origin and not _is_allowed_origin(origin, hosts[0].decode("latin-1")):
            raise HttpError(
                403, "requests of web pages are refused: use an extension or an app", "wrong_origin"
            )
        if scope["method"] == "OPTIONS":
            if not origin.startswith(_EXTENSION_SCHEMES):
                raise HttpError(405, "OPTIONS is for extensions of browsers")
            return
        if scope["path"] not in PUBLIC_PATHS | TOKEN_PATHS:
            self._check_token(scope)

    def _check_token(self, scope: Scope) -> None:
        scheme, _, value = _header(scope, b"authorization").partition(" ")
        value = value.strip()
        if scheme.lower() == "bearer":
            is_right = server_token.is_equal(value, self.secret) or server_token.is_valid(
                self.secret, "access", value, self.clock()
            )
        elif scheme.lower() == "basic" and _takes_password(scope["path"]):
            # Browsers send a password once typed with every request, so it opens only what reads.
            is_right = server_token.is_equal(_password(value), self.secret)
        else:
            is_right = False
        if not is_right:
            raise HttpError(401, "the token is missing, wrong or expired", "invalid_grant")

    async def _refuse(self, answer: "_Answer", body: "_Body", error: HttpError, path: str) -> None:
        """Send the error, unless an answer has begun, and read what the client still sends."""
        if answer.has_begun:
            # The connection is closed with the answer unfinished: its length shows that.
            return
        headers = [(b"connection", b"close")] if body.is_open else []
        if error.status == 401:
            # A browser asks for a password where Basic is offered.
            scheme = (
                b'Basic realm="reader", charset="UTF-8"' if _takes_password(path) else b"Bearer"
            )
            headers.append((b"www-authenticate", scheme))
        if error.status == 503:
            headers.append((b"retry-after", b"5"))
        content = error_body(error.status, str(error), error.error_name)
        await answer.begin(error.status, content, headers)
        if body.is_open:
            await body.drain()
        await answer.end()

    def reserve(self, size: int) -> bool:
        """Count bytes of a body; return whether they fit."""
        if self._buffered + size > MAX_BUFFERED_BYTES:
            return False
        self._buffered += size
        return True


class _Answer:
    """The response of one request, with the headers that every response has."""

    def __init__(self, send: Any, headers: list[tuple[bytes, bytes]]):
        self._send = send
        self._headers = [*_SECURITY_HEADERS, *headers]
        self.has_begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            own = {name.lower() for name, _ in message.get("headers", [])}
            date = (b"date", formatdate(usegmt=True).encode())
            added = [each for each in (date, *self._headers) if each[0] not in own]
            message = {**message, "headers": [*message.get("headers", []), *added]}
        await self._send(message)

    async def begin(self, status: int, content: bytes, headers: list[tuple[bytes, bytes]]) -> None:
        """Send the head and the whole content, but do not end the response yet."""
        head = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(content)).encode()),
            *headers,
        ]
        await self.send({"type": "http.response.start", "status": status, "headers": head})
        await self._send({"type": "http.response.body", "body": content, "more_body": True})

    async def end(self) -> None:
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def send_empty(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Send a response that has no content, and so no header that describes any."""
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.end()


class _Body:
    """The body of one request: bounded in bytes and in time while it is read."""

    def __init__(self, guard: Guard, receive: Any, scope: Scope):
        self._guard = guard
        self._receive = receive
        self._length = _header(scope, b"content-length")
        self.is_open = bool(self._length.strip("0")) or bool(_header(scope, b"transfer-encoding"))
        self.counted = 0
        self._size = 0
        self._deadline = 0.0

    def check_length(self) -> None:
        """Raise HttpError for a body that says it is too large. h11 has checked the number."""
        if self._length and int(self._length[:20]) > MAX_BODY_BYTES:
            raise HttpError(413, f"a request may have {MAX_BODY_BYTES >> 20} MB")

    async def receive(self) -> Message:
        """Return the next part. Raises HttpError at a limit."""
        if not self.is_open:
            message: Message = await self._receive()
            return message
        now = asyncio.get_running_loop().time()
        if not self._deadline:
            self._deadline = now + BODY_TIMEOUT
        left = self._deadline + self._size / MIN_RATE - now
        try:
            message = await asyncio.wait_for(self._receive(), min(CHUNK_TIMEOUT, max(left, 0.0)))
        except TimeoutError:
            raise HttpError(408, "the request arrives too slowly") from None
        if message["type"] != "http.request":
            self.is_open = False
            raise HttpError(400, "the request ended early")
        self._size += len(message.get("body", b""))
        self.is_open = bool(message.get("more_body"))
        if self._size > MAX_BODY_BYTES:
            raise HttpError(413, f"a request may have {MAX_BODY_BYTES >> 20} MB")
        if not self._guard.reserve(len(message.get("body", b""))):
            raise HttpError(503, "too many large requests at once: try again")
        self.counted += len(message.get("body", b""))
        return message

    async def drain(self) -> None:
        """Read and drop what the client still sends, for a few seconds at most."""
        try:
            async with asyncio.timeout(DRAIN_TIMEOUT):
                while self.is_open:
                    message = await self._receive()
                    self.is_open = message["type"] == "http.request" and bool(
                        message.get("more_body")
                    )
        except TimeoutError:
            return


def _header(scope: Scope, wanted: bytes) -> str:
    """Return the header's only value; empty if it is missing or repeated."""
    values = [value for name, value in scope["headers"] if name == wanted]
    return values[0].decode("latin-1").strip() if len(values) == 1 else ""


def _takes_password(path: str) -> bool:
    """Return whether requests for the path may have Basic credentials."""
    return f"{path}/".startswith("/opds/")


def _is_allowed_origin(origin: str, host: str) -> bool:
    """Return whether the origin is an extension of a browser, or this server itself."""
    if origin.startswith(_EXTENSION_SCHEMES):
        return True
    return origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")


def _cors_headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    """Return the headers that let an extension read the answer; none for any other origin."""
    origin = _header(scope, b"origin")
    if not origin.startswith(_EXTENSION_SCHEMES):
        return []
    allowed = [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"origin")]
    if scope["method"] == "OPTIONS":
        allowed += [
            (b"access-control-allow-methods", _CORS_METHODS.encode()),
            (b"access-control-allow-headers", b"authorization, content-type"),
            (b"access-control-allow-private-network", b"true"),
            (b"access-control-max-age", b"600"),
        ]
    return allowed


def _password(value: str) -> str:
    """Return the password of Basic credentials; any user name does."""
    try:
        return base64.b64decode(value, validate=True).decode("utf-8").partition(":")[2]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
