"""What counts as reading, and what is made of it."""

from reader.model.reading_speed import FASTEST, KNOWN_AFTER, REMEMBERED, Pace


def test_the_speed_is_told_after_some_minutes() -> None:
    """Nothing is known at first, then words a minute."""
    pace = Pace()
    assert pace.speed == 0
    pace = pace.read(100, 30)
    assert pace.speed == 0
    assert pace.read(500, KNOWN_AFTER - 30).speed == 200


def test_rests_and_skimming_do_not_count() -> None:
    """Too slow and too fast leave the pace as it is."""
    pace = Pace(1000, 300)
    assert pace.read(10, 120) == pace
    assert pace.read(FASTEST + 100, 60) == pace
    assert pace.read(100, 0) == pace


def test_what_was_read_lately_counts_more() -> None:
    """Someone who reads faster than before is believed after some hours."""
    pace = Pace(REMEMBERED / 60 * 200, REMEMBERED)
    for _ in range(60 * 12):
        pace = pace.read(300, 60)
    assert 290 <= pace.speed <= 300
