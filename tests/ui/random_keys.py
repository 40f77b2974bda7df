"""Random keys over a library in memory: no change of what the user did not see."""

import asyncio
import random
from collections.abc import Iterator, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widget import Widget

from reader.model.entry import Entry, EntryId, FetchStatus
from reader.settings import Settings
from reader.ui.app import ReaderApp
from reader.ui.commands import COMMANDS
from reader.ui.dialogs.dialog import Dialog
from reader.ui.screens.main import MainScreen
from reader.ui.widgets.article_view import ArticleView
from reader.ui.widgets.entry_list import EntryList
from reader.ui.widgets.sidebar import Sidebar
from tests.ui.memory_backend import MemoryBackend

MAX_WAIT = 60.0
"""Seconds that a key may take with all its tasks, also on a machine under load."""
EXCLUDED = frozenset({"q", "ctrl+z", "ctrl+c", "ctrl+q"})
"""Keys that quit or suspend the program, or need a mouse selection."""
FREQUENT = (*"serdtjkuRV", "space", "A", "enter", "h", "slash", "tab", "z", *["escape"] * 8)
"""Keys that select and change, drawn as often as all others together."""
TEXT = (*"abefrty", "comma", "minus", "space", "backspace")
"""Keys drawn besides while a text field may have the focus."""


def named_key(key: str) -> str:
    """Return Textual's name of a key of the command table."""
    return _character_to_key(key) if len(key) == 1 else key


CHARACTERS = {
    named_key(key): key for command in COMMANDS for key in command.keys.split() if len(key) == 1
} | {"space": " ", "comma": ",", "minus": "-"}
"""The text of keys that have a name."""


def all_keys() -> list[str]:
    """Return every key of the table that keeps the program running."""
    bound = {key for command in COMMANDS for key in command.keys.split()}
    return sorted(map(named_key, bound - EXCLUDED))


def state_of(backend: MemoryBackend) -> Mapping[EntryId, Entry]:
    """Return the entries without the reading position, which is no change to undo."""
    return {
        entry.id: entry._replace(progress=0.0, finished=False) for entry in backend.held.values()
    }


def without_page(entry: Entry) -> Entry:
    """Return the entry without what a download changes, which undo does not revert."""
    return entry._replace(words=0, fetch=FetchStatus.DONE, reason=None)


def is_visible(widget: Widget) -> bool:
    return bool(widget.display and widget.region.width and widget.region.height)


