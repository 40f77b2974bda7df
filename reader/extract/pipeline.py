"""The way of a page from bytes to Article, stage by stage."""

import time
from dataclasses import dataclass, field, replace
from typing import Final

from lxml.html import HtmlElement

from reader.extract import markdown, metadata
from reader.extract.content import fallback, selector
from reader.extract.input import containers, content_type, html_parser, plaintext, text_dump
from reader.extract.input import images as inline_images
from reader.extract.input.containers import InputDocument
from reader.extract.input.content_type import InputKind
from reader.extract.metadata import Metadata, mail
from reader.model.article import Article, ImageFile, Related
from reader.model.errors import NotAnArticle
from reader.model.text import clean, count_words, one_line

MAX_MARKDOWN: Final = 10_000_000
"""Characters of Markdown that are kept."""
MAX_SHORT_PAGE: Final = 200
"""Characters of a page that may be all there is, though they are no sentence."""
_DYNAMIC_TAGS: Final = (
    "script",
    "noscript",
    "iframe",
    "frame",
    "form",
    "input",
    "button",
    "img",
    "a",
)
"""What a page has that shows more by and by, or asks for something: its words are no text."""


@dataclass(slots=True)
class _Timer:
    """The seconds that each stage took, in order."""

    began: float = field(default_factory=time.perf_counter)
    done: list[tuple[str, float]] = field(default_factory=list)

    def end(self, stage: str) -> None:
        now = time.perf_counter()
        self.done.append((stage, now - self.began))
        self.began = now


@dataclass(frozen=True, slots=True)
class _Selection:
    """What is to be written, from whatever kind of input.

    `alone` are the letters of a page that has nothing but a few words: they are its text, sentence
    or not.
    """

    about: Metadata
    root: HtmlElement
    base: str | None
    related: tuple[Related, ...] = ()
    tags: tuple[str, ...] = ()
    images: dict[str, ImageFile] = field(default_factory=dict)
    cut: bool = False
    notes: markdown.FootnoteRegistry | None = None
    short_text: str = ""


def extract(page: bytes, url: str | None = None) -> Article:
    """The article of a page; pure: the same bytes give the same result.

    `url` is where the page came from. Raises NotAnArticle with its reason.
    """
    return extract_timed(page, url)[0]


def extract_timed(page: bytes, url: str | None = None) -> tuple[Article, list[tuple[str, float]]]:
    """The same, and the stages in order with the seconds that each took."""
    stages = _Timer()
    inside = containers.unwrap(page)
    stages.end("decode")
    match inside.kind:
        case InputKind.PAGE:
            chosen = _from_page(inside, url, stages)
        case InputKind.MARKDOWN:
            chosen = _from_markdown(inside, url, stages)
        case InputKind.TEXT:
            chosen = _from_text(inside.text, inside, url, stages)
    written = clean(markdown.convert(chosen.root, chosen.base, chosen.notes))
    stages.end("markdown")
    article = _build_article(chosen, written, url or inside.url)
    stages.end("finish")
    return article, stages.done


def extract_plain(page: bytes, url: str | None = None) -> Article:
    """The bare text of a page that extraction cannot bear: no parser of pages, `cut` is set.

    Linear in the page. Raises NotAnArticle where it has no sentence.
    """
    inside = containers.unwrap(page)
    title = ""
    text = inside.text
    if inside.kind is InputKind.PAGE:
        title = one_line(fallback.title(text))
        text = "\n\n".join((title, *fallback.paragraph_lines(text)))
    chosen = _from_text(text, inside, url, _Timer())
    written = clean(markdown.convert(chosen.root, chosen.base))
    return replace(_build_article(chosen, written, url or inside.url), cut=True)


def _from_page(inside: InputDocument, url: str | None, stages: _Timer) -> _Selection:
    parsed = html_parser.parse(inside.text, url or inside.base)
    images = inline_images.embed_refs(
        parsed.root, parsed.base_url, inside.images, archived=inside.archived
    )
    stages.end("parse")
    about = mail.mail_metadata(metadata.read_metadata(parsed), inside.mail)
    stages.end("metadata")
    alone = _short_page_letters(parsed.root)
    notes = markdown.normalise(parsed)
    stages.end("standardise")
    chosen = selector.select(parsed, about.title, about.byline or "")
    stages.end("body")
    return _Selection(
        about,
        chosen.root,
        parsed.base_url,
        chosen.related,
        chosen.tags,
        images,
        inside.cut or parsed.cut or chosen.cut,
        notes,
        alone,
    )


def _short_page_letters(root: HtmlElement) -> str:
    """The letters of a page that shows a few words and does nothing that could bring more."""
    if next(root.iter(*_DYNAMIC_TAGS), None) is not None:
        return ""
    body = root.find(".//body")
    text = "".join((root if body is None else body).itertext())[: 2 * MAX_SHORT_PAGE]
    return _letters(text) if len(text.strip()) <= MAX_SHORT_PAGE else ""


def _is_whole_page(chosen: _Selection, text: str) -> bool:
    """Whether title and text are all that the page has."""
    said = _letters(text)
    return bool(said) and chosen.short_text in (said, _letters(chosen.about.title or "") + said)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _from_markdown(inside: InputDocument, url: str | None, stages: _Timer) -> _Selection:
    # Only Markdown files need the Markdown parser, whose import takes as long as a page.
    from reader.extract.input import markdown_file

    about, parsed = markdown_file.read_markdown(inside.text)
    stages.end("parse")
    root = parsed.root.find("body")
    return _Selection(
        about,
        parsed.root if root is None else root,
        url or about.canonical,
        cut=inside.cut or parsed.cut,
    )


def _from_text(text: str, inside: InputDocument, url: str | None, stages: _Timer) -> _Selection:
    title, lines = plaintext.split_title(plaintext.split_lines(text))
    found = text_dump.split_sections(plaintext.split_paragraphs(lines))
    stages.end("parse")
    about = mail.mail_metadata(Metadata(title=one_line(title)), inside.mail)
    return _Selection(
        about,
        plaintext.to_tree(found.article),
        url or inside.base,
        found.related,
        found.tags,
        cut=inside.cut,
    )


def _build_article(chosen: _Selection, written: str, url: str | None) -> Article:
    about = chosen.about
    text, shown = inline_images.resolve_refs(written[:MAX_MARKDOWN], chosen.images)
    if not shown and not content_type.has_sentence(text) and not _is_whole_page(chosen, text):
        raise NotAnArticle("the page holds no sentence to read")
    return Article(
        title=about.title or _first_words(text),
        markdown=text,
        words=count_words(text),
        byline=about.byline,
        site=about.site,
        published=about.published,
        modified=about.modified,
        language=about.language,
        url=url,
        canonical=about.canonical,
        description=about.description,
        tags=tuple(dict.fromkeys((*chosen.tags, *about.keywords))),
        image=None if inline_images.is_embedded(about.image) else about.image,
        related=chosen.related,
        images=shown,
        cut=chosen.cut or len(written) > MAX_MARKDOWN,
    )


def _first_words(text: str) -> str:
    """The beginning of a text that has no title."""
    first = next((line for line in text.split("\n") if any(map(str.isalnum, line))), "")
    return one_line(first.lstrip("#>-*| "), 80)
