"""Memory and time at many entries: `python -m tests.bench.sync.large [ENTRIES [ARTICLES]]`.

A library of links and some articles goes to a folder, plain and sealed. Memory is the largest of
each process, less that of a sync of an empty library; times are processor times, three of each in
turns.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from reader.library import Library
from reader.model.change import SaveRequest
from reader.paths import Paths
from tests.bench.sync.requests import make_library

_RUN = """
import resource, sys
from reader.cli.main import run
sys.stdout = open("/dev/null", "w")
code = run(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
# `ru_maxrss` counts the parent's memory before the program was exchanged.
memory = open("/proc/self/status").read().partition("VmHWM:")[2].split()[0]
sys.stderr.write("\\n%s %s %s\\n" % (code, memory, used.ru_utime + used.ru_stime))
"""


_INIT = """
import sys
from reader.cli.command_context import open_workspace
from reader.services.sync import init_remote
with open_workspace() as workspace:
    init_remote(workspace, sys.argv[1], sealed="sealed" in sys.argv)
"""
"""Joining is measured apart: turning a passphrase into a key takes 500 MB and a second on purpose."""


def environment(home: Path) -> dict[str, str]:
    """The variables of a device whose folders are all in `home`."""
    return {
        **os.environ,
        "READER_HOME": str(home / "library"),
        "XDG_STATE_HOME": str(home / "state-home"),
        "XDG_CACHE_HOME": str(home / "cache-home"),
        "READER_CONFIG": str(home / "config.toml"),
        "READER_SYNC_PASSPHRASE": "correct horse battery",
    }


def begin(home: Path, remote: Path, kind: str) -> None:
    """Join a remote, which is made ready if it is empty."""
    words = [sys.executable, "-c", _INIT, str(remote), *([kind] if not remote.exists() else [])]
    subprocess.run(words, env=environment(home), check=True)


def measured(home: Path, *words: str) -> tuple[float, float]:
    """Run a command in a process of its own; return megabytes and processor seconds."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *words],
        env=environment(home),
        capture_output=True,
        text=True,
        check=True,
    )
    code, memory, seconds = done.stderr.rstrip().rsplit("\n", 1)[-1].split()
    assert code == "0", done.stderr
    return int(memory) / 1024, float(seconds)


def add_links(home: Path, count: int) -> None:
    """Queue links, thousands in one step."""
    paths = Paths(home / "library", home / "state", home / "cache", home / "config.toml")
    library = Library.open(paths)
    for begin in range(0, count, 5_000):
        end = min(begin + 5_000, count)
        rows = [
            SaveRequest(given=f"https://example.org/link/{number}", title=f"Link {number}")
            for number in range(begin, end)
        ]
        library.import_entries(rows, step=None)
    library.close()


def main(words: list[str]) -> int:
    """Print the figures."""
    entries, articles = (int(word) for word in (*words, "100000", "2000")[:2])
    root = Path(tempfile.mkdtemp(prefix="reader-bench-"))
    try:
        (root / "empty").mkdir()
        (root / "full").mkdir()
        base, _ = measured(root / "empty", "sync", "--init", str(root / "remote-empty"))
        make_library(root / "full", articles)
        add_links(root / "full", entries - articles)
        for kind in ("plain", "sealed"):
            remote = root / f"remote-{kind}"
            begin(root / "full", remote, kind)
            memory, seconds = measured(root / "full", "sync")
            print(f"first upload, {kind}: {memory - base:.0f} MB more, {seconds:.1f} s", flush=True)
            (root / f"second-{kind}").mkdir()
            begin(root / f"second-{kind}", remote, kind)
            memory, seconds = measured(root / f"second-{kind}", "sync")
            print(
                f"second device, {kind}: {memory - base:.0f} MB more, {seconds:.1f} s", flush=True
            )
        measured(root / "full", "list")
        for _ in range(3):
            memory, seconds = measured(root / "full", "sync")
            _, listing = measured(root / "full", "list")
            print(
                f"nothing new: {memory - base:.0f} MB more, {seconds:.2f} s,"
                f" list {listing:.2f} s: {seconds / listing:.2f} times",
                flush=True,
            )
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
