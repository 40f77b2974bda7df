"""One Add for everything, and the trash in the app."""

from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from reader import paths
from reader.formats.import_row import RejectedRow
from reader.model.errors import SourceError
from reader.model.query import parse
from reader.services.add_plan import CONFIRM_FROM, AddKind, address_of, plan_add
from reader.services.imports import ImportReport
from reader.services.workspace import QUIET, Workspace
from reader.settings import Settings
from reader.ui.app import ReaderApp
from reader.ui.backend import ExportTarget
from reader.ui.dialogs.add import AddDialog
from reader.ui.dialogs.confirm import ConfirmDialog
from reader.ui.dialogs.dialog import GRACE
from reader.ui.dialogs.import_summary import ImportSummaryDialog
from reader.ui.dialogs.path_prompt import PathPrompt
from reader.ui.library_backend import LibraryBackend
from reader.ui.widgets.path_field import match_path
from tests.ui.conftest import press, screen_text, until
from tests.ui.memory_backend import MemoryBackend
from tests.ui.test_main_screen import opened
from tests.ui.test_visible_targets import type_ahead


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


def test_files_folders_and_exports_are_distinguished(tmp_path: Path) -> None:
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
        outcome = backend.add_all(plan, (), QUIET)
        assert "Imported 3 new links" in outcome.message
        assert outcome.undoable
        assert len(backend.listing(parse(""))) == 3


def test_several_addresses_are_queued(settled: Path) -> None:
    with Workspace(paths.find(), Settings()) as workspace:
        backend = LibraryBackend(workspace)
        plan = backend.plan_add("one.example/a two.example/b")
        outcome = backend.add_all(plan, ("sea",), QUIET)
        assert outcome.message == "Added 2 articles"
        assert len(outcome.queued) == 2
        assert len(backend.listing(parse("tag:sea"))) == 2


async def test_a_paste_anywhere_opens_add(app: ReaderApp, backend: MemoryBackend) -> None:
    """Several pasted addresses are all in the field, and `enter` adds them with tags."""
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        app.post_message(events.Paste("https://one.example/\nhttps://two.example/"))
        await until(pilot, lambda: isinstance(app.screen, AddDialog))
        field = app.screen.query_one("#source", Input)
        await until(pilot, lambda: "two.example" in field.value)
        await press(pilot, "tab", *"sea", "enter")
        await until(
            pilot, lambda: backend.asked == ["https://one.example/", "https://two.example/"]
        )


async def test_an_input_that_names_nothing_is_reported(app: ReaderApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "a", *"nothing", "enter")
        await until(pilot, lambda: "not a file and not" in screen_text(app))


async def test_the_trash_is_deleted_from_and_emptied(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """`P` asks and deletes one row permanently; emptying names the number."""
    async with app.run_test(size=(120, 30)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "P")
        await until(pilot, lambda: "Only articles in the trash" in screen_text(app))
        for count in (8, 7, 6):
            await press(pilot, "d")
            await until(pilot, lambda count=count: len(entries.entries) == count)  # type: ignore[misc]
        await press(pilot, "ctrl+p", *"to trash", "enter")
        await until(pilot, lambda: len(entries.entries) == 3)
        await press(pilot, "P")
        await until(pilot, lambda: "Delete 1 article permanently?" in screen_text(app))
        await press(pilot, "y")
        await until(pilot, lambda: len(backend.held) == 8)
        await press(pilot, "ctrl+p", *"empty the trash", "enter")
        await until(pilot, lambda: "Empty the trash of 2 articles?" in screen_text(app))
        await press(pilot, "y")
        await until(pilot, lambda: len(backend.held) == 6)


def test_paths_are_completed(tmp_path: Path) -> None:
    """As far as the names agree; a folder ends in a slash, hidden files need their dot."""
    for name in ("export-one.html", "export-two.html", ".hidden", "späte Wörter.md"):
        (tmp_path / name).write_text("x")
    (tmp_path / "xpages").mkdir()
    found = match_path(f"{tmp_path}/ex")
    assert found.names == ["export-one.html", "export-two.html"]
    assert found.completed == f"{tmp_path}/export-"
    assert match_path(f"{tmp_path}/xp").completed == f"{tmp_path}/xpages/"
    assert match_path(f"{tmp_path}/s").completed == f"{tmp_path}/späte Wörter.md"
    assert ".hidden" not in match_path(f"{tmp_path}/").names
    assert match_path(f"{tmp_path}/.h").names == [".hidden"]
    for nothing in ("ex", "https://a.example/", f"{tmp_path}/none/x", "", "~", "/\0/"):
        assert match_path(nothing).names == ()


async def test_tab_completes_a_path_then_goes_to_the_tags(
    app: ReaderApp, backend: MemoryBackend, tmp_path: Path
) -> None:
    """The names to choose from are below the field; an export gets the tags, too."""
    for name in ("pocket-one.csv", "pocket-two.csv"):
        (tmp_path / name).write_text("title,url\n")
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "a")
        await until(pilot, lambda: app.screen.is_modal)
        app.screen.query_one("#source", Input).value = f"{tmp_path}/po"
        app.screen.query_one("#source", Input).cursor_position = 999
        type_ahead(app, "tab", "t", "tab")
        field = app.screen.query_one("#source", Input)
        await until(pilot, lambda: field.value == f"{tmp_path}/pocket-two.csv")
        await press(pilot, "tab")
        await until(pilot, lambda: app.screen.query_one("#tags", Input).has_focus)
        await press(pilot, *"later", "enter")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await press(pilot, "y")
        await until(pilot, lambda: bool(backend.imported))
        assert backend.imported == [(f"{tmp_path}/pocket-two.csv", ("later",))]


