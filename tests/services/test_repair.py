"""Doctor and compaction as whole jobs."""

import shutil
from pathlib import Path

import pytest

from reader.model.change import Change, SaveRequest
from reader.model.diagnostics import Severity
from reader.services import compaction, doctor
from reader.services.workspace import Workspace
from tests.library.libraries import link, saving


def _filled(workspace: Workspace) -> set[str]:
    added = workspace.library.add([saving("first"), saving("second"), link(1)], step="added")
    name = added[0].record.entry.id
    workspace.library.change({name: Change(starred=True, add_tags=("kept",))}, step="starred")
    return {each.record.entry.id for each in added}


def test_a_whole_library_is_clean(workspace: Workspace) -> None:
    """No findings, exit 0; a repair of it makes no backup and changes nothing."""
    _filled(workspace)
    assert doctor.check_library(workspace) == doctor.DoctorReport(())
    assert doctor.repair_library(workspace).exit_code == 0


def test_deleted_journals_come_back(workspace: Workspace) -> None:
    """Every article, its star and tags, and the link; the report says what was missing."""
    ids = _filled(workspace)
    shutil.rmtree(workspace.places.home / "journal")
    found = doctor.check_library(workspace)
    assert found.exit_code == 1
    assert {problem.id for problem in found.diagnostics} == ids
    assert doctor.repair_library(workspace).exit_code == 1
    assert doctor.check_library(workspace).exit_code == 0
    with Workspace(workspace.places, workspace.settings) as again:
        records = list(again.library.records())
        assert {record.entry.id for record in records} == ids
        assert [record.entry.tags for record in records if record.entry.starred] == [("kept",)]


def test_without_any_backup_the_articles_come_back_from_their_folders(workspace: Workspace) -> None:
    """Front matter gives ids, titles and addresses; marks are gone, and a later mark would win."""
    _filled(workspace)
    shutil.rmtree(workspace.places.home / "journal")
    shutil.rmtree(workspace.places.state)
    doctor.repair_library(workspace)
    with Workspace(workspace.places, workspace.settings) as again:
        titles = {record.entry.title for record in again.library.records()}
    assert titles == {"first", "second"}


def test_a_changed_text_remains_damage(workspace: Workspace) -> None:
    """Exit 2 before and after a repair, with the id; the record is kept."""
    _filled(workspace)
    record = next(each for each in workspace.library.records() if each.entry.folder)
    (workspace.places.home / str(record.entry.folder) / "article.md").write_text("other", "utf-8")
    for report in (doctor.check_library(workspace), doctor.repair_library(workspace)):
        assert report.exit_code == 2
        assert record.entry.id in {
            each.id for each in report.diagnostics if each.severity is Severity.DAMAGE
        }


def test_a_backup_is_put_back(workspace: Workspace) -> None:
    """The state of the backup, and the state before it is still to be had."""
    ids = _filled(workspace)
    with Workspace(workspace.places, workspace.settings) as other:
        other.library.add([link(9)], step=None)
    (backup,) = workspace.places.state.glob("libraries/*/backups/*-daily.tar.gz")
    doctor.restore_backup(workspace, backup)
    with Workspace(workspace.places, workspace.settings) as again:
        assert {record.entry.id for record in again.library.records()} == ids
        assert doctor.check_library(again).exit_code == 0
    assert list(workspace.places.state.glob("libraries/*/backups/replaced-*/*.log"))


def test_compaction_in_a_child_keeps_everything(workspace: Workspace) -> None:
    """A snapshot and a new log say the same; small journals are left alone; undo still works."""
    _filled(workspace)
    before = {record.entry.id: record for record in workspace.library.records()}
    assert not compaction.compact(workspace)
    assert compaction.compact(workspace, even_if_small=True)
    workspace.library.refresh()
    assert {record.entry.id: record for record in workspace.library.records()} == before
    assert list((workspace.places.home / "journal").glob("*-2.snap"))
    with Workspace(workspace.places, workspace.settings) as again:
        assert {record.entry.id: record for record in again.library.records()} == before
        undone = again.library.undo()
        assert undone is not None
        assert undone.step == "starred"
        again.library.add([SaveRequest(given="https://example.org/later")], step=None)
    assert compaction.compact(workspace, even_if_small=True)
    assert len(list((workspace.places.home / "journal").glob("*-1.log"))) == 0
    assert doctor.check_library(workspace).exit_code == 0


@pytest.mark.parametrize("place", ["trash", "tmp", "articles", "state"])
@pytest.mark.parametrize("is_link", [False, True])
def test_a_file_in_the_place_of_a_folder_is_named_by_the_repair(
    workspace: Workspace, tmp_path: Path, place: str, is_link: bool
) -> None:
    """As by the check: damage remains, and nothing is done before the folder is back."""
    _filled(workspace)
    home, state = workspace.places.home, workspace.places.state
    folder = state if place == "state" else home / place
    folder.mkdir(exist_ok=True)
    folder.rename(tmp_path / "aside")
    if is_link and place != "state":
        folder.symlink_to(tmp_path / "aside")
    else:
        folder.touch()
    with Workspace(workspace.places, workspace.settings) as again:
        report = doctor.repair_library(again)
    assert report.exit_code == 2
    assert "place" in {problem.kind for problem in report.diagnostics}
