"""The README's picture of the app: the sample articles, part of them read, as Textual draws them.

`python -m tests.packaging.picture` writes it to docs/reader.svg.
"""

import asyncio
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from unittest.mock import patch

from reader.library import Library
from reader.model.change import Change
from reader.model.highlight import Highlight
from reader.paths import Paths
from reader.services.samples import install_samples
from reader.services.workspace import Workspace
from reader.settings import Settings
from reader.ui.app import ReaderApp
from reader.ui.library_backend import LibraryBackend
from reader.ui.widgets.entry_list import EntryList

PICTURE: Final = Path(__file__).parents[2] / "docs" / "reader.svg"
NOW: Final = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
SIZE: Final = (136, 38)
OPENED: Final = "The long walk home from the salt flats"
PATIENCE: Final = 60.0
"""Seconds that drawing may take on a busy machine."""


def drawn(done: Callable[[str], bool]) -> str:
    """The picture once it is `done`, else as it is after a minute."""
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(EntryList, "now", lambda _list: NOW),
        patch.dict(os.environ, {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}),
    ):
        os.environ.pop("NO_COLOR", None)
        home = Path(folder)
        places = Paths(home / "home", home / "state", home / "cache", home / "config.toml")
        with Workspace(places, Settings(), clock=NOW.timestamp) as workspace:
            install_samples(workspace)
            _read_a_little(workspace.library)
            return asyncio.run(_draw(workspace, done))


def settled() -> Callable[[str], bool]:
    """Whether a picture was the same some times in a row."""
    last, times = "", 0

    def is_same(picture: str) -> bool:
        nonlocal last, times
        times = times + 1 if picture == last else 0
        last = picture
        return times > 15

    return is_same


def _read_a_little(library: Library) -> None:
    """What a library looks like after a week."""
    by_title = {record.entry.title: record.entry.id for record in library.records()}
    kept = Highlight("h1", "Then it was beside me, no taller than my knee", start=430)
    changes = {
        "Start here": Change(finished=True, progress=1.0),
        "How sourdough keeps time": Change(progress=0.4),
        OPENED: Change(starred=True, add_highlights=(kept,)),
    }
    library.change({by_title[title]: change for title, change in changes.items()}, step=None)


async def _draw(workspace: Workspace, done: Callable[[str], bool]) -> str:
    app = ReaderApp(lambda: LibraryBackend(workspace), workspace.settings)
    async with app.run_test(size=SIZE) as pilot:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        for key in ("j", "j", "enter"):
            await pilot.press(key)
        while not done(picture := app.export_screenshot(title="reader")) and loop.time() < deadline:
            await pilot.pause(0.1)
    return picture


if __name__ == "__main__":
    PICTURE.write_text(drawn(settled()), encoding="utf-8")
