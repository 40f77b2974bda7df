"""Settings of type, and pictures, reach the text."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from reader.layout.document import ShownArticle
from reader.model.entry import EntryId
from reader.settings import ImageSettings, LookSettings, Settings
from reader.ui.app import ReaderApp
from reader.ui.widgets.article_view import ArticleView
from reader.ui.widgets.entry_list import EntryList
from tests.ui.conftest import press, screen_text, until
from tests.ui.memory_backend import MemoryBackend, sample

NAME = "images/0123456789abcdef.png"


class Illustrated(MemoryBackend):
    """Every article begins with a picture of its own and has a link."""

    def article(self, entry_id: EntryId) -> ShownArticle:
        shown = super().article(entry_id)
        markdown = (
            f"![A ferry]({NAME})\n\n[there](https://there.example/) it is.\n\n{shown.markdown}"
        )
        return replace(shown, markdown=markdown, folder=Path("/x"), images={NAME: NAME})


async def read(pilot: Pilot[Any]) -> ArticleView:
    entries = pilot.app.screen.query_one(EntryList)
    await until(pilot, lambda: len(entries.entries) > 0)
    await press(pilot, "enter")
    view = pilot.app.screen.query_one(ArticleView)
    await until(pilot, lambda: view.article is not None and view.has_focus)
    return view


def text(view: ArticleView) -> str:
    return "\n".join(view.render_line(y).text for y in range(view.size.height))


@pytest.mark.parametrize("mode", ["blocks", "none"])
async def test_images_are_drawn_unless_the_settings_say_none(mode: str) -> None:
    """Half blocks in place of the description, or the description."""
    app = ReaderApp(lambda: Illustrated(sample()), Settings(images=ImageSettings(mode)))
    async with app.run_test(size=(120, 40)) as pilot:
        view = await read(pilot)
        if mode == "blocks":
            await until(pilot, lambda: "▀▀" in text(view))
        await pilot.pause()
        assert ("▨ A ferry" in text(view)) is (mode == "none")


async def test_settings_of_type_reach_the_column() -> None:
    """Spacing, paragraphs and justification are those of [look], bidi that of [text]."""
    look = LookSettings(measure=50, spacing=1, paragraphs="indent", justify=True)
    app = ReaderApp(lambda: MemoryBackend(sample()), Settings(look=look))
    async with app.run_test(size=(120, 40)) as pilot:
        view = await read(pilot)
        column = view.options
        assert (column.measure, column.line_spacing) == (50, 1)
        assert column.indented
        assert column.justified
        assert not column.visual_order
        await press(pilot, "+")
        assert view.options.measure == 54


async def test_addresses_and_letters_have_keys() -> None:
    """L shows where links lead, Y copies one by its letter."""
    app = ReaderApp(lambda: Illustrated(sample()), Settings())
    async with app.run_test(size=(120, 40)) as pilot:
        view = await read(pilot)
        await press(pilot, "L")
        assert "▎ https://there.example/" in text(view)
        await press(pilot, "Y", "a")
        await until(pilot, lambda: app.clipboard == "https://there.example/")


async def test_lines_grow_as_far_as_the_pane_and_shrink_at_once(app: ReaderApp) -> None:
    """A key without effect says why, and the other one works from the lines that are shown."""
    async with app.run_test(size=(90, 30)) as pilot:
        view = await read(pilot)
        for _ in range(40):
            await press(pilot, "plus")
        assert "as long as the pane allows" in screen_text(app)
        before = view.fitted_options.measure
        await press(pilot, "minus")
        assert view.fitted_options.measure < before
