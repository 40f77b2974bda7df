"""The app over a library in memory: keys lead where the table says, and change what they say."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, OptionList

from reader import resources
from reader.model.entry import EntryId
from reader.model.errors import LibraryError
from reader.model.reading_speed import ReadingSpeed
from reader.settings import Settings
from reader.ui.app import ReaderApp
from reader.ui.messages import LibraryTouched
from reader.ui.screens.main import MainScreen
from reader.ui.startup_rows import StartupRows
from reader.ui.widgets.article_view import ArticleView
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.pane_title import PaneTitle
from reader.ui.widgets.sidebar import Sidebar
from reader.ui.widgets.status_line import StatusLine
from tests.ui.conftest import press, screen_text, until
from tests.ui.memory_backend import MemoryBackend, sample


async def opened(pilot: Pilot[Any]) -> EntryList:
    """The list, once its rows are there."""
    entries = pilot.app.screen.query_one(EntryList)
    await until(pilot, lambda: len(entries.entries) > 0 and bool(pilot.app.query(StatusLine)))
    return entries


def rows_of(dialog: Screen[Any]) -> str:
    """What a dialog offers, each on a line."""
    options = dialog.query_one(OptionList).options
    return "".join(f"{option.prompt}\n" for option in options)


@pytest.mark.parametrize(
    ("columns", "panes"),
    [(120, "tags list reader"), (90, "list reader"), (60, "list")],
)
async def test_three_panes_two_or_one(app: ReaderApp, columns: int, panes: str) -> None:
    """From 120 columns three panes, from 80 two, below one."""
    async with app.run_test(size=(columns, 30)) as pilot:
        await opened(pilot)
        shown = [
            name
            for name in ("tags", "list", "reader")
            if app.screen.query_one(f"#{name}-pane").size.width
        ]
        assert " ".join(shown) == panes


async def test_dialogs_are_made_with_their_styles(app: ReaderApp) -> None:
    """From Python 3.12 on Textual composes them before it would read a sheet of their own."""
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        assert app.stylesheet.has_source(str(resources.styles() / "dialogs.tcss"))


async def test_more_tags_than_fit_bring_no_bars(app: ReaderApp, backend: MemoryBackend) -> None:
    """The pane scrolls with its cursor; its style sheet came after the screen's own."""
    first = next(iter(backend.held))
    backend.tag([first], [f"tag{number}" for number in range(60)], [])
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        tree = app.screen.query_one(Sidebar)
        await until(pilot, lambda: tree.virtual_size.height > tree.size.height)
        await pilot.pause()
        assert tree.styles.scrollbar_size_vertical == tree.styles.scrollbar_size_horizontal == 0
        assert not tree.show_horizontal_scrollbar


async def test_rebuilding_the_cache_is_reported(app: ReaderApp, backend: MemoryBackend) -> None:
    """From the first row to the last the footer says how many are in, however often it happens."""
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        for _ in range(2):
            backend.filling(0, 1)
            await until(pilot, lambda: "reading the library" in screen_text(app))
            backend.filling(3000, 8000)
            await until(pilot, lambda: "reading the library 3,000 of 8,000" in screen_text(app))
            backend.filling(8000, 8000)
            await until(pilot, lambda: "reading the library" not in screen_text(app))


async def test_the_way_back_is_always_on_the_screen(app: ReaderApp) -> None:
    """With one pane, the footer of the text says how to get to the list, and the key does it."""
    async with app.run_test(size=(40, 12)) as pilot:
        await opened(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: "The first thing" in screen_text(app))
        assert "h list" in screen_text(app).splitlines()[-1]
        await press(pilot, "h")
        assert app.screen.query_one(EntryList).has_focus


