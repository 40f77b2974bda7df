"""The app: themes, keys and one screen over a desk, and what happens when it breaks."""

import asyncio
import gc
import signal
import sys
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from textual import events, on
from textual.app import App
from textual.screen import Screen
from textual.widget import Widget

from reader import resources
from reader.model.errors import UsageError
from reader.services.workspace import Workspace
from reader.settings import Settings
from reader.ui import themes
from reader.ui.glyphs import glyphs_for
from reader.ui.keymap import Keymap
from reader.ui.screens.main import ListPainted, MainScreen
from reader.ui.startup_rows import StartupRows, load_startup_rows

if TYPE_CHECKING:
    from reader.ui.backend import Backend
    from reader.ui.terminal_images import TerminalImages

GC_THRESHOLDS: Final = (2_000, 1_000_000, 1_000_000)
"""Python's thresholds for its search for garbage: that among older objects waits until keys rest.

A page of text makes and drops thousands of objects. By Python's own thresholds every second page
turned would wait 5 ms for it, and some 100 ms.
"""
YOUNG_GC_DELAY, FULL_GC_DELAY = 0.1, 5.0
"""Seconds without a key from which garbage of the last moments is searched for, and all of it."""
MIN_YOUNG_RUNS, MIN_OLD_RUNS = 4, 20
"""Searches among younger objects after which one among older ones is worth it."""
STARTUP_SHEETS: Final = ("base", "list")
"""Those of the first screen; `furnish` reads the others."""


def run(shelf: Workspace) -> int:
    """Open the app over a person's shelf and stay until it is left; returns the exit code.

    Raises WrongUsage where the screen cannot be written to, and what broke the app, after the
    terminal is itself again.
    """
    if sys.__stderr__ is None or not sys.__stderr__.isatty():
        raise UsageError("the app draws on standard error: do not redirect it")

    def open_desk() -> "Backend":
        from reader.ui.library_backend import LibraryBackend

        return LibraryBackend(shelf)

    graphics = None
    if shelf.settings.images.mode == "terminal":
        from reader.ui.terminal_images import detect_protocol

        graphics = detect_protocol()
    app = ReaderApp(open_desk, shelf.settings, load_startup_rows(shelf.places), graphics)
    code = app.run()
    if app.error is not None:
        raise app.error
    return code or 0


class ReaderApp(App[int]):
    """Opens on the inbox; keys typed before the first rows are there are kept for them."""

    TITLE = "reader"
    # The palette is our own: Textual's reads what it shows as markup.
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        open_desk: "Callable[[], Backend]",
        settings: Settings,
        first: StartupRows | None = None,
        graphics: "TerminalImages | None" = None,
    ):
        folder = resources.styles()
        super().__init__(css_path=[folder / f"{name}.tcss" for name in STARTUP_SHEETS])
        self._open_backend = open_desk
        self._settings = settings
        self._startup_rows = first
        self.keys = Keymap(settings)
        self.error: Exception | None = None
        self.terminal_images = graphics
        if graphics is not None:
            graphics.send = self._send
        self._held_keys: list[events.Key] | None = []
        self._last_key_time = 0.0
        self._key_targets: WeakKeyDictionary[events.Key, Widget] = WeakKeyDictionary()
        for theme in themes.OWN:
            self.register_theme(theme)
        known = settings.look.theme in self.available_themes
        self.theme = settings.look.theme if known else themes.INK.name

    def _send(self, sequence: str) -> None:
        """Have the terminal get this between two paintings; from any thread."""
        # Once the app is being left nobody takes what is written, and the thread would wait for ever.
        if self._driver is not None and self.is_running and not self._exit:
            self._driver.write(sequence)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.defaults()

    def get_default_screen(self) -> Screen[Any]:
        glyphs = glyphs_for()
        return MainScreen(self._open_backend, self._settings, self.keys, glyphs, self._startup_rows)

    def on_mount(self) -> None:
        self.set_keymap(dict(self.keys.overrides))
        if not self.is_headless:
            for name in (signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(name, self._leave)

    async def action_quit(self) -> None:
        """Textual's own key for it: leave as `q` does, with everything kept."""
        self._leave()

    def _leave(self) -> None:
        screen = self.screen_stack[0]
        if isinstance(screen, MainScreen):
            screen.shutdown()

    # -- keys that are faster than the app ------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key):
            self._last_key_time = perf_counter()
            if self._held_keys is not None and not event.is_forwarded and not self._is_early(event):
                self._held_keys.append(event)
                return
            if self._is_late(event):
                self.post_message(events.Key(event.key, event.character))
                return
        await super().on_event(event)

    def _is_early(self, key: events.Key) -> bool:
        """Whether the key can be answered before the rest of the app is there: none waits ahead."""
        screen = self.screen_stack[0] if self.screen_stack else None
        return not self._held_keys and isinstance(screen, MainScreen) and screen.can_move(key)

    def _is_late(self, key: events.Key) -> bool:
        """Whether the key was sent to what had the focus before the key ahead of it moved that."""
        target: Widget = self.focused or self.screen
        if not key.is_forwarded:
            self._key_targets[key] = target
            return False
        return self._key_targets.pop(key, target) is not target

    @on(ListPainted)
    async def _release_keys(self) -> None:
        held, self._held_keys = self._held_keys, None
        if held is None:
            return
        # What is there now stays to the end: no later search for garbage goes through it again.
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        gc.enable()
        self.set_interval(YOUNG_GC_DELAY, self._collect_garbage)
        for event in held:
            await self.on_event(event)

    def _collect_garbage(self) -> None:
        """Search for garbage where nobody waits for it: some of the younger costs 1 to 10 ms."""
        rest = perf_counter() - self._last_key_time
        _, young, old = gc.get_count()
        if rest > FULL_GC_DELAY and old > MIN_OLD_RUNS:
            gc.collect()
        elif rest > YOUNG_GC_DELAY and young > MIN_YOUNG_RUNS:
            gc.collect(1)

    # -- breaking -------------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        self.error = self.error or error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Close without Textual's report: it prints every local, hostile text among them."""
        self._close_messages_no_wait()

    def panic(self, *renderables: Any) -> None:
        """Close; `run` raises what broke, and one line tells it."""
        self._close_messages_no_wait()
