"""Links without text: the views Queued and Failed, kinds of failures, and keys for them."""

import pytest

from reader.model.entry import Entry, FetchStatus
from reader.settings import Settings
from reader.ui.app import ReaderApp
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.sidebar import Sidebar, SidebarItemKind
from tests.ui.conftest import press, screen_text, until
from tests.ui.memory_backend import MemoryBackend, sample
from tests.ui.test_main_screen import opened

REASONS = (
    "one.example: host not found",
    "two.example: host not found",
    "the page was not found (404)",
)


def without_text(entry: Entry, reason: str | None) -> Entry:
    status = FetchStatus.FAILED if reason else FetchStatus.QUEUED
    return entry._replace(words=0, fetch=status, reason=reason)


@pytest.fixture
def backend() -> MemoryBackend:
    """Nine entries: one is queued, three have failed for two kinds of reasons."""
    entries = sample()
    waiting = [without_text(entries[0], None)]
    waiting += [without_text(e, r) for e, r in zip(entries[1:4], REASONS, strict=True)]
    return MemoryBackend([*waiting, *entries[4:]])


@pytest.fixture
def app(backend: MemoryBackend) -> ReaderApp:
    return ReaderApp(lambda: backend, Settings())


def lines_of(app: ReaderApp) -> list[str]:
    tree = app.screen.query_one(Sidebar)
    return [tree.render_line(y).text.strip() for y in range(tree.size.height)]


async def test_failed_links_are_grouped_by_reason(app: ReaderApp) -> None:
    """Below Failed each kind has its count; choosing one shows its links."""
    async with app.run_test(size=(120, 36)) as pilot:
        entries = await opened(pilot)
        tree = app.screen.query_one(Sidebar)
        await until(pilot, lambda: any(line.startswith("host not found") for line in lines_of(app)))
        lines = [" ".join(line.split()) for line in lines_of(app)]
        at = lines.index("Failed 3")
        assert lines[at - 1] == "Queued 1"
        assert lines[at + 1 : at + 4] == [
            "host not found 2",
            "not found (404) 1",
            "Trash 0",
        ]
        await press(pilot, "1", "G")
        while not (tree.current and tree.current.kind is SidebarItemKind.REASON):
            await press(pilot, "k")
        await press(pilot, "k", "enter")
        await until(pilot, lambda: len(entries.entries) == 2)
        assert "Failed: host not found" in screen_text(app)
        await press(pilot, "R", "d")
        assert not app.screen.is_modal, "a kind of failures is neither renamed nor deleted"


async def test_failed_links_are_fetched_again_from_their_view(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """The footer names the keys; the empty view says so."""
    async with app.run_test(size=(120, 36)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "ctrl+p", *"go to failed", "enter")
        await until(pilot, lambda: len(entries.entries) == 3)
        await until(pilot, lambda: "F fetch" in screen_text(app))
        assert "A select all" in screen_text(app)
        await press(pilot, "A")
        await until(pilot, lambda: len(entries.selection) == 3)
        await press(pilot, "F")
        await until(pilot, lambda: not len(entries.entries))
        await until(pilot, lambda: "No download has failed." in screen_text(app))


async def test_the_trash_names_its_keys(app: ReaderApp, backend: MemoryBackend) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "d")
        await until(pilot, lambda: len(entries.entries) == 8)
        await press(pilot, "1", "G")
        tree = app.screen.query_one(Sidebar)
        while not (tree.current and tree.current.name == "Trash"):
            await press(pilot, "k")
        await press(pilot, "enter", "2")
        await until(pilot, lambda: len(entries.entries) == 1)
        await until(pilot, lambda: "R restore" in screen_text(app))
        assert "P delete permanently" in screen_text(app)
        assert "X empty" in screen_text(app)
        await press(pilot, "X")
        await until(pilot, lambda: app.screen.is_modal)
        await press(pilot, "y")
        await until(pilot, lambda: not len(entries.entries))


async def test_an_empty_view_is_dim(app: ReaderApp) -> None:
    """A view without entries is drawn in the colour of its count."""
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        tree = app.screen.query_one(Sidebar)
        await until(pilot, lambda: "Trash" in " ".join(lines_of(app)))
        strips = [tree.render_line(y) for y in range(tree.size.height)]
        colours = {
            "".join(s.text for s in strip).split()[0]: [s.style and s.style.color for s in strip][1]
            for strip in strips
            if strip.text.strip()
        }
        assert colours["Trash"] != colours["Inbox"]
        assert isinstance(app.screen.query_one(EntryList), EntryList)


async def test_a_link_is_not_read(app: ReaderApp, backend: MemoryBackend) -> None:
    """Its notice has no progress and no end, and the footer names what can be done with it."""
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        link = next(iter(backend.held.values()))
        await until(pilot, lambda: "Waiting to be fetched" in screen_text(app))
        await press(pilot, "enter", "G", "space")
        await until(pilot, lambda: "h list" in screen_text(app))
        footer = screen_text(app).splitlines()[-1]
        assert "F fetch" in footer
        assert "%" not in footer
        assert "highlight" not in footer
        await press(pilot, "h")
        assert (backend.held[link.id].finished, backend.held[link.id].progress) == (False, 0.0)
        await press(pilot, "enter", "F")
        await until(pilot, lambda: backend.held[link.id].fetch is FetchStatus.DONE)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("is:failed", ("F fetch", "A select all")),
        ("is:queued -is:starred", ("F fetch", "A select all")),
        ("is:trashed", ("R restore", "P delete permanently")),
        ("-is:trashed", ("enter read",)),
    ],
)
async def test_a_search_names_the_keys_of_its_rows(
    app: ReaderApp, backend: MemoryBackend, query: str, keys: tuple[str, ...]
) -> None:
    """The footer follows what the rows are, not the name of the view."""
    entries = [*backend.held.values()]
    backend.held[entries[-1].id] = entries[-1]._replace(trashed=True)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        await press(pilot, "slash")
        for character in query:
            await pilot.press(
                {":": "colon", "-": "minus", ".": "full_stop"}.get(character, character)
            )
        await press(pilot, "enter")
        await until(pilot, lambda: all(key in screen_text(app) for key in keys))
