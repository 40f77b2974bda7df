"""A program of the settings may write the summary; nobody waits for one that does not answer."""

import sys
import time
from pathlib import Path

import pytest

from reader.model.errors import JobCancelledError, ReaderError
from reader.services.desktop import open_in_browser, pipe
from reader.services.summaries import summarise_article

TEXT = "The tide rises twice a day here. Mills along the coast once turned with it. " * 3


def script(code: str) -> list[str]:
    return [sys.executable, "-c", f"import sys, time\n{code}"]


def test_without_a_command_the_article_speaks_for_itself() -> None:
    """Its own sentences."""
    assert "The tide rises twice a day here." in summarise_article("Tides", TEXT).sentences


def test_the_command_gets_the_text_and_its_answer_is_cleaned() -> None:
    """Title and plain text on standard input; what it answers cannot reach the terminal as codes."""
    code = r"words = sys.stdin.read().split(); print('\x1b[31m' + words[0], len(words)); print(); print('End')"
    found = summarise_article("Tides", TEXT, script(code))
    assert found.sentences == (f"[31mTides {len(TEXT.split()) + 1}", "End")


def test_a_command_need_not_read_what_it_is_given() -> None:
    """Nor is more of its answer taken than anyone would read."""
    found = summarise_article("Tides", TEXT * 2_000, script("print('x' * 10_000_000)"))
    assert len(found.sentences[0]) == 20_000


@pytest.mark.parametrize(
    "command",
    [["/nowhere/summarise"], script("sys.exit(3)"), script("pass"), script("time.sleep(60)")],
    ids=["missing", "failing", "silent", "slow"],
)
def test_a_command_that_fails_is_named(command: list[str]) -> None:
    """One sentence with its name; it is not left running."""
    with pytest.raises(ReaderError) as caught:
        summarise_article("Tides", TEXT, command, patience=0.3)
    assert command[0] in str(caught.value)


def test_a_command_can_be_stopped() -> None:
    """Asked to stop, it ends with all that it started."""
    with pytest.raises(JobCancelledError):
        summarise_article("Tides", TEXT, script("time.sleep(60)"), cancelled=lambda: True)


LEFT_BEHIND = """
import os
if os.fork():
    sys.exit(0)
os.setsid()
os.close(CLOSED)
time.sleep(20)
"""


@pytest.mark.parametrize("closed", ["1", "0"])
def test_a_program_that_a_command_leaves_behind_is_not_waited_for(closed: str) -> None:
    """It holds the output open, or the input, which is longer than a pipe, in another session."""
    began = time.monotonic()
    with pytest.raises(ReaderError):
        summarise_article("Tides", TEXT * 2_000, script(LEFT_BEHIND.replace("CLOSED", closed)))
    assert time.monotonic() - began < 10


def test_the_answer_of_a_pipe_is_its_first_line() -> None:
    """An endless one is cut; what the program writes to standard error counts as well."""
    assert pipe("text", script("print(sys.stdin.read(), file=sys.stderr)")) == "text"
    assert pipe("text", script("while True: print('again')")) == "again"
    with pytest.raises(ReaderError, match="failed: no room"):
        pipe("text", script("sys.exit('no room')"))


def test_a_program_that_a_pipe_leaves_behind_goes_on(tmp_path: Path) -> None:
    """It shows the article, for instance, in a window."""
    shown = tmp_path / "shown"
    window = f"time.sleep(0.5); open({str(shown)!r}, 'w').close()"
    code = (
        "import subprocess\n"
        f"subprocess.Popen({script(window)!r}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)"
    )
    assert pipe("text", script(code)) == ""
    until = time.monotonic() + 10
    while not shown.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert shown.exists()


@pytest.mark.parametrize("word", ["a\0b", ""])
def test_words_that_no_program_can_have_are_refused(word: str) -> None:
    """Wherever a command of the settings is started."""
    for start in (
        lambda: pipe("text", [word]),
        lambda: summarise_article("Tides", TEXT, [word]),
        lambda: open_in_browser("https://a.example/", [word]),
    ):
        with pytest.raises(ReaderError, match="cannot start"):
            start()
