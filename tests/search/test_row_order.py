"""Rows picked out of an order are the same whether all of them were asked for or the first."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.search.store import row_order
from reader.search.store.row_order import LazyRows, RowOrder, bitmap_of


def mask_of(rows: set[int]) -> int:
    return sum(1 << 8 * row for row in rows)


@pytest.mark.parametrize("head", [0, 2, 256])
@given(
    rows=st.lists(st.integers(0, 40), unique=True),
    first=st.sets(st.integers(0, 45)),
    rest=st.sets(st.integers(0, 45)),
    start=st.integers(-4, 12),
    stop=st.integers(-4, 12),
    step=st.sampled_from([-2, -1, 1, 3]),
)
def test_what_is_picked_is_what_a_loop_would_pick(
    head: int, rows: list[int], first: set[int], rest: set[int], start: int, stop: int, step: int
) -> None:
    first, rest = first & set(rows), rest & set(rows) - first
    right = [row for row in rows if row in first] + [row for row in rows if row in rest]
    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(row_order, "HEAD_SIZE", head)

        def picked() -> LazyRows:
            return LazyRows(RowOrder(rows), mask_of(first), mask_of(rest))

        assert len(picked()) == len(right)
        assert picked()[start:stop:step] == right[start:stop:step]
        assert list(picked()) == right
        for at, row in enumerate(right):
            assert picked()[at] == row == picked()[at - len(right)]
            assert picked().index(row) == at
        with pytest.raises(IndexError):
            picked()[len(right)]


def test_a_row_that_is_not_among_them_has_no_place() -> None:
    with pytest.raises(ValueError, match="3"):
        LazyRows(RowOrder([2, 1, 3]), mask_of({1, 2})).index(3)


def test_ranges_of_an_order_are_bitmaps() -> None:
    """Whatever ranges were asked for before; the first rows are found behind a skipped beginning."""
    dice = random.Random(4)
    rows = dice.sample(range(1, 20_000), 19_000)
    order = RowOrder(rows)
    for _ in range(60):
        first, beyond = (dice.randrange(0, 19_500) for _ in range(2))
        wanted = rows[first:beyond]
        mask = order.rows_between(first, beyond)
        assert mask == bitmap_of(wanted)
        assert order.first_rows_in(mask, 50) == wanted[:50]
        assert order.rows_in(mask) == wanted
