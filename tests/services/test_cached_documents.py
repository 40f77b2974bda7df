"""A change through the cache is the change through the whole library, and the cache follows it."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest

from reader.library import Library, journal_files
from reader.model.change import Change, SaveRequest
from reader.model.entry import Entry, EntryId
from reader.model.errors import LibraryBusyError, UnknownIdError
from reader.model.query import parse
from reader.model.urls import id_for
from reader.paths import Paths
from reader.search.store.cache import Cache
from reader.services import entries
from reader.services.cache_sync import catch_up
from reader.services.outcome import Outcome
from reader.services.workspace import Workspace
from reader.settings import Settings

LAST = id_for("https://example.org/29")
NOON = 1_767_268_800.0
"""Noon of 2026-01-01."""


@pytest.fixture
def places(tmp_path: Path) -> Paths:
    """A library of 30 links whose cache is filled."""
    found = Paths(tmp_path / "home", tmp_path / "state", tmp_path / "cache", tmp_path / "c.toml")
    with Workspace(found, Settings()) as workspace:
        workspace.library.add(
            [
                SaveRequest(given=f"https://example.org/{number}", tags=("one",))
                for number in range(30)
            ],
            step="added",
        )
        # A process looks at the last line that its device wrote: it must not name all records.
        workspace.library.change({LAST: Change(starred=True)}, step="starred")
        workspace.synced_cache()
    return found


@pytest.fixture
def workspace(places: Paths) -> Iterator[Workspace]:
    with Workspace(places, Settings()) as opened:
        yield opened


def ids_of(workspace: Workspace) -> list[EntryId]:
    return sorted(record.entry.id for record in workspace.library.records())


def contents(places: Paths) -> tuple[dict[EntryId, Entry], dict[EntryId, Entry]]:
    """What the whole library and what the cache say, by id."""
    library = Library.open(places)
    whole = {record.entry.id: record.entry for record in library.records()}
    library.close()
    cache = Cache(places)
    ids = [EntryId(name) for name in whole]
    shown = {entry.id: entry for entry in cache.entries(ids)}
    cache.close()
    return whole, shown


@pytest.mark.parametrize(
    "change",
    [
        lambda opened, ids: entries.mark(opened, ids, finished=True),
        lambda opened, ids: entries.mark(opened, ids, starred=True, archived=True),
        lambda opened, ids: entries.tag(opened, ids, ["two"], ["one"]),
        lambda opened, ids: entries.delete(opened, ids),
    ],
    ids=["read", "star", "tag", "delete"],
)
def test_a_change_loads_the_records_that_it_changes_only(
    places: Paths, change: Callable[[Workspace, list[EntryId]], Outcome]
) -> None:
    """The others stay on the disk; afterwards cache and library say the same, and undo works."""
    with Workspace(places, Settings()) as opened:
        wanted = [each for each in ids_of(opened) if each != LAST][:3]
    with Workspace(places, Settings()) as opened:
        assert change(opened, wanted).changed == 3
        held = {name for name, _ in opened.library.store.documents.held()}
        assert held == {*wanted, LAST}
    whole, shown = contents(places)
    assert whole == shown
    before = {name: entry for name, entry in whole.items() if name not in wanted}
    with Workspace(places, Settings()) as opened:
        undone = opened.library.undo()
        assert undone is not None
        assert undone.changed == 3
    whole, shown = contents(places)
    assert whole == shown
    assert before == {name: entry for name, entry in whole.items() if name not in wanted}


def test_the_cache_takes_changes_without_reading_the_journal(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folded record goes to the cache; the next synchronisation finds nothing new."""
    listing = workspace.synced_cache().listing(parse(""), now=workspace.now())
    wanted = listing[0].id
    entries.mark(workspace, [wanted], starred=True)

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("the journal was read")

    monkeypatch.setattr("reader.services.cache_sync.catch_up_if_cheap", fail)
    workspace.update_cache()
    (entry,) = workspace.cache.entries([wanted])
    assert entry.starred


def test_lines_of_others_beyond_the_cache_count(places: Paths) -> None:
    """What another process wrote since the cache was filled is seen by a change, and kept."""
    other = Library.open(places)
    wanted = next(iter(other.records())).entry.id
    other.change({wanted: Change(add_tags=("theirs",))}, step="theirs")
    with Workspace(places, Settings()) as opened:
        opened.library.change({wanted: Change(starred=True)}, step="ours")
        assert opened.library.store.documents.is_partial
        entry = opened.library.get(wanted).entry
        assert (entry.tags, entry.starred) == (("one", "theirs"), True)
    other.close()
    whole, shown = contents(places)
    assert whole == shown


def test_a_cache_that_is_filled_again_meanwhile_is_no_longer_a_source(
    places: Paths, workspace: Workspace
) -> None:
    """The library is loaded whole instead, and nothing of the change is lost."""
    assert workspace.library.store.documents.is_partial
    workspace.cache.discard()
    other = Cache(places)
    catch_up(places, other)
    other.close()
    wanted = ids_of(Workspace(places, Settings()))[5]
    workspace.library.change({wanted: Change(starred=True)}, step="starred")
    assert not workspace.library.store.documents.is_partial
    assert len(ids_of(workspace)) == 30
    workspace.close()
    whole, shown = contents(places)
    assert whole == shown


