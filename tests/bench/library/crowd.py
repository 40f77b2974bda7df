"""`python -m tests.bench.library.crowd [ROUNDS] [SEED] [ENTRIES]`: fifty commands beside an open app; 1 if anything is lost.

Each round starts fifty processes of the program at once, in a library that the app has open and
changes too: a third each marks, tags and adds, and a fifth of them are killed. What a command has
acknowledged must be there after the round, and the cache must equal one that is filled from
nothing. Then `undo`, a command of its own, must take back the change that was made right before.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Final

from reader.library import Library
from reader.library.lww_document import load
from reader.model.change import SaveRequest
from reader.model.entry import EntryId
from reader.model.urls import id_for
from reader.search.store.cache import Cache
from reader.services.cache_sync import catch_up
from reader.services.workspace import Workspace
from reader.settings import Settings
from tests.bench.library.bulk import ROOT
from tests.bench.library.kills import places_below
from tests.services.cache_content import cache_content
from tests.terminal.emulator import Program

PROCESSES: Final = 50
_KILLED_SHARE: Final = 0.2
_MAX_DELAY: Final = 1.5
"""Seconds until the last kill: fifty commands take two on two cores."""


class Crowd:
    """One library, the app on it, and what its commands have acknowledged."""

    def __init__(self, folder: Path, seed: int, entries: int):
        self.random = Random(seed)
        self.folder = folder
        self.places = places_below(folder)
        self.problems: list[str] = []
        self.events: Counter[str] = Counter()
        self._number = 0
        self._tags: set[tuple[str, str]] = set()
        self._added: set[str] = set()
        self._addresses = [f"https://example.org/{number}" for number in range(entries)]
        with Workspace(self.places, Settings()) as workspace:
            requests = [SaveRequest(given=address) for address in self._addresses]
            workspace.library.import_entries(requests, step="added")
            workspace.synced_cache()

    def play(self, rounds: int) -> None:
        """Play the rounds beside an open app."""
        app = Program("-m", "reader")
        with suppress(AssertionError):
            app.shows("Inbox")
        for number in range(rounds):
            self._round(app)
            self._check(number)
            self._check_undo()
        app.kill(signal.SIGKILL)
        app.close()

    def _round(self, app: Program) -> None:
        running = [self._start() for _ in range(PROCESSES)]
        victims = self.random.sample(running, int(_KILLED_SHARE * PROCESSES))
        with suppress(OSError, AssertionError):
            app.press(*self.random.choices(["j", "k", "s", "e"], k=6))
        begin = time.monotonic()
        for at, (process, _) in zip(
            sorted(self.random.uniform(0, _MAX_DELAY) for _ in victims), victims, strict=True
        ):
            time.sleep(max(0.0, at - (time.monotonic() - begin)))
            process.kill()
        for process, words in running:
            process.wait()
            if process.returncode == 0:
                self._note(words)
            is_killed = process.returncode == -signal.SIGKILL
            self.events[f"{words[0]} {'killed' if is_killed else process.returncode}"] += 1
            if process.returncode not in (0, -signal.SIGKILL):
                self.problems.append(f"{words} ended with {process.returncode}")

    def _start(self) -> tuple[subprocess.Popen[bytes], tuple[str, ...]]:
        self._number += 1
        entry = id_for(self.random.choice(self._addresses))
        words: tuple[str, ...] = self.random.choice(
            [
                ("mark", entry, self.random.choice(["--star", "--read", "--archive"])),
                ("tag", entry, f"+tag{self._number}"),
                ("add", "--later", f"https://example.org/new/{self._number}"),
            ]
        )
        return self._run(*words), words

    def _run(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "reader", *words],
            cwd=ROOT,
            env=os.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _note(self, words: tuple[str, ...]) -> None:
        """Note a change that can be told from those of all others; marks are undone by the app."""
        if words[0] == "tag":
            self._tags.add((words[1], words[2].removeprefix("+")))
        elif words[0] == "add":
            self._added.add(id_for(words[2]))

    def _check(self, number: int) -> None:
        library = Library.open(self.places)
        held = {record.entry.id: record.entry for record in library.records()}
        for name, tag in self._tags:
            if tag not in held[EntryId(name)].tags:
                self.problems.append(f"lost tag {tag} of {name} in round {number}")
        self.problems += [
            f"lost entry {name} in round {number}" for name in sorted(self._added - held.keys())
        ]
        with Workspace(self.places, Settings()) as workspace:
            cache = workspace.synced_cache()
            elsewhere = self.places._replace(cache=self.folder / f"elsewhere{number}")
            rebuilt = Cache(elsewhere)
            catch_up(elsewhere, rebuilt)
            library.refresh()
            if cache_content(cache.path) != cache_content(rebuilt.path):
                self.problems.append(f"the cache differs from one that is filled in round {number}")
            texts = cache.documents(EntryId(name) for name in library.store.documents)
            fields = {name: load(text).fields for name, text in texts.items()}
            if fields != {name: each.fields for name, each in library.store.documents.items()}:
                self.problems.append(f"the cache differs from the library in round {number}")
            rebuilt.close()
        library.close()

    def _check_undo(self) -> None:
        name = id_for(self.random.choice(self._addresses))
        self._number += 1
        tag = f"undone{self._number}"
        for words in (("tag", name, f"+{tag}"), ("undo",)):
            code = self._run(*words).wait()
            if code:
                self.problems.append(f"{words} ended with {code}")
        library = Library.open(self.places)
        if tag in library.get(name).entry.tags:
            self.problems.append(f"undo left {tag} of {name}")
        library.close()
        self.events["undo"] += 1


def main(rounds: int = 10, seed: int = 1, entries: int = 1_000) -> int:
    """Play so many rounds; print the counts and every problem."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        crowd = Crowd(Path(folder), seed, entries)
        crowd.play(rounds)
    print(f"{rounds} rounds of {PROCESSES} commands, {len(crowd.problems)} problems")
    for event, count in sorted(crowd.events.items()):
        print(f"{count:7,}  {event}")
    for problem in crowd.problems:
        print(problem)
    return 1 if crowd.problems else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:4])))
