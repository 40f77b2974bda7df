"""The queue that opens dialogs one at a time."""

from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from textual.app import App

from reader.ui.dialogs.dialog import Dialog

T = TypeVar("T")


class PromptQueue:
    """Opens a dialog at once, or when the dialog that is open has been answered."""

    def __init__(self, app: App[Any]):
        self._app = app
        self._waiting: deque[tuple[Dialog[Any], Callable[[Any], None]]] = deque()

    def prompt(self, dialog: Dialog[T], on_answer: Callable[[T], None]) -> None:
        """Open a dialog; `on_answer` gets its result, and is not called for None."""
        if any(isinstance(screen, Dialog) for screen in self._app.screen_stack):
            self._waiting.append((dialog, on_answer))
        else:
            self._open(dialog, on_answer)

    def _open(self, dialog: Dialog[T], on_answer: Callable[[T], None]) -> None:
        def answer(result: T | None) -> None:
            if result is not None:
                on_answer(result)
            self._app.call_later(self._open_next)

        self._app.push_screen(dialog, answer)

    def _open_next(self) -> None:
        if self._waiting and not isinstance(self._app.screen, Dialog):
            dialog, on_answer = self._waiting.popleft()
            self._open(dialog, on_answer)
