"""Dialogs answer once, and what reaches them too late is for nobody."""

import html
import re
from collections.abc import Callable
from functools import partial

import pytest
from textual import events
from textual.color import Color
from textual.widgets import Input, OptionList, Static

from reader.model.article import Related
from reader.model.labels import HighlightLabel
from reader.services.notebook import article_note
from reader.settings import Settings
from reader.ui.app import FEW_COLORS, ReaderApp
from reader.ui.backend import ArticleDetails
from reader.ui.dialogs.add import AddDialog
from reader.ui.dialogs.details import DetailsDialog
from reader.ui.dialogs.dialog import Dialog
from reader.ui.dialogs.label_editor import LabelDialog
from reader.ui.dialogs.note_editor import NoteDialog
from reader.ui.dialogs.notebook import NotebookDialog
from reader.ui.dialogs.path_prompt import PathPrompt
from reader.ui.dialogs.picker import PickerDialog, Row
from reader.ui.dialogs.prompt import PromptDialog
from reader.ui.dialogs.tag_editor import TagEdit, TagEditor
from reader.ui.keymap import Keymap
from reader.ui.themes import INK
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.scroll_thumb import thumb_rows
from reader.ui.widgets.sidebar import Sidebar
from tests.ui.conftest import press, screen_text, until
from tests.ui.memory_backend import MemoryBackend, sample
from tests.ui.test_main_screen import opened


@pytest.mark.parametrize("keys", [("enter", "enter"), ("escape", "escape"), ("enter", "escape")])
async def test_two_answers_at_once_are_one(app: ReaderApp, keys: tuple[str, str]) -> None:
    """The second one closes no other screen, and nothing breaks."""
    answers: list[object] = []
    async with app.run_test() as pilot:
        dialog = TagEditor(TagEdit(("sea",), ("sea", "shore")))
        await app.push_screen(dialog, answers.append)
        field = dialog.query_one(Input)
        for key in keys:
            if key == "enter":
                field.post_message(Input.Submitted(field, field.value))
            else:
                dialog.call_later(dialog.action_cancel)
        await until(pilot, lambda: dialog not in app.screen_stack)
        await pilot.pause()
        assert len(app.screen_stack) == 1
    assert len(answers) == 1


@pytest.mark.parametrize(
    "dialog",
    [TagEditor(TagEdit((), ())), NoteDialog("A title", ""), PromptDialog("Name")],
    ids=lambda dialog: type(dialog).__name__,
)
async def test_a_paste_brings_no_control_characters(
    app: ReaderApp, dialog: TagEditor | NoteDialog | PromptDialog
) -> None:
    """Text fields draw what they hold, and terminals obey controls and overrides."""
    async with app.run_test() as pilot:
        await app.push_screen(dialog)
        app.post_message(events.Paste("sea\u202e\u009b31m\x1b]0;x\x07\u2066 shore"))
        name = "text" if isinstance(dialog, NoteDialog) else "value"
        field = dialog.query_one("Input, TextArea")
        await until(pilot, lambda: "shore" in getattr(field, name))
        assert getattr(field, name) == "sea31m]0;x shore"


async def test_suggestions_that_come_too_late_are_dropped(app: ReaderApp) -> None:
    """Tags that were looked for in the background may arrive while the dialog is taken apart."""
    async with app.run_test() as pilot:
        dialog = TagEditor(TagEdit((), ("sea",)))
        await app.push_screen(dialog)
        dialog.dismiss(None)
        dialog.suggest(["harbour"])
        await until(pilot, lambda: not dialog.children)
        dialog.suggest(["quay"])
        dialog.post_message(Input.Changed(Input(), "se"))
        await pilot.pause()


async def test_typing_that_comes_too_late_narrows_nothing(app: ReaderApp) -> None:
    """A list to pick from may hear of letters after its answer."""
    async with app.run_test() as pilot:
        dialog = PickerDialog("Pick", [Row("one", 1), Row("two", 2)])
        await app.push_screen(dialog)
        field = dialog.query_one(Input)
        dialog.dismiss(None)
        await until(pilot, lambda: not dialog.children)
        dialog._on_filter(Input.Changed(field, "tw"))


