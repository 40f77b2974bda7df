"""A sync may die at any request: the next one continues, and nothing is named that is not there."""

import re
from pathlib import Path

import pytest

from reader.library import compaction
from reader.library.journal_codec import decode_file
from reader.library.lww_document import operations
from reader.model.change import Change
from reader.sync import push
from reader.sync.names import Segment, sort_root
from reader.sync.seal import PlainSeal
from tests.sync.devices import Device
from tests.sync.remotes import Killed, MemoryRemote


def named_on(remote: MemoryRemote) -> set[str]:
    """The objects of the folders that the segments on a plain remote name."""
    found = set()
    for segment in sort_root(list(remote.objects)).segments:
        lines = decode_file(remote.objects[segment.name])
        for _, fields, _ in operations(lines, segment.uploader):
            if fields.get("folder"):
                found.add(PlainSeal().folder_name(fields["folder"]))
    return found


def run_until_killed(device: Device, at: int, after: bool) -> bool:
    """Sync and die at this request; return whether the run got so far."""
    device.remote.revive(at, kill_after=after)  # type: ignore[attr-defined]
    try:
        device.sync()
    except Killed:
        return True
    finally:
        device.remote.revive()  # type: ignore[attr-defined]
    return False


@pytest.mark.parametrize("after", [False, True])
def test_a_first_upload_killed_at_every_request(tmp_path: Path, after: bool) -> None:
    """Each next run goes on where the last one died; a second device gets all in the end."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    one.add(*range(6))
    at = 0
    while run_until_killed(one, at, after):
        assert named_on(remote) <= set(remote.objects)
        at += 1
    assert at >= 2
    two = Device(tmp_path, "two", remote).begin()
    at = 0
    while run_until_killed(two, at, after):
        at += 1
    assert two.sync().problems == []
    assert two.state() == one.state()
    assert {name for name in two.tree() if name.startswith("articles/")} == {
        name for name in one.tree() if name.startswith("articles/")
    }


def test_each_request_of_one_first_upload(tmp_path: Path) -> None:
    """For every n: killed at the n-th request of the whole upload, one more run completes it."""
    at, is_killed = 0, True
    while is_killed:
        remote = MemoryRemote()
        folder = tmp_path / str(at)
        one = Device(folder, "one", remote).begin()
        one.add(*range(4))
        is_killed = run_until_killed(one, at, False)
        assert named_on(remote) <= set(remote.objects)
        report = one.sync()
        assert report.problems == []
        assert len(named_on(remote)) == 4
        assert named_on(remote) <= set(remote.objects)
        assert not one.sync().sent_bytes
        at += 1
    assert at >= 7


def test_a_merge_of_segments_killed_at_every_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The longer segment is there before the shorter ones go; leftovers go with the next run."""
    monkeypatch.setattr(push, "MAX_SEGMENTS", 4)
    at, is_killed = 0, True
    while is_killed:
        remote = MemoryRemote()
        one = Device(tmp_path / str(at), "one", remote).begin()
        (name,) = one.add(1)
        for number in range(4):
            one.sync()
            one.library().change({name: Change(note=f"note {number}")}, step=None)
        is_killed = run_until_killed(one, at, False)
        two = Device(tmp_path / f"two {at}", "two", remote).begin()
        assert two.sync().problems == []
        one.sync()
        one.library().change({name: Change(note="last")}, step=None)
        one.sync()
        segments = [each for each in segments_of(remote) if each.file.endswith(".log")]
        assert len(segments) <= 5
        assert two.sync().problems == []
        assert two.state() == one.state()
        at += 1
    assert at >= 6


def segments_of(remote: MemoryRemote) -> tuple[Segment, ...]:
    return sort_root(list(remote.objects)).segments


def test_a_compaction_replaces_the_segments(tmp_path: Path) -> None:
    """The snapshot goes up, the log that it stands for goes; another device follows."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    two = Device(tmp_path, "two", remote)
    (name, *_) = one.add(1, 2, 3)
    one.sync()
    two.begin().sync()
    library = one.library()
    library.change({name: Change(starred=True)}, step=None)
    begun = library.start_generation(even_if_small=True)
    assert begun is not None
    compaction.write_snapshot(one.places.home, *begun)
    before = len(remote.requests)
    one.sync()
    assert not [each for each in remote.requests[before:] if each[0] == "put" and ".tar" in each[1]]
    assert not [name for name in remote.objects if re.search(r"-1\.log", name)]
    two.sync()
    assert two.state() == one.state()
    assert not list((two.places.home / "journal").glob("*-1.log"))
    three = Device(tmp_path, "three", remote).begin()
    three.sync()
    assert three.state() == one.state()


@pytest.mark.parametrize("after", [False, True])
def test_a_missing_text_is_not_forgotten_by_a_kill(tmp_path: Path, after: bool) -> None:
    """A device that died after it took the lines still asks for the text that they name."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    one.add(1)
    one.sync()
    (lost,) = named_on(remote)
    other = Device(tmp_path, "other", remote).begin()
    other.add(2)
    other.sync()
    content = remote.objects.pop(lost)
    at, is_killed = 0, True
    while is_killed:
        two = Device(tmp_path / str(at), "two", remote).begin()
        is_killed = run_until_killed(two, at, after)
        remote.objects[lost] = content
        two.sync()
        assert two.sync().problems == []
        assert any(name.startswith(lost.removesuffix(".tar")) for name in two.tree()), at
        del remote.objects[lost]
        at += 1
    assert at >= 4
