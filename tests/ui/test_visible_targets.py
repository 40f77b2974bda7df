"""No action on what the user does not see: selection, focus, dialogs, and keys typed ahead."""

from threading import Event

import pytest
from textual import events
from textual.widgets import Input, OptionList, TextArea

from reader.layout.document import ShownArticle
from reader.model.entry import Entry, EntryId
from reader.services.duplicates import DuplicateGroup
from reader.settings import Settings
from reader.ui.app import ReaderApp
from reader.ui.backend import ArticleDetails
from reader.ui.dialogs.details import DetailsDialog
from reader.ui.dialogs.dialog import Dialog
from reader.ui.dialogs.picker import PickerDialog
from reader.ui.dialogs.tag_editor import TagEditor
from reader.ui.screens.main import MainScreen
from reader.ui.widgets.article_view import ArticleView
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.sidebar import Sidebar
from tests.ui.conftest import press, screen_text, until
from tests.ui.memory_backend import MemoryBackend
from tests.ui.test_main_screen import opened


def type_ahead(app: ReaderApp, *keys: str) -> None:
    """Post keys at once, faster than any of them is handled."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


def entry_at(entries: EntryList, row: int) -> Entry:
    listing = entries.entries
    assert listing
    return listing[row]


def shown_ids(entries: EntryList) -> set[EntryId]:
    return {entry_at(entries, row).id for row in range(len(entries.entries))}


async def test_an_action_clears_the_selection_it_used(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """Two rows are archived and leave the list; the next key deletes only the visible row."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        first = [entry_at(entries, row).id for row in range(3)]
        await press(pilot, "space", "space", "e")
        await until(pilot, lambda: len(entries.entries) == 7)
        assert entries.selection == frozenset()
        assert "selected" not in screen_text(app)
        current = entries.current
        await press(pilot, "d")
        await until(pilot, lambda: len(entries.entries) == 6)
        trashed = [entry.id for entry in backend.held.values() if entry.trashed]
        assert current is not None
        assert trashed == [current.id]
        assert not set(trashed) & set(first[:2])


@pytest.mark.parametrize("key", ["r", "s", "e", "d", "F"])
async def test_every_command_on_a_selection_clears_it(app: ReaderApp, key: str) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "space", "space", key)
        await until(pilot, lambda: not entries.selection)


async def test_a_selection_holds_only_rows_of_the_list(app: ReaderApp) -> None:
    """A filter deselects the rows that it hides; the title counts what is left."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "A")
        await until(pilot, lambda: len(entries.selection) == 9)
        await press(pilot, "slash", *"ferry", "enter")
        await until(pilot, lambda: len(entries.entries) < 9)
        await until(pilot, lambda: entries.selection <= shown_ids(entries))
        assert f"{len(entries.selection)} selected" in screen_text(app)


async def test_a_range_in_an_empty_list_is_empty(app: ReaderApp) -> None:
    """Random keys found this: `V` without rows ended the app."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "slash", *"zzzz", "enter")
        await until(pilot, lambda: not len(entries.entries))
        await press(pilot, "V", "space", "A", "j", "n", "V")
        assert entries.selection == frozenset()
        assert app.error is None


async def test_a_toggle_follows_the_selection_not_the_cursor(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """The cursor stands on a starred row that is not selected: the selected ones get a star."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        starred = next(n for n in range(9) if entry_at(entries, n).starred)
        assert starred == 1
        await press(pilot, "space", "s")
        first = entry_at(entries, 0).id
        await until(pilot, lambda: backend.held[first].starred)


async def test_focus_on_a_hidden_pane_shows_it(app: ReaderApp) -> None:
    """In focus mode only the text is shown; going to the list or the tags ends the mode."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "enter", "z")
        assert not entries.size.width
        await press(pilot, "h")
        await until(pilot, lambda: entries.has_focus and entries.size.width > 0)
        await press(pilot, "enter", "z", "1")
        sidebar = app.screen.query_one(Sidebar)
        await until(pilot, lambda: sidebar.has_focus and sidebar.size.width > 0)


async def test_a_pane_keeps_the_focus_if_the_screen_is_laid_out_at_once(app: ReaderApp) -> None:
    """A pane that is hidden by the layout loses the focus, so it is shown before."""
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        sidebar = screen.query_one(Sidebar)
        screen.controllers.panes.toggle_focus_mode()
        screen.controllers.panes.focus_sidebar()
        screen._refresh_layout()
        await until(pilot, lambda: sidebar.has_focus and sidebar.size.width > 0)
        await pilot.pause()
        assert sidebar.has_focus


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["t", *"sdx"], "asia/asean, transport, sdx"),
        (["a", *"sdxq"], "sdxq"),
        (["ctrl+p", *"star"], "star"),
        (["enter", "c", *"sdxq"], "sdxq"),
        (["question_mark", "slash", *"sd"], "sd"),
        (["slash", *"dsxe"], "dsxe"),
    ],
)
async def test_keys_typed_while_a_dialog_opens_go_to_it(
    app: ReaderApp, backend: MemoryBackend, keys: list[str], text: str
) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: app._early_keys is None)
        before = dict(backend.held)
        type_ahead(app, *keys)
        await until(pilot, lambda: text in typed(app))
        assert backend.held == before


