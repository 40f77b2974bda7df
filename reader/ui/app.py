"""The app: themes, the command table's palette, and one screen over a desk."""

from typing import Final

from textual import events, on
from textual.app import App
from textual.screen import Screen

from reader import assets
from reader.services.shelf import Shelf
from reader.settings import Settings
from reader.ui import themes
from reader.ui.desk import Desk
from reader.ui.glyphs import glyphs_for
from reader.ui.keyring import Keyring
from reader.ui.screens.main import ListShown, MainScreen
from reader.ui.shelf_desk import ShelfDesk

SHEETS: Final = ("base", "tags", "list", "article", "footer", "dialogs")


def run(shelf: Shelf) -> int:
    """Open the app over a person's shelf and stay until it is left; returns the exit code."""
    return ReaderApp(ShelfDesk(shelf), shelf.settings).run() or 0


class ReaderApp(App[int]):
    """Opens on the inbox; keys typed before the first rows are there are kept for them."""

    TITLE = "reader"
    # The palette is our own: Textual's reads what it shows as markup.
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, desk: Desk, settings: Settings):
        folder = assets.styles()
        super().__init__(css_path=[folder / f"{name}.tcss" for name in SHEETS])
        self._desk = desk
        self._settings = settings
        self.keyring = Keyring(settings)
        self._held: list[events.Key] | None = []
        for theme in themes.OWN:
            self.register_theme(theme)
        known = settings.look.theme in self.available_themes
        self.theme = settings.look.theme if known else themes.INK.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.defaults()

    def get_default_screen(self) -> Screen[None]:
        return MainScreen(self._desk, self._settings, self.keyring, glyphs_for(), self.run_command)

    def on_mount(self) -> None:
        self.set_keymap(dict(self.keyring.keymap))

    async def on_event(self, event: events.Event) -> None:
        if self._held is not None and isinstance(event, events.Key) and not event.is_forwarded:
            self._held.append(event)
            return
        await super().on_event(event)

    @on(ListShown)
    async def _let_keys_go(self) -> None:
        held, self._held = self._held, None
        for event in held or ():
            await super().on_event(event)

    def run_command(self, command_id: str) -> None:
        """Do what a command of the whole app does."""
        if command_id == "theme":
            self._next_theme()

    def _next_theme(self) -> None:
        names = [theme.name for theme in themes.OWN]
        at = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(at + 1) % len(names)]
