"""Faults with whole processes: writers killed at any moment, and fifty commands at once beside the app."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from reader.library import Library
from tests.bench.library.made import places_in
from tests.bench.table import Figure
from tests.terminal.emulator import Program

_ROUNDS: Final = 50
_COMMANDS: Final = 50
_PAGE: Final = """<title>Ferryboat {0}</title><article><h1>Ferryboat {0}</h1>
<p>The ferry was late again that morning, and nobody on the quay seemed to mind it at all.</p>
<p>Number {0} was the boat that everybody had waited for since the bells of the church rang.</p>
</article>"""


def figures(folder: Path) -> list[Figure]:
    """Changes that were acknowledged and are not there, and what the app shows of what was added."""
    places = places_in(folder)
    os.environ |= {
        "READER_HOME": str(places.home),
        "READER_CONFIG": str(places.config),
        "XDG_STATE_HOME": str(places.state),
        "XDG_CACHE_HOME": str(places.cache),
        # A line that is printed is there before the process is killed.
        "PYTHONUNBUFFERED": "1",
    }
    pages = [folder / f"{number}.html" for number in range(_COMMANDS)]
    for number, page in enumerate(pages):
        page.write_text(_PAGE.format(number), "utf-8")
    acknowledged, lost = _killed(folder)
    added, shown = _at_once(pages)
    return [
        Figure(f"additions acknowledged in {_ROUNDS} rounds of two kills", acknowledged),
        Figure("of these not there afterwards", lost, 0),
        Figure("articles after fifty `reader add` at once", added, _COMMANDS, least=True),
        Figure("of these counted by the open app", shown, _COMMANDS, least=True),
    ]


def _add(*words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "reader", "add", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _killed(folder: Path) -> tuple[int, int]:
    """Commands that add links one by one, killed after a while, with a reader open."""
    reader, rng = Library.open(places_in(folder)), random.Random(3)
    told: set[str] = set()
    for turn in range(_ROUNDS):
        writers = [
            _add("--later", *(f"https://{turn}.example/{at}/{number}" for number in range(60)))
            for at in (1, 2)
        ]
        for writer in writers:
            assert writer.stdout is not None
            told.add(writer.stdout.readline().split()[0])
        time.sleep(rng.uniform(0.0, 0.2))
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
            printed, _ = writer.communicate()
            told |= {line.split()[0] for line in printed.split("\n")[:-1]}
        reader.refresh()
    held = {record.entry.id for record in reader.records()}
    reader.close()
    return len(told), len(told - held)


def _at_once(pages: list[Path]) -> tuple[int, int]:
    """How many of fifty commands saved their article, and how many of them the app counts."""
    app = Program("-m", "reader")
    try:
        app.shows("enter read")
        begun = [_add(str(page)) for page in pages]
        while any(each.poll() is None for each in begun):
            # What the app draws meanwhile is read, or it would wait for us.
            app.shows("")
            time.sleep(0.1)
        saved = {each.communicate()[0][:12] for each in begun if not each.returncode}
        app.press("/", "title:ferryboat")
        app.until(lambda: "Ferryboat" in app.text)
        with suppress(AssertionError):
            app.until(lambda: _counted(app) == len(pages))
        return len(saved), _counted(app)
    finally:
        app.kill(signal.SIGKILL)
        app.close()


def _counted(app: Program) -> int:
    """The number of articles above the list."""
    found = re.search(r"Inbox +(\d+) +·", app.text)
    return int(found[1]) if found else 0
