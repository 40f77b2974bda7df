"""The command that gives another command a new key."""

from collections.abc import Callable, Mapping

from reader.ui.commands import COMMANDS, Command, Scope
from reader.ui.controllers.context import UIContext
from reader.ui.dialogs.key_prompt import KeyPrompt
from reader.ui.dialogs.picker import PickerDialog, Row
from reader.ui.keymap import is_key


class KeyChangeController:
    """Asks for a command and its new key, which works at once and is saved in the settings."""

    def __init__(
        self,
        context: UIContext,
        set_keymap: Callable[[Mapping[str, str]], object],
        update_hints: Callable[[], object],
    ):
        self._context = context
        self._set_keymap = set_keymap
        self._update_hints = update_hints

    def ask(self) -> None:
        """Ask for the command, then for the key."""
        key = self._context.keys.key
        rows = [
            Row(_label(command), command, key(command.id), words=command.help)
            for command in COMMANDS
        ]
        dialog = PickerDialog("Change a key", rows, answer="choose the key")
        self._context.prompt(dialog, self._ask_key)

    def _ask_key(self, command: Command) -> None:
        keys = self._context.keys

        def refuse(key: str) -> str:
            if not is_key(key):
                return f"{key} cannot be used; press another key."
            owner = keys.owner(command.id, key)
            return f"{key} belongs to “{owner.title}”; press another key." if owner else ""

        now = keys.key(command.id)
        text = f"Press the new key{f' in place of {now}' if now else ''}."
        dialog = KeyPrompt(f"New key for “{command.title}”", text, refuse)
        self._context.prompt(dialog, lambda key: self._change(command, key))

    def _change(self, command: Command, key: str) -> None:
        keys, backend = self._context.keys, self._context.backend
        written = keys.replace_key(command.id, key)
        self._set_keymap(dict(keys.overrides))
        self._update_hints()
        self._context.tasks.run_serial(
            lambda: backend.save_keys(command.id, written),
            lambda _: self._context.notify_info(
                f"“{command.title}” has the key {key} from now on."
            ),
        )


def _label(command: Command) -> str:
    """Return the title with the panes in which the command's keys are valid."""
    places = ", ".join(str(scope) for scope in command.scopes if scope is not Scope.EVERYWHERE)
    return f"{command.title} ({places})" if places else command.title
