"""wallabag's calls for entries and tags.

Source: wallabag's `EntryRestController`, `TagRestController` and `WallabagRestController`.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from reader.library.article_folders import read_text
from reader.model.entry import Entry, Record
from reader.model.errors import LibraryDamagedError, QueryError
from reader.model.query import (
    FieldTerm,
    Flag,
    HasTerm,
    Not,
    Part,
    Query,
    StateTerm,
    TagTerm,
    Term,
    TextField,
    and_,
    parse,
)
from reader.model.text import WORDS_PER_MINUTE
from reader.model.urls import clean_url, is_web_url
from reader.search.store.cache import Cache
from reader.server.guard import HttpError
from reader.server.parameters import (
    Parameters,
    number_in_path,
    of_address,
    of_request,
)
from reader.server.request_context import ServerContext, context_of
from reader.server.wallabag_json import (
    API_VERSION,
    entry_json,
    page_json,
    tag_json,
    tag_number,
)
from reader.services import entries
from reader.services.entry_pages import ListedRecord, read_numbered, read_page, read_records
from reader.services.input_sources import MAX_BYTES
from reader.services.remote_changes import (
    PageToSave,
    change_entry,
    delete_tag,
    replace_tags,
    save_page,
)

DEFAULT_PER_PAGE: Final = 30
"""Entries of a page if the client names no number, as in wallabag."""
MAX_PER_PAGE: Final = 500
"""Entries of a page: larger pages are cut, and `pages` counts accordingly."""


class JsonResponse(Response):
    """JSON with the content type that wallabag-client compares as a whole."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return the value as JSON."""
        return orjson.dumps(content)


async def version(request: Request) -> Response:
    """Return the version of wallabag's API."""
    return JsonResponse(API_VERSION)


async def info(request: Request) -> Response:
    """Return what clients ask before they log in."""
    return JsonResponse(
        {"appname": "wallabag", "version": API_VERSION, "allowed_registration": False}
    )


async def user(request: Request) -> Response:
    """Return the only user."""
    return JsonResponse({"id": 1, "username": "reader", "name": "reader", "email": ""})


async def config(request: Request) -> Response:
    """Return settings of the user; the iOS app needs each of them."""
    return JsonResponse(
        {
            "id": 1,
            "items_per_page": DEFAULT_PER_PAGE,
            "language": "en",
            "feed_limit": 50,
            "reading_speed": WORDS_PER_MINUTE,
            "action_mark_as_read": 0,
            "list_mode": 0,
        }
    )


async def list_entries(request: Request) -> Response:
    """Return a page of entries."""
    values = of_address(request)
    query = Query(_filter(values))
    return await _page(
        request,
        values,
        query,
        since=values.number("since", 0, 0, 10**11) * 1000,
        by_change=values.text("sort").casefold() == "updated",
        oldest_first=values.text("order").casefold() == "asc",
    )


async def search_entries(request: Request) -> Response:
    """Return a page of the entries that a query of reader's language finds."""
    values = of_address(request)
    try:
        query = parse(values.text("term"))
    except QueryError as error:
        raise HttpError(400, str(error)) from None
    return await _page(request, values, query, with_text=True)


