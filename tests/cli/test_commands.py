import errno
import io
import os
import shutil
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from reader import paths
from reader.cli.command_table import COMMANDS
from reader.model.change import SaveRequest
from reader.model.entry import EntryId
from reader.services.workspace import Workspace
from reader.settings import Settings
from tests.cli.conftest import Reader

ROW = [
    "id", "url", "title", "byline", "site", "published", "added", "language", "tags", "state", "starred",
    "archived", "progress", "words", "minutes", "fetch", "reason", "highlights",
]  # fmt: skip
SENTENCE = "The ferry was late again that morning, and nobody on the quay seemed to mind it at all."
PARAGRAPHS = "".join(f"<p>{SENTENCE} {number}</p>" for number in range(6))


@pytest.fixture
def page(tmp_path: Path) -> str:
    path = tmp_path / "page.html"
    body = "".join(f"<p>{SENTENCE} {number}</p>" for number in range(8))
    path.write_text(
        f"<html lang=en><head><title>Late ferry</title></head><body><nav><a href=/>Home</a></nav><article><h1>Late ferry</h1>{body}<h2>After</h2><p>{SENTENCE} <a href='https://a.example/x'>Link</a></p></article></body></html>"
    )
    return str(path)


def test_a_page_is_saved_listed_shown_and_changed(reader: Reader, page: str) -> None:
    """The main job, each command as its own run over the same library."""
    added = reader(
        "add",
        page,
        "--tag",
        "sea",
        "--tag",
        "#slow food",
        "--url",
        "https://b.example/ferry?utm_source=x",
    )
    assert (added.code, added.err) == (0, "")
    identity, title = added.out.strip().split(" ", 1)
    assert (len(identity), title) == (12, "Late ferry")
    (row,) = reader("list", "--json").json
    assert list(row) == ROW
    assert (row["id"], row["url"], row["tags"], row["state"], row["fetch"]) == (
        identity,
        "https://b.example/ferry",
        ["sea", "slow food"],
        "unread",
        "done",
    )
    shown = reader("show", identity[:4], "--json").json
    assert list(shown)[: len(ROW)] == ROW
    assert shown["outline"][-1] == {"level": 2, "text": "After"}
    assert {"text": "Link", "url": "https://a.example/x"} in shown["links"]
    assert SENTENCE in shown["markdown"]
    assert reader("tag", identity, "+new", "-sea").code == 0
    assert reader("mark", identity, "--read", "--star", "--archive").code == 0
    (row,) = reader("list", "tag:new", "is:read", "is:starred", "is:archived", "--json").json
    assert (row["tags"], row["state"]) == (["new", "slow food"], "read")
    assert reader("mark", identity, "--unread", "--unstar", "--unarchive").code == 0
    assert reader("rm", identity).code == 0
    assert reader("list", "--json").json == []
    assert [row["id"] for row in reader("trash", "--json").json] == [identity]
    assert reader("undo").out.startswith("Restored 1 article")
    assert len(reader("list", "--json").json) == 1


def test_saving_again_says_so_and_adds_tags(reader: Reader, page: str) -> None:
    """Nothing is there twice; the new tags arrive and the first date stays."""
    first = reader("add", page, "--url", "https://b.example/", "--json").json[0]
    again = reader("add", page, "--url", "https://b.example/", "--tag", "t", "--json")
    assert again.code == 0
    assert "already saved" in again.err
    (row,) = again.json
    assert (first["new"], row["new"], row["added"], row["tags"]) == (
        True,
        False,
        first["added"],
        ["t"],
    )


def test_a_better_copy_of_a_known_page_takes_its_place(reader: Reader, tmp_path: Path) -> None:
    """A longer text or one with its pictures; a worse copy changes nothing, undo brings it back."""
    address = "https://gauge.example/mole"
    parts = [
        f"<p>{number}. The gauge on the mole counts every tide twice.</p>" for number in range(9)
    ]
    drawing = io.BytesIO()
    Image.effect_noise((40, 40), 50).save(drawing, "PNG")
    data = b64encode(drawing.getvalue()).decode()
    image = f'<img src="data:image/png;base64,{data}" alt="The mole">'

    def add(name: str, *inside: str) -> Any:
        file = tmp_path / name
        file.write_text(
            f"<html><head><title>The mole</title></head><body><article><h1>The mole</h1>{''.join(inside)}</article></body></html>"
        )
        found = reader("add", str(file), "--url", address, "--json")
        assert found.code == 0
        return found.json[0], found.err

    first, _ = add("short.html", *parts[:4])
    longer, said = add("long.html", *parts)
    assert (longer["id"], longer["new"]) == (first["id"], False)
    assert longer["words"] > 2 * first["words"]
    assert "replaces the former one" in said
    assert add("worse.html", *parts[:6])[0]["words"] == longer["words"]
    _, said = add("pictures.html", *parts, image)
    assert "replaces the former one" in said
    assert "![The mole](" in reader("show", first["id"], "--json").json["markdown"]
    assert "replaces the former one" not in add("long.html", *parts)[1]
    assert reader("undo").code == 0
    assert "![The mole](" not in reader("show", first["id"], "--json").json["markdown"]


