"""Searching in the app: lines below the rows, what is offered, what was meant, marks in the text."""

from threading import Event
from typing import Any
from unittest.mock import patch

import pytest
from textual.pilot import Pilot

from reader.model.errors import LibraryError
from reader.model.query import Query, uses_full_text
from reader.services.outcome import Outcome
from reader.services.workspace import Job
from reader.ui.app import ReaderApp
from reader.ui.startup_rows import StartupRows
from reader.ui.widgets.article_view import ArticleView
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.search_field import SearchField
from tests.ui.conftest import press, screen_text, until
from tests.ui.memory_backend import MemoryBackend
from tests.ui.test_main_screen import opened

FOUND = "The quay at dusk was full of lanterns, and nobody knew who had hung them there."


@pytest.fixture
def quay(backend: MemoryBackend) -> MemoryBackend:
    """The article named after the ferry says at its end what another text says too."""
    for entry in backend.held.values():
        backend.bodies[entry.id] = "A paragraph about something else.\n\n" * 30
        if "ferry" in entry.title:
            backend.bodies[entry.id] += FOUND.replace("quay", "ferry")
    return backend


async def search(pilot: Pilot[Any], words: str) -> EntryList:
    """Type words into the search box."""
    entries = await opened(pilot)
    await press(pilot, "slash", *words)
    return entries


def on_screen(pilot: Pilot[Any], words: str) -> bool:
    return words in screen_text(pilot.app)


async def test_a_line_of_the_text_stands_below_its_row(app: ReaderApp, quay: MemoryBackend) -> None:
    """While words are searched for, each row shows where they stand in its text; then no more."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await search(pilot, "ferr")
        await until(pilot, lambda: on_screen(pilot, "The ferry at dusk was full"))
        assert entries.lines_per_row == 3
        assert on_screen(pilot, "best match first")
        await press(pilot, "escape")
        await until(pilot, lambda: len(entries.entries) == 9)
        assert not on_screen(pilot, "best match first")


async def test_rows_that_come_in_sight_get_their_lines(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """Lines are cut for the rows on the screen, and for others once they are scrolled to."""
    async with app.run_test(size=(120, 14)) as pilot:
        await search(pilot, "mara")
        await until(pilot, lambda: on_screen(pilot, "best match first"))
        await press(pilot, "enter", "G")
        await until(pilot, lambda: on_screen(pilot, "Small programs"))
        await until(pilot, lambda: screen_text(app).count("The first thing one notices") >= 2)


async def test_enter_opens_at_the_match(app: ReaderApp, quay: MemoryBackend) -> None:
    """The text opens where the words stand, all of them marked; `h` leads back in one step."""
    async with app.run_test(size=(120, 20)) as pilot:
        await search(pilot, "ferry")
        view = app.screen.query_one(ArticleView)
        await until(pilot, lambda: len(app.screen.query_one(EntryList).entries) == 1)
        await press(pilot, "enter", "enter")
        await until(pilot, lambda: on_screen(pilot, "nobody knew who had hung"))
        await press(pilot, "escape")
        assert app.screen.query_one(EntryList).has_focus
        assert view.has_search_matches
        await press(pilot, "escape")
        await until(pilot, lambda: not view.has_search_matches)


async def test_matches_are_stepped_through(app: ReaderApp, quay: MemoryBackend) -> None:
    """`n` goes from one match of the search to the next, as after finding in the text."""
    async with app.run_test(size=(120, 20)) as pilot:
        await search(pilot, "ferry")
        await until(pilot, lambda: len(app.screen.query_one(EntryList).entries) == 1)
        await press(pilot, "enter", "enter")
        await until(pilot, lambda: on_screen(pilot, "nobody knew who had hung"))
        await press(pilot, "n")
        assert app.screen.query_one(ArticleView).match_position == (2, 2)


async def test_the_word_being_typed_is_completed(app: ReaderApp, backend: MemoryBackend) -> None:
    """Offers stand below the box; `tab` takes the first one, an arrow chooses another."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await search(pilot, "tag:wa")
        await until(pilot, lambda: on_screen(pilot, "walking\n") or on_screen(pilot, "walking "))
        await press(pilot, "tab")
        await until(pilot, lambda: on_screen(pilot, "tag:walking"))
        await until(pilot, lambda: len(entries.entries) == 2)
        await press(pilot, *" is:un", "down", "enter")
        await until(pilot, lambda: on_screen(pilot, "tag:walking is:unread"))
        assert not entries.has_focus
        await press(pilot, "enter")
        assert entries.has_focus
        assert backend.searches == ["tag:walking is:unread"]


async def test_recent_searches_come_back(app: ReaderApp, backend: MemoryBackend) -> None:
    """An empty box offers what was searched for before."""
    backend.searches = ["tag:essays", "sourdough"]
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await search(pilot, "")
        await until(pilot, lambda: on_screen(pilot, "sourdough "))
        await press(pilot, "down", "down", "enter")
        await until(pilot, lambda: len(entries.entries) == 1)


