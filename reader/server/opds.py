"""OPDS catalogue: views, tags and searches of the library, with each article as an EPUB.

Source: OPDS Catalog 1.2 (specs.opds.io/opds-1.2), Atom (RFC 4287), OpenSearch 1.1.
"""

import html
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from reader.formats.xhtml import language
from reader.model.entry import Entry
from reader.model.entry_number import number_of
from reader.model.errors import QueryError
from reader.model.query import Flag, Query, StateTerm, TagTerm, and_, parse, uses_full_text
from reader.model.text import clean, one_line, plural
from reader.search.store.cache import Cache
from reader.server.downloads import EPUB, send_file
from reader.server.guard import HttpError
from reader.server.parameters import Parameters, number_in_path, of_address
from reader.server.request_context import ServerContext, context_of
from reader.services.entry_pages import read_numbered
from reader.services.views import EVERYTHING, LAST_VIEWS, VIEWS, View

PAGE_SIZE: Final = 30
"""Entries of one feed: as many as a page of wallabag's interface."""
MAX_BOOK_ARTICLES: Final = 100
"""Articles of a view in one book: ⏱ 5 ms each, and e-readers open larger books slowly."""
_MAX_QUERY_LENGTH: Final = 1_000
"""Characters of a query, which e-readers send from a search field."""
_NAVIGATION: Final = "application/atom+xml;profile=opds-catalog;kind=navigation"
_ACQUISITION: Final = "application/atom+xml;profile=opds-catalog;kind=acquisition"
_OPEN_SEARCH: Final = "application/opensearchdescription+xml"
_BUY: Final = "http://opds-spec.org/acquisition"
_FEED: Final = (
    '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
    ' xmlns:dc="http://purl.org/dc/terms/" xmlns:opds="http://opds-spec.org/2010/catalog"'
    ' xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">\n'
)


async def catalogue(request: Request) -> Response:
    """Return the start of the catalogue: all views, and the way to the tags."""
    context = context_of(request)
    now = _atom_time(context.workspace.now())
    rows = [
        _navigation_entry(f"view:{view.name}", view.name, _list_address({"view": view.name}), now)
        for view in _views(context)
    ]
    rows.append(_navigation_entry("tags", "Tags", "/opds/tags", now, _NAVIGATION))
    return _feed("start", "reader", now, "/opds", _NAVIGATION, rows)


async def tag_catalogue(request: Request) -> Response:
    """Return all tags, each with its articles."""
    context = context_of(request)
    facets = await context.read(lambda cache: cache.facets())
    now = _atom_time(context.workspace.now())
    rows = [
        _navigation_entry(
            f"tag:{each.tag}",
            each.tag,
            _list_address({"tag": each.tag}),
            now,
            summary=plural(each.count),
        )
        for each in facets.tags
    ]
    return _feed("tags", "Tags", now, "/opds/tags", _NAVIGATION, rows)


