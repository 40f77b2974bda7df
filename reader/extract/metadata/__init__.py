"""Metadata of a page's article, from the most reliable source to the least."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import urljoin

from lxml.html import HtmlElement

from reader.extract.dom import ElementIndex
from reader.extract.input.html_parser import Page
from reader.extract.metadata import byline as byline_parser
from reader.extract.metadata import dates, json_ld, visible
from reader.extract.metadata import title as title_parser
from reader.extract.metadata.json_ld import JsonLd
from reader.extract.metadata.page_hints import IMAGES
from reader.model.text import clean_tag, one_line
from reader.model.urls import host_of, is_web_url

_POST_TITLE: Final = re.compile(r"(.{1,80}?) on X: [\"“](.{3,400})[\"”](?: / X)?")
"""The title that X gives to pages of posts: name and text."""
_ESCAPED: Final = re.compile(
    r"&(?:#\d{2,5}|#x[0-9a-f]{2,5}|amp|quot|nbsp|[lr]squo|[lr]dquo|ndash|mdash|hellip);", re.I
)
MIN_TITLE_OVERLAP: Final = 0.34
"""Shared words of heading and title, at least; tuned on the news and mixed sets."""
MAX_TITLE: Final = 300
"""Characters of the longest title; a whole paragraph may be marked as a heading."""
_WORD: Final = re.compile(r"\w+")
MAX_KEYWORDS: Final = 30
"""Keywords that are kept."""
_TITLES: Final = (
    "dc.title",
    "dcterms.title",
    "dc:title",
    "dcterm:title",
    "og:title",
    "weibo:article:title",
    "weibo:webpage:title",
    "title",
    "twitter:title",
    "parsely-title",
    "citation_title",
    "sailthru.title",
)
_AUTHORS: Final = (
    "dc.creator",
    "dcterms.creator",
    "dc:creator",
    "dcterm:creator",
    "author",
    "parsely-author",
    "article:author",
    "byl",
    "citation_author",
    "sailthru.author",
    "twitter:data1",
)
_SITES: Final = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "citation_journal_title",
    "dc.publisher",
)
_DATES: Final = (
    "article:published_time",
    "parsely-pub-date",
    "datepublished",
    "og:published_time",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "date",
    "citation_publication_date",
    "citation_date",
    "sailthru.date",
    "article.published",
    "article:published",
    "cxenseparse:recs:publishtime",
    "bt:pubdate",
    "weibo:article:create_at",
    "originalpublicationdate",
    "dc.date.created",
    "rnews:datepublished",
    "last-modified",
)
_CHANGES: Final = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
)
_DESCRIPTIONS: Final = (
    "og:description",
    "description",
    "dc.description",
    "dcterms.description",
    "twitter:description",
)
_LANGUAGE: Final = re.compile(r"[a-zA-Z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Cleaned metadata, each value on one line; None if the page has none."""

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


def read_metadata(page: Page, index: ElementIndex | None = None) -> Metadata:
    """Read metadata from JSON-LD, Dublin Core, Open Graph, microdata and visible text.

    `index` is that of the page, if there is one. Every text is hostile and cleaned; addresses are absolute http or https. Changes nothing.
    """
    root, base = page.root, page.base_url
    index = index or ElementIndex(root)
    schema = json_ld.read_json_ld(root)
    meta = _meta_contents(root)
    named = one_line(
        _first(meta, _SITES[:1]) or schema.publisher() or _first(meta, _SITES[1:]), 120
    )
    title, suffix = _title(
        root, meta, schema, [named, schema.site_name(), host_of(page.url), _host_label(page.url)]
    )
    language = _language(root, meta, schema)
    lines = _Lines(index, title, page.url, language)
    byline = _byline(index, meta, schema, lines, named)
    if (post := _POST_TITLE.fullmatch(title)) is not None:
        byline, title = byline or post[1], post[2]
    site = named or suffix or byline
    return Metadata(
        title=title,
        byline=byline,
        site=one_line(site, 120) or None if site else None,
        published=_find_date(index, meta, schema, lines, page.url),
        modified=_first_date([schema.text("dateModified"), *_all(meta, _CHANGES)]),
        language=language,
        canonical=_canonical(root, meta, base),
        description=one_line(schema.text("description") or _first(meta, _DESCRIPTIONS), 1000)
        or None,
        image=_absolute_url(_first(meta, IMAGES) or schema.image(), base),
        keywords=_keywords(meta, schema),
        article_body=schema.text("articleBody") or None,
    )