def test_a_link_waits_for_later(reader: Reader) -> None:
    """Nothing is fetched; the row says that it waits."""
    added = reader("add", "https://c.example/a", "--later", "--tag", "x")
    assert (added.code, "queued" in added.err) == (0, True)
    (row,) = reader("list", "is:queued", "--json").json
    assert (row["fetch"], row["words"], row["minutes"]) == ("queued", 0, 0)


def test_a_query_changes_many_at_once_after_asking(reader: Reader) -> None:
    """Without a terminal nobody can answer, so `--yes` is needed; one undo takes all back."""
    for number in range(3):
        reader("add", f"https://c.example/{number}", "--later")
    refused = reader("tag", "--query", "is:queued", "+t")
    assert (refused.code, "--yes" in refused.err) == (2, True)
    assert reader("tag", "--query", "is:queued", "+t", "--yes").out == "Tagged #t: 3 articles\n"
    assert [row["tag"] for row in reader("tags", "--json").json] == ["t"]
    assert reader("undo").code == 0
    assert reader("tags", "--json").json == []


def test_tags_are_renamed_merged_and_deleted_with_all_below(reader: Reader) -> None:
    """Over the whole library, nested ones too."""
    reader("add", "https://c.example/1", "--later", "--tag", "work/plans")
    reader("add", "https://c.example/2", "--later", "--tag", "Work", "--tag", "misc")
    assert reader("tags", "rename", "work", "job").code == 0
    assert reader("list", "tag:job", "--json").json[1]["tags"] == ["job/plans"]
    assert reader("tags", "merge", "job", "misc", "into", "all", "--yes").code == 0
    assert [row["tags"] for row in reader("list", "--json").json] == [["all"], ["all/plans"]]
    assert reader("tags", "delete", "all", "--yes").code == 0
    assert reader("tags", "--json").json == []
    assert reader("tags", "delete", "nosuch", "--yes").code == 1


def test_the_trash_is_emptied_permanently(reader: Reader, page: str, settled: Path) -> None:
    """The folders go; saving the same page again brings it back as new."""
    identity = reader("add", page, "--url", "https://b.example/1").out.split()[0]
    reader("rm", identity)
    assert reader("trash", "--empty").code == 2
    assert reader("trash", "--empty", "--yes").out == "Permanently deleted 1 article\n"
    assert not list((settled / "library" / "articles").rglob("article.md"))
    assert reader("trash", "--json").json == []
    assert reader("show", identity).code == 1
    assert reader("add", page, "--url", "https://b.example/1", "--json").json[0]["new"]
    assert len(reader("list", "--json").json) == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["add", "missing.html"], 1, "no such file"),
        (["extract", "."], 1, "is a folder"),
        (["add", ""], 1, "empty name"),
        (["add", "~nobody-has-this/x"], 1, "~nobody-has-this/x: no such file"),
        (["show", "zzzz"], 1, "zzzz"),
        (["show", "zz"], 2, "too short"),
        (["mark", "abcd"], 2, "needs --read"),
        (["mark", "--read"], 2, "needs an id"),
        (["tag", "abcd"], 2, "+TAG"),
        (["list", "is:nope"], 2, "nope"),
        (["list", "--sort", "size"], 2, "size"),
        (["list", "--limit", "x"], 2, "x"),
        (["lst"], 2, "did you mean list"),
        (["list", "--jsn"], 2, "did you mean --json"),
        (["import", "none.csv"], 1, "no such file"),
        (["export", "--format", "pdf", "--to", "x"], 2, "pdf"),
        (["export"], 2, "--format"),
        (["add"], 2, "SOURCE"),
        (["undo"], 1, "Nothing to undo"),
        (["add", "file:///etc/passwd"], 1, "no such file"),
        (["completion", "tcsh"], 2, "tcsh"),
        ([], 2, "needs a terminal"),
    ],
)
def test_faults_are_reported_in_one_line(
    reader: Reader, words: list[str], code: int, said: str
) -> None:
    """What failed, on what, and what to do; nothing on stdout, nothing saved."""
    done = reader(*words)
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith("reader: ")
    assert done.err.count("\n") == 1
    assert said in done.err


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"<html></html>",
        b"%PDF-1.7 x",
    ],
    ids=["empty", "image", "tag", "pdf"],
)
def test_what_is_no_article_is_refused(
    reader: Reader, tmp_path: Path, settled: Path, content: bytes
) -> None:
    """An empty file, an image, random bytes, an empty page: one line, exit 1, nothing half-saved."""
    path = tmp_path / "x.html"
    path.write_bytes(content)
    done = reader("add", str(path))
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert reader("list", "--json").json == []
    assert not list(settled.rglob("article.md"))