def test_what_is_asked_of_all_records_loads_all(workspace: Workspace) -> None:
    """Listing every record, or an id that nobody has, is answered as by the whole library."""
    with pytest.raises(UnknownIdError):
        workspace.library.get(EntryId("000000000000"))
    assert workspace.library.store.documents.is_partial
    assert len(ids_of(workspace)) == 30
    assert not workspace.library.store.documents.is_partial


def test_a_change_that_the_cache_did_not_take_comes_with_the_next_one(
    places: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process held the cache: what was not written then is not left out for good."""
    with Workspace(places, Settings()) as opened:
        first, second = ids_of(opened)[:2]
        with monkeypatch.context() as patch:

            def refuse(*_: object, **__: object) -> None:
                raise LibraryBusyError("the cache is held by another process")

            patch.setattr(Cache, "apply", refuse)
            entries.mark(opened, [first], starred=True)
            assert not opened.update_cache()
        entries.mark(opened, [second], starred=True)
        opened.update_cache()
        shown = opened.synced_cache().entries([first, second])
        assert [entry.starred for entry in shown] == [True, True]
    whole, shown_by_id = contents(places)
    assert whole == shown_by_id


def test_a_prepared_change_reads_no_record(
    places: Paths, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a change needs is read ahead, with what others wrote, if the library is open."""
    wanted = ids_of(workspace)[3]
    with Workspace(places, Settings()) as opened:
        opened.prepare_change([wanted])
        assert opened._library is None
        assert not opened.library.store.documents.held()
        with Workspace(places, Settings()) as other:
            entries.tag(other, [LAST], ["two"], [])
        opened.prepare_change([wanted])
        assert "two" in opened.library.get(LAST).entry.tags
        monkeypatch.setattr(opened.cache, "documents_of", lambda *_: pytest.fail("it was read"))
        assert entries.mark(opened, [wanted], starred=True).changed == 1


def test_a_log_that_this_program_appended_to_is_not_compared_again(
    places: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its time shows every later write, also one of the same length in the same moment."""
    with Workspace(places, Settings()) as workspace:
        while not all(at.is_settled for at in workspace.cache.journal_cursors().values()):
            catch_up(places, workspace.cache)
    with Workspace(places, Settings()) as workspace:
        entries.mark(workspace, [LAST], archived=True)
    compared: list[object] = []
    with monkeypatch.context() as patched:
        patched.setattr(journal_files, "_starts_with", lambda *read: compared.append(read))
        with Workspace(places, Settings()) as workspace:
            shown = workspace.synced_cache().entry(LAST)
            assert shown is not None
            assert shown.archived
            entries.mark(workspace, [LAST], finished=True)
    assert not compared
    (log,) = (places.home / "journal").glob("*.log")
    content = log.read_bytes().replace(b'"archived":true', b'"archived":null')
    with log.open("r+b") as stream:
        stream.write(content)
    with Workspace(places, Settings()) as workspace:
        shown = workspace.synced_cache().entry(LAST)
        assert shown is not None
        assert not shown.archived


def test_undo_asks_the_end_of_the_log_for_the_last_change(places: Paths) -> None:
    """A process that loads no record knows the change of the process before, or that it is missing."""
    with Workspace(places, Settings()) as workspace:
        entries.mark(workspace, [LAST], archived=True)
    with Workspace(places, Settings()) as workspace:
        store = workspace.library.store
        newest = store.clock
        assert newest is not None
        assert store.has_written(newest, {})
        assert not store.has_written((newest[0], newest[1] + 1), {})


@pytest.mark.parametrize("seed", range(12))
def test_a_change_holds_whatever_the_clock_says(places: Paths, seed: int) -> None:
    """Each command has another time, years back or ahead; its change counts, and so does its undo."""
    random = Random(seed)
    starred, tagged = True, False
    for _ in range(12):
        now = NOON + random.choice([0, 0, -2, 2, -10_000, 4_000]) * 86_400
        with Workspace(places, Settings(), clock=partial(float, now)) as workspace:
            kind = random.choice(["star", "tag", "add", "undone"])
            if kind == "add":
                address = f"https://example.net/{random.random()}"
                workspace.library.add([SaveRequest(given=address)], step="added")
            elif kind == "tag":
                tagged = not tagged
                change = Change(add_tags=("two",)) if tagged else Change(remove_tags=("two",))
                workspace.library.change({LAST: change}, step="tagged")
            else:
                entries.mark(workspace, [LAST], starred=not starred)
                if kind == "undone":
                    workspace.library.undo()
                else:
                    starred = not starred
            if random.random() < 0.7:
                workspace.synced_cache()
        with Workspace(places, Settings()) as workspace:
            workspace.synced_cache()
        whole, shown = contents(places)
        assert whole == shown
        assert (whole[LAST].starred, "two" in whole[LAST].tags) == (starred, tagged)
