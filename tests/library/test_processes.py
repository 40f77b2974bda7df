"""Several processes on one library: killed at any moment, all at once, or side by side."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from reader.model.change import Change
from tests.library.shelves import added, link, opened, places_in, state_of

_WRITER = """
import sys, time
from pathlib import Path
from reader.library import Library
from tests.library.shelves import link, places_in
library = Library.open(places_in(Path(sys.argv[1])), clock=time.time)
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    added = library.add([link(number)], step="added")
    print(added[0].record.entry.id, flush=True)
"""
ROOT = Path(__file__).parents[2]


def _writer(folder: Path, first: int, last: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(folder), str(first), str(last)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_what_was_told_before_a_kill_is_there(tmp_path: Path) -> None:
    """Two writers, killed after some answers, with a reader open: every id that was printed stays."""
    places = places_in(tmp_path)
    added(opened(places), link(0))
    reader = opened(places)
    told: set[str] = set()
    for turn in range(3):
        writers = [_writer(tmp_path, 1000 * turn + at, 1000 * turn + at + 400) for at in (1, 501)]
        for number, writer in enumerate(writers):
            assert writer.stdout is not None
            told |= {writer.stdout.readline().strip() for _ in range(3 + 4 * number + turn)}
            reader.refresh()
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
            rest, _ = writer.communicate()
            told |= {line for line in rest.split("\n")[:-1] if len(line) == 12}
        told.discard("")
        reader.refresh()
        assert told <= {record.entry.id for record in reader.records()}
        assert told <= state_of(places).keys()


def test_many_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    """Four processes with twelve additions each beside an open library, which sees them all."""
    places = places_in(tmp_path)
    library = opened(places)
    writers = [_writer(tmp_path, 100 * number, 100 * number + 12) for number in range(4)]
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    library.refresh()
    assert len(list(library.records())) == 48


def test_another_process_is_seen_before_a_change(tmp_path: Path) -> None:
    """A change is made to what is on the disk, not to what was read an hour ago."""
    places = places_in(tmp_path)
    here, there = opened(places), opened(places)
    (name,) = added(there, link(1))
    here.refresh()
    there.change({name: Change(add_tags=("a",))}, step=None)
    here.change({name: Change(add_tags=("b",))}, step=None)
    assert here.get(name).entry.tags == ("a", "b")