def test_one_failure_does_not_stop_the_others(reader: Reader, page: str) -> None:
    """Exit 1 says that some of it failed; the rest is done."""
    done = reader("add", "missing.html", page)
    assert (done.code, len(done.out.splitlines())) == (1, 1)
    identity = done.out.split()[0]
    done = reader("mark", identity, "zzzzzzzzzzzz", "--star")
    assert done.code == 1
    assert reader("list", "is:starred", "--json").json


def test_an_ambiguous_prefix_lists_the_candidates(reader: Reader, settled: Path) -> None:
    """Nothing is changed where it is not sure what was meant."""
    ids = ["aaaa11112222", "aaaa33334444"]
    with Workspace(paths.find(), Settings()) as workspace:
        workspace.library.add(
            [SaveRequest(given=f"https://d.example/{one}", id=EntryId(one)) for one in ids],
            step="x",
        )
    for words in (["show", "aaaa"], ["mark", "aaaa", "--star"]):
        done = reader(*words)
        assert done.code == 2
        assert all(one in done.err for one in ids)
    assert reader("mark", "aaaa1", "--star").code == 0
    assert {line.split()[0] for line in reader("list").out.splitlines()} == {"aaaa3", "aaaa1"}


def test_hostile_names_reach_no_terminal(reader: Reader, tmp_path: Path) -> None:
    """A file name, a title and a tag with escape sequences are printed without them."""
    done = reader("add", "x\x1b]0;pwned\x07.html")
    assert "\x1b" not in done.err
    path = tmp_path / "t.html"
    path.write_text(f"<title>A\x1b[31mB&#x9b;31m\u202eC</title><article>{PARAGRAPHS}</article>")
    reader("add", str(path), "--tag", "x\x1by")
    for words in (
        ["list"],
        ["list", "--json"],
        ["tags"],
        ["show", reader("list", "--json").json[0]["id"]],
    ):
        out = reader(*words).out
        assert not set(out) & set("\x1b\x07\x9b\u202e")


def test_help_lists_every_command_and_option(reader: Reader) -> None:
    """Nothing that works is left out."""
    overview = reader("--help").out
    for row in COMMANDS:
        assert f"  {row.name}" in overview
        said = reader(row.name, "--help").out
        assert all(option.name in said for option in row.options)
    assert reader("--version").out.startswith("reader ")


def test_settings_are_shown_and_wrong_ones_reported(reader: Reader, settled: Path) -> None:
    """`config path` says where; `config show` prints TOML that counts, and what is wrong."""
    (settled / "config.toml").write_text('[look]\ntheme = "day"\nrows = 7\n')
    assert reader("config", "path").out.strip() == str(settled / "config.toml")
    shown = reader("config", "show")
    assert shown.code == 1
    assert 'theme = "day"' in shown.out
    assert "config.toml:3:" in shown.err


def test_a_library_that_cannot_be_written(
    reader: Reader, settled: Path, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line, exit 1; reading an empty place works."""
    (settled / "file").write_text("")
    monkeypatch.setenv("READER_HOME", str(settled / "file" / "library"))
    done = reader("add", page)
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert "READER_HOME" in done.err
    assert reader("list", "--json").json == []


def test_standard_input_is_a_source(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` reads a page from a pipe."""

    class Piped:
        buffer = io.BytesIO(f"<title>Piped</title><article>{PARAGRAPHS}</article>".encode())

        def isatty(self) -> bool:
            return False

    monkeypatch.setattr(sys, "stdin", Piped())
    assert reader("add", "-").out.endswith(" Piped\n")


def test_separate_processes_share_the_library(page: str, settled: Path) -> None:
    """What one process wrote, the next one reads; a closed pipe is no error."""
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "reader", *words],
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )

    identity = run("add", page).stdout.split()[0]
    assert run("tag", identity, "+a").returncode == 0
    assert run("mark", identity, "--read").returncode == 0
    listed = run("list", "tag:a", "is:read")
    assert (listed.returncode, identity[:4] in listed.stdout) == (0, True)


