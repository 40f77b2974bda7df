"""The way of a page from bytes to Article, stage by stage."""

import time
from dataclasses import dataclass, field
from typing import Final

from lxml.html import HtmlElement
from lxml.html.builder import DIV, P

from reader.extract import bare, body, containers, decoding, markdown, metadata, tree
from reader.model.article import Article
from reader.model.errors import NotAnArticle
from reader.model.text import clean, count_words, one_line

LONGEST: Final = 10_000_000
"""Characters of Markdown that are kept."""


@dataclass(slots=True)
class _Stages:
    """The seconds that each stage took, in order."""

    began: float = field(default_factory=time.perf_counter)
    done: list[tuple[str, float]] = field(default_factory=list)

    def end(self, stage: str) -> None:
        now = time.perf_counter()
        self.done.append((stage, now - self.began))
        self.began = now


def extract(page: bytes, url: str | None = None) -> Article:
    """The article of a page; pure: the same bytes give the same result.

    `url` is where the page came from. Raises NotAnArticle with its reason.
    """
    return timed(page, url)[0]


def timed(page: bytes, url: str | None = None) -> tuple[Article, list[tuple[str, float]]]:
    """The same, and the stages in order with the seconds that each took."""
    stages = _Stages()
    inside = containers.unwrap(decoding.decode(page))
    stages.end("decode")
    url = url or inside.url
    parsed = tree.parse(inside.html, url)
    stages.end("parse")
    about = metadata.read(parsed)
    stages.end("metadata")
    chosen = body.select(parsed, about.title)
    stages.end("body")
    written = clean(markdown.write(chosen.root, parsed.base_url))
    stages.end("markdown")
    words = count_words(written)
    if not words:
        raise NotAnArticle("no text in it")
    article = Article(
        title=about.title,
        markdown=written[:LONGEST],
        words=words,
        byline=about.byline,
        site=about.site,
        published=about.published,
        modified=about.modified,
        language=about.language,
        url=url,
        canonical=about.canonical,
        description=about.description,
        tags=(*chosen.tags, *about.keywords),
        image=about.image,
        related=chosen.related,
        cut=parsed.cut or chosen.cut or len(written) > LONGEST,
    )
    stages.end("finish")
    return article, stages.done


def plain(page: bytes, url: str | None = None) -> Article:
    """The bare text of a page that extraction cannot have: no parser, no choice, `cut` is set.

    Linear in the page. Raises NotAnArticle where it has no words.
    """
    text = containers.unwrap(decoding.decode(page)).html
    paragraphs = _paragraphs(bare.lines(text))
    written = clean(markdown.write(paragraphs, url))
    words = count_words(written)
    if not words:
        raise NotAnArticle("no text in it")
    return Article(
        title=one_line(bare.title(text)), markdown=written, words=words, url=url, cut=True
    )


def _paragraphs(lines: list[str]) -> HtmlElement:
    return DIV(*(P(line) for line in lines))
