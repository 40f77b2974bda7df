"""What is imported late stays late: start-up waits for nothing that it does not use."""

import subprocess
import sys
from typing import Final

import pytest

from reader import paths
from reader.model.change import SaveRequest
from reader.model.urls import id_for
from reader.services.workspace import Workspace
from reader.settings import Settings

LATE: Final = {
    "reader.__main__": {"argparse", "json", "platformdirs", "sqlite3", "textual", "tinydb", "lxml"},
    "reader.cli.fast_list": {"argparse", "json", "sqlite3", "textual", "tinydb", "lxml", "typing"},
    "reader.search.store.fast_listing": {"dataclasses", "json", "pathlib", "re", "typing"},
    "reader.cli.main": {"textual", "tinydb", "lxml", "httpcore", "sqlite3"},
    "reader.cli.list": {"textual", "tinydb", "lxml", "httpcore", "sqlite3"},
    "reader.cli.edit": {"textual", "tinydb", "lxml", "httpcore"},
    "reader.services.workspace": {"tinydb", "lxml", "httpcore", "sqlite3"},
    "reader.services.sandbox.child": {"lxml", "PIL", "tinydb"},
    "reader.services.browser_host": {"json", "pathlib", "tinydb", "lxml"},
    "reader.search.store.cache": {"tinydb", "lxml", "textual"},
    "reader.cli.serve": {"tinydb", "lxml", "starlette", "uvicorn", "ssl"},
    "reader.server.asgi_app": {"lxml", "httpcore", "PIL", "textual", "reader.fetch.client"},
    "reader.ui.app": {"tinydb", "lxml", "httpcore", "markdown_it", "pygments", "PIL"},
    "reader.ui.screens.main": {"tinydb", "lxml", "httpcore", "markdown_it", "reader.model.query"},
}
"""Modules that start-up imports, each with what it must not bring along."""

_SCRIPT: Final = """
import sys
before = set(sys.modules)
__import__({module!r})
print(*sorted(set(sys.modules) - before))
"""


@pytest.mark.parametrize("module", sorted(LATE))
def test_an_early_module_imports_nothing_late(module: str) -> None:
    """Each module is imported alone, in a fresh interpreter."""
    loaded = subprocess.run(
        [sys.executable, "-c", _SCRIPT.format(module=module)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not LATE[module] & set(loaded.stdout.split())


_CHANGE: Final = """
import sys
from reader.cli.main import run
code = run({words!r})
print(*sorted(sys.modules))
sys.exit(code)
"""
_HEAVY: Final = {
    "argparse", "dataclasses", "difflib", "inspect", "tarfile", "shutil", "tempfile", "secrets",
    "platformdirs", "tinydb", "lxml", "textual", "orjson", "pyromark", "reader.model.query",
    "reader.model.article", "reader.library.article_folders", "reader.library.tinydb_storage",
    "reader.search.store.bitmaps", "reader.search.store.fts_index", "reader.markdown",
}  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        "mark {entry} --star",
        "tag {entry} +one",
        "rm {entry}",
        "undo",
        "add --later https://a.example/three",
    ],
)
def test_a_change_of_one_entry_imports_what_it_uses(words: str) -> None:
    """Whoever changes entries from a script waits for the imports at each call."""
    address = "https://a.example/one"
    for url in (address, "https://a.example/two"):
        # The second process that changes something makes the backup of the day.
        with Workspace(paths.find(), Settings()) as opened:
            opened.library.add([SaveRequest(given=url)], step="saved")
            opened.synced_cache()
    script = _CHANGE.format(words=words.format(entry=id_for(address)).split())
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded = _HEAVY & set(done.stdout.split())
    assert loaded == set()