def test_rules_apply_on_saving_and_on_demand(reader: Reader, settled: Path) -> None:
    """What is saved is tagged at once; the rest after a look, as one step."""
    reader("add", "https://old.example/1", "--later")
    (settled / "config.toml").write_text(
        '[[rules]]\nquery = "site:example"\ntag = "ruled"\ndo = "star"\n'
    )
    reader("add", "https://new.example/1", "--later")
    assert [row["tags"] for row in reader("list", "site:new", "--json").json] == [["ruled"]]
    asked = reader("rules")
    assert (asked.code, "#ruled star" in asked.out) == (2, True)
    assert reader("rules", "--yes").out.endswith("Rules changed 1 article\n")
    assert len(reader("list", "tag:ruled", "is:starred", "--json").json) == 2
    assert reader("undo").out.startswith("Undone: applied rules")


@pytest.mark.parametrize(
    "words",
    [
        "list", "search x", "tags", "tags similar", "trash", "trash --empty --yes", "highlights",
        "digest", "next", "review", "duplicates", "duplicates --merge --yes", "stats", "rules",
        "rules --yes", "fetch", "doctor", "doctor --repair", "config", "config show", "config keys",
        "mark --query x --read --yes", "tag --query x +a --yes", "rm --query x --yes",
    ],
)  # fmt: skip
def test_an_empty_library_gives_json(reader: Reader, words: str) -> None:
    """A command that succeeds prints one JSON value, also if it found or changed nothing."""
    done = reader(*words.split(), "--json")
    assert (done.code, isinstance(done.json, (list, dict))) == (0, True)


def test_undo_takes_a_text_back_from_a_link(reader: Reader, page: str) -> None:
    """The link is as before, and no folder is without a record, also when the text comes again."""
    address = ("--url", "https://queued.example/")
    identity = reader("add", address[1], "--later", "--json").json[0]["id"]
    before = reader("list", "--json").json
    for _ in range(2):
        assert reader("add", page, *address, "--tag", "kept").code == 0
        assert reader("list", "--json").json[0]["words"] > 0
        assert reader("undo").out.startswith("Undone: added")
        assert reader("list", "--json").json == before
        assert reader("doctor").code == 0
    assert reader("rm", identity).code == 0
    assert reader("trash", "--empty", "--yes").code == 0
    assert reader("doctor").code == 0


def test_a_permanent_deletion_is_not_undone(reader: Reader, page: str) -> None:
    """Undo says that nothing came back, exit 1; the step is gone, and the one before it follows."""
    identity = reader("add", page, "--url", "https://gone.example/", "--json").json[0]["id"]
    kept = reader("add", page, "--url", "https://kept.example/", "--json").json[0]["id"]
    assert reader("rm", kept).code == 0
    assert reader("restore", kept).code == 0
    assert reader("rm", identity).code == 0
    assert reader("trash", "--empty", "--yes").code == 0
    undone = reader("undo")
    assert (undone.code, undone.out) == (1, "")
    assert undone.err.startswith("reader: Nothing to restore (moved 1 article to Trash)")
    assert reader("undo").out.startswith("Undone: restored 1 article")


