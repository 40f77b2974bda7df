"""HTTP client: from an address to the bytes of a page, guarded and limited.

`fetch_page` is for callers in threads. `Client` is the same inside an event loop, for many pages
at once. Neither sends a referrer, nor keeps cookies longer than one chain of redirects. Redirects
are followed here, so that each is checked. httpcore is used directly, not through httpx: its
network backend is public there, and its import takes half the time (⏱ 80 against 170 ms).
"""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

from reader import __version__
from reader.fetch.address_guard import resolve_redirect, web_url
from reader.fetch.concurrency import RequestSlots
from reader.fetch.cookies import CookieFile, RedirectCookies
from reader.fetch.limits import IMAGE, PAGE, BodyDecoder, Limits, too_large_error
from reader.fetch.response import (
    Response,
    check_image_type,
    check_page_content,
    check_page_type,
    check_status,
    redirect_target,
)
from reader.model.errors import FetchError, NetworkError, PrivateAddressError
from reader.model.text import one_line
from reader.settings import FetchSettings

if TYPE_CHECKING:
    import httpcore

    from reader.fetch.guarded_backend import GuardedBackend, Resolve, Route

_DEFAULTS: Final = FetchSettings()
USER_AGENT: Final = f"reader/{__version__}"
MAX_QUICK_TRIES: Final = 2
"""Requests for a typed address: a second one after a passing failure."""
QUICK_PAUSE: Final = 1.0
"""Seconds before the second request if the server names none; the user waits."""
MAX_QUICK_PAUSE: Final = 5.0
"""Seconds up to which a pause that the server asks for is kept while the user waits."""
_PAGE_ACCEPT: Final = "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.8,*/*;q=0.5"
_IMAGE_ACCEPT: Final = "image/webp,image/png,image/jpeg,image/gif,image/*;q=0.5"
_STEP_TIMEOUTS: Final = {"connect": 15.0, "read": 20.0, "write": 10.0, "pool": None}


def fetch_page(
    url: str,
    *,
    allow_private: bool = False,
    fetching: FetchSettings = _DEFAULTS,
    limits: Limits = PAGE,
) -> Response:
    """Fetch the page at a typed address; blocks for at most `limits.seconds`.

    Must not run inside an event loop. A transient failure (a connection reset, a busy server) is
    retried once within the same limit. Raises FetchError with its reason, NetworkError without a
    network.
    """

    async def fetch() -> Response:
        async with Client(fetching, limits=limits) as client:
            return await client.page(url, allow_private=allow_private, tries=MAX_QUICK_TRIES)

    return asyncio.run(fetch())


