"""The notebook: whole quotes, a filter, and what is done with them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

import pytest
from textual.widgets import Input, OptionList, Static, TextArea

from reader.layout.document import ShownArticle
from reader.model.entry import EntryId
from reader.model.errors import ExchangeError
from reader.model.highlight import Highlight
from reader.model.labels import HighlightLabel
from reader.model.query import Query, TextTerm, parse
from reader.services.notebook import (
    EntryHighlight,
    article_note,
    by_date,
    describe_marks,
    export_highlights,
    filter_highlights,
    format_markdown,
)
from reader.settings import Settings
from reader.ui.app import ReaderApp
from reader.ui.controllers.annotations import ALL_HIGHLIGHTS
from reader.ui.dialogs.label_editor import LabelDialog
from reader.ui.dialogs.note_editor import NoteDialog
from reader.ui.dialogs.notebook import NotebookDialog
from reader.ui.dialogs.path_prompt import PathPrompt
from reader.ui.screens.main import MainScreen
from reader.ui.widgets.article_view import ArticleView
from tests.ui.conftest import press, screen_text, until
from tests.ui.memory_backend import MemoryBackend, sample
from tests.ui.test_main_screen import opened

LONG = (
    "The first thing one notices about the crossing is how little of it is about speed. "
    "The bridge, opened with bands and bunting eleven years ago, takes four minutes."
)
SHORT = "Planners count minutes because minutes are easy to count."
BUS = "The bus does not wait"


@pytest.fixture
def backend() -> MemoryBackend:
    """Three highlights in two articles."""
    backend = MemoryBackend(sample())
    first, second = list(backend.held)[:2]
    backend.highlighted = {
        first: (
            Highlight("h1", LONG, at="2026-03-01T08:00:00Z", note="about ferries\nand time"),
            Highlight("h2", SHORT, at="2026-03-03T08:00:00Z"),
        ),
        second: (Highlight("h3", BUS, at="2026-03-02T08:00:00Z", note="zanzibar"),),
    }
    return backend


@pytest.fixture
def app(backend: MemoryBackend) -> ReaderApp:
    return ReaderApp(lambda: backend, Settings())


def marks_of(backend: MemoryBackend) -> list[EntryHighlight]:
    return [
        EntryHighlight(backend.held[e], h)
        for e, marks in backend.highlighted.items()
        for h in marks
    ]


def shown_text(app: ReaderApp) -> str:
    """The words on the screen, with single spaces."""
    return " ".join(screen_text(app).split())


def is_open(app: ReaderApp, text: str = "") -> Callable[[], bool]:
    return lambda: isinstance(app.screen, NotebookDialog) and text in shown_text(app)


async def test_quotes_are_whole_and_grouped(app: ReaderApp) -> None:
    """By article, or with `s` by date; the title counts."""
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "H")
        await until(pilot, is_open(app, "1 of 3"))
        text = shown_text(app)
        for words in ("takes four minutes.", "about ferries", "and time", SHORT, "zanzibar"):
            assert words in text
        assert text.index(LONG[:20]) < text.index(SHORT) < text.index(BUS)
        await press(pilot, "s")
        await until(pilot, is_open(app, "by article"))
        text = shown_text(app)
        assert text.index(SHORT) < text.index(BUS) < text.index(LONG[:20])
        assert "2026-03-02" in text


async def test_the_filter_follows_typing(app: ReaderApp) -> None:
    """It finds words of quote, note and title; escape clears it before it closes."""
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "H")
        await until(pilot, is_open(app, "1 of 3"))
        await press(pilot, "slash", *"zanz")
        await until(pilot, is_open(app, "1 of 1 of 3"))
        assert SHORT not in shown_text(app)
        await press(pilot, "escape")
        await until(pilot, is_open(app, "of 3"))
        await until(pilot, is_open(app, SHORT))
        await press(pilot, "escape")
        await until(pilot, lambda: not app.screen.is_modal)


async def test_a_note_is_edited_and_the_notebook_comes_back(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """After saving and after going back the same highlight is under the cursor."""
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "H")
        await until(pilot, is_open(app, "1 of 3"))
        await press(pilot, "j", "c")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        app.screen.query_one(TextArea).text = "mine"
        await press(pilot, "enter")
        await until(pilot, is_open(app, "2 of 3"))
        assert "▎ mine" in shown_text(app)
        assert {h.note for h in backend.highlighted[next(iter(backend.held))]} == {
            "about ferries\nand time",
            "mine",
        }
        await press(pilot, "c")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        await press(pilot, "escape")
        await until(pilot, is_open(app, "of 3"))


async def test_a_highlight_is_deleted_copied_and_opened(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "H")
        await until(pilot, is_open(app, "1 of 3"))
        await press(pilot, "y")
        await until(
            pilot, lambda: any(a.startswith("copy “The first thing") for a in backend.asked)
        )
        await press(pilot, "d")
        await until(pilot, is_open(app, "1 of 2"))
        assert [h.id for h in backend.highlighted[next(iter(backend.held))]] == ["h2"]
        await press(pilot, "enter")
        view = app.screen_stack[0].query_one(ArticleView)
        await until(pilot, lambda: not app.screen.is_modal and view.has_focus)
        await until(pilot, lambda: bool(view.article) and SHORT[:22] in shown_text(app))


async def test_a_change_while_an_article_opens_keeps_the_place_to_go_to(
    app: ReaderApp, backend: MemoryBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text is read again, and is still opened for reading at the highlight."""
    may_read, read = Event(), backend.article

    def read_later(entry_id: EntryId) -> ShownArticle:
        may_read.wait()
        return read(entry_id)

    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        assert isinstance(app.screen, MainScreen)
        assert app.screen._controllers is not None
        controller = app.screen._controllers.article
        entry = next(iter(backend.held.values()))
        monkeypatch.setattr(backend, "article", read_later)
        controller.open(entry, Highlight("h2", SHORT, at="2026-03-03T08:00:00Z"))
        controller._show_again(entry)
        may_read.set()
        await until(pilot, lambda: controller.is_open)
        assert SHORT[:22] in shown_text(app)


