"""The whole server: routes behind the guard, and its start and end."""

import socket
import ssl
from collections.abc import Callable, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from reader import __version__
from reader.server import (
    downloads,
    karakeep_api,
    oauth,
    opds,
    wallabag_annotations,
    wallabag_api,
    wallabag_lists,
)
from reader.server.guard import AllowedHosts, Guard, HttpError
from reader.server.listener import make_server
from reader.server.request_context import ServerContext
from reader.server.wallabag_api import JsonResponse
from reader.services.background_fetch import BackgroundFetch
from reader.services.workspace import Workspace


async def health(request: Request) -> Response:
    """Return that the server answers, and the version of reader."""
    return JsonResponse({"status": "ok", "reader": __version__})


async def _not_found(scope: Any, receive: Any, send: Any) -> None:
    raise HttpError(404, "this server has no such address")


_WALLABAG: Final = (
    ("/oauth/v2/token", oauth.give_token, "GET"),
    ("/oauth/v2/token", oauth.give_token, "POST"),
    ("/api/version", wallabag_api.version, "GET"),
    ("/api/info", wallabag_api.info, "GET"),
    ("/api/user", wallabag_api.user, "GET"),
    ("/api/config", wallabag_api.config, "GET"),
    ("/api/search", wallabag_api.search_entries, "GET"),
    ("/api/entries", wallabag_api.list_entries, "GET"),
    ("/api/entries", wallabag_api.add_entry, "POST"),
    ("/api/entries/exists", wallabag_lists.entry_exists, "GET"),
    ("/api/entries/list", wallabag_lists.delete_urls, "DELETE"),
    ("/api/entries/lists", wallabag_lists.add_urls, "POST"),
    ("/api/entries/tags/list", wallabag_lists.delete_tags_of_urls, "DELETE"),
    ("/api/entries/tags/lists", wallabag_lists.add_tags_to_urls, "POST"),
    ("/api/entries/{number}/reload", wallabag_api.reload_entry, "PATCH"),
    ("/api/entries/{number}/tags", wallabag_api.get_entry_tags, "GET"),
    ("/api/entries/{number}/tags", wallabag_api.add_entry_tags, "POST"),
    ("/api/entries/{number}/tags/{tag}", wallabag_api.delete_entry_tag, "DELETE"),
    ("/api/tags", wallabag_api.list_tags, "GET"),
    ("/api/tags/label", wallabag_api.delete_tags_labelled, "DELETE"),
    ("/api/tags/{number}", wallabag_api.delete_tag_numbered, "DELETE"),
    ("/api/annotations/{number}", wallabag_annotations.list_annotations, "GET"),
    ("/api/annotations/{number}", wallabag_annotations.add_annotation, "POST"),
    ("/api/annotations/{number}", wallabag_annotations.change_annotation, "PUT"),
    ("/api/annotations/{number}", wallabag_annotations.delete_annotation, "DELETE"),
    ("/api/entries/{number}", wallabag_api.get_entry, "GET"),
    ("/api/entries/{number}", wallabag_api.patch_entry, "PATCH"),
    ("/api/entries/{number}", wallabag_api.delete_entry, "DELETE"),
)
"""Calls of wallabag's API, each with and without `.json`; fixed names before numbers."""

ROUTES: Final = [
    Route("/health", health),
    Route("/api/entries/{number}/export.{kind}", downloads.export_entry),
    Route("/api/v1/bookmarks/singlefile", karakeep_api.save_singlefile, methods=["POST"]),
    Route("/api/v1/bookmarks/check-url", karakeep_api.check_url),
    Route("/opds", opds.catalogue),
    Route("/opds/", opds.catalogue),
    Route("/opds/tags", opds.tag_catalogue),
    Route("/opds/list", opds.list_articles),
    Route("/opds/search.xml", opds.search_description),
    Route("/opds/book.epub", opds.download_book),
    Route("/opds/entries/{number}.epub", opds.download_article),
    *(
        Route(f"{path}{suffix}", endpoint, methods=[method])
        for path, endpoint, method in _WALLABAG
        # The longer form first: a number in a path ends before it.
        for suffix in (".json", "")
    ),
]


def make_app(
    context: ServerContext, hosts: AllowedHosts, report: Callable[[Exception], object]
) -> Guard:
    """Return the ASGI app; `report` is called with each bug."""
    router = Router(ROUTES, redirect_slashes=False, default=_not_found)
    return Guard(router, context, context.secret, hosts, context.workspace.clock, report)


def serve(
    workspace: Workspace,
    secret: str,
    sockets: Sequence[socket.socket],
    hosts: AllowedHosts,
    *,
    tls: ssl.SSLContext | None = None,
    report: Callable[[Exception], object],
    fetch: BackgroundFetch | None = None,
) -> bool:
    """Answer requests until SIGINT or SIGTERM; return whether it was SIGINT.

    Each acknowledged change is on the disk, so ending at any time loses nothing.
    """
    context = ServerContext(workspace, secret, fetch or BackgroundFetch())
    server = make_server(make_app(context, hosts, report), tls)
    try:
        server.run(sockets=list(sockets))
    finally:
        context.close()
    return server.is_interrupted