def test_a_change_without_its_undo_is_reported(
    reader: Reader, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A state folder that takes nothing costs the undo: the mark is saved, and one line says so."""
    identity = reader("add", page, "--url", "https://a.example/", "--json").json[0]["id"]
    assert reader("mark", identity, "--archive").code == 0
    steps = next(paths.find().state.glob("libraries/*/steps.log"))
    real = os.open

    def refusing(path: Any, flags: int, mode: int = 0o777, **more: Any) -> int:
        if str(path) == str(steps) and flags & os.O_WRONLY:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return real(path, flags, mode, **more)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", refusing)
        marked = reader("mark", identity, "--star")
    assert marked.code == 0
    assert marked.err.startswith("reader: saved, but undo will not know of it: Read-only")
    assert marked.err.count("\n") == 1
    assert len(reader("list", "is:starred", "--json").json) == 1
    assert reader("undo").out.startswith("Undone: archived 1 article")


def test_a_home_that_is_no_folder_is_damage(reader: Reader, settled: Path) -> None:
    """Doctor says so in one line, exit 2, with and without repair; what is there stays."""
    home = paths.find().home
    home.parent.mkdir(parents=True, exist_ok=True)
    home.write_text("a file")
    for words in (("doctor",), ("doctor", "--repair")):
        found = reader(*words)
        assert (found.code, found.err) == (2, "")
        assert (
            found.out
            == f"place: {home}: this is not a folder, so the library cannot be read: move it away\n"
        )
    assert home.read_text() == "a file"


def test_a_damaged_journal_is_reported_and_what_is_good_is_printed(
    reader: Reader, page: str
) -> None:
    """One line on stderr, exit 0, all but the damaged record, also from a cache that is fresh."""
    gone, kept = (
        reader("add", page, "--url", f"https://{name}.example/", "--json").json[0]["id"]
        for name in ("gone", "kept")
    )
    assert len(reader("list", "--json").json) == 2
    (log,) = (paths.find().home / "journal").iterdir()
    content = log.read_bytes()
    log.write_bytes(content.replace(gone.encode(), b"0" * 12, 1))
    shutil.rmtree(paths.find().cache)
    for words in (("list", "--json"), ("list", "--json"), ("search", "ferry", "--json")):
        shown = reader(*words)
        assert shown.code == 0
        assert [row["id"] for row in shown.json] == [kept]
        assert shown.err.startswith(f"reader: some lines of {log.name} cannot be read")
        assert shown.err.count("\n") == 1
    assert reader("mark", kept, "--star").err.count(f"lines of {log.name} cannot be read") == 1
    assert reader("doctor").code == 1
    assert reader("doctor", "--repair").code == 1
    assert {row["id"] for row in reader("list", "--json").json} == {gone, kept}
    assert reader("list").err == ""


def test_add_takes_what_the_field_of_the_app_takes(reader: Reader, tmp_path: Path) -> None:
    """An address without scheme, a list of addresses, and an export after a question."""
    added = reader("add", "b.example/one", "--later")
    assert (added.code, "queued" in added.err) == (0, True)
    links = tmp_path / "links.txt"
    links.write_text("https://b.example/two\nhttps://b.example/three\n")
    assert reader("add", str(links), "--later").code == 0
    export = tmp_path / "pocket.csv"
    export.write_text(
        "title,url,time_added,tags,status\nFour,https://b.example/four,1700000000,,unread\n"
    )
    refused = reader("add", str(export))
    assert refused.code == 2
    assert "import 1 new link from Pocket" in refused.err
    assert "--yes" in refused.err
    assert reader("add", str(export), "--yes", "--tag", "sea").code == 0
    found = reader("list", "--json").json
    assert {row["url"].rpartition("/")[2] for row in found} == {"one", "two", "three", "four"}
    assert next(row["tags"] for row in found if row["url"].endswith("four")) == ["sea"]
    missing = reader("add", "notes.html")
    assert missing.code == 1
    assert "no such file" in missing.err


def test_a_refused_private_address_names_the_option(reader: Reader) -> None:
    for command in ("add", "extract"):
        refused = reader(command, "http://127.0.0.1:1/")
        assert refused.code == 1
        assert "--allow-private" in refused.err


@pytest.mark.parametrize(
    ("typed", "saved"),
    [
        ("a.example/1\nhttps://b.example/2\n", ["https://a.example/1", "https://b.example/2"]),
        ("\n  c.example  \n\n", ["https://c.example/"]),
        ("localhost:8000/x\n", ["http://localhost:8000/x"]),
    ],
)
def test_addresses_on_standard_input_need_no_scheme(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, typed: str, saved: list[str]
) -> None:
    """One a line, as the field of the app takes them; a text stays a page."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
    done = reader("add", "-", "--later")
    assert done.code == 0
    assert sorted(row["url"] for row in reader("list", "--json").json) == sorted(saved)


@pytest.mark.parametrize("words", [("config",), ("config", "path"), ("doctor",), ("stats",)])
def test_invalid_settings_are_reported_once_by_every_command(
    reader: Reader, settled: Path, words: tuple[str, ...]
) -> None:
    (settled / "config.toml").write_text('[look]\ntheme = "papper"\n[keys]\nstar = "t"\n')
    err = reader(*words).err
    assert err.count("theme must be one of") == 1
    assert err.count("the key t also belongs to tag") == 1
