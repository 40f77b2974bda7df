"""The stages of extraction, from bytes to Article."""

import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from lxml.html import HtmlElement

from reader.extract import markdown, metadata, removals
from reader.extract.content import (
    boilerplate,
    document_pages,
    fallback,
    page_lines,
    script_article,
    selector,
    threads,
)
from reader.extract.content.page_signals import PageType, page_signals, page_type
from reader.extract.content.related_cards import merge_related
from reader.extract.content.section_lines import text_length
from reader.extract.content.sections import Sections
from reader.extract.content.segmenter import CONTROL_TAGS
from reader.extract.dom import ElementIndex
from reader.extract.input import (
    containers,
    content_type,
    epub,
    frames,
    html_parser,
    inline_images,
    markup,
    plaintext,
    shadow_dom,
    templates,
    text_dump,
)
from reader.extract.input.containers import InputDocument
from reader.extract.input.content_type import InputKind
from reader.extract.input.html_parser import Page
from reader.extract.metadata import Metadata, mail, page_hints
from reader.model.article import Article, ImageFile, Related
from reader.model.errors import NotAnArticleError
from reader.model.text import clean, count_words, one_line

MAX_MARKDOWN: Final = 10_000_000
"""Characters of Markdown that are kept."""
MIN_SHOWN: Final = 400
"""Bytes of running text below which templates may hold the article."""
MAX_BARE: Final = 4_000
"""Characters of a page that may have no text: menus, a rail of articles, small print."""
MAX_EMPTY: Final = 1_200
"""Characters of a page that surely has no text: a menu, "Loading…" and small print."""
MIN_HIDDEN: Final = 250
"""Letters of the shortest article in JSON-LD or script data, see `text_length`."""
MIN_LISTED_WORDS: Final = 25
"""Words from which a page without a sentence is a list to read: an index, the contents of a book."""
MAX_SHORT_PAGE: Final = 200
"""Characters of a page that may be an article without a sentence."""
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
"""Elements that load or ask for more: a page with them shows no text."""


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
    """The chosen elements and their metadata, from any kind of input.

    `short_text` has the letters of a page that shows only a few words: they are its text, sentence or
    not.
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
    page_type: str | None = None


def extract(page: bytes, url: str | None = None, name: str = "") -> Article:
    """Return the article of a page; pure: the same bytes give the same result.

    `url` is the page's address, `name` the name of its file. Raises NotAnArticleError with its reason.
    """
    return extract_timed(page, url, name)[0]


def extract_timed(
    page: bytes, url: str | None = None, name: str = ""
) -> tuple[Article, list[tuple[str, float]]]:
    """Return the article, and the stages in order with their seconds."""
    with _without_collection():
        return _extract(page, url, name)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Search for reference cycles once, at the end; else it takes a tenth of a page's time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
            gc.collect(0)


def _extract(page: bytes, url: str | None, name: str) -> tuple[Article, list[tuple[str, float]]]:
    stages = _Timer()
    inside = containers.unwrap(page, name)
    stages.end("decode")
    with removals.recording() as removed:
        match inside.kind:
            case InputKind.PAGE:
                chosen = _from_page(inside, url, stages)
            case InputKind.MARKDOWN | InputKind.MARKUP:
                chosen = _from_markdown(inside, url, stages)
            case InputKind.TEXT:
                chosen = _from_text(inside.text, inside, url, stages)
            case InputKind.BOOK:
                chosen = _from_book(inside, stages)
    notes = chosen.notes.notes.values() if chosen.notes is not None else ()
    for control in chosen.root.iter(*CONTROL_TAGS):
        removals.record("control", "".join(control.itertext()), control.getparent())
    # Conversion uses the tree up, so what was removed inside the article is found before.
    texts = removed.inside(chosen.root, iter(notes))
    written = clean(markdown.convert(chosen.root, chosen.base, chosen.notes))
    stages.end("markdown")
    article = replace(_build_article(chosen, written, url or inside.url), removed=texts)
    stages.end("finish")
    return article, stages.done


def extract_plain(page: bytes, url: str | None = None, name: str = "") -> Article:
    """Return the bare text of a page that breaks extraction; `cut` is set.

    Parses no HTML. Linear. Raises NotAnArticleError for text without a sentence.
    """
    inside = containers.unwrap(page, name)
    title = ""
    text = inside.text
    if inside.kind in (InputKind.PAGE, InputKind.BOOK):
        title = one_line(fallback.title(text))
        text = "\n\n".join((title, *fallback.paragraph_lines(text)))
    chosen = _from_text(text, inside, url, _Timer())
    written = clean(markdown.convert(chosen.root, chosen.base))
    return replace(_build_article(chosen, written, url or inside.url), cut=True)


def _from_page(inside: InputDocument, url: str | None, stages: _Timer) -> _Selection:
    parsed = _parse(inside.text, url or inside.base)
    if frames.inline_frames(
        parsed.root, inside.frames, lambda text: _parse(text).root, parsed.base_url
    ):
        html_parser.limit_depth(parsed.root)
    images = inline_images.embed_refs(
        parsed.root, parsed.base_url, inside.images, archived=inside.archived
    )
    stages.end("parse")
    if (text := html_parser.text_file(parsed.root)) is not None:
        if content_type.detect_kind(text, inside.base or "") is InputKind.MARKDOWN:
            return _from_markdown(replace(inside, text=text), url, stages)
        return _from_text(text, inside, url, stages)
    if (target := page_hints.redirect_target(parsed.root)) is not None:
        raise NotAnArticleError(f"the page only redirects to {one_line(target, 300)}")
    index = ElementIndex(parsed.root)
    about = mail.mail_metadata(metadata.read_metadata(parsed, index), inside.mail)
    parsed.base_url = parsed.base_url or about.canonical
    stages.end("metadata")
    alone = _short_page_letters(parsed.root)
    markdown.prepare(parsed.root, index)
    sections, body = Sections(), None
    signals = page_signals(parsed.root, parsed.url)
    if document_pages.mark_document(index, inside.text):
        about = replace(about, title=document_pages.document_title(parsed.root) or about.title)
    elif threads.mark_thread(index, inside.text):
        about = replace(about, title=threads.thread_title(parsed.root, about.title))
    else:
        sections, body, about = _split_sections(parsed, index, signals, about)
    stages.end("sections")
    notes = markdown.normalise(parsed, index) if body is None else markdown.normalise(body)
    stages.end("standardise")
    if body is not None:
        chosen = selector.Selection(body.root)
    else:
        chosen = selector.select(parsed, about.title, about.byline or "", signals)
    stages.end("body")
    return _Selection(
        about,
        chosen.root,
        parsed.base_url,
        tuple(merge_related((*sections.related, *chosen.related))),
        tuple(dict.fromkeys((*sections.tags, *chosen.tags))),
        images,
        inside.cut or parsed.cut or chosen.cut,
        notes,
        alone,
        chosen.page_type,
    )


def _parse(text: str, url: str | None = None) -> Page:
    """Parse a page, with its shadow roots in their places."""
    parsed = html_parser.parse(text, url)
    shadow_dom.flatten_shadow_roots(parsed.root, text)
    return parsed


def _split_sections(
    parsed: Page, index: ElementIndex, signals: Sequence[float], about: Metadata
) -> tuple[Sections, Page | None, Metadata]:
    """Mark the sections around the article; find its text elsewhere if the page shows none.

    Returns the sections, the text of JSON-LD or script data as another page (None if the page shows
    its text), and the metadata with additions from the script data.
    """
    titles, base = [about.title], parsed.base_url
    kind = page_type(signals)
    lines = page_lines.read_lines(parsed.root, titles, base, index)
    if lines.prose < MIN_SHOWN and (
        templates.reveal_templates(parsed.root) or boilerplate.unwrap_noscripts(parsed.root)
    ):
        lines = page_lines.read_lines(parsed.root, titles, base)
    if kind is PageType.LISTING and lines.is_article():
        # Saved under the address of a site's front page, or a site of one page.
        kind = PageType.ARTICLE
    text = about.article_body or ""
    article = None
    shown = lines.letters_outside(())
    is_list = kind in (PageType.LISTING, PageType.PRODUCT)
    letters = text_length(text)
    if letters < MIN_HIDDEN and shown < (MAX_EMPTY if is_list else MAX_BARE):
        article = script_article.find_script_article(
            parsed.root, titles, base, reads_programs=shown < MAX_EMPTY and not is_list
        )
        if article is not None and is_list and not _has_title(article, about.title):
            # The longest text in a shop's data is its terms or its translations.
            article = None
        text = article.text if article else ""
        letters = text_length(text)
    is_hidden = letters >= MIN_HIDDEN and not lines.shows(text)
    found = page_lines.mark_sections(
        lines,
        has_text_elsewhere=is_hidden,
        keeps_comments=kind in (PageType.THREAD, PageType.DOCUMENTATION),
        keeps_related=kind in (PageType.LISTING, PageType.DOCUMENTATION),
    )
    is_named = article is None or _has_title(article, about.title)
    # Bytes, since what stands around an article may be in a script with shorter words.
    least = (1 if is_named else 3) * lines.bytes_outside(found.lines())
    if not is_hidden or least > len(text.encode()):
        return found, None, about
    if article is None:
        body = html_parser.parse(script_article.to_html(text), parsed.url)
    else:
        found.related = [*found.related, *article.related]
        found.tags = [*found.tags, *article.tags]
        about = replace(about, title=about.title or article.title)
        body = html_parser.parse(article.html, parsed.url)
    # Data may hold the whole page, with its sections.
    inside = page_lines.mark_sections(page_lines.read_lines(body.root, [about.title], base))
    page_lines.drop_marked(body.root)
    found.related = merge_related((*found.related, *inside.related))
    found.tags = list(dict.fromkeys((*found.tags, *inside.tags)))
    first = next(body.root.iter("h1", "h2", "p"), None)
    if first is not None and _letters(first.text_content()) == _letters(about.title):
        first.drop_tree()
    return found, body, about


def _has_title(article: script_article.ScriptArticle, title: str) -> bool:
    """Return whether an article in script data has the page's title."""
    return bool(article.title) and _letters(article.title) == _letters(title)


