"""The keys in force: those of the command table, or those that the settings name instead."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from textual.binding import Binding, BindingType
from textual.keys import Keys

from reader.settings import Settings
from reader.ui.commands import BY_ID, COMMANDS, FORMER_IDS, Command, Scope, commands_in

_KEY_NAMES: Final = frozenset(str(key.value) for key in Keys)
COMMA: Final = "comma"
"""Textual's name of `,`, which separates keys in a binding and in the settings."""
_SHOWN_NAMES: Final = {"escape": "esc"}
"""Names of keys on the screen, which the settings accept as well."""
_MODIFIERS: Final = frozenset({"ctrl", "shift", "alt", "super", "meta"})


class Keymap:
    """Keys by command; `problems` are sentences with file and line about unusable settings."""

    def __init__(self, settings: Settings):
        self.problems: list[str] = []
        self._keys = {command.id: command.keys.split() for command in COMMANDS}
        self._overrides: dict[str, list[str]] = {}
        for name, text in settings.keys.items():
            self._set_keys(settings.path, name, text.replace(",", " ").split())
        self._keys.update(self._overrides)
        self._report_conflicts(settings)

    def keys(self, command: Command) -> list[str]:
        """All keys of the command, the shown one first; empty for a command without keys."""
        return self._keys[command.id]

    def key(self, command_id: str) -> str:
        """Return the key to show for the command; commands without one are in the palette."""
        return next(iter(self.shown_keys(BY_ID[command_id])), "")

    def shown_keys(self, command: Command) -> list[str]:
        """Return all keys of the command as the screen names them."""
        return [_SHOWN_NAMES.get(key, key) for key in self._keys[command.id]]

    @property
    def overrides(self) -> Mapping[str, str]:
        """The keys that the settings name, for `App.set_keymap`."""
        return {name: _join_keys(keys) for name, keys in self._overrides.items() if keys}

    def replace_key(self, command_id: str, key: str) -> str:
        """Give the command a key in place of the shown one; return all its keys as written."""
        self._keys[command_id] = self._overrides[command_id] = [key, *self._keys[command_id][1:]]
        return " ".join(self._keys[command_id])

    def owner(self, command_id: str, key: str) -> Command | None:
        """Return another command that has the key where this one is valid.

        A key of everywhere and one of a pane meet in that pane.
        """
        scopes = {*BY_ID[command_id].scopes, Scope.EVERYWHERE}
        is_everywhere = Scope.EVERYWHERE in BY_ID[command_id].scopes
        others = (
            each
            for each in COMMANDS
            if each.id != command_id and (is_everywhere or not scopes.isdisjoint(each.scopes))
        )
        names = {key, ","} if key == COMMA else {key}
        return next((each for each in others if not names.isdisjoint(self._keys[each.id])), None)

    def _set_keys(self, path: Path | None, name: str, keys: list[str]) -> None:
        command_id = FORMER_IDS.get(name, name)
        if command_id not in BY_ID:
            # Imported here: the keys are ready before the first screen, wrong ones are rare.
            from difflib import get_close_matches

            near = get_close_matches(name, BY_ID, 1)
            hint = f"; perhaps {near[0]}" if near else ""
            self._report(
                path, name, f"unknown command {name}{hint} (`reader config keys` lists all)"
            )
            return
        full_names = {shown: key for key, shown in _SHOWN_NAMES.items()}
        keys = [full_names.get(key, key) for key in keys]
        wrong = [key for key in keys if not is_key(key)]
        if wrong or not keys:
            reason = f"{wrong[0]} is not the name of a key" if wrong else "a key is needed"
            self._report(path, name, f"{name}: {reason}")
            return
        self._overrides[command_id] = keys

    def _report_conflicts(self, settings: Settings) -> None:
        """Report keys that the settings give to a command while another one has them."""
        written = {FORMER_IDS.get(name, name): name for name in settings.keys}
        for name in self._overrides:
            near = [other.id for scope in BY_ID[name].scopes for other in commands_in(scope)]
            for other in dict.fromkeys(near):
                is_reported = other == name or (other in self._overrides and name > other)
                shared = [key for key in self._keys[name] if key in self._keys[other]]
                if shared and not is_reported:
                    line = f"{name}: the key {shared[0]} also belongs to {other}"
                    self._report(settings.path, written[name], line)

    def _report(self, path: Path | None, name: str, text: str) -> None:
        self.problems.append(f"{path}:{_line_number(path, name)}: {text}" if path else text)


def is_key(text: str) -> bool:
    """Return whether the text names a key, with or without modifiers."""
    *modifiers, key = text.split("+") if len(text) > 1 else [text]
    return set(modifiers) <= _MODIFIERS and (
        len(key) == 1 or key in _KEY_NAMES or text in _KEY_NAMES or key == COMMA
    )


def _join_keys(keys: Iterable[str]) -> str:
    """Return the keys as a binding names them."""
    return ",".join(COMMA if key == "," else key for key in keys)


def _line_number(path: Path | None, name: str) -> int:
    """Return the line that sets the key; 1 if it cannot be found."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path else []
    except (OSError, UnicodeDecodeError):
        return 1
    heads = (line.partition("=")[0].strip().strip("\"'") for line in lines)
    return next((n for n, head in enumerate(heads, 1) if head in (name, f"keys.{name}")), 1)


def bindings(*scopes: Scope) -> list[BindingType]:
    """Return the bindings of a pane, each with the action of its command."""
    return [
        Binding(
            _join_keys(command.keys.split()) or NO_KEY,
            action_of(command, scope),
            command.title,
            show=False,
            id=command.id,
        )
        for scope in scopes
        for command in commands_in(scope)
    ]


NO_KEY: Final = "f63"
"""A key that no keyboard sends, for commands that have none until the settings name one."""


def action_of(command: Command, scope: Scope) -> str:
    """Return the Textual action of a command: a widget's own, or `control` of the main screen.

    `control` gets the scope: keys of the reader are off while text is highlighted.
    """
    name, bracket, arguments = command.action.partition("(")
    owner = name.partition(".")[0]
    if owner in ("focused", "screen"):
        return command.action
    parameters = f", {arguments[:-1]}" if bracket else ""
    return f"screen.control({str(scope)!r}, {name!r}{parameters})"
