"""No folder that a record names is ever removed, whoever else is at work."""

import fcntl
import threading
from pathlib import Path

import pytest

from reader.library import Library, article_folders, integrity_checks, pending_folders, repair
from reader.library.document_store import DocumentStore
from reader.library.folder_writer import FolderWriter
from reader.model.article import Article, ImageFile
from reader.model.change import Change, SaveRequest
from reader.model.entry import EntryId
from reader.model.errors import LibraryBusyError, WriteError
from reader.paths import Paths
from tests.library.libraries import NOON, Clock, added, article, link, opened, places_in, saving

ADDED = "2026-01-02T12:00:00Z"


@pytest.fixture
def places(tmp_path: Path) -> Paths:
    return places_in(tmp_path)


def _same() -> SaveRequest:
    """A request whose folder is the same in every process."""
    return saving("same", added=ADDED)


def _write(folders: FolderWriter, entry_id: str) -> str:
    known = {"added": ADDED, "url": "https://example.org/same/0", "site": "example.org"}
    return folders.write(entry_id, article("same"), b"<p>page", known).path


def _store(places: Paths) -> DocumentStore:
    store = DocumentStore(places, Clock())
    store.refresh()
    return store


def _broken(places: Paths) -> list[str]:
    """The pictures and texts that doctor misses."""
    found = integrity_checks.run_checks(_store(places))
    return [str(each) for each in found if each.kind in ("picture", "text", "missing")]


def test_a_job_that_fails_leaves_what_another_has_named(places: Paths) -> None:
    """Two processes write one folder; the record of one names it when the other gives up."""
    added(opened(places), link(1))
    entry_id = str(added(opened(places_in(places.home.parent, "other")), _same())[0])
    folders = FolderWriter(_store(places))
    path = _write(folders, entry_id)
    (name,) = added(opened(places), _same())
    assert name == entry_id
    folders.__exit__(WriteError, WriteError("the disk is full"), None)
    library = opened(places)
    assert library.get(name).entry.folder == path
    assert library.markdown(name)


def test_the_same_text_with_other_images_keeps_all_of_them(places: Paths) -> None:
    """The folder of a text that is fetched again is there already; an image has changed since."""
    library = opened(places)
    text = "Words and ![a](https://a.example/a.png)\n"
    names = ["images/0123456789abcdef.png", "images/fedcba9876543210.png"]
    pictured = [
        Article(
            title="Pictured",
            markdown=text,
            words=3,
            images=(ImageFile(name, name.encode(), source_url="https://a.example/a.png"),),
        )
        for name in names
    ]
    (entry_id,) = added(library, saving("pictured", article=pictured[0]))
    folder = library.get(entry_id).entry.folder
    library.change({entry_id: Change(article=pictured[1], page=b"<p>again")}, step="fetched")
    assert library.get(entry_id).entry.folder == folder
    assert [library.image(entry_id, name) for name in names] == [n.encode() for n in names]
    assert not _broken(places)
    library.undo()
    assert not _broken(places)


def test_a_folder_that_another_job_took_away_is_written_again(places: Paths) -> None:
    """One process finds the folder there; it is gone when that process names it."""
    added(opened(places), link(1))
    entry_id = str(added(opened(places_in(places.home.parent, "other")), _same())[0])
    first = FolderWriter(_store(places))
    with FolderWriter(_store(places)) as second:
        path = _write(first, entry_id)
        assert _write(second, entry_id) == path
        first.__exit__(WriteError, WriteError("the disk is full"), None)
        assert not article_folders.exists(places.home, path)
        store = _store(places)
        with store.writing():
            assert second.confirm(entry_id).path == path
            assert article_folders.exists(places.home, path)


def test_doctor_repairs_during_an_import(places: Paths) -> None:
    """A repair while folders have no records yet takes none of them, and adopts none."""
    library = opened(places)
    added(library, link(1))
    requests = [saving(f"article {number}", number, added=ADDED) for number in range(60)]
    done = threading.Event()

    def repairing() -> None:
        while not done.is_set():
            store = _store(places)
            repair.repair(store, list(integrity_checks.run_checks(store)), NOON)

    other = threading.Thread(target=repairing)
    other.start()
    names: list[tuple[EntryId, bool]] = []
    for at in range(0, len(requests), 20):
        names += library.import_entries(requests[at : at + 20], step="imported", run="run")
    done.set()
    other.join()
    assert all(is_new for _, is_new in names)
    fresh = opened(places)
    assert all(fresh.markdown(name) for name, _ in names)
    assert {each.kind for each in integrity_checks.run_checks(_store(places))} <= {"mode"}


def test_what_a_killed_process_left_is_adopted(
    places: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Doctor is calm about it, and the next change of any process makes a record of it."""
    library = opened(places)
    added(library, link(1))

    def killed(*given: object, **named: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(FolderWriter, "__exit__", lambda self, *error: self._pending.abandon())
        patched.setattr(Library, "_commit", killed)
        with pytest.raises(SystemExit):
            added(library, _same())
    assert not list(integrity_checks.check_folders(_store(places)))
    library = opened(places)
    added(library, link(2))
    titles = [record.entry.title for record in library.records() if record.entry.has_text]
    assert titles == ["same"]
    assert not list((places.home / "tmp").iterdir())


def test_what_could_not_be_saved_goes_with_the_next_change(
    places: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock was held by another process for too long: nothing was saved, nothing stays."""
    library = opened(places)
    (name,) = added(library, link(1))

    def busy(*given: object) -> None:
        raise LibraryBusyError("the library is busy")

    with monkeypatch.context() as patched:
        patched.setattr(DocumentStore, "writing", busy)
        with pytest.raises(LibraryBusyError):
            added(library, _same())
    assert not list(integrity_checks.check_folders(_store(places)))
    library.change({name: Change(starred=True)}, step=None)
    assert [record.entry.id for record in library.records()] == [name]
    assert not list(article_folders.list_folders(places.home))


def test_an_article_that_is_saved_again_while_it_is_purged_stays(places: Paths) -> None:
    """The folder of a purged record is only removed if no record names it by then."""
    library = opened(places)
    (name,) = added(library, _same())
    library.change({name: Change(trashed=True)}, step=None)
    with FolderWriter(_store(places)) as folders:
        path = _write(folders, name)
        assert library.purge([name]) == 1
        with _store(places).writing():
            assert folders.confirm(name).path == path
    again = opened(places)
    added(again, _same())
    assert again.markdown(name)


def test_a_note_is_locked_before_others_see_it(
    places: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that looks at any moment takes no running job for an abandoned one."""
    added(opened(places), link(1))
    pending = pending_folders.PendingFolders(places.home)
    seen: list[tuple[set[str], set[str]]] = []
    real = fcntl.flock

    def flock(descriptor: int, kind: int) -> None:
        if kind == fcntl.LOCK_EX | fcntl.LOCK_NB and not seen:
            seen.append((set(), set()))
            with pending_folders.abandoned(places.home) as (kept, unwanted):
                seen.append((kept, unwanted))
        real(descriptor, kind)

    monkeypatch.setattr(fcntl, "flock", flock)
    pending.note("articles/2026/one")
    assert pending_folders.list_pending(places.home) == {"articles/2026/one"}
    pending.finish()
    assert not list((places.home / "tmp").iterdir())