async def test_a_row_is_previewed_when_the_cursor_rests(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """A preview shows the text and changes nothing; what a change needs is read ahead."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "j")
        view = app.screen.query_one(ArticleView)
        await until(pilot, lambda: view.article is not None and "field guide" in view.article.title)
        assert entries.has_focus
        assert entries.current is not None
        wanted = entries.current.id
        await until(pilot, lambda: backend.prepared == [wanted])


async def test_a_preview_has_the_tags_that_its_article_has_by_now(app: ReaderApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        view = app.screen.query_one(ArticleView)
        await until(pilot, lambda: view.article is not None)
        before = view.article.tags if view.article else ()
        await press(pilot, "t", *"quay", "enter")
        await until(pilot, lambda: view.article is not None and "quay" in view.article.tags)
        await press(pilot, "u")
        await until(pilot, lambda: view.article is not None and view.article.tags == before)


async def test_marks_show_at_once_and_are_undone(app: ReaderApp, backend: MemoryBackend) -> None:
    """`r` marks read, the footer offers `u`, `u` takes it back."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        first = entries.current
        assert first is not None
        await press(pilot, "r")
        await until(pilot, lambda: backend.held[first.id].finished)
        await until(pilot, lambda: "u undo" in screen_text(app).splitlines()[-1])
        await press(pilot, "u")
        await until(pilot, lambda: not backend.held[first.id].finished)


async def test_thousands_are_fetched_after_a_confirmation(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """No site is asked before the answer; `y` fetches all selected pages."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        assert isinstance(app.screen, MainScreen)
        app.screen.controllers.entries.confirm_fetch_from = 3
        count = len(entries.entries)
        await press(pilot, "A")
        await until(pilot, lambda: len(entries.selection) == count)
        await press(pilot, "F")
        await until(pilot, lambda: f"Fetch {count} pages?" in screen_text(app))
        assert all(entry.words != 400 for entry in backend.held.values())
        await press(pilot, "y")
        await until(
            pilot, lambda: sum(entry.words == 400 for entry in backend.held.values()) == count
        )


async def test_a_confirmation_is_for_the_entries_of_its_question(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """What is selected meanwhile, as when rows of another device come, changes nothing."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        assert isinstance(app.screen, MainScreen)
        app.screen.controllers.entries.confirm_fetch_from = 3
        await press(pilot, "space", "space", "space", "F")
        chosen = entries.selection
        assert len(chosen) == 3
        await until(pilot, lambda: "Fetch 3 pages?" in screen_text(app))
        entries.set_selection([entry.id for entry in backend.held.values()])
        await press(pilot, "y")
        fetched = [entry.id for entry in backend.held.values() if entry.words == 400]
        await until(pilot, lambda: not entries.selection)
        assert frozenset(fetched) == chosen


async def test_archiving_leaves_the_cursor_where_it_was(app: ReaderApp) -> None:
    """The row goes from the inbox, and the one after it comes under the cursor."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "j", "e")
        await until(pilot, lambda: len(entries.entries) == 8)
        assert entries.cursor == 1
        assert entries.current is not None
        assert entries.current.title.startswith("The long walk")


async def test_what_others_add_does_not_move_the_cursor(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """A new row on top: the cursor stays on its article and on its line of the screen."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "j", "j")
        current = entries.current
        line = entries.cursor * 3 - entries.scroll_offset.y
        backend.add("https://new.example/", ())
        backend.changed = True
        app.screen.post_message(LibraryTouched())
        await until(pilot, lambda: len(entries.entries) == 10)
        assert entries.current == current
        assert entries.cursor * 3 - entries.scroll_offset.y == line


async def test_what_others_add_is_seen_from_the_first_row(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """With the cursor on the first row a new one appears above it; the cursor stays on its article."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        current = entries.current
        backend.add("https://new.example/", ())
        backend.changed = True
        app.screen.post_message(LibraryTouched())
        await until(pilot, lambda: len(entries.entries) == 10)
        assert (entries.current, entries.cursor, entries.scroll_offset.y) == (current, 1, 0)


async def test_the_filter_follows_typing(app: ReaderApp) -> None:
    """`/` filters as one types, `enter` keeps it, `escape` clears it."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "slash", *"ferr")
        await until(pilot, lambda: len(entries.entries) == 1)
        await press(pilot, "enter")
        assert entries.has_focus
        await press(pilot, "escape")
        await until(pilot, lambda: len(entries.entries) == 9)


async def test_several_tags_and_one_left_out(app: ReaderApp) -> None:
    """`space` adds a tag to the choice, `-` leaves one out, `escape` clears."""
    async with app.run_test(size=(120, 40)) as pilot:
        entries = await opened(pilot)
        tree = app.screen.query_one(Sidebar)
        await press(pilot, "1")
        await until(pilot, lambda: "essays" in screen_text(app))
        while tree.current is None or tree.current.name != "essays":
            await press(pilot, "j")
        await press(pilot, "space")
        await until(pilot, lambda: len(entries.entries) == 3)
        while tree.current is None or tree.current.name != "walking":
            await press(pilot, "j")
        await press(pilot, "minus")
        await until(pilot, lambda: len(entries.entries) == 2)
        assert "✓ essays" in screen_text(app)
        assert "− walking" in screen_text(app)
        await press(pilot, "escape")
        await until(pilot, lambda: len(entries.entries) == 9)


async def test_known_tags_are_offered_at_once(
    app: ReaderApp, backend: MemoryBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing has to be typed to see what there is, and no suggestion has to come."""

    def fail(entry_id: str) -> list[str]:
        raise LibraryError("no suggestions")

    monkeypatch.setattr(backend, "suggest_tags", fail)
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "1")
        await until(pilot, lambda: "▾ programming" in screen_text(app))
        await press(pilot, "2", "t")
        await until(pilot, lambda: "#cooking\n" in rows_of(app.screen))


async def test_tagging_completes(app: ReaderApp, backend: MemoryBackend) -> None:
    """`t`, the beginning of a tag, `tab`, `enter`: the article has it."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        first = entries.current
        assert first is not None
        await press(pilot, "t")
        await until(pilot, lambda: app.screen.is_modal)
        await press(pilot, *"coo", "tab", "enter")
        await until(pilot, lambda: "cooking" in backend.held[first.id].tags)
        assert "transport" in backend.held[first.id].tags


async def test_a_selection_is_changed_as_one(app: ReaderApp, backend: MemoryBackend) -> None:
    """Three selected rows go to the trash together, and come back by one undo."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "space", "space", "space", "d")
        await until(pilot, lambda: len(entries.entries) == 6)
        await press(pilot, "u")
        await until(pilot, lambda: len(entries.entries) == 9)


async def test_a_range_goes_on_when_the_list_changes(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """A row that comes on top while a range is being selected neither ends nor moves it."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "j", "V", "j")
        first = [entries.entries[row].id for row in (1, 2, 3)]
        backend.add("https://new.example/", ())
        backend.changed = True
        app.screen.post_message(LibraryTouched())
        await until(pilot, lambda: len(entries.entries) == 10)
        await press(pilot, "j")
        assert entries.selection == frozenset(first)


class CountedListing(StartupRows):
    """A listing that counts the ids that are read."""

    read = 0

    def ids_between(self, start: int, stop: int) -> list[EntryId]:
        self.read += stop - start
        return super().ids_between(start, stop)


async def test_a_range_reads_each_id_once(app: ReaderApp) -> None:
    """Rows that enter or leave a range are read, those inside are not read again with each key."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        listing = CountedListing(sample())
        ids = listing.ids()
        entries.show_entries(listing)
        await press(pilot, "j", "space", "j", "j", "V", "G")
        assert entries.selection == {ids[1], *ids[4:]}
        await press(pilot, "k", "k")
        assert entries.selection == {ids[1], *ids[4:7]}
        await press(pilot, "g")
        assert entries.selection == {*ids[:5]}
        await press(pilot, "j", "j", "j")
        assert entries.selection == {ids[1], *ids[3:5]}
        assert listing.read == 1 + 4 + 2 + 2 + 4 + 3


async def test_space_in_a_range_ends_it(app: ReaderApp) -> None:
    """The row that it deselects stays deselected while the cursor moves on."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        ids = [entries.entries[row].id for row in range(len(entries.entries))]
        await press(pilot, "V", "j", "j", "space", "j")
        assert entries.selection == frozenset(ids[:2])


async def test_the_next_unread_row_is_of_the_rows_that_were_asked(
    app: ReaderApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer about rows that are no longer shown moves no cursor."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        assert isinstance(app.screen, MainScreen)
        controllers = app.screen.controllers
        asked: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []
        monkeypatch.setattr(
            controllers.tasks, "run_latest", lambda _, find, go: asked.append((find, go))
        )
        controllers.entry_list.next_unread()
        find, go = asked[0]
        row = find()
        assert row
        entries.show_entries(StartupRows(sample()[:3]))
        go(row)
        assert entries.cursor == 0


async def test_the_cursor_stops_at_the_ends(app: ReaderApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        for row, expected in ((99, 8), (-1, 0), (-99, 0), (3, 3)):
            entries.go_to(row)
            assert entries.cursor == expected


async def test_reading_keeps_the_place(app: ReaderApp, backend: MemoryBackend) -> None:
    """Read to the end: finished, in the list and on the disk."""
    async with app.run_test(size=(120, 12)) as pilot:
        entries = await opened(pilot)
        first = entries.current
        assert first is not None
        await press(pilot, "enter")
        view = app.screen.query_one(ArticleView)
        await until(pilot, lambda: view.article is not None and view.has_focus)
        await press(pilot, "G")
        await until(pilot, lambda: backend.held[first.id].finished)
        await press(pilot, "h")
        assert "○" in screen_text(app)


async def test_adding_shows_the_row(app: ReaderApp, backend: MemoryBackend) -> None:
    """`a`, an address, `enter`: it is saved and under the cursor."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "j", "a", *"https://new.example/", "enter")
        await until(pilot, lambda: backend.asked == ["https://new.example/"])
        await until(pilot, lambda: bool(entries.current and "new.example" in entries.current.title))


async def test_q_goes_back_and_then_leaves(app: ReaderApp) -> None:
    """From the text `q` goes to the list, from the list it leaves with exit code 0."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: app.screen.query_one(ArticleView).has_focus)
        await press(pilot, "q")
        assert entries.has_focus
        await press(pilot, "q")
    assert app.return_code == 0


async def test_a_library_that_cannot_be_read_says_so(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """What failed stands where the list would be, and `q` still leaves."""
    backend.failing = "the cache cannot be read"
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: "the cache cannot be read" in screen_text(app))
        await pilot.press("q")
        await until(pilot, lambda: app.return_code == 0)


async def test_messages_make_room_for_keys_again(app: ReaderApp) -> None:
    """What the footer says stands in the place of its keys, not beside them."""
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        assert "enter read" in screen_text(app).splitlines()[-1]
        await press(pilot, "s")
        status = app.screen.query_one(StatusLine)
        await until(pilot, lambda: status.message is not None)
        assert "enter read" not in screen_text(app).splitlines()[-1]


async def test_minutes_left_follow_the_users_speed(app: ReaderApp, backend: MemoryBackend) -> None:
    """Someone who reads half as fast as most has twice the minutes, in the footer and the list."""
    backend.pace = ReadingSpeed(words=115 * 60, seconds=3600)
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await until(pilot, lambda: entries.reading_speed == 115)
        assert "33 left" in screen_text(app)
        await press(pilot, "enter")
        await until(pilot, lambda: "18 min left" in screen_text(app).splitlines()[-1])


async def test_what_the_mouse_selects_is_copied(app: ReaderApp, backend: MemoryBackend) -> None:
    """Drag over a heading, `ctrl+c`: its words go to the terminal and to the platform's program."""
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: "What a crossing is for" in screen_text(app))
        # The panes take their widths only after the first frame.
        before = ""
        while (shown := screen_text(app)) != before:
            before = shown
            await pilot.pause(0.2)
        lines = shown.splitlines()
        row = next(y for y, line in enumerate(lines) if "What a crossing is for" in line)
        column = lines[row].index("What a crossing")
        await pilot.mouse_down(offset=(column, row))
        await pilot.hover(offset=(column + 14, row))
        await pilot.mouse_up(offset=(column + 14, row))
        await press(pilot, "ctrl+c")
        await until(pilot, lambda: "copy What a crossing" in backend.asked)
        assert app.clipboard == "What a crossing"


async def test_without_a_selection_the_copying_key_says_how_to_leave(app: ReaderApp) -> None:
    """Whoever wants out by `ctrl+c` learns the key; nothing is lost."""
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "ctrl+c")
        await until(pilot, lambda: "q quits" in screen_text(app).splitlines()[-1])


async def test_ctrl_q_keeps_the_place(app: ReaderApp, backend: MemoryBackend) -> None:
    """Textual's own key for leaving leaves as `q` does."""
    async with app.run_test(size=(120, 12)) as pilot:
        entries = await opened(pilot)
        first = entries.current
        assert first is not None
        await press(pilot, "enter")
        view = app.screen.query_one(ArticleView)
        await until(pilot, lambda: view.article is not None and view.has_focus)
        await press(pilot, "j", "j", "j")
        await until(pilot, lambda: view.scroll_offset.y > 0)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app.return_code == 0)
    assert first.id in backend.positions


async def test_a_text_that_fits_is_finished_by_going_to_its_end(backend: MemoryBackend) -> None:
    """`G` on a whole text marks it as read, and the footer says 100 %."""
    app = ReaderApp(lambda: backend, Settings())
    async with app.run_test(size=(120, 50)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "enter", "G")
        await until(pilot, lambda: bool(entries.current and entries.current.finished))
        await until(pilot, lambda: "100 %" in screen_text(app))


async def test_saving_a_view_leads_to_its_rows(app: ReaderApp) -> None:
    """The search box is cleared, and keys are for the list again."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "slash", *"ferry", "ctrl+s")
        await until(pilot, lambda: app.screen.is_modal)
        await press(pilot, *"Ships", "enter")
        await until(pilot, lambda: "Ships" in screen_text(app) and entries.has_focus)
        assert app.screen.query_one("#filter", Input).value == ""
        await until(pilot, lambda: len(entries.entries) == 1)


async def test_the_end_of_an_archived_text_offers_the_way_back(app: ReaderApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "enter", "G")
        await until(pilot, lambda: "e  archive" in screen_text(app))
        await press(pilot, "e")
        await until(pilot, lambda: "e  return to the inbox" in screen_text(app))


async def test_the_open_text_follows_every_change(app: ReaderApp, backend: MemoryBackend) -> None:
    """After undo, tags, highlights and other programs the next key acts on what is there now."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        assert entries.current is not None
        entry_id = entries.current.id
        await press(pilot, "enter", "G")
        await until(pilot, lambda: "e  archive" in screen_text(app))
        await press(pilot, "e")
        await until(pilot, lambda: "e  return to the inbox" in screen_text(app))
        await press(pilot, "u")
        await until(pilot, lambda: "e  archive" in screen_text(app))
        await press(pilot, "s")
        await until(pilot, lambda: backend.held[entry_id].starred)
        await press(pilot, "s")
        await until(pilot, lambda: not backend.held[entry_id].starred)
        await press(pilot, "t", *"zeal", "enter")
        await until(pilot, lambda: "zeal" in backend.held[entry_id].tags)
        await press(pilot, "g")
        view = app.screen.query_one(ArticleView)
        await until(pilot, lambda: view.article is not None and "zeal" in view.article.tags)
        await press(pilot, "v", "enter")
        await until(pilot, lambda: view.article is not None and bool(view.article.highlights))
        backend.highlighted.clear()
        await press(pilot, "u")
        await until(pilot, lambda: view.article is not None and not view.article.highlights)
        backend.held[entry_id] = backend.held[entry_id]._replace(archived=True)
        backend.changed = True
        app.screen.post_message(LibraryTouched())
        await press(pilot, "G")
        await until(pilot, lambda: "e  return to the inbox" in screen_text(app))


async def test_a_long_error_of_the_query_has_lines_of_its_own(app: ReaderApp) -> None:
    """In a narrow list every word of it is shown; without it the title is as high as before."""
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        title = app.screen.query_one(PaneTitle)
        height = title.size.height
        await press(pilot, "slash", *"is:foo")
        await until(pilot, lambda: title.size.height > height)
        assert "at character 4" in screen_text(app)
        await press(pilot, "escape")
        await until(pilot, lambda: title.size.height == height)


async def test_the_sidebar_scrolls_to_a_new_view(app: ReaderApp, backend: MemoryBackend) -> None:
    async with app.run_test(size=(120, 9)) as pilot:
        await opened(pilot)
        await press(pilot, "slash", *"ferry", "ctrl+s")
        await until(pilot, lambda: app.screen.is_modal)
        await press(pilot, *"Ships", "enter")
        await until(pilot, lambda: "Ships    " in screen_text(app))


@pytest.mark.parametrize(
    ("columns", "shown"), [(40, "? keys"), (80, "a add  ctrl+p commands  ? keys")]
)
async def test_the_footer_always_names_the_key_of_all_keys(
    app: ReaderApp, columns: int, shown: str
) -> None:
    async with app.run_test(size=(columns, 20)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: shown in screen_text(app).splitlines()[-1])


@pytest.mark.parametrize(
    ("size", "keys", "is_shown"),
    [
        ((60, 20), ("h",), False),
        ((60, 20), ("1",), False),
        ((60, 20), (), True),
        ((90, 24), ("h",), True),
        ((90, 24), ("1",), False),
        ((120, 30), ("1",), True),
        ((60, 20), ("h", "z"), True),
    ],
)
async def test_progress_is_that_of_a_text_on_the_screen(
    app: ReaderApp, size: tuple[int, int], keys: tuple[str, ...], is_shown: bool
) -> None:
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: "min left" in screen_text(app).splitlines()[-1])
        await press(pilot, *keys)
        await until(pilot, lambda: ("%" in screen_text(app).splitlines()[-1]) == is_shown)


async def test_a_mode_shows_its_keys_and_the_way_out(backend: MemoryBackend) -> None:
    """A message from before gives way; on a narrow screen the progress does."""
    backend.bodies[next(iter(backend.held))] = (
        "See [the ferry](https://ferry.example/) and [tea](https://tea.example/)."
    )
    app = ReaderApp(lambda: backend, Settings())
    async with app.run_test(size=(60, 20)) as pilot:
        await opened(pilot)
        await press(pilot, "enter", "slash", *"ferry", "enter")
        await until(pilot, lambda: "1 of " in screen_text(app))
        await press(pilot, "f")
        await until(pilot, lambda: "a-z follow" in screen_text(app))
        assert "esc leave" in screen_text(app)
        await press(pilot, "escape", "v")
        await until(pilot, lambda: "HIGHLIGHT paragraph" in screen_text(app))
        footer = screen_text(app).splitlines()[-1]
        assert "c note" in footer
        assert "%" not in footer


async def test_a_hidden_text_is_laid_out_for_the_screen(app: ReaderApp) -> None:
    """It is not drawn for another width first when its pane is shown."""
    async with app.run_test(size=(50, 20)) as pilot:
        await opened(pilot)
        view = app.screen.query_one(ArticleView)
        await until(pilot, lambda: view.article is not None)
        hidden = view._viewport.options
        await press(pilot, "enter")
        await until(pilot, lambda: "h list" in screen_text(app))
        assert 0 <= hidden.measure - view._viewport.options.measure <= 2


@pytest.mark.parametrize(
    ("problems", "said"),
    [
        (("/home/me/config.toml:3: rows must be from 1 to 3",), "config.toml:3: rows must be"),
        (("/home/me/config.toml:3: a", "/home/me/config.toml:4: b"), "2 invalid settings: `reader"),
    ],
)
async def test_invalid_settings_fit_the_last_line(
    backend: MemoryBackend, problems: tuple[str, ...], said: str
) -> None:
    """A long path or the first of several would leave no room for what matters."""
    settings = Settings(path=Path("/home/me/config.toml"), problems=problems)
    app = ReaderApp(lambda: backend, settings)
    async with app.run_test(size=(60, 20)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: said in screen_text(app))
