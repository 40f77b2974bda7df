"""Bulk commands show their progress, and Ctrl-C stops them between two batches."""

import signal
from collections.abc import Iterable
from pathlib import Path

import pytest

from reader.cli import command_context, output
from reader.services import entries, imports, workspace
from reader.services.workspace import Workspace
from tests.cli.conftest import Reader

LINKS, BATCH = 12, 5
COUNT = ("list", "--json", "--limit", "100")


@pytest.fixture
def links(settled: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file of links, which are changed in three batches."""
    monkeypatch.setattr(workspace, "BATCH", BATCH)
    monkeypatch.setattr(entries, "BATCH", BATCH)
    monkeypatch.setattr(imports, "BATCH_ROWS", BATCH)
    file = settled / "links.csv"
    rows = [f"Title {number},https://a.example/{number},old" for number in range(LINKS)]
    file.write_text("\n".join(["title,url,tags", *rows]) + "\n")
    return str(file)


def _press_after_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Workspace.release

    def release(self: Workspace, ids: Iterable[str]) -> None:
        real(self, ids)
        monkeypatch.setattr(Workspace, "release", real)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Workspace, "release", release)


@pytest.mark.parametrize(
    ("command", "done"),
    [
        (["mark", "--query", "is:unread", "--read", "--yes"], "is:read"),
        (["tag", "--query", "tag:old", "+new", "--yes"], "tag:new"),
        (["rm", "--query", "is:unread", "--yes"], "is:trashed"),
        (["tags", "rename", "old", "new"], "tag:new"),
    ],
)
def test_a_change_stops_after_a_batch(
    reader: Reader, links: str, command: list[str], done: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batches before are saved, the message says how many, and one undo reverts them."""
    assert reader("import", links).code == 0
    _press_after_one_batch(monkeypatch)
    stopped = reader(*command)
    assert stopped.code == 130
    assert f"stopped after {BATCH} of {LINKS}" in stopped.err
    assert len(reader(*COUNT, done).json) == BATCH
    assert reader("undo").code == 0
    assert reader(*COUNT, done).json == []
    assert reader(*command).code == 0
    assert len(reader(*COUNT, done).json) == LINKS


def test_an_undo_stops_after_a_batch(
    reader: Reader, links: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next undo restores the rest."""
    reader("import", links)
    reader("mark", "--query", "is:unread", "--read", "--yes")
    _press_after_one_batch(monkeypatch)
    stopped = reader("undo")
    assert stopped.code == 130
    assert "run `reader undo` again" in stopped.err
    left = len(reader(*COUNT, "is:read").json)
    assert 0 < left < LINKS
    assert reader("undo").code == 0
    assert len(reader(*COUNT, "is:unread").json) == LINKS


def test_emptying_the_trash_stops_after_a_batch(
    reader: Reader, links: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not deleted is still in the trash, and can be restored."""
    reader("import", links)
    reader("rm", "--query", "is:unread", "--yes")
    _press_after_one_batch(monkeypatch)
    stopped = reader("trash", "--empty", "--yes")
    assert stopped.code == 130
    assert f"permanently deleted {BATCH} articles of {LINKS}" in stopped.err
    assert len(reader("trash", "--json").json) == LINKS - BATCH
    assert reader("trash", "--empty", "--yes").code == 0
    assert reader("trash", "--json").json == []


def test_an_import_stops_after_a_batch(
    reader: Reader, links: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows before are saved; the same import adds the rest."""
    _press_after_one_batch(monkeypatch)
    stopped = reader("import", links)
    assert stopped.code == 130
    assert f"stopped after {BATCH} rows" in stopped.err
    assert len(reader(*COUNT).json) == BATCH
    assert reader("import", links).code == 0
    assert len(reader(*COUNT).json) == LINKS


def test_progress_is_shown_after_a_third_of_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing before, then ten times a second at most, and the line is cleared at the end."""
    clock, shown = [100.0], list[str]()
    monkeypatch.setattr(command_context, "monotonic", lambda: clock[-1])
    monkeypatch.setattr(output, "show_progress", shown.append)
    report = command_context.progress_printer("{} of {} changed")
    for number, seconds in enumerate((0, 0.2, 0.35, 0.4, 0.46)):
        clock.append(100 + seconds)
        report(number, 9)
    assert shown == ["2 of 9 changed", "4 of 9 changed"]
    report(9, 9)
    assert shown[-1] == ""
