"""The user's cookies.txt, sent to the hosts that the settings name.

Source of the format: the Netscape cookie file as curl documents it. The file is never written,
and cookies that a server sets are not kept.
"""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from reader import nofollow
from reader.model.errors import SettingsError
from reader.model.text import one_line

MAX_FILE: Final = 5_000_000
"""Bytes of a cookies.txt: ten thousand lines of 500 bytes."""
MAX_HEADER: Final = 8_000
"""Bytes of the header: Apache and nginx refuse header lines of more than 8 KB by default."""
MAX_COOKIES: Final = 20
"""Cookies of a host that are kept between redirects."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """One line of the file; `domain` has no leading dot."""

    domain: str
    includes_subdomains: bool
    path: str
    secure: bool
    expires: int
    pair: str


class CookieFile:
    """The cookies of the chosen hosts; empty if none is chosen."""

    def __init__(self, cookies: Iterable[Cookie] = (), hosts: Iterable[str] = ()):
        self._cookies = tuple(cookies)
        self._hosts = tuple(host.casefold().strip(". ") for host in hosts if host.strip(". "))

    @classmethod
    def read(cls, path: str, hosts: Iterable[str]) -> "CookieFile":
        """Read the file that the settings name. Raises SettingsError if it cannot be read."""
        if not path:
            return cls()
        shown = one_line(path, 200)
        try:
            place = Path(os.path.realpath(path))
            raw = nofollow.read_file(place.parent, [place.name], MAX_FILE + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "not a file"
            raise SettingsError(f"fetch.cookies: {shown} cannot be read: {reason}") from None
        if len(raw) > MAX_FILE:
            raise SettingsError(f"fetch.cookies: {shown} is too large for a cookies.txt")
        return cls(_parse(raw.decode("utf-8", "replace")), hosts)

    def header(self, url: str, now: float | None = None) -> str:
        """Return the Cookie header for an address, or an empty string.

        Cookies with longer paths come first (RFC 6265, 5.4).
        """
        parts = urlsplit(url)
        host, path = parts.hostname or "", parts.path or "/"
        if not any(_is_subdomain(host, chosen) for chosen in self._hosts):
            return ""
        at = time.time() if now is None else now
        fitting = [
            cookie
            for cookie in self._cookies
            if (
                host == cookie.domain
                or (cookie.includes_subdomains and _is_subdomain(host, cookie.domain))
            )
            and _is_below(path, cookie.path)
            and (parts.scheme == "https" or not cookie.secure)
            and (cookie.expires == 0 or cookie.expires > at)
        ]
        fitting.sort(key=lambda cookie: -len(cookie.path))
        header = "; ".join(cookie.pair for cookie in fitting)
        return header if len(header) <= MAX_HEADER else ""


class RedirectCookies:
    """Cookies that one chain of redirects sets: gates redirect to themselves with one.

    They go back only to an address that redirected before, and are forgotten with the chain.
    """

    def __init__(self) -> None:
        self._pairs: dict[str, dict[str, str]] = {}
        self._seen: set[str] = set()

    def store(self, url: str, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep the cookies of a response, at most `MAX_COOKIES` of a host."""
        host = urlsplit(url).hostname or ""
        self._seen.add(url)
        for name, value in headers:
            if name.lower() != b"set-cookie":
                continue
            pair = value.decode("latin-1").partition(";")[0].strip()
            key, equals, _ = pair.partition("=")
            kept = self._pairs.setdefault(host, {})
            if equals and key and pair.isascii() and pair.isprintable() and len(kept) < MAX_COOKIES:
                kept[key] = pair

    def header(self, url: str) -> str:
        """Return the Cookie header for an address that redirected, else an empty string."""
        if url not in self._seen:
            return ""
        header = "; ".join(self._pairs.get(urlsplit(url).hostname or "", {}).values())
        return header if len(header) <= MAX_HEADER else ""


def _parse(text: str) -> Iterable[Cookie]:
    for line in text.splitlines():
        fields = line.removeprefix("#HttpOnly_").split("\t")
        if len(fields) != 7 or fields[0].startswith("#"):
            continue
        domain, wide, path, secure, expires, name, value = fields
        pair = f"{name}={value}" if name else value
        if ";" in pair or not pair.isascii() or not pair.isprintable():
            continue
        yield Cookie(
            domain=domain.casefold().lstrip("."),
            includes_subdomains=wide == "TRUE" or domain.startswith("."),
            path=path or "/",
            secure=secure == "TRUE",
            expires=int(expires) if expires.isdecimal() else 0,
            pair=pair,
        )


def _is_subdomain(host: str, domain: str) -> bool:
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