async def test_a_spelling_mistake_is_corrected(app: ReaderApp, backend: MemoryBackend) -> None:
    """Where nothing has the words, the nearest ones are offered, and `enter` looks for them."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await search(pilot, "fery")
        await until(pilot, lambda: on_screen(pilot, "Did you mean ferry?"))
        await press(pilot, "enter")
        await until(pilot, lambda: len(entries.entries) == 1)


async def test_places_elsewhere_are_reported(app: ReaderApp, backend: MemoryBackend) -> None:
    """Where only other views have the words, it says so, and `enter` shows them."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "e")
        await until(pilot, lambda: len(entries.entries) == 8)
        await press(pilot, "slash", *"ferry")
        await until(pilot, lambda: on_screen(pilot, "Nothing in Inbox has these words"))
        await press(pilot, "enter")
        await until(pilot, lambda: len(entries.entries) == 1)
        assert on_screen(pilot, "Everything")


async def test_keys_of_an_empty_list_are_not_typed(app: ReaderApp, backend: MemoryBackend) -> None:
    """An empty library has the keys of the list, not those of a box that is out of sight."""
    backend.held.clear()
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: on_screen(pilot, "Nothing saved yet."))
        assert app.screen.query_one(EntryList).has_focus
        await press(pilot, "a")
        await until(pilot, lambda: app.screen.is_modal)


async def test_an_empty_list_tells_that_the_library_is_being_prepared(
    app: ReaderApp, backend: MemoryBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sample articles may come; if preparing fails, the list is empty, and says so."""
    backend.held.clear()
    may_end = Event()

    def prepare(_job: Job) -> Outcome:
        may_end.wait()
        raise LibraryError("the disk is full")

    monkeypatch.setattr(backend, "prepare", prepare)
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: on_screen(pilot, "Preparing the library…"))
        may_end.set()
        await until(pilot, lambda: on_screen(pilot, "Nothing saved yet."))
        assert on_screen(pilot, "the disk is full")


def is_struck(app: ReaderApp, word: str) -> bool:
    """Whether the list shows the word struck out."""
    entries = app.screen.query_one(EntryList)
    return any(
        word in segment.text and segment.style is not None and bool(segment.style.strike)
        for line in range(entries.size.height)
        for segment in entries.render_line(line)
    )


async def test_articles_with_some_of_the_words_come_below(
    app: ReaderApp, quay: MemoryBackend
) -> None:
    """Their missing words are struck out; selecting all takes those with all words alone."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await search(pilot, "ferry mara")
        await until(pilot, lambda: on_screen(pilot, " partial"))
        assert len(entries.entries) > 1
        await until(pilot, lambda: is_struck(app, "ferry"))
        await press(pilot, "enter", "A")
        await until(pilot, lambda: len(entries.selection) == 1)
        await press(pilot, "j")
        current = entries.current
        await press(pilot, "s")
        await until(pilot, lambda: bool(entries.current and entries.current.starred))
        assert current is not None
        assert entries.current is not None
        assert entries.current.id == current.id
        await press(pilot, "escape")
        await until(pilot, lambda: len(entries.entries) == 9)
        assert not is_struck(app, "ferry")


async def test_exact_words_have_no_partial_matches(app: ReaderApp, quay: MemoryBackend) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await search(pilot, "+ferry +mara")
        await until(pilot, lambda: len(entries.entries) <= 1)
        await pilot.pause(0.3)
        assert not on_screen(pilot, " partial")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("is:unred", "is:unread"),
        ("ferry tga:essays", "ferry tag:essays"),
        ("added:7d", "added:<7d"),
    ],
)
async def test_a_wrong_word_of_the_language_is_corrected(
    app: ReaderApp, typed: str, meant: str
) -> None:
    """`enter` puts the nearest right word in its place, and searches for nothing else."""
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "slash")
        field = app.screen.query_one(SearchField)
        field.value = typed
        await until(pilot, lambda: on_screen(pilot, "perhaps"))
        await press(pilot, "enter")
        await until(pilot, lambda: field.value == meant)
        await until(pilot, lambda: not on_screen(pilot, "perhaps"))


async def test_an_unknown_word_is_reported_with_the_known_ones(app: ReaderApp) -> None:
    """Nothing is like `is:xyz`: the rows stay, and the footer lists what `is:` knows."""
    async with app.run_test(size=(200, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "slash", *"is", "colon", *"xyz", "enter")
        await until(pilot, lambda: on_screen(pilot, "unread, reading, read"))
        assert len(entries.entries) == 9
        assert app.screen.query_one(SearchField).has_focus


async def test_a_search_during_the_first_indexing_is_completed(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """Its rows come from a part of the texts; once all are indexed, it finds the others too."""
    is_indexed = Event()
    listing = backend.listing

    def prepare(_job: Job) -> Outcome:
        is_indexed.wait(10)
        return Outcome("", undoable=False)

    def listing_so_far(query: Query) -> StartupRows:
        rows = listing(query)
        is_complete = is_indexed.is_set() or not uses_full_text(query)
        return rows if is_complete else StartupRows(list(rows)[:1])

    with patch.multiple(backend, prepare=prepare, listing=listing_so_far):
        async with app.run_test(size=(120, 30)) as pilot:
            entries = await opened(pilot)
            await press(pilot, "/", *"the")
            await until(pilot, lambda: len(entries.entries) == 1)
            is_indexed.set()
            await until(pilot, lambda: len(entries.entries) > 1)
