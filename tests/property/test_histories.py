"""Whatever a synchroniser does to three devices, library, cache and files say the same."""

from pathlib import Path

import pytest

from tests.library.histories import play

HISTORIES = 24
"""`python -m tests.bench.library.histories` plays thousands."""


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_library_cache_and_files_agree_after_every_step(tmp_path: Path, seed: int) -> None:
    """Nothing that was acknowledged is lost, and at the end all devices are equal."""
    play(seed, tmp_path)
