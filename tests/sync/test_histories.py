"""Whatever happens to syncs, devices and the remote, in the end all devices have everything."""

import os
from pathlib import Path

import pytest

from tests.sync.histories import play

FIRST, COUNT = (int(each) for each in os.environ.get("READER_HISTORIES", "0:6").split(":"))
"""`python -m tests.bench.sync.histories` plays thousands."""


@pytest.mark.parametrize("seed", range(FIRST, FIRST + COUNT))
def test_all_devices_have_every_acknowledged_change(tmp_path: Path, seed: int) -> None:
    """After killed and lagging syncs in any order, two whole ones make all devices equal."""
    play(seed, tmp_path)
