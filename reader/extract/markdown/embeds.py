"""Players and posts of other sites inside a page, as links to them."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

from lxml.etree import SubElement
from lxml.html import HtmlElement

from reader.extract import removals
from reader.extract.dom import replace

PLAYER: Final = "▶"
"""The text of a link to a player; its name is the link's title."""
EXTERNAL: Final = "↗"
"""The text of a link to any other frame: a map, a chart, a post."""
_PLAYERS: Final = re.compile(
    r"(?:^|\.)(?:youtube(?:-nocookie)?|youtu|vimeo|dailymotion|twitch|spotify|soundcloud|bandcamp|acast|brightcove"
    r"|jwplatform|jwplayer|kaltura|wistia|ted|rumble|podcasts?)\.|(?:^|[./_-])(?:video|player|audio|podcast)s?(?:$|[./_-])"
)
_ADVERTS: Final = re.compile(
    r"^(?:https?:)?//(?:[^/?#]*\.)?(?:doubleclick|googlesyndication|googletagmanager|adservice|amazon-adsystem|criteo"
    r"|outbrain|taboola|smartadserver|adserver|adsrvr|adform|scorecardresearch|disqus)\b|recaptcha|/ad(?:s|view|click)?[/.?]"
    r"|facebook\.com/plugins/(?:like|share|page|follow|send)|/widgets/(?:tweet|follow)_button|^about:"
)
_ELEMENTS: Final = {
    "lite-youtube": ("videoid", "https://www.youtube.com/embed/"),
    "amp-youtube": ("data-videoid", "https://www.youtube.com/embed/"),
    "youtube-video": ("videoid", "https://www.youtube.com/embed/"),
    "lite-vimeo": ("videoid", "https://player.vimeo.com/video/"),
    "amp-vimeo": ("data-videoid", "https://player.vimeo.com/video/"),
    "amp-twitter": ("data-tweetid", "https://x.com/i/status/"),
    "amp-instagram": ("data-shortcode", "https://www.instagram.com/p/"),
    "amp-iframe": ("src", ""),
}
"""Custom elements of players and posts: the attribute that names them, and its address's begin."""
_RENAMED: Final = {"amp-video": "video", "amp-audio": "audio"}
_NAME: Final = re.compile(r"[\w-]{4,40}")
_GENERIC_TITLE: Final = re.compile(
    r"^(?:iframe|embed(?:ded)?(?: content)?|video|player|youtube video player)$", re.I
)


@dataclass(frozen=True, slots=True)
class Embed:
    """A link to embedded content; `title` is empty if it has no name."""

    symbol: str
    title: str
    url: str


def normalise(root: HtmlElement) -> None:
    """Turn the elements that scripts make players of into frames and players. Linear."""
    for element in list(root.iter(*_ELEMENTS)):
        attribute, begin = _ELEMENTS[element.tag]
        value = (element.get(attribute) or "").strip()
        if (begin and not _NAME.fullmatch(value)) or element.text_content().strip():
            # A post's text stands in for the post until a script loads it.
            continue
        title = element.get("title") or element.get("playlabel") or element.get("aria-label") or ""
        for inner in list(element):
            element.remove(inner)
        element.tag, element.text = "iframe", None
        element.attrib.clear()
        element.set("src", f"{begin}{value}")
        element.set("title", title)
    for element in root.iter(*_RENAMED):
        element.tag = _RENAMED[element.tag]
    for link in list(root.iter("a")):
        names = link.get("class")
        if names and "bookmark" in names:
            _unfold_bookmark(link)
        elif names and "wp-block-file__button" in names and link.getprevious() is not None:
            removals.drop(link, "control")


def _unfold_bookmark(link: HtmlElement) -> None:
    """Replace a card of a link, as Ghost and Notion draw it, by its linked title and its words."""
    parts = {
        name: inner
        for inner in link.iter("div", "span", "p", "h4")
        for name in ("title", "description")
        if f"bookmark-{name}" in (inner.get("class") or "")
    }
    title = " ".join(parts["title"].text_content().split()) if "title" in parts else ""
    if not title or not link.get("href"):
        return
    figure = link.getparent()
    is_figure = figure is not None and figure.tag == "figure"
    box = link.makeelement("div")
    line = SubElement(box, "p")
    anchor = SubElement(line, "a", href=link.get("href"))
    anchor.text = title
    if "description" in parts:
        SubElement(box, "p").text = " ".join(parts["description"].text_content().split())
    if not is_figure:
        replace(link, box)
        return
    for caption in figure.findall("figcaption"):
        caption.tag = "p"
        box.append(caption)
    box.set("class", figure.get("class") or "")
    replace(figure, box)


def is_advert(address: str) -> bool:
    """Return whether an address is of an advert, a counter, or a button of a social network."""
    return _ADVERTS.search(address[:2000]) is not None


def frame_embed(frame: HtmlElement) -> Embed | None:
    """Return the content of a frame or object as a link; None for adverts."""
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
    if is_advert(source) or frame.get("width") in ("0", "1") or frame.get("height") in ("0", "1"):
        return None
    title = " ".join((frame.get("title") or frame.get("aria-label") or "").split())[:200]
    try:
        parts = urlsplit(source)
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    if not host:
        return None
    known = _watch_page(host, parts.path, parse_qs(parts.query))
    plays = _PLAYERS.search(f"{host}{parts.path[:200]}") or frame.get("allowfullscreen") is not None
    return Embed(
        PLAYER if plays else EXTERNAL,
        "" if _GENERIC_TITLE.match(title) else title,
        known or source,
    )


def _watch_page(host: str, path: str, query: dict[str, list[str]]) -> str | None:
    """Return the page of a player's address; None if it is unknown."""
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


def media_embed(player: HtmlElement) -> Embed | None:
    """Return the file that a `<video>` or `<audio>` plays, as a link."""
    source = player.get("src") or next(
        (element.get("src") for element in player.iter("source") if element.get("src")), None
    )
    if not source or source.startswith(("blob:", "data:")):
        return None
    title = " ".join((player.get("title") or player.get("aria-label") or "").split())[:200]
    return Embed(PLAYER, title, source)
