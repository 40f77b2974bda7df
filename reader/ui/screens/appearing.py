"""How the app appears: its theme."""

from collections.abc import Callable
from typing import Any

from textual.app import App

from reader.ui.screens.stage import Stage
from reader.ui.themes import OWN
from reader.ui.widgets.status_line import Note


class Appearing:
    """Changes last until the app is left; the settings say how it begins."""

    def __init__(self, stage: Stage, app: App[Any]):
        self._stage = stage
        self._app = app

    def next_theme(self) -> None:
        """The next of the app's own themes."""
        names = [theme.name for theme in OWN]
        at = names.index(self._app.theme) if self._app.theme in names else -1
        self._app.theme = names[(at + 1) % len(names)]
        self._stage.note(Note(f"Theme {self._app.theme}"))

    def commands(self) -> dict[str, Callable[[], Any]]:
        return {"theme": self.next_theme}
