"""The queue that handles keys one at a time, in the order they were typed."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from textual import events
from textual.message import Message

LONE_MODIFIERS: Final = frozenset(
    f"{side}_{name}"
    for side in ("left", "right")
    for name in ("shift", "control", "alt", "super", "hyper", "meta")
) | {"iso_level3_shift", "iso_level5_shift", "caps_lock", "num_lock", "scroll_lock"}
"""Keys that the kitty protocol reports when a modifier is pressed alone."""
LOST_AFTER: Final = 0.25
"""Seconds after which a key counts as handled though its fence has not come back.

The fence is lost with the widget it was sent to, if the key closed that. A key takes below 20 ms.
"""
MAX_HOLD: Final = 3.0
"""Seconds for which keys wait for a dialog that is being opened."""


@dataclass
class KeyFence(Message):
    """Follows a key through the same widgets; once it is back, the key has been handled."""

    number: int
    is_last: bool


class KeyQueue:
    """Keys that wait for the key ahead, or for a dialog that is opening."""

    def __init__(self, clock: Callable[[], float] = monotonic):
        self._clock = clock
        self._keys: deque[events.Key] = deque()
        self._number = 0
        self._sent_at: float | None = None
        self._held_until: float | None = None

    @property
    def is_idle(self) -> bool:
        """True if every key has been handled."""
        return not self._keys and not self._is_busy and not self.is_held

    def add(self, key: events.Key) -> None:
        """Append a key, unless it is a modifier pressed alone."""
        if key.key not in LONE_MODIFIERS:
            self._keys.append(key)

    def take(self) -> events.Key | None:
        """Take the next key; None while another one is being handled or keys are held."""
        if not self._keys or self.is_held or self._is_busy:
            return None
        self._number += 1
        self._sent_at = self._clock()
        return self._keys.popleft()

    def fence(self, *, is_last: bool = False) -> KeyFence:
        """Return the message to send after the key that was taken."""
        return KeyFence(self._number, is_last)

    def is_handled(self, fence: KeyFence) -> bool:
        """Note a fence that came back; returns whether its key has been handled.

        A key may have sent messages, so a second fence follows the first.
        """
        if not fence.is_last or fence.number != self._number:
            return False
        self._sent_at = None
        return True

    def hold(self) -> None:
        """Hold the keys that follow until `release`, or until `MAX_HOLD` has passed."""
        self._held_until = self._clock() + MAX_HOLD

    def release(self) -> None:
        """End the hold; the next key waits for one more fence, behind the dialog's mounting."""
        self._held_until = None
        self._sent_at = self._clock()

    @property
    def is_held(self) -> bool:
        return self._held_until is not None and self._clock() < self._held_until

    @property
    def _is_busy(self) -> bool:
        return self._sent_at is not None and self._clock() - self._sent_at < LOST_AFTER
