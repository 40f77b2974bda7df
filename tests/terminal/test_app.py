"""The app as a person meets it: in a terminal, from its start to its end."""

import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reader.services.workspace import Workspace
from tests.forking import Forks
from tests.terminal.conftest import id_of, saving
from tests.terminal.emulator import ROOT, Program, is_restored

pytestmark = [pytest.mark.terminal, pytest.mark.xdist_group("terminal")]

Start = Callable[..., Program]


def test_read_tag_filter_and_quit(workspace: Workspace, start: Start) -> None:
    """Read to the end, tag, filter by that tag, quit: exit code 0 and the terminal as it was."""
    app = start()
    app.shows("Sentence number 0")
    app.press("\r")
    app.shows("h list")
    app.press("G")
    app.shows("Sentence number 199")
    app.shows("100 %")
    app.press("h")
    app.shows("○ The long crossing")
    app.press("t")
    app.shows("comma-separated tags")
    app.press("harbours\r")
    app.shows("#harbours")
    app.press("/", "tag:harbours")
    app.hides("A short walk")
    app.press("\r", "\x1b")
    app.shows("A short walk")
    app.press("q")
    assert app.ends() == 0
    assert is_restored(app)
    record = workspace.library.get(id_of(workspace, "The long crossing"))
    assert record.entry.finished
    assert record.entry.tags == ("harbours",)


def test_the_first_time(settled: Path, start: Start) -> None:
    """A new library is empty for a moment, then the samples are there and keys do what they say."""
    app = start()
    app.shows("Start here")
    app.press("j", "\r")
    app.shows("h list")
    app.until(lambda: app.text.count("Why the ferry") == 2)
    app.press("q", "q")
    assert app.ends() == 0


def test_keys_typed_before_the_first_screen_are_kept(workspace: Workspace, start: Start) -> None:
    """What is typed while the program starts is done once it can be."""
    app = start()
    app.press("j", "s")
    app.shows("★ example.org")
    app.press("q")
    assert app.ends() == 0
    workspace.library.refresh()
    assert workspace.library.get(id_of(workspace, "A short walk")).entry.starred


def test_resizing_keeps_the_sentence(workspace: Workspace, start: Start) -> None:
    """The sentence on top stays on the screen when the terminal becomes narrower."""
    app = start(columns=120, lines=30)
    app.shows("Sentence number 0")
    app.press("\r")
    app.shows("h list")
    # Keys are done one after the other: once words can be chosen, all pages were turned.
    app.press(" ", " ", " ", "v")
    app.shows("enter save")
    app.press("\x1b")
    app.shows("h list")
    first = re.findall(r"number (\d+)", app.text)[1]
    app.resize(70, 30)
    app.until(lambda: "Views" not in app.text and f"number {first} " in " ".join(app.text.split()))
    app.press("q", "q")
    assert app.ends() == 0


def test_a_highlight_with_a_note_is_there_again(workspace: Workspace, start: Start) -> None:
    """Highlight a sentence with a note, quit, open again: place and highlight are there."""
    app = start()
    app.shows("Sentence number 0")
    app.press("\r")
    app.shows("h list")
    app.press(" ")
    app.hides("Sentence number 0 ")
    app.press("v")
    app.shows("enter save")
    app.press("c")
    app.shows("Note on the highlight")
    app.press("mine alone\r")
    app.shows("mine alone")
    app.press("q", "q")
    assert app.ends() == 0
    again = start()
    again.shows("mine alone")
    assert "Sentence number 0 " not in again.text
    again.press("q")
    assert again.ends() == 0
    assert workspace.library.refresh()
    (highlight,) = workspace.library.get(id_of(workspace, "The long crossing")).highlights
    assert highlight.note == "mine alone"


def test_many_are_tagged_and_that_is_undone(workspace: Workspace, start: Start) -> None:
    """Select all, tag, undo: one step for all of them."""
    app = start()
    app.shows("Night library")
    app.press("A")
    app.shows("3 selected")
    app.press("t")
    app.shows("Tag 3 articles")
    app.press("sea\r")
    app.until(lambda: app.text.count("#sea") >= 3)
    app.press("u")
    app.until(lambda: "#sea" not in app.text)
    app.shows("newest first")
    app.press("q")
    assert app.ends() == 0


