"""Which keys hold: those of the command table, or those that a person set instead."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from textual.binding import Binding, BindingType
from textual.keys import Keys

from reader.settings import Settings
from reader.ui.commands import BY_ID, COMMANDS, Command, Scope, commands_in

_KEY_NAMES: Final = frozenset(str(key.value) for key in Keys)
_MODIFIERS: Final = frozenset({"ctrl", "shift", "alt", "super", "meta"})


class Keymap:
    """Keys by command; `problems` are sentences with file and line about what could not be used."""

    def __init__(self, settings: Settings):
        self.problems: list[str] = []
        self._keys = {command.id: command.keys.split(" ") for command in COMMANDS}
        self._overrides: dict[str, list[str]] = {}
        for name, text in settings.keys.items():
            self._set_keys(settings.path, name, text.replace(",", " ").split())
        self._keys.update(self._overrides)
        self._report_conflicts(settings.path)

    def keys(self, command: Command) -> list[str]:
        """All keys of the command, the one to show first; empty where a person took them away."""
        return self._keys[command.id]

    def key(self, command_id: str) -> str:
        """The key to show for the command; `ctrl+p` leads to those without one."""
        return next(iter(self._keys[command_id]), "")

    @property
    def overrides(self) -> Mapping[str, str]:
        """For `App.set_keymap`: only what a person set."""
        return {name: ",".join(keys) for name, keys in self._overrides.items() if keys}

    def _set_keys(self, path: Path | None, name: str, keys: list[str]) -> None:
        if name not in BY_ID:
            # Imported here: the keys are ready before the first screen, wrong ones are rare.
            from difflib import get_close_matches

            near = get_close_matches(name, BY_ID, 1)
            hint = f"; perhaps {near[0]}" if near else ""
            self._report(path, name, f"there is no command {name}{hint}")
            return
        wrong = [key for key in keys if not _is_key(key)]
        if wrong or not keys:
            said = f"{wrong[0]} is no key" if wrong else "a key is needed"
            self._report(path, name, f"{name}: {said}")
            return
        self._overrides[name] = keys

    def _report_conflicts(self, path: Path | None) -> None:
        """Tell of keys that a person gave to a command while another one has them too."""
        for name in self._overrides:
            near = [other.id for scope in BY_ID[name].scopes for other in commands_in(scope)]
            for other in dict.fromkeys(near):
                told = other == name or (other in self._overrides and name > other)
                if not told and set(self._keys[other]) & set(self._keys[name]):
                    self._report(path, name, f"{name}: its key is also that of {other}")

    def _report(self, path: Path | None, name: str, said: str) -> None:
        self.problems.append(f"{path}:{_line_number(path, name)}: {said}" if path else said)


def _is_key(text: str) -> bool:
    *modifiers, key = text.split("+") if len(text) > 1 else [text]
    return set(modifiers) <= _MODIFIERS and (
        len(key) == 1 or key in _KEY_NAMES or text in _KEY_NAMES
    )


def _line_number(path: Path | None, name: str) -> int:
    """The line that sets the key; 1 where it cannot be found."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path else []
    except (OSError, UnicodeDecodeError):
        return 1
    heads = (line.partition("=")[0].strip().strip("\"'") for line in lines)
    return next((n for n, head in enumerate(heads, 1) if head in (name, f"keys.{name}")), 1)


def bindings(*scopes: Scope) -> list[BindingType]:
    """The bindings of a pane; each runs `screen.command`, where one place decides what is done."""
    return [
        Binding(
            ",".join(command.keys.split(" ")),
            f"screen.command('{command.id}')",
            command.title,
            show=False,
            id=command.id,
        )
        for scope in scopes
        for command in commands_in(scope)
    ]
