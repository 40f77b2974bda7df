"""The app, opened without a command."""

import sys
from importlib import import_module

from reader.cli.session import shelf
from reader.model.errors import WrongUsage


def run_app() -> int:
    """Open the app and stay until it is left. Raises WrongUsage without a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise WrongUsage("the app needs a terminal; `reader --help` lists the commands that do not")
    app = import_module("reader.ui.app")
    with shelf() as opened:
        exit_code: int = app.run(opened)
    return exit_code
