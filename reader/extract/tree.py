"""The one parse of a page, bounded in attributes, depth and size."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from reader.model.address import is_web
from reader.model.errors import NotAnArticle

MAX_TEXT: Final = 20 * 1024 * 1024
MAX_DEPTH: Final = 100
MAX_ATTRIBUTES: Final = 200
_FLOODED: Final = re.compile(r"<[a-zA-Z][^<>\s]*\s[^<>]{8000,}>")


@dataclass(slots=True)
class Page:
    """A parsed page. `root` is the `html` element, changed by every stage after this one.

    `url` is where it came from, `base_url` what its links are relative to, `cut` whether
    something had to be left out.
    """

    root: HtmlElement
    url: str | None
    base_url: str | None
    cut: bool = False


def parse(text: str, url: str | None = None) -> Page:
    """The page's tree. Raises NotAnArticle where there is nothing to parse.

    libxml2 drops what lies below depth 256 unless `huge_tree` is set, and is quadratic in the
    attributes of one element, so both are bounded here.
    """
    cut = len(text) > MAX_TEXT
    text = text[:MAX_TEXT].replace("\x00", "")
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    if "<" in text and len(text) > 8000:
        text, flooded = _FLOODED.subn(_fewer, text)
        cut = cut or bool(flooded)
    parser = HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise NotAnArticle("nothing in it can be read as a page") from None
    cut = _flatten(root) or cut
    return Page(root, url, _base(root, url), cut)


def _fewer(found: re.Match[str]) -> str:
    """The tag with its first attributes only, each of bounded length."""
    head, _, rest = found[0][1:-1].partition(" ")
    words = re.findall(
        r"""[^\s=>"']+(?:\s*=\s*(?:"[^"]{0,20000}"|'[^']{0,20000}'|[^\s"'>]{0,2000}))?""",
        rest[:400_000],
    )
    return f"<{head} {' '.join(words[:MAX_ATTRIBUTES])}>"


def _flatten(root: HtmlElement) -> bool:
    """Unwrap elements below `MAX_DEPTH`, their text kept in place; whether any was."""
    depth, deep = 0, []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            depth += 1
            if depth > MAX_DEPTH:
                deep.append(element)
        else:
            depth -= 1
    for element in reversed(deep):
        if isinstance(element.tag, str) and element.getparent() is not None:
            element.drop_tag()
    return bool(deep)


def _base(root: HtmlElement, url: str | None) -> str | None:
    for element in root.iter("base"):
        found = str(urljoin(url or "", element.get("href", "").strip()))
        if is_web(found):
            return found
    return url
