"""Network backend of httpcore that resolves a name once and connects to the checked address.

A name that is checked and then resolved again can point elsewhere the second time (DNS
rebinding), so the connection goes to the address that was checked; Host and certificate keep the
name. Imported late: httpcore and its event loop take a tenth of a second.
"""

import asyncio
import errno
import re
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

import certifi
import httpcore

from reader.fetch.address_guard import is_multicast, is_public
from reader.model.errors import FetchError, NetworkError, PrivateAddressError, SettingsError
from reader.model.text import one_line

RESOLVE_TIMEOUT: Final = 15.0
"""Seconds for the addresses of a name: bounds a name server that does not answer."""
CONNECT_TIMEOUT: Final = 10.0
"""Seconds for the connection to the last address."""
FIRST_CONNECT_TIMEOUT: Final = 3.0
"""Seconds for each address before the last one."""
MAX_CONNECT_ATTEMPTS: Final = 4
"""Addresses of a host that are tried: 19 s in all if none answers."""
_HOST: Final = re.compile(r"(?a:[\w:-]{1,63}(?:\.[\w-]{1,63})*\.?)")
"""A host's name or address: a resolver raises ValueError for other text."""
_NO_ROUTE: Final = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
Route = Callable[[str, int], tuple[str, int]]
SocketOptions = Iterable[
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
]


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host in the order to try them; never empty.

    Runs in a daemon thread: a resolver that hangs would hold a pool's thread, and the exit of the
    program, longer than the request may last. Raises NetworkError if the resolver does not answer,
    FetchError if the host does not exist.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Sequence[str]] = loop.create_future()

    def settle(found: Sequence[str], error: FetchError | None) -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(found)
        else:
            answer.set_exception(error)

    def ask() -> None:
        found: Sequence[str] = ()
        error: FetchError | None = None
        try:
            found = _addresses(host, port)
        except FetchError as failed:
            error = failed
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, found, error)

    threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    try:
        async with asyncio.timeout(RESOLVE_TIMEOUT):
            return await answer
    except TimeoutError:
        raise NetworkError(f"{one_line(host, 80)}: the name server does not answer") from None


def _addresses(host: str, port: int) -> Sequence[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN or not has_route():
            raise NetworkError(f"{one_line(host, 80)}: the name server does not answer") from None
        raise FetchError(f"{one_line(host, 80)}: host not found", kind="not-found") from None
    except (OSError, UnicodeError):
        raise FetchError(f"{one_line(host, 80)}: not a name of a host", kind="refused") from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def has_route() -> bool:
    """Return whether this machine has a route to the internet; sends nothing."""
    for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
                return True
        except OSError:
            continue
    return False


def direct_route(address: str, port: int) -> tuple[str, int]:
    """Return the address unchanged; tests pass another route."""
    return address, port


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Backend for public addresses only; with `private`, for any but multicast addresses.

    A name is refused if any of its addresses is not public. No connection is opened to a refused
    address.
    """

    def __init__(self, *, private: bool, resolve: Resolve = resolve, route: Route = direct_route):
        self._private = private
        self._resolve = resolve
        self._route = route
        self._dialler = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._resolve(host, port)
        for address in addresses:
            if not (is_public(address) or (self._private and not is_multicast(address))):
                raise PrivateAddressError(one_line(host, 80), one_line(address, 60))
        return await self._connect(
            host, _interleave_families(addresses)[:MAX_CONNECT_ATTEMPTS], port, socket_options
        )

    async def _connect(
        self, host: str, addresses: Sequence[str], port: int, options: SocketOptions | None
    ) -> httpcore.AsyncNetworkStream:
        unreachable = 0
        for number, address in enumerate(addresses, 1):
            last = number == len(addresses)
            target, target_port = self._route(address, port)
            try:
                return await self._dialler.connect_tcp(
                    target,
                    target_port,
                    timeout=CONNECT_TIMEOUT if last else FIRST_CONNECT_TIMEOUT,
                    socket_options=options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                unreachable += is_unreachable(error)
                if unreachable == len(addresses):
                    raise NetworkError(f"{one_line(host, 80)}: no network connection") from None
                if last:
                    raise
        raise FetchError(f"{one_line(host, 80)}: host not found", kind="not-found")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def is_unreachable(error: BaseException) -> bool:
    """Return whether an error was caused by a missing route to the address."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in _NO_ROUTE:
            return True
        if isinstance(seen, BaseExceptionGroup):
            return all(is_unreachable(inner) for inner in seen.exceptions)
        seen = seen.__cause__ or seen.__context__
    return False


def _interleave_families(addresses: Sequence[str]) -> list[str]:
    """Return the addresses with IPv4 and IPv6 alternating.

    A family without a route then costs one attempt.
    """
    first = [address for address in addresses if (":" in address) == (":" in addresses[0])]
    second = [address for address in addresses if address not in first]
    mixed: list[str] = []
    for position in range(max(len(first), len(second))):
        mixed += first[position : position + 1] + second[position : position + 1]
    return mixed


def tls_context() -> ssl.SSLContext:
    """Return a TLS context that trusts the system's authorities and those of certifi."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context


def connection_pool(guarded: GuardedBackend, proxy: str) -> httpcore.AsyncConnectionPool:
    """Return a pool with guarded connections, or through a proxy if the settings name one.

    A proxy resolves and connects by its own rules, so addresses cannot be checked; all other limits
    hold. Raises SettingsError for a proxy that is not an http or https address.
    """
    if not proxy:
        return httpcore.AsyncConnectionPool(
            ssl_context=tls_context(), max_connections=None, network_backend=guarded
        )
    address, login = _split_proxy(proxy)
    return httpcore.AsyncHTTPProxy(
        proxy_url=address,
        proxy_auth=login,
        ssl_context=tls_context(),
        max_connections=None,
    )


def _split_proxy(proxy: str) -> tuple[str, tuple[bytes, bytes] | None]:
    """Return a proxy's address without its login, and the login in UTF-8 (RFC 7617)."""
    try:
        parts = urlsplit(proxy)
        # `port` raises ValueError for anything but a number from 0 to 65535.
        is_address = parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or _HOST.fullmatch(parts.hostname or "") is None:
        raise SettingsError("fetch.proxy must be an address that begins with http:// or https://")
    address = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], "/", "", ""))
    if not parts.username:
        return address, None
    return address, (unquote(parts.username).encode(), unquote(parts.password or "").encode())
