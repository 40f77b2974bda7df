"""Ages and dates next to a headline."""

import pytest

from reader.extract.content.ages import WEEKDAY, is_age

DAYS = [
    "Monday", "Tues", "Sonnabend", "Mercredi", "miércoles", "lunedì", "Lunedi", "quinta-feira",
    "donderdag", "пятница",
]  # fmt: skip


@pytest.mark.parametrize("day", DAYS)
def test_one_list_of_weekdays_serves_both_patterns(day: str) -> None:
    """A weekday is no source of an article, and belongs to the date behind it."""
    assert WEEKDAY.fullmatch(day)
    assert is_age(f"{day}, 12 march")


def test_a_name_before_a_date_is_no_weekday() -> None:
    """Without a year, only a weekday stands before the day of a month."""
    assert not is_age("Courier, 12 march")
    assert not WEEKDAY.fullmatch("Courier")
