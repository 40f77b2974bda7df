"""A sync that is killed as a process leaves nothing that the next one does not complete."""

from pathlib import Path
from random import Random

from tests.sync.killed_processes import kill_merges, kill_pulls, kill_uploads


def test_killed_uploads_and_pulls(tmp_path: Path) -> None:
    """Nothing is named that is not there, and the next run continues; hundreds in the bench."""
    chance = Random(5)
    assert kill_uploads(tmp_path, chance, articles=30, kills=2)
    assert kill_pulls(tmp_path, chance, kills=2)


def test_a_killed_merge_of_segments(tmp_path: Path) -> None:
    """The longer segment is there before the shorter ones go."""
    kill_merges(tmp_path, Random(6), kills=1)
