import os
import shutil
from pathlib import Path

import platformdirs
import pytest

from reader import paths
from reader.cli import fast_list
from reader.cli.main import run
from reader.library import Library
from reader.model.change import Change, SaveRequest
from reader.services.workspace import Workspace
from reader.settings import Settings


@pytest.fixture
def filled(settled: Path) -> None:
    """A library of five links with tags, marks and hostile titles, and a fresh cache."""
    with Workspace(paths.find(), Settings()) as workspace:
        titles = ["One", "Two \x1b]0;x\x07", "Três", "四", "[bold]Five[/]"]
        savings = [
            SaveRequest(given=f"https://a.example/{number}", title=title, tags=("b", "a c"))
            for number, title in enumerate(titles)
        ]
        added = workspace.library.add(savings, step="x")
        workspace.library.change(
            {added[0].record.entry.id: Change(starred=True, finished=True)}, step="y"
        )
        workspace.library.change(
            {added[1].record.entry.id: Change(progress=0.4, failure="gone")}, step="z"
        )
        workspace.library.change({added[2].record.entry.id: Change(trashed=True)}, step="w")
        workspace.synced_cache()


@pytest.mark.parametrize(
    "words",
    [
        ["list"],
        ["list", "--json"],
        ["list", "--limit", "2"],
        ["list", "--limit", "2", "--json"],
        ["list", "--limit", "0"],
    ],
)
def test_the_fast_path_prints_the_same(
    filled: None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
) -> None:
    """It is a way to start faster, not another list."""
    with monkeypatch.context() as without_fast_path:
        without_fast_path.setattr("reader.cli.list.list_newest", lambda words: False)
        assert run(words) == 0
    long_way = capsys.readouterr().out
    assert fast_list.list_newest(words)
    assert capsys.readouterr().out == long_way


@pytest.mark.parametrize(
    "words",
    [
        ["list", "x"],
        ["list", "--sort", "title"],
        ["list", "--limit", "x"],
        ["list", "--limit"],
        ["show", "x"],
        [],
    ],
)
def test_uncommon_cases_fall_back_to_the_library(filled: None, words: list[str]) -> None:
    """Wrong words are told where all wrong words are told."""
    assert not fast_list.list_newest(words)


def test_a_list_that_fills_the_cache_prints_what_the_next_one_prints(
    filled: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """The fast path prints the rows as soon as the cache has them."""
    shutil.rmtree(paths.find().cache)
    assert run(["list"]) == 0
    first = capsys.readouterr().out
    assert fast_list.list_newest(["list"])
    assert capsys.readouterr().out == first


def test_a_stale_cache_falls_back_to_the_library(filled: None) -> None:
    """A change that the cache has not seen is never missing from a list."""
    Library.open(paths.find()).add([SaveRequest(given="https://a.example/new")], step="x")
    assert not fast_list.list_newest(["list"])


@pytest.mark.parametrize("home", ["/home/person", "person", ""])
@pytest.mark.parametrize("given", ["", "/elsewhere", "relative", "~/below", None])
def test_the_platform_s_folders_are_those_of_platformdirs(
    monkeypatch: pytest.MonkeyPatch, home: str, given: str | None
) -> None:
    """The platform's rules are written twice, so they are compared."""
    for name in ("READER_HOME", "READER_CONFIG"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", home)
    for kind in ("DATA", "STATE", "CACHE", "CONFIG"):
        if given is None:
            monkeypatch.delenv(f"XDG_{kind}_HOME")
        else:
            monkeypatch.setenv(f"XDG_{kind}_HOME", given)
    assert paths.find() == paths.Paths(
        platformdirs.user_data_path("reader"),
        platformdirs.user_state_path("reader"),
        platformdirs.user_cache_path("reader"),
        platformdirs.user_config_path("reader") / "config.toml",
    )


def test_the_folders_are_those_of_every_other_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform's rules are written twice, so they are compared."""
    for name in ("", "READER_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        if name:
            monkeypatch.delenv(name)
        found = paths.find()
        assert fast_list.library_and_cache(os.environ) == (str(found.home), str(found.cache))


def test_errors_of_the_settings_are_reported_by_list_too(
    filled: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Settings that were found right once are not read again; changed ones are."""
    config = paths.find().config
    assert fast_list.config_file(os.environ) == str(config)
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text('[look]\ntheme = "ink"\n')
    assert not fast_list.list_newest(["list"])
    assert run(["list"]) == 0
    assert capsys.readouterr().err == ""
    assert fast_list.list_newest(["list"])
    config.write_text('[look]\ntheme = "pink"\n')
    assert not fast_list.list_newest(["list"])
    assert run(["list"]) == 0
    assert "theme must be one of" in capsys.readouterr().err
    assert not fast_list.list_newest(["list"])