async def test_an_import_says_what_came_and_why_the_rest_did_not(
    app: ReaderApp, backend: MemoryBackend, tmp_path: Path
) -> None:
    """The rows that failed are listed with their reasons, and again from the palette."""
    (tmp_path / "pocket.csv").write_text("title,url\n")
    backend.import_report = report = ImportReport("pocket", new=1990, known=4)
    for row in range(17, 23):
        report.refuse(RejectedRow(row, "no address"))
    async with app.run_test(size=(120, 40)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "ctrl+p", *"import from", "enter")
        await until(pilot, lambda: isinstance(app.screen, AddDialog))
        app.screen.query_one("#source", Input).value = str(tmp_path / "pocket.csv")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await press(pilot, "y")
        await until(pilot, lambda: isinstance(app.screen, ImportSummaryDialog))
        await until(pilot, lambda: "1,990" in screen_text(app))
        for text in ("6 rows could not be imported", "17  no address", "already there"):
            assert text in screen_text(app)
        await pilot.pause(GRACE)
        await press(pilot, "escape")
        await until(pilot, lambda: not app.screen.is_modal)
        await press(pilot, "ctrl+p", *"last import", "enter")
        await until(pilot, lambda: isinstance(app.screen, ImportSummaryDialog))
        await pilot.pause(GRACE)
        await press(pilot, "enter")
        await until(pilot, lambda: not len(entries.entries))
        await until(pilot, lambda: "No link waits to be fetched." in screen_text(app))


async def test_the_selection_is_exported_from_the_palette(
    app: ReaderApp, backend: MemoryBackend, tmp_path: Path
) -> None:
    """The format is chosen, then the file; without a selection the list is exported."""
    async with app.run_test(size=(120, 40)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "space", "space")
        chosen = entries.selection
        await press(pilot, "ctrl+p", *"export articles", "enter")
        await until(pilot, lambda: "Export 2 articles: the selection" in screen_text(app))
        await press(pilot, "j", "enter")
        await until(pilot, lambda: isinstance(app.screen, PathPrompt))
        app.screen.query_one(Input).value = str(tmp_path / "notes")
        # The dialog named the two, whatever is selected when it is answered.
        entries.set_selection(())
        await press(pilot, "enter")
        await until(pilot, lambda: bool(backend.exported))
        target, ids = backend.exported[0]
        assert (target.format, target.path) == ("markdown", str(tmp_path / "notes"))
        assert set(ids) == chosen


