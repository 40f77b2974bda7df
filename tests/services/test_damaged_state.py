"""A damaged file of the state folder costs itself, never the command."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reader.library.device_identity import load_device
from reader.library.state_folder import state_folder
from reader.model.errors import LibraryDamagedError
from reader.paths import find
from reader.services import app_state, reading_speed, review, search_history, watch_folder
from reader.services.workspace import Workspace
from reader.settings import Settings

DAMAGED = (b"", b"\xff", b"[" * 100_000, b'{"a":' * 100_000, b"[]", b"7", b'{"device":{}}', b"null")
READERS: dict[str, Callable[[Workspace, Path], Any]] = {
    "device.json": lambda workspace, file: load_device(workspace.places),
    "searches.json": lambda workspace, file: search_history.recent(workspace),
    "app.json": lambda workspace, file: app_state.load_state(file.parent),
    "review.json": lambda workspace, file: review._read_cards(file),
    "watched.json": lambda workspace, file: watch_folder._read_state(file),
    "pace.json": lambda workspace, file: reading_speed.load(workspace.places),
}


@pytest.mark.parametrize("name", READERS)
def test_a_damaged_file_is_as_none(settled: Path, name: str) -> None:
    """Whatever its bytes are; only review cards, which nothing else holds, are an error."""
    workspace = Workspace(find(), Settings())
    folder = state_folder(workspace.places)
    folder.mkdir(parents=True)
    for content in DAMAGED:
        for file in {folder / name, workspace.places.state / name}:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        try:
            READERS[name](workspace, folder / name)
        except LibraryDamagedError:
            assert name == "review.json"


def test_a_cache_that_may_not_be_entered_is_as_none(
    settled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change is made without it, and it catches up when it may be entered again."""
    workspace = Workspace(find(), Settings())
    cache = os.fspath(workspace.places.cache)
    plain = os.stat

    def refuse(path: Any, *more: Any, **options: Any) -> os.stat_result:
        if isinstance(path, str | os.PathLike) and os.fspath(path).startswith(f"{cache}{os.sep}"):
            raise PermissionError(13, "Permission denied", path)
        return plain(path, *more, **options)

    monkeypatch.setattr(os, "stat", refuse)
    assert not list(workspace.library.records())
    assert not workspace.update_cache()
