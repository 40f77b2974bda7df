"""A workspace over an empty library, with a clock that a test can turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reader import paths, settings
from reader.services.workspace import Workspace


@pytest.fixture
def workspace(settled: Path, kept_extractors: None) -> Iterator[Workspace]:
    """An empty library on a real disk; the clock stands at 2026-01-02 03:04:05 UTC."""
    with Workspace(paths.find(), settings.Settings(), clock=lambda: 1_767_323_045.0) as opened:
        yield opened