def _short_page_letters(root: HtmlElement) -> str:
    """Return the letters of a static page with a few words, empty for other pages."""
    if next(root.iter(*_DYNAMIC_TAGS), None) is not None:
        return ""
    body = root.find(".//body")
    text = "".join((root if body is None else body).itertext())[: 2 * MAX_SHORT_PAGE]
    return _letters(text) if len(text.strip()) <= MAX_SHORT_PAGE else ""


def _is_whole_page(chosen: _Selection, text: str) -> bool:
    """Return whether title and text are all that the page has."""
    letters = _letters(text)
    return bool(letters) and chosen.short_text in (
        letters,
        _letters(chosen.about.title or "") + letters,
    )


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _from_markdown(inside: InputDocument, url: str | None, stages: _Timer) -> _Selection:
    if inside.kind is InputKind.MARKUP:
        about, parsed = markup.read_markup(inside.text, inside.name)
    else:
        # Only Markdown files need the Markdown parser, whose import takes as long as a page.
        from reader.extract.input import markdown_file

        about, parsed = markdown_file.read_markdown(inside.text)
    images = inline_images.embed_refs(parsed.root, None, inside.images, archived=True)
    if inside.pdf is not None:
        about = replace(
            about,
            title=about.title or inside.pdf.title,
            byline=about.byline or inside.pdf.author or None,
            published=about.published or inside.pdf.date or None,
        )
    stages.end("parse")
    base = url or about.canonical
    markdown.prepare(parsed.root)
    for line in list(parsed.root.iter("p", "ul")):
        links = [one.text_content() for one in line.iter("a")]
        if text_dump.is_menu(links) and _letters("".join(links)) == _letters(line.text_content()):
            line.drop_tree()
    found = page_lines.mark_sections(page_lines.read_lines(parsed.root, [about.title], base))
    page_lines.drop_marked(parsed.root)
    notes = markdown.normalise(parsed)
    root = parsed.root.find("body")
    return _Selection(
        about,
        parsed.root if root is None else root,
        base,
        tuple(found.related),
        tuple(found.tags),
        images=images,
        cut=inside.cut or parsed.cut,
        notes=notes,
    )


