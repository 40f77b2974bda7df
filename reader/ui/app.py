"""The app: themes, keys, one screen over a backend, and its end."""

import asyncio
import gc
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import PurePath
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from textual import events, on
from textual.app import App
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import WorkerFailed

from reader import resources
from reader.model.errors import UsageError
from reader.model.text import clean
from reader.services.app_state import AppState, load_state
from reader.services.workspace import Workspace
from reader.settings import Settings
from reader.ui import themes
from reader.ui.app_hooks import AppHooks
from reader.ui.glyphs import glyphs_for
from reader.ui.key_queue import MAX_HOLD, KeyFence, KeyQueue
from reader.ui.keymap import Keymap
from reader.ui.messages import ListPainted
from reader.ui.screens.main import MainScreen
from reader.ui.startup_rows import StartupRows, load_startup_rows
from reader.ui.terminal_driver import TerminalDriver, end_soon, watch_for_hangup

if TYPE_CHECKING:
    from reader.ui.backend import Backend
    from reader.ui.terminal_images import TerminalImages

GC_THRESHOLDS: Final = (2_000, 1_000_000, 1_000_000)
"""Python's collection thresholds; older objects are only collected while no key is pressed.

A page of text makes and drops thousands of objects. With Python's own thresholds every second page
turned would wait 5 ms for the collector, and some 100 ms.
"""
YOUNG_GC_DELAY, FULL_GC_DELAY = 0.1, 5.0
"""Seconds without a key after which recent garbage is collected, and all of it."""
MIN_YOUNG_RUNS, MIN_OLD_RUNS = 4, 20
"""Collections of younger objects after which one of older objects is worth its time."""
GC_INTERVAL: Final = 60.0
"""Seconds between two collections while no key is pressed; jobs make garbage, too."""
STARTUP_SHEETS: Final = ("base", "list")
"""Style sheets of the first screen; `mount_remaining` reads the others."""
FEW_COLORS: Final = "-few-colors"
"""Class of the app on terminals of 16 colours or fewer, which have no shades."""


def run(workspace: Workspace) -> int:
    """Run the app over a workspace; return the exit code.

    Raises UsageError if the screen cannot be written to. Raises an error of the app once the
    terminal is restored.
    """
    if sys.__stderr__ is None or not sys.__stderr__.isatty():
        raise UsageError("the app draws on standard error: do not redirect it")

    def open_backend() -> "Backend":
        from reader.ui.library_backend import LibraryBackend

        return LibraryBackend(workspace)

    terminal_images = None
    if workspace.settings.images.mode == "terminal":
        from reader.ui.terminal_images import detect_protocol

        terminal_images = detect_protocol()
    app = ReaderApp(
        open_backend,
        workspace.settings,
        load_startup_rows(workspace.places),
        terminal_images,
        TerminalDriver,
        load_state(workspace.places.state),
    )
    watch_for_hangup(app.hang_up)
    code = app.run()
    if app.error is not None:
        raise app.error
    return code or 0


