"""Home, clock, timezone and locale are the same for every test; no test reaches a network."""

import importlib
import os
import pkgutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import reader
from reader.services.sandbox.extractors import Extractors
from reader.services.workspace import Workspace

# The same examples every time, on machines however slow; `--hypothesis-profile=searching` looks
# for new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("searching", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile("steady")


def pytest_collection_finish() -> None:
    """Import the whole program: Hypothesis draws from the constants of what is imported so far.

    Without it the examples would hang on which test ran before in the same process.
    """
    for found in pkgutil.walk_packages(reader.__path__, "reader."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)


@pytest.fixture(autouse=True)
def settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home with every folder of `places` inside it, UTC, and the C.UTF-8 locale."""
    for name in [name for name in os.environ if name.startswith(("READER_", "XDG_"))]:
        monkeypatch.delenv(name)
    home = tmp_path / "person"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("READER_HOME", str(home / "library"))
    monkeypatch.setenv("READER_CONFIG", str(home / "config.toml"))
    for kind in ("STATE", "CACHE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    time.tzset()
    return home


@pytest.fixture(scope="session")
def extractors() -> Iterator[Extractors]:
    """Child processes for pages: starting one takes longer than extracting a page of these tests."""
    with Extractors() as opened:
        yield opened


@pytest.fixture
def kept_extractors(extractors: Extractors, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every workspace uses the same children, which stay for the next test."""
    monkeypatch.setattr(Workspace, "extractors", extractors)
