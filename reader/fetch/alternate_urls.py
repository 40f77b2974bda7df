"""Other addresses that a page names for its article: next page, AMP, print form, refresh target.

Tags are read one by one, not as a tree: a few attributes of `<link>`, `<a>` and `<meta>` are
enough, and this runs where no page may be parsed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from reader.fetch.address_guard import resolve_redirect
from reader.model.errors import FetchError
from reader.model.urls import host_of

MAX_BYTES: Final = 2_000_000
"""Bytes of a page that are searched for links to its other forms."""
MAX_REFRESH_DELAY: Final = 10.0
"""Seconds after which a page that reloads has been read."""
_TAG: Final = re.compile(r"<(link|a|meta)\s([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(
    r"""(?<![a-z-])([a-z-]{1,20})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""",
    re.IGNORECASE,
)
_REFRESH: Final = re.compile(
    r"""\s*(\d{1,3})(?:\.\d*)?\s*[;,]\s*url\s*=\s*["']?([^"']+)""", re.IGNORECASE
)
MAX_STUB: Final = 6_000
"""Characters of the longest page that only redirects by a script; stubs of shorteners have 300."""
_SCRIPTED: Final = re.compile(
    r"""\blocation(?:\.href)?\s*(?:=|\.(?:replace|assign)\()\s*(["'])((?:https?:/)?/[^"'\s<>]{1,2000})\1"""
)
MAX_STUB_LETTERS: Final = 300
"""Letters that a page shows while it redirects: a title and "click here"."""
_MAY_REDIRECT: Final = re.compile(rb"http-equiv|location", re.IGNORECASE)
_MARKUP: Final = re.compile(
    r"<(script|style|svg)\b.*?</\1\s*>|<!--.*?-->|<[^<>]*>", re.IGNORECASE | re.DOTALL
)
_PRINT: Final = re.compile(
    r"[/?&](?:print|printable|printview)(?:[/=&]|$)|[?&](?:view|action|format)=print"
)
_PAGE_NAMES: Final = frozenset(
    {"page", "p", "pg", "pagina", "seite", "paged", "pagenum", "pagenumber"}
)
_HOST_PREFIXES: Final = ("amp.", "m.", "mobile.", "print.")


@dataclass(frozen=True, slots=True)
class AlternateUrls:
    """Absolute addresses, or None.

    `amp`, `print_version` and `next_page` are on the page's own site.
    """

    amp: str | None = None
    print_version: str | None = None
    next_page: str | None = None
    refresh: str | None = None


def alternate_urls(
    page: bytes, url: str, number: int = 1, refresh_header: str = ""
) -> AlternateUrls:
    """Find the alternate addresses in a page at `url`. Linear in the page.

    `number` is the number of the page within its article.
    """
    text = page[:MAX_BYTES].decode("utf-8", "replace")
    found: dict[str, str] = {}
    _note_refresh(found, {"http-equiv": "refresh", "content": refresh_header}, url)
    for tag, attributes in _tags(text):
        kinds = attributes.get("rel", "").casefold().split()
        target = _resolve(url, attributes.get("href", ""))
        if tag == "meta":
            _note_refresh(found, attributes, url)
        elif target is None or not _is_same_site(url, target):
            continue
        elif "amphtml" in kinds:
            found.setdefault("amp", target)
        elif "next" in kinds and is_next_page(url, target, number):
            found.setdefault("next_page", target)
        elif (
            tag == "link"
            and "alternate" in kinds
            and attributes.get("media", "").casefold() == "print"
        ):
            found.setdefault("print_version", target)
        elif tag == "a" and _PRINT.search(target.casefold()) and _shares_words(url, target):
            found.setdefault("print_version", target)
    if "refresh" not in found and len(text) <= MAX_STUB:
        script = _SCRIPTED.search(text)
        target = _resolve(url, script[2]) if script else None
        if target is not None:
            found["refresh"] = target
    return AlternateUrls(**found)


def is_redirect_stub(page: bytes, url: str, refresh_header: str = "") -> bool:
    """Return whether a page shows next to nothing and redirects elsewhere."""
    if len(page) > MAX_BYTES or not (refresh_header or _MAY_REDIRECT.search(page)):
        return False
    words = _MARKUP.sub(" ", page.decode("utf-8", "replace"))
    if sum(map(str.isalnum, words)) > MAX_STUB_LETTERS:
        return False
    return alternate_urls(page, url, refresh_header=refresh_header).refresh is not None


def is_next_page(url: str, target: str, number: int) -> bool:
    """Return whether `target` is the page after `number` of the article at `url`.

    Many sites mark the next article with `rel=next` too, so the two addresses must be the same but
    for the number.
    """
    here, there = urlsplit(url), urlsplit(target)
    if here.path in ("", "/") and not here.query:
        return False
    following = str(number + 1)
    if there.path == here.path:
        before = [pair for pair in parse_qsl(here.query) if pair[0].casefold() not in _PAGE_NAMES]
        after = parse_qsl(there.query)
        pages = [pair for pair in after if pair[0].casefold() in _PAGE_NAMES]
        rest = [pair for pair in after if pair not in pages]
        return rest == before and [value for _, value in pages] == [following]
    return there.query == here.query and _strip_slash(there.path) in _next_paths(here.path, number)


def _next_paths(path: str, number: int) -> set[str]:
    """Return the paths that the next page may have."""
    stem, dot, ending = _strip_slash(path).rpartition(".")
    if not dot or "/" in ending:
        stem, dot, ending = _strip_slash(path), "", ""
    found: set[str] = set()
    for sign in ("/page/", "/page-", "/", "-", "_"):
        own = f"{sign}{number}"
        if stem.endswith(own):
            found.add(f"{stem.removesuffix(own)}{sign}{number + 1}{dot}{ending}")
        elif number == 1:
            found.add(f"{stem}{sign}{number + 1}{dot}{ending}")
    return found


def _strip_slash(path: str) -> str:
    return path.rstrip("/")


def _tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    for found in _TAG.finditer(text):
        attributes = {
            name.casefold(): unescape(double or single or bare)
            for name, double, single, bare in _ATTRIBUTE.findall(found[2])
        }
        yield found[1].casefold(), attributes


def _note_refresh(found: dict[str, str], attributes: dict[str, str], url: str) -> None:
    if attributes.get("http-equiv", "").casefold() != "refresh":
        return
    way = _REFRESH.match(attributes.get("content", ""))
    target = _resolve(url, way[2]) if way and float(way[1]) <= MAX_REFRESH_DELAY else None
    if target is not None:
        found.setdefault("refresh", target)


def _resolve(url: str, address: str) -> str | None:
    if not address.strip():
        return None
    try:
        target = resolve_redirect(url, address)
    except FetchError:
        return None
    return None if target == url else target


def _is_same_site(url: str, target: str) -> bool:
    return _site(url) == _site(target)


def _site(url: str) -> str:
    host = host_of(url)
    for dress in _HOST_PREFIXES:
        host = host.removeprefix(dress)
    return host


def _shares_words(url: str, target: str) -> bool:
    """Return whether a print address holds the longest part of the article's path."""
    longest = max(urlsplit(url).path.split("/"), key=len).partition(".")[0]
    return len(longest) > 3 and longest in target
