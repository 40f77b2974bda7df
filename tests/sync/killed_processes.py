"""Syncs as processes of their own that are killed (`SIGKILL`) at a random moment of their work."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from reader.library import Library, article_folders
from reader.library.journal_codec import decode_file
from reader.library.lww_document import operations
from reader.model.change import Change
from reader.model.entry import EntryId
from reader.paths import Paths
from reader.sync.names import Segment, sort_root
from reader.sync.push import MAX_SEGMENTS
from reader.sync.seal import PlainSeal
from tests.library.libraries import added, state_of
from tests.sync.devices import page

WAIT = 60.0
"""Seconds for a process to get to its moment: a loaded machine."""


class KilledDevice:
    """A device whose command line syncs with a folder."""

    def __init__(self, folder: Path, remote: Path):
        self.remote = remote
        state = folder / "state" / "reader"
        self.places = Paths(folder / "library", state, folder / "cache", folder / "config.toml")
        self._environ = {
            **os.environ,
            "READER_HOME": str(folder / "library"),
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "READER_CONFIG": str(folder / "config.toml"),
        }

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run `reader sync`."""
        return subprocess.run(
            [sys.executable, "-m", "reader", "sync", *words],
            env=self._environ,
            capture_output=True,
            text=True,
            check=False,
        )

    def run_until(self, is_moment: Callable[[], bool], *words: str) -> bool:
        """Run `reader sync` and kill it at a moment; return whether it was still at work."""
        process = subprocess.Popen(
            [sys.executable, "-m", "reader", "sync", *words],
            env=self._environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + WAIT
        while process.poll() is None and not is_moment() and time.monotonic() < until:
            time.sleep(0.0005)
        process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL

    def add(self, first: int, count: int) -> list[EntryId]:
        """Save articles."""
        library = Library.open(self.places)
        names = added(library, *map(page, range(first, first + count)))
        library.close()
        return names

    def note(self, entry_id: EntryId, text: str) -> None:
        """Change an article."""
        library = Library.open(self.places)
        library.change({entry_id: Change(note=text)}, step=None)
        library.close()

    def state(self) -> dict[str, dict[str, object]]:
        """All fields of all records."""
        return state_of(self.places)

    def folders(self) -> set[str]:
        """The article folders that are here."""
        return set(article_folders.list_folders(self.places.home))

    def verify(self) -> None:
        """Check the remote by its own command."""
        done = self.run("verify", "--json")
        report = json.loads(done.stdout)
        assert done.returncode == 0, done.stderr
        assert [report["missing"], report["damaged"], report["unnamed"]] == [[], [], []]


def archives_on(remote: Path) -> set[str]:
    """The archives that are whole on the remote, by their names."""
    found = set()
    for path in (remote / "articles").glob("*/*.tar"):
        found.add(path.relative_to(remote).as_posix())
    return found


def segments_on(remote: Path) -> list[str]:
    """The names of the segments."""
    names = [path.name for path in remote.iterdir()]
    return [name for name in names if name.startswith("journal.") and "#" not in name]


def assert_named_is_there(remote: Path) -> None:
    """Fail if a segment names an archive that is not on the remote."""
    there = archives_on(remote)
    for segment in sort_root(segments_on(remote)).segments:
        lines = decode_file((remote / segment.name).read_bytes())
        for _, fields, _ in operations(lines, segment.uploader):
            if fields.get("folder"):
                assert PlainSeal().folder_name(str(fields["folder"])) in there


def kill_uploads(folder: Path, chance: Random, *, articles: int, kills: int) -> int:
    """Kill first uploads until one gets through; return how many kills hit a run at work."""
    one = KilledDevice(folder / "one", folder / "remote")
    one.add(0, articles)
    one.run("--init", str(one.remote), "--dry-run")
    hit, words = 0, ["--init", str(one.remote)]
    for _ in range(kills):
        enough = len(archives_on(one.remote)) + chance.randrange(1, 2 + 2 * articles // kills)
        hit += one.run_until(lambda: len(archives_on(one.remote)) >= enough, *words)  # noqa: B023
        words = [] if (one.places.state / "libraries").exists() else words
        assert_named_is_there(one.remote)
    done = one.run(*words)
    assert done.returncode == 0, done.stderr
    assert len(archives_on(one.remote)) == articles
    assert_named_is_there(one.remote)
    one.verify()
    return hit


def kill_pulls(folder: Path, chance: Random, *, kills: int) -> int:
    """Kill a second device's first pulls, after `kill_uploads`; return how many were at work."""
    one = KilledDevice(folder / "one", folder / "remote")
    two = KilledDevice(folder / "two", folder / "remote")
    total, hit, words = len(one.folders()), 0, ["--init", str(two.remote)]
    for _ in range(kills):
        enough = len(two.folders()) + chance.randrange(1, 2 + 2 * total // kills)
        hit += two.run_until(lambda: len(two.folders()) >= enough, *words)  # noqa: B023
        words = [] if (two.places.state / "libraries").exists() else words
        state = two.state()
        named = {str(fields["folder"]) for fields in state.values() if fields.get("folder")}
        assert named <= two.folders()
    done = two.run(*words)
    assert done.returncode == 0, done.stderr
    assert two.state() == one.state()
    assert two.folders() == one.folders()
    two.verify()
    return hit


def kill_merges(folder: Path, chance: Random, *, kills: int) -> int:
    """Kill merges of segments; return how many were at work."""
    one = KilledDevice(folder / "merging", folder / "merged")
    (name,) = one.add(0, 1)
    assert one.run("--init", str(one.remote)).returncode == 0
    hit = 0
    for turn in range(kills):
        fill_segments(one, name, turn)
        before = len(segments_on(one.remote))
        gone = chance.randrange(0, 50)
        hit += one.run_until(
            lambda: len(segments_on(one.remote)) < before - gone  # noqa: B023
        )
        assert_named_is_there(one.remote)
        other = KilledDevice(folder / f"other-{turn}", one.remote)
        assert other.run("--init", str(one.remote)).returncode == 0
        assert one.run().returncode == 0
        assert other.run().returncode == 0
        assert other.state() == one.state()
        one.verify()
    return hit


def fill_segments(device: KilledDevice, name: EntryId, turn: int) -> None:
    """Put as many small segments as are kept, as by syncs of one change each."""
    library = Library.open(device.places)
    for number in range(MAX_SEGMENTS):
        library.change({name: Change(note=f"note {turn} {number}")}, step=None)
    own = library.device
    library.close()
    content = (device.places.home / "journal" / f"{own}-1.log").read_bytes()
    segments = sort_root(segments_on(device.remote)).segments
    at = max(segment.end for segment in segments)
    for line in content[at:].splitlines(keepends=True)[: MAX_SEGMENTS - len(segments)]:
        digest = hashlib.sha256(content[: at + len(line)]).hexdigest()[:16]
        segment = Segment("plain", own, f"{own}-1.log", at, at + len(line), digest)
        (device.remote / segment.name).write_bytes(line)
        at += len(line)
