"""Every call to the system may fail once: the library is as before or as after, and says which."""

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from reader.library import (
    Library,
    article_folders,
    compaction,
    file_lock,
    folder_records,
    integrity_checks,
    repair,
)
from reader.library.document_store import DocumentStore
from reader.model.change import Change
from reader.model.errors import LibraryBusyError, LibraryDamagedError, LibraryError, WriteError
from reader.paths import Paths
from tests.library.libraries import (
    NOON,
    Clock,
    added,
    journal_of,
    link,
    opened,
    places_in,
    saving,
    state_of,
)

CALLS = ("open", "write", "fsync", "fdatasync", "rename", "unlink", "mkdir", "ftruncate")


class Disk:
    """Lets calls of the `os` module through, but for the n-th one of those that change the disk."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self._failing = 0
        self.count = 0
        self.short = False
        for name in CALLS:
            monkeypatch.setattr(os, name, self._wrapped(name, getattr(os, name)))

    def _wrapped(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            if not self._failing or (name == "open" and not args[1] & (os.O_WRONLY | os.O_RDWR)):
                return real(*args, **named)
            self.count += 1
            if self.count != self._failing:
                return real(*args, **named)
            if name == "write" and self.short:
                real(args[0], bytes(args[1])[: len(args[1]) // 2])
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        return call

    @contextmanager
    def failing(self, number: int, *, short: bool = False) -> Iterator[None]:
        """Fail the call of this number, from 1; with `short`, a write writes half before."""
        self._failing, self.count, self.short = number, 0, short
        try:
            yield
        finally:
            self._failing = 0


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def _texts(places: Paths) -> dict[str, str]:
    """The text of each article, which is there wherever a record says so."""
    library = opened(places)
    return {record.entry.id: library.markdown(record.entry.id) for record in library.records()}


def _mark(library: Library) -> None:
    name = next(iter(library.records())).entry.id
    library.change({name: Change(finished=True, add_tags=("new",))}, step="marked")


def _add(library: Library) -> None:
    added(library, saving("second"), link(5))


def _undo(library: Library) -> None:
    library.undo()


@pytest.mark.parametrize("job", [_mark, _add, _undo])
@pytest.mark.parametrize("short", [False, True])
def test_the_nth_call_fails_and_the_library_is_old_or_new(
    tmp_path: Path, disk: Disk, job: Callable[[Library], None], short: bool
) -> None:
    """Told "not saved" exactly when it was not; a second try then succeeds and doctor is content."""
    for number in range(1, 200):
        folder = tmp_path / str(number)
        folder.mkdir()
        places = places_in(folder)
        clock = Clock()
        added(opened(places, clock), saving("first"))
        old = state_of(places)
        library = opened(places, clock)
        failed = False
        with disk.failing(number, short=short):
            try:
                job(library)
            except LibraryError:
                failed = True
        new = state_of(places)
        assert (new == old) == failed
        assert _texts(places)
        if disk.count < number:
            break
        again = opened(places, clock)
        if failed:
            job(again)
            assert state_of(places) != old
        kinds = {each.kind for each in integrity_checks.run_checks(_store(places))}
        assert kinds <= {"leftover", "mode", "orphan"}
    assert number > 2


def _store(places: Paths) -> DocumentStore:
    ledger = DocumentStore(places, Clock())
    ledger.refresh()
    return ledger


def test_the_nth_call_fails_in_compaction_and_nothing_is_different(
    tmp_path: Path, disk: Disk
) -> None:
    """Wherever it stops, the same state is read; the next compaction succeeds."""
    for number in range(1, 200):
        folder = tmp_path / str(number)
        folder.mkdir()
        places = places_in(folder)
        library = opened(places)
        names = added(library, link(1), link(2))
        library.change({names[0]: Change(starred=True)}, step="starred")
        old = state_of(places)
        with disk.failing(number):
            try:
                _compact(library, places)
            except LibraryError:
                assert state_of(places) == old
        assert state_of(places) == old
        if disk.count < number:
            break
        _compact(opened(places), places)
        assert state_of(places) == old
    assert number > 4


def _compact(library: Library, places: Paths) -> None:
    begun = library.start_generation(even_if_small=True)
    assert begun is not None
    compaction.write_snapshot(places.home, *begun)


def test_the_nth_call_fails_in_repair_and_nothing_more_is_lost(tmp_path: Path, disk: Disk) -> None:
    """A repair that was stopped anywhere can be repeated, and then brings everything back."""
    for number in range(1, 200):
        folder = tmp_path / str(number)
        folder.mkdir()
        places = places_in(folder)
        added(opened(places), saving("first"), link(1))
        added(opened(places), link(2))
        added(opened(places), link(3))
        whole = state_of(places)
        path = journal_of(places)
        content = bytearray(path.read_bytes())
        content[content.index(b"link/2")] ^= 1
        path.write_bytes(content)
        with disk.failing(number):
            try:
                _repair(places)
            except LibraryError:
                assert state_of(places).items() <= whole.items()
        reached = disk.count >= number
        _repair(places)
        assert state_of(places) == whole
        if not reached:
            break
    assert number > 6


def _repair(places: Paths) -> None:
    ledger = _store(places)
    repair.repair(ledger, list(integrity_checks.run_checks(ledger)), NOON)


def test_a_full_disk_leaves_the_journal_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a line was written, then the disk was full: the file has its old length again."""
    places = places_in(tmp_path)
    library = opened(places)
    (name,) = added(library, link(1))
    before = journal_of(places).read_bytes()
    real = os.write
    calls: list[int] = []

    def write(descriptor: int, content: bytes) -> int:
        if bytes(content[8:14]) == b' {"c":' and not calls:
            calls.append(1)
            return real(descriptor, bytes(content)[:9])
        if calls:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(descriptor, content)

    monkeypatch.setattr(os, "write", write)
    with pytest.raises(WriteError, match="No space left"):
        library.change({name: Change(starred=True)}, step=None)
    assert journal_of(places).read_bytes() == before
    assert not library.get(name).entry.starred