def _origin(url: str) -> str:
    """Return scheme, host and port of a cleaned address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


class Client:
    """Asynchronous context manager for requests inside one event loop.

    At most eight requests run at once, and two to one host; the time of a request starts when it
    runs. Pages and images go through connections that refuse private addresses; a typed address that
    may be private has separate connections, so that no redirect can use an open one. Images of the
    same host and port may be private, too.
    """

    def __init__(
        self,
        fetching: FetchSettings = _DEFAULTS,
        *,
        limits: Limits = PAGE,
        image_limits: Limits = IMAGE,
        resolve: "Resolve | None" = None,
        route: "Route | None" = None,
        clock: Callable[[], float] = time.time,
    ):
        self._user_agent = one_line(fetching.user_agent, 200) or USER_AGENT
        self._proxy = fetching.proxy
        self._cookies = CookieFile.read(fetching.cookies, fetching.cookie_hosts)
        self._limits = limits
        self._image_limits = image_limits
        self._resolve = resolve
        self._route = route
        self._clock = clock
        self._slots = RequestSlots()
        self._open = AsyncExitStack()
        self._pools: dict[bool, httpcore.AsyncConnectionPool] = {}
        self._private_origins: set[str] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._open.aclose()

    async def page(self, url: str, *, allow_private: bool = False, tries: int = 1) -> Response:
        """Fetch the page at `url`. Raises FetchError, NetworkError.

        With `tries` above 1, a transient failure is retried after a growing pause, or after the pause
        that the server asks for if it is short; all within one limit of seconds.
        """
        if allow_private:
            self._private_origins.add(_origin(web_url(url)))
        return await self._with_timeout(
            self._limits,
            lambda deadline: self._with_retries(url, deadline, private=allow_private, tries=tries),
        )

    async def image(self, url: str) -> Response:
        """Fetch the image at an address that a page names.

        It may be private only on the host and port of an address that the user typed and allowed.
        """
        limits = self._image_limits
        private = _origin(web_url(url)) in self._private_origins
        return await self._with_timeout(
            limits,
            lambda deadline: self._follow(url, deadline, limits, private=private, image=True),
        )

    async def can_reach(self, url: str) -> bool:
        """Return whether the host of an address accepts a connection; sends no request."""
        if self._proxy:
            return False
        parts = urlsplit(web_url(url))
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            stream = await self._network(private=False).connect_tcp(parts.hostname or "", port)
        except FetchError:
            return False
        except _connection_errors():
            return False
        await stream.aclose()
        return True

    async def _with_timeout(
        self, limits: Limits, ask: Callable[[asyncio.Timeout], Awaitable[Response]]
    ) -> Response:
        try:
            async with asyncio.timeout(limits.seconds) as deadline:
                return await ask(deadline)
        except TimeoutError:
            raise FetchError(
                f"no whole answer within {limits.seconds:g} seconds", kind="timeout", passing=True
            ) from None

    async def _with_retries(
        self, url: str, deadline: asyncio.Timeout, *, private: bool, tries: int
    ) -> Response:
        for attempt in range(1, tries):
            try:
                return await self._follow(url, deadline, self._limits, private=private, image=False)
            except FetchError as error:
                pause = QUICK_PAUSE * attempt if error.retry_after is None else error.retry_after
                is_transient = error.is_temporary and error.kind in ("server", "cut")
                if not is_transient or pause > MAX_QUICK_PAUSE:
                    raise
                await asyncio.sleep(pause)
        return await self._follow(url, deadline, self._limits, private=private, image=False)

    async def _follow(
        self, url: str, deadline: asyncio.Timeout, limits: Limits, *, private: bool, image: bool
    ) -> Response:
        """Send a request and follow redirects; only the first address may be private."""
        target = web_url(url)
        jar = RedirectCookies()
        for hop in range(limits.redirects + 1):
            try:
                async with self._slots.acquire(target, deadline):
                    found = await self._ask(
                        target, limits, jar, private=private and hop == 0, image=image
                    )
            except PrivateAddressError as error:
                if not hop:
                    raise
                # Not a PrivateAddressError, because allowing the typed address does not help.
                raise FetchError(
                    f"sent on to a private address: {one_line(target, 120)}", kind=error.kind
                ) from None
            if isinstance(found, Response):
                return replace(found, url=url)
            target = resolve_redirect(target, found)
        raise FetchError(f"sent on more than {limits.redirects} times", kind="redirect")

    async def _ask(
        self, url: str, limits: Limits, jar: RedirectCookies, *, private: bool, image: bool
    ) -> Response | str:
        """Send one request; return the response, or the target of a redirect."""
        try:
            return await self._send(url, limits, jar, private=private, image=image)
        except _connection_errors() as error:
            raise _translate_error(error) from None

    async def _send(
        self, url: str, limits: Limits, jar: RedirectCookies, *, private: bool, image: bool
    ) -> Response | str:
        asked = self._headers(url, image, jar)
        async with self._pool(private).stream(
            "GET", url, headers=asked, extensions={"timeout": _STEP_TIMEOUTS}
        ) as response:
            headers = _join_headers(response.headers)
            where = redirect_target(response.status, headers)
            if where is not None:
                jar.store(url, response.headers)
                return where
            check_status(response.status, headers, now=self._clock())
            content_type = headers.get("content-type", "").strip().casefold()
            (check_image_type if image else check_page_type)(content_type)
            content = await _read(response, headers, limits)
        if not image:
            check_page_content(content)
        refresh = one_line(headers.get("refresh", ""), 4_000)
        return Response(url, url, content, content_type, response.status, refresh)

    def _headers(self, url: str, image: bool, jar: RedirectCookies) -> list[tuple[str, str]]:
        headers = [
            ("User-Agent", self._user_agent),
            ("Accept", _IMAGE_ACCEPT if image else _PAGE_ACCEPT),
            ("Accept-Encoding", "gzip"),
        ]
        own = "" if image else self._cookies.header(url, self._clock())
        cookie = "; ".join(filter(None, (own, jar.header(url))))
        return [*headers, ("Cookie", cookie)] if cookie else headers

    def _pool(self, private: bool) -> "httpcore.AsyncConnectionPool":
        """Return the connection pool of one kind; opens it on first use.

        The pool is unbounded, `RequestSlots` is the bound: cancelling a request that waits inside the
        pool would lose one of its places permanently (encode/httpcore#1093).
        """
        if private not in self._pools:
            from reader.fetch.guarded_backend import connection_pool

            self._pools[private] = connection_pool(self._network(private), self._proxy)
            self._open.push_async_callback(self._pools[private].aclose)
        return self._pools[private]

    def _network(self, private: bool) -> "GuardedBackend":
        from reader.fetch import guarded_backend

        return guarded_backend.GuardedBackend(
            private=private,
            resolve=self._resolve or guarded_backend.resolve,
            route=self._route or guarded_backend.direct_route,
        )


def _join_headers(headers: Sequence[tuple[bytes, bytes]]) -> Mapping[str, str]:
    """Return headers by lower-case name; repeated ones are joined as RFC 9110 says."""
    found: dict[str, str] = {}
    for raw, value in headers:
        name, text = raw.decode("latin-1").casefold(), value.decode("utf-8", "replace")
        found[name] = f"{found[name]}, {text}" if name in found and name != "location" else text
    return found


async def _read(response: "httpcore.Response", headers: Mapping[str, str], limits: Limits) -> bytes:
    body = BodyDecoder(headers.get("content-encoding", "").casefold(), limits)
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:18]) > limits.wire:
        raise too_large_error(limits.wire)
    async for part in response.aiter_stream():
        body.feed(part)
    return body.read_all()


def _connection_errors() -> tuple[type[Exception], ...]:
    """Return the exceptions of a failed connection; httpcore's errors have no common ancestor."""
    import httpcore

    return (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.ProxyError,
    )


def _translate_error(error: Exception) -> FetchError:
    """Return the FetchError for a failed connection; the original's words may be the server's."""
    import httpcore

    from reader.fetch.guarded_backend import is_unreachable

    if isinstance(error, httpcore.ConnectTimeout):
        return FetchError("the server cannot be reached", kind="connection", passing=True)
    if isinstance(error, httpcore.TimeoutException):
        return FetchError("the server does not answer", kind="timeout", passing=True)
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            reason = one_line(seen.verify_message, 120)
            return FetchError(f"its certificate is not to be trusted: {reason}", kind="refused")
        if isinstance(seen, ssl.SSLError):
            return FetchError("no secure connection could be made", kind="connection", passing=True)
        if isinstance(seen, ConnectionRefusedError):
            return FetchError("the server refuses connections", kind="connection", passing=True)
        seen = seen.__cause__ or seen.__context__
    if is_unreachable(error):
        return NetworkError("no network connection")
    if isinstance(error, httpcore.ConnectError):
        return FetchError("no connection could be made", kind="connection", passing=True)
    if isinstance(error, httpcore.ProtocolError):
        return FetchError("the server broke off or did not speak HTTP", kind="cut", passing=True)
    return FetchError("the connection broke off", kind="cut", passing=True)