class ReaderApp(App[int]):
    """The app; it opens on the inbox and keeps keys typed before that is ready."""

    TITLE = "reader"
    # The palette is our own: Textual's reads what it shows as markup.
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        open_backend: "Callable[[], Backend]",
        settings: Settings,
        startup_rows: StartupRows | None = None,
        terminal_images: "TerminalImages | None" = None,
        driver_class: type[TerminalDriver] | None = None,
        state: AppState | None = None,
    ):
        sheets: list[str | PurePath] = [
            resources.styles() / f"{name}.tcss" for name in STARTUP_SHEETS
        ]
        super().__init__(driver_class=driver_class, css_path=sheets)
        self._open_backend = open_backend
        self._settings = settings
        self._startup_rows = startup_rows
        self.keys = Keymap(settings)
        self.error: Exception | None = None
        self.terminal_images = terminal_images
        if terminal_images is not None:
            terminal_images.send = self._send
        self._early_keys: list[events.Key] | None = []
        self._queue = KeyQueue()
        self._last_key_time = 0.0
        self._gc_timer: Timer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_hung_up = False
        self._state = state or AppState()
        for theme in themes.OWN_THEMES:
            self.register_theme(theme)
        chosen = self._state.theme_for(settings.look.theme)
        self.theme = chosen if chosen in self.available_themes else themes.INK.name

    def _send(self, sequence: str) -> None:
        """Send a control sequence to the terminal between two paints; from any thread."""
        # Once the app is ending nothing takes what is written, and the thread would wait forever.
        if self._driver is not None and self.is_running and not self._exit:
            self._driver.write(sequence)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.variable_defaults()

    def get_default_screen(self) -> Screen[Any]:
        hooks = AppHooks(
            self._settings,
            self.keys,
            glyphs_for(),
            self.hold_keys,
            self.release_keys,
            self.terminal_images,
            self._state,
        )
        return MainScreen(self._open_backend, hooks, self._startup_rows)

    def on_mount(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.set_keymap(dict(self.keys.overrides))
        has_few = self.console.color_system in (None, "standard", "windows")
        self.set_class(has_few and not self.is_headless, FEW_COLORS)
        if not self.is_headless:
            self._loop.add_signal_handler(signal.SIGTERM, self._quit)
            self._loop.add_signal_handler(signal.SIGHUP, self._on_hangup)
        if self._is_hung_up:
            self._on_hangup()

    # Leaving.

    async def action_quit(self) -> None:
        """Quit as the key `q` does; Textual binds this action itself."""
        self._quit()

    def _quit(self) -> None:
        screen = self.screen_stack[0]
        if isinstance(screen, MainScreen):
            screen.shutdown()

    def hang_up(self) -> None:
        """Quit because the terminal was closed; may be called from any thread."""
        self._is_hung_up = True
        if self._loop is not None:
            # The loop may be closed by now, and the program about to end.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._on_hangup)

    def _on_hangup(self) -> None:
        end_soon()
        if isinstance(self._driver, TerminalDriver):
            self._driver.hang_up()
        self._quit()

    def _pasted_text(self, text: str) -> str:
        """Return a paste as the focused field takes it.

        A field draws each character as it is, and the text may come from a page. A field of one
        line would take the first line only, even an empty one.
        """
        from textual.widgets import Input

        text = clean(text)
        if not isinstance(self.focused, Input):
            return text
        separator: str = getattr(self.focused, "paste_separator", " ")
        lines = (line.strip() for line in text.splitlines())
        return separator.join(line for line in lines if line)

    # Keys.

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Paste) and not event.is_forwarded:
            # A text field draws each character as it is, and the text may come from a page.
            event.text = self._pasted_text(event.text)
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        self._last_key_time = perf_counter()
        if self._early_keys is not None and not self._is_early(event):
            self._early_keys.append(event)
            return
        screen = self.screen_stack[0] if self.screen_stack else None
        if isinstance(screen, MainScreen):
            screen.note_key()
        self._queue.add(event)
        await self._send_keys()

    def _is_early(self, key: events.Key) -> bool:
        """Return whether the key can be handled before the controllers are loaded."""
        screen = self.screen_stack[0] if self.screen_stack else None
        return not self._early_keys and isinstance(screen, MainScreen) and screen.can_move(key)

    async def _send_keys(self) -> None:
        """Send the next key to the focused widget, once the key ahead has been handled."""
        while (key := self._queue.take()) is not None:
            target: Widget = self.focused or self.screen
            await super().on_event(key)
            target.post_message(self._queue.fence())
            if self._gc_timer is None and self._early_keys is None:
                self._gc_timer = self.set_timer(YOUNG_GC_DELAY, self._collect_garbage)

    @on(KeyFence)
    async def _on_fence(self, fence: KeyFence) -> None:
        if self._queue.is_handled(fence):
            await self._send_keys()
        elif not fence.is_last:
            target: Widget = self.focused or self.screen
            target.post_message(self._queue.fence(is_last=True))

    def hold_keys(self) -> None:
        """Hold the keys that follow until `release_keys`: a dialog is being loaded."""
        self._queue.hold()
        self.set_timer(MAX_HOLD, self._send_keys)

    def release_keys(self) -> None:
        """Send the held keys to what has the focus once it is mounted."""
        self._queue.release()
        target: Widget = self.focused or self.screen
        target.post_message(self._queue.fence(is_last=True))

    @on(ListPainted)
    async def _release_early_keys(self) -> None:
        early, self._early_keys = self._early_keys, None
        if early is None:
            return
        # These objects live as long as the app: no later collection visits them again.
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        gc.enable()
        self.set_interval(GC_INTERVAL, self._collect_garbage)
        for event in early:
            self._queue.add(event)
        await self._send_keys()

    # Garbage. A timer that looked for a pause ten times a second took 0.3 % of a core.

    def _collect_garbage(self) -> None:
        """Collect garbage while no key is pressed: younger objects take 1 to 10 ms."""
        self._gc_timer = None
        rest = perf_counter() - self._last_key_time
        if rest < YOUNG_GC_DELAY:
            self._gc_timer = self.set_timer(YOUNG_GC_DELAY, self._collect_garbage)
            return
        _, young, old = gc.get_count()
        if old > MIN_OLD_RUNS and rest >= FULL_GC_DELAY:
            gc.collect()
            return
        if young > MIN_YOUNG_RUNS:
            gc.collect(1)
        if old > MIN_OLD_RUNS:
            self._gc_timer = self.set_timer(FULL_GC_DELAY - rest, self._collect_garbage)

    # Errors.

    def _handle_exception(self, error: Exception) -> None:
        # The traceback of what failed in a worker is that of the inner error.
        cause = error.error if isinstance(error, WorkerFailed) else error
        self.error = self.error or (cause if isinstance(cause, Exception) else error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Close without Textual's report, which prints every local with its hostile text."""
        self._close_messages_no_wait()

    def panic(self, *renderables: Any) -> None:
        """Close; `run` raises the error, and the command line reports it in one line."""
        self._close_messages_no_wait()
