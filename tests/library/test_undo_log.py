"""The newest step of the device is undone, whatever was killed between."""

import errno
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.library import undo_log
from reader.library.journal_files import FileStamp
from reader.library.journal_writer import JournalWriter
from reader.library.undo_log import UndoEntry, UndoLog
from reader.model.change import Change
from reader.model.errors import WriteError
from tests.library.libraries import NOON, Clock, added, link, opened, places_in


class _KilledError(BaseException):
    """Stands for the end of the process: nothing catches it."""


class Kills:
    """Ends a process right before or right after its journal line is on the disk."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.when = ""
        real = JournalWriter.append

        def append(
            writer: JournalWriter,
            path: Path,
            good_end: int,
            content: bytes,
            known: FileStamp | None = None,
        ) -> object:
            if self.when == "before":
                raise _KilledError
            stamp = real(writer, path, good_end, content, known)
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


@pytest.mark.parametrize("tail", [b'0badcafe {"said":"to', b"\0" * 100])
def test_a_torn_line_spoils_no_further_one(tmp_path: Path, tail: bytes) -> None:
    """A power failure may leave a part of the last line, or zeros: it is never fsynced."""
    fields: dict[str, dict[str, Any]] = {"abcdabcdabcd": {"note": "x"}}
    UndoLog(tmp_path).append(UndoEntry("first", fields, fields, (1, 0)))
    with (tmp_path / "steps.log").open("ab") as stream:
        stream.write(tail)
    log = UndoLog(tmp_path)
    log.append(UndoEntry("second", fields, fields, (2, 0)))
    latest = log.latest()
    assert latest is not None
    assert latest.message == "second"


def test_a_mark_never_trims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trimming applies marks, so a mark about the last line must come before it."""
    fields: dict[str, dict[str, Any]] = {"abcdabcdabcd": {"note": "x" * 100}}
    log = UndoLog(tmp_path)
    for number in range(20):
        log.append(UndoEntry(f"step {number}", fields, fields, (number, 0)))
    log.mark_undone((99, 0))
    monkeypatch.setattr(undo_log, "MAX_BYTES", log.path.stat().st_size)
    log.discard_last()
    latest = log.latest()
    assert latest is not None
    assert latest.message == "step 19"


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
        patched.setattr(undo_log, "open_plain_file", refuse)
        with pytest.raises(WriteError, match="not undone"):
            library.undo()
    assert library.get(name).entry.starred
    assert library.undo() is not None


class _StoppedError(Exception):
    """Stands for Ctrl-C between two batches."""


@pytest.mark.parametrize("stops_after", [1, 2, 3])
def test_a_large_undo_that_was_stopped_continues(tmp_path: Path, stops_after: int) -> None:
    """Its batches are undone newest first; what is left is still the newest step."""
    library = opened(places_in(tmp_path))
    names = added(library, *(link(number) for number in range(12)), step=None)
    library.change({names[0]: Change(note="first")}, step="noted")
    for start in range(0, 12, 3):
        batch = {name: Change(starred=True) for name in names[start : start + 3]}
        library.change(batch, step="starred all", run="one run")
    reported: list[tuple[int, int]] = []

    def stop(ids: object, done: int, total: int) -> None:
        reported.append((done, total))
        if len(reported) == stops_after:
            raise _StoppedError

    with pytest.raises(_StoppedError):
        library.undo(stop)
    assert reported == [(3 * part, 12) for part in range(1, stops_after + 1)]
    starred = [library.get(name).entry.starred for name in names]
    assert starred == [True] * (12 - 3 * stops_after) + [False] * 3 * stops_after
    # Another process, after a change of its own.
    other = opened(places_in(tmp_path))
    other.change({names[11]: Change(archived=True)}, step="archived")
    undone = [other.undo() for _ in range(3)]
    assert [each and each.step for each in undone] == ["archived", "starred all", "noted"]
    assert [each and each.changed for each in undone] == [1, 12 - 3 * stops_after, 1]
    assert not any(other.get(name).entry.starred for name in names)
    assert other.undo() is None


def test_parts_of_a_run_may_lie_apart(tmp_path: Path) -> None:
    """A step of another process between two batches stays the one that is undone next."""
    library, other = opened(places_in(tmp_path)), opened(places_in(tmp_path))
    names = added(library, *(link(number) for number in range(4)), step=None)
    library.change(dict.fromkeys(names[:2], Change(starred=True)), step="starred", run="run")
    other.change({names[3]: Change(note="between")}, step="between")
    library.change(dict.fromkeys(names[2:], Change(starred=True)), step="starred", run="run")
    for message, changed in (("starred", 4), ("between", 1)):
        undone = library.undo()
        assert undone is not None
        assert (undone.step, undone.changed) == (message, changed)
    assert library.undo() is None


def test_steps_keep_each_record_its_own_values(tmp_path: Path) -> None:
    """Records with the same values share a group in the file; the others do not."""
    log = UndoLog(tmp_path)
    before: dict[str, dict[str, Any]] = {
        f"record{at}": {"starred": at % 2 == 0, "progress": at % 3 / 4} for at in range(50)
    }
    before["listed"] = {"position": ["quote", 1, 0.5]}
    after = {name: dict.fromkeys(fields, True) for name, fields in before.items()}
    log.append(UndoEntry("marked", before, after, (1, 0)))
    latest = log.latest()
    assert latest is not None
    (entry,) = latest.parts()
    assert (entry.before, entry.after) == (before, after)


_RUNS = st.sampled_from(["", "", "a", "b"])
_WRITTEN = st.one_of(
    st.tuples(st.just("change"), _RUNS),
    st.tuples(st.just("undone"), _RUNS),
    st.tuples(st.just("unwritten"), st.just("")),
)


def _newest_by_order(written: list[tuple[str, str]]) -> tuple[str, int] | None:
    """Return the newest step and the number of its parts, by applying the lines in their order."""
    lines: list[tuple[str, str, str]] = []
    for number, (kind, run) in enumerate(written):
        if kind == "unwritten":
            del lines[-1:]
        else:
            lines.append((kind, run, str(number)))
    changes: list[tuple[str, str]] = []
    for kind, run, name in lines:
        if kind == "change":
            changes.append((run, name))
            continue
        fitting = [each for each in changes if run in ("", each[0])]
        if fitting:
            newest = fitting[-1]
            is_whole = not run and newest[0]
            changes = [
                each
                for each in changes
                if each != newest and not (is_whole and each[0] == newest[0])
            ]
    if not changes:
        return None
    run, name = changes[-1]
    return name, sum(each[0] == run for each in changes) if run else 1


@given(written=st.lists(_WRITTEN, max_size=30), length=st.sampled_from([1, 100, 1 << 16]))
def test_the_newest_step_is_that_of_the_lines_in_their_order(
    written: list[tuple[str, str]], length: int
) -> None:
    """The file is read from its end, in pieces of any length."""
    fields: dict[str, dict[str, Any]] = {"abcdabcdabcd": {"note": "x"}}
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(undo_log, "_FIRST_READ_BYTES", length)
        log = UndoLog(Path(folder))
        for number, (kind, run) in enumerate(written):
            if kind == "change":
                log.append(UndoEntry(str(number), fields, fields, (number, 0), run))
            elif kind == "undone":
                log.mark_undone(None, run)
            else:
                log.discard_last()
        latest = log.latest()
        log.close()
    found = None if latest is None else (latest.message, len(latest.sizes))
    assert found == _newest_by_order(written)