async def test_what_is_shown_is_exported(
    app: ReaderApp, backend: MemoryBackend, tmp_path: Path
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "H")
        await until(pilot, is_open(app, "1 of 3"))
        await press(pilot, "slash", *"zanz", "enter", "x")
        await until(pilot, lambda: isinstance(app.screen, PathPrompt))
        app.screen.query_one(Input).value = str(tmp_path / "notes.md")
        await press(pilot, "enter")
        await until(pilot, lambda: bool(backend.exported_highlights))
        path, marks = backend.exported_highlights[0]
        assert path == str(tmp_path / "notes.md")
        assert [mark.highlight.id for mark in marks] == ["h3"]
        await until(pilot, is_open(app, "zanz"))


async def test_an_empty_notebook_says_what_to_do(app: ReaderApp, backend: MemoryBackend) -> None:
    backend.highlighted.clear()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "H")
        await until(pilot, is_open(app, "press v to select"))
        await press(pilot, "enter", "d", "c", "s", "y", "G", "g")
        assert app.screen.query_one(OptionList).option_count == 0
        assert isinstance(app.screen.query_one(".dialog-empty"), Static)


def test_highlights_are_filtered_ordered_and_written(
    backend: MemoryBackend, tmp_path: Path
) -> None:
    """Words stand in any field; the file appears whole, as Markdown or as CSV."""
    marks = marks_of(backend)
    assert [m.highlight.id for m in filter_highlights(marks, "FERRIES time")] == ["h1"]
    assert [m.highlight.id for m in filter_highlights(marks, "#terminals")] == ["h3"]
    assert len(filter_highlights(marks, " ")) == 3
    assert [m.highlight.id for m in by_date(marks)] == ["h2", "h3", "h1"]
    text = format_markdown(marks)
    assert text.count("## ") == 2
    assert f"> {SHORT}" in text
    assert "about ferries\nand time" in text
    assert export_highlights(marks, tmp_path) == tmp_path / "highlights.md"
    assert (tmp_path / "highlights.md").read_text() == text
    table = export_highlights(marks, tmp_path / "all.csv").read_text()
    assert table.splitlines()[0].startswith("Highlight,Title")
    with pytest.raises(ExchangeError):
        export_highlights(marks, tmp_path / "none" / "x.md")


