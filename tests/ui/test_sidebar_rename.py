"""The sidebar's cursor after a tag is renamed."""

from functools import partial

import pytest

from reader.ui.app import ReaderApp
from reader.ui.widgets.sidebar import Sidebar
from tests.ui.conftest import press, until
from tests.ui.memory_backend import MemoryBackend
from tests.ui.test_main_screen import opened


def is_on(sidebar: Sidebar, name: str) -> bool:
    return sidebar.current is not None and sidebar.current.name == name


@pytest.mark.parametrize("height", [40, 20])
async def test_the_cursor_follows_a_renamed_tag(
    app: ReaderApp, backend: MemoryBackend, height: int
) -> None:
    """Wherever its new name stands in the order, it is under the cursor and on the screen."""
    for number, entry in enumerate(list(backend.held.values())):
        tags = (f"b{number}", f"m{number}", "zoo")
        backend.held[entry.id] = entry._replace(tags=tags)
    async with app.run_test(size=(120, height)) as pilot:
        await opened(pilot)
        await press(pilot, "1", "G")
        sidebar = app.screen.query_one(Sidebar)
        await until(pilot, lambda: sidebar.current is not None and sidebar.current.name == "zoo")
        for name in ("a-new-one", "yak"):
            await press(pilot, "R", "ctrl+u", *name, "enter")
            await until(pilot, partial(is_on, sidebar, name))
            line = sidebar.cursor - sidebar.scroll_offset.y
            assert 0 <= line < sidebar.size.height