async def list_articles(request: Request) -> Response:
    """Return a page of the articles of a view, a tag or a query."""
    values = of_address(request)
    context = context_of(request)
    title, query, kept = _wanted(context, values)
    page = values.page("page", 1)

    def job(cache: Cache) -> tuple[Sequence[Entry], int]:
        listing = _listing(context, cache, query)
        start = (page - 1) * PAGE_SIZE
        return listing[start : start + PAGE_SIZE], len(listing)

    found, total = await context.read(job)
    pages = max(1, -(-total // PAGE_SIZE))
    if page > pages:
        raise HttpError(404, f"there are {pages} pages")
    now = _atom_time(context.workspace.now())
    rows = [_article_entry(entry) for entry in found]
    if total > 1 and page == 1:
        rows.insert(0, _book_entry(title, min(total, MAX_BOOK_ARTICLES), kept, now))
    links = [
        _link(name, _list_address({**kept, "page": str(number)}), _ACQUISITION)
        for name, number in {
            "first": 1, "previous": page - 1, "next": page + 1, "last": pages,
        }.items()
        if 1 <= number <= pages
    ]  # fmt: skip
    counts = (
        f"<opensearch:totalResults>{total}</opensearch:totalResults>\n"
        f"<opensearch:itemsPerPage>{PAGE_SIZE}</opensearch:itemsPerPage>\n"
    )
    name = "&".join(f"{key}={value}" for key, value in kept.items())
    here = _list_address({**kept, "page": str(page)})
    return _feed(name, title, now, here, _ACQUISITION, [*links, counts, *rows])


async def download_article(request: Request) -> Response:
    """Return one article as an EPUB."""
    number = number_in_path(request)
    context = context_of(request)
    entry = (await context.read(lambda cache: read_numbered(cache, number))).record.entry
    return await send_file(context, [entry.id], "epub", entry.title)


async def download_book(request: Request) -> Response:
    """Return the first articles of a view, a tag or a query as one EPUB."""
    context = context_of(request)
    title, query, _ = _wanted(context, of_address(request))

    def job(cache: Cache) -> Sequence[Entry]:
        return _listing(context, cache, query)[:MAX_BOOK_ARTICLES]

    found = await context.read(job)
    if not found:
        raise HttpError(404, "no article to write: a book needs at least one")
    return await send_file(context, [entry.id for entry in found], "epub", title)


async def search_description(request: Request) -> Response:
    """Return the description of the search, for clients that do not use the template."""
    body = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        "<ShortName>reader</ShortName>\n<Description>Search the library</Description>\n"
        f'<Url type="{html.escape(_ACQUISITION)}" template="/opds/list?query={{searchTerms}}"/>\n'
        "</OpenSearchDescription>\n"
    )
    return Response(body, media_type=_OPEN_SEARCH)


def _views(context: ServerContext) -> list[View]:
    """Return the built-in views and those of the settings, without links and the trash."""
    saved = [
        View(name, query, saved=True) for name, query in context.workspace.settings.views.items()
    ]
    return [*(view for view in VIEWS if view not in LAST_VIEWS), EVERYTHING, *saved]


def _wanted(context: ServerContext, values: Parameters) -> tuple[str, Query, dict[str, str]]:
    """Return title, query and parameters of a list. Raises HttpError."""
    if name := values.text("view"):
        view = next((each for each in _views(context) if each.name == name), None)
        if view is None:
            raise HttpError(404, "no view has this name")
        return view.name, parse(view.query), {"view": name}
    if tag := values.text("tag"):
        return f"#{one_line(tag, 80)}", Query(TagTerm(tag)), {"tag": tag}
    words = values.text("query")
    if len(words) > _MAX_QUERY_LENGTH:
        raise HttpError(400, f"query may have {_MAX_QUERY_LENGTH} characters")
    try:
        return one_line(words, 80) or EVERYTHING.name, parse(words), {"query": words}
    except QueryError as error:
        raise HttpError(400, str(error)) from None


def _listing(context: ServerContext, cache: Cache, query: Query) -> Sequence[Entry]:
    """Return the articles of a query; a link has no text to read."""
    if uses_full_text(query):
        cache = context.workspace.synced_cache(text=True)
    text = StateTerm(Flag.OFFLINE)
    where = text if query.where is None else and_(query.where, text)
    return cache.listing(replace(query, where=where), now=context.workspace.now())


def _list_address(values: dict[str, str]) -> str:
    return f"/opds/list?{urlencode(values)}"


def _feed(
    name: str, title: str, updated: str, here: str, kind: str, parts: Iterable[str]
) -> Response:
    head = [
        _element("id", f"urn:reader:opds:{name}"),
        _element("title", title),
        f"<updated>{updated}</updated>\n",
        "<author><name>reader</name></author>\n",
        _link("self", here, kind),
        _link("start", "/opds", _NAVIGATION),
        _link("search", "/opds/search.xml", _OPEN_SEARCH),
        _link("search", "/opds/list?query={searchTerms}", "application/atom+xml"),
    ]
    body = "".join([_FEED, *head, *parts, "</feed>\n"])
    return Response(body.encode("utf-8", "replace"), headers={"content-type": kind})


def _navigation_entry(
    name: str, title: str, address: str, updated: str, kind: str = _ACQUISITION, summary: str = ""
) -> str:
    content = f'<content type="text">{html.escape(summary)}</content>\n' if summary else ""
    return (
        f"<entry>\n{_element('id', f'urn:reader:opds:{name}')}{_element('title', title)}"
        f"<updated>{updated}</updated>\n{content}{_link('subsection', address, kind)}</entry>\n"
    )


def _article_entry(entry: Entry) -> str:
    number = number_of(entry.id)
    parts = [
        _element("id", f"urn:reader:{entry.id}"),
        _element("title", entry.title.strip() or "Untitled"),
        f"<updated>{entry.added}</updated>\n",
        *(
            f"<author>{_element('name', name).strip()}</author>\n"
            for name in (entry.byline or entry.site or "reader").split(", ")
            if name.strip()
        ),
    ]
    if language_code := language(entry.language):
        parts.append(f"<dc:language>{language_code}</dc:language>\n")
    if entry.published:
        parts.append(_element("dc:issued", entry.published))
    parts += [f'<category term="{_escape(tag)}" label="{_escape(tag)}"/>\n' for tag in entry.tags]
    about = " · ".join(part for part in (entry.site, f"{entry.minutes} min") if part)
    parts.append(f'<summary type="text">{_escape(about)}</summary>\n')
    parts.append(_link(_BUY, f"/opds/entries/{number}.epub", EPUB))
    return f"<entry>\n{''.join(parts)}</entry>\n"


def _book_entry(title: str, count: int, kept: dict[str, str], updated: str) -> str:
    """Return the entry of all articles of a list as one book."""
    query = urlencode(kept)
    return (
        f"<entry>\n{_element('id', f'urn:reader:opds:book?{query}')}"
        f"{_element('title', f'{title}: {plural(count)} in one book')}"
        f"<updated>{updated}</updated>\n<author><name>reader</name></author>\n"
        f"{_link(_BUY, f'/opds/book.epub?{query}', EPUB)}</entry>\n"
    )


def _element(name: str, text: str) -> str:
    return f"<{name}>{_escape(text)}</{name}>\n"


def _link(relation: str, address: str, kind: str) -> str:
    return f'<link rel="{relation}" href="{html.escape(address)}" type="{html.escape(kind)}"/>\n'


def _escape(text: str) -> str:
    """Return text for XML, which has no control characters."""
    return html.escape(" ".join(clean(text).split()))


def _atom_time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
