"""Which moves through a text were reading."""

from reader.ui.reading_timer import ReadingTimer


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def moved(*moves: tuple[float, float]) -> tuple[float, float]:
    """Words and seconds counted after moves, each so many seconds later to so many words."""
    watch = Watch()
    pacing = ReadingTimer(watch)
    pacing.start(0)
    for seconds, at in moves:
        watch.now += seconds
        pacing.on_scroll(at)
    return pacing.words, pacing.seconds


def test_pages_and_lines_count_equally() -> None:
    """A page each minute, or a line each three seconds."""
    assert moved((60, 250), (60, 500)) == (500, 120)
    words, seconds = moved(*((3, 12.0 * (n + 1)) for n in range(40)))
    assert 230 <= 60 * words / seconds <= 250
    assert seconds > 100


def test_several_lines_at_once_and_then_a_rest_to_read_them() -> None:
    """What is looked at is the stretch, not the single key."""
    words, seconds = moved((0.1, 12), (0.1, 24), (0.1, 36), (20, 48), (0.1, 60), (20, 72))
    assert 100 <= 60 * words / seconds <= 200


def test_jumps_going_back_and_leaving_the_app_do_not_count() -> None:
    """The end at once, the top again, an hour away."""
    assert moved((30, 5000)) == (0, 0)
    assert moved((30, 100), (5, 0), (25, 100)) == (200, 55)
    assert moved((3600, 250)) == (0, 0)


def test_leafing_does_not_count() -> None:
    """A page each second is no reading."""
    assert moved(*((1, 250.0 * (n + 1)) for n in range(60))) == (0, 0)
