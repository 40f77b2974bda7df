"""Doctor and compaction as whole jobs."""

import shutil

from reader.model.change import Change, SaveRequest
from reader.model.diagnostics import Severity
from reader.services import compaction, doctor
from reader.services.workspace import Workspace
from tests.library.shelves import link, saving


def _filled(shelf: Workspace) -> set[str]:
    added = shelf.library.add([saving("first"), saving("second"), link(1)], step="added")
    name = added[0].record.entry.id
    shelf.library.change({name: Change(starred=True, add_tags=("kept",))}, step="starred")
    return {each.record.entry.id for each in added}


def test_a_whole_library_is_clean(shelf: Workspace) -> None:
    """No findings, exit 0; a repair of it makes no backup and changes nothing."""
    _filled(shelf)
    assert doctor.check_library(shelf) == doctor.DoctorReport(())
    assert doctor.repair_library(shelf).exit_code == 0


def test_deleted_journals_come_back(shelf: Workspace) -> None:
    """Every article, its star and tags, and the link; the report says what was missing."""
    ids = _filled(shelf)
    shutil.rmtree(shelf.places.home / "journal")
    found = doctor.check_library(shelf)
    assert found.exit_code == 1
    assert {problem.id for problem in found.diagnostics} == ids
    assert doctor.repair_library(shelf).exit_code == 1
    assert doctor.check_library(shelf).exit_code == 0
    with Workspace(shelf.places, shelf.settings) as again:
        records = list(again.library.records())
        assert {record.entry.id for record in records} == ids
        assert [record.entry.tags for record in records if record.entry.starred] == [("kept",)]


def test_without_any_backup_the_articles_come_back_from_their_folders(shelf: Workspace) -> None:
    """Front matter gives ids, titles and addresses; marks are gone, and a later mark would win."""
    _filled(shelf)
    shutil.rmtree(shelf.places.home / "journal")
    shutil.rmtree(shelf.places.state)
    doctor.repair_library(shelf)
    with Workspace(shelf.places, shelf.settings) as again:
        titles = {record.entry.title for record in again.library.records()}
    assert titles == {"first", "second"}


def test_a_changed_text_remains_damage(shelf: Workspace) -> None:
    """Exit 2 before and after a repair, with the id; the record is kept."""
    _filled(shelf)
    record = next(each for each in shelf.library.records() if each.entry.folder)
    (shelf.places.home / str(record.entry.folder) / "article.md").write_text("other", "utf-8")
    for report in (doctor.check_library(shelf), doctor.repair_library(shelf)):
        assert report.exit_code == 2
        assert record.entry.id in {
            each.id for each in report.diagnostics if each.severity is Severity.DAMAGE
        }


def test_a_backup_is_put_back(shelf: Workspace) -> None:
    """The state of the backup, and the state before it is still to be had."""
    ids = _filled(shelf)
    with Workspace(shelf.places, shelf.settings) as other:
        other.library.add([link(9)], step=None)
    (backup,) = shelf.places.state.glob("libraries/*/backups/*-daily.tar.gz")
    doctor.restore_backup(shelf, backup)
    with Workspace(shelf.places, shelf.settings) as again:
        assert {record.entry.id for record in again.library.records()} == ids
        assert doctor.check_library(again).exit_code == 0
    assert list(shelf.places.state.glob("libraries/*/backups/replaced-*/*.log"))


def test_compaction_in_a_child_keeps_everything(shelf: Workspace) -> None:
    """A snapshot and a new log say the same; small journals are left alone; undo still works."""
    _filled(shelf)
    before = {record.entry.id: record for record in shelf.library.records()}
    assert not compaction.compact(shelf)
    assert compaction.compact(shelf, even_if_small=True)
    shelf.library.refresh()
    assert {record.entry.id: record for record in shelf.library.records()} == before
    assert list((shelf.places.home / "journal").glob("*-2.snap"))
    with Workspace(shelf.places, shelf.settings) as again:
        assert {record.entry.id: record for record in again.library.records()} == before
        undone = again.library.undo()
        assert undone is not None
        assert undone.step == "starred"
        again.library.add([SaveRequest(given="https://example.org/later")], step=None)
    assert compaction.compact(shelf, even_if_small=True)
    assert len(list((shelf.places.home / "journal").glob("*-1.log"))) == 0
    assert doctor.check_library(shelf).exit_code == 0
