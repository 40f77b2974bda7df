"""Signs of a page's type outside its text: URL, Open Graph, schema.org, generator."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

_TYPE: Final = re.compile(r'"@type"\s*:\s*\[?\s*"([A-Za-z]{2,40})"')
_GENERATORS: Final = re.compile(
    r"discourse|xenforo|phpbb|vbulletin|invision|mybb|smf|simple machines|flarum|nodebb|vanilla",
    re.I,
)
_DOCS: Final = re.compile(
    r"docusaurus|sphinx|mkdocs|gitbook|hugo|asciidoctor|javadoc|doxygen|vuepress|vitepress|mdbook|rustdoc",
    re.I,
)
_SHOPS: Final = re.compile(r"shopify|woocommerce|magento|prestashop|opencart|bigcommerce", re.I)
_ARTICLES: Final = frozenset(
    "article newsarticle blogposting reportagenewsarticle techarticle opinionnewsarticle analysisnewsarticle"
    " scholarlyarticle liveblogposting recipe report".split()
)
_THREADS: Final = frozenset("discussionforumposting qapage question answer comment".split())
_PRODUCTS: Final = frozenset("product offer aggregateoffer productgroup".split())
_LISTS: Final = frozenset("collectionpage itemlist searchresultspage blog offercatalog".split())
_SERVICES: Final = frozenset(
    "service localbusiness organization professionalservice faqpage softwareapplication".split()
)
_KINDS: Final = (_ARTICLES, _THREADS, _PRODUCTS, _LISTS, _SERVICES)
_FORUM_PATH: Final = re.compile(
    r"forum|thread|topic|viewtopic|discussion|questions?/|/t/|/q/|comments/|community"
)
_DOC_PATH: Final = re.compile(
    r"docs?\b|documentation|manual|reference|api|guide|wiki|help|tutorial|learn"
)
_SHOP_PATH: Final = re.compile(
    r"product|shop|store|/p/|/dp/|item|buy|collections?|categor|/c/|/s/|search|tag/"
)
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){3,}")
_DATE: Final = re.compile(r"/(?:19|20)\d\d[/-]\d\d?")
MAX_SCRIPT_CHARS: Final = 200_000
"""Characters of one JSON-LD script that are searched for types."""

PAGE_SIGNALS: Final = (
    *(f"schema_{name}" for name in ("article", "thread", "product", "list", "service")),
    *(f"og_{name}" for name in ("article", "product", "website")),
    *(f"made_{name}" for name in ("forum", "docs", "shop")),
    *(f"path_{name}" for name in ("depth", "forum", "docs", "shop", "slug", "date", "query", "root")),
    "host_forum",
    "host_docs",
)  # fmt: skip


def page_signals(root: HtmlElement, url: str | None) -> list[float]:
    """Numbers in the order of `PAGE_SIGNALS`."""
    types: set[str] = set()
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            types.update(map(str.lower, _TYPE.findall((script.text or "")[:MAX_SCRIPT_CHARS])))
    og_type = generator = ""
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or ""
        if name == "og:type":
            og_type = (meta.get("content") or "").lower()
        elif name.lower() == "generator":
            generator += " " + (meta.get("content") or "")
    body = root.find(".//body")
    for element in (root, body):
        if element is not None:
            generator += f" {element.get('class') or ''} {element.get('id') or ''}"
    generator = generator[:500]
    try:
        parts = urlsplit((url or "").lower())
        host, path, query = parts.hostname or "", parts.path, parts.query
    except ValueError:
        host = path = query = ""
    return [
        *(float(not types.isdisjoint(kind)) for kind in _KINDS),
        float("article" in og_type or "blog" in og_type),
        float("product" in og_type),
        float(og_type == "website"),
        float(bool(_GENERATORS.search(generator))),
        float(bool(_DOCS.search(generator))),
        float(bool(_SHOPS.search(generator))),
        float(min(8, path.strip("/").count("/") + bool(path.strip("/")))),
        float(bool(_FORUM_PATH.search(path))),
        float(bool(_DOC_PATH.search(path))),
        float(bool(_SHOP_PATH.search(path))),
        float(bool(_SLUG.search(path.rsplit("/", 2)[-1] or path))),
        float(bool(_DATE.search(path))),
        float(bool(query)),
        float(bool(host) and path in ("", "/")),
        float(
            bool(
                re.search(
                    r"forum|community|discuss|answers|stackexchange|stackoverflow|reddit", host
                )
            )
        ),
        float(
            bool(
                re.search(
                    r"^docs?\.|developer|readthedocs|wiki|^help\.|^learn\.|man7|reference", host
                )
            )
        ),
    ]


class PageType(StrEnum):
    """Kind of page, as its signals name it."""

    ARTICLE = "article"
    THREAD = "thread"
    DOCUMENTATION = "documentation"
    LISTING = "listing"
    PRODUCT = "product"


def page_type(signals: Sequence[float]) -> PageType:
    """Return the type that the signals of a page name; an article if none does."""
    has = dict(zip(PAGE_SIGNALS, map(bool, signals), strict=True))
    is_forum = has["made_forum"] or (has["path_forum"] and has["host_forum"])
    # Shops declare the questions about a product.
    if is_forum or (has["schema_thread"] and not has["schema_product"]):
        return PageType.THREAD
    if has["schema_article"] or has["og_article"] or has["path_date"]:
        return PageType.ARTICLE
    if has["path_forum"] or (has["host_forum"] and has["path_slug"]):
        return PageType.THREAD
    if has["schema_product"] or has["og_product"]:
        return PageType.PRODUCT
    if has["made_docs"] or has["host_docs"]:
        return PageType.DOCUMENTATION
    if has["path_root"] or has["schema_list"] or has["path_shop"]:
        return PageType.LISTING
    return PageType.ARTICLE
