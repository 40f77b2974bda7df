"""Texts are measured and cut by the cells that they take."""

import pytest

from reader.layout.text_width import shorten, width


@pytest.mark.parametrize(
    ("cells", "expected"),
    [(9, "salt 潮汐"), (8, "salt 潮…"), (7, "salt…"), (6, "salt…"), (1, "…"), (0, ""), (-3, "")],
)
def test_a_text_that_is_too_wide_ends_in_an_ellipsis(cells: int, expected: str) -> None:
    """No wide sign is cut in two, and no space stands before the ellipsis."""
    found = shorten("salt 潮汐", cells)
    assert found == expected
    assert width(found) <= max(0, cells)
