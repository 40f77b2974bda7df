"""From a keystroke in the search box to the repainted list, in the app over a library on the disk.

It runs headless and unpaced. Words are typed letter by letter, each once the one before it was
answered: words of 5 to 5,000 of the articles, as in the other figures.
"""

import asyncio
import os
import random
from time import perf_counter
from typing import Final

# Textual paints sixty times a second; unpaced, the work itself is measured and not the wait.
os.environ.setdefault("TEXTUAL_FPS", "1000")

from reader.paths import Paths
from reader.services.workspace import Workspace
from reader.settings import Settings
from reader.ui.widgets.entry_list import EntryList
from tests.bench.search.made import counting
from tests.bench.ui.using import opened, ready

WORDS: Final = 25
_STEP: Final = 0.001
"""Seconds between two looks: one that never rests would keep the threads from answering."""
_PATIENCE: Final = 2.0


def measure(places: Paths) -> list[float]:
    """Milliseconds for each letter."""
    with Workspace(places, Settings()) as workspace:
        return asyncio.run(_typed(workspace))


async def _typed(workspace: Workspace) -> list[float]:
    sql = "select term from vocabulary where doc between 5 and 5000 and length(term) > 3"
    connection = counting(workspace.cache.path)
    words = [word for (word,) in connection.execute(sql) if word.isascii() and word.isalpha()]
    connection.close()
    dice, times = random.Random(3), []
    app = opened(workspace)
    async with app.run_test(size=(130, 36)) as pilot:
        await ready(pilot)
        await pilot.pause(1)
        entries = app.screen.query_one(EntryList)
        for word in dice.choices(words, k=WORDS):
            await pilot.press("slash")
            await pilot.pause(0.05)
            for letter in word:
                before, begun = entries.entries, perf_counter()
                app.simulate_key(letter)
                while entries.entries is before and perf_counter() - begun < _PATIENCE:
                    await asyncio.sleep(_STEP)
                painted = asyncio.Event()
                entries.call_after_refresh(painted.set)
                await painted.wait()
                times.append((perf_counter() - begun) * 1000)
                await pilot.pause(0.05)
            for _ in range(2):
                await pilot.press("escape")
                await pilot.pause(0.1)
    return times
