"""Standard streams that are closed, full, of another encoding, or read by nobody."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reader import paths
from reader.model.change import SaveRequest
from reader.services.workspace import Workspace
from reader.settings import Settings

ROOT = Path(__file__).parents[2]
QUICK, LONG = ["list"], ["list", "is:unread"]
TITLE = "Três 四"


@pytest.fixture
def filled(settled: Path) -> None:
    """More rows than a pipe holds."""
    with Workspace(paths.find(), Settings()) as workspace:
        links = [
            SaveRequest(given=f"https://a.example/{number}", title=f"{TITLE} {number} {'x' * 200}")
            for number in range(600)
        ]
        workspace.library.add(links, step="x")
        workspace.synced_cache()


def run(words: list[str], shell: str = "", **options: Any) -> subprocess.CompletedProcess[bytes]:
    """`reader WORDS` with redirections as a shell writes them."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **options}
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", f'"$0" "$@" {shell}', sys.executable, "-m", "reader", *words],
        env=variables,
        capture_output=True,
        check=False,
    )  # fmt: skip


@pytest.mark.parametrize("words", [QUICK, LONG, ["--help"]])
def test_closed_streams_are_no_error(filled: None, words: list[str]) -> None:
    """The job is done, and nothing is said to nobody."""
    for closed in (">&-", "<&- >&- 2>&-"):
        done = run(words, closed)
        assert (done.returncode, done.stderr) == (0, b"")


def test_a_closed_stream_is_never_a_file_of_the_library(settled: Path, tmp_path: Path) -> None:
    """What is printed to a closed stream does not end in what was opened next."""
    page = tmp_path / "page.md"
    page.write_text("# A page\n\nIt was saved while nobody was listening to it.\n")
    assert run(["add", str(page)], "<&- >&- 2>&-").returncode == 0
    assert run(["doctor"]).stdout == b"no problems found\n"
    assert len(json.loads(run(["list", "--json"]).stdout)) == 1


@pytest.mark.parametrize("words", [QUICK, LONG])
def test_a_reader_that_goes_away_ends_it_quietly(filled: None, words: list[str]) -> None:
    """`| head -1` is no error, however much was left to print."""
    done = run(words, "| head -n 1")
    assert (done.returncode, done.stderr, done.stdout.count(b"\n")) == (0, b"", 1)


def test_an_invalid_time_zone_is_named(filled: None) -> None:
    """Python's dates have no zone of a day from UTC; the command runs in UTC and says so."""
    for words in (QUICK, ["stats"]):
        done = run(words, TZ="XYZ+25")
        assert done.returncode == 0
        assert done.stderr == b"reader: invalid time zone in TZ: 'XYZ+25'; UTC is used\n"


def test_a_broken_standard_error_keeps_the_exit_code() -> None:
    """There is nobody to tell, but a script still sees that it failed."""
    for broken in ("2>&-", "2> >(true)"):
        assert run(["show", "zzzz"], broken).returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
@pytest.mark.parametrize("words", [QUICK, LONG, ["--version"]])
def test_a_full_disk_behind_standard_output_is_reported(filled: None, words: list[str]) -> None:
    """One line, exit code 1, nothing from the interpreter's end."""
    done = run(words, ">/dev/full")
    assert (done.returncode, done.stderr) == (
        1,
        b"reader: No space left on device: standard output\n",
    )


@pytest.mark.parametrize("words", [QUICK, LONG])
def test_another_encoding_gets_what_it_can_show(filled: None, words: list[str]) -> None:
    """`?` for the rest in text; JSON loses nothing."""
    text = run(words, PYTHONUTF8="0", PYTHONIOENCODING="iso-8859-1")
    assert (text.returncode, text.stderr) == (0, b"")
    assert "Três ? 7 ".encode("latin-1") in text.stdout
    rows = run([*words, "--json"], PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert (rows.returncode, rows.stderr) == (0, b"")
    titles = [row["title"] for row in json.loads(rows.stdout.decode("ascii"))]
    assert any(title.startswith(f"{TITLE} 7 ") for title in titles)
