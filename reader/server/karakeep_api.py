"""Karakeep's call for whole pages, which SingleFile's "REST Form API" makes.

Source: Karakeep's API, `POST /bookmarks/singlefile`, and SingleFile's request as observed.
"""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from reader.model.errors import UsageError
from reader.model.text import clean_tag
from reader.model.urls import clean_url, is_web_url
from reader.server.guard import HttpError
from reader.server.parameters import of_address, read_form
from reader.server.request_context import context_of
from reader.server.wallabag_api import JsonResponse
from reader.server.wallabag_lists import find_address
from reader.services.add import AddResult, add_page
from reader.services.input_sources import MAX_BYTES

_EXISTING: Final = ("skip", "overwrite", "overwrite-recrawl", "append", "append-recrawl")


async def save_singlefile(request: Request) -> Response:
    """Save a page that SingleFile sends: 201 if it is new, 200 if it was known.

    With `ifexists=skip` a known article keeps its text; otherwise the copy replaces it if it has
    more.
    """
    existing = of_address(request).text("ifexists") or "skip"
    if existing not in _EXISTING:
        raise HttpError(400, f"ifexists must be one of {', '.join(_EXISTING)}")
    texts, page = await read_form(request)
    if not page.strip():
        raise HttpError(400, "the form has no file with a page")
    if len(page) > MAX_BYTES:
        raise HttpError(413, f"a page may have {MAX_BYTES >> 20} MB")
    url = texts.get("url", "").strip()
    if url and not is_web_url(url):
        raise HttpError(400, "url must be an address that begins with http:// or https://")
    address = clean_url(url) if url else None
    context = context_of(request)
    workspace = context.workspace
    tags = [tag for tag in workspace.settings.browser.tags if clean_tag(tag)]

    def job() -> AddResult:
        if existing == "skip" and address:
            known = find_address(workspace.synced_cache(), address)
            if known is not None and known.has_text:
                return AddResult(known, is_new=False)
        return add_page(workspace, page, url=address, tags=tags)

    saved = await context.work(job)
    shown: dict[str, Any] = {
        "id": saved.entry.id,
        "title": saved.entry.title,
        "createdAt": saved.entry.added,
        "archived": saved.entry.archived,
        "favourited": saved.entry.starred,
        "alreadyExists": not saved.is_new,
        "content": {"type": "link", "url": saved.entry.url},
    }
    return JsonResponse(shown, status_code=201 if saved.is_new else 200)


async def check_url(request: Request) -> Response:
    """Return the id of the entry that was saved from an address, or null."""
    url = of_address(request).text("url")
    if not url:
        raise HttpError(400, "url is missing")
    try:
        found = await context_of(request).read(lambda cache: find_address(cache, url))
    except UsageError as error:
        raise HttpError(400, str(error)) from None
    return JsonResponse({"bookmarkId": found.id if found is not None else None})
