"""Title, description and body found in metadata and JSON-LD."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

_STRING: Final = r'"(?:[^"\\]|\\.)*"'
_BODY: Final = re.compile(rf'"articleBody"\s*:\s*({_STRING})', re.S)
_RECIPE: Final = re.compile(
    rf'"(?:recipeIngredient|recipeInstructions)"\s*:\s*(\[[^\]]*\]|{_STRING})', re.S
)
_INGREDIENTS: Final = re.compile(r'"recipeIngredient"\s*:\s*(\[[^\]]*\])', re.S)
_PRODUCT: Final = re.compile(r'"@type"\s*:\s*\[?\s*"Product')
_DESCRIPTION: Final = re.compile(rf'"description"\s*:\s*({_STRING})', re.S)
_STEP: Final = re.compile(rf'(?:"text"\s*:\s*|(?<=[\[,])\s*)({_STRING})(?!\s*:)', re.S)
_TITLES: Final = frozenset(("og:title", "twitter:title", "dc.title", "headline"))
_DESCRIPTIONS: Final = frozenset(("og:description", "description", "twitter:description"))
IMAGES: Final = (
    "og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src",
)  # fmt: skip
"""Properties with the address of the article's picture, the most reliable first."""
_SEPARATOR: Final = re.compile(r"\s+[|\-–—:»·]\s+")
_BREAK: Final = re.compile(r"</(?:p|div|li|h[1-6]|blockquote)\s*>|<br\s*/?>", re.I)
_MARKUP: Final = re.compile(r"<[^<>]{1,300}>")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
MAX_REFRESH_DELAY: Final = 10
"""Seconds after which a page that reloads has been read."""
MAX_STUB_LETTERS: Final = 300
"""Letters of the longest page that only redirects."""
_REFRESH: Final = re.compile(
    r"""\s*(\d{1,3})(?:\.\d*)?\s*[;,]\s*url\s*=\s*["']?\s*([^"'\s]+)""", re.I
)
MAX_DESCRIPTION: Final = 20_000
"""Characters of a product's description that are read."""
MAX_SCRIPT: Final = 2_000_000
"""Characters of one JSON-LD script that are searched."""


@dataclass(frozen=True, slots=True)
class PageHints:
    """Hints in the page's metadata; empty if missing.

    `product` is the longest product description, `ingredients` are those of a recipe, `images` the
    addresses of the page's pictures.
    """

    titles: tuple[str, ...] = ()
    description: str = ""
    body: str = ""
    product: str = ""
    images: tuple[str, ...] = ()
    ingredients: tuple[str, ...] = ()


def read_page_hints(root: HtmlElement) -> PageHints:
    """Return titles (the shortest first), the longest description and `articleBody`."""
    titles: list[str] = []
    images: list[str] = []
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
        elif name in IMAGES and content:
            images.append(content)
    products = list(_product_descriptions(root))
    return PageHints(
        tuple(dict.fromkeys(titles)),
        "\n".join((description, *products)).strip(),
        _article_body(root),
        max(products, key=len, default=""),
        tuple(images),
        tuple(_ingredients(root)),
    )


def redirect_target(root: HtmlElement) -> str | None:
    """Return the address that a page with next to no text redirects to, else None."""
    for meta in root.iter("meta"):
        if (meta.get("http-equiv") or "").casefold().strip() == "refresh":
            found = _REFRESH.match(meta.get("content") or "")
            if found and int(found[1]) <= MAX_REFRESH_DELAY and _letters(root) <= MAX_STUB_LETTERS:
                return found[2].strip()
    return None


def _letters(root: HtmlElement) -> int:
    shown = 0
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag not in ("script", "style", "svg", "title"):
            shown += sum(map(str.isalnum, element.text or ""))
        shown += sum(map(str.isalnum, element.tail or ""))
        if shown > MAX_STUB_LETTERS:
            break
    return shown


def _article_body(root: HtmlElement) -> str:
    """Return the longest `articleBody`, else a recipe's ingredients and steps."""
    longest = ""
    recipe: list[str] = []
    for text in _json_ld(root):
        longest = max((longest, *map(_decode_string, _BODY.findall(text))), key=len)
        for listed in _RECIPE.findall(text):
            recipe += map(_decode_string, _STEP.findall(listed) if listed[0] == "[" else [listed])
    body = longest or "\n".join(recipe)
    if "<" in body:
        body = _MARKUP.sub("", _BREAK.sub("\n", body))
    # lxml rejects control characters, which JSON can spell.
    return _CONTROL.sub("", html.unescape(body))


def _ingredients(root: HtmlElement) -> Iterator[str]:
    """Yield the ingredients of recipes in JSON-LD."""
    for text in _json_ld(root):
        if "recipeIngredient" in text:
            for listed in _INGREDIENTS.findall(text):
                for written in _STEP.findall(listed):
                    yield html.unescape(_decode_string(written))


def _json_ld(root: HtmlElement) -> Iterator[str]:
    """Yield the texts of the JSON-LD scripts that are read."""
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            text = script.text or ""
            if len(text) <= MAX_SCRIPT:
                yield text


def _product_descriptions(root: HtmlElement) -> Iterator[str]:
    """Yield the descriptions of products in JSON-LD."""
    for text in _json_ld(root):
        if _PRODUCT.search(text):
            for written in _DESCRIPTION.findall(text):
                found = _MARKUP.sub(" ", _BREAK.sub("\n", html.unescape(_decode_string(written))))
                yield _CONTROL.sub("", found)[:MAX_DESCRIPTION]


def _decode_string(written: str) -> str:
    """Decode a JSON string; empty if invalid."""
    try:
        found = json.loads(written, strict=False)
    except ValueError:
        return ""
    return found if isinstance(found, str) else ""
