"""Random histories of several devices and a synchroniser that keeps to no rule.

A history is a seed and a number of steps. After every step the library, the cache and a fold of the
files, written for this test, must agree on the device that the step touched. At the end everything
is delivered: all devices agree, and every change that was acknowledged is there.
"""

import json
import os
import re
import shutil
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from reader.library import Library, compaction
from reader.library.device_identity import load_device
from reader.library.hlc import Stamp
from reader.library.journal_codec import decode, decode_file
from reader.library.lww_document import Document, load, operations
from reader.library.state_folder import library_key
from reader.model.change import Change
from reader.model.entry import EntryId
from reader.model.errors import UnknownIdError
from reader.model.query import parse
from reader.paths import Paths
from reader.search.store.cache import Cache
from reader.search.store.fast_listing import newest_rows as newest
from reader.services.cache_sync import catch_up
from reader.services.workspace import Workspace
from reader.settings import Settings
from tests.library import libraries
from tests.library.libraries import NOON, added, link, places_in

YEAR = 365 * 86_400.0
RECORDS = 8
_FILE = re.compile(r"([0-9a-z]{8})-(\d+)(.*)\.(log|snap)(.*)")
_NOW = datetime(2046, 1, 1, tzinfo=UTC)

Folded = dict[str, Document]


class Difference(AssertionError):
    """Two of library, cache and files say different things, or something is lost."""


class Clock(libraries.Clock):
    """The clock of one device; it may be years off. Each look is 20 ms later."""

    offset = 0.0

    def __init__(self, offset: float = 0.0):
        super().__init__()
        self.offset = offset

    def __call__(self) -> float:
        self.now += 0.02
        return self.now + self.offset


@dataclass
class Machine:
    """One device with its folders, its process and its clock."""

    name: str
    places: Paths
    clock: Clock = field(default_factory=Clock)
    ids: set[str] = field(default_factory=set)
    """The device ids that it has had: no other device is sure to have these files."""
    _workspace: Workspace | None = None

    @property
    def journal(self) -> Path:
        return self.places.home / "journal"

    @property
    def workspace(self) -> Workspace:
        """The process; its library loads records from the cache if there is one."""
        if self._workspace is None:
            self._workspace = Workspace(self.places, Settings(), clock=self.clock)
        return self._workspace

    @property
    def library(self) -> Library:
        return self.workspace.library

    @property
    def cache(self) -> Cache:
        return self.workspace.cache

    def files(self) -> list[Path]:
        """The journal files, in the order of their names."""
        return sorted(self.journal.iterdir()) if self.journal.exists() else []

    def restart(self) -> None:
        """End the process; the next use begins another."""
        if self._workspace is not None:
            self._workspace.close()
        self._workspace = None


def fold_files(folder: Path) -> Folded:
    """Fold what the files say that count: of each device the newest complete generation."""
    found: dict[str, list[tuple[int, bool, str, bytes]]] = {}
    for path in sorted(folder.iterdir()) if folder.exists() else ():
        match = _FILE.fullmatch(path.name)
        if match:
            copy = bool(match[3] + match[5])
            row = (int(match[2]), copy, match[4], path.read_bytes())
            found.setdefault(match[1], []).append(row)
    documents: Folded = {}
    for device, files in found.items():
        base, covered = max(
            ((number, _covered(content)) for number, copy, kind, content in files
             if kind == "snap" and not copy and _is_complete(content)),
            default=(0, {}),
            key=lambda pair: pair[0],
        )  # fmt: skip
        for number, copy, kind, content in files:
            made_from = covered.get(f"{device}-{number}.{kind}")
            if copy or number >= base or made_from != [len(content), zlib.crc32(content)]:
                for entry_id, fields, stamp in operations(decode_file(content), device):
                    documents.setdefault(entry_id, Document()).apply(dict(fields), stamp)
    return documents


def _is_complete(content: bytes) -> bool:
    if not content.endswith(b"\n"):
        return False
    values = [decode(line) for line in content.split(b"\n")[:-1]]
    if not values or None in values:
        return False
    count = sum("c" in (value or {}) for value in values)
    return "c" not in (values[-1] or {}) and (values[-1] or {}).get("end") == count


def _covered(content: bytes) -> dict[str, object]:
    trailer = decode(content[:-1].rpartition(b"\n")[2]) or {}
    return dict(trailer["of"])


def said(documents: Folded) -> dict[str, dict[str, tuple[str, Stamp | None]]]:
    """What documents say, in a form that compares: field to (JSON, clock)."""
    return {
        name: {
            key: (json.dumps(value, sort_keys=True), document.stamp(key))
            for key, value in document.fields.items()
        }
        for name, document in documents.items()
    }


