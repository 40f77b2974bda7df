"""Processor time of programs that wait for a key, over 10,000 entries in a pseudo-terminal.

    python -m tests.bench.ui.idle [--entries N] [--seconds N] [--other READER]

All programs wait at the same time: the app in its list and in a dialog with a cursor, another build
(`--other`) in the same two places, and newsboat if it is installed. The figures are the processor
time of a program and its children from /proc (Linux), which other load hardly changes.
"""

import argparse
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tests.bench.table import Figure, listed
from tests.bench.ui.articles import made_article
from tests.forking import run_in_child

SETTLING = 30.0
"""Seconds from the start to the key that opens the dialog, and from there to the measurement."""
MAX_IDLE = 0.3
"""Per cent of a core that the app may use."""
FEEDS = 100
"""Feeds into which newsboat's items are divided."""
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Program:
    """A program to run; `keys` are typed once it has settled, `limit` is in per cent of a core."""

    name: str
    words: list[str]
    variables: Mapping[str, str]
    keys: bytes = b""
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """The process and the terminal of a program."""

    process: int
    terminal: int


def main(argv: Sequence[str] | None = None) -> int:
    """Print the use of a core in per cent; 1 if the app is above its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--other", type=Path, help="the command of another build")
    chosen = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        programs = _programs(Path(folder), chosen.entries, chosen.other)
        running = [stack.enter_context(_started(program)) for program in programs]
        _wait(running, SETTLING)
        for program, run in zip(programs, running, strict=True):
            os.write(run.terminal, program.keys)
        _wait(running, SETTLING)
        before, began = [_processor_time(run.process) for run in running], monotonic()
        _wait(running, chosen.seconds)
        after, passed = [_processor_time(run.process) for run in running], monotonic() - began
    return not listed(
        Figure(f"{program.name}, % of a core", 100 * (end - start) / passed, program.limit)
        for program, start, end in zip(programs, before, after, strict=True)
    )


def _programs(home: Path, entries: int, other: Path | None) -> list[Program]:
    """Return all programs, each with a filled library of its own."""
    links, page = _write_sources(home, entries)
    programs: list[Program] = []
    own = Path(sys.executable).with_name("reader")
    for name, reader in (("reader", own), ("other build", other)):
        if reader is None:
            continue
        variables = _reader_variables(home / name)
        for command in (["import", str(links)], ["add", str(page)], ["list", "--limit", "1"]):
            subprocess.run([reader, *command], env=variables, check=True, capture_output=True)
        words, limit = [str(reader)], MAX_IDLE if reader == own else None
        programs += [
            Program(f"{name}, in the list", words, variables, limit=limit),
            Program(f"{name}, in a dialog with a cursor", words, variables, b"a", limit),
        ]
    if newsboat := shutil.which("newsboat"):
        programs.append(
            Program("newsboat", [newsboat, *_newsboat_files(home, entries)], os.environ)
        )
    return programs


def _write_sources(home: Path, entries: int) -> tuple[Path, Path]:
    """Write a file of bookmarks, and an article for the preview."""
    links, page = home / "links.html", home / "page.txt"
    rows = "\n".join(
        f'<DT><A HREF="https://site{row % 97}.example/{row}" ADD_DATE="{1_500_000_000 + row}">'
        f"Harbour note {row}</A>"
        for row in range(entries)
    )
    links.write_text(f"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n{rows}\n</DL>\n")
    page.write_text(f"A ferry\n\n{made_article(2_000)}\n")
    return links, page


def _reader_variables(home: Path) -> dict[str, str]:
    home.mkdir()
    return {
        **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "HOME": str(home),
        "READER_HOME": str(home / "library"),
        "READER_CONFIG": str(home / "config.toml"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CACHE_HOME": str(home / "cache"),
    }


def _newsboat_files(home: Path, entries: int) -> list[str]:
    """Write as many items as entries into feeds, load them, and return newsboat's options."""
    feeds = home / "feeds"
    feeds.mkdir()
    for feed in range(FEEDS):
        items = "".join(
            f"<item><title>Harbour note {row}</title><link>https://site.example/{row}</link>"
            f"<guid>{row}</guid></item>"
            for row in range(feed, entries, FEEDS)
        )
        (feeds / f"{feed}.xml").write_text(
            f'<rss version="2.0"><channel><title>Feed {feed}</title>{items}</channel></rss>'
        )
    urls, config = feeds / "urls", feeds / "config"
    urls.write_text("".join(f"file://{feeds}/{feed}.xml\n" for feed in range(FEEDS)))
    config.touch()
    options = ["-u", str(urls), "-c", str(feeds / "cache.db"), "-C", str(config)]
    subprocess.run(["newsboat", *options, "-x", "reload"], check=True, capture_output=True)
    return options


@contextmanager
def _started(program: Program) -> Iterator[Running]:
    """Run the program in a terminal of its own; it is ended by force."""
    child, terminal = pty.fork()
    if not child:
        run_in_child(program.words, program.variables, (36, 130))
    try:
        yield Running(child, terminal)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)


def _wait(running: Sequence[Running], seconds: float) -> None:
    """Read what the programs draw until the seconds have passed; a program that ends raises OSError."""
    end = monotonic() + seconds
    terminals = [run.terminal for run in running]
    while (left := end - monotonic()) > 0:
        for terminal in select.select(terminals, [], [], left)[0]:
            os.read(terminal, 65536)


def _processor_time(process: int) -> float:
    """Return the seconds that the process and its session's other processes have used.

    A program in a terminal of its own leads a session (proc(5): fields 6 and 14 to 17 of `stat`).
    """
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[3]) == process:
            ticks += sum(map(int, fields[11:15]))
    return ticks / TICKS_PER_SECOND


if __name__ == "__main__":
    sys.exit(main())
