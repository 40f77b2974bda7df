"""Keys that are lost or changed, devices that are removed, remotes that are checked and mended."""

from datetime import datetime
from pathlib import Path

import pytest

from reader.library import compaction
from reader.model.change import Change
from reader.model.entry import EntryId
from reader.model.errors import SyncError, UsageError
from reader.model.text import clean
from reader.services import sync, sync_keys
from reader.sync.names import sort_root
from reader.sync.state import load_identity
from tests.sync.devices import WORDS, Device
from tests.sync.remotes import Killed, MemoryRemote
from tests.sync.test_sealed import passphrase

__all__ = ["passphrase"]


def two_devices(folder: Path, *, sealed: bool) -> tuple[MemoryRemote, Device, Device]:
    remote = MemoryRemote()
    one = Device(folder, "one", remote).begin(sealed=sealed)
    one.add(*range(4))
    one.sync()
    two = Device(folder, "two", remote).begin()
    two.sync()
    two.add(7)
    two.sync()
    return remote, one, two


@pytest.mark.parametrize("sealed", [False, True])
def test_a_key_is_changed_or_a_plain_remote_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sealed: bool
) -> None:
    """Nothing of the former key stays; the other device is told, joins, and sends the rest."""
    remote, one, two = two_devices(tmp_path, sealed=sealed)
    former = load_identity(one.places)
    two.add(8)
    monkeypatch.setenv("READER_SYNC_PASSPHRASE", "another passphrase")
    with one.opened() as workspace:
        assert sync_keys.change_key(workspace, store=remote) == 5
    assert load_identity(one.places) not in ("", former)
    for name, content in remote.objects.items():
        if not name.startswith("format."):
            assert not any(word.encode() in content.lower() for word in WORDS)
    assert len(sort_root(list(remote.objects)).formats) == 1
    assert not one.sync().sent_bytes
    with pytest.raises(SyncError, match="sealed"):
        two.sync()
    two.begin()
    assert two.sync().problems == []
    assert one.sync().problems == []
    two.sync()
    assert one.state() == two.state()
    assert len(one.state()) == 6
    three = Device(tmp_path, "three", remote).begin()
    three.sync()
    assert three.state() == one.state()


def test_a_change_of_the_key_that_dies_is_repeated(tmp_path: Path) -> None:
    """At any request; no article is lost."""
    remote, one, two = two_devices(tmp_path, sealed=True)
    state = two.state()
    for at in range(0, 40, 3):
        remote.revive(at)
        try:
            with one.opened() as workspace:
                sync_keys.change_key(workspace, store=remote)
        except Killed:
            remote.revive()
            three = Device(tmp_path, f"three-{at}", remote).begin()
            three.sync()
            assert three.state() == state
            continue
        finally:
            remote.revive()
    with one.opened() as workspace:
        sync_keys.change_key(workspace, store=remote)
        assert sync.verify_remote(workspace, store=remote).is_ok


