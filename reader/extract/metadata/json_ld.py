"""JSON-LD of a page: graphs, lists and broken JSON included.

Source: schema.org Article and its kinds; https://www.w3.org/TR/json-ld11/.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any, Final

from lxml.html import HtmlElement

MAX_SCRIPT: Final = 2_000_000
"""Characters of one script that are read."""
MAX_DEPTH: Final = 12
"""Levels of values that are read: an author's name in a graph is at the fourth."""
_ARTICLE: Final = re.compile(
    r"(?:.*/)?(?:\w*Article|\w*Posting|BlogPosting|Report|Recipe|Review|Answer|QAPage|CreativeWork|TechArticle|Chapter|Book|VideoObject|WebPage|ItemPage|AboutPage|ProfilePage|CollectionPage|FAQPage|NewsletterIssue|Guide|HowTo)"
)
_PAGE: Final = re.compile(
    r"(?:.*/)?\w*(?:WebPage|ItemPage|AboutPage|ProfilePage|CollectionPage|FAQPage|VideoObject)"
)
_COMMENT: Final = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*$"
)
_COMMA: Final = re.compile(r",(\s*[}\]])")

Thing = dict[str, Any]


@dataclass(frozen=True, slots=True)
class JsonLd:
    """The described article, its page and its site, and all things by `@id`."""

    article: Thing
    page: Thing
    site: Thing
    by_id: dict[str, Thing]

    def text(self, *names: str) -> str:
        """Return the first of these properties that is text."""
        for thing in (self.article, self.page):
            for name in names:
                value = thing.get(name)
                if isinstance(value, list) and value:
                    value = value[0]
                if isinstance(value, str) and value.strip():
                    return unescape(value)
        return ""

    def names(self, *names: str) -> list[str]:
        """Return the names of the people or organisations in one of these properties."""
        for thing in (self.article, self.page):
            for name in names:
                found = list(self._collect_names(thing.get(name), 0))
                if found:
                    return found
        return []

    def _collect_names(self, value: Any, depth: int) -> Iterator[str]:
        if depth > MAX_DEPTH:
            return
        if isinstance(value, str):
            if value.strip() and not value.startswith(("http://", "https://", "#", "/")):
                yield unescape(value)
        elif isinstance(value, list):
            for item in value[:20]:
                yield from self._collect_names(item, depth + 1)
        elif isinstance(value, dict):
            thing = value if value.get("name") else self.by_id.get(str(value.get("@id")), value)
            yield from self._collect_names(thing.get("name"), depth + 1)

    def publisher(self) -> str:
        """Return the name of the publisher; empty if missing."""
        return (
            next(iter(self.names("publisher", "isPartOf", "sourceOrganization")), "")
            or self.site_name()
        )

    def site_name(self) -> str:
        """Return the name of the described site."""
        return next(iter(self._collect_names(self.site, 0)), "")

    def image(self) -> str:
        """Return the address of the first image."""
        for thing in (self.article, self.page):
            for name in ("image", "thumbnailUrl", "primaryImageOfPage"):
                found = self._find_url(thing.get(name), 0)
                if found:
                    return found
        return ""

    def _find_url(self, value: Any, depth: int) -> str:
        if depth > MAX_DEPTH:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, list) and value:
            return self._find_url(value[0], depth + 1)
        if isinstance(value, dict):
            thing = self.by_id.get(str(value.get("@id")), value) if "url" not in value else value
            return self._find_url(thing.get("url") or thing.get("contentUrl"), depth + 1)
        return ""

    def keywords(self) -> list[str]:
        """Return the keywords, given as one text or as a list."""
        value = self.article.get("keywords") or self.page.get("keywords")
        if isinstance(value, str):
            return value.split(",")
        return (
            [str(word) for word in value if isinstance(word, str)]
            if isinstance(value, list)
            else []
        )


def read_json_ld(root: HtmlElement) -> JsonLd:
    """Read the JSON-LD of a page. Linear in the scripts; never raises."""
    things = [
        thing
        for script in root.iter("script")
        for thing in _collect_things(_parse_script(script), 0)
    ]
    known = {str(thing["@id"]): thing for thing in things if "@id" in thing and len(thing) > 1}
    articles = [thing for thing in things if _has_type(thing, _ARTICLE)]
    # The most specific kind first: an article before its page.
    articles.sort(
        key=lambda thing: (
            _has_type(thing, _PAGE),
            not (thing.get("headline") or thing.get("author")),
        )
    )
    pages = [thing for thing in things if _has_type(thing, _PAGE)]
    sites = [thing for thing in things if _has_type(thing, re.compile(r"(?:.*/)?WebSite"))]
    return JsonLd(
        articles[0] if articles else {}, pages[0] if pages else {}, sites[0] if sites else {}, known
    )


def _parse_script(script: HtmlElement) -> Any:
    if "ld+json" not in (script.get("type") or "").lower():
        return None
    text = script.text or ""
    if len(text) > MAX_SCRIPT:
        return None
    text = _COMMENT.sub("", text)
    for attempt in (text, _COMMA.sub(r"\1", text.rstrip().rstrip(";"))):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _collect_things(value: Any, depth: int) -> Iterator[Thing]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value[:500]:
            yield from _collect_things(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            yield from _collect_things(value.get(name), depth + 1)


def _has_type(thing: Thing, kind: re.Pattern[str]) -> bool:
    types = thing.get("@type")
    kinds = types if isinstance(types, list) else [types]
    return any(isinstance(one, str) and kind.fullmatch(one) for one in kinds)