async def test_only_so_many_rows_are_put_up(app: ReaderApp) -> None:
    """Thousands of tags open at once; the rest is counted, and found by typing."""
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: "A field guide" in painted(app))
        dialog = PickerDialog("Pick", [Row(f"row {number}", number) for number in range(5000)])
        await app.push_screen(dialog)
        options = dialog.query_one(OptionList)
        said = dialog.query_one(".dialog-empty", Static)
        assert options.option_count < 1000
        assert str(said.render()) == f"and {5000 - options.option_count:,} more"
        await until(pilot, lambda: isinstance(app.focused, Input))
        await press(pilot, *"4999")
        await until(pilot, lambda: options.option_count == 1)
        assert not said.display


async def test_a_dialog_over_a_dialog_shows_both_and_the_screen(app: ReaderApp) -> None:
    """What is below is drawn through all of them, and what has changed when the last one is gone."""
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: "A field guide" in painted(app))
        await app.push_screen(PickerDialog("First", [Row("one", 1)]))
        await until(pilot, lambda: "First" in painted(app))
        assert "A field guide" in painted(app)
        second = PickerDialog("Second", [Row("two", 2), Row("three", 3)])
        await app.push_screen(second)
        await until(pilot, lambda: "Second" in painted(app))
        assert "A field guide" in painted(app)
        app.screen_stack[0].query_one("#list-pane").display = False
        second.dismiss(None)
        await until(pilot, lambda: "A field guide" not in painted(app) and "First" in painted(app))


async def test_what_changes_below_while_a_dialog_opens_is_shown(app: ReaderApp) -> None:
    """Between the picture of the screen below and the first drawing nothing is lost."""
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: "A field guide" in painted(app))
        dialog = PickerDialog("Pick", [Row("one", 1)])
        pushed = app.push_screen(dialog)
        await until(pilot, lambda: dialog._backdrop is not None)
        app.screen_stack[0].query_one("#list-pane").display = False
        await pushed
        await until(pilot, lambda: "Pick" in painted(app) and "A field guide" not in painted(app))


def painted(app: ReaderApp) -> str:
    """All that is on the screen, drawn through every dialog."""
    shown = re.sub(r"<[^>]+>", " ", app.export_screenshot())
    return html.unescape(shown).replace("\xa0", " ")


async def test_help_has_the_keys_of_a_list_and_the_mouse(app: ReaderApp) -> None:
    """`G` shows the end with the mouse, `g` the keys of the focused pane, `/` filters."""
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: "A field guide" in painted(app))
        await press(pilot, "question_mark")
        await until(pilot, lambda: "Next row." in painted(app))
        await press(pilot, "G")
        await until(pilot, lambda: "double click" in painted(app))
        await press(pilot, "g")
        await until(pilot, lambda: "Next row." in painted(app))
        await press(pilot, "slash", *"trash")
        await until(pilot, lambda: "Move to the trash." in painted(app))
        assert "Next row." not in painted(app)


async def test_help_has_two_columns_where_there_is_room(app: ReaderApp) -> None:
    """On a wide screen sections stand beside each other; below 150 columns under each other."""
    async with app.run_test(size=(170, 50)) as pilot:
        await until(pilot, lambda: "A field guide" in painted(app))
        await press(pilot, "question_mark")
        await until(
            pilot, lambda: "Scroll down" in painted(app) or "One line down." in painted(app)
        )
        first, second = app.screen.query(".help-column").results()
        assert first.region.y == second.region.y
        assert first.region.right <= second.region.x
        await pilot.resize_terminal(120, 30)
        await until(pilot, lambda: first.region.x == second.region.x)


@pytest.mark.parametrize(
    ("height", "lines", "offset", "rows"),
    [
        (10, 10, 0, range(0)),
        (10, 100, 0, range(1)),
        (10, 100, 1, range(1, 2)),
        (10, 100, 89, range(8, 9)),
        (10, 100, 90, range(9, 10)),
        (10, 20, 5, range(2, 7)),
        (2, 100, 0, range(0)),
    ],
)
def test_the_thumb_is_at_an_end_only_at_the_end(
    height: int, lines: int, offset: int, rows: range
) -> None:
    assert thumb_rows(height, lines, offset) == rows