def typed(app: ReaderApp) -> list[str]:
    """The content of every text field of the screen."""
    fields = [field.value for field in app.screen.query(Input)]
    return [*fields, *(area.text for area in app.screen.query(TextArea))]


async def test_one_dialog_at_a_time(backend: MemoryBackend) -> None:
    """`i` loads its dialog; `t`, typed before it is there, goes to it and opens no second one."""
    gate = Event()
    load = backend.article_details

    def slow(entry_id: EntryId) -> ArticleDetails:
        gate.wait(10)
        return load(entry_id)

    backend.article_details = slow  # type: ignore[method-assign]
    app = ReaderApp(lambda: backend, Settings())
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: app._early_keys is None)
        type_ahead(app, "i", "t")
        await pilot.pause(0.3)
        assert not isinstance(app.screen, Dialog)
        gate.set()
        await until(pilot, lambda: isinstance(app.screen, DetailsDialog))
        await pilot.pause(0.2)
        assert [type(screen) for screen in app.screen_stack[1:]] == [DetailsDialog]


async def test_removed_text_is_shown_with_its_rule(app: ReaderApp) -> None:
    """The palette's command lists what the article leaves out; nothing follows from a choice."""
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, PickerDialog))
        await press(pilot, *(key if key != " " else "space" for key in "removed text"), "enter")
        await until(pilot, lambda: "Removed text" in str(getattr(app.screen, "heading", "")))
        dialog = app.screen
        assert isinstance(dialog, PickerDialog)
        assert dialog.query_one(OptionList).option_count == 1
        await press(pilot, "enter")
        await until(pilot, lambda: not isinstance(app.screen, Dialog))


async def test_a_second_dialog_waits_for_the_first(app: ReaderApp, backend: MemoryBackend) -> None:
    """A job that ends while a dialog is open shows its result afterwards."""
    gate = Event()

    def slow(*_arguments: object) -> list[DuplicateGroup]:
        gate.wait(10)
        return []

    backend.discovery.find_duplicates = slow  # type: ignore[method-assign,assignment]
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "D", "t")
        await until(pilot, lambda: isinstance(app.screen, TagEditor))
        gate.set()
        await pilot.pause(0.3)
        assert len(app.screen_stack) == 2
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(app.screen, PickerDialog))
        assert len(app.screen_stack) == 2


@pytest.mark.parametrize("keys", [["t"], ["ctrl+p"], ["question_mark", "slash"]])
async def test_tab_stays_in_a_text_field(
    app: ReaderApp, backend: MemoryBackend, keys: list[str]
) -> None:
    """With nothing to complete `tab` does nothing, and the next letters are still text."""
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, *keys)
        await until(pilot, lambda: isinstance(app.focused, Input))
        await press(pilot, "z", "z", "tab", "s", "x")
        assert any(text.endswith("zzsx") for text in typed(app))
        assert isinstance(app.focused, Input)


async def test_tab_stays_in_the_filter(app: ReaderApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "slash", "z", "z", "tab", "s")
        assert "zzs" in typed(app)


@pytest.mark.parametrize("modifier", ["left_shift", "right_control", "caps_lock", "left_alt"])
async def test_a_modifier_alone_is_no_key(
    app: ReaderApp, backend: MemoryBackend, modifier: str
) -> None:
    """The kitty protocol reports it before the capital that chooses a link hint."""
    first = next(iter(backend.held))
    backend.bodies[first] = "A [link](https://one.example/) and [another](https://two.example/)."
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "enter")
        view = app.screen.query_one(ArticleView)
        await until(pilot, lambda: view.article is not None and view.has_focus)
        await press(pilot, "f")
        await until(pilot, lambda: view.mode == "hinting")
        type_ahead(app, modifier)
        await pilot.pause(0.1)
        assert view.mode == "hinting"


