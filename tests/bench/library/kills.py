"""`python -m tests.bench.library.kills [KILLS] [SEED]`: writers killed at any moment; 1 if anything is lost.

Two or three writers at once add, import, fetch, mark, undo, delete, purge, compact, repair and
export, each a process of its own, while the app is open on the same library; most of them, and now
and then the app, are killed. A change counts as acknowledged once its process has said so. After
every round each acknowledged entry, note and text must be there; every few rounds `doctor` must be
calm after at most one repair, and a change made then must be the one that undo takes back.
"""

import contextlib
import json
import os
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from reader.fetch.client import Client
from reader.library import Library, compaction, integrity_checks
from reader.library.document_store import DocumentStore
from reader.model.article import Article
from reader.model.change import Change, SaveRequest
from reader.model.diagnostics import Severity
from reader.model.entry import EntryId
from reader.model.errors import ReaderError
from reader.paths import Paths, find
from reader.services import doctor, exports
from reader.services.fetch_queue import pending, process_queue
from reader.services.workspace import Workspace
from reader.settings import Settings
from tests.loopback import Loopback, Wire, plain
from tests.terminal.emulator import Program

_KINDS: Final = (
    "add", "add", "import", "fetch", "mark", "mark", "mark", "fetch again", "undo", "delete", "purge",
    "compact", "repair", "export", "list",
)  # fmt: skip
_ROUNDS_PER_CHECK: Final = 5
_ROUNDS_PER_APP: Final = 8
_PAGE: Final = (
    "<title>{0}</title><article><h1>{0}</h1>"
    + "<p>{0} came in late that morning, and nobody minded it at all.</p>" * 6
)


class _Output:
    """The words of one writer, on a pipe that its parent reads."""

    def __init__(self, descriptor: int):
        self._descriptor = descriptor

    def __call__(self, *words: object) -> None:
        os.write(self._descriptor, json.dumps(words).encode() + b"\n")


@dataclass
class _Writer:
    kind: str
    argument: Any
    process: int
    pipe: int
    answers: list[list[Any]] = field(default_factory=list)
    is_killed: bool = False


