"""The whole server: routes behind the guard, and its start and end."""

import socket
import ssl
from collections.abc import Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from reader import __version__
from reader.server import oauth, wallabag
from reader.server.context import ServerContext
from reader.server.guard import AllowedHosts, Guard, HttpError
from reader.server.listener import make_server
from reader.server.wallabag import JsonResponse
from reader.services.background_fetch import BackgroundFetch
from reader.services.workspace import Workspace


async def health(request: Request) -> Response:
    """Return that the server answers, and the version of reader."""
    return JsonResponse({"status": "ok", "reader": __version__})


async def _not_found(scope: Any, receive: Any, send: Any) -> None:
    raise HttpError(404, "this server has no such address")


ROUTES = [
    Route("/health", health),
    *(
        Route(f"/oauth/v2/token{suffix}", oauth.give_token, methods=["GET", "POST"])
        for suffix in (".json", "")
    ),
    *wallabag.ROUTES,
]


def make_app(context: ServerContext, hosts: AllowedHosts, report: Callable[[str], object]) -> Guard:
    """Return the ASGI app; `report` is called with one line for each bug."""
    router = Router(ROUTES, redirect_slashes=False, default=_not_found)
    return Guard(router, context, context.secret, hosts, context.workspace.clock, report)


def serve(
    workspace: Workspace,
    secret: str,
    sockets: Sequence[socket.socket],
    hosts: AllowedHosts,
    *,
    tls: ssl.SSLContext | None = None,
    report: Callable[[str], object],
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
