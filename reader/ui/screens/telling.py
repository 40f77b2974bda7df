"""The footer's left part: the keys most useful where one stands, or a message for a few seconds."""

from collections.abc import Callable
from typing import Final

from textual.timer import Timer

from reader.ui.commands import BY_ID, Scope, of_scope
from reader.ui.keyring import Keyring
from reader.ui.widgets.status_line import Hint, Note, StatusLine

SHOWN_FOR: Final = 6.0
"""Seconds that a message stays."""
_HINTS: Final = 4
"""Keys shown beside the one that shows all."""


class Telling:
    """Chooses hints from the command table; messages give way to them after a while."""

    def __init__(
        self,
        status: StatusLine,
        keyring: Keyring,
        set_timer: Callable[[float, Callable[[], None]], Timer],
    ):
        self._status = status
        self._keyring = keyring
        self._set_timer = set_timer
        self._timer: Timer | None = None

    def note(self, note: Note) -> None:
        """Show a message for a few seconds."""
        self._status.show_note(note)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._set_timer(SHOWN_FOR, lambda: self._status.show_note(None))

    def hint_following(self) -> None:
        """Show what letters do while links carry them."""
        back = self._keyring.key("back")
        letters = [Hint("a-z", "follow", ""), Hint("A-Z", "save", "")]
        self._status.show_hints([*letters, Hint(back, "leave", "back")])

    def hint_finding(self) -> None:
        """Show the keys of the line that says what to find."""
        back = self._keyring.key("back")
        self._status.show_hints([Hint("enter", "keep", ""), Hint(back, "clear", "back")])

    def hint(self, scope: Scope) -> None:
        """Show the keys of that scope."""
        commands = [command for command in of_scope(scope) if command.short]
        if scope not in (Scope.EVERYWHERE, Scope.MARKING, Scope.SEARCH):
            commands += [command for command in of_scope(Scope.EVERYWHERE) if command.short]
        last = BY_ID["help"]
        ranked = sorted((c for c in commands if c is not last), key=lambda command: command.rank)
        # Where words are typed, a letter is no key.
        chosen = ranked[: _HINTS + 1] if scope is Scope.SEARCH else [*ranked[:_HINTS], last]
        key = self._keyring.key
        self._status.show_hints([Hint(key(c.id), c.short, c.id) for c in chosen if key(c.id)])
