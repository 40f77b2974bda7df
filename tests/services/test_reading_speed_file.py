"""One's own reading speed on the disk."""

from pathlib import Path

import pytest

from reader.model.reading_speed import ReadingSpeed
from reader.paths import Paths
from reader.services import reading_speed
from reader.settings import ReadingSettings, Settings


@pytest.fixture
def places(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "lib", tmp_path / "state", tmp_path / "cache", tmp_path / "c.toml")


def test_it_adds_up_and_the_settings_win(places: Paths) -> None:
    """Read in two sittings; a speed of the settings counts instead."""
    assert reading_speed.words_per_minute(places, Settings()) == 0
    reading_speed.record(places, 300, 90)
    assert reading_speed.record(places, 300, 90) == ReadingSpeed(600, 180)
    assert reading_speed.words_per_minute(places, Settings()) == 200
    assert (
        reading_speed.words_per_minute(places, Settings(reading=ReadingSettings(speed=400))) == 400
    )


@pytest.mark.parametrize(
    "said",
    [b"", b"\xff", b"[1]", b'{"words": "x", "seconds": 1}', b'{"words": NaN, "seconds": 900}',
     b'{"words": -1, "seconds": 900}', b"[" * 4000],
)  # fmt: skip
def test_a_damaged_file_is_as_none(places: Paths, said: bytes) -> None:
    """It is an estimate: it begins anew."""
    places.state.mkdir()
    (places.state / "pace.json").write_bytes(said)
    assert reading_speed.load(places) == ReadingSpeed()
    assert reading_speed.record(places, 300, 90) == ReadingSpeed(300, 90)


def test_a_disk_that_takes_nothing_is_no_error(places: Paths) -> None:
    """Where the state folder cannot be made, the speed is known until the app is left."""
    places.state.write_text("a file in the way")
    assert reading_speed.record(places, 300, 90) == ReadingSpeed(300, 90)
