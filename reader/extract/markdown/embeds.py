"""Players and posts of other sites inside a page, as links to where they can be seen."""

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from lxml.html import HtmlElement

_HOSTS: Final = (
    (re.compile(r"(?:^|\.)youtube(?:-nocookie)?\.com$|^youtu\.be$"), "YouTube video"),
    (re.compile(r"(?:^|\.)vimeo\.com$"), "Vimeo video"),
    (re.compile(r"(?:^|\.)(?:twitter|x)\.com$"), "Post on X"),
    (re.compile(r"(?:^|\.)spotify\.com$"), "Spotify"),
    (re.compile(r"(?:^|\.)soundcloud\.com$"), "SoundCloud"),
)
_ADVERTS: Final = re.compile(
    r"doubleclick|googlesyndication|googletagmanager|adservice|amazon-adsystem|criteo|outbrain"
    r"|taboola|recaptcha|disqus|facebook\.com/plugins/(?:like|share|page)|/ads?[/.?]|about:"
)
_GENERIC: Final = re.compile(
    r"^(?:iframe|embed(?:ded)?(?: content)?|video|player|youtube video player)$", re.I
)


def link_of(frame: HtmlElement) -> tuple[str, str] | None:
    """The label and address of what an `<iframe>`, `<embed>` or player shows; None for adverts."""
    source = next(
        (
            value.strip()
            for name in ("src", "data-src", "data-lazy-src", "data-litespeed-src", "data")
            if (value := frame.get(name)) and not value.startswith(("about:", "data:"))
        ),
        "",
    )
    if not source:
        return None
    if source.startswith("//"):
        source = f"https:{source}"
    if (
        _ADVERTS.search(source)
        or frame.get("width") in ("0", "1")
        or frame.get("height") in ("0", "1")
    ):
        return None
    title = " ".join((frame.get("title") or frame.get("aria-label") or "").split())[:200]
    try:
        parts = urlsplit(source)
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    if not host:
        return None
    label = next((name for pattern, name in _HOSTS if pattern.search(host)), "")
    address = _watched(host, parts.path, parse_qs(parts.query)) or source
    if title and not _GENERIC.match(title):
        return title, address
    return label or f"Embedded from {host.removeprefix('www.')}", address


def _watched(host: str, path: str, query: dict[str, list[str]]) -> str | None:
    """The page a player's address stands for; None where it is not known."""
    if "youtu" in host:
        found = re.match(r"/(?:embed|v|shorts|live)/([\w-]{6,20})", path)
        if found is None and host == "youtu.be":
            found = re.match(r"/([\w-]{6,20})", path)
        if found and found[1] != "videoseries":
            return f"https://www.youtube.com/watch?v={found[1]}"
        if "list" in query:
            return f"https://www.youtube.com/playlist?list={query['list'][0][:60]}"
    if host.endswith("vimeo.com"):
        found = re.match(r"/(?:video/)?(\d+)", path)
        return f"https://vimeo.com/{found[1]}" if found else None
    if host in ("platform.twitter.com", "platform.x.com") and "id" in query:
        return f"https://x.com/i/status/{query['id'][0][:25]}"
    if host.endswith("spotify.com") and path.startswith("/embed/"):
        return f"https://open.spotify.com{path.removeprefix('/embed')}"
    return None


def media_of(player: HtmlElement) -> tuple[str, str] | None:
    """The label and address of a `<video>` or `<audio>`."""
    source = player.get("src") or next(
        (element.get("src") for element in player.iter("source") if element.get("src")), None
    )
    if not source or source.startswith(("blob:", "data:")):
        return None
    title = " ".join((player.get("title") or player.get("aria-label") or "").split())[:200]
    return title or ("Audio" if player.tag == "audio" else "Video"), source