def test_a_quote_with_sequences_is_written_clean(backend: MemoryBackend) -> None:
    entry = next(iter(backend.held.values()))
    hostile = entry._replace(title="a\x1b]0;x\x07b\n# c")
    mark = EntryHighlight(hostile, Highlight("h", "q\x1b[31m\n> r", note="\x07n"))
    text = format_markdown([mark])
    assert "\x1b" not in text
    assert "\x07" not in text
    assert text.splitlines()[0].startswith("## a")
    assert EntryId(entry.id)


async def test_labels_are_given_and_found(app: ReaderApp, backend: MemoryBackend) -> None:
    """A digit gives a colour, `L` asks for a label, and the filter finds both."""
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "H")
        await until(pilot, is_open(app, "1 of 3"))
        await press(pilot, "6")
        await until(pilot, is_open(app, " red "))
        await press(pilot, "L")
        await until(pilot, lambda: isinstance(app.screen, LabelDialog))
        app.screen.query_one(Input).value = "blue why"
        await press(pilot, "enter")
        await until(pilot, is_open(app, "blue #why"))
        (first, _), (third,) = backend.highlighted.values()
        first = next(h for marks in backend.highlighted.values() for h in marks if h.id == "h1")
        assert (first.color, first.label) == ("blue", "why")
        assert (third.color, third.label) == ("", "")
        await press(pilot, "slash", *"#why")
        await until(pilot, is_open(app, "1 of 1 of 3"))


async def test_the_menu_of_labels(app: ReaderApp) -> None:
    """Colours and known words are offered; the last row removes the label."""
    got: list[HighlightLabel | None] = []
    async with app.run_test(size=(90, 40)) as pilot:
        await opened(pilot)
        for known, keys, wanted in (
            (HighlightLabel(), ("down", "enter"), HighlightLabel("green")),
            (HighlightLabel(), (*"wh", "down", "enter"), HighlightLabel("", "why not")),
            (HighlightLabel(), (*"red wh", "enter"), HighlightLabel("red", "wh")),
            (HighlightLabel("red", "idea"), ("up", "enter"), HighlightLabel()),
            (HighlightLabel("red", "idea"), ("enter",), HighlightLabel("red", "idea")),
            (HighlightLabel("red", "idea"), ("escape",), None),
        ):
            got.clear()
            dialog = LabelDialog(known, ["red", "why not"], "quote")
            app.push_screen(dialog, got.append)
            await until(pilot, lambda: _is_filled(app))
            await press(pilot, *("space" if key == " " else key for key in keys))
            await until(pilot, lambda: bool(got))
            assert got == [wanted], keys


def _is_filled(app: ReaderApp) -> bool:
    """Return whether the dialog shows its list of labels."""
    lists = app.screen.query(OptionList) if isinstance(app.screen, LabelDialog) else ()
    return any(each.option_count for each in lists)


