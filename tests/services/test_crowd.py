"""The cache follows fifty processes at once, and compactions, beside a process that has it open."""

import random
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from reader import paths
from reader.library import Library
from reader.library.compaction import write_snapshot
from reader.library.lww_document import load
from reader.model.change import Change, SaveRequest
from reader.model.entry import EntryId
from reader.model.urls import id_for
from reader.search.store.cache import Cache
from reader.services import compaction
from reader.services.cache_sync import adopt_snapshot, catch_up
from reader.services.workspace import Workspace
from reader.settings import Settings
from tests.forking import Forks
from tests.services.cache_content import cache_content

PROCESSES, KILLS = 50, 15
ADDRESSES = [f"https://example.org/{number}" for number in range(40)]


def words_of(number: int) -> tuple[str, ...]:
    """A third each marks, tags and adds; several of them change the same entry."""
    entry = id_for(ADDRESSES[number % 25])
    match number % 3:
        case 0:
            return ("mark", entry, "--star" if number % 2 else "--archive")
        case 1:
            return ("tag", entry, f"+tag{number}")
    return ("add", "--later", f"https://example.org/new/{number}")


def is_there(library: Library, number: int) -> bool:
    """Return whether the change of this process is in the library."""
    words = words_of(number)
    if words[0] == "add":
        return id_for(words[2]) in library.store.documents
    entry = library.get(EntryId(words[1])).entry
    if words[0] == "tag":
        return f"tag{number}" in entry.tags
    return entry.starred if number % 2 else entry.archived


@pytest.fixture
def opened() -> Iterator[Workspace]:
    """A library with a filled cache, opened by this process for reading and writing."""
    with Workspace(paths.find(), Settings()) as workspace:
        workspace.library.add([SaveRequest(given=url) for url in ADDRESSES], step="added")
        workspace.library.change({id_for(ADDRESSES[0]): Change(note="first")}, step="noted")
        workspace.synced_cache()
        yield workspace


def test_a_crowd_loses_nothing(opened: Workspace, tmp_path: Path) -> None:
    """What a process has reported is there; then cache, library and a rebuild are equal."""
    dice = random.Random(7)
    numbers: dict[int, int] = {}
    with Forks() as forks:
        for number in range(PROCESSES):
            numbers[forks.start("reader", *words_of(number))] = number
            if number % 5 == 0:
                # This process changes and reads in between, as the app does.
                note = Change(note=f"note {number}")
                opened.library.change({id_for(ADDRESSES[30 + number // 5]): note}, step="noted")
                opened.synced_cache()
        for victim in dice.sample(list(numbers), KILLS):
            forks.wait_begun(victim)
            time.sleep(dice.uniform(0, 0.05))
            with suppress(ProcessLookupError):
                forks.kill(victim)
        done = {numbers[job] for job, line in forks.rest() if line == "ended 0"}
    assert PROCESSES - KILLS <= len(done) < PROCESSES
    opened.library.refresh()
    whole = Library.open(opened.places)
    assert [number for number in sorted(done) if not is_there(whole, number)] == []
    for number in range(0, PROCESSES, 5):
        assert whole.get(id_for(ADDRESSES[30 + number // 5])).note == f"note {number}"
    cache = opened.synced_cache()
    elsewhere = opened.places._replace(cache=tmp_path / "elsewhere")
    rebuilt = Cache(elsewhere)
    catch_up(elsewhere, rebuilt)
    assert cache_content(cache.path) == cache_content(rebuilt.path)
    texts = cache.documents(EntryId(name) for name in whole.store.documents)
    assert {name: load(text).fields for name, text in texts.items()} == {
        name: document.fields for name, document in whole.store.documents.items()
    }
    rebuilt.close()
    whole.close()


@pytest.mark.parametrize("is_behind", [False, True])
def test_a_compaction_leaves_the_cache_as_it_is(
    opened: Workspace, tmp_path: Path, is_behind: bool
) -> None:
    """A snapshot of what the cache has read is not read again."""
    opened.library.purge([id_for(ADDRESSES[3])])
    for _ in range(2):
        filling = opened.synced_cache().state()[0].filling
        if is_behind:
            other = Library.open(opened.places)
            other.change({id_for(ADDRESSES[5]): Change(note="from another process")}, step="noted")
            other.close()
        assert compaction.compact(opened, even_if_small=True)
        cache = opened.synced_cache()
        assert cache.state()[0].filling == filling
        reader = opened.library.store.reader
        assert not (reader.poll() and reader.must_restart())
        assert not opened.library.refresh()
        elsewhere = opened.places._replace(cache=tmp_path / f"{filling}")
        rebuilt = Cache(elsewhere)
        catch_up(elsewhere, rebuilt)
        assert cache_content(cache.path) == cache_content(rebuilt.path)
        rebuilt.close()
        opened.library.change({id_for(ADDRESSES[6]): Change(note=filling)}, step="noted")
    assert opened.synced_cache().documents([id_for(ADDRESSES[6])])


def test_a_snapshot_of_something_else_is_read(opened: Workspace, tmp_path: Path) -> None:
    """Neither a cache that lacks a line takes it for its own, nor is an exchanged file taken."""
    opened.synced_cache()
    elsewhere = opened.places._replace(cache=tmp_path / "elsewhere")
    behind = Cache(elsewhere)
    catch_up(elsewhere, behind)
    opened.library.change({id_for(ADDRESSES[6]): Change(note="later")}, step="noted")
    opened.synced_cache()
    begun = opened.library.start_generation(even_if_small=True)
    assert begun
    written = write_snapshot(opened.places.home, *begun)
    path = opened.places.home / "journal" / written.file
    assert not adopt_snapshot(elsewhere, behind, written)
    behind.close()
    path.write_bytes(path.read_bytes()[:-20])
    assert not adopt_snapshot(opened.places, opened.cache, written)
