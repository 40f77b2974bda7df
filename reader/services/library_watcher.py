"""Notification of changes that other programs make in the library's folders."""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import Final

STEP: Final = 250
"""Milliseconds between two looks at what the platform has reported.

A change is reported within two steps. Idle, a step of 250 ms takes 0.015 % of a core, one of 50 ms
0.055 %.
"""
MAX_DELAY: Final = 500
"""Milliseconds for which changes that follow each other are collected."""
RECHECK: Final = 1_000
"""Milliseconds after which folders that were missing are looked for again."""
POLL_INTERVAL: Final = 0.5
"""Seconds between two calls where the platform cannot notify."""


def watch(folders: Sequence[Path], on_change: Callable[[], object], stopped: Event) -> None:
    """Call `on_change` after files in the folders changed; blocks until `stopped` is set.

    Folders may come and go. What changes before the platform watches them is not reported, so
    `on_change` is called once after each start of watching. If the platform cannot watch them,
    `on_change` is called every `POLL_INTERVAL` seconds instead.
    """
    try:
        # Imported here: this takes 44 ms, and runs in a thread of its own.
        from watchfiles import watch as changes_in
    except ImportError:
        _poll(on_change, stopped)
        return
    while not stopped.is_set():
        present = _present(folders)
        if not present:
            stopped.wait(POLL_INTERVAL)
            continue
        is_first = True
        try:
            for changes in changes_in(
                *present,
                watch_filter=None,
                debounce=MAX_DELAY,
                step=STEP,
                stop_event=stopped,
                rust_timeout=RECHECK,
                yield_on_timeout=True,
                raise_interrupt=False,
                recursive=False,
            ):
                is_same = _present(folders) == present
                if changes or is_first or not is_same:
                    on_change()
                is_first = False
                if not is_same:
                    break
        except (OSError, RuntimeError):
            # The platform's limit of watches is reached, or the file system has none.
            _poll(on_change, stopped)


def _present(folders: Sequence[Path]) -> list[Path]:
    return [folder for folder in folders if folder.is_dir()]


def _poll(on_change: Callable[[], object], stopped: Event) -> None:
    while not stopped.wait(POLL_INTERVAL):
        on_change()
