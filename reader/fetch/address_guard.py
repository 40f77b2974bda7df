"""Rules of the SSRF guard: which addresses are public, and which redirects are valid.

`guarded_backend` refuses connections to other addresses, and `client` allows a private one only for
the address that the user typed.

An attacker who writes a page, a redirect or a name server's answer must not make `reader` speak to
the router, a cloud's metadata service or a program on this machine. Source: OWASP, "Server-Side
Request Forgery Prevention"; the IANA special-purpose address registries.
"""

import ipaddress
from collections.abc import Iterator
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from reader.model.errors import FetchError
from reader.model.text import one_line
from reader.model.urls import MAX_URL_LENGTH, ascii_host

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
# Not global by the IANA registries; older versions of `ipaddress` call them global.
_SPECIAL: Final = tuple(
    ipaddress.ip_network(network)
    for network in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "3fff::/20")
)
_ISATAP: Final = (0x00005EFE, 0x02005EFE)
_SAFE: Final = "%/:=&?~+!$,;'@()*[]"


def is_public(address: str) -> bool:
    """Return whether an address, with all embedded addresses, is on the public internet.

    Unwraps IPv4-mapped, 6to4, Teredo, NAT64 and ISATAP addresses. Text that is not an address is not
    public.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    wrapped = tuple(_embedded_ipv4(parsed))
    if wrapped and not _is_isatap(parsed):
        return all(_is_global(inner) for inner in wrapped)
    return _is_global(parsed) and all(_is_global(inner) for inner in wrapped)


def _is_isatap(address: Address) -> bool:
    """Return whether an IPv6 address is ISATAP, which embeds an IPv4 address."""
    return isinstance(address, ipaddress.IPv6Address) and int(address) >> 32 & 0xFFFFFFFF in _ISATAP


def _embedded_ipv4(address: Address) -> Iterator[ipaddress.IPv4Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if address in _NAT64 or _is_isatap(address):
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def _is_global(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in _SPECIAL)
    )


def is_multicast(address: str) -> bool:
    """Return whether an address is a multicast address; no page has one."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return parsed.is_multicast or any(inner.is_multicast for inner in _embedded_ipv4(parsed))


def web_url(url: str) -> str:
    """Return the address as sent: ASCII, without fragment.

    Raises FetchError for anything but http and https with a host, and for user information.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise FetchError(f"not an address: {one_line(url, 120)}", kind="refused") from None
    if parts.scheme.casefold() not in ("http", "https") or not host or len(url) > MAX_URL_LENGTH:
        raise FetchError(f"not a web address: {one_line(url, 120)}", kind="refused")
    if "@" in parts.netloc:
        raise FetchError(
            f"{one_line(host, 80)}: names and passwords in addresses are not sent", kind="refused"
        )
    netloc = f"[{host}]" if ":" in host else _ascii_host(host)
    if port is not None:
        netloc += f":{port}"
    try:
        path = quote(parts.path or "/", safe=_SAFE)
        query = quote(parts.query, safe=_SAFE)
    except UnicodeEncodeError:
        raise FetchError(f"not an address: {one_line(url, 120)}", kind="refused") from None
    return urlunsplit(SplitResult(parts.scheme.casefold(), netloc, path, query, ""))


def _ascii_host(host: str) -> str:
    try:
        name = ascii_host(host)
    except UnicodeError:
        name = ""
    if not name or any(character in ' <>"\\^`{}|%/?#' or character < "!" for character in name):
        raise FetchError(f"{one_line(host, 80)!r} is not a host name", kind="refused")
    return name


def resolve_redirect(base: str, location: str) -> str:
    """Return the target of a redirect, resolved against `base`.

    Raises FetchError like `web_url`.
    """
    try:
        target = urljoin(base, location.strip())
    except ValueError:
        target = ""
    return web_url(target)
