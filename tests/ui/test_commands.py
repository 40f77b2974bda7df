"""The table of commands, their handlers, and the keys that settings name instead."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reader.services.settings_file import set_value
from reader.settings import Settings, load
from reader.ui.app import ReaderApp
from reader.ui.commands import BY_ID, COMMANDS, FORMER_IDS, Command, Scope, commands_in
from reader.ui.controllers import (
    add,
    annotations,
    app,
    appearance,
    article,
    discovery,
    entries,
    entry_list,
    export,
    external,
    key_changes,
    navigation,
    panes,
    read_along,
    search,
    status,
    tags,
)
from reader.ui.dialogs.details import DetailsDialog
from reader.ui.keymap import Keymap
from reader.ui.widgets.article_view import ArticleView
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.sidebar import Sidebar
from tests.ui.conftest import press, screen_text, until
from tests.ui.memory_backend import MemoryBackend
from tests.ui.test_main_screen import opened

CONTROLLERS: dict[str, type[Any]] = {
    "add": add.AddController,
    "annotations": annotations.AnnotationController,
    "read_along": read_along.ReadAlongController,
    "app": app.AppController,
    "appearance": appearance.AppearanceController,
    "article": article.ArticleController,
    "discovery": discovery.DiscoveryController,
    "entries": entries.EntryController,
    "entry_list": entry_list.ListController,
    "export": export.ExportController,
    "external": external.ExternalController,
    "jobs": status.JobController,
    "key_changes": key_changes.KeyChangeController,
    "navigation": navigation.NavigationController,
    "panes": panes.PaneController,
    "completion": search.CompletionController,
    "search": search.SearchController,
    "tags": tags.TagController,
    "text": ArticleView,
}
FOCUSED = {Scope.LIST: EntryList, Scope.READER: ArticleView, Scope.TAGS: Sidebar}


def test_no_key_means_two_things_in_one_place() -> None:
    """Within a scope every key belongs to one command, and every id is there once."""
    for scope in Scope:
        keys = [key for command in commands_in(scope) for key in command.keys.split()]
        assert len(keys) == len(set(keys)), scope
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)


def test_every_command_says_what_it_does() -> None:
    """Each has a title, and a help sentence that ends with a full stop."""
    assert all(command.title and command.help.endswith(".") for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_has_a_handler(command: Command) -> None:
    """The action names a method that exists, with parameters that it takes."""
    name, _, arguments = command.action.partition("(")
    owner, _, method = name.partition(".")
    count = arguments.count(",") + 1 if arguments else 0
    for handler in handlers(command, owner, method):
        signature = inspect.signature(handler)
        signature.bind(None, *([None] * count))


def handlers(command: Command, owner: str, method: str) -> Iterator[Any]:
    if owner == "focused":
        yield from (getattr(FOCUSED[scope], f"action_{method}") for scope in command.scopes)
    elif owner == "screen":
        yield getattr(DetailsDialog, f"action_{method}")
    else:
        yield getattr(CONTROLLERS[owner], method)


def test_every_public_method_of_a_key_is_reached_by_one() -> None:
    """A controller has no public method without parameters that neither key nor code calls."""
    named = {command.action.partition("(")[0] for command in COMMANDS}
    source = "\n".join(
        path.read_text("utf-8") for path in Path("reader/ui").rglob("*.py") if path.is_file()
    )
    for owner, controller in CONTROLLERS.items():
        if owner == "text":
            continue
        for method in vars(controller):
            if method.startswith("_") or f"{owner}.{method}" in named:
                continue
            assert len(re.findall(rf"\b{method}\b", source)) > 1, f"{owner}.{method}"


def test_former_ids_name_commands_that_are_there() -> None:
    """An id of an earlier release still sets the keys of its command."""
    assert set(FORMER_IDS.values()) <= set(BY_ID)
    assert not set(FORMER_IDS) & set(BY_ID)
    keymap = Keymap(Settings(keys={"keep-view": "f9"}))
    assert keymap.key("save-view") == "f9"
    assert not keymap.problems


def settings(folder: Path, keys: str) -> Settings:
    path = folder / "config.toml"
    path.write_text(f"[keys]\n{keys}\n", encoding="utf-8")
    return load(path)


def test_a_key_can_be_changed(tmp_path: Path) -> None:
    """What a person set is shown and bound; several keys are parted by spaces."""
    keymap = Keymap(settings(tmp_path, 'archive = "E f2"'))
    assert keymap.key("archive") == "E"
    assert keymap.overrides == {"archive": "E,f2"}
    assert not keymap.problems


def test_wrong_keys_are_reported_with_file_and_line(tmp_path: Path) -> None:
    """An unknown command, an invalid key, a key used twice: reported, and the rest works."""
    keymap = Keymap(settings(tmp_path, 'archve = "E"\nstar = "hyperspace"\ndelete = "r"'))
    first, second, third = keymap.problems
    assert "config.toml:2: unknown command archve; perhaps archive" in first
    assert "reader config keys" in first
    assert second.endswith("config.toml:3: star: hyperspace is not the name of a key")
    assert "config.toml:4: delete: the key r also belongs to toggle-read" in third
    assert keymap.key("star") == "s"


async def test_a_key_is_changed_in_the_app(app: ReaderApp, backend: MemoryBackend) -> None:
    """It works at once, is shown everywhere, and is saved; one that is taken is refused."""
    async with app.run_test(size=(120, 36)) as pilot:
        entries = await opened(pilot)
        await press(pilot, "ctrl+p", *"change a key", "enter")
        await until(pilot, lambda: "Change a key" in screen_text(app))
        await press(pilot, *"toggle archive", "enter")
        await until(pilot, lambda: "Press the new key in place of e." in screen_text(app))
        await press(pilot, "t")
        await until(pilot, lambda: "t belongs to “Edit tags”" in screen_text(app))
        await press(pilot, "question_mark")
        await until(pilot, lambda: "? belongs to “Show all keys”" in screen_text(app))
        await press(pilot, "E")
        await until(pilot, lambda: backend.saved_keys == {"archive": "E"})
        await until(pilot, lambda: not app.screen.is_modal)
        await press(pilot, "e")
        assert len(entries.entries) == 9
        await press(pilot, "E")
        await until(pilot, lambda: len(entries.entries) == 8)
        await press(pilot, "question_mark", "slash", *"archive")
        await until(pilot, lambda: "E                 Move to the archive" in screen_text(app))


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("comma", "comma belongs to “Previous sentence”"),
        ("space", "space belongs to “Page down”"),
        ("f9", "has the key f9 from now on"),
        ("ctrl+o", "has the key ctrl+o from now on"),
    ],
)
async def test_a_new_key_is_written_as_the_settings_read_it(
    app: ReaderApp, backend: MemoryBackend, tmp_path: Path, key: str, answer: str
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        await press(pilot, "ctrl+p", *"change a key", "enter", *"show outline", "enter")
        await until(pilot, lambda: "Press the new key" in screen_text(app))
        await press(pilot, key)
        await until(pilot, lambda: answer in screen_text(app))
    for command_id, keys in backend.saved_keys.items():
        set_value(tmp_path / "config.toml", "keys", command_id, keys)
        assert not Keymap(load(tmp_path / "config.toml")).problems


def test_a_settings_file_that_is_a_link_stays_one(tmp_path: Path) -> None:
    """Programs that manage settings files keep them elsewhere."""
    kept, link = tmp_path / "kept.toml", tmp_path / "config.toml"
    kept.write_text("[look]\nrows = 2\n")
    link.symlink_to(kept)
    set_value(link, "look", "theme", "paper")
    assert link.is_symlink()
    assert kept.read_text() == '[look]\ntheme = "paper"\nrows = 2\n'