async def test_a_list_that_does_not_fit_shows_its_position(backend: MemoryBackend) -> None:
    """The mark is at the right edge of list and tags, and moves with them."""
    many = MemoryBackend(sample(60))
    many.tag([next(iter(many.held))], [f"tag{number}" for number in range(60)], [])
    app = ReaderApp(lambda: many, Settings())
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: "A field guide" in painted(app))
        entries, tree = app.screen.query_one(EntryList), app.screen.query_one(Sidebar)
        await until(pilot, lambda: tree.virtual_size.height > 60)

        def marked(widget: EntryList | Sidebar) -> list[int]:
            height = widget.size.height
            return [y for y in range(height) if widget.render_line(y).text.endswith("▕")]

        assert marked(entries)[0] == marked(tree)[0] == 0
        await press(pilot, "G")
        await until(pilot, lambda: marked(entries)[-1] == entries.size.height - 1)
        await press(pilot, "1", "G")
        await until(pilot, lambda: marked(tree)[-1] == tree.size.height - 1)


@pytest.mark.parametrize("size", [(60, 18), (40, 12), (120, 40)])
@pytest.mark.parametrize("key", ["ctrl+p", "T", "i", "t", "a", "I", "question_mark", "H"])
async def test_the_keys_of_a_dialog_are_on_the_screen(
    app: ReaderApp, size: tuple[int, int], key: str
) -> None:
    """However low the screen is: lists and texts scroll instead."""
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "Why the ferry" in painted(app))
        await press(pilot, key)
        await until(pilot, lambda: app.screen.is_modal)
        await until(pilot, lambda: bool(app.screen.query(".dialog-keys")))
        await pilot.pause(0.1)
        box = app.screen.query_one(".dialog").region
        keys = app.screen.query_one(".dialog-keys").region
        assert keys.height >= 1
        assert keys.bottom <= box.bottom <= size[1]


@pytest.mark.parametrize("size", [(200, 50), (120, 40), (90, 28), (60, 20)])
async def test_every_row_of_a_list_has_its_side_at_the_right(
    app: ReaderApp, size: tuple[int, int]
) -> None:
    """The scroll bar takes no cell of the text, in the first list and after the filter."""
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        rows = [Row(f"Command {number}", number, f"k{number}") for number in range(60)]
        await app.push_screen(PickerDialog("Pick", rows))
        for typed in (*"mand", "backspace", "backspace", "backspace", "backspace"):
            await until(pilot, lambda: "Command 0" in screen_text(app))
            lines = [line for line in screen_text(app).splitlines() if "Command " in line]
            assert len(lines) >= 8
            assert all(re.search(r"Command (\d+) +k\1\b", line) for line in lines)
            await press(pilot, typed)


async def test_a_filter_moves_neither_field_nor_keys(app: ReaderApp) -> None:
    """However few rows are left, the dialog keeps its place while the user types."""
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        dialog = PickerDialog("Pick", [Row(f"row {number}", number) for number in range(60)])
        await app.push_screen(dialog)
        await until(pilot, lambda: dialog.query_one(".dialog").region.height == 28)
        before = dialog.query_one(".dialog").region
        for typed in "1", "1", "x":
            await press(pilot, typed)
            await pilot.pause()
            assert dialog.query_one(".dialog-keys").region.y == before.bottom - 2
            assert dialog.query_one(".dialog").region.y == before.y


async def test_keys_of_a_dialog_break_between_hints(app: ReaderApp) -> None:
    """No key stands on one line and its effect on the next."""
    async with app.run_test(size=(90, 28)) as pilot:
        await opened(pilot)
        dialog = PickerDialog("Pick", [Row("one", 1)])
        dialog.key_hints = tuple((f"k{n}", f"does {n}") for n in range(20))
        await app.push_screen(dialog)
        hints = [f"k{n} does {n}" for n in range(20)]
        await until(pilot, lambda: all(hint in screen_text(app) for hint in hints))


