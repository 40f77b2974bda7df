"""Pictures of the main screens: a changed one is to be looked at beside LOOK.md's words."""

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from reader.settings import Look, Settings
from reader.ui.app import ReaderApp
from reader.ui.widgets.article import ArticleView
from reader.ui.widgets.entry_list import EntryList
from tests.ui.conftest import until
from tests.ui.memory_desk import NOW, MemoryDesk, sample

Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages are counted to one moment, and cursors do not blink."""
    monkeypatch.setattr(EntryList, "now", lambda self: NOW)
    monkeypatch.setattr("textual.widgets.Input.cursor_blink", False)


def app(theme: str = "ink") -> ReaderApp:
    desk = MemoryDesk(sample())
    return ReaderApp(lambda: desk, Settings(look=Look(theme=theme)))


def after(*keys: str) -> Callable[[Pilot[Any]], Any]:
    """Press the keys once the list, its counts and the first text are there."""

    async def act(pilot: Pilot[Any]) -> None:
        screen = pilot.app.screen
        await until(pilot, lambda: bool(screen.query(ArticleView)))
        await until(pilot, lambda: screen.query_one(ArticleView).article is not None)
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        await pilot.pause(0.3)

    return act


@pytest.mark.parametrize("size", [(140, 40), (80, 24), (50, 20)], ids=["wide", "two", "one"])
def test_the_list(snap_compare: Compare, size: tuple[int, int]) -> None:
    """Three panes, two and one, with unread, begun, finished and starred rows."""
    assert snap_compare(app(), terminal_size=size, run_before=after())


def test_the_list_on_paper(snap_compare: Compare) -> None:
    """The sepia theme keeps the same order of brightness."""
    assert snap_compare(app("paper"), terminal_size=(140, 40), run_before=after())


def test_reading_in_one_pane(snap_compare: Compare) -> None:
    """The text alone in its measure, the way back in the footer."""
    assert snap_compare(app(), terminal_size=(50, 20), run_before=after("enter"))


@pytest.mark.parametrize(
    "keys",
    [("question_mark",), ("ctrl+p", *"tag"), ("t", *"pro"), ("i",), ("a",)],
    ids=["keys", "commands", "tags", "details", "add"],
)
def test_dialogs(snap_compare: Compare, keys: tuple[str, ...]) -> None:
    """Small, in the middle, the answer's keys on the last line, the list readable behind."""
    assert snap_compare(app(), terminal_size=(80, 24), run_before=after(*keys))


@pytest.mark.parametrize("size", [(140, 40), (50, 20)], ids=["wide", "one"])
def test_searching(snap_compare: Compare, size: tuple[int, int]) -> None:
    """The box with what it offers, the order, and a line of the text below each row, words marked."""
    keys = ("slash", *"ma")
    assert snap_compare(app(), terminal_size=size, run_before=after(*keys))