def test_a_held_lock_is_reported_and_reading_goes_on(tmp_path: Path) -> None:
    """A change gives up after the patience it has; what was read before is read."""
    places = places_in(tmp_path)
    library = opened(places)
    (name,) = added(library, link(1))
    with file_lock.hold_lock(places.home / ".lock"):
        with pytest.raises(LibraryBusyError), file_lock.hold_lock(places.home / ".lock", 0.01):
            raise AssertionError("the lock was taken twice")
        assert opened(places).get(name).entry.url


class Hours:
    """A time that passes by sleeping only, a second each; others take the lock meanwhile."""

    def __init__(self, path: Path, turns: int, frees: Callable[[], None]):
        self.path, self.turns, self.frees = path, turns, frees
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += 1.0
        if self.now <= self.turns:
            os.utime(self.path, ns=(0, int(self.now) * 10**9))
        if self.now == self.turns:
            self.frees()


def test_a_lock_that_goes_from_hand_to_hand_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Patience is for one holder: behind many that take turns, a writer gets its own."""
    path = tmp_path / "lock"
    holding = ExitStack()
    holding.enter_context(file_lock.hold_lock(path))
    hours = Hours(path, 30, holding.close)
    monkeypatch.setattr(file_lock, "time", hours)
    with file_lock.hold_lock(path):
        assert hours.now == 30
    holding.enter_context(file_lock.hold_lock(path))
    monkeypatch.setattr(file_lock, "time", hours := Hours(path, 3, lambda: None))
    with pytest.raises(LibraryBusyError), file_lock.hold_lock(path):
        raise AssertionError("the lock was taken twice")
    assert hours.now == 3 + file_lock.TIMEOUT + 1
    holding.close()


def test_where_locks_are_not_kept_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system that grants a lock to everybody is read and not written to."""
    places = places_in(tmp_path)
    library = opened(places)
    (name,) = added(library, link(1))
    monkeypatch.setattr(file_lock, "_checked_devices", set())
    monkeypatch.setattr(fcntl, "flock", lambda descriptor, how: None)
    with pytest.raises(WriteError, match="keeps no locks"):
        library.change({name: Change(starred=True)}, step=None)
    assert not opened(places).get(name).entry.starred


@pytest.mark.parametrize("what", [".lock", "log"])
def test_nothing_is_written_through_a_link(tmp_path: Path, what: str) -> None:
    """What a lock or a log that became a link leads to stays; the change is refused, or elsewhere."""
    places = places_in(tmp_path)
    library = opened(places)
    (name,) = added(library, link(1))
    path = places.home / ".lock" if what == ".lock" else journal_of(places)
    away = tmp_path / "away"
    path.rename(away)
    before = away.read_bytes()
    path.symlink_to(away)
    if what == ".lock":
        with pytest.raises(LibraryError):
            library.change({name: Change(starred=True)}, step=None)
    else:
        device = library.device
        library.change({name: Change(starred=True)}, step=None)
        assert library.device != device
        assert opened(places).get(name).entry.starred
    assert away.read_bytes() == before