def _from_book(inside: InputDocument, stages: _Timer) -> _Selection:
    # Imported here: only books need it.
    from reader.extract.metadata.book import book_metadata

    assert inside.book is not None
    parsed, cut = epub.join_chapters(inside.book)
    about = book_metadata(inside.book, inside.url)
    epub.add_cover(parsed.root, inside.book)
    epub.drop_frame(parsed.root, inside.book)
    images = inline_images.embed_refs(parsed.root, None, inside.images, archived=True)
    stages.end("parse")
    markdown.prepare(parsed.root)
    notes = markdown.normalise(parsed)
    root = parsed.root.find("body")
    return _Selection(
        about,
        parsed.root if root is None else root,
        inside.url,
        images=images,
        cut=inside.cut or cut,
        notes=notes,
    )


def _from_text(text: str, inside: InputDocument, url: str | None, stages: _Timer) -> _Selection:
    lines = text_dump.drop_link_numbers(plaintext.split_lines(text))
    lines = text_dump.drop_menu(lines)
    subject = inside.mail.subject if inside.mail is not None else ""
    title, rest = plaintext.split_title(lines)
    if not subject or _letters(title) == _letters(subject):
        lines = rest
    else:
        # A mail begins with its text: the subject is the title.
        title = subject
    found = text_dump.split_sections(plaintext.split_paragraphs(lines), title)
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
    if (
        not shown
        and not content_type.has_sentence(text)
        and count_words(text) < MIN_LISTED_WORDS
        and not _is_whole_page(chosen, text)
    ):
        raise NotAnArticleError("the page holds no sentence to read")
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
        page_type=chosen.page_type,
    )


def _first_words(text: str) -> str:
    """Return the beginning of a text without a title."""
    first = next((line for line in text.split("\n") if any(map(str.isalnum, line))), "")
    return one_line(first.strip("#>-*_| "), 80)
