"""wallabag's calls for annotations, which are highlights here.

A highlight is found by its quote; wallabag's ranges in its own HTML mean nothing here.
Source: wallabag's `AnnotationRestController`.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from reader.model.entry import EntryId
from reader.model.highlight import Highlight
from reader.model.query import HasTerm, Part, Query
from reader.server.guard import HttpError
from reader.server.parameters import number_in_path, of_request
from reader.server.request_context import ServerContext, context_of
from reader.server.wallabag_api import JsonResponse
from reader.server.wallabag_json import annotation_json, annotation_number
from reader.services import annotations
from reader.services.entry_pages import read_numbered, read_records

MAX_QUOTE_LENGTH = 10_000
"""Characters of a quote: a chapter of a book has more, a highlight has not."""


async def list_annotations(request: Request) -> Response:
    """Return the highlights of an entry."""
    number = number_in_path(request)
    found = await context_of(request).read(lambda cache: read_numbered(cache, number))
    rows = [annotation_json(mark) for mark in found.record.highlights]
    return JsonResponse({"total": len(rows), "rows": rows})


async def add_annotation(request: Request) -> Response:
    """Highlight a quote of an entry."""
    number = number_in_path(request)
    values = await of_request(request)
    quote, note = values.text("quote"), values.text("text")
    if not quote.strip() or len(quote) > MAX_QUOTE_LENGTH:
        raise HttpError(400, f"quote must have 1 to {MAX_QUOTE_LENGTH} characters")
    context = context_of(request)

    def job() -> dict[str, Any]:
        entry = read_numbered(context.workspace.synced_cache(), number).record.entry
        before = {mark.id for mark in context.workspace.library.get(entry.id).highlights}
        annotations.highlight_quote(context.workspace, entry.id, quote, note or None)
        after = context.workspace.library.get(entry.id).highlights
        new = [mark for mark in after if mark.id not in before]
        found = new or [mark for mark in after if mark.quote.split() == quote.split()]
        return annotation_json(found[0])

    return JsonResponse(await context.change(job))


async def change_annotation(request: Request) -> Response:
    """Change the note of a highlight."""
    number = number_in_path(request)
    note = (await of_request(request)).text("text")
    context = context_of(request)

    def job() -> dict[str, Any]:
        entry_id, mark = _find(context, number)
        changed = Highlight(
            mark.id, mark.quote, mark.prefix, mark.suffix, mark.start, note, mark.at
        )
        annotations.save_highlight(context.workspace, entry_id, changed)
        return annotation_json(changed)

    return JsonResponse(await context.change(job))


async def delete_annotation(request: Request) -> Response:
    """Remove a highlight."""
    number = number_in_path(request)
    context = context_of(request)

    def job() -> dict[str, Any]:
        entry_id, mark = _find(context, number)
        annotations.remove_highlight(context.workspace, entry_id, mark)
        return annotation_json(mark)

    return JsonResponse(await context.change(job))


def _find(context: ServerContext, number: int) -> tuple[EntryId, Highlight]:
    """Return the highlight of this number. Linear in the entries with highlights."""
    cache = context.workspace.synced_cache()
    listing = cache.listing(Query(HasTerm(Part.HIGHLIGHTS)), now=context.workspace.now())
    for listed in read_records(cache, listing.ids()):
        for mark in listed.record.highlights:
            if annotation_number(mark) == number:
                return listed.record.entry.id, mark
    raise HttpError(404, "no such annotation")
