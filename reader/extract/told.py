"""What a page says of its own text outside the text: titles, description, the body in JSON-LD."""

import html
import json
import re
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

_BODY: Final = re.compile(r'"articleBody"\s*:\s*("(?:[^"\\]|\\.)*")', re.S)
_TITLES: Final = frozenset(("og:title", "twitter:title", "dc.title", "headline"))
_DESCRIPTIONS: Final = frozenset(("og:description", "description", "twitter:description"))
_SEPARATOR: Final = re.compile(r"\s+[|\-–—:»·]\s+")
_BREAK: Final = re.compile(r"</(?:p|div|li|h[1-6]|blockquote)\s*>|<br\s*/?>", re.I)
_MARKUP: Final = re.compile(r"<[^<>]{1,300}>")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LONGEST: Final = 2_000_000
"""Characters of one JSON-LD script that are searched."""


@dataclass(frozen=True, slots=True)
class Told:
    """The page's words about itself; empty where it has none."""

    titles: tuple[str, ...] = ()
    description: str = ""
    body: str = ""


def read(root: HtmlElement) -> Told:
    """Titles (the shortest form first), the longest description, and the longest `articleBody`."""
    titles: list[str] = []
    description = ""
    title = root.find(".//title")
    whole = " ".join(title.text_content().split()) if title is not None else ""
    if whole:
        titles += [_SEPARATOR.split(whole)[0], whole]
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        content = (meta.get("content") or "")[:2000]
        if name in _TITLES and content:
            titles.append(content)
        elif name in _DESCRIPTIONS and len(content) > len(description):
            description = content
    return Told(tuple(dict.fromkeys(titles)), description, _article_body(root))


def _article_body(root: HtmlElement) -> str:
    longest = ""
    for script in root.iter("script"):
        text = script.text or ""
        if "ld+json" not in (script.get("type") or "") or len(text) > LONGEST:
            continue
        for match in _BODY.finditer(text):
            try:
                body = json.loads(match[1], strict=False)
            except ValueError:
                continue
            if isinstance(body, str) and len(body) > len(longest):
                longest = body
    if "<" in longest:
        longest = _MARKUP.sub("", _BREAK.sub("\n", longest))
    # lxml takes no control characters, and JSON may spell them.
    return _CONTROL.sub("", html.unescape(longest))