async def _page(
    request: Request,
    values: Parameters,
    query: Query,
    *,
    since: int = 0,
    by_change: bool = False,
    oldest_first: bool = False,
    with_text: bool = False,
) -> Response:
    context = context_of(request)
    per_page = values.number("perPage", DEFAULT_PER_PAGE, 0, MAX_PER_PAGE) or DEFAULT_PER_PAGE
    page = values.page("page", 1)
    is_full = values.text("detail").casefold() != "metadata"

    def job(cache: Cache) -> tuple[list[dict[str, Any]], int]:
        if with_text:
            cache = context.workspace.synced_cache(text=True)
        found = read_page(
            cache,
            query,
            start=(page - 1) * per_page,
            size=per_page,
            now=context.workspace.now(),
            since=since,
            by_change=by_change,
            oldest_first=oldest_first,
        )
        return _entries_json(context, found.records, is_full), found.total

    shown, total = await context.read(job)
    pages = max(1, -(-total // per_page))
    if page > pages:
        raise HttpError(404, f"there are {pages} pages")
    links = {
        name: _link(request, values, number, per_page)
        for name, number in {
            "self": page, "first": 1, "last": pages, "next": page + 1, "previous": page - 1,
        }.items()
        if 1 <= number <= pages
    }  # fmt: skip
    return JsonResponse(page_json(shown, page=page, per_page=per_page, total=total, links=links))


def _link(request: Request, values: Parameters, page: int, per_page: int) -> str:
    kept = {
        name: values.text(name)
        for name in ("archive", "starred", "sort", "order", "tags", "since", "detail", "term")
        if name in values
    }
    query = urlencode({**kept, "page": page, "perPage": per_page})
    return f"{request.url.scheme}://{request.headers['host']}{request.url.path}?{query}"


def _filter(values: Parameters) -> Term | None:
    """Return the condition of a list; None for everything outside the trash."""
    terms: list[Term] = []
    for name, term in (
        ("archive", StateTerm(Flag.ARCHIVED)),
        ("starred", StateTerm(Flag.STARRED)),
        ("notParsed", Not(StateTerm(Flag.OFFLINE))),
        ("annotations", HasTerm(Part.HIGHLIGHTS)),
    ):
        wanted = values.flag(name)
        if wanted is not None:
            terms.append(term if wanted else Not(term))
    terms += [TagTerm(tag) for tag in values.tags()]
    if values.text("domain_name"):
        terms.append(FieldTerm(TextField.SITE, values.text("domain_name")))
    if values.flag("public"):
        # No entry has a public link.
        terms.append(Not(StateTerm(Flag.OFFLINE)))
        terms.append(StateTerm(Flag.OFFLINE))
    return None if not terms else and_(*terms) if len(terms) > 1 else terms[0]


def _entries_json(
    context: ServerContext, records: Sequence[ListedRecord], is_full: bool
) -> list[dict[str, Any]]:
    return [
        entry_json(each, read_markdown(context, each.record) if is_full else None)
        for each in records
    ]


def read_markdown(context: ServerContext, record: Record) -> str:
    """Return the text of an article; empty for a link, and if its file is missing."""
    folder = record.entry.folder
    try:
        return read_text(context.workspace.places.home, folder) if folder else ""
    except LibraryDamagedError:
        return ""


async def get_entry(request: Request) -> Response:
    """Return one entry."""
    number = number_in_path(request)
    is_full = of_address(request).text("detail").casefold() != "metadata"
    context = context_of(request)
    return JsonResponse(
        await context.read(
            lambda cache: _entries_json(context, [read_numbered(cache, number)], is_full)[0]
        )
    )


async def add_entry(request: Request) -> Response:
    """Save a page, and return its entry when it is on the disk."""
    values = await of_request(request)
    url = values.text("url").strip()
    if not is_web_url(url):
        raise HttpError(400, "url must be an address that begins with http:// or https://")
    content = values.text("content").encode("utf-8", "replace")
    if len(content) > MAX_BYTES:
        raise HttpError(413, f"a page may have {MAX_BYTES >> 20} MB")
    page = PageToSave(
        clean_url(url),
        content,
        values.text("title"),
        tuple(values.tags()),
        values.flag("archive"),
        values.flag("starred"),
    )
    context = context_of(request)
    run = context.work if content else context.change
    saved = await run(lambda: save_page(context.workspace, context.fetch, page))
    return await _entry(context, saved.entry)


async def _entry(context: ServerContext, entry: Entry) -> Response:
    """Return the entry as it is now."""

    def job(cache: Cache) -> dict[str, Any]:
        return _entries_json(context, read_records(cache, [entry.id]), True)[0]

    return JsonResponse(await context.read(job))


async def patch_entry(request: Request) -> Response:
    """Change title, marks or tags of an entry."""
    values = await of_request(request)
    archived, starred, title = (
        values.flag("archive"),
        values.flag("starred"),
        values.text("title"),
    )
    # As in wallabag, no tags at all change nothing.
    tags = values.tags()

    def change(context: ServerContext, entry: Entry) -> None:
        add, remove = replace_tags(entry, tags) if tags else ([], [])
        change_entry(
            context.workspace,
            entry,
            title=title,
            archived=archived,
            starred=starred,
            add_tags=add,
            remove_tags=remove,
        )

    return await _change(request, change)


async def delete_entry(request: Request) -> Response:
    """Move an entry to the trash; return it as it was."""
    number = number_in_path(request)
    only_id = of_address(request).text("expect") == "id"
    context = context_of(request)

    def job() -> dict[str, Any]:
        listed = read_numbered(context.workspace.synced_cache(), number)
        shown = entry_json(listed, None if only_id else "")
        entries.delete(context.workspace, [listed.record.entry.id])
        return {"id": number} if only_id else shown

    return JsonResponse(await context.change(job))


async def reload_entry(request: Request) -> Response:
    """Fetch the page again in the background; return the entry as it is."""
    return await _change(
        request, lambda context, entry: context.fetch.request(entry.id) if entry.url else None
    )


async def get_entry_tags(request: Request) -> Response:
    """Return the tags of an entry."""
    number = number_in_path(request)
    found = await context_of(request).read(lambda cache: read_numbered(cache, number))
    return JsonResponse([tag_json(tag) for tag in found.record.entry.tags])


async def add_entry_tags(request: Request) -> Response:
    """Add tags to an entry."""
    tags = (await of_request(request)).tags()
    return await _change(
        request, lambda context, entry: change_entry(context.workspace, entry, add_tags=tags)
    )


async def delete_entry_tag(request: Request) -> Response:
    """Remove a tag, named by its number, from an entry."""
    wanted = number_in_path(request, "tag")

    def change(context: ServerContext, entry: Entry) -> None:
        own = [tag for tag in entry.tags if tag_number(tag) == wanted]
        if not own:
            raise HttpError(404, "the article does not have this tag")
        change_entry(context.workspace, entry, remove_tags=own)

    return await _change(request, change)


async def _change(request: Request, change: Callable[[ServerContext, Entry], object]) -> Response:
    """Change the entry in the path, and return it as it is then."""
    number = number_in_path(request)
    context = context_of(request)

    def job() -> Entry:
        entry = read_numbered(context.workspace.synced_cache(), number).record.entry
        change(context, entry)
        return entry

    return await _entry(context, await context.change(job))


async def list_tags(request: Request) -> Response:
    """Return all tags with the number of their entries."""
    facets = await context_of(request).read(lambda cache: cache.facets())
    return JsonResponse(
        [{**tag_json(each.tag), "nbEntries": each.own} for each in facets.tags if each.own]
    )


async def delete_tag_numbered(request: Request) -> Response:
    """Remove a tag, named by its number, from every entry."""
    wanted = number_in_path(request)
    return await _delete_tags(request, lambda tag: tag_number(tag) == wanted)


async def delete_tags_labelled(request: Request) -> Response:
    """Remove tags, named by their labels, from every entry."""
    values = await of_request(request)
    wanted = {tag_number(tag) for tag in [*values.tags("tag"), *values.tags("tags")]}
    return await _delete_tags(request, lambda tag: tag_number(tag) in wanted)


async def _delete_tags(request: Request, is_wanted: Callable[[str], bool]) -> Response:
    context = context_of(request)

    def job() -> list[dict[str, Any]]:
        facets = context.workspace.synced_cache().facets()
        found = [each.tag for each in facets.tags if each.own and is_wanted(each.tag)]
        if not found:
            raise HttpError(404, "no article has this tag")
        for tag in found:
            delete_tag(context.workspace, tag)
        return [tag_json(tag) for tag in found]

    deleted = await context.change(job)
    return JsonResponse(deleted[0] if len(deleted) == 1 else deleted)
