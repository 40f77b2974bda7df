"""`python -m tests.bench.library.failing_calls [JOB…] [--step N]`: each system call of a job fails once.

The calls that open, read, write, sync, rename and remove fail in turn with ENOSPC, EIO, EINTR and
EMFILE. Afterwards the library must be in its old or its new state, reported rightly; every text is
there, and `doctor` is calm after the next change. Prints the counts; 1 if anything is wrong.
Needs a C compiler, `cc`, and Linux.
"""

import argparse
import ctypes
import errno
import importlib
import json
import os
import pkgutil
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import reader
from reader.library import Library, compaction, integrity_checks
from reader.library.document_store import DocumentStore
from reader.library.state_folder import library_key
from reader.model.article import Article
from reader.model.change import Change, SaveRequest
from reader.model.diagnostics import Severity
from reader.model.entry import EntryId
from reader.model.errors import ReaderError
from reader.paths import Paths
from reader.services import doctor, exports
from reader.services.workspace import Workspace
from reader.settings import Settings

_ERRORS: Final = (errno.ENOSPC, errno.EIO, errno.EINTR, errno.EMFILE)
_LIBRARY: Final = "READER_BENCH_FAILING_CALLS"
_UNCHANGING: Final = ("compact", "repair", "export", "list")
_IGNORED: Final = ("added", "folder", "former")
"""Fields that differ from run to run."""

State = Mapping[str, Mapping[str, Any]]


def _article(number: int) -> SaveRequest:
    text = f"Body of {number} that is a sentence.\n"
    article = Article(title=f"Title {number}", markdown=text, words=7)
    return SaveRequest(article=article, page=b"<p>page", given=f"https://e.org/{number}")


def _ids(workspace: Workspace) -> list[EntryId]:
    return sorted(record.entry.id for record in workspace.library.records())


def _add(workspace: Workspace) -> None:
    workspace.library.import_entries([_article(100), _article(101)], step="added")


def _import(workspace: Workspace) -> None:
    links = [SaveRequest(given=f"https://l.org/{number}") for number in range(120)]
    workspace.library.import_entries(links, step="imported", run="r")


def _mark(workspace: Workspace) -> None:
    change = Change(note="new note", add_tags=("t",))
    workspace.library.change({_ids(workspace)[0]: change}, step="noted")


def _undo(workspace: Workspace) -> None:
    workspace.library.undo()


def _fetch(workspace: Workspace) -> None:
    article = Article(title="Again", markdown="New body of it.\n", words=5)
    workspace.library.change({_ids(workspace)[0]: Change(article=article, page=b"new")}, step=None)


def _purge(workspace: Workspace) -> None:
    records = workspace.library.records()
    workspace.library.purge([record.entry.id for record in records if record.entry.trashed])


def _compact(workspace: Workspace) -> None:
    begun = workspace.library.start_generation(even_if_small=True)
    if begun is not None:
        compaction.write_snapshot(workspace.places.home, *begun)


def _repair(workspace: Workspace) -> None:
    doctor.repair_library(workspace)


def _export(workspace: Workspace) -> None:
    target = workspace.places.home.parent / "vault"
    exports.export(workspace, _ids(workspace)[:3], "markdown", target)


def _list(workspace: Workspace) -> None:
    workspace.synced_cache(text=True)


JOBS: Final[dict[str, Callable[[Workspace], None]]] = {
    "add": _add,
    "import": _import,
    "fetch": _fetch,
    "mark": _mark,
    "undo": _undo,
    "purge": _purge,
    "compact": _compact,
    "repair": _repair,
    "export": _export,
    "list": _list,
}


def _places(folder: Path) -> Paths:
    return Paths(folder / "lib", folder / "state", folder / "cache", folder / "config.toml")


def _make_first(folder: Path) -> None:
    """Make the library that each case gets a copy of."""
    with Workspace(_places(folder), Settings()) as workspace:
        library = workspace.library
        names = [
            name
            for name, _ in library.import_entries(
                [_article(number) for number in range(3)], step="first"
            )
        ]
        library.change({names[0]: Change(note="old")}, step="noted")
        library.change({names[2]: Change(trashed=True)}, step="moved")
        library.change({names[1]: Change(starred=True)}, step="starred")
        workspace.synced_cache(text=True)


def _copy(first: Path, folder: Path) -> None:
    """Copy the library with its state, as the same device in another place."""
    shutil.copytree(first, folder, symlinks=True)
    keys = [library_key(_places(each).home) for each in (first, folder)]
    states = [folder / "state" / "libraries" / key for key in keys]
    states[0].rename(states[1])
    noted = json.loads((states[1] / "device.json").read_text())
    noted["inode"] = (folder / "lib").stat().st_ino
    (states[1] / "device.json").write_text(json.dumps(noted))
    for path in list((folder / "cache").glob("*")):
        path.rename(path.with_name(path.name.replace(keys[0], keys[1])))


def _state(folder: Path) -> State:
    store = DocumentStore(_places(folder))
    store.refresh()
    return {
        name: {key: value for key, value in document.fields.items() if key not in _IGNORED}
        for name, document in store.documents.held()
    }


