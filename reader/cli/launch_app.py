"""Start the app."""

import gc
import sys
from importlib import import_module

from reader import paths, settings
from reader.model.errors import UsageError
from reader.services.workspace import Workspace


def run_app() -> int:
    """Run the app until the user quits. Raises UsageError without a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the app needs a terminal; `reader --help` lists the commands that do not")
    # Objects made while starting stay alive; collecting garbage takes a tenth of the start.
    # The app enables the collector once its list is painted.
    gc.disable()
    app = import_module("reader.ui.app")
    # Not by `session`, which imports the query language; the app tells of wrong settings itself.
    found = paths.find()
    with Workspace(found, settings.load(found.config)) as opened:
        exit_code: int = app.run(opened)
    return exit_code
