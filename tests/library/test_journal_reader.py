"""Journals that grow, are exchanged, compacted, taken away or half there are followed alike."""

import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from reader.library import Library, compaction, journal_codec, journal_files
from reader.library.journal_codec import encode
from reader.library.journal_reader import JournalReader
from reader.model.change import Change
from reader.model.entry import EntryId
from reader.paths import Paths
from reader.search.store.cache import Cache
from reader.services.cache_sync import catch_up
from tests.library.libraries import added, journal_of, link, opened, places_in, state_of


@pytest.fixture
def places(tmp_path: Path) -> Paths:
    return places_in(tmp_path)


@pytest.fixture
def cache(places: Paths) -> Iterator[Cache]:
    opened = Cache(places)
    yield opened
    opened.close()


def _ids(cache: Cache, places: Paths) -> set[EntryId]:
    catch_up(places, cache)
    return {EntryId(name) for name in cache.documents([EntryId(name) for name in state_of(places)])}


def _compact(library: Library, places: Paths) -> None:
    begun = library.start_generation(even_if_small=True)
    assert begun is not None
    compaction.write_snapshot(places.home, *begun)


def test_a_snapshot_may_arrive_before_the_end_of_its_log(
    tmp_path: Path, places: Paths, cache: Cache
) -> None:
    """Another device's log came by half, then its snapshot wholly: nothing is missing, ever."""
    there = places_in(tmp_path, "two")
    writer = opened(there)
    first, second = added(writer, link(1)), added(writer, link(2))
    log = journal_of(there)
    content = log.read_bytes()
    half = content[: content[: content.rindex(b"\n") - 1].rindex(b"\n") + 1]
    _compact(writer, there)
    here = places.home / "journal"
    here.mkdir(parents=True)
    (here / log.name).write_bytes(half)
    reader = opened(places)
    assert _ids(cache, places) == set(first)
    (snapshot,) = log.parent.glob("*.snap")
    (here / snapshot.name).write_bytes(snapshot.read_bytes())
    reader.refresh()
    assert {record.entry.id for record in reader.records()} == {*first, *second}
    assert _ids(cache, places) == {*first, *second}


def test_a_damaged_snapshot_is_replaced_by_the_generation_before(
    places: Paths, cache: Cache
) -> None:
    """Library, cache and repair bring back from the former files what the snapshot has lost."""
    library = opened(places)
    first, second = added(library, link(1), link(2))
    _compact(library, places)
    library.change({first: Change(starred=True)}, step=None)
    whole = state_of(places)
    (snapshot,) = (places.home / "journal").glob("*.snap")
    content = bytearray(snapshot.read_bytes())
    content[content.index(second.encode())] ^= 1
    snapshot.write_bytes(content)
    assert state_of(places) == whole
    assert _ids(cache, places) == {first, second}
    assert [name for name, read in cache.journal_cursors().items() if read.is_damaged] == [
        snapshot.name
    ]
    library = opened(places)
    begun = library.start_generation(even_if_small=True)
    assert begun is not None
    compaction.write_snapshot(places.home, *begun, despite_rot=True)
    assert state_of(places) == whole
    assert _ids(cache, places) == {first, second}


def test_a_journal_that_was_taken_away_is_no_longer_counted(places: Paths, cache: Cache) -> None:
    """An open library shows what the files say; its next change brings back what it wrote itself."""
    library = opened(places)
    (first,) = added(library, link(1))
    assert _ids(cache, places) == {first}
    device = library.device
    journal_of(places).unlink()
    library.refresh()
    assert not list(library.records())
    assert _ids(cache, places) == set()
    (second,) = added(library, link(2))
    assert library.device != device
    assert {record.entry.id for record in library.records()} == {first, second}
    assert state_of(places).keys() == {first, second}
    assert _ids(cache, places) == {first, second}