class Run:
    """One library, its writers, and what they have acknowledged."""

    def __init__(self, folder: Path, seed: int):
        self.random = Random(seed)
        self.folder = folder
        self.places = places_below(folder)
        self.events: Counter[str] = Counter()
        self.problems: list[str] = []
        self.acknowledged = 0
        self._server = Loopback()
        self._number = 0
        self._entries: set[str] = set()
        self._texts: set[str] = set()
        self._notes: dict[str, set[str]] = {}
        """The notes that an entry may have: of the last writer, or of several at once."""
        self._app: Program | None = None

    def play(self, kills: int) -> None:
        """Play rounds until so many processes were killed."""
        library = Library.open(self.places)
        requests = [self._article() for _ in range(4)]
        self._entries |= {name for name, _ in library.import_entries(requests, step="first")}
        library.close()
        self._texts |= self._entries
        rounds = killed = 0
        while killed < kills:
            if rounds % _ROUNDS_PER_APP == 0:
                killed += self._restart_app()
            rounds += 1
            killed += self._round()
            if rounds % _ROUNDS_PER_CHECK == 0:
                self._check_doctor()
        killed += self._restart_app(again=False)
        self._check_doctor()
        self.events["rounds"] = rounds
        self.events["killed"] = killed
        self._server.close()

    def _article(self) -> SaveRequest:
        self._number += 1
        text = f"Body of {self._number} that is a sentence.\n"
        article = Article(title=f"Title {self._number}", markdown=text, words=7)
        return SaveRequest(article=article, page=b"<p>page", given=f"https://e.org/{self._number}")

    def _link(self) -> SaveRequest:
        self._number += 1
        path = f"/{self._number}"
        self._server.answers[path] = plain(_PAGE.format(f"Ferry {self._number}").encode())
        return SaveRequest(given=f"http://f{self._number % 7}.example{path}")

    def _restart_app(self, *, again: bool = True) -> int:
        """Kill the app, which may be writing, and open it again."""
        killed = 0
        if self._app is not None:
            self._app.kill(signal.SIGKILL)
            self._app.close()
            self.events["killed app"] += 1
            killed = 1
        self._app = None
        if again:
            self._app = Program("-m", "reader")
            with contextlib.suppress(AssertionError):
                self._app.shows("Inbox")
        return killed

    def _round(self) -> int:
        count = self.random.choice([2, 2, 3])
        kinds = [self.random.choice(_KINDS) for _ in range(count)]
        writers = [self._start(kind) for kind in kinds]
        if self._app is not None:
            # It stars and archives entries. An undo there might take a writer's change back.
            with contextlib.suppress(OSError, AssertionError):
                self._app.press(*self.random.choices(["j", "k", "s", "e"], k=3))
                self._app.until(lambda: True)
        time.sleep(self.random.random() * 0.35 * self.random.choice([0.3, 1, 3]))
        killed = 0
        for writer in writers:
            if self.random.random() < 0.85:
                done, _ = os.waitpid(writer.process, os.WNOHANG)
                if not done:
                    os.kill(writer.process, signal.SIGKILL)
                    os.waitpid(writer.process, 0)
                    writer.is_killed = True
                    self.events[f"killed {writer.kind}"] += 1
                    killed += 1
            else:
                os.waitpid(writer.process, 0)
            with os.fdopen(writer.pipe, "rb") as stream:
                writer.answers = [json.loads(line) for line in stream]
        self._note_marks([writer for writer in writers if writer.kind == "mark"])
        for writer in writers:
            self._note(writer)
        self._check(kinds)
        return killed

    def _start(self, kind: str) -> _Writer:
        if not self._texts and kind in ("mark", "delete", "fetch again"):
            kind = "add"
        argument = self._argument(kind)
        pipe, output = os.pipe()
        process = os.fork()
        if process:
            os.close(output)
            return _Writer(kind, argument, process, pipe)
        # In the child: nothing of the parent is cleaned up.
        code = 0
        tell = _Output(output)
        try:
            with Workspace(self.places, Settings()) as workspace:
                _JOBS[kind](workspace, argument, tell)
        except ReaderError as error:
            tell("error", str(error))
        except BaseException:  # noqa: BLE001 - a bug is a finding
            tell("bug", traceback.format_exc()[-900:])
            code = 2
        os._exit(code)

    def _argument(self, kind: str) -> Any:
        known = sorted(self._entries)
        if kind == "add":
            return [self._article() for _ in range(3)]
        if kind == "import":
            return [self._link() for _ in range(20)]
        if kind == "fetch":
            return self._server.port
        if kind == "mark":
            chosen = self.random.sample(known, min(3, len(known)))
            return {name: f"note {self.random.randrange(10**6)}" for name in chosen}
        if kind == "fetch again":
            return self.random.choice(sorted(self._texts))
        if kind == "delete":
            return self.random.sample(known, min(2, len(known)))
        return self.folder / "vault"

    def _note_marks(self, writers: list[_Writer]) -> None:
        """Note which notes the entries may have now.

        Writers at once may come in any order, so the last note is one of theirs. A writer that did
        not acknowledge its notes may have written them.
        """
        for name in {name for writer in writers for name in writer.argument}:
            marks = [writer for writer in writers if name in writer.argument]
            has_new = any(kind == "notes" for each in marks for kind, *_ in each.answers)
            if has_new or name in self._notes:
                former = set() if has_new else self._notes[name]
                self._notes[name] = former | {each.argument[name] for each in marks}

    def _note(self, writer: _Writer) -> None:
        """Note what a writer acknowledged, and forget what it left open."""
        for kind, *values in writer.answers:
            if kind in ("error", "bug"):
                self.events[f"{kind} {writer.kind}"] += 1
                if kind == "bug":
                    self.problems.append(f"bug in {writer.kind}: {values[0]}")
            elif kind == "entries":
                self._entries |= set(values[0])
                self._texts |= set(values[1])
                self.acknowledged += len(values[0])
            elif kind == "notes":
                self.acknowledged += len(values[0])
            else:
                self.acknowledged += 1
        is_done = any(kind == "done" for kind, *_ in writer.answers)
        self.events[f"{writer.kind} {'done' if is_done else 'not acknowledged'}"] += 1
        if writer.kind == "delete":
            # Another writer may purge them at once.
            self._entries -= set(writer.argument)
            self._texts -= set(writer.argument)
            for name in writer.argument:
                self._notes.pop(name, None)

    def _check(self, kinds: list[str]) -> None:
        library = Library.open(self.places)
        held = {record.entry.id: record for record in library.records()}
        if "undo" in kinds:
            # It may have put the newest into the trash or taken a note back.
            for name, notes in list(self._notes.items()):
                if name not in held or held[EntryId(name)].note not in notes:
                    del self._notes[name]
            gone = {name for name, record in held.items() if record.entry.trashed}
            self._entries -= gone
            self._texts -= gone
        lost = self._entries - held.keys()
        if lost and "purge" in kinds:
            # Undone additions that were purged in the same round.
            self._entries -= lost
            self._texts -= lost
            lost = set()
        if lost:
            self.problems.append(f"lost after {kinds}: {sorted(lost)[:4]}")
            self._entries -= lost
        for name, notes in list(self._notes.items()):
            if name in held and held[EntryId(name)].note not in notes:
                self.problems.append(f"lost note of {name} after {kinds}")
                del self._notes[name]
        for name, record in held.items():
            if record.entry.has_text and record.entry.folder:
                try:
                    library.markdown(name)
                except ReaderError as error:
                    self.problems.append(f"text of {name} after {kinds}: {error}")
            elif name in self._texts and not record.entry.trashed:
                self.problems.append(f"lost text of {name} after {kinds}")
                self._texts.discard(name)
        library.close()

    def _check_undo(self) -> None:
        """Change an entry and undo it; only the app's changes may come in between."""
        library = Library.open(self.places)
        name = next((each for each in sorted(self._entries) if each not in self._notes), None)
        if name is not None:
            former = library.get(EntryId(name)).note
            library.change({EntryId(name): Change(note="probe")}, step="probe")
            undone = library.undo()
            is_own = undone is not None and undone.step == "probe"
            self.events["undo is the newest" if is_own else "undo of the app's change"] += 1
            if not is_own and (undone is None or self._app is None or "star" not in undone.step):
                self.problems.append(f"undo took back {undone}")
            elif is_own and library.get(EntryId(name)).note != former:
                self.problems.append(f"undo left {library.get(EntryId(name)).note!r}")
        library.close()

    def _check_doctor(self) -> None:
        self._check_undo()
        found = _findings(self.places)
        self.events["doctor calm" if not found else "doctor repaired"] += 1
        if found:
            self.events[f"doctor found {found[0].split(':')[0]}"] += 1
            with Workspace(self.places, Settings()) as workspace:
                doctor.repair_library(workspace)
            found = _findings(self.places)
            if found:
                self.problems.append(f"doctor after a repair: {found[:3]}")