def _meta_contents(root: HtmlElement) -> dict[str, list[str]]:
    """Return the contents of `<meta>` by name, property and `itemprop`."""
    found: dict[str, list[str]] = {}
    elements = [
        (element, one_line(element.get("content") or "", 2000)) for element in root.iter("meta")
    ]
    # Properties are written for machines that show the page elsewhere; names are an older habit.
    for attribute in ("property", "name", "itemprop"):
        for element, content in elements:
            for name in (element.get(attribute) or "").casefold().split() if content else ():
                found.setdefault(name, []).append(content)
    return found


def _all(meta: dict[str, list[str]], names: Iterable[str]) -> list[str]:
    return [content for name in names for content in meta.get(name, ())]


def _first(meta: dict[str, list[str]], names: Iterable[str]) -> str:
    return next(iter(_all(meta, names)), "")


def _title(
    root: HtmlElement, meta: dict[str, list[str]], schema: JsonLd, sites: list[str]
) -> tuple[str, str]:
    """Return the title, and the site's name if a title carried it."""
    heading = _heading(root)
    whole = next(
        (
            one_line(element.text_content())
            for element in root.iter("title")
            if not _in_svg(element)
        ),
        "",
    )
    heading = _page_heading(root, whole, heading) or heading
    named = [site for site in sites if site]
    given = _json_ld_title(schema, whole) or _first(meta, _TITLES) or schema.text("name")
    # Some sites escape twice.
    given = one_line(unescape(given) if _ESCAPED.search(given) else given)
    if given and (any(_fold(given) == _fold(site) for site in named) or _ends_with(whole, given)):
        # Some sites call every page by their own name.
        given = ""
    if not given and any(_fold(whole) == _fold(site) for site in (*named, "")):
        # The page's title is only the site's name.
        whole = heading or _marked_headline(root) or whole
    if not given and (entry := _entry_title(root, whole)):
        return entry, whole.removesuffix(entry).rstrip(": ")
    title, suffix = title_parser.strip_site(given or whole or heading, named, heading)
    if not suffix and given and whole.startswith(given):
        suffix = title_parser.strip_site(whole, named, given)[1]
    is_chosen = not given or _first(meta, ("dc.title", "dcterms.title", "dc:title"))
    shown = "" if is_chosen else _shown_title(root, title, named)
    return one_line(shown or title or heading), suffix


def _shown_title(root: HtmlElement, title: str, sites: list[str]) -> str:
    """Return the main heading if it paraphrases the title, else an empty text.

    Titles in metadata are written for searches and shares; the heading is what the page shows.
    """
    best, best_share = "", MIN_TITLE_OVERLAP
    known = _words(title)
    for element in root.iter("h1"):
        text = _heading_text(element)
        words = _words(text)
        if _fold(text) == _fold(title):
            return title
        if any((link.get("href") or "").strip() == "/" for link in element.iter("a")):
            continue
        if len(text) < 10 or not words or any(_fold(text) == _fold(site) for site in sites):
            continue
        share = len(words & known) / (min(len(words), len(known)) or 1)
        if share > best_share and len(text) <= MAX_TITLE:
            best, best_share = text, share
    return best


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _heading_text(element: HtmlElement) -> str:
    """Return the words of a heading; those of elements in it do not run together."""
    parts = [
        one_line(str(part))
        for part in element.xpath(
            ".//text()[not(ancestor::time or ancestor::button or ancestor::style or ancestor::script)]"
        )
    ]
    return one_line(" ".join(part for part in parts if part))