async def test_keys_typed_ahead_act_on_the_rows_that_they_reach(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """Three `d` at once delete three rows, one after the other, and never one twice."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        first = [entry_at(entries, row).id for row in range(3)]
        type_ahead(app, "d", "d", "d")
        await until(pilot, lambda: len(entries.entries) == 6)
        assert [entry.id for entry in backend.held.values() if entry.trashed] == first


async def test_keys_typed_ahead_wait_for_the_text_that_they_mean(
    app: ReaderApp, backend: MemoryBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`]` and `d` at once delete the next article, which is on the screen by then."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        first, second = entry_at(entries, 0), entry_at(entries, 1)
        await press(pilot, "enter")
        view = app.screen.query_one(ArticleView)
        await until(pilot, lambda: bool(view.article and view.article.id == first.id))
        go, load = Event(), backend.article

        def load_slowly(entry_id: EntryId) -> ShownArticle:
            go.wait(5)
            return load(entry_id)

        monkeypatch.setattr(backend, "article", load_slowly)
        type_ahead(app, "right_square_bracket", "d")
        await pilot.pause(0.2)
        assert not any(entry.trashed for entry in backend.held.values())
        go.set()
        await until(pilot, lambda: backend.held[second.id].trashed)
        assert not backend.held[first.id].trashed


async def test_a_text_that_is_not_shown_yet_is_not_acted_on(
    app: ReaderApp, backend: MemoryBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the text takes longer than keys wait, they act on nothing rather than unseen."""
    monkeypatch.setattr("reader.ui.key_queue.MAX_HOLD", 0.1)
    monkeypatch.setattr("reader.ui.app.MAX_HOLD", 0.1)
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        go, load = Event(), backend.article

        def load_slowly(entry_id: EntryId) -> ShownArticle:
            go.wait(5)
            return load(entry_id)

        monkeypatch.setattr(backend, "article", load_slowly)
        type_ahead(app, "j", "enter", "d")
        await pilot.pause(0.4)
        go.set()
        await pilot.pause(0.2)
        assert not any(entry.trashed for entry in backend.held.values())


async def test_opening_a_preview_that_is_loading_reads_the_right_text(
    app: ReaderApp, backend: MemoryBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`enter` before the preview is there opens that article, not the one still shown."""
    async with app.run_test(size=(120, 14)) as pilot:
        entries = await opened(pilot)
        view = app.screen.query_one(ArticleView)
        await until(pilot, lambda: view.article is not None)
        second = entry_at(entries, 1)
        go, asked, load = Event(), Event(), backend.article

        def load_slowly(entry_id: EntryId) -> ShownArticle:
            asked.set()
            go.wait(5)
            return load(entry_id)

        monkeypatch.setattr(backend, "article", load_slowly)
        await press(pilot, "j")
        await until(pilot, asked.is_set)
        type_ahead(app, "enter")
        await pilot.pause(0.1)
        go.set()
        await until(pilot, lambda: bool(view.article and view.article.id == second.id))
        await press(pilot, "j", "j", "j", "h", "j")
        await until(pilot, lambda: bool(backend.positions))
        assert set(backend.positions) == {second.id}


@pytest.mark.parametrize("key", ["enter", "r", "s", "e", "t", "d", "o", "y", "i", "F", "R", "P"])
async def test_a_key_without_an_article_says_so(app: ReaderApp, key: str) -> None:
    """Commands on an article answer in an empty list too."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "/", *"is:trashed", "enter")
        await until(pilot, lambda: len(entries.entries) == 0)
        await press(pilot, key)
        assert "The list is empty." in screen_text(app)


@pytest.mark.parametrize("key", ["space", "-", "M"])
async def test_a_key_for_tags_says_so_at_a_view(app: ReaderApp, key: str) -> None:
    """Views are lines of the same pane, and cannot be required, excluded or merged."""
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "1", key)
        assert "Inbox is not a tag." in screen_text(app)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("n", "No words are marked in this text. / finds some."),
        ("N", "No words are marked in this text. / finds some."),
        ("backspace", "No earlier position."),
        (">", "No wide table on screen."),
        ("<", "No wide table on screen."),
    ],
)
async def test_a_key_without_a_target_in_the_text_says_so(
    app: ReaderApp, key: str, said: str
) -> None:
    """No match, no jump and no table: the key answers all the same."""
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "enter", key)
        assert said in screen_text(app)