def is_shown(app: ReaderApp, text: str) -> bool:
    return text in screen_text(app)


def details(summary: int, related: int) -> DetailsDialog:
    """Details with that many lines of summary, and related articles."""
    linked = [Related(f"Related {n}", "The Harbour Post") for n in range(related)]
    text = "\n".join(f"line {n}" for n in range(summary))
    facts = (("site", "Daybreak"),)
    return DetailsDialog(ArticleDetails("A title", facts, text, linked), Keymap(Settings()))


@pytest.mark.parametrize("size", [(200, 50), (120, 40), (90, 28), (60, 20)])
async def test_details_open_with_their_facts(app: ReaderApp, size: tuple[int, int]) -> None:
    """The first line is on the screen, and no key acts on a related article that is not."""
    answers: list[object] = []
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await app.push_screen(details(30, 8), answers.append)
        await until(pilot, lambda: "Daybreak" in screen_text(app))
        await pilot.pause()
        if "Related 0" not in screen_text(app):
            await press(pilot, "enter")
            assert not answers
        for number in range(8):
            while app.screen.query_one(OptionList).highlighted != number:
                await press(pilot, "j")
            text = f"Related {number}"
            await until(pilot, partial(is_shown, app, text))
        for _ in range(60):
            await press(pilot, "k")
        assert "Daybreak" in screen_text(app)
        assert not answers


async def test_details_that_fit_open_on_the_first_related_article(app: ReaderApp) -> None:
    answers: list[object] = []
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await app.push_screen(details(2, 2), answers.append)
        await until(pilot, lambda: app.screen.query_one(OptionList).highlighted == 0)
        await press(pilot, "j", "enter")
        await until(pilot, lambda: bool(answers))
        assert answers == [("open", Related("Related 1", "The Harbour Post"))]


async def test_help_names_commands_without_a_key(app: ReaderApp) -> None:
    """They are run by name; the filter also finds the mouse and the way to change keys."""
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "A field guide" in painted(app))
        await press(pilot, "question_mark", "slash", *"synchronise")
        await until(pilot, lambda: "ctrl+p by name" in painted(app))
        app.screen.query_one(Input).value = "change key"
        await until(pilot, lambda: "A command of ctrl+p" in painted(app))
        app.screen.query_one(Input).value = "wheel"
        await until(pilot, lambda: "Scroll." in painted(app))
        assert "A command of ctrl+p" not in painted(app)


async def test_commands_are_found_by_what_they_do(app: ReaderApp) -> None:
    """The palette looks into the help, too; titles that have the words come first."""
    async with app.run_test(size=(90, 28)) as pilot:
        await until(pilot, lambda: "A field guide" in painted(app))
        await press(pilot, "ctrl+p", *"export")
        await until(pilot, lambda: "Open the notebook of highlights" in painted(app))
        lines = screen_text(app)
        assert lines.index("Export articles") < lines.index("Open the notebook")


async def test_settings_are_found_by_name(app: ReaderApp) -> None:
    """The palette says where keys and settings are changed, and copies the path."""
    async with app.run_test(size=(90, 28)) as pilot:
        await until(pilot, lambda: "A field guide" in painted(app))
        await press(pilot, "ctrl+p", *"change keys", "enter")
        await until(pilot, lambda: "config.toml" in painted(app))
        assert "[keys]" in painted(app)


@pytest.mark.parametrize(
    "dialog",
    [
        lambda: PickerDialog("Pick", [Row("one", 1), Row("two", 2)]),
        lambda: details(2, 2),
        lambda: TagEditor(TagEdit((), ("sea", "shore"))),
        lambda: NotebookDialog("Highlights", [article_note(sample(1)[0], "a note")], print),
    ],
    ids=["picker", "details", "tags", "notebook"],
)
async def test_few_colours_show_the_frame_and_the_cursor(
    app: ReaderApp, dialog: Callable[[], Dialog[object]]
) -> None:
    """Without shades a dialog has a line around it, and its cursor's row has other colours."""
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        app.add_class(FEW_COLORS)
        await app.push_screen(dialog())
        await until(pilot, lambda: "+--------" in screen_text(app))
        options = app.screen.query_one(OptionList)
        style = options.get_visual_style("option-list--option", "option-list--option-highlighted")
        plain = options.get_visual_style("option-list--option")
        assert style.foreground == Color.parse(str(INK.background))
        assert style.background == plain.foreground