def test_a_file_that_goes_while_one_looks_hides_no_other(
    places: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files come and go while a folder is listed; those that stay are all found."""
    folder = places.home / "journal"
    folder.mkdir(parents=True)
    names = [f"aaaaaaa{letter}-1.log" for letter in "0123456789"]
    for name in names:
        (folder / name).write_bytes(encode({"format": 1}))
    scanned = os.scandir

    class Scanning:
        """The second file is removed after its name was read."""

        def __init__(self, path: int):
            self._entries = scanned(path)

        def __enter__(self) -> "Scanning":
            return self

        def __exit__(self, *error: object) -> None:
            self._entries.close()

        def __iter__(self) -> Iterator["os.DirEntry[str]"]:
            for number, entry in enumerate(self._entries):
                if number == 1:
                    (folder / entry.name).unlink()
                yield entry

    monkeypatch.setattr(os, "scandir", Scanning)
    found = journal_files.list_journals(folder)
    assert len(found.names) == len(found.stamps) == len(names) - 1


def test_a_stretch_without_line_ends_is_passed_over(
    places: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zeros that a power cut left are rot however long, and the good line behind them counts."""
    for module in (journal_codec, journal_files):
        monkeypatch.setattr(module, "MAX_LINE_BYTES", 5000)
    monkeypatch.setattr(journal_files, "_READ_BYTES", 1000)
    library = opened(places)
    first = added(library, link(1))
    path = journal_of(places)
    before = path.read_bytes()
    last = added(library, link(2))
    content = path.read_bytes()
    path.write_bytes(before + b"\0" * 23_456 + b"\n" + content[len(before) :])
    following = JournalReader(path.parent)
    following.poll()
    said = [line["i"] for _, lines in following.read_new_lines() for line in lines]
    assert said == [*first, *last]
    (standing,) = following.progress.values()
    assert standing.scan.damaged == [(len(before), 23_457)]
    assert standing.scan.end == path.stat().st_size


@pytest.mark.parametrize(
    "line",
    [
        {"c": [1, 0], "o": "set", "i": ["a"], "f": {}},
        {"c": [1, 0], "o": "set", "i": "abcdabcdabcd", "f": ["a"]},
        {"c": [1, 0], "o": "set", "i": "abcdabcdabcd", "f": None},
        {"c": [1 << 80, 0], "o": "set", "i": "abcdabcdabcd", "f": {"added": "x"}},
        {"c": [-1, 0], "o": "set", "i": "abcdabcdabcd", "f": {"added": "x"}},
        {"c": [1, 0], "ops": 5},
        {"c": [1, 0], "ops": [5, {}, {"o": "set"}]},
        {"c": 1, "o": "set"},
        {"format": []},
        {"end": {}},
    ],
)
def test_lines_of_another_shape_say_nothing(
    places: Paths, cache: Cache, line: dict[str, object]
) -> None:
    """A good checksum over nonsense is no reason to fall; what is around it counts."""
    library = opened(places)
    first = added(library, link(1))
    with journal_of(places).open("ab") as stream:
        stream.write(encode(line))
    second = added(library, link(2))
    assert state_of(places).keys() == {*first, *second}
    assert _ids(cache, places) == {*first, *second}


def test_nesting_without_end_is_rot(places: Paths) -> None:
    """JSON that is deeper than Python goes is a line that cannot be read, and nothing more."""
    library = opened(places)
    first = added(library, link(1))
    content = b'{"c":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    with journal_of(places).open("ab") as stream:
        stream.write(b"%08x %s\n" % (zlib.crc32(content), content))
    second = added(library, link(2))
    assert state_of(places).keys() == {*first, *second}


def test_a_run_reads_what_it_wrote_once_and_sees_what_others_write(
    places: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the parts of a run the own log is not read again; after it, and others' lines, yes."""
    library = opened(places)
    ids = added(library, link(1), link(2), link(3))
    other = opened(places)
    compared: list[Path] = []
    open_journal = journal_files.open_journal

    def note(path: Path) -> BinaryIO:
        compared.append(path)
        return open_journal(path)

    monkeypatch.setattr(journal_files, "open_journal", note)
    library.change({ids[0]: Change(starred=True)}, step="starred", run="one")
    compared.clear()
    library.change({ids[1]: Change(starred=True)}, step="starred", run="one")
    assert not compared
    other.change({ids[2]: Change(archived=True)}, step="archived")
    library.change({ids[2]: Change(starred=True)}, step="starred", run="one")
    assert library.get(ids[2]).entry.archived
    compared.clear()
    # Another program changes a byte in place within the same tick: only its content tells.
    log = journal_of(places)
    content = log.read_bytes()
    status = log.stat()
    log.write_bytes(content.replace(b'"starred":true', b'"starred":none', 1))
    os.utime(log, ns=(status.st_atime_ns, status.st_mtime_ns))
    library.refresh()
    assert compared
    other.close()
    library.close()


def test_ids_are_found_wherever_a_piece_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An id whose bytes lie in two pieces is found as well."""
    log = tmp_path / "a.log"
    ids = [f"{number:012d}" for number in range(40)]
    log.write_text("".join(f'{{"o":"set","i":"{each}"}}' for each in ids))
    for size in range(20, 60):
        monkeypatch.setattr(journal_files, "_READ_BYTES", size)
        found = {each.decode() for some in journal_files.read_ids(log) for each in some}
        assert found == set(ids)
