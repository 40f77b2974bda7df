"""One Add for everything, and the trash in the app."""

from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from reader import paths
from reader.model.errors import SourceError
from reader.model.query import parse
from reader.services.add_plan import CONFIRM_FROM, AddKind, plan_add
from reader.services.workspace import Workspace
from reader.settings import Settings
from reader.ui.app import ReaderApp
from reader.ui.dialogs.add import AddDialog
from reader.ui.library_backend import LibraryBackend
from tests.ui.conftest import until
from tests.ui.memory_backend import MemoryBackend
from tests.ui.test_main_screen import opened, press, screen_text


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("https://example.org/a", ["https://example.org/a"]),
        ("example.org/a", ["https://example.org/a"]),
        ("example.org", ["https://example.org"]),
        (
            "https://one.example/ two.example/x\nhttps://one.example/",
            ["https://one.example/", "https://two.example/x"],
        ),
    ],
)
def test_addresses_are_taken_with_and_without_scheme(text: str, sources: list[str]) -> None:
    plan = plan_add(text)
    assert (plan.kind, list(plan.sources)) == (AddKind.ADDRESSES, sources)


def test_files_folders_and_exports_are_told_apart(tmp_path: Path) -> None:
    """A page is added, a folder counts its pages, everything else is an export to import."""
    page = tmp_path / "my page.html"
    page.write_text("<p>x</p>")
    for text in (str(page), f"'{page}'", str(page).replace(" ", "\\ "), page.as_uri()):
        assert plan_add(text).sources == (str(page),)
    assert not plan_add(str(tmp_path)).must_confirm
    for number in range(CONFIRM_FROM):
        (tmp_path / f"{number}.html").write_text("<p>x</p>")
    folder = plan_add(str(tmp_path))
    assert (folder.kind, len(folder.sources)) == (AddKind.PAGES, CONFIRM_FROM + 1)
    assert folder.must_confirm
    bookmarks = tmp_path / "bookmarks.html"
    bookmarks.write_text("<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL></DL>")
    assert plan_add(str(bookmarks)).kind is AddKind.EXPORT


@pytest.mark.parametrize("text", ["", "two words", "/no/such/file", "ftp://example.org/"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="not an address"):
        plan_add(text)


def test_an_export_is_previewed_and_imported(settled: Path) -> None:
    """The question says how many links come, the message what came and what was skipped."""
    rows = "url,title,time_added\n" + "".join(
        f"https://example.org/{n},Title {n},1700000000\n" for n in range(3)
    )
    export = settled / "links.csv"
    export.write_text(rows)
    with Workspace(paths.find(), Settings()) as workspace:
        backend = LibraryBackend(workspace)
        plan = backend.plan_add(str(export))
        assert "3 new links" in backend.preview_import(plan)
        outcome = backend.add_all(plan, (), lambda _done, _total: None, lambda: False)
        assert "Imported 3 new links" in outcome.message
        assert outcome.undoable
        assert len(backend.listing(parse(""))) == 3


def test_several_addresses_are_queued(settled: Path) -> None:
    with Workspace(paths.find(), Settings()) as workspace:
        backend = LibraryBackend(workspace)
        plan = backend.plan_add("one.example/a two.example/b")
        outcome = backend.add_all(plan, ("sea",), lambda _done, _total: None, lambda: False)
        assert "Added 2 articles of 2" in outcome.message
        assert len(outcome.queued) == 2
        assert len(backend.listing(parse("tag:sea"))) == 2


async def test_a_paste_anywhere_opens_add(app: ReaderApp, desk: MemoryBackend) -> None:
    """Several pasted addresses are all in the field, and `enter` adds them with tags."""
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        app.post_message(events.Paste("https://one.example/\nhttps://two.example/"))
        await until(pilot, lambda: isinstance(app.screen, AddDialog))
        field = app.screen.query_one("#source", Input)
        await until(pilot, lambda: "two.example" in field.value)
        await press(pilot, "tab", *"sea", "enter")
        await until(pilot, lambda: desk.asked == ["https://one.example/", "https://two.example/"])


async def test_an_input_that_names_nothing_is_reported(app: ReaderApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "a", *"nothing", "enter")
        await until(pilot, lambda: "not a file here" in screen_text(app))


async def test_the_trash_is_deleted_from_and_emptied(app: ReaderApp, desk: MemoryBackend) -> None:
    """`P` asks and deletes one row permanently; emptying names the number."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "P")
        await until(pilot, lambda: "Only the trash" in screen_text(app))
        for count in (8, 7, 6):
            await press(pilot, "d")
            await until(pilot, lambda count=count: len(entries.entries) == count)  # type: ignore[misc]
        await press(pilot, "ctrl+p", *"to trash", "enter")
        await until(pilot, lambda: len(entries.entries) == 3)
        await press(pilot, "P")
        await until(pilot, lambda: "Delete 1 article permanently?" in screen_text(app))
        await press(pilot, "y")
        await until(pilot, lambda: len(desk.held) == 8)
        await press(pilot, "ctrl+p", *"empty the trash", "enter")
        await until(pilot, lambda: "Empty the trash of 2 articles?" in screen_text(app))
        await press(pilot, "y")
        await until(pilot, lambda: len(desk.held) == 6)
