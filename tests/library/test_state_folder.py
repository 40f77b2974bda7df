"""One folder of this device's data for each library, also for what former versions kept elsewhere."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.library.device_identity import claim_device, load_device
from reader.library.state_folder import adopt_state, former_key, library_key, state_folder
from reader.model.change import Change
from reader.model.entry import EntryId
from reader.model.errors import WriteError
from reader.paths import Paths
from reader.search.store.fast_listing import cache_file_name
from reader.services.app_state import AppState, load_state
from reader.services.fetched_pages import FetchedPages
from tests.library.libraries import Clock, added, link, opened, places_in


@pytest.fixture
def places(tmp_path: Path) -> Paths:
    home = tmp_path / "home"
    home.mkdir()
    return Paths(home, tmp_path / "state", tmp_path / "cache", tmp_path / "config.toml")


def test_a_library_has_one_key(places: Paths, tmp_path: Path) -> None:
    """A link to it has the same, another path another; the cache file is named by it, too."""
    link = tmp_path / "link"
    link.symlink_to(places.home)
    assert library_key(link) == library_key(places.home) != library_key(tmp_path)
    assert cache_file_name(str(link)).startswith(f"{library_key(places.home)}-")


def test_former_state_is_moved_once(places: Paths) -> None:
    """What is in the new place already is never replaced."""
    old = places.state / "old.json"
    places.state.mkdir()
    old.write_text("first")
    path = adopt_state(places, old, "new.json")
    assert path == state_folder(places) / "new.json"
    assert (path.read_text(), old.exists()) == ("first", False)
    old.write_text("second")
    assert adopt_state(places, old, "new.json").read_text() == "first"


def test_pages_that_a_former_version_fetched_are_found(places: Paths) -> None:
    """They lay in a folder of their own, named by half of a key."""
    former = places.state / "fetched" / former_key(places.home.resolve())
    former.mkdir(parents=True)
    (former / "abcdefgh0123").write_bytes(b"{}\n")
    assert EntryId("abcdefgh0123") in FetchedPages(places)
    assert not former.exists()


def test_a_state_folder_that_cannot_be_written_moves_nothing(places: Paths) -> None:
    """The former file stays where it is, and nothing is raised."""
    if os.geteuid() == 0:
        pytest.skip("root writes everywhere")
    places.state.mkdir()
    old = places.state / "old.json"
    old.write_text("first")
    places.state.chmod(0o500)
    adopt_state(places, old, "new.json")
    places.state.chmod(0o700)
    assert old.read_text() == "first"


@pytest.mark.parametrize(
    "noted", [pytest.param("[" * 100_000, id="deep"), "{]", "[]", '{"inode": 1e999}', ""]
)
def test_a_broken_note_of_the_device_is_no_note(places: Paths, noted: str) -> None:
    """The next change takes another id."""
    first = claim_device(places)
    (first.state / "device.json").write_text(noted)
    assert load_device(places).id == ""
    assert claim_device(places).id not in ("", first.id)


@pytest.fixture
def impatient() -> Iterator[None]:
    """End a test that waits for a pipe's other end."""

    def end(signum: int, frame: object) -> None:
        raise TimeoutError("waited for a pipe")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("impatient")
def test_pipes_in_the_state_folder_are_not_waited_for(tmp_path: Path) -> None:
    """A change is saved under another id, and its step is lost with a warning at most."""
    places = places_in(tmp_path)
    (name,) = added(opened(places), link(1))
    state = state_folder(places)
    for file in ("device.json", "steps.log", "app.json", "review.json", "searches.json"):
        (state / file).unlink(missing_ok=True)
        os.mkfifo(state / file)
    library = opened(places)
    assert library.change({name: Change(starred=True)}, step="starred") == 1
    with pytest.raises(WriteError):
        library.undo()
    assert opened(places).get(name).entry.starred
    assert load_state(state) == AppState()


def test_backups_of_bulk_work_take_no_more_than_the_library(places: Paths) -> None:
    """Links that are imported, changed, deleted and purged, three times over."""
    clock = Clock()
    for _ in range(3):
        library = opened(places, clock)
        ids = added(library, *(link(number) for number in range(4_000)))
        library.change(dict.fromkeys(ids, Change(starred=True)), step="starred")
        library.change(dict.fromkeys(ids, Change(trashed=True)), step="deleted")
        library.purge(ids)
        library.close()
        clock.now += 90_000
    sizes = [
        sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        for folder in (places.home, places.state)
    ]
    assert sizes[1] <= sizes[0]