def test_an_import_tags_what_it_brings(settled: Path, tmp_path: Path) -> None:
    """Rows without an address are counted by reason; an export writes what is listed."""
    file = tmp_path / "pocket.csv"
    file.write_text(
        "title,url,time_added,tags,status\n"
        "One,https://a.example/1,1700000000,old,unread\n"
        "Two,no address,1700000000,,unread\n"
    )
    with Workspace(paths.find(), Settings()) as workspace:
        backend = LibraryBackend(workspace)
        report = backend.import_export(plan_add(str(file)), ("new",), QUIET)
        assert (report.new, report.refused_count) == (1, 1)
        assert report.reasons.total() == 1
        assert "skipped" in report.message
        entry = backend.listing(parse("tag:new"))[0]
        assert set(entry.tags) == {"new", "old"}
        target = ExportTarget("netscape", str(tmp_path / "out.html"))
        outcome = backend.export(parse("tag:new"), (), target, QUIET)
        assert "Exported 1 article" in outcome.message
        assert "https://a.example/1" in (tmp_path / "out.html").read_text()


@pytest.mark.parametrize("with_rules", [False, True])
def test_one_undo_takes_back_a_whole_folder(settled: Path, with_rules: bool) -> None:
    """However many pages a folder has, adding it was one action; rules that ran belong to it."""
    folder = settled / "pages"
    folder.mkdir()
    for number in range(3):
        text = f"The ferry number {number} is slow, and nobody on the quay minds it. " * 12
        (folder / f"{number}.html").write_text(f"<title>Page {number}</title><p>{text}</p>")
    rules = ({"query": "ferry", "tag": "sea"},) if with_rules else ()
    with Workspace(paths.find(), Settings(rules=rules)) as workspace:
        backend = LibraryBackend(workspace)
        plan = backend.plan_add(str(folder))
        outcome = backend.add_all(plan, (), QUIET)
        assert outcome.message == "Added 3 articles"
        assert outcome.undoable
        assert len(backend.listing(parse("tag:sea"))) == (3 if with_rules else 0)
        assert backend.undo().message == "Undone: added 3 articles"
        assert not len(backend.listing(parse("")))


def test_one_undo_takes_back_several_addresses(settled: Path) -> None:
    """Addresses that were known keep what they had."""
    with Workspace(paths.find(), Settings()) as workspace:
        backend = LibraryBackend(workspace)
        backend.add_all(backend.plan_add("one.example/a"), (), QUIET)
        plan = backend.plan_add("one.example/a two.example/b three.example/c")
        outcome = backend.add_all(plan, ("sea",), QUIET)
        assert outcome.message == "Added 2 articles, 1 already there"
        backend.undo()
        listing = backend.listing(parse(""))
        assert len(listing) == 1
        left = listing[0]
        assert (left.url, left.tags) == ("https://one.example/a", ())


def test_undo_of_a_batch_counts_new_entries_only(settled: Path) -> None:
    """What comes back from the trash is not said to be added."""
    with Workspace(paths.find(), Settings()) as workspace:
        backend = LibraryBackend(workspace)
        backend.add_all(backend.plan_add("one.example/a two.example/b"), (), QUIET)
        backend.delete(backend.listing(parse("site:one.example")).ids())
        backend.add_all(backend.plan_add("three.example/c one.example/a"), (), QUIET)
        assert len(backend.listing(parse(""))) == 3
        assert backend.undo().message == "Undone: added 1 article"
        assert len(backend.listing(parse(""))) == 1


async def test_a_refused_input_is_kept_for_correction(
    app: ReaderApp, backend: MemoryBackend
) -> None:
    """The dialog opens again with the input, its tags, and the reason."""
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot)
        await press(pilot, "a", *"nofile", "tab", *"sea", "enter")
        await until(pilot, lambda: "not an address" in screen_text(app))
        assert isinstance(app.screen, AddDialog)
        assert app.screen.query_one("#source", Input).value == "nofile"
        assert app.screen.query_one("#tags", Input).value == "sea"
        app.screen.query_one("#source", Input).value = "https://one.example/"
        await press(pilot, "enter")
        await until(pilot, lambda: backend.asked == ["https://one.example/"])


@pytest.mark.parametrize(
    ("word", "address"),
    [
        ("127.0.0.1:8765/a.html", "http://127.0.0.1:8765/a.html"),
        ("localhost:8000", "http://localhost:8000"),
        ("192.168.1.2", "http://192.168.1.2"),
        ("1.2.3", ""),
    ],
)
def test_local_addresses_need_no_scheme(word: str, address: str) -> None:
    assert address_of(word) == address