def _json_ld_title(schema: JsonLd, whole: str) -> str:
    """Return the headline, or the name if only that stands in the page's title."""
    line, name = schema.text("headline"), schema.text("name")
    if line and name and _fold(name) in _fold(whole) and _fold(line) not in _fold(whole):
        return name
    return line


def _ends_with(whole: str, given: str) -> bool:
    """Return whether the page's title only ends with the given title.

    What stands before a colon is the site or a section: "Pier News: The winter of the horse".
    """
    before = whole.removesuffix(given)
    return (
        before != whole
        and not before.endswith(": ")
        and re.search(r"\w.*\W\s$", before) is not None
    )


def _heading(root: HtmlElement) -> str:
    headings = [one_line("".join(_parts_of(element))) for element in root.iter("h1")]
    titles = [text for text in headings if text]
    return titles[0] if titles and len(set(titles)) == 1 else ""


def _page_heading(root: HtmlElement, whole: str, heading: str) -> str:
    """Return the lower heading that is the page's title but for the main one, or an empty text.

    Manuals and blogs give their name the first heading: "Query string | The manual", or, with a link
    to their first page, "The notebook - Query string".
    """
    title, name = _fold(whole), _fold(heading)
    if not name or title == name:
        return ""
    is_last, is_first = title.endswith(name), title.startswith(name)
    if not is_last and not (is_first and _names_site(root)):
        return ""
    for element in root.iter("h2"):
        text = _heading_text(element).rstrip("¶#§ ")
        folded = _fold(text)
        if len(folded) > 2 and (
            (is_last and title == folded + name) or (is_first and title == name + folded)
        ):
            return text
    return ""


def _names_site(root: HtmlElement) -> bool:
    """Return whether the main heading is a link outside the article, as a site's name is."""
    return any(
        next(element.iter("a"), None) is not None
        and next(element.iterancestors("article", "main"), None) is None
        for element in root.iter("h1")
    )


def _parts_of(element: HtmlElement) -> Iterator[str]:
    """Yield the texts of a heading, a space for each line break."""
    yield element.text or ""
    for inner in element:
        if inner.tag == "br":
            yield " "
        elif isinstance(inner.tag, str):
            yield from _parts_of(inner)
        yield inner.tail or ""


def _entry_title(root: HtmlElement, whole: str) -> str:
    """Return the name of a blog's only entry if the page's title ends with it, else an empty text."""
    entries = [
        heading
        for heading in root.iter("h2", "h3")
        if "entry-title" in (heading.get("class") or "")
    ]
    name = one_line(entries[0].text_content()) if len(entries) == 1 else ""
    return name if name and whole.endswith(f": {name}") else ""


def _marked_headline(root: HtmlElement) -> str:
    """Return the only text that microdata names the headline, else an empty text."""
    marked = {
        one_line("".join(_parts_of(element)), MAX_TITLE)
        for element in root.xpath("//body//*[@itemprop='headline']")
    }
    return marked.pop() if len(marked) == 1 else ""


def _in_svg(element: HtmlElement) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag in ("svg", "symbol", "g")


class _Lines:
    """The lines near the heading, read when first asked for."""

    def __init__(
        self, index: ElementIndex, title: str, url: str | None, language: str | None
    ) -> None:
        self._index = index
        self._title = title
        self._lines: list[visible.VisibleLine] | None = None
        host = host_of(url)
        # Slashes part month and day in the United States, day and month nearly everywhere else.
        self.month_first = (language or "en").casefold() in ("en", "en-us") and not host.endswith(
            (".uk", ".au", ".nz", ".ie", ".in", ".za", ".eu")
        )

    def __call__(self) -> list[visible.VisibleLine]:
        if self._lines is None:
            self._lines = visible.lines_near_heading(self._index, self._title)
        return self._lines


