"""Whose turn it is among many addresses."""

from hypothesis import given
from hypothesis import strategies as st

from reader.fetch.concurrency import HostQueue


def drained(turns: HostQueue[int], now: float = 0.0) -> list[tuple[int, str]]:
    found = []
    while (turn := turns.pop(now)) is not None:
        found.append(turn)
    return found


def test_turns_are_taken_in_order_and_two_per_host() -> None:
    """A third address of one host waits while later ones of other hosts go first."""
    turns = HostQueue[int]()
    for number, host in enumerate("aaabba"):
        turns.add(number, host)
    assert drained(turns) == [(0, "a"), (1, "a"), (3, "b"), (4, "b")]
    assert len(turns) == 2
    turns.release("a")
    assert drained(turns) == [(2, "a")]
    turns.release("b")
    assert drained(turns) == []
    turns.release("a")
    assert drained(turns) == [(5, "a")]
    assert len(turns) == 0


def test_one_that_comes_back_waits_for_its_time_and_keeps_its_place() -> None:
    """Before its time it is passed over, after it it goes before those added later."""
    turns = HostQueue[int](per_host=1)
    turns.add(0, "a")
    turns.add(1, "a")
    assert turns.pop(0.0) == (0, "a")
    turns.requeue(0, "a", due=5.0)
    turns.release("a")
    assert turns.next_due(1.0) == 4.0
    assert turns.pop(1.0) == (1, "a")
    turns.add(2, "a")
    turns.release("a")
    assert turns.pop(6.0) == (0, "a")
    assert turns.next_due(6.0) is None


def test_a_host_that_rests_is_asked_nothing() -> None:
    """Others go on, and its own come back in order after the rest."""
    turns = HostQueue[int]()
    turns.add(0, "a")
    turns.add(1, "b")
    turns.pause_host("a", 10.0)
    turns.pause_host("a", 7.0)
    assert drained(turns, 1.0) == [(1, "b")]
    assert turns.next_due(1.0) == 9.0
    assert drained(turns, 10.0) == [(0, "a")]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=40), st.integers(1, 3))
def test_everyone_has_exactly_one_turn(wanted: list[tuple[str, bool]], per_host: int) -> None:
    """However turns end and come back, no host has too many at once and none is lost."""
    turns = HostQueue[int](per_host)
    for number, (host, _) in enumerate(wanted):
        turns.add(number, host)
    back = {number for number, (_, again) in enumerate(wanted) if again}
    done: list[int] = []
    now = 0.0
    while len(done) < len(wanted):
        found = drained(turns, now)
        assert found or turns.next_due(now) is not None
        for host in "abc":
            assert sum(1 for _, other in found if other == host) <= per_host
        now += 1.0
        for number, host in found:
            turns.release(host)
            if number in back:
                back.discard(number)
                turns.requeue(number, host, due=now + 1.0)
            else:
                done.append(number)
    assert sorted(done) == list(range(len(wanted)))
    assert len(turns) == 0