def _findings(places: Paths) -> list[str]:
    store = DocumentStore(places)
    store.refresh()
    found = integrity_checks.run_checks(store)
    return [f"{each.kind}: {each.said}" for each in found if each.severity is not Severity.NOTICE]


def places_below(folder: Path) -> Paths:
    """Return the places of a library in the folder, for processes started from here too."""
    os.environ |= {
        "READER_HOME": str(folder / "library"),
        "READER_CONFIG": str(folder / "config.toml"),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    return find()


def _add(workspace: Workspace, requests: Any, tell: _Output) -> None:
    met = [name for name, _ in workspace.library.import_entries(requests, step="added")]
    tell("entries", met, met)
    tell("done")


def _import(workspace: Workspace, requests: Any, tell: _Output) -> None:
    met = [name for name, _ in workspace.library.import_entries(requests, step="imported", run="r")]
    tell("entries", met, [])
    tell("done")


def _fetch(workspace: Workspace, port: Any, tell: _Output) -> None:
    wire = Wire(port)
    some = [record.entry.id for record in pending(workspace)[:6]]
    process_queue(
        workspace, only=some, client=lambda: Client(resolve=wire.resolve, route=wire.route)
    )
    tell("done")


def _mark(workspace: Workspace, notes: Any, tell: _Output) -> None:
    workspace.library.change(
        {EntryId(name): Change(note=note) for name, note in notes.items()}, step="noted"
    )
    tell("notes", notes)
    tell("done")


def _fetch_again(workspace: Workspace, name: Any, tell: _Output) -> None:
    article = Article(title="Again", markdown=f"New body of {name}.\n", words=5)
    workspace.library.change({EntryId(name): Change(article=article, page=b"new")}, step=None)
    tell("done")


def _undo(workspace: Workspace, argument: Any, tell: _Output) -> None:
    workspace.library.undo()
    tell("done")


def _delete(workspace: Workspace, names: Any, tell: _Output) -> None:
    workspace.library.change({EntryId(name): Change(trashed=True) for name in names}, step="moved")
    tell("done")


def _purge(workspace: Workspace, argument: Any, tell: _Output) -> None:
    records = workspace.library.records()
    workspace.library.purge([record.entry.id for record in records if record.entry.trashed])
    tell("done")


def _compact(workspace: Workspace, argument: Any, tell: _Output) -> None:
    begun = workspace.library.start_generation(even_if_small=True)
    if begun is not None:
        compaction.write_snapshot(workspace.places.home, *begun)
    tell("done")


def _repair(workspace: Workspace, argument: Any, tell: _Output) -> None:
    doctor.repair_library(workspace)
    tell("done")


def _export(workspace: Workspace, folder: Any, tell: _Output) -> None:
    records = workspace.library.records()
    ids = [record.entry.id for record in records if not record.entry.trashed]
    exports.export(workspace, ids[:30], "markdown", folder)
    tell("done")


def _list(workspace: Workspace, argument: Any, tell: _Output) -> None:
    workspace.synced_cache(text=True)
    tell("done")


_JOBS: Final[dict[str, Callable[[Workspace, Any, _Output], None]]] = {
    "add": _add,
    "import": _import,
    "fetch": _fetch,
    "mark": _mark,
    "fetch again": _fetch_again,
    "undo": _undo,
    "delete": _delete,
    "purge": _purge,
    "compact": _compact,
    "repair": _repair,
    "export": _export,
    "list": _list,
}


def main(kills: int = 500, seed: int = 1) -> int:
    """Kill so many processes; print the counts and every problem."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        run = Run(Path(folder), seed)
        run.play(kills)
    lost = [problem for problem in run.problems if problem.startswith("lost")]
    print(f"{kills} kills, {run.acknowledged} acknowledged, {len(lost)} lost")
    for event, count in sorted(run.events.items()):
        print(f"{count:7,}  {event}")
    for problem in run.problems:
        print(problem)
    return 1 if run.problems else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
