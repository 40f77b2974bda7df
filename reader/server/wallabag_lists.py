"""wallabag's calls for several addresses at once, and the question whether one is saved."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from reader.model.entry import Entry, EntryId
from reader.model.entry_number import number_of
from reader.model.errors import UsageError
from reader.model.urls import clean_url, id_for, is_web_url
from reader.search.store.cache import Cache
from reader.server.guard import HttpError
from reader.server.parameters import Parameters, of_address, of_request, parse_list
from reader.server.request_context import ServerContext, context_of
from reader.server.wallabag_api import JsonResponse
from reader.services import entries
from reader.services.remote_changes import PageToSave, change_entry, save_page

MAX_URLS: Final = 100
"""Addresses in one call."""


async def entry_exists(request: Request) -> Response:
    """Return whether addresses are saved, or with `return_id` the numbers of their entries.

    Addresses come plain or as SHA-1 hashes. The answer for one address is under `exists`, several
    are under their addresses or hashes.
    """
    values = of_address(request)
    urls, hashes = values.texts("urls"), values.texts("hashed_urls")
    one = values.text("hashed_url") or values.text("url")
    urls += [values.text("url")] if values.text("url") else []
    hashes += [values.text("hashed_url")] if values.text("hashed_url") else []
    if not urls and not hashes:
        raise HttpError(400, "url, urls[], hashed_url or hashed_urls[] is missing")
    if len(urls) + len(hashes) > MAX_URLS:
        raise HttpError(400, f"one request may ask for {MAX_URLS} addresses")

    def job(cache: Cache) -> dict[str, EntryId | None]:
        hashed: Mapping[str, EntryId] = cache.find_hashed(hashes) if hashes else {}
        return {each: hashed.get(each) for each in hashes} | {
            each: entry.id if (entry := find_address(cache, each)) is not None else None
            for each in urls
        }

    found = await context_of(request).read(job)
    with_number = values.flag("return_id")
    shown = {
        name: (number_of(entry_id) if entry_id else None) if with_number else entry_id is not None
        for name, entry_id in found.items()
    }
    return JsonResponse({"exists": shown[one]} if one else shown)


def find_address(cache: Cache, url: str) -> Entry | None:
    """Return the entry that was saved from this address; None if there is none."""
    try:
        entry = cache.entry(id_for(clean_url(url.strip()))) if is_web_url(url.strip()) else None
    except UsageError:
        return None
    return None if entry is None or entry.trashed else entry


async def add_urls(request: Request) -> Response:
    """Save several addresses as links."""
    values = await of_request(request)

    def save(context: ServerContext, url: str, _tags: str) -> Any:
        page = PageToSave(clean_url(url))
        return number_of(save_page(context.workspace, context.fetch, page).entry.id)

    return await _for_each(request, values, "urls", save)


async def delete_urls(request: Request) -> Response:
    """Move the entries of several addresses to the trash."""
    values = await of_request(request)

    def delete(context: ServerContext, url: str, _tags: str) -> Any:
        entry = find_address(context.workspace.synced_cache(), url)
        if entry is not None:
            entries.delete(context.workspace, [entry.id])
        return entry is not None

    return await _for_each(request, values, "urls", delete)


async def add_tags_to_urls(request: Request) -> Response:
    """Add tags to the entries of several addresses."""
    return await _tag(request, is_removal=False)


async def delete_tags_of_urls(request: Request) -> Response:
    """Remove tags from the entries of several addresses."""
    return await _tag(request, is_removal=True)


async def _tag(request: Request, *, is_removal: bool) -> Response:
    values = await of_request(request)

    def tag(context: ServerContext, url: str, label: str) -> Any:
        entry = find_address(context.workspace.synced_cache(), url)
        if entry is None:
            return False
        tags = Parameters({"tags": label}).tags()
        change_entry(
            context.workspace,
            entry,
            add_tags=[] if is_removal else tags,
            remove_tags=tags if is_removal else [],
        )
        return number_of(entry.id)

    return await _for_each(request, values, "list", tag)


async def _for_each(
    request: Request,
    values: Parameters,
    name: str,
    act: Callable[[ServerContext, str, str], Any],
) -> Response:
    """Act on each address of a JSON list; rows are addresses, or objects with `url` and `tags`."""
    rows = []
    for each in parse_list(values.text(name), name):
        row = each if isinstance(each, dict) else {"url": each}
        url, tags = row.get("url"), row.get("tags", "")
        if not isinstance(url, str) or not isinstance(tags, str) or not is_web_url(url.strip()):
            raise HttpError(400, f"{name} must be a list of addresses")
        rows.append((url.strip(), tags))
    if len(rows) > MAX_URLS:
        raise HttpError(400, f"{name} may have {MAX_URLS} addresses")
    context = context_of(request)

    def job() -> list[dict[str, Any]]:
        return [{"url": url, "entry": act(context, url, tags)} for url, tags in rows]

    return JsonResponse(await context.change(job))