def _is_here(document: Document) -> bool:
    return bool(document.fields.get("added")) and not document.fields.get("purged")


class History:
    """One random history in a folder of its own; `events` counts what happened."""

    def __init__(self, seed: int, folder: Path, steps: int = 30):
        self.seed = seed
        self.events: Counter[str] = Counter()
        self._random = Random(seed)
        self._steps = steps
        self._folder = folder
        self._machines = [Machine(name, places_in(folder, name)) for name in "abc"]
        self._former: dict[Path, list[bytes]] = {}
        self._acknowledged: dict[tuple[str, str], set[Stamp]] = {}
        self._number = 0

    def kinds(self) -> list[tuple[Callable[[Machine], None], int]]:
        """The kinds of steps with their weights."""
        return [
            (self.add, 6), (self.mark, 8), (self.delete, 2), (self.purge, 1), (self.undo, 3),
            (self.compact, 3), (self.begin_log, 1), (self.tear, 1), (self.restart, 3),
            (self.deliver, 10), (self.deliver_part, 8), (self.copy_conflict, 2),
            (self.roll_back, 4), (self.lose, 1), (self.rewrite, 1), (self.set_clock, 2),
            (self.clone, 1),
        ]  # fmt: skip

    def run(self) -> None:
        """Play the history. Raises Difference."""
        kinds = self.kinds()
        jobs, weights = zip(*kinds, strict=True)
        for number in range(self._steps):
            machine = self._random.choice(self._machines)
            (job,) = self._random.choices(jobs, weights)
            try:
                job(machine)
                self._remember(machine)
                self._check(machine, job.__name__)
            except Exception as error:
                raise Difference(
                    f"seed {self.seed} step {number} {job.__name__}: {error!r}"
                ) from error
        try:
            self._settle()
        except Exception as error:
            raise Difference(f"seed {self.seed} at the end: {error!r}") from error
        for machine in self._machines:
            machine.restart()

    # What a user does.

    def add(self, machine: Machine) -> None:
        machine.library.refresh()
        added(machine.library, link(self._random.randrange(RECORDS)))
        self._acknowledge(machine, "add")

    def mark(self, machine: Machine) -> None:
        name = self._some_record(machine)
        if name is None:
            return
        change = self._random.choice(
            [
                Change(starred=self._random.random() < 0.5),
                Change(archived=self._random.random() < 0.5),
                Change(finished=self._random.random() < 0.5),
                Change(add_tags=(self._random.choice("xyz"),)),
                Change(remove_tags=(self._random.choice("xyz"),)),
                Change(note=f"note {self._random.randrange(100)}"),
            ]
        )
        step = self._random.choice(["marked", None])
        machine.library.change({name: change}, step=step)
        self._acknowledge(machine, "mark")

    def delete(self, machine: Machine) -> None:
        name = self._some_record(machine)
        if name is not None:
            machine.library.change({name: Change(trashed=True)}, step="deleted")
            self._acknowledge(machine, "delete")

    def purge(self, machine: Machine) -> None:
        machine.library.refresh()
        trashed = [
            EntryId(name)
            for name, document in fold_files(machine.journal).items()
            if _is_here(document) and document.fields.get("deleted")
        ]
        if trashed and machine.library.purge(trashed):
            self._acknowledge(machine, "purge")

    def undo(self, machine: Machine) -> None:
        if machine.library.undo() is not None:
            self._acknowledge(machine, "undo")

    def compact(self, machine: Machine) -> None:
        begun = machine.library.start_generation(even_if_small=True)
        if begun is not None:
            compaction.write_snapshot(machine.places.home, *begun, despite_rot=True)
            self.events["compaction"] += 1

    def begin_log(self, machine: Machine) -> None:
        """Start a compaction whose process is killed."""
        if machine.library.start_generation(even_if_small=True) is not None:
            self.events["compaction killed"] += 1

    def restart(self, machine: Machine) -> None:
        machine.restart()
        self.events["restart"] += 1

    def tear(self, machine: Machine) -> None:
        """Leave what a write leaves whose process is killed: the beginning of a line."""
        device = load_device(machine.places).id
        logs = [path for path in machine.files() if re.fullmatch(rf"{device}-\d+\.log", path.name)]
        if device and logs:
            newest_log = max(logs, key=lambda path: int(path.stem[9:]))
            with newest_log.open("ab") as stream:
                stream.write(b'0123abcd {"c":[17,0],"o"')
            machine.restart()
            self.events["torn write"] += 1

    def set_clock(self, machine: Machine) -> None:
        machine.clock.offset = self._random.choice([0, 0, YEAR, 10 * YEAR, -YEAR, 3 * 86_400])
        self.events["clock set"] += 1

    def clone(self, machine: Machine) -> None:
        """Make a second machine of a disk image: same device id, undo steps and cache."""
        if len(self._machines) > 4 or not machine.journal.exists():
            return
        machine.restart()
        name = f"{machine.name[0]}{len(self._machines)}"
        copy = Machine(name, places_in(self._folder, name), Clock(machine.clock.offset))
        if not (machine.places.state / "libraries" / library_key(machine.places.home)).exists():
            return
        shutil.copytree(machine.places.home, copy.places.home)
        shutil.copytree(machine.places.state, copy.places.state)
        keys = [library_key(each.places.home) for each in (machine, copy)]
        states = [copy.places.state / "libraries" / key for key in keys]
        states[0].rename(states[1])
        noted = json.loads((states[1] / "device.json").read_text())
        noted["inode"] = copy.places.home.stat().st_ino
        (states[1] / "device.json").write_text(json.dumps(noted))
        for path in list(copy.places.cache.glob("*")):
            path.rename(path.with_name(path.name.replace(keys[0], keys[1])))
        self._machines.append(copy)
        self.events["clone"] += 1

    # What a synchroniser does.

    def deliver(self, machine: Machine) -> None:
        """Bring some files of another machine over, wholly, in any order."""
        self._deliver(machine, 1.0, "delivery")

    def deliver_part(self, machine: Machine) -> None:
        """Bring the beginnings of some files of another machine."""
        self._deliver(
            machine, self._random.choice([self._random.random(), 0.999]), "partial delivery"
        )

    def _deliver(self, machine: Machine, share: float, event: str) -> None:
        other = self._random.choice([each for each in self._machines if each is not machine])
        files = other.files()
        if not files:
            return
        for path in self._random.sample(files, self._random.randint(1, len(files))):
            content = path.read_bytes()
            length = int(len(content) * share)
            if share == 0.999:
                length = max(0, len(content) - self._random.randint(1, 3))
            target = machine.journal / path.name
            if self._is_own(machine, target) and target.exists():
                # A device's own file is newer than any copy of it, unless it was cloned.
                if content.startswith(target.read_bytes()[: len(content)]):
                    continue
                target = self._conflict_copy(path, target)
            elif target.exists() and self._is_diverged(target.read_bytes(), content):
                target = self._conflict_copy(path, target)
            elif target.exists() and target.stat().st_size > length:
                continue
            self._write(target, content[:length])
            self.events[event] += 1

    def copy_conflict(self, machine: Machine) -> None:
        files = machine.files()
        if files:
            path = self._random.choice(files)
            copy = self._conflict_copy(path, path)
            self._write(copy, path.read_bytes())
            self.events["conflict copy"] += 1

    def roll_back(self, machine: Machine) -> None:
        """Put an older version of a file in its place, the device's own ones included."""
        paths = [path for path in self._former if path.parent == machine.journal]
        if paths:
            path = self._random.choice(sorted(paths))
            self._write(path, self._random.choice(self._former[path]))
            self.events["own rollback" if self._is_own(machine, path) else "rollback"] += 1

    def lose(self, machine: Machine) -> None:
        """Take away a file of another device."""
        files = [path for path in machine.files() if not self._is_own(machine, path)]
        if files:
            self._random.choice(files).unlink()
            self.events["loss"] += 1

    def rewrite(self, machine: Machine) -> None:
        """Exchange a file of another device in place for one as long with other lines."""
        files = [path for path in machine.files() if not self._is_own(machine, path)]
        if files:
            path = self._random.choice(files)
            content = path.read_bytes()
            lines = content.splitlines(keepends=True)
            at = self._random.randrange(len(lines) or 1)
            if lines and b'"starred":true' in lines[at]:
                body = lines[at][9:-1].replace(b'"starred":true', b'"starred":null')
                lines[at] = b"%08x %s\n" % (zlib.crc32(body), body)
            descriptor = os.open(path, os.O_WRONLY)
            os.write(descriptor, b"".join(lines))
            os.close(descriptor)
            self.events["rewrite in place"] += 1

    # Inside.

    def _next(self) -> str:
        self._number += 1
        return f"20260102-{self._number:06d}-ABCDEFG"

    def _conflict_copy(self, path: Path, target: Path) -> Path:
        """Return a copy's path beside the target, with the mark before the type or behind it."""
        if path.suffix not in (".log", ".snap") or self._random.random() < 0.3:
            self._number += 1
            return target.with_name(f"{path.name}.conflict{self._number}")
        return target.with_name(f"{path.stem}.sync-conflict-{self._next()}{path.suffix}")

    def _is_own(self, machine: Machine, path: Path) -> bool:
        return path.name[:8] in machine.ids

    def _is_diverged(self, one: bytes, other: bytes) -> bool:
        shorter = min(len(one), len(other))
        return one[:shorter] != other[:shorter]

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if self._random.random() < 0.5:
            path.write_bytes(content)
            return
        arriving = path.with_name(f".{path.name}.arriving")
        arriving.write_bytes(content)
        os.utime(arriving, (NOON, NOON))
        arriving.replace(path)

    def _remember(self, machine: Machine) -> None:
        """Note the versions of the files of the machine that acted, and of the newest one.

        No step changes the files of another machine, and a clone is the newest.
        """
        for each in (machine, self._machines[-1]):
            each.ids.add(load_device(each.places).id or "none")
            for path in each.files():
                versions = self._former.setdefault(path, [])
                content = path.read_bytes()
                if content not in versions:
                    versions.append(content)

    def _some_record(self, machine: Machine) -> EntryId | None:
        machine.library.refresh()
        folded = fold_files(machine.journal)
        names = sorted(name for name, document in folded.items() if _is_here(document))
        return EntryId(self._random.choice(names)) if names else None

    def _acknowledge(self, machine: Machine, event: str) -> None:
        self.events[event] += 1
        device = machine.library.device
        for name, document in machine.library.store.documents.held():
            for key in document.fields:
                stamp = document.stamp(key)
                if stamp is not None and stamp.device == device and key != "added":
                    self._acknowledged.setdefault((name, key), set()).add(stamp)

    def _check(self, machine: Machine, event: str) -> Folded:
        files = fold_files(machine.journal)
        machine.library.refresh()
        documents = machine.library.store.documents
        # A library that loads records from the cache must not be made to load all of them.
        asked = {name: documents.get(name) or Document() for name in files}
        held = said(asked | dict(documents.held()))
        if held != said(files):
            raise Difference(
                f"library and files of {machine.name}: {difference(held, said(files))}"
            )
        if event != "restart" or self._random.random() < 0.5:
            catch_up(machine.places, machine.cache)
        rows = newest(str(machine.places.cache), str(machine.places.home), -1)
        catch_up(machine.places, machine.cache)
        known = machine.cache.documents([EntryId(name) for name in files])
        cached = said({name: load(text) for name, text in known.items()})
        if cached != said(files):
            raise Difference(
                f"cache and files of {machine.name}: {difference(cached, said(files))}"
            )
        if event != "end" and self._random.random() < 0.6:
            return files
        truth = {each.entry.id: each.entry for each in machine.library.records()}
        shown = machine.cache.listing(parse("is:trashed OR -is:trashed"), now=_NOW)
        if {entry.id: entry for entry in shown} != truth:
            raise Difference(f"the list of {machine.name} shows other entries")
        here = {name for name, entry in truth.items() if not entry.trashed}
        if rows is not None and {row["id"] for row in rows} != here:
            raise Difference(f"the short list of {machine.name} shows other entries")
        return files

    def _settle(self) -> None:
        """Deliver everything, and compare the devices with each other and with what was promised."""
        for machine in self._machines:
            machine.restart()
            added(machine.library, link(RECORDS))
        for _ in range(2):
            for machine in self._machines:
                for other in self._machines:
                    for path in other.files():
                        self._merge(path, machine.journal / path.name)
        states = [said(self._check(machine, "end")) for machine in self._machines]
        for machine, state in zip(self._machines[1:], states[1:], strict=True):
            if state != states[0]:
                raise Difference(f"{machine.name} and a differ: {difference(state, states[0])}")
        for (name, key), stamps in self._acknowledged.items():
            self.events["acknowledged"] += len(stamps)
            held = states[0].get(name, {}).get(key, ("", None))[1]
            if held is None or held < max(stamps):
                raise Difference(
                    f"{key} of {name} was acknowledged at {max(stamps)}: {held} is left"
                )

    def _merge(self, source: Path, target: Path) -> None:
        content = source.read_bytes()
        if target.exists():
            former = target.read_bytes()
            if former.startswith(content):
                return
            if not content.startswith(former):
                target = target.with_name(f"{source.name}.conflict{zlib.crc32(content)}")
        self._write(target, content)


def difference(one: Mapping[str, object], other: Mapping[str, object]) -> str:
    for name in sorted({*one, *other}):
        if one.get(name) != other.get(name):
            return f"{name}: {one.get(name)} is not {other.get(name)}"
    return "none"


def play(seed: int, folder: Path, steps: int = 30) -> Counter[str]:
    """Play one history and return the count of each kind of event. Raises Difference."""
    history = History(seed, folder, steps)
    history.run()
    return history.events


__all__ = ["Difference", "UnknownIdError", "play"]
