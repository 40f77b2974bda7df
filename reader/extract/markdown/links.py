"""Destinations of links: absolute, of an allowed scheme, and safely encoded."""

import re
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

MAX_DESTINATION: Final = 4096
"""Characters of an address, as `model.urls.MAX_URL_LENGTH`."""
_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_ALLOWED: Final = re.compile(r"(?:https?://[^\s/]|mailto:[^\s@]+@)", re.I)
_ENTITY: Final = re.compile(r"&(?=#?\w{1,41};)")
_PLAIN: Final = re.compile(r"https?://[a-z0-9.-]+/[!#$%'*+,\-./:;=?@_~0-9A-Za-z]*")
"""Most addresses: absolute, with a path, and of signs that stay as they are."""
_UNSAFE: Final = re.compile(r"[^!#$%&'()*+,\-./:;=?@\[\]_~0-9A-Za-z]")


def destination(address: str | None, base_url: str | None) -> str | None:
    """Return the absolute, percent-encoded destination; None if it must not be followed.

    Only http, https and mailto are followed; parentheses that do not pair are encoded too, so
    that the destination can end nothing.
    """
    if not address:
        return None
    if len(address) <= MAX_DESTINATION and _PLAIN.fullmatch(address):
        return address
    text = address.strip()
    text = text.replace("\t", "").replace("\n", "").replace("\r", "")
    if not text or len(text) > MAX_DESTINATION:
        return None
    if not _ALLOWED.match(text):
        if _SCHEME.match(text) and not _is_relative(text):
            return None
        if not base_url:
            return None
        try:
            text = urljoin(base_url, text)
        except ValueError:
            return None
        if not _ALLOWED.match(text):
            return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme != "mailto" and not parts.netloc:
        return None
    if not parts.path and not parts.query and not parts.fragment:
        text += "/"
    return _percent_encode(text)


def _is_relative(text: str) -> bool:
    """Return whether it is `http:` without a host, which browsers read as a path."""
    return bool(re.match(r"https?:(?!//)", text, re.I))


def _percent_encode(text: str) -> str:
    if _UNSAFE.search(text) is not None:
        text = _UNSAFE.sub(_encode_character, text)
    if "(" in text or ")" in text:
        text = _encode_unpaired(text)
    return _ENTITY.sub("&amp;", text) if "&" in text else text


def _encode_character(found: re.Match[str]) -> str:
    sign = found[0]
    if sign.isalnum():
        return sign
    return quote(sign, safe="", errors="replace")


def _encode_unpaired(text: str) -> str:
    depth = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if not 0 <= depth < 4:
            break
    return text if depth == 0 else text.replace("(", "%28").replace(")", "%29")