def _byline(
    index: ElementIndex, meta: dict[str, list[str]], schema: JsonLd, lines: _Lines, site: str
) -> str | None:
    weak: str | None = None
    for names in (
        schema.names("author", "creator"),
        *([content] for content in _named_authors(meta)),
    ):
        found = byline_parser.join_names(names)
        if not found:
            continue
        if byline_parser.is_person(found) and _fold(found) != _fold(site):
            return found
        weak = weak or (found if byline_parser.is_name(found) else None)
    if weak is not None and _fold(weak) != _fold(site):
        # A login name: only a name that the page calls the author's is better.
        return byline_parser.byline_in_lines(lines(), marked=False) or weak
    shown = byline_parser.find_byline(index)
    if shown is None or not byline_parser.is_name(shown):
        shown = byline_parser.byline_in_lines(lines(), marked=True)
    return shown or weak


def _named_authors(meta: dict[str, list[str]]) -> list[str]:
    """Return the authors in `<meta>`; several of one name are one byline."""
    found = []
    for name in _AUTHORS:
        if name == "twitter:data1" and "by" not in _first(meta, ("twitter:label1",)).casefold():
            continue
        contents = [content for content in meta.get(name, ()) if not is_web_url(content)]
        if name == "citation_author":
            contents = [byline_parser.surname_last(content) for content in contents]
        if contents:
            found.append(", ".join(dict.fromkeys(contents)))
    return found


def _find_date(
    index: ElementIndex,
    meta: dict[str, list[str]],
    schema: JsonLd,
    lines: _Lines,
    url: str | None,
) -> str | None:
    stated = _first_date(
        [schema.text("datePublished", "dateCreated", "uploadDate"), *_all(meta, _DATES[:-1])]
    )
    if stated:
        return stated
    for element in index.with_attribute("itemprop"):
        if element.get("itemprop") != "datePublished":
            continue
        found = dates.parse_date(element.get("datetime") or element.get("content") or "")
        if found:
            return found
    return (
        dates.find_date(index.root, lines(), month_first=lines.month_first)
        or _first_date([schema.text("dateModified"), *_all(meta, _CHANGES)])
        or dates.date_in_address(url)
    )


def _first_date(texts: Iterable[str]) -> str | None:
    return next((found for text in texts if text and (found := dates.parse_date(text))), None)


def _language(root: HtmlElement, meta: dict[str, list[str]], schema: JsonLd) -> str | None:
    for text in (
        root.get("lang") or root.get("xml:lang") or "",
        schema.text("inLanguage"),
        *(
            element.get("content") or ""
            for element in root.iter("meta")
            if element.get("http-equiv") in ("content-language", "Content-Language")
        ),
        _first(meta, ("content-language", "dc.language", "og:locale")),
    ):
        found = _LANGUAGE.fullmatch(text.strip())
        if found:
            return found[0].replace("_", "-")
    return None


def _canonical(root: HtmlElement, meta: dict[str, list[str]], base: str | None) -> str | None:
    for element in root.iter("link"):
        if "canonical" in (element.get("rel") or "").casefold().split():
            return _absolute_url(element.get("href") or "", base)
    return _absolute_url(_first(meta, ("og:url",)), base)


def _absolute_url(address: str, base: str | None) -> str | None:
    if not address.strip():
        return None
    try:
        found = urljoin(base or "", one_line(address.strip(), 4000))
    except ValueError:
        return None
    return found if is_web_url(found) else None


def _keywords(meta: dict[str, list[str]], schema: JsonLd) -> tuple[str, ...]:
    words = [*schema.keywords(), *_all(meta, ("article:tag",))]
    words += [
        word
        for text in _all(meta, ("keywords", "news_keywords", "parsely-tags"))
        for word in text.split(",")
    ]
    tidy = (clean_tag(word) for word in words)
    # Long lists are for search engines, and say little; long words are sentences.
    kept = {
        word.casefold(): word
        for word in tidy
        if len(word) <= 40 and any(map(str.isalpha, word)) and word not in ("undefined", "null")
    }
    return tuple(kept.values())[:MAX_KEYWORDS]


def _host_label(url: str | None) -> str:
    """Return the longest label of the host: `example` of `www.example.co.uk`."""
    parts = host_of(url).split(".")
    return max(parts[:-1], key=len) if len(parts) > 1 else ""


def _fold(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
