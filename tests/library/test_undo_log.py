"""The newest step of the device is undone, whatever was killed between."""

import errno
from pathlib import Path
from random import Random

import pytest

from reader.library import undo_log
from reader.library.journal_writer import JournalWriter
from reader.library.undo_log import UndoEntry, UndoLog
from reader.model.change import Change
from reader.model.errors import WriteError
from tests.library.shelves import NOON, Clock, added, link, opened, places_in


class _KilledError(BaseException):
    """Stands for the end of the process: nothing catches it."""


class Kills:
    """Ends a process right before or right after its journal line is on the disk."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.when = ""
        real = JournalWriter.append

        def append(writer: JournalWriter, path: Path, good_end: int, content: bytes) -> object:
            if self.when == "before":
                raise _KilledError
            stamp = real(writer, path, good_end, content)
            if self.when == "after":
                raise _KilledError
            return stamp

        monkeypatch.setattr(JournalWriter, "append", append)


@pytest.mark.parametrize("seed", range(60))
def test_the_newest_step_is_undone_whatever_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """A dictionary of values and a stack of steps say the same after every undo."""
    random = Random(seed)
    kills = Kills(monkeypatch)
    places = places_in(tmp_path)
    # A clock that stands still gives the same time to a change that was killed and to the next.
    clock = (lambda: NOON) if seed % 2 else Clock()
    library = opened(places, clock)  # type: ignore[arg-type]
    names = added(library, *(link(number) for number in range(4)), step=None)
    titles: dict[str, str | None] = dict.fromkeys(names)
    steps: list[tuple[str, str, str | None, str]] = []
    for number in range(40):
        kills.when = random.choice(["", "", "", "before", "after"])
        was_killed = False
        name = random.choice(names)
        kind = random.choice(["change", "change", "undo", "position"])
        undone = None
        try:
            if kind == "change":
                library.change({name: Change(note=f"note {number}")}, step=f"step {number}")
            elif kind == "position":
                library.change({name: Change(attempts=number + 1)}, step=None)
            else:
                undone = library.undo()
        except _KilledError:
            was_killed = True
        has_happened = not was_killed or kills.when == "after"
        kills.when = ""
        if kind == "change" and has_happened:
            steps.append((f"step {number}", name, titles[name], f"note {number}"))
            titles[name] = f"note {number}"
        if kind == "undo" and steps and has_happened:
            message, changed, before, _ = steps.pop()
            titles[changed] = before
            if not was_killed:
                assert undone is not None
                assert undone.step == message
                assert undone.changed == 1
        if was_killed:
            library = opened(places, clock)  # type: ignore[arg-type]
        assert {each: library.get(each).note or None for each in names} == titles
    while steps:
        message, changed, before, _ = steps.pop()
        undone = library.undo()
        assert undone is not None
        assert undone.step == message
        titles[changed] = before
        assert {each: library.get(each).note or None for each in names} == titles
    assert library.undo() is None


def test_the_file_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many steps of whatever size: the newest are there, and the newest one always."""
    monkeypatch.setattr(undo_log, "MAX_BYTES", 20_000)
    log = UndoLog(tmp_path)
    for number in range(500):
        fields = {"abcdabcdabcd": {"note": "x" * 100}}
        log.append(UndoEntry(f"step {number}", fields, fields, (number, 0)))
        assert log.path.stat().st_size <= 20_000
    latest = log.latest()
    assert latest is not None
    assert latest.message == "step 499"
    large = {"abcdabcdabcd": {"note": "x" * 50_000}}
    log.append(UndoEntry("large", large, large, (999, 0)))
    latest = log.latest()
    assert latest is not None
    assert latest.message == "large"
    assert log.path.stat().st_size < 110_000


def test_a_log_that_cannot_be_read_is_no_empty_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user is not told that there is nothing to undo."""
    library = opened(places_in(tmp_path))
    (name,) = added(library, link(1))
    library.change({name: Change(starred=True)}, step="starred")

    def refuse(path: Path) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", refuse)
        with pytest.raises(WriteError, match="not undone"):
            library.undo()
    assert library.get(name).entry.starred
    assert library.undo() is not None
