"""RSS and Atom files as pages: each item with its title, source and text."""

import re
from html import escape
from typing import Final
from urllib.parse import urljoin

from lxml import etree

MAX_ITEMS: Final = 200
"""Items of a feed that are read."""

# Atomic groups: comments in a row have one reading only.
_FEED: Final = re.compile(
    r"\s*+(?:(?><\?[^<>]*>|<!--.*?-->|<!DOCTYPE[^<>\[]*(?:\[.*?\]\s*)?>)\s*+)*+<(?:rss|feed|rdf:RDF)[\s>]",
    re.S,
)
_TEXT_NAMES: Final = ("encoded", "content", "description", "summary")
_DATE_NAMES: Final = ("pubDate", "published", "date", "updated")
_AUTHOR_NAMES: Final = ("creator", "author")
_TAG: Final = re.compile(r"<[a-zA-Z/][^<>]*>")


def feed_page(text: str) -> str | None:
    """Return a feed as HTML, None for any other text. Linear.

    A feed of one item is this item's page; a longer one is a list of all items.
    """
    if not _FEED.match(text[:4_000]):
        return None
    # No entities are resolved and nothing is loaded: a feed is data from outside.
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None:
        return None
    items = [one for one in root.iter() if _name(one) in ("item", "entry")][:MAX_ITEMS]
    if not items:
        return None
    if len(items) == 1:
        return _item_page(items[0], _child_text(_first(root, "channel", root), ("title",)))
    feed = _first(root, "channel", root)
    title = escape(_child_text(feed, ("title",)))
    body = "".join(map(_listed_item, items))
    return f"<!DOCTYPE html><html><head><title>{title}</title>{_base(items[0])}</head><body><article><h1>{title}</h1>{body}</article></body></html>"


def _item_page(item: etree._Element, site: str) -> str:
    title, link = escape(_child_text(item, ("title",))), escape(_link(item))
    meta = (
        f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">'
    )
    if link:
        meta += f'<link rel="canonical" href="{link}">'
    for name, value in (
        ("author", _child_text(item, _AUTHOR_NAMES)),
        ("article:published_time", _child_text(item, _DATE_NAMES)),
    ):
        meta += f'<meta property="{name}" name="{name}" content="{escape(value)}">' if value else ""
    if site:
        meta += f'<meta property="og:site_name" content="{escape(site)}">'
    return f"<!DOCTYPE html><html><head><title>{title}</title>{_base(item)}{meta}</head><body><article><h1>{title}</h1>{_text(item)}</article></body></html>"


def _listed_item(item: etree._Element) -> str:
    title, link = escape(_child_text(item, ("title",))), escape(_link(item))
    named = f'<a href="{link}">{title}</a>' if link else title
    return f"<h2>{named}</h2>{_text(item)}"


def _text(item: etree._Element) -> str:
    """Return the longest text of an item as HTML."""
    texts = [_content(one) for one in item if _name(one) in _TEXT_NAMES]
    text = max(texts, key=len, default="")
    if _TAG.search(text):
        return text
    return "".join(f"<p>{line}</p>" for line in text.split("\n") if line.strip())


def _content(element: etree._Element) -> str:
    """Return an element's HTML: escaped text, CDATA or XHTML."""
    if len(element) == 0:
        return element.text or ""
    return "".join(etree.tostring(child, encoding="unicode", method="html") for child in element)


def _base(item: etree._Element) -> str:
    """Return a <base> with the address to which links of the item's text are relative, if given."""
    texts = (one for one in item if _name(one) in _TEXT_NAMES)
    base = next((one.base for one in texts if one.base), item.base)
    return f'<base href="{escape(base)}">' if base else ""


def _link(item: etree._Element) -> str:
    links = [one for one in item if _name(one) == "link"]
    chosen = next((one for one in links if one.get("rel", "alternate") == "alternate"), None)
    if chosen is None:
        return ""
    address = (chosen.get("href") or chosen.text or "").strip()
    try:
        return urljoin(chosen.base or "", address) if address else ""
    except ValueError:
        return address


def _child_text(element: etree._Element, names: tuple[str, ...]) -> str:
    for name in names:
        for child in element:
            if _name(child) == name and (
                text := " ".join("".join(map(str, child.itertext())).split())
            ):
                return text
    return ""


def _first(root: etree._Element, name: str, default: etree._Element) -> etree._Element:
    return next((one for one in root if _name(one) == name), default)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
