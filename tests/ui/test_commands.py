"""The one table of commands, and the keys that a person sets instead."""

from pathlib import Path

from reader.settings import Settings, load
from reader.ui.commands import COMMANDS, Scope, commands_in
from reader.ui.keymap import Keymap


def test_no_key_means_two_things_in_one_place() -> None:
    """Within a scope every key belongs to one command, and every id is there once."""
    for scope in Scope:
        keys = [key for command in commands_in(scope) for key in command.keys.split(" ")]
        assert len(keys) == len(set(keys)), scope
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)


def test_every_command_says_what_it_does() -> None:
    """Each has a title, and a help sentence that ends with a full stop."""
    assert all(command.title and command.help.endswith(".") for command in COMMANDS)


def settings(folder: Path, keys: str) -> Settings:
    path = folder / "config.toml"
    path.write_text(f"[keys]\n{keys}\n", encoding="utf-8")
    return load(path)


def test_a_key_can_be_changed(tmp_path: Path) -> None:
    """What a person set is shown and bound; several keys are parted by spaces."""
    keyring = Keymap(settings(tmp_path, 'archive = "E f2"'))
    assert keyring.key("archive") == "E"
    assert keyring.overrides == {"archive": "E,f2"}
    assert not keyring.problems


def test_wrong_keys_are_told_with_file_and_line(tmp_path: Path) -> None:
    """An unknown command, a word that is no key, a key taken twice: told, and not in the way."""
    keyring = Keymap(settings(tmp_path, 'archve = "E"\nstar = "hyperspace"\ndelete = "r"'))
    first, second, third = keyring.problems
    assert first.endswith("config.toml:2: there is no command archve; perhaps archive")
    assert second.endswith("config.toml:3: star: hyperspace is no key")
    assert "config.toml:4: delete: its key is also that of toggle-read" in third
    assert keyring.key("star") == "s"