def _run(folder: Path, job: str, number: int, error: int) -> tuple[str, str, int]:
    """Run a job in a process of its own; return how it ended, its message and count of calls."""
    pipe, output = os.pipe()
    process = os.fork()
    if not process:
        shim = ctypes.CDLL(os.environ[_LIBRARY])
        shim.calls.restype = ctypes.c_long
        answer: tuple[str, str, int] = ("?", "", 0)
        try:
            workspace = Workspace(_places(folder), Settings(), tell=lambda message: None)
            shim.arm(ctypes.c_long(number), error)
            try:
                JOBS[job](workspace)
                answer = ("done", "", 0)
            except ReaderError as failure:
                answer = ("reported", str(failure), 0)
            answer = (*answer[:2], int(shim.calls()))
            shim.arm(ctypes.c_long(-1), 0)
            workspace.close()
        except BaseException:  # noqa: BLE001 - a bug is a finding
            shim.arm(ctypes.c_long(-1), 0)
            answer = ("bug", traceback.format_exc()[-900:], 0)
        os.write(output, json.dumps(answer).encode())
        os._exit(0)
    os.close(output)
    with os.fdopen(pipe, "rb") as stream:
        content = stream.read()
    os.waitpid(process, 0)
    ending, message, calls = json.loads(content or b'["died", "", 0]')
    return ending, message, calls


class _Table:
    """The counts of each job and error, and all that was wrong."""

    def __init__(self, first: Path, root: Path):
        self._first, self._root = first, root
        self.wrong: list[str] = []

    def play(self, job: str, step: int) -> None:
        folder = self._root / "whole"
        _copy(self._first, folder)
        old = _state(folder)
        ending, message, calls = _run(folder, job, 1 << 40, errno.EIO)
        new = _state(folder)
        shutil.rmtree(folder)
        if ending != "done":
            self.wrong.append(f"{job} without a failure: {ending} {message}")
        for error in _ERRORS:
            counts: Counter[str] = Counter()
            for number in range(1, calls + 1, step):
                folder = self._root / "case"
                _copy(self._first, folder)
                verdict = self._verdict(folder, job, number, error, old, new)
                counts[verdict] += 1
                for found in self._afterwards(folder):
                    counts[found.split(":")[0]] += 1
                    self.wrong.append(f"{job} {errno.errorcode[error]} {number}: {found}")
                shutil.rmtree(folder)
            listed = ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items()))
            print(
                f"{job:8} {errno.errorcode[error]:7} {counts.total():4} cases: {listed}", flush=True
            )

    def _verdict(
        self, folder: Path, job: str, number: int, error: int, old: State, new: State
    ) -> str:
        ending, message, _ = _run(folder, job, number, error)
        state = _state(folder)
        if job in _UNCHANGING:
            is_right = ending in ("done", "reported") and state == old
            verdict = ending
        elif ending == "done":
            verdict, is_right = "done, new state", state == new
        else:
            verdict, is_right = f"{ending}, old state", ending == "reported" and state == old
        if is_right:
            return verdict
        self.wrong.append(f"{job} {errno.errorcode[error]} {number}: {ending} {message}")
        return "WRONG"

    def _afterwards(self, folder: Path) -> list[str]:
        """Return what is wrong after one more change: lost texts, findings of `doctor`."""
        found: list[str] = []
        library = Library.open(_places(folder))
        for record in library.records():
            if record.entry.folder:
                try:
                    library.markdown(record.entry.id)
                except ReaderError as error:
                    found.append(f"text: {error}")
        name = sorted(record.entry.id for record in library.records())[0]
        library.change({name: Change(archived=True)}, step=None)
        library.close()
        store = DocumentStore(_places(folder))
        store.refresh()
        found += [
            f"doctor: {each}"
            for each in integrity_checks.run_checks(store)
            if each.severity is not Severity.NOTICE
        ]
        return found


def _import_all() -> None:
    """Import every module, so that no import is a call of a job."""
    for module in pkgutil.walk_packages(reader.__path__, "reader."):
        if not module.name.startswith(("reader.ui", "reader.server", "reader.__main__")):
            importlib.import_module(module.name)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("jobs", nargs="*", default=list(JOBS), choices=[*JOBS, []])
    parser.add_argument("--step", type=int, default=1, help="let only every n-th call fail")
    arguments = parser.parse_args(argv)
    if _LIBRARY not in os.environ:
        # The dynamic linker reads LD_PRELOAD when a program starts.
        with tempfile.TemporaryDirectory() as folder:
            shim = Path(folder) / "failing_calls.so"
            source = Path(__file__).with_suffix(".c")
            words = ["cc", "-shared", "-fPIC", "-O1", "-o", str(shim), str(source), "-ldl"]
            subprocess.run(words, check=True)
            variables = {**os.environ, _LIBRARY: str(shim), "LD_PRELOAD": str(shim)}
            again = [sys.executable, "-m", "tests.bench.library.failing_calls"]
            return subprocess.run([*again, *(argv or sys.argv[1:])], env=variables).returncode
    _import_all()
    in_memory = Path("/dev/shm")
    place = in_memory if os.access(in_memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place) as folder:
        first = Path(folder) / "first"
        first.mkdir()
        _make_first(first)
        table = _Table(first, Path(folder))
        for job in arguments.jobs:
            table.play(job, arguments.step)
    print(f"{len(table.wrong)} wrong")
    for line in table.wrong:
        print(line[:600])
    return 1 if table.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
