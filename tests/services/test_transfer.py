import base64
import hashlib
import io
import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from reader.library import journal_writer
from reader.library.journal_files import AppendedStamp, FileStamp
from reader.model.change import Change, SaveRequest
from reader.model.entry import EntryId, FetchStatus
from reader.model.errors import ExchangeError, SourceError, UsageError, WriteError
from reader.model.highlight import Highlight, Position
from reader.services import imports
from reader.services.add import add
from reader.services.entries import delete, tag
from reader.services.exports import ExportResult, export
from reader.services.imports import import_file
from reader.services.workspace import Job, Workspace
from tests.formats.samples import SAMPLES, zipped

PAGE = "<html><head><title>A page of ours</title></head><body><article><h1>A page of ours</h1>" + (
    "<p>The words of this page are many, and each of them should come home again whole.</p>" * 6
)


def write(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(SAMPLES[name])
    return path


@pytest.mark.parametrize("name", SAMPLES)
def test_importing_twice_adds_nothing(workspace: Workspace, tmp_path: Path, name: str) -> None:
    """The second time everything is known, and nothing of it changes."""
    path = write(tmp_path, name)
    first = import_file(workspace, path)
    before = {record.entry.id: record for record in workspace.library.records()}
    again = import_file(workspace, path)
    assert first.format == again.format == name
    assert (first.new, again.new, again.known) == (len(before), 0, first.new)
    assert {record.entry.id: record for record in workspace.library.records()} == before


def test_what_the_file_says_arrives(workspace: Workspace, tmp_path: Path) -> None:
    """Saved dates, tags, states, notes and highlights, and the text where the file has it."""
    import_file(workspace, write(tmp_path, "pocket"))
    import_file(workspace, write(tmp_path, "wallabag"))
    records = {record.entry.url: record for record in workspace.library.records()}
    pocket, wallabag = records["https://a.example/1"], records["https://e.example/1"]
    assert (pocket.entry.added, pocket.entry.tags) == ("2023-11-14T22:13:20Z", ("ai", "reading"))
    assert pocket.entry.fetch is FetchStatus.QUEUED
    assert (wallabag.entry.fetch, wallabag.entry.archived) == (FetchStatus.DONE, True)
    assert wallabag.highlights[0].note == "my note"
    assert "The text of the entry" in workspace.library.markdown(wallabag.entry.id)


def test_a_dry_run_writes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    """It only says what would come."""
    report = import_file(workspace, write(tmp_path, "pocket"), dry_run=True)
    assert (report.new, report.refused_count) == (2, 1)
    assert not list(workspace.library.records())


def test_a_dry_run_counts_as_the_import_does(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that repeats one of an earlier batch is known in both; neither hides a lost date."""
    monkeypatch.setattr(imports, "BATCH_ROWS", 2)
    dates = ("1700000000", "12/31/2023", "", "1700000001")
    rows = "".join(f"Row,https://a.example/{at % 5},{dates[at % 4]}\n" for at in range(8))
    path = tmp_path / "pocket.csv"
    path.write_text(f"title,url,time_added\n{rows}")
    before = import_file(workspace, path, dry_run=True)
    after = import_file(workspace, path)
    assert (before.new, before.known, before.undated) == (5, 3, 4)
    assert (after.new, after.known, after.undated) == (5, 3, 4)


def test_a_file_without_dates_has_none_to_report(workspace: Workspace, tmp_path: Path) -> None:
    """A list of addresses never has dates."""
    path = tmp_path / "list.txt"
    path.write_text("https://a.example/1\nhttps://a.example/2\n")
    assert import_file(workspace, path).undated == 0


def test_a_long_import_is_one_step(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many parts it was written in; what was done between them is a step of its own."""
    monkeypatch.setattr(imports, "BATCH_ROWS", 2)
    rows = "".join(f"Row {number},https://a.example/{number},1\n" for number in range(7))
    path = tmp_path / "pocket.csv"
    path.write_text(f"title,url,time_added\n{rows}")
    stars: list[EntryId] = []

    def starred(done: int, _total: int) -> None:
        if done == 4:
            first = next(workspace.library.records()).entry.id
            workspace.library.change({first: Change(starred=True)}, step="starred")
            stars.append(first)

    import_file(workspace, path, job=Job(starred))
    undone = workspace.library.undo()
    assert undone is not None
    assert (undone.step, undone.changed, undone.skipped) == ("imported 7 from pocket.csv", 7, 0)
    assert all(record.entry.trashed for record in workspace.library.records())
    again = workspace.library.undo()
    assert (again and again.step, workspace.library.get(stars[0]).entry.starred) == (
        "starred",
        False,
    )
    assert workspace.library.undo() is None


def test_a_part_that_was_not_written_takes_no_other_with_it(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full half-way leaves an import that can be undone, and gone on with."""
    monkeypatch.setattr(imports, "BATCH_ROWS", 2)
    rows = "".join(f"Row {number},https://a.example/{number},1\n" for number in range(6))
    path = tmp_path / "pocket.csv"
    path.write_text(f"title,url,time_added\n{rows}")
    append, times = journal_writer.JournalWriter.append, iter(range(99))

    def full(
        log: journal_writer.JournalWriter,
        file: Path,
        end: int,
        content: bytes,
        known: FileStamp | None = None,
    ) -> AppendedStamp:
        if next(times) == 2:
            raise WriteError("not saved: no space left")
        return append(log, file, end, content, known)

    with monkeypatch.context() as patched:
        patched.setattr(journal_writer.JournalWriter, "append", full)
        with pytest.raises(WriteError):
            import_file(workspace, path)
    assert len(list(workspace.library.records())) == 4
    undone = workspace.library.undo()
    assert undone is not None
    assert (undone.changed, undone.skipped) == (4, 0)
    report = import_file(workspace, path)
    assert (report.new, report.known, report.trashed) == (2, 4, 4)


def test_rows_of_one_article_are_one_article(workspace: Workspace, tmp_path: Path) -> None:
    """What each row says beyond the first is kept, a text as well."""
    rows = [
        {"url": "https://e.example/1", "is_archived": 0, "tags": ["one"]},
        {
            "url": "https://e.example/1?utm_source=x",
            "is_archived": 0,
            "tags": ["two"],
            "content": PAGE,
        },
    ]
    path = tmp_path / "wallabag.json"
    path.write_text(json.dumps(rows))
    report = import_file(workspace, path)
    assert (report.new, report.known, report.with_text) == (1, 1, 1)
    (record,) = workspace.library.records()
    assert record.entry.tags == ("one", "two")
    assert "come home again" in workspace.library.markdown(record.entry.id)


def test_a_highlight_that_was_changed_here_is_kept(workspace: Workspace, tmp_path: Path) -> None:
    """Importing an old export again neither takes a note back nor brings back what was removed."""
    path = write(tmp_path, "omnivore")
    import_file(workspace, path)
    record = next(record for record in workspace.library.records() if record.highlights)
    first, second = record.highlights
    assert (first.quote, second.quote) == ("words that were read", "all of them")
    kept = Change(
        add_highlights=(replace(first, note="thought again"),), remove_highlights=(second.id,)
    )
    workspace.library.change({record.entry.id: kept}, step="x")
    import_file(workspace, path)
    (only,) = workspace.library.get(record.entry.id).highlights
    assert (only.id, only.note) == (first.id, "thought again")


def test_an_import_brings_labels_that_are_missing(workspace: Workspace, tmp_path: Path) -> None:
    """A highlight without a label gains it; one with a label, or a removed one, keeps its own."""
    path = write(tmp_path, "readwise-highlights")
    import_file(workspace, path)
    (record,) = workspace.library.records()
    first, second = record.highlights
    assert record.entry.labels == ("blue", "red", "to check", "why")
    changes = [
        Change(add_highlights=(replace(first, color="", label=""),)),
        Change(remove_highlights=(second.id,)),
    ]
    for change in changes:
        workspace.library.change({record.entry.id: change}, step="x")
    assert workspace.library.get(record.entry.id).entry.labels == ()
    import_file(workspace, path)
    (only,) = workspace.library.get(record.entry.id).highlights
    assert (only.color, only.label) == ("", "")
    workspace.library.undo()
    workspace.library.undo()
    assert workspace.library.get(record.entry.id).highlights == record.highlights


def test_images_of_a_file_are_kept_without_their_metadata(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Those beside Readeck's page and those inside wallabag's are judged like any others."""
    stream = io.BytesIO()
    about = PngImagePlugin.PngInfo()
    about.add_text("Author", "Somebody Secret")
    Image.effect_noise((40, 30), 90).save(stream, "PNG", pnginfo=about)
    page = f'{PAGE}<p><img src="./_resources/a.png" alt="harbour"></p></article></body></html>'
    info = '{"URL": "https://l.example/a/1", "Title": "Decked"}'
    files: dict[str, str | bytes] = {"b/info.json": info, "b/index.html": page}
    files["b/_resources/a.png"] = stream.getvalue()
    files["b/_resources/broken.png"] = b"no picture"
    (tmp_path / "readeck.zip").write_bytes(zipped(files))
    inside = base64.b64encode(stream.getvalue()).decode()
    content = f'{PAGE}<p><img src="data:image/png;base64,{inside}" alt="harbour"></p>'
    row = {"url": "https://e.example/9", "is_archived": 0, "content": content}
    (tmp_path / "wallabag.json").write_text(json.dumps([row]))
    import_file(workspace, tmp_path / "readeck.zip")
    import_file(workspace, tmp_path / "wallabag.json")
    for record in workspace.library.records():
        (name,) = record.images.values()
        folder = workspace.library.folder(record.entry.id)
        assert folder is not None
        kept = (folder / name).read_bytes()
        assert kept.startswith(b"\x89PNG")
        assert b"Secret" not in kept
        assert "![harbour](" in workspace.library.markdown(record.entry.id)


def test_what_a_file_says_of_a_link_is_kept(workspace: Workspace, tmp_path: Path) -> None:
    """Its author, site, day and description are all there is where the page is dead."""
    import_file(workspace, write(tmp_path, "omnivore"))
    import_file(workspace, write(tmp_path, "safari"))
    records = {record.entry.url: record for record in workspace.library.records()}
    sofa, crisis = records["https://m.example/1"], records["https://d.example/1"]
    assert (sofa.description, sofa.entry.fetch) == ("Begins so", FetchStatus.QUEUED)
    assert (crisis.entry.byline, crisis.entry.published) == ("Juliette G.", "2024-10-28T00:00:00Z")
    assert crisis.description == "About it."


def test_what_is_in_the_trash_stays_there(workspace: Workspace, tmp_path: Path) -> None:
    """Deleting is a decision that an old export does not take back."""
    path = write(tmp_path, "pocket")
    import_file(workspace, path)
    ids = [record.entry.id for record in workspace.library.records()]
    delete(workspace, ids)
    report = import_file(workspace, path)
    assert report.trashed == 2
    assert all(record.entry.trashed for record in workspace.library.records())


def test_own_json_brings_everything_back(
    workspace: Workspace, tmp_path: Path, settled: Path
) -> None:
    """Out and into an empty library: the same records, text, tags, states, places and marks."""
    _fill(workspace, tmp_path)
    first = tmp_path / "first.zip"
    _all(workspace, "json", first, with_files=True)
    with Workspace(
        workspace.places.__class__(settled / "other", settled / "s", settled / "c", settled / "x"),
        workspace.settings,
    ) as other:
        report = import_file(other, first)
        assert (report.format, report.new) == ("reader", 3)
        second = tmp_path / "second.zip"
        _all(other, "json", second, with_files=True)
        assert _contents(first) == _contents(second)
        for record in workspace.library.records():
            twin = other.library.get(record.entry.id)
            entry = twin.entry._replace(folder=record.entry.folder, created=record.entry.created)
            assert twin._replace(entry=entry) == record


def _contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in sorted(archive.namelist())}


def _fill(workspace: Workspace, folder: Path) -> EntryId:
    page = folder / "page.html"
    page.write_text(PAGE)
    saved = add(workspace, str(page), url="https://o.example/page", tags=["one", "two words"])
    mark = Highlight("h1", "each of them", start=9, note="yes", at="2026-01-02T00:00:00Z")
    change = Change(
        starred=True,
        progress=0.5,
        position=Position("The words", 3, 0.5),
        add_highlights=(mark,),
        note="Mine",
    )
    workspace.library.change({saved.entry.id: change}, step="x")
    name = hashlib.sha256(b"one picture").hexdigest()[:16] + ".png"
    pictures = {"https://o.example/a.png": (name, b"one picture")}
    workspace.library.add_images(saved.entry.id, pictures)
    link = SaveRequest(
        given="https://o.example/link", tags=("later",), archived=True, finished=True
    )
    dead = SaveRequest(
        given="https://o.example/dead?utm_source=x", title="Dead", note="still wanted"
    )
    _, failed = workspace.library.add([link, dead], step="y")
    why = Change(failure="gone: 410", attempts=0)
    workspace.library.change({failed.record.entry.id: why}, step=None)
    return saved.entry.id


def _all(
    workspace: Workspace, name: str, target: Path, *, with_files: bool = False
) -> ExportResult:
    ids = sorted(record.entry.id for record in workspace.library.records())
    return export(workspace, ids, name, target, with_files=with_files)


@pytest.mark.parametrize("name", ["json", "epub", "html", "netscape", "csv"])
def test_a_file_is_written_whole_or_not_at_all(
    workspace: Workspace, tmp_path: Path, name: str
) -> None:
    """Nothing half-written stays beside it."""
    _fill(workspace, tmp_path)
    folder = tmp_path / "out"
    folder.mkdir()
    _all(workspace, name, folder / "file")
    assert [path.name for path in folder.iterdir()] == ["file"]
    assert (folder / "file").stat().st_size > 100


@pytest.mark.parametrize("name", ["json", "epub", "html", "markdown"])
def test_a_pipe_or_device_is_no_target(workspace: Workspace, tmp_path: Path, name: str) -> None:
    """It stays what it is, also behind a link: a file in the place of /dev/null harms everything."""
    _fill(workspace, tmp_path)
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for target in (pipe, link):
        with pytest.raises(ExchangeError):
            _all(workspace, name, target)
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]


def test_a_vault_is_updated_in_place(workspace: Workspace, tmp_path: Path) -> None:
    """A note that a person moved and wrote in is found and keeps what is theirs."""
    identity = _fill(workspace, tmp_path)
    vault = tmp_path / "vault"
    _all(workspace, "markdown", vault)
    note = next(path for path in vault.glob("*.md") if "page" in path.name)
    moved = vault / "mine" / "Renamed.md"
    moved.parent.mkdir()
    note.rename(moved)
    moved.write_text(moved.read_text() + "\nMy own line.\n")
    tag(workspace, [identity], ["new"])
    _all(workspace, "markdown", vault)
    text = moved.read_text()
    assert "My own line." in text
    assert '"new"' in text
    assert len(list(vault.rglob("*.md"))) == 3


def test_a_note_that_is_a_link_is_left_alone(workspace: Workspace, tmp_path: Path) -> None:
    """What it leads to is neither read into the note nor written, and the export says so."""
    _fill(workspace, tmp_path)
    vault = tmp_path / "vault"
    _all(workspace, "markdown", vault)
    note = next(vault.glob("*.md"))
    secret = tmp_path / "secret"
    secret.write_text("secret")
    note.unlink()
    note.symlink_to(secret)
    result = _all(workspace, "markdown", vault)
    assert note.is_symlink()
    assert secret.read_text() == "secret"
    assert [each for each in result.missing if note.name in each and "link" in each]


def test_a_note_in_a_hidden_folder_was_deleted(workspace: Workspace, tmp_path: Path) -> None:
    """Obsidian moves what a person deletes to `.trash`: it is written anew, not found there."""
    _fill(workspace, tmp_path)
    vault = tmp_path / "vault"
    _all(workspace, "markdown", vault)
    note = next(path for path in vault.glob("*.md") if "page" in path.name)
    (vault / ".trash").mkdir()
    note.rename(vault / ".trash" / note.name)
    _all(workspace, "markdown", vault)
    assert note.exists()


def test_wrong_formats_and_targets_are_reported(workspace: Workspace, tmp_path: Path) -> None:
    """One sentence each, and nothing written."""
    with pytest.raises(UsageError, match="no export format"):
        export(workspace, [], "pdf", tmp_path / "x")
    with pytest.raises(ExchangeError, match="cannot be written"):
        export(workspace, [], "json", tmp_path / "no" / "such" / "x.json")
    with pytest.raises(SourceError, match="no such file"):
        import_file(workspace, tmp_path / "none.csv")


def test_exports_are_named_by_title_in_any_script(workspace: Workspace, tmp_path: Path) -> None:
    """Letters of all scripts stay, signs that file systems refuse go, names never collide."""
    titles = ("Пароход: опоздал?", "終電の後", "Late ferry", "late ferry", "a/b [draft]", "CON", "")
    added = [
        SaveRequest(given=f"https://example.org/{number}", title=title)
        for number, title in enumerate(titles)
    ]
    ids = [each.record.entry.id for each in workspace.library.add(added, step="added")]
    vault = tmp_path / "vault"
    export(workspace, ids, "markdown", vault)
    assert {path.name for path in vault.glob("*.md")} == {
        "Пароход опоздал.md",
        "終電の後.md",
        "Late ferry.md",
        f"late ferry ({ids[3]}).md",
        "a b draft.md",
        "CON-.md",
        "https example.org 6.md",
    }
    book = export(workspace, ids[1:2], "epub", tmp_path)
    assert book.path == tmp_path / "終電の後.epub"
    assert export(workspace, ids, "json", tmp_path).path == tmp_path / "Saved articles.json"


def test_json_is_one_record_a_line(workspace: Workspace, tmp_path: Path) -> None:
    """It can be read, compared and cut by hand."""
    _fill(workspace, tmp_path)
    _all(workspace, "json", tmp_path / "x.json")
    lines = (tmp_path / "x.json").read_text().splitlines()
    assert [json.loads(line.rstrip(","))["title"] for line in lines[1:3]]
    assert len(lines) == 5


def test_a_note_that_is_a_link_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    """The file that it leads to is neither read nor written, and the export names the note."""
    import_file(workspace, write(tmp_path, "wallabag"))
    ids = [record.entry.id for record in workspace.library.records()]
    vault = tmp_path / "vault"
    export(workspace, ids, "markdown", vault)
    secret = tmp_path / "secret.md"
    secret.write_text("a private note")
    notes = sorted(vault.glob("*.md"))
    notes[0].unlink()
    notes[0].symlink_to(secret)
    result = export(workspace, ids, "markdown", vault)
    assert notes[0].is_symlink()
    assert secret.read_text() == "a private note"
    assert any(notes[0].name in line for line in result.missing)


def test_no_password_of_an_address_is_kept(workspace: Workspace, tmp_path: Path) -> None:
    """Neither the library nor an export holds user name and password of an imported address."""
    path = tmp_path / "urls.txt"
    path.write_text("https://ann:s3cret@a.example/1\nhttps://b.example/2\n")
    import_file(workspace, path)
    ids = [record.entry.id for record in workspace.library.records()]
    for name in ("json", "netscape", "html"):
        export(workspace, ids, name, tmp_path / name)
    files = [file for file in workspace.places.home.rglob("*") if file.is_file()]
    files += [tmp_path / name for name in ("json", "netscape", "html")]
    assert not [file.name for file in files if b"s3cret" in file.read_bytes()]


def test_one_invalid_address_stops_no_other_record(workspace: Workspace, tmp_path: Path) -> None:
    """A row whose address is none of the web is skipped and named; the others are imported."""
    rows = [
        {"id": "abcdefghjkm0", "added": "2026-01-01T00:00:00Z", "title": "bad", "url": "file:///x"},
        {"id": "abcdefghjkm1", "added": "2026-01-01T00:00:00Z", "url": "https://a.example/"},
    ]
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"format": "reader-library", "version": 1, "records": rows}))
    report = import_file(workspace, path)
    assert (report.new, report.refused_count) == (1, 1)
    assert "file:///x" in str(report.refused[0])


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("netscape", "; 1 article without any address left out"),
        ("csv", "; 4 articles without any highlight left out"),
        ("html", ""),
    ],
)
def test_an_export_counts_the_articles_it_leaves_out(
    workspace: Workspace, tmp_path: Path, name: str, note: str
) -> None:
    """Bookmarks need an address, and a table of highlights needs highlights."""
    import_file(workspace, write(tmp_path, "list"))
    page = tmp_path / "page.html"
    page.write_text(PAGE)
    add(workspace, str(page))
    ids = [record.entry.id for record in workspace.library.records()]
    done = export(workspace, ids, name, tmp_path / "export")
    assert done.left_out_note == note
    assert done.count + done.left_out == len(ids)