def test_a_lost_passphrase_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By any device that has the key; the key can also be kept on paper."""
    remote, one, _ = two_devices(tmp_path, sealed=True)
    monkeypatch.setenv("READER_SYNC_PASSPHRASE", "a second passphrase")
    with one.opened() as workspace:
        sync_keys.change_passphrase(workspace, store=remote)
        assert sync_keys.show_key(workspace).startswith("AGE-SECRET-KEY-1")
    Device(tmp_path, "three", remote).begin().sync()
    plain = Device(tmp_path, "four", MemoryRemote()).begin()
    with plain.opened() as workspace, pytest.raises(UsageError, match="not sealed"):
        sync_keys.show_key(workspace)


def test_a_removed_device_leaves_its_changes(tmp_path: Path) -> None:
    """Its objects go, a new device still gets what it had sent."""
    remote, one, two = two_devices(tmp_path, sealed=False)
    one.sync()
    (removed,) = [row.id for row in rows_of(one) if not row.is_this]
    with one.opened() as workspace:
        sync.remove_device(workspace, removed, store=remote)
        with pytest.raises(UsageError, match="no device"):
            sync.remove_device(workspace, "zzzzzzzz", store=remote)
    assert not [each for each in remote.objects if f".{removed}." in each[:30]]
    assert [row.id for row in rows_of(one)] != [removed]
    three = Device(tmp_path, "three", remote).begin()
    three.sync()
    assert three.state() == one.state() == two.state()


def rows_of(device: Device) -> list[sync.DeviceRow]:
    with device.opened() as workspace:
        return sync.list_devices(workspace, store=device.remote)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"[" * 100_000, id="deep"),
        b"",
        b"[]",
        b'{"name": "x", "at": 1e999}',
        b'{"name": "x", "at": 1e300}',
        b'{"name": "x", "at": -1}',
        b'{"name": "x", "at": null}',
        b'{"name": ["\\u001b"], "at": 5}',
    ],
)
def test_any_note_of_a_device_is_listed(tmp_path: Path, content: bytes) -> None:
    """Another device may have written anything there."""
    remote, one, _ = two_devices(tmp_path, sealed=False)
    for name in list(remote.objects):
        if name.startswith("device."):
            remote.objects[name] = content
    for row in rows_of(one):
        assert f"{datetime.fromtimestamp(row.at):%Y-%m-%d}"
        assert row.name == clean(row.name)


def test_verify_names_and_mends(tmp_path: Path) -> None:
    """A lost archive, a damaged one, a damaged segment, and an object that no journal names."""
    remote, one, _ = two_devices(tmp_path, sealed=False)
    with one.opened() as workspace:
        report = sync.verify_remote(workspace, store=remote)
        assert (report.is_ok, report.unnamed) == (True, [])
    lost, damaged, *_ = [name for name in sorted(remote.objects) if name.endswith(".tar")]
    del remote.objects[lost]
    remote.objects[damaged] = remote.objects[damaged][:-1]
    segment = next(name for name in sorted(remote.objects) if name.startswith("journal."))
    remote.objects[segment] = remote.objects[segment][:-3] + b"xx\n"
    remote.objects["articles/2026/left-000000000000-00000000.tar"] = b"x"
    with one.opened() as workspace:
        report = sync.verify_remote(workspace, store=remote)
        assert report.missing == [lost]
        assert len(report.damaged) == 2
        assert len(report.unnamed) == 1
        assert sync.verify_remote(workspace, repair=True, store=remote).repaired == 4
        report = sync.verify_remote(workspace, store=remote)
        assert (report.is_ok, report.unnamed) == (True, [])
    three = Device(tmp_path, "three", remote).begin()
    assert three.sync().problems == []


def test_a_purged_article_leaves_the_remote_after_ninety_days(tmp_path: Path) -> None:
    """Not before, and a device that comes years later misses nothing."""
    remote, one, two = two_devices(tmp_path, sealed=False)
    library = one.library()
    names = [EntryId(next(iter(library.store.documents)))]
    library.change({name: Change(trashed=True) for name in names}, step=None)
    library.purge(names)
    count = len([name for name in remote.objects if name.endswith(".tar")])
    one.sync()
    one.clock.now += 80 * 86_400
    one.add(20)
    one.sync()
    assert len([name for name in remote.objects if name.endswith(".tar")]) == count + 1
    one.clock.now += 20 * 86_400
    one.add(21)
    one.sync()
    assert len([name for name in remote.objects if name.endswith(".tar")]) == count + 1
    for device in (two, Device(tmp_path, "three", remote).begin()):
        device.clock.now = one.clock.now
        assert device.sync().problems == []
        assert device.state() == one.state()


def test_a_device_returns_after_two_years(tmp_path: Path) -> None:
    """The others have compacted twice meanwhile; both get everything."""
    _, one, two = two_devices(tmp_path, sealed=False)
    two.add(9)
    one.clock.now += 2 * 365 * 86_400
    for number in range(30, 33):
        one.add(number)
        one.sync()
        begun = one.library().start_generation(even_if_small=True)
        assert begun is not None
        compaction.write_snapshot(one.places.home, *begun)
        one.sync()
    assert two.sync().problems == []
    assert one.sync().problems == []
    two.sync()
    assert one.state() == two.state()
    assert len(one.state()) == 9
