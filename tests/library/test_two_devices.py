"""Two devices against a dictionary: random changes, undo, joins, compaction and crashes."""

import shutil
import tempfile
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from reader.library import Library, compaction
from reader.model.change import Change
from reader.model.entry import EntryId
from reader.paths import Paths
from tests.library.libraries import Clock, added, link, opened, places_in, state_of

DEVICES = st.sampled_from(["one", "two"])
NUMBERS = st.integers(0, 3)
TAGS = st.sampled_from(["a", "b"])


class TwoDevices(RuleBasedStateMachine):
    """The dictionary holds, for each device, what it knows of each record: field to (time, value)."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = Clock()
        self.time = 0
        self.places = {name: places_in(self.folder, name) for name in ("one", "two")}
        self.libraries = {name: opened(at, self.clock) for name, at in self.places.items()}
        self.known: dict[str, dict[tuple[str, str], tuple[int, object]]] = {"one": {}, "two": {}}
        self.steps: dict[str, list[list[tuple[tuple[str, str], object, object]]]] = {
            "one": [],
            "two": [],
        }
        self.ids: dict[int, EntryId] = {}

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def _write(self, device: str, name: str, fields: dict[str, object], *, step: bool) -> None:
        self.time += 1
        known = self.known[device]
        different = {
            key: value
            for key, value in fields.items()
            if known.get((name, key), (0, None))[1] != value
        }
        if step and different:
            self.steps[device].append(
                [
                    ((name, key), known.get((name, key), (0, None))[1], value)
                    for key, value in different.items()
                ]
            )
        for key, value in different.items():
            known[name, key] = (self.time, value)

    def _is_known(self, device: str, number: int) -> bool:
        name = self.ids.get(number)
        return name is not None and (name, "here") in self.known[device]

    @rule(device=DEVICES, number=NUMBERS)
    def add(self, device: str, number: int) -> None:
        was_known = self._is_known(device, number)
        (name,) = added(self.libraries[device], link(number))
        self.ids[number] = name
        if was_known:
            if self.known[device][name, "deleted"][1]:
                self._write(device, name, {"deleted": False}, step=True)
            return
        self.time += 1
        self.known[device][name, "here"] = (self.time, True)
        self.known[device][name, "deleted"] = (self.time, False)
        self.steps[device].append([((name, "deleted"), True, False)])

    @rule(device=DEVICES, number=NUMBERS, starred=st.booleans())
    def star(self, device: str, number: int, starred: bool) -> None:
        if self._is_known(device, number):
            change = Change(starred=starred)
            self.libraries[device].change({self.ids[number]: change}, step="star")
            held = self.known[device].get((self.ids[number], "starred"), (0, None))[1]
            if bool(held) != starred:
                self._write(device, self.ids[number], {"starred": starred}, step=True)

    @rule(device=DEVICES, number=NUMBERS, tag=TAGS, on=st.booleans())
    def tag(self, device: str, number: int, tag: str, on: bool) -> None:
        if self._is_known(device, number):
            change = Change(add_tags=(tag,)) if on else Change(remove_tags=(tag,))
            self.libraries[device].change({self.ids[number]: change}, step="tag")
            self._write(device, self.ids[number], {f"tag:{tag}": tag if on else None}, step=True)

    @rule(device=DEVICES, number=NUMBERS)
    def delete(self, device: str, number: int) -> None:
        if self._is_known(device, number):
            self.libraries[device].change({self.ids[number]: Change(trashed=True)}, step="delete")
            self._write(device, self.ids[number], {"deleted": True}, step=True)

    @rule(device=DEVICES)
    def undo(self, device: str) -> None:
        undone = self.libraries[device].undo()
        assert (undone is None) == (not self.steps[device])
        if undone is not None:
            self.time += 1
            for key, before, after in self.steps[device].pop():
                if self.known[device].get(key, (0, None))[1] == after:
                    self.known[device][key] = (self.time, before)

    @rule(source=DEVICES, order=st.randoms(), share=st.floats(0, 1), conflict=st.booleans())
    def join(self, source: str, order: Random, share: float, conflict: bool) -> None:
        """Files come over in any order and by half at first, as new files, or as conflict copies."""
        target = "two" if source == "one" else "one"
        here, there = self.places[source].home / "journal", self.places[target].home / "journal"
        if not here.exists():
            return
        there.mkdir(parents=True, exist_ok=True)
        files = sorted(here.iterdir())
        order.shuffle(files)
        for path in files:
            other = there / path.name
            content = path.read_bytes()
            if other.exists() and len(other.read_bytes()) >= len(content):
                continue
            if conflict:
                name = f"{path.stem}.sync-conflict-20260102-120000-ABCDEFG{path.suffix}"
                (there / name).write_bytes(content)
            half = content[: int(len(content) * share)]
            if not other.exists() or len(other.read_bytes()) < len(half):
                other.write_bytes(half)
                self.libraries[target].refresh()
            arriving = there / f".{path.name}.arriving"
            arriving.write_bytes(content)
            arriving.replace(other)
            self.libraries[target].refresh()
        for key, said in self.known[source].items():
            self.known[target][key] = max(said, self.known[target].get(key, said), key=_time)
        self.libraries[target].refresh()

    @rule(device=DEVICES)
    def compact(self, device: str) -> None:
        begun = self.libraries[device].start_generation(even_if_small=True)
        if begun is not None:
            compaction.write_snapshot(self.places[device].home, *begun)

    @rule(device=DEVICES, torn=st.binary(min_size=1, max_size=12))
    def crash(self, device: str, torn: bytes) -> None:
        """A write was cut short, and the process is gone; another one opens the library."""
        places = self.places[device]
        mine = self.libraries[device].device
        logs = sorted(
            (
                path
                for path in (places.home / "journal").glob(f"{mine}-*.log")
                if path.stem[9:].isdecimal()
            ),
            key=lambda path: int(path.stem[9:]),
        )
        if mine and logs:
            with logs[-1].open("ab") as stream:
                stream.write(torn.replace(b"\n", b" "))
        self.libraries[device] = opened(places, self.clock)

    @invariant()
    def says_what_the_dictionary_says(self) -> None:
        for device, library in self.libraries.items():
            self._compare(device, library, self.places[device])

    def _compare(self, device: str, library: Library, places: Paths) -> None:
        known = self.known[device]
        expected = {name for name, key in known if key == "here"}
        records = {record.entry.id: record.entry for record in library.records()}
        assert records.keys() == expected
        for name, entry in records.items():
            assert entry.starred == bool(known.get((name, "starred"), (0, None))[1])
            assert entry.trashed == bool(known[name, "deleted"][1])
            tags = {tag for tag in "ab" if known.get((name, f"tag:{tag}"), (0, None))[1]}
            assert set(entry.tags) == tags
        on_disk = state_of(places)
        assert {name: library.fields(EntryId(name)) for name in on_disk} == on_disk


def _time(said: tuple[int, object]) -> int:
    return said[0]


TwoDevices.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestTwoDevices = TwoDevices.TestCase