class Driver:
    """Presses keys, and knows before each which entries it may change."""

    def __init__(self, pilot: Pilot[Any], backend: MemoryBackend, seed: int):
        self.pilot = pilot
        self.app: ReaderApp = pilot.app  # type: ignore[assignment]
        self.backend = backend
        self.dice = random.Random(seed)
        self.keys = all_keys()
        self.named: frozenset[EntryId] = frozenset()
        self.pressed: list[str] = []
        self.start = dict(state_of(backend))
        """The state to which undo leads: the first one, or that after a permanent deletion."""

    def allowed(self) -> frozenset[EntryId]:
        """Entries under the cursor, open, selected and listed, or named by the open dialog."""
        screen = self.app.screen
        if isinstance(screen, Dialog):
            return self.named
        entries, view = screen.query_one(EntryList), screen.query_one(ArticleView)
        if self.app.focused is view:
            shown = view.article
            is_shown = shown is not None and is_visible(view)
            self.named = frozenset({EntryId(shown.id)} if is_shown and shown else ())
        elif isinstance(self.app.focused, Sidebar):
            # A dialog of the sidebar names a tag and the number of its articles.
            item = self.app.focused.current
            self.named = frozenset(self.tagged(item.name) if item else ())
            return frozenset()
        elif entries.selection:
            hidden = [e for e in entries.selection if not listed(entries, e)]
            assert not hidden, f"selected, but not in the list: {hidden}"
            self.named = entries.selection
        elif entries.current is not None and is_visible(entries):
            self.named = frozenset({entries.current.id})
        else:
            self.named = frozenset()
        return self.named

    def tagged(self, name: str) -> Iterator[EntryId]:
        """Yield the entries with a tag, or one nested in it."""
        for entry in self.backend.held.values():
            if any(tag == name or tag.startswith(f"{name}/") for tag in entry.tags):
                yield entry.id

    def draw(self) -> str:
        pool = self.dice.random()
        if pool < 0.45:
            return named_key(self.dice.choice(FREQUENT))
        if pool < 0.6:
            return named_key(self.dice.choice(TEXT))
        return self.dice.choice(self.keys)

    async def step(self) -> None:
        """Press one key, wait until it is handled, and check what it changed."""
        await self.settle()
        allowed, key = self.allowed(), self.draw()
        undone = self.backend.steps[-1][1].keys() if self.backend.steps else set[EntryId]()
        before = dict(state_of(self.backend))
        depth = len(self.backend.steps)
        is_dialog = isinstance(self.app.screen, Dialog)
        self.pressed.append(key)
        self.app.post_message(events.Key(key, CHARACTERS.get(key, key if len(key) == 1 else None)))
        await asyncio.sleep(0)
        await self.settle()
        after = state_of(self.backend)
        purged = before.keys() - after.keys()
        if purged:
            # The question named them as the trash, or by their number. Undo starts again after it.
            assert is_dialog, self.report(purged)
            assert all(before[each].trashed for each in purged), self.report(purged)
            self.start = dict(after)
        changed = {each for each in before.keys() & after.keys() if before[each] != after[each]}
        if len(self.backend.steps) < depth:
            assert changed <= undone, self.report(changed - undone)
        else:
            assert changed <= allowed, self.report(changed - allowed)

    def report(self, changed: set[EntryId]) -> str:
        return f"changed unseen: {changed} after {' '.join(self.pressed[-12:])}"

    async def settle(self) -> None:
        """Wait until no key, message, task or repaint is under way; fails after a deadline."""
        deadline, idle = monotonic() + MAX_WAIT, 0
        while idle < 3:
            assert monotonic() < deadline, f"still busy after {' '.join(self.pressed[-12:])}"
            await asyncio.sleep(0.004)
            idle = 0 if self.is_busy else idle + 1

    @property
    def is_busy(self) -> bool:
        """True while a key, a message, a task or a repaint is under way.

        A worker ends before the screen has handled its message, and a widget has its region only
        after the layout: under load each of these takes several turns of the loop.
        """
        main, top = self.app.screen_stack[0], self.app.screen
        assert isinstance(main, MainScreen)
        tasks = main.controllers.tasks
        pumps = (self.app, *self.app.screen_stack, *top.walk_children(Widget))
        return (
            tasks.has_pending_writes
            or bool(tasks._waiting)
            or not self.app._queue.is_idle
            or any(pump._message_queue.qsize() for pump in pumps)
            or any(screen._layout_required for screen in (main, top))
            or not all(worker.is_finished for worker in self.app.workers)
        )


def listed(entries: EntryList, entry_id: EntryId) -> bool:
    rows = entries.entries
    return not isinstance(rows, tuple) and rows.index_of(entry_id) is not None


def undo_all(backend: MemoryBackend) -> Iterator[str]:
    """Undo every change that is left."""
    while backend.steps:
        with suppress(KeyError):
            yield backend.undo().message


async def press_random_keys(steps: int, entries: list[Entry], seed: int) -> int:
    """Press that many random keys; then undo everything. Returns the number of changes."""
    backend = MemoryBackend(entries)
    app = ReaderApp(lambda: backend, Settings())
    async with app.run_test(size=(130, 36)) as pilot:
        while app._early_keys is not None:
            await pilot.pause(0.02)
        driver = Driver(pilot, backend, seed)
        for _ in range(steps):
            await driver.step()
        assert app.error is None
        count = len(backend.steps)
        for _ in undo_all(backend):
            pass
    after = state_of(backend)
    assert {each: without_page(after[each]) for each in driver.start} == {
        each: without_page(entry) for each, entry in driver.start.items()
    }
    return count
