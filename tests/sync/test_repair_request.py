"""An object that one device cannot read is sent again by another one that has the original."""

import json
from pathlib import Path

import pytest

from reader.library.article_folders import list_folders
from reader.model.change import Change
from reader.sync.names import parse_segment, sort_root
from tests.sync.devices import Device
from tests.sync.remotes import MemoryRemote
from tests.sync.test_sealed import passphrase

__all__ = ["passphrase"]


def damage(remote: MemoryRemote, start: str) -> str:
    """Flip a bit of the last object whose name has this start."""
    name = max(name for name in remote.objects if name.startswith(start))
    content = bytearray(remote.objects[name])
    content[len(content) // 2] ^= 1
    remote.objects[name] = bytes(content)
    return name


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("start", ["articles/", "journal."])
def test_a_damaged_object_is_mended_without_a_command(
    tmp_path: Path, start: str, sealed: bool
) -> None:
    """The reader asks, the writer's next sync sends it again, the reader's next one has all."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin(sealed=sealed)
    one.add(*range(4))
    one.sync()
    name = damage(remote, start)
    two = Device(tmp_path, "two", remote).begin()
    problems = two.sync().problems
    assert any(name in problem for problem in problems)
    assert any("with its next sync" in problem for problem in problems)
    assert len(sort_root(list(remote.objects)).requests) == 1
    assert two.sync().problems
    assert len(sort_root(list(remote.objects)).requests) == 1
    assert one.sync().resent == 1
    assert one.sync().resent == 0
    assert two.sync().problems == []
    assert two.state() == one.state()
    assert len(list(list_folders(two.places.home))) == 4
    assert not sort_root(list(remote.objects)).requests
    assert two.sync().requests == 1
    one.sync()
    assert one.sync().requests == 1


def test_an_object_that_is_damaged_twice_is_sent_twice(tmp_path: Path) -> None:
    """Each run asks again, as an answer may be lost as well."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    one.add(1)
    one.sync()
    two = Device(tmp_path, "two", remote).begin()
    for _ in range(3):
        damage(remote, "articles/")
        assert two.sync().problems
        assert one.sync().resent == 1
    assert two.sync().problems == []
    assert two.state() == one.state()


def test_any_device_with_the_original_answers(tmp_path: Path) -> None:
    """The one that wrote it may be lost."""
    remote = MemoryRemote()
    one, two, three = (Device(tmp_path, name, remote).begin() for name in ("one", "two", "three"))
    one.add(*range(3))
    one.sync()
    two.sync()
    damage(remote, "articles/")
    damage(remote, "journal.")
    assert three.sync().problems
    assert two.sync().resent >= 1
    three.sync()
    two.sync()
    assert three.sync().problems == []
    assert three.state() == one.state()


def test_a_request_is_answered_again_after_the_remote_was_set_back(tmp_path: Path) -> None:
    """The answer may be lost with it, and the device that asked not have come back yet."""
    remote = MemoryRemote()
    one, two = (Device(tmp_path, name, remote).begin() for name in ("one", "two"))
    one.add(*range(3))
    one.sync()
    article = max(name for name in remote.objects if name.startswith("articles/"))
    lost = remote.objects.pop(article)
    two.sync()
    before = dict(remote.objects)
    one.add(7)
    assert one.sync().resent == 1
    assert remote.objects[article] == lost
    remote.objects = before
    assert one.sync().resent == 1
    assert remote.objects[article] == lost


def test_a_lost_article_is_asked_for(tmp_path: Path) -> None:
    """Its entry comes at once, its text when another device has sent it again."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    one.add(*range(3))
    one.sync()
    del remote.objects[max(name for name in remote.objects if name.startswith("articles/"))]
    two = Device(tmp_path, "two", remote).begin()
    assert two.sync().received == 2
    assert two.state() == one.state()
    assert one.sync().resent == 1
    assert two.sync().received == 1


@pytest.mark.parametrize("is_damaged", [True, False])
def test_a_damaged_text_of_a_purged_article_does_not_hold_back(
    tmp_path: Path, is_damaged: bool
) -> None:
    """Nobody can send it again, so who knows the purge deletes it; a whole one stays."""
    remote = MemoryRemote()
    one, two = (Device(tmp_path, name, remote).begin() for name in ("one", "two"))
    names = one.add(*range(3))
    one.sync()
    two.sync()
    if is_damaged:
        damaged = damage(remote, "articles/")
    else:
        damaged = max(name for name in remote.objects if name.startswith("articles/"))
        damage(remote, "journal.")
    late = Device(tmp_path, "late", remote).begin()
    assert late.sync().problems
    (gone,) = [name for name in names if name in damaged]
    two.library().change({gone: Change(trashed=True)}, step=None)
    two.library().purge([gone])
    two.sync()
    assert (damaged in remote.objects) is not is_damaged
    one.sync()
    late.sync()
    assert late.sync().problems == []
    assert late.state() == two.state()


def test_changes_do_not_wait_for_ever(tmp_path: Path) -> None:
    """Nobody has the original: after three days, or with the option, all else comes."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    names = one.add(*range(3))
    one.sync()
    one.library().change({names[0]: Change(starred=True)}, step=None)
    one.sync()
    damage(remote, "articles/")
    late = Device(tmp_path, "late", remote).begin()
    late.sync()
    assert late.state() != one.state()
    late.clock.now += 4 * 86_400
    assert late.sync().problems
    assert late.state() == one.state()
    hasty = Device(tmp_path, "hasty", remote).begin()
    with hasty.opened() as workspace:
        from reader.services.sync import run_sync

        report = run_sync(workspace, store=remote, skips_damaged=True)
    assert report.problems
    assert hasty.state() == one.state()
    assert one.sync().resent == 1
    for device in (late, hasty):
        assert device.sync().problems == []
        assert len(list(list_folders(device.places.home))) == 3


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[" * 100_000,
        b"[]",
        b'{"names": 5}',
        b'{"names": [5]}',
        b"x" * 600_000,
        json.dumps({"names": ["../../etc/passwd", "articles/2026/../../x", "tmp", ""]}).encode(),
        json.dumps({"names": ["articles/2026/none-000000000000-00000000"] * 5_000}).encode(),
    ],
)
def test_a_hostile_request_sends_nothing(tmp_path: Path, content: bytes) -> None:
    """It is read once, and costs no more."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    one.add(1)
    one.sync()
    tree = one.tree()
    name = "wanted.plain.qqqqqqqq.0123456789abcdef"
    remote.objects[name] = content
    remote.revive()
    report = one.sync()
    assert (report.resent, report.problems) == (0, [])
    assert [each[0] for each in remote.requests] == ["list", "get"]
    assert one.sync().requests == 1
    assert one.tree() == tree


def test_a_purged_article_is_not_sent_again(tmp_path: Path) -> None:
    """A request cannot bring back what was deleted permanently."""
    remote = MemoryRemote()
    one = Device(tmp_path, "one", remote).begin()
    names = one.add(1, 2)
    one.sync()
    folders = list(list_folders(one.places.home))
    library = one.library()
    library.change({names[0]: Change(trashed=True)}, step=None)
    library.purge(names[:1])
    asked = json.dumps({"names": folders}).encode()
    remote.objects["wanted.plain.qqqqqqqq.0123456789abcdef"] = asked
    assert one.sync().resent == 1


def test_names_of_segments_are_parsed_strictly() -> None:
    """Anything else is no segment."""
    assert parse_segment("journal.plain.x") is None
    name = "journal.plain.qqqqqqqq.qqqqqqqq-1.log.000000000005-000000000005.0123456789abcdef"
    assert parse_segment(name) is None