async def test_a_picker_without_rows_names_only_the_way_back(app: ReaderApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(PickerDialog("Similar tags", [], answer="merge", empty="None found."))
        await until(pilot, lambda: "None found." in painted(app))
        assert "merge" not in painted(app)
        assert "choose" not in painted(app)


@pytest.mark.parametrize("size", [(60, 20), (60, 14), (40, 12)])
async def test_a_long_quote_leaves_the_keys_on_the_screen(
    app: ReaderApp, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await app.push_screen(LabelDialog(HighlightLabel(), ["to check"], "A long quote. " * 30))
        await until(pilot, lambda: "yellow" in painted(app))
        await until(pilot, lambda: "esc" in screen_text(app))


async def test_a_view_stands_above_the_command_that_empties_it(app: ReaderApp) -> None:
    """`trash` and `enter` show the trash; the name of a view or tag ranks like a command's."""
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: "A field guide" in painted(app))
        await press(pilot, "ctrl+p", *"trash")
        picker = app.screen
        assert isinstance(picker, PickerDialog)
        await until(pilot, lambda: bool(picker.current and picker.current.label == "Go to Trash"))


@pytest.mark.parametrize("columns", [60, 76, 120])
async def test_help_uses_the_width_of_its_dialog(app: ReaderApp, columns: int) -> None:
    async with app.run_test(size=(columns, 40)) as pilot:
        await press(pilot, "question_mark")
        await until(pilot, lambda: "Next row." in painted(app))
        longest = max(len(line.strip("│ ")) for line in screen_text(app).splitlines()[4:30])
        assert longest >= min(76, int(columns * 0.94)) - 16


@pytest.mark.parametrize(("hint", "is_done"), [("y", True), ("esc", False)])
async def test_a_click_on_a_hint_presses_its_key(
    app: ReaderApp, backend: MemoryBackend, hint: str, is_done: bool
) -> None:
    """The whole way to delete and restore goes by mouse: from the footer to the palette."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await until(pilot, lambda: "ctrl+p commands" in screen_text(app))
        await pilot.click(
            "StatusLine", offset=(screen_text(app).splitlines()[-1].index("ctrl+p"), 0)
        )
        await until(pilot, lambda: app.screen.is_modal)
        await press(pilot, *"delete", "enter")
        await until(pilot, lambda: len(entries.entries) == 8)
        await press(pilot, "X")
        await until(pilot, lambda: "Empty the trash" in screen_text(app))
        line = next(n for n, text in enumerate(screen_text(app).splitlines()) if "y delete" in text)
        column = screen_text(app).splitlines()[line].index(f"{hint} ")
        await pilot.click(offset=(column, line))
        await until(pilot, lambda: not app.screen.is_modal)
        await until(pilot, lambda: any(each.trashed for each in backend.held.values()) != is_done)


@pytest.mark.parametrize(
    ("dialog", "pasted", "value"),
    [
        (TagEditor(TagEdit((), ())), "sea\r\nto check\n", "sea, to check"),
        (PromptDialog("Name"), "\n\n two\n lines \n", "two lines"),
        (PickerDialog("Pick", [Row("two lines", 1)]), "two\nlines", "two lines"),
        (
            AddDialog(),
            "\nhttps://a.example/\nhttps://b.example/",
            "https://a.example/ https://b.example/",
        ),
        (PathPrompt("Export", value=""), "~/a file.md\n", "~/a file.md"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Dialog) else "",
)
async def test_every_line_of_a_paste_is_taken(
    app: ReaderApp, dialog: Dialog[object], pasted: str, value: str
) -> None:
    async with app.run_test() as pilot:
        await app.push_screen(dialog)
        await until(pilot, lambda: isinstance(app.focused, Input))
        app.post_message(events.Paste(pasted))
        await until(pilot, lambda: dialog.query(Input).first().value == value)
