"""The parts of the app that its main screen's controllers use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reader.services.app_state import AppState
from reader.settings import Settings
from reader.ui.glyphs import Glyphs
from reader.ui.keymap import Keymap

if TYPE_CHECKING:
    from reader.ui.terminal_images import TerminalImages


@dataclass(frozen=True, slots=True)
class AppHooks:
    """Functions and values that the app passes to its screen when it makes it."""

    settings: Settings
    keys: Keymap
    glyphs: Glyphs
    hold_keys: Callable[[], object]
    release_keys: Callable[[], object]
    terminal_images: "TerminalImages | None"
    state: AppState