def test_what_another_process_adds_is_shown(
    workspace: Workspace, start: Start, tmp_path: Path
) -> None:
    """An article added from elsewhere while one reads is in the list, and the text stays."""
    app = start()
    app.shows("Sentence number 0")
    app.press("\r")
    app.shows("h list")
    page = tmp_path / "page.md"
    page.write_text("# From elsewhere\n\nIt was written while another one was being read.\n")
    command = [sys.executable, "-m", "reader", "add", str(page)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    app.shows("From elsewhere")
    assert "Sentence number 0" in app.text
    app.press("q", "q")
    assert app.ends() == 0


def test_a_signal_leaves_the_terminal_as_it_was(workspace: Workspace, start: Start) -> None:
    """SIGTERM ends the app as `q` does."""
    app = start()
    app.shows("Sentence number 0")
    app.kill(signal.SIGTERM)
    assert app.ends() == 0
    assert is_restored(app)


def test_a_hostile_title_is_shown_and_does_nothing(workspace: Workspace, start: Start) -> None:
    """Markup stays text, and no sequence of a title's own reaches the terminal."""
    hostile = saving(
        "[@click=app.exit]x[/] \x1b]0;owned\x07\x1b[31m [/]",
        "Text [b]here[/b].",
        "2026-04-01T00:00:00Z",
    )
    workspace.library.add([hostile], step="added")
    app = start()
    app.shows("[@click=app.exit]x[/]")
    app.press("t")
    app.shows("comma-separated tags")
    app.press("\x1b")
    app.hides("comma-separated tags")
    app.press("d")
    app.shows("Moved to Trash")
    app.press("q")
    assert app.ends() == 0
    assert b"\x1b]0;owned" not in app.sent
    assert b"owned\x07" not in app.sent


def test_without_a_terminal_one_line_says_so(workspace: Workspace) -> None:
    """Started in a pipe: exit code 2 and one line."""
    command = [sys.executable, "-m", "reader"]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, stdin=subprocess.DEVNULL, check=False
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "terminal" in done.stderr


BREAKING = """
import sys
from reader.ui.library_backend import LibraryBackend
LibraryBackend.article = lambda backend, entry_id: [][entry_id]
from reader.__main__ import main
sys.argv = ["reader"]
sys.exit(main())
"""


def test_a_crash_leaves_the_terminal_sane_and_names_the_log(
    workspace: Workspace, start: Start
) -> None:
    """A bug in a thread: the terminal is itself again, one line names the log, exit code 1."""
    app = start("-c", BREAKING)
    assert app.ends() == 1
    assert is_restored(app)
    said = app.sent[app.sent.rfind(b"\x1b[?1049l") :].decode()
    assert "a bug in reader" in said
    assert "crash.log" in said
    # The error of the thread itself, whose traceback the log has.
    assert "TypeError" in said
    assert "Traceback" not in said


def test_suspended_and_resumed(workspace: Workspace, start: Start) -> None:
    """`ctrl+z` stops the program with the terminal as it was; after `fg` it is there again."""
    app = start()
    app.shows("Sentence number 0")
    app.press("\x1a")
    app.until(app.is_stopped)
    assert is_restored(app)
    app.kill(signal.SIGCONT)
    app.press("j", "s")
    app.shows("★ example.org")
    app.press("q")
    assert app.ends() == 0


ASKING = """
import sys
from reader.ui.screens.main import MainScreen
def tell(screen):
    open(TOLD, "w").write("\\n".join(sys.modules))
    screen.app.call_from_thread(screen.app.exit, 0)
MainScreen._load_controllers = tell
from reader.__main__ import main
sys.argv = ["reader"]
sys.exit(main())
"""


def test_the_first_rows_wait_for_no_library(
    workspace: Workspace, start: Start, tmp_path: Path
) -> None:
    """Rows are drawn before TinyDB, the parsers and the HTTP client are imported."""
    workspace.synced_cache()
    told = tmp_path / "modules"
    app = start("-c", f"TOLD = {str(told)!r}\n{ASKING}")
    app.shows("The long crossing")
    assert app.ends() == 0
    modules = {name.partition(".")[0] for name in told.read_text().split()}
    assert "textual" in modules
    assert not modules & {"tinydb", "lxml", "markdown_it", "httpcore", "anyio", "PIL", "pygments"}


def test_twenty_are_tagged_and_that_is_undone(workspace: Workspace, start: Start) -> None:
    """A range of twenty rows, one change, one undo: on the screen and on the disk."""
    many = [
        saving(f"Crossing {number}", "Slow.", f"2026-04-{number:02d}T00:00:00Z")
        for number in range(1, 21)
    ]
    workspace.library.add(many, step="added 20 articles")

    def tagged() -> int:
        workspace.library.refresh()
        return sum("sea" in record.entry.tags for record in workspace.library.records())

    app = start(lines=30)
    app.shows("Crossing 20")
    app.press("x", "x", "V", *("j" * 19))
    app.shows("20 selected")
    app.press("t")
    app.shows("Tag 20 articles")
    app.press("sea\r")
    app.shows("20 articles")
    app.until(lambda: tagged() == 20)
    app.press("u")
    app.shows("Undone")
    app.until(lambda: tagged() == 0)
    app.hides("20 selected")
    app.press("q")
    assert app.ends() == 0


SEQUENCES = (
    "\x1b]0;pwned\x07",
    "\x1b]52;c;cm0gLXJmIH4K\x07",
    "\x1b]8;;http://evil.example/\x1b\\",
    "\x1b]9;notification\x07",
    "\x1bP$qm\x1b\\",
    "\x1b[5A",
    "\x1b[201~rm -rf ~\r",
    "\x9b31m",
    "\x9d52;c;cm0K\x9c",
    "\u202egnp.exe\u202c",
)
MARKUP = "[@click=app.quit]x[/] [/nosuch] [red]r[/red] [$nope] [="


def test_hostile_words_are_literal_wherever_they_stand(workspace: Workspace, start: Start) -> None:
    """List, text, tooltip, details, outline, highlights, tags, palette and messages show them as written."""
    words = MARKUP + "".join(SEQUENCES)
    body = (
        f"## {words}\n\n{words} and more.\n\n[over there](<https://evil.example/{MARKUP[:20]}>)\n"
    )
    hostile = saving(words, body, "2026-05-01T00:00:00Z")
    workspace.library.add([hostile._replace(tags=(f"t{MARKUP[:20]}",))], step="added")
    app = start()
    app.until(lambda: app.text.count("[@click=app.quit]x[/]") >= 3)  # list, title, heading
    app.press("\r")
    app.shows("h list")
    for key, shown in (("i", "Summary"), ("O", "Outline"), ("\x10", "Commands")):
        app.press(key)
        app.shows(shown)
        if key == "\x10":
            app.press("t[@click")
            app.shows("#t[@click=app.quit]x[")
        app.shows("[@click=app.quit]x[")
        app.press("\x1b")
        app.hides(shown)
    app.press("v", "\r")
    app.shows("Highlighted")
    app.press("H")
    app.shows("Highlights: ")
    app.press("\x1b")
    app.hides("Highlights: ")
    app.press("y")
    app.shows("Copied https://example.org/[@click=app.quit]x")
    app.press("d")
    app.shows("Moved to Trash")
    app.press("u")
    app.shows("Restored 1 article")
    lines = app.text.split("\n")
    row = next(number for number, line in enumerate(lines) if "over there" in line)
    # The pointer over the link.
    app.press(f"\x1b[<35;{lines[row].index('over there') + 3};{row + 1}M")
    app.shows("https://evil.example/[@click=app.quit]")
    app.press("q", "q")
    assert app.ends() == 0
    for sequence in SEQUENCES:
        assert sequence.encode() not in app.sent
    assert b"pwned\x07" not in app.sent


def test_fifty_commands_at_once_show_in_the_open_app(workspace: Workspace, start: Start) -> None:
    """Fifty `reader add` beside the app: all exit with 0, all are there, and the app shows them."""
    app = start()
    app.shows("The long crossing")
    with Forks() as forks:
        for number in range(50):
            forks.start("reader", "add", "--later", f"https://many{number}.example/")
        assert [said for _, said in forks.rest()] == ["ended 0"] * 50
    app.until(lambda: "53" in app.text)
    app.press("q")
    assert app.ends() == 0
    workspace.library.refresh()
    urls = {record.entry.url for record in workspace.library.records()}
    assert urls >= {f"https://many{number}.example/" for number in range(50)}
