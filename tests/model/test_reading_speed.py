"""What counts as reading, and what is made of it."""

from reader.model.reading_speed import MAX_SECONDS, MAX_WORDS_PER_MINUTE, MIN_SECONDS, ReadingSpeed


def test_the_speed_is_reported_after_some_minutes() -> None:
    """Nothing is known at first, then words a minute."""
    pace = ReadingSpeed()
    assert pace.words_per_minute == 0
    pace = pace.update(100, 30)
    assert pace.words_per_minute == 0
    assert pace.update(500, MIN_SECONDS - 30).words_per_minute == 200


def test_rests_and_skimming_do_not_count() -> None:
    """Too slow and too fast leave the pace as it is."""
    pace = ReadingSpeed(1000, 300)
    assert pace.update(10, 120) == pace
    assert pace.update(MAX_WORDS_PER_MINUTE + 100, 60) == pace
    assert pace.update(100, 0) == pace


def test_what_was_read_lately_counts_more() -> None:
    """Someone who reads faster than before is believed after some hours."""
    pace = ReadingSpeed(MAX_SECONDS / 60 * 200, MAX_SECONDS)
    for _ in range(60 * 12):
        pace = pace.update(300, 60)
    assert 290 <= pace.words_per_minute <= 300
