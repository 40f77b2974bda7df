"""Several processes on one library: killed at any moment, all at once, or side by side."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.model.change import Change
from tests.forking import Forks
from tests.library.libraries import added, link, opened, places_in, state_of

ROUNDS = 50


@pytest.fixture
def forks() -> Iterator[Forks]:
    """Processes that are gone after the test."""
    with Forks() as forks:
        yield forks


def test_acknowledged_changes_survive_a_kill(tmp_path: Path, forks: Forks) -> None:
    """Two writers, killed after some answers, with a reader open: every id that was printed stays."""
    places = places_in(tmp_path)
    added(opened(places), link(0))
    reader, rng = opened(places), random.Random(11)
    told: set[str] = set()
    for turn in range(ROUNDS):
        begin = 1_000_000 * turn
        one = forks.start("links", tmp_path, begin + 1, begin + 500_000)
        two = forks.start("links", tmp_path, begin + 500_001, begin + 999_999)
        left = {one: rng.randrange(1, 5), two: rng.randrange(1, 5)}
        while any(count > 0 for count in left.values()):
            number, name = forks.printed()
            left[number] -= 1
            told.add(name)
        forks.kill(one)
        forks.kill(two)
        reader.refresh()
        ends = [said for number, said in forks.rest() if not _is_told(said, told)]
        assert ends == ["ended -9", "ended -9"]
        reader.refresh()
        assert told <= {record.entry.id for record in reader.records()}
    assert told <= state_of(places).keys()


def _is_told(said: str, told: set[str]) -> bool:
    if said.startswith("ended"):
        return False
    told.add(said)
    return True


def test_fifty_writers_at_once_lose_nothing(tmp_path: Path, forks: Forks) -> None:
    """Fifty processes with two additions each and an open library that sees them all."""
    places = places_in(tmp_path)
    library = opened(places)
    for number in range(50):
        forks.start("links", tmp_path, 2 * number, 2 * number + 2)
    assert [said for _, said in forks.rest() if said.startswith("ended")] == ["ended 0"] * 50
    library.refresh()
    assert len(list(library.records())) == 100
    assert len(state_of(places)) == 100


def test_another_process_is_seen_before_a_change(tmp_path: Path) -> None:
    """A change is made to what is on the disk, not to what was read an hour ago."""
    places = places_in(tmp_path)
    here, there = opened(places), opened(places)
    (name,) = added(there, link(1))
    here.refresh()
    there.change({name: Change(add_tags=("a",))}, step=None)
    here.change({name: Change(add_tags=("b",))}, step=None)
    assert here.get(name).entry.tags == ("a", "b")