def test_a_folder_that_cannot_be_removed_is_reported_and_swept_later(
    tmp_path: Path, disk: Disk
) -> None:
    """The purge holds, the other folders go, and the next change removes the rest."""
    for number in range(1, 30):
        (tmp_path / str(number)).mkdir()
        places, said = places_in(tmp_path / str(number)), list[str]()
        library = Library.open(places, clock=Clock(), tell=said.append)
        names = added(library, saving("one"), saving("two"))
        library.change(dict.fromkeys(names, Change(trashed=True)), step=None)
        old, failed = state_of(places), False
        with disk.failing(number):
            try:
                library.purge(names)
            except LibraryError:
                failed = True
        assert (state_of(places) == old) == failed
        if disk.count < number:
            break
        if not failed:
            left = list((places.home / "articles").glob("*/*"))
            assert said or not left
            found = {each.kind for each in integrity_checks.run_checks(_store(places))}
            # One failure may also take the note of what is to be removed.
            assert found <= {"leftover"}
            added(opened(places), link(1))
            assert not list((places.home / "articles").glob("*/*"))
            assert not list((places.home / "tmp").iterdir())
    assert number > 5


def test_a_purge_whose_process_is_killed_is_finished_by_the_next_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before its line is written nothing is purged; after it no folder stays."""
    for is_written in (False, True):
        (tmp_path / str(is_written)).mkdir()
        places = places_in(tmp_path / str(is_written))
        library = opened(places)
        names = added(library, saving("one"), saving("two"))
        library.change(dict.fromkeys(names, Change(trashed=True)), step=None)

        def killed(*given: object, **named: object) -> None:
            raise SystemExit

        with monkeypatch.context() as patched:
            if is_written:
                patched.setattr(folder_records, "set_aside_unnamed", killed)
            else:
                patched.setattr(DocumentStore, "commit", killed)
            with pytest.raises(SystemExit):
                library.purge(names)
        assert {each.kind for each in integrity_checks.run_checks(_store(places))} == set()
        again = opened(places)
        added(again, link(1))
        folders = list((places.home / "articles").glob("*/*"))
        assert len(folders) == (0 if is_written else 2)
        if not is_written:
            assert all(again.markdown(name) for name in names)


def test_a_home_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    """A file where the library should be: an error with its path, and the file as it was."""
    places = places_in(tmp_path)
    places.home.write_text("a file")
    with pytest.raises(LibraryError, match="library-one"):
        added(opened(places), link(1))
    assert places.home.read_text() == "a file"


def test_a_text_that_was_changed_or_removed_is_named(tmp_path: Path) -> None:
    """Doctor names the record; the record stays; reading the missing text says so."""
    places = places_in(tmp_path)
    library = opened(places)
    first, second = added(library, saving("first"), saving("second"))
    changed = library.folder(first)
    missing = library.folder(second)
    assert changed
    assert missing
    (changed / article_folders.TEXT).write_text("other", "utf-8")
    (missing / article_folders.TEXT).unlink()
    found = {(each.kind, each.id) for each in integrity_checks.run_checks(_store(places))}
    assert {("changed", first), ("missing", second)} <= found
    with pytest.raises(LibraryDamagedError):
        library.markdown(second)


def test_a_file_in_the_place_of_the_state_folder_is_named(tmp_path: Path) -> None:
    """One line with the next step, also from doctor; reading works."""
    places = places_in(tmp_path)
    (name,) = added(opened(places), link(1))
    places.state.rename(tmp_path / "away")
    places.state.write_text("a file")
    library = opened(places)
    with pytest.raises(WriteError, match="not a folder: move it away"):
        library.change({name: Change(starred=True)}, step="starred")
    found = [(each.kind, each.path) for each in integrity_checks.run_checks(_store(places))]
    assert ("place", str(places.state)) in found
    assert library.get(name).entry.id == name


@pytest.mark.parametrize("place", ["tmp", "trash", "articles"])
def test_a_link_in_the_place_of_a_folder_is_refused(tmp_path: Path, place: str) -> None:
    """Nothing is written or deleted through it, by a change or by doctor."""
    places = places_in(tmp_path)
    (name,) = added(opened(places), link(1))
    away = tmp_path / "away"
    (away / "kept").mkdir(parents=True)
    (away / "kept" / "file").write_text("not ours")
    os.utime(away / "kept", (0, 0))
    (places.home / place).rmdir()
    (places.home / place).symlink_to(away)
    with pytest.raises(LibraryError, match="is a symbolic link"):
        added(opened(places), saving("second"))
    found = list(integrity_checks.run_checks(_store(places)))
    assert [each.kind for each in found] == ["place"]
    with pytest.raises(LibraryError, match="is a symbolic link"):
        repair.repair(_store(places), found, NOON)
    assert (away / "kept" / "file").read_text() == "not ours"
    assert opened(places).get(name).entry.id == name


def test_a_journal_that_is_a_folder_is_named(tmp_path: Path) -> None:
    """Doctor says which; what else there is counts."""
    places = places_in(tmp_path)
    added(opened(places), link(1))
    (places.home / "journal" / "00000000-1.log").mkdir()
    found = {(each.kind, each.path) for each in integrity_checks.run_checks(_store(places))}
    assert ("place", "journal/00000000-1.log") in found
    assert len(list(opened(places).records())) == 1