async def test_notes_on_articles_stand_in_the_notebook(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """A note on a whole article is found, edited, opened and deleted like a highlight."""
    first = next(iter(backend.held))
    backend.notes[first] = "okapi in a nutshell"
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "H")
        await until(pilot, is_open(app, "1 of 4"))
        assert "Note on the article" in shown_text(app)
        await press(pilot, "slash", *"okapi", "enter")
        await until(pilot, is_open(app, "1 of 1 of 4"))
        await press(pilot, "c")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        app.screen.query_one(TextArea).text = "okapi, twice"
        await press(pilot, "enter")
        await until(pilot, is_open(app, "okapi, twice"))
        assert backend.notes[first] == "okapi, twice"
        await press(pilot, "L")
        await until(pilot, is_open(app, "Only highlights have labels"))
        await press(pilot, "d")
        await until(pilot, is_open(app, "No highlight or note has these words"))
        assert backend.notes[first] == ""


async def test_a_note_on_an_article_opens_it(app: ReaderApp, backend: MemoryBackend) -> None:
    backend.highlighted.clear()
    last = list(backend.held)[-1]
    backend.notes[last] = "okapi"
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "H")
        await until(pilot, is_open(app, "1 of 1"))
        await press(pilot, "enter")
        view = app.screen_stack[0].query_one(ArticleView)
        await until(pilot, lambda: view.article is not None and view.article.id == last)
        assert not app.screen.is_modal


def test_notes_on_articles_are_exported(backend: MemoryBackend, tmp_path: Path) -> None:
    """Markdown has them below the title; Readwise's CSV has no place for them."""
    entry = next(iter(backend.held.values()))
    marks = [article_note(entry, "okapi"), *marks_of(backend)]
    text = export_highlights(marks, tmp_path / "all.md").read_text()
    assert text.index("okapi") < text.index(LONG)
    assert "> \n" not in text
    assert "okapi" not in export_highlights(marks, tmp_path / "all.csv").read_text()
    assert describe_marks(marks) == "3 highlights and 1 note"
    assert describe_marks(marks[:1]) == "1 note"
    assert describe_marks([]) == "0 highlights"


async def test_the_notebook_is_never_empty_while_there_are_highlights(
    backend: MemoryBackend,
) -> None:
    """A list without highlights, and an open article that has left the list, lead to all of them."""
    first, second, *_ = backend.held
    mark = Highlight("h1", "A quote of the first.", at="2026-03-01T08:00:00Z")
    backend.held[first] = backend.held[first]._replace(highlights=1)
    everything = [EntryHighlight(backend.held[first], mark)]
    listed = [
        EntryHighlight(backend.held[second], Highlight("h2", "Of the second.", at="2026-03-02"))
    ]
    answers = {"all": [*everything, *listed], "list": []}

    def highlights(query: Query) -> Sequence[EntryHighlight]:
        return answers["all" if query == parse(ALL_HIGHLIGHTS) else "list"]

    backend.highlights = highlights  # type: ignore[method-assign]
    app = ReaderApp(lambda: backend, Settings())
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "H")
        await until(pilot, lambda: "Highlights: all" in screen_text(app))
        assert "A quote of the first." in screen_text(app)
        await press(pilot, "escape")
        answers["list"] = listed
        await press(pilot, "H")
        await until(pilot, lambda: "Highlights: Inbox" in screen_text(app))
        await press(pilot, "escape", "enter", "H")
        await until(pilot, lambda: "A quote of the first." in screen_text(app))


async def test_a_hit_in_a_note_opens_at_its_highlight(backend: MemoryBackend) -> None:
    first = next(iter(backend.held))
    paragraphs = [f"Paragraph {number} of a long text." for number in range(200)]
    backend.bodies[first] = "\n\n".join(paragraphs)
    mark = Highlight("h1", "Paragraph 150 of a long text.", note="about zanzibar", start=4_000)
    backend.highlighted[first] = (mark,)
    app = ReaderApp(lambda: backend, Settings())
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        app.screen._controllers.context.state.words = (TextTerm("zanzibar"),)  # type: ignore[attr-defined]
        await press(pilot, "enter")
        await until(pilot, lambda: "Paragraph 150" in screen_text(app))
