"""What a page says about its article."""

import re
from dataclasses import dataclass

from reader.extract.tree import Page
from reader.model.text import one_line


@dataclass(frozen=True, slots=True)
class Metadata:
    """Everything cleaned, on one line; None where the page does not say."""

    title: str = ""
    byline: str | None = None
    site: str | None = None
    published: str | None = None
    modified: str | None = None
    language: str | None = None
    canonical: str | None = None
    description: str | None = None
    image: str | None = None
    keywords: tuple[str, ...] = ()
    article_body: str | None = None


def read(page: Page) -> Metadata:
    """The metadata in `<meta>`, `<title>` and the language attribute."""
    said: dict[str, str] = {}
    for element in page.root.iter("meta"):
        name = (element.get("property") or element.get("name") or "").casefold()
        if name and element.get("content"):
            said.setdefault(name, one_line(element.get("content", ""), 1000))
    titles = [one_line(element.text_content()) for element in page.root.iter("title")]
    site = said.get("og:site_name")
    title = said.get("og:title") or (titles[0] if titles else "")
    if site:
        title = re.sub(rf"\s+[-|–—·»]\s+{re.escape(site)}$", "", title)
    return Metadata(
        title=one_line(title),
        byline=said.get("author"),
        site=site,
        published=said.get("article:published_time"),
        language=page.root.get("lang"),
        description=said.get("og:description") or said.get("description"),
        keywords=tuple(
            word.strip() for word in said.get("keywords", "").split(",") if word.strip()
        ),
    )
