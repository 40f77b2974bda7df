"""The command `serve`: the library for phones, e-readers and browser extensions."""

import socket
from pathlib import Path
from typing import Final

from reader import paths
from reader.cli import output, stdio
from reader.cli.arguments import Arguments
from reader.cli.command_context import open_workspace
from reader.cli.crash_log import report_bug
from reader.model.errors import UsageError

DEFAULT_PORT: Final = 7373
"""The port without `--port`; clients keep it in their settings."""
_MAX_PORT: Final = 65_535
"""TCP numbers its ports with 16 bits."""


def run_serve(arguments: Arguments) -> int:
    """Serve the library until interrupted, or print the token."""
    from reader.services import server_token

    if arguments.words == ["token"]:
        output.print_line(server_token.load_secret(paths.find(), renew=arguments.renew))
        return 0
    if arguments.words:
        raise UsageError(f"serve: unknown word {arguments.words[0]!r}; use token or no word")
    if arguments.renew:
        raise UsageError("--renew works only with `reader serve token`")
    return _serve(arguments)


def _serve(arguments: Arguments) -> int:
    # Imported here: only this command needs the web server, which takes 0.1 s.
    from reader.server.asgi_app import serve
    from reader.server.guard import AllowedHosts, local_names
    from reader.server.listener import listen, tls_context
    from reader.services import server_token
    from reader.services.cache_filler import fill_cache

    port = DEFAULT_PORT if arguments.port is None else arguments.port
    if port > _MAX_PORT:
        raise UsageError(f"--port {port}: the largest port is {_MAX_PORT}")
    if bool(arguments.cert) != bool(arguments.key):
        raise UsageError("--cert and --key must be used together")
    tls = tls_context(Path(arguments.cert), Path(arguments.key)) if arguments.cert else None
    if arguments.lan and tls is None and not arguments.without_tls:
        raise UsageError(
            "--lan sends the token and all articles over the network: add --cert FILE --key FILE,"
            " or --without-tls in a network that you trust"
        )
    if arguments.without_tls and (tls is not None or not arguments.lan):
        raise UsageError("--without-tls works only with --lan and without --cert")
    names = {name.lower().rstrip(".") for name in arguments.name}
    hosts = AllowedHosts(
        names | local_names() if arguments.lan else names, any_local_address=arguments.lan
    )
    with open_workspace() as workspace:
        secret = server_token.load_secret(workspace.places)
        opened = listen("0.0.0.0" if arguments.lan else "127.0.0.1", port)
        with opened:
            fill_cache(workspace)
            workspace.synced_cache()
            # Each thread of the server has its own connection; this one's pages are not needed.
            workspace.cache.close_connections()
            address, bound = opened.getsockname()[:2]
            scheme = "http" if tls is None else "https"
            # Other devices cannot connect to 0.0.0.0, so the host name is printed.
            shown = socket.gethostname() if arguments.lan else address
            output.print_line(f"{scheme}://{shown}:{bound}")
            # A program that started the server waits for this line at the other end of a pipe.
            stdio.flush()
            output.print_message(
                f"user reader, client reader, password: the token in"
                f" {server_token.secret_file(workspace.places)}; ctrl+c stops"
            )
            if arguments.lan:
                output.print_message(
                    "every device in this network can reach this server"
                    + (
                        " and read everything that is sent: the connection is not encrypted"
                        if tls is None
                        else ""
                    )
                )
            is_interrupted = serve(workspace, secret, [opened], hosts, tls=tls, report=report_bug)
    return 130 if is_interrupted else 0
